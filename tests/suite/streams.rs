//! `Streams`: step by step, a model predicts what it predicts for whole sequences, to the bit.

use crate::harness::{field, offsets, random};
use crate::predictor::of_ports;
use std::sync::Arc;
use tanren::network::{StreamState, Streams, Value};
use tanren::plugin::{Field, Layer, Plugin, Table, Values};
use tanren::prelude::*;
use tanren::tensor::Shape;

const STEPS: usize = 70;

/// Two sequences of numbers, with a vector to foretell at every step.
fn table() -> Table {
    let of = |name, shape, seed| {
        field(name, shape, random(shape, 2 * STEPS, seed), offsets(&[STEPS, STEPS]))
    };
    let (inputs, targets) =
        (vec![of("x", Shape::sequence(3), 1)], vec![of("y", Shape::sequence(2), 2)]);
    Table { name: "test".into(), rows: 2, inputs, targets, ..Table::default() }
}

fn model(layers: impl IntoIterator<Item = Plugin<dyn Layer>>, table: &Table) -> Arc<Model> {
    let layers = layers.into_iter().chain([Dense::new(2).into()]);
    let network = NetworkSpec::chain(layers).loss(Mse {});
    Arc::clone(of_ports(&table.inputs, &table.targets, network).model())
}

/// The numbers of a step of both sequences.
fn step(input: &Field, t: usize) -> Vec<f64> {
    let mut numbers = Vec::new();
    (0..2).for_each(|row| input.read(row * STEPS + t, &mut numbers));
    numbers
}

#[test]
fn step_by_step_as_at_once() {
    let table = table();
    let layers: [Plugin<dyn Layer>; 3] =
        [Lstm::new(5).into(), Gru::new(4).into(), Rnn::new(6).into()];
    let model = model(layers, &table);
    let whole = model.predict(&table, &[0, 1]).unwrap()[0].values.clone();
    let expected = |row: usize, t: usize| &whole[2 * (row * STEPS + t)..][..2];

    let mut streams = Streams::new(Arc::clone(&model), 2).unwrap();
    let mut half = None;
    for t in 0..STEPS {
        if t == STEPS / 2 {
            half = Some(serde_json::to_string(&streams.state()).unwrap());
        }
        let predicted = streams.step(&step(&table.inputs[0], t)).unwrap();
        for row in 0..2 {
            assert_eq!(predicted.get(row).unwrap().values(), expected(row, t), "step {t}");
        }
    }

    // From a state that was stored, in another place; and one of the streams from the start.
    let state: StreamState = serde_json::from_str(&half.unwrap()).unwrap();
    let mut others = Streams::new(Arc::clone(&model), 2).unwrap();
    others.restore(&state).unwrap();
    others.reset(1);
    let [first, middle] = [0, STEPS / 2].map(|t| step(&table.inputs[0], t));
    let predicted = others.step(&[&middle[..3], &first[3..]].concat()).unwrap();
    assert_eq!(predicted.get(0).unwrap().values(), expected(0, STEPS / 2));
    assert_eq!(predicted.get(1).unwrap().values(), expected(1, 0));

    // One stream by the names of its columns.
    let mut one = Streams::new(model, 1).unwrap();
    let names: Vec<String> = one.columns().map(str::to_owned).collect();
    let values: Vec<(&str, Value<'_>)> =
        names.iter().zip(&first).map(|(name, &x)| (&**name, x.into())).collect();
    assert_eq!(one.row(&values).unwrap().get(0).unwrap().values(), expected(0, 0));
    assert!(one.restore(&state).unwrap_err().to_string().contains("another one, of 2"));
    let error = one.step(&first).unwrap_err().to_string();
    assert!(error.contains("expected 3 numbers for each of 1 streams, found 6"), "{error}");
}

/// A step that cannot be read leaves the state as it was.
#[test]
fn a_refused_step_changes_nothing() {
    let table = table();
    let mut streams = Streams::new(model([Lstm::new(5).into()], &table), 1).unwrap();
    streams.step(&[1.0, 2.0, 3.0]).unwrap();
    let before = streams.state();
    assert!(streams.step(&[1.0, f64::NAN, 3.0]).unwrap_err().to_string().contains("NaN"));
    assert_eq!(streams.state(), before);
}

#[test]
fn what_needs_whole_sequences_is_refused() {
    let mut table = table();
    let error = Streams::new(model([Bidirectional::new(Lstm::new(2)).into()], &table), 1);
    let error = error.unwrap_err().to_string();
    assert!(error.contains("step by step") && error.contains("end of a sequence"), "{error}");
    table.targets = vec![field("y", Shape::vector(2), Values::Double(vec![0.0; 4]), None)];
    let error = Streams::new(model([Rnn::new(2).into(), LastStep {}.into()], &table), 1);
    assert!(error.unwrap_err().to_string().contains("at its end only"));
}

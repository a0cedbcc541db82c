//! What weights, masks and padding may and may not change.

use crate::harness::{assemble, field, offsets, prepared, random, table};
use tanren::network::{BatchObjective, Gather, NetworkSpec, Runner};
use tanren::plugin::{Ask, Clock, Objective as _, Seed, Table, Values};
use tanren::prelude::*;
use tanren::tensor::Shape;

/// Loss and gradient of all rows in one batch.
fn evaluate(table: &Table) -> (f64, Vec<f64>) {
    let spec = NetworkSpec::chain([
        Dense::new(4).activation(Tanh {}).into(),
        Dense::new(table.targets[0].spec.shape.features).into(),
    ]);
    let network = assemble(&spec.loss(Mse {}), table);
    let data = prepared::<f64>(table);
    let (mut runner, mut gather) = (Runner::new(&network), Gather::default());
    let rows: Vec<usize> = (0..table.rows).collect();
    let batch = gather.batch(&data, &rows);
    let (clock, seed) = (Clock::default(), Seed(1));
    let mut objective = BatchObjective::new(&network, &mut runner, batch, clock, seed).unwrap();
    let parameters: Vec<f64> = network.initialize(Seed(3));
    let mut gradient = vec![f64::NAN; parameters.len()];
    let ask = Ask { penalty: false, gradient: Some(&mut gradient) };
    let loss = objective.evaluate(&parameters, ask).value();
    (loss, gradient)
}

fn vectors(rows: usize, weights: Option<Vec<f64>>) -> Table {
    let (x, y) = (Shape::vector(3), Shape::vector(2));
    let input = field("x", x, random(x, rows, 1), None);
    table(rows, input, field("y", y, random(y, rows, 2), None), weights)
}

fn close(a: &(f64, Vec<f64>), b: &(f64, Vec<f64>)) {
    tanren_testkit::golden(&[a.0], &[b.0], 1e-14);
    tanren_testkit::golden(&a.1, &b.1, 1e-14);
}

/// The loss is Σ w l / Σ w: only the ratios of weights matter.
#[test]
fn only_ratios_of_weights_matter() {
    let weights: Vec<f64> = (1..=6).map(f64::from).collect();
    let doubled = weights.iter().map(|w| 2.0 * w).collect();
    assert_eq!(evaluate(&vectors(6, Some(weights))), evaluate(&vectors(6, Some(doubled))));
    close(&evaluate(&vectors(6, None)), &evaluate(&vectors(6, Some(vec![3.0; 6]))));
}

/// A row of weight 2 is the same row twice.
#[test]
fn an_integer_weight_is_a_repetition() {
    let once = vectors(3, Some(vec![1.0, 2.0, 1.0]));
    let mut twice = vectors(3, None);
    twice.rows = 4;
    for field in twice.inputs.iter_mut().chain(&mut twice.targets) {
        if let Values::Double(values) = &mut field.values {
            let width = field.spec.shape.features;
            let row = values[width..2 * width].to_vec();
            values.extend(row);
        }
    }
    close(&evaluate(&once), &evaluate(&twice));
}

/// A row of weight 0 changes nothing, not even when its target is NaN.
#[test]
fn a_row_without_weight_is_not_there() {
    let all = evaluate(&vectors(4, None));
    let mut more = vectors(4, Some(vec![1.0, 1.0, 1.0, 1.0, 0.0]));
    more.rows = 5;
    for (field, value) in [(&mut more.inputs[0], 7.0), (&mut more.targets[0], f64::NAN)] {
        if let Values::Double(values) = &mut field.values {
            values.extend(vec![value; field.spec.shape.features]);
        }
    }
    close(&all, &evaluate(&more));
}

/// Ragged sequences through a network that treats every step alike are just their columns.
#[test]
fn padding_is_not_there() {
    let lengths = [3, 1, 2];
    let (mut x, mut y) = (Shape::vector(3), Shape::vector(2));
    let flat = {
        let input = field("x", x, random(x, 6, 1), None);
        table(6, input, field("y", y, random(y, 6, 2), None), None)
    };
    (x.sequence, y.sequence) = (true, true);
    let at = offsets(&lengths);
    let input = field("x", x, random(x, 6, 1), at.clone());
    let ragged = table(3, input, field("y", y, random(y, 6, 2), at), None);
    close(&evaluate(&flat), &evaluate(&ragged));
}

/// A batch in which nothing counts has no mean.
#[test]
fn no_weight_at_all_is_an_error() {
    let table = vectors(2, Some(vec![0.0, 0.0]));
    let network = assemble(&NetworkSpec::chain([Dense::new(2).into()]).loss(Mse {}), &table);
    let data = prepared::<f32>(&table);
    let (mut runner, mut gather) = (Runner::new(&network), Gather::default());
    let batch = gather.batch(&data, &[0, 1]);
    let result = BatchObjective::new(&network, &mut runner, batch, Clock::default(), Seed(1));
    assert!(result.unwrap_err().to_string().contains("add up to 0"));
}

//! Recurrent networks where the ancestor went wrong, as far as no other test is about it.
//!
//! | what DL4J did | the test that ours does not |
//! |---|---|
//! | skipped sequences of unequal length | `sequences::are_the_same_alone_and_whatever_pads_them` |
//! | skipped series shorter than the forward length | `truncation::segments_as_long_as_the_sequences_are_no_segments` |
//! | lost the loss of steps between backward and forward length | `truncation::what_makes_no_sense_is_refused` |
//! | left gradients of unused steps as they were in memory | `steps_without_a_gradient_have_none` |
//! | did not always begin a sequence at a state of 0 | `truncation::segments_as_long_as_the_sequences_are_no_segments` |
//! | ignored masks in the forward pass | `recurrent::recurrent_layers_are_those_of_pytorch` |
//! | squashed cells by a sigmoid unless told otherwise | `cells_are_squashed_by_tanh_unless_said` |
//! | did not save recurrent states | `truncation::a_run_goes_on_in_the_middle_of_a_sequence`, `streams` |

use crate::harness::{assemble, field, offsets, prepared, random};
use tanren::network::{BatchObjective, Gather, Runner};
use tanren::plugin::{Ask, Clock, Layer, Objective as _, Seed, Table, Values};
use tanren::prelude::*;
use tanren::tensor::Shape;

/// Four sequences: with a class each, or with one at every step, of which only those of the last steps count.
fn tables() -> [Table; 2] {
    let lengths = [12, 12, 3, 5];
    let columns: usize = lengths.iter().sum();
    let numbers = match random(Shape::sequence(2), columns, 1) {
        Values::Double(numbers) => numbers.into_iter().enumerate(),
        _ => panic!("numbers"),
    };
    // The first two are other numbers, and have other gradients.
    let far = numbers.map(|(at, x)| if at < 2 * 24 { 3.0 * x } else { x }).collect();
    let inputs = vec![field("x", Shape::sequence(2), Values::Double(far), offsets(&lengths))];
    let one = vec![field("y", Shape::index(3), Values::Indices(vec![0, 1, 2, 1]), None)];
    let every = Shape { sequence: true, ..Shape::index(3) };
    let classes = random(every, columns, 2);
    let each = vec![field("y", every, classes, offsets(&lengths))];
    let ends = offsets(&lengths).unwrap();
    let last = |at: usize| f64::from(u8::from(ends.contains(&(at + 1))));
    let step_weights = Some((0..columns).map(last).collect());
    let table = Table { name: "test".into(), rows: 4, inputs, ..Table::default() };
    [Table { targets: one, ..table.clone() }, Table { targets: each, step_weights, ..table }]
}

/// A gradient that enters at the last steps alone is the same whatever an earlier batch left in the buffers.
#[test]
fn steps_without_a_gradient_have_none() {
    let layers: [fn() -> Plugin<dyn Layer>; 4] = [
        || Lstm::new(3).into(),
        || Gru::new(3).into(),
        || Rnn::new(3).into(),
        || Bidirectional::new(Lstm::new(3)).into(),
    ];
    for layer in layers {
        let [one, each] = tables();
        for (table, end) in [(one, Some(LastStep {}.into())), (each, None)] {
            let layers = [layer(), layer()].into_iter().chain(end).chain([Dense::new(3).into()]);
            let spec = NetworkSpec::chain(layers).loss(CrossEntropy::default());
            let (network, data) = (assemble(&spec, &table), prepared::<f64>(&table));
            let parameters = network.initialize::<f64>(Seed(3));
            let gradient = |runner: &mut Runner<f64>, rows: &[usize]| {
                let (mut gather, mut gradient) = (Gather::default(), vec![0.0; parameters.len()]);
                let (batch, clock) = (gather.batch(&data, rows), Clock::default());
                let mut objective =
                    BatchObjective::new(&network, runner, batch, clock, Seed(3)).unwrap();
                let ask = Ask { penalty: false, gradient: Some(&mut gradient) };
                objective.evaluate(&parameters, ask);
                gradient
            };
            let fresh = gradient(&mut Runner::new(&network), &[2, 3]);
            let mut used = Runner::new(&network);
            gradient(&mut used, &[0, 1]);
            assert_eq!(gradient(&mut used, &[2, 3]), fresh, "{spec:?}");
            assert!(fresh.iter().any(|&g| g != 0.0));
        }
    }
}

#[test]
fn cells_are_squashed_by_tanh_unless_said() {
    for (kind, gated) in [("lstm", true), ("gru", true), ("rnn", false)] {
        let text = format!(r#"{{"type": "{kind}", "units": 2}}"#);
        let layer: Plugin<dyn Layer> = serde_json::from_str(&text).unwrap();
        let settings = serde_json::to_value(&layer).unwrap();
        assert_eq!(settings["activation"]["type"], "tanh", "{settings}");
        assert_eq!(gated, settings["gate-activation"]["type"] == "sigmoid", "{settings}");
    }
}

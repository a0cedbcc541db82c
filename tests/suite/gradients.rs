//! Loss and penalties of whole networks against finite differences, over every legal pair of
//! activation and loss, with and without weights, on vectors and on ragged sequences.

use crate::conformance;
use crate::harness::{assemble, distributions, field, offsets, prepared, random, table};
use proptest::prelude::*;
use tanren::layers::{Identity, LogSoftmax};
use tanren::network::{BatchObjective, Gather, NetworkSpec, Runner};
use tanren::plugin::{Activation, Clock, Field, Loss, Plugin, Seed, Values};
use tanren::prelude::*;
use tanren::tensor::Shape;
use tanren_testkit::loss::targets;

fn activations() -> Vec<Plugin<dyn Activation>> {
    let leaky = LeakyRelu::default();
    vec![Identity {}.into(), Relu {}.into(), leaky.into(), Tanh {}.into(), Sigmoid {}.into()]
}

/// A loss with a target it takes, and the features the network must end in.
fn losses(
    classes: usize,
    columns: usize,
    seed: u64,
) -> Vec<(Plugin<dyn Loss>, Values, Shape, usize)> {
    let vector = Shape::vector(classes);
    let unit = |values: Values| match values {
        Values::Double(v) => Values::Double(v.iter().map(|x| 0.5 + 0.5 * x.tanh()).collect()),
        other => other,
    };
    let index = |k| random(Shape::index(k), columns, seed);
    vec![
        (Mse {}.into(), random(vector, columns, seed), vector, classes),
        (CrossEntropy::default().into(), index(classes), Shape::index(classes), classes),
        (CrossEntropy::default().into(), distributions(classes, columns, seed), vector, classes),
        (
            BinaryCrossEntropy::default().into(),
            unit(random(vector, columns, seed)),
            vector,
            classes,
        ),
        (BinaryCrossEntropy::default().into(), index(2), Shape::index(2), 1),
    ]
}

/// Checks one network on one batch of all rows.
fn check(spec: &NetworkSpec, input: Field, target: Field, rows: usize, weights: Option<Vec<f64>>) {
    let table = table(rows, input, target, weights);
    let (network, data) = (assemble(spec, &table), prepared::<f64>(&table));
    let (mut runner, mut gather) = (Runner::new(&network), Gather::default());
    let rows: Vec<usize> = (0..rows).collect();
    let batch = gather.batch(&data, &rows);
    let clock = Clock::default();
    let mut objective = BatchObjective::new(&network, &mut runner, batch, clock, Seed(1)).unwrap();
    let mut parameters: Vec<f64> = network.initialize(Seed(7));
    let mut draws = Seed(8).stream("off zero").sample(0);
    parameters.iter_mut().for_each(|p| *p += 0.1 * draws.normal());
    tanren_testkit::objective(&mut objective, &parameters, network.smooth());
}

fn weights(rows: usize, seed: u64) -> Vec<f64> {
    let mut draws = Seed(seed).stream("weights").sample(0);
    // The first row counts nothing, the second something, so that the sum is above 0.
    (0..rows).map(|row| if row == 0 { 0.0 } else { 0.1 + draws.uniform() }).collect()
}

fn net(
    activation: &Plugin<dyn Activation>,
    loss: Plugin<dyn Loss>,
    hidden: usize,
    outputs: usize,
) -> NetworkSpec {
    NetworkSpec::chain([
        Dense::new(hidden).activation(activation.clone()).into(),
        Dense::new(outputs).into(),
    ])
    .loss(loss)
    .penalty(L2 { strength: 0.01.into() })
}

/// Every loss we have with three activations each, so that every activation comes up as well; on vectors
/// and on ragged sequences, with weights and without.
#[test]
fn of_every_loss_and_every_activation() {
    let (activations, lengths) = (conformance::activations(), [2, 1, 3]);
    let mut next = (0..).map(|i| &activations[i % activations.len()]);
    let cases = conformance::losses();
    assert!(3 * cases.len() >= activations.len());
    for (loss, (shapes, options)) in cases {
        for activation in next.by_ref().take(3) {
            for (mut shape, sequence) in
                shapes.iter().flat_map(|&shape| [(shape, false), (shape, true)])
            {
                if shape.sequence && !sequence {
                    continue;
                }
                shape.sequence = sequence;
                let columns = if sequence { 6 } else { 3 };
                let at = sequence.then(|| offsets(&lengths)).flatten();
                let target = match shape.indices {
                    true => random(shape, columns, 3),
                    false => Values::Double(targets(&*loss, shape, columns, &options)),
                };
                let input = Shape { sequence, ..Shape::vector(3) };
                let input = field("x", input, random(input, columns, 5), at.clone());
                let outputs = loss.outputs(shape).unwrap();
                let mut spec = net(activation, loss.clone(), 4, outputs);
                if loss.range() == (f64::NEG_INFINITY, 0.0) {
                    spec.layers.push(LogSoftmax {}.into()); // logarithms of probabilities
                }
                for weights in [None, Some(weights(3, 9))] {
                    check(
                        &spec,
                        input.clone(),
                        field("y", shape, target.clone(), at.clone()),
                        3,
                        weights,
                    );
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn of_every_legal_pair(features in 1..5usize, hidden in 1..6usize, classes in 2..5usize,
                           lengths in prop::collection::vec(1..4usize, 2..6), seed in 0..1000u64) {
        let rows = lengths.len();
        let steps: usize = lengths.iter().sum();
        for activation in activations() {
            for sequence in [false, true] {
                let columns = if sequence { steps } else { rows };
                for (loss, values, mut shape, outputs) in losses(classes, columns, seed) {
                    shape.sequence = sequence;
                    let at = sequence.then(|| offsets(&lengths)).flatten();
                    let mut input = Shape::vector(features);
                    input.sequence = sequence;
                    let input = field("x", input, random(input, columns, seed + 1), at.clone());
                    let target = field("y", shape, values, at);
                    let spec = net(&activation, loss, hidden, outputs);
                    for weights in [None, Some(weights(rows, seed))] {
                        check(&spec, input.clone(), target.clone(), rows, weights);
                    }
                }
            }
        }
    }

    #[test]
    fn of_graphs_index_inputs_and_penalties(levels in 2..6usize, hidden in 1..5usize, rows in 2..7usize,
                                            seed in 0..1000u64) {
        let spec = NetworkSpec::graph([
            NodeSpec::new("embed", &["x"], Dense::new(hidden).activation(Tanh {})),
            NodeSpec::new("deep", &["embed"], Dense::new(hidden).activation(Sigmoid {})),
            NodeSpec::new("sum", &["embed", "deep", "embed"], Add {}),
            NodeSpec::new("wide", &["sum", "embed"], Concatenate {}),
            NodeSpec::new("end", &["wide"], Dense::new(2)),
        ])
        .loss(Mse {})
        .penalty(L1 { strength: 0.02.into() })
        .penalty(L2 { strength: 0.03.into() });
        let (input, target) = (Shape::index(levels), Shape::vector(2));
        check(
            &spec,
            field("x", input, random(input, rows, seed), None),
            field("y", target, random(target, rows, seed + 1), None),
            rows,
            Some(weights(rows, seed)),
        );
    }
}

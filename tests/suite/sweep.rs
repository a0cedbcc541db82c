//! `Objective::sweep`: the same gradient as `evaluate`, every trainable block once, and only when
//! nobody needs it any more.

use crate::harness::{assemble, field, prepared, random, table};
use tanren::network::{BatchObjective, Gather, NetworkSpec, Runner};
use tanren::plugin::{Ask, Clock, Objective as _, Seed};
use tanren::prelude::*;
use tanren::tensor::Shape;

/// A graph in which one node feeds two, and a frozen node lies below trained ones.
fn spec() -> NetworkSpec {
    NetworkSpec::graph([
        NodeSpec::new("still", &["x"], Dense::new(4).activation(Tanh {})).frozen(),
        NodeSpec::new("low", &["still"], Dense::new(4).activation(Tanh {})),
        NodeSpec::new("high", &["low"], Dense::new(4).activation(Sigmoid {})),
        NodeSpec::new("sum", &["low", "high"], Add {}),
        NodeSpec::new("end", &["sum"], Dense::new(2)),
    ])
    .loss(Mse {})
    .penalty(L2 { strength: 0.1.into() })
}

#[test]
fn a_step_may_be_taken_on_the_spot() {
    let (x, y) = (Shape::vector(3), Shape::vector(2));
    let input = field("x", x, random(x, 5, 1), None);
    let table = table(5, input, field("y", y, random(y, 5, 2), None), None);
    let (network, data) = (assemble(&spec(), &table), prepared::<f64>(&table));
    let layout = network.layout();
    let (mut runner, mut gather) = (Runner::new(&network), Gather::default());
    let batch = gather.batch(&data, &[0, 1, 2, 3, 4]);
    let (clock, seed) = (Clock::default(), Seed(1));
    let mut objective = BatchObjective::new(&network, &mut runner, batch, clock, seed).unwrap();

    let start: Vec<f64> = network.initialize(Seed(3));
    let mut expected = vec![f64::NAN; layout.len()];
    objective.evaluate(&start, Ask { penalty: false, gradient: Some(&mut expected) });
    let after: Vec<f64> = start.iter().zip(&expected).map(|(p, g)| p - 0.1 * g).collect();

    // Every block is moved as soon as it is ready; a block moved too early would spoil the rest.
    let (mut parameters, mut gradient) = (start.clone(), vec![f64::NAN; layout.len()]);
    let mut seen = vec![0; layout.blocks().len()];
    objective.sweep(&mut parameters, &mut gradient, &mut |_| true, &mut |ready| {
        seen[ready.block] += 1;
        let (parameters, gradient) = ready.whole(network.layout(), Clock::default());
        for (p, g) in parameters.iter_mut().zip(gradient.iter()) {
            *p -= 0.1 * g;
        }
    });
    let moving = ..layout.statistics().end;
    assert_eq!(gradient[moving], expected[moving]);

    // Who does not like the value may refuse, and nothing has moved.
    let mut refused = start.clone();
    let began = &mut |at: &tanren::plugin::Evaluation| at.loss.is_none();
    objective.sweep(&mut refused, &mut expected, began, &mut |_| unreachable!());
    assert_eq!(refused, start);
    let trainable = layout.trainable();
    assert_eq!(parameters[..trainable], after[..trainable]);
    assert_eq!(parameters[trainable..], start[trainable..], "a frozen block stays");
    for (block, seen) in layout.blocks().iter().zip(seen) {
        assert_eq!(seen, usize::from(block.trainable()), "{}", block.path());
    }
}

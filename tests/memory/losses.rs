//! No loss allocates, once a thread has its scratch memory.

use crate::allocator::{alone, own_calls};
use list::losses;
use tanren::plugin::{Domain, LossGradient, Precision};
use tanren::tensor::{Indices, Input, Shape, Signal, SignalMut};

// The list of the conformance tests.
#[path = "../suite/conformance/losses.rs"]
mod list;

/// A column's numbers, valid in this domain.
fn target(domain: Domain, features: usize) -> Vec<f64> {
    let number = |i: usize| match domain {
        Domain::Distribution => f64::from(u8::from(i == 0)),
        Domain::Signs => [1.0, -1.0][i % 2],
        _ => [0.0, 1.0][i % 2],
    };
    (0..features).map(number).collect()
}

fn none_allocates<T: Precision>() {
    const COLUMNS: usize = 33;
    for (loss, (shapes, _)) in losses() {
        for shape in shapes {
            let features = loss.outputs(shape).unwrap();
            let width = loss.predictions(shape, features);
            let number = |i: usize| T::of((i as f64 * 0.7).sin());
            let outputs: Vec<T> = (0..COLUMNS * features).map(number).collect();
            let column = target(loss.domain(), shape.features);
            let dense: Vec<T> = column.repeat(COLUMNS).into_iter().map(T::of).collect();
            let classes: Vec<u32> = (0..COLUMNS).map(|n| (n % shape.features) as u32).collect();
            let targets = match shape {
                Shape { indices: true, features: levels, .. } => {
                    Input::Indices(Indices { data: &classes, levels })
                }
                _ => Input::Dense(Signal::new(&dense, shape.features)),
            };
            let (weights, mut values) = (vec![T::ONE; COLUMNS], vec![0.0; COLUMNS]);
            let mut gradient = outputs.clone();
            let mut predictions = vec![T::ZERO; COLUMNS * width];
            let mut once = || {
                let kernel = loss.kernels().at::<T>();
                let z = Signal::new(&outputs, features);
                kernel.evaluate(z, targets, &mut values, None);
                let out = SignalMut::new(&mut gradient, features);
                let ask = Some(LossGradient { weights: &weights, out });
                kernel.evaluate(z, targets, &mut values, ask);
                kernel.predict(z, SignalMut::new(&mut predictions, width));
            };
            once(); // makes room
            let before = own_calls();
            once();
            assert_eq!(own_calls(), before, "{loss:?}, {shape}, {}", T::NAME);
        }
    }
}

#[test]
fn no_loss_allocates() {
    let _alone = alone();
    none_allocates::<f32>();
    none_allocates::<f64>();
}

//! `binary-cross-entropy`: −Σ (t ln ŷ + (1 − t) ln(1 − ŷ)) with ŷ = σ(z), computed as
//! Σ (max(z, 0) − t z + ln(1 + e^−|z|)).
//!
//! z outputs, t targets from 0 to 1, one independent yes or no each; the value is their sum.
//! Nothing overflows and a confident output loses no digits. The gradient is ŷ − t. Source: Cox
//! (1958), *The regression analysis of binary sequences*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{
    Input, Real, Shape, ShapeError, Signal, SignalMut, combine, sigmoid, softplus, with_scratch,
};

/// Cross-entropy of independent yes-or-no answers, fused with its sigmoid.
///
/// An index below 2 counts as one answer; the prediction is then the probability of index 1.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct BinaryCrossEntropy {}

#[typetag::serde(name = "binary-cross-entropy")]
impl Loss for BinaryCrossEntropy {
    fn link(&self) -> Link {
        Link::Sigmoid
    }

    fn domain(&self) -> Domain {
        Domain::Unit
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        match (target.indices, target.features) {
            (true, 2) => Ok(1),
            (false, 1..) => Ok(target.features),
            (true, _) => {
                let expected = "two classes as the target (cross-entropy takes more)";
                Err(ShapeError::new(expected, target))
            }
            (false, 0) => Err(ShapeError::new("at least one number as the target", target)),
        }
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for BinaryCrossEntropy {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    ) {
        let mut answer = [T::ZERO];
        with_scratch(outputs.data().len(), |tails| {
            combine(tails, outputs.data(), |_, z| -z.abs());
            softplus(tails); // ln(1 + e^−|z|)
            let columns = outputs.iter().zip(tails.chunks(outputs.features()));
            for (n, (value, (z, tails))) in values.iter_mut().zip(columns).enumerate() {
                let t = column(targets, n, &mut answer);
                let terms = z.iter().zip(t).zip(tails);
                let term = |((z, t), tail): ((&T, &T), &T)| {
                    z.f64().max(0.0) - t.f64() * z.f64() + tail.f64()
                };
                *value = terms.map(term).sum();
            }
        });
        let Some(LossGradient { weights, mut out }) = gradient else { return };
        out.data().copy_from_slice(outputs.data());
        sigmoid(out.data());
        for (n, (g, &w)) in out.iter_mut().zip(weights).enumerate() {
            let t = column(targets, n, &mut answer);
            combine(g, t, |g, t| w * (g - t));
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(outputs.data());
        sigmoid(predictions.data());
    }
}

/// The targets of column `n`; `answer` is where an index becomes a number.
fn column<'a, T: Real>(targets: Input<'a, T>, n: usize, answer: &'a mut [T; 1]) -> &'a [T] {
    match targets {
        Input::Dense(t) => t.column(n),
        Input::Indices(t) => {
            *answer = [T::of(f64::from(t.data[n]))];
            answer
        }
    }
}

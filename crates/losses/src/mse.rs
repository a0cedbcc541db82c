//! `mse`: Σ (z − t)² / k.
//!
//! z outputs, t targets, k their number. There is no factor ½, so the gradient is 2 (z − t) / k
//! and the value is the mean squared error one reports.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut};

/// Mean squared error.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Mse {}

#[typetag::serde(name = "mse")]
impl Loss for Mse {
    fn link(&self) -> Link {
        Link::Identity
    }

    fn domain(&self) -> Domain {
        Domain::Real
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        if target.indices {
            let expected = "numbers as the target (for classes: cross-entropy, or one-hot targets)";
            return Err(ShapeError::new(expected, target));
        }
        if target.features == 0 {
            return Err(ShapeError::new("at least one number as the target", target));
        }
        Ok(target.features)
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for Mse {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    ) {
        let (targets, k) = (targets.dense(), outputs.features() as f64);
        for ((value, z), t) in values.iter_mut().zip(outputs.iter()).zip(targets.iter()) {
            let square = |(&z, &t): (&T, &T)| (z.f64() - t.f64()) * (z.f64() - t.f64());
            *value = z.iter().zip(t).map(square).sum::<f64>() / k;
        }
        let Some(LossGradient { weights, mut out }) = gradient else { return };
        for (n, (g, &w)) in out.iter_mut().zip(weights).enumerate() {
            let scale = w * T::of(2.0 / k);
            for ((g, &z), &t) in g.iter_mut().zip(outputs.column(n)).zip(targets.column(n)) {
                *g = scale * (z - t);
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(outputs.data());
    }
}

//! `kl-divergence`: Σ t ln(t / ŷ) with ŷ = softmax(z): the cross-entropy −Σ t ln ŷ less that of the targets
//! with themselves.
//!
//! z outputs, t a distribution, or a class index, for which the value is that of `cross-entropy`. The value
//! is 0 where ŷ = t, which for soft targets tells how far off the predictions are; the gradient is that of
//! `cross-entropy`, ŷ Σ t − t, which is ŷ − t where the shares are not rounded. Source: Kullback and Leibler (1951), *On information and sufficiency*.

use crate::{accept, softmax};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, ln_scalar};

/// Divergence of the predicted distribution from the target, fused with its softmax.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct KlDivergence {}

#[typetag::serde(name = "kl-divergence")]
impl Loss for KlDivergence {
    fn link(&self) -> Link {
        Link::Softmax
    }

    fn domain(&self) -> Domain {
        Domain::Distribution
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::classes(target, "binary-cross-entropy")
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for KlDivergence {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    ) {
        softmax::cross_entropy(outputs, targets, values, gradient);
        let Input::Dense(targets) = targets else { return };
        for (value, t) in values.iter_mut().zip(targets.iter()) {
            // t ln t is 0 for t = 0.
            let positive = t.iter().map(|t| t.f64()).filter(|t| *t != 0.0);
            *value += positive.map(|t| t * ln_scalar(t)).sum::<f64>();
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>) {
        softmax::predict(outputs, predictions);
    }
}

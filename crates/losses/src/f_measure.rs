//! `f-measure`: 1 − ((1 + β²) Σ t ŷ + c) / (Σ ŷ + β² Σ t + c) with ŷ = σ(z).
//!
//! z outputs, t labels of one row, each 0 or 1; Σ t ŷ counts true positives in shares, and the fraction is
//! F_β = (1 + β²) tp / ((1 + β²) tp + β² fn + fp). c, a count on both sides, lets a row without labels learn
//! that none is right; without c such a row has neither value nor gradient. It is the measure of each row,
//! not that of a whole batch: a loss is a mean over rows, the same however they are put into batches.
//! Sources: van Rijsbergen (1979), *Information retrieval*; Pastor-Pellicer et al. (2013), *F-measure as the
//! error function to train neural networks*, for counts in shares.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, sigmoid, sigmoid_scalar};

/// F measure of several labels, in shares, fused with its sigmoid.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct FMeasure {
    /// β: how many times as much recall counts as precision; above 0.
    #[setting(above = 0)]
    pub beta: f64,
    /// c: what is added on both sides of the fraction; 0 or more.
    #[setting(from = 0)]
    pub count: f64,
}

impl Default for FMeasure {
    fn default() -> Self {
        Self { beta: 1.0, count: 1.0 }
    }
}

#[typetag::serde(name = "f-measure")]
impl Loss for FMeasure {
    fn link(&self) -> Link {
        Link::Sigmoid
    }

    fn domain(&self) -> Domain {
        Domain::Binary
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::labels(target)
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for FMeasure {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        let (targets, square) = (targets.dense(), self.beta * self.beta);
        for (n, (value, z)) in values.iter_mut().zip(outputs.iter()).enumerate() {
            let t = targets.column(n);
            let (mut hits, mut all) = (self.count, self.count);
            for (z, t) in z.iter().zip(t) {
                let (y, t) = (sigmoid_scalar(z.f64()), t.f64());
                hits += (1.0 + square) * t * y;
                all += y + square * t;
            }
            let nothing = all == 0.0;
            *value = if nothing { 0.0 } else { 1.0 - hits / all };
            let Some(LossGradient { weights, out }) = &mut gradient else { continue };
            let w = if nothing { 0.0 } else { weights[n].f64() / all };
            let share = if nothing { 0.0 } else { hits / all };
            for ((g, z), t) in out.column(n).iter_mut().zip(z).zip(t) {
                let slope = sigmoid_scalar(z.f64()) * sigmoid_scalar(-z.f64());
                *g = T::of(w * slope * (share - (1.0 + square) * t.f64()));
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(outputs.data());
        sigmoid(predictions.data());
    }
}

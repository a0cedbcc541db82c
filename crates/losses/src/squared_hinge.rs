//! `squared-hinge`: Σ max(0, 1 − t z)².
//!
//! z outputs, t targets of −1 or 1; the value is their sum. The first of two classes is −1, the second 1.
//! As `hinge`, without its kink: the gradient is −2 t max(0, 1 − t z). Source: Lee and Mangasarian (2001),
//! *SSVM: a smooth support vector machine for classification*.

use crate::numbers::at_least;
use crate::{accept, margin};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError, Signal, SignalMut};

/// Margin loss of yes-or-no answers, squared.
///
/// Predictions of a class are those of `hinge`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct SquaredHinge {}

#[typetag::serde(name = "squared-hinge")]
impl Loss for SquaredHinge {
    fn link(&self) -> Link {
        Link::Identity
    }

    fn domain(&self) -> Domain {
        Domain::Signs
    }

    fn separable(&self) -> Option<Reduction> {
        Some(self.reduction())
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::numbers_or_two_classes(target, "multi-class-hinge")
    }

    fn predictions(&self, target: Shape, outputs: usize) -> usize {
        margin::predictions(target, outputs)
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl LossTerms for SquaredHinge {
    fn reduction(&self) -> Reduction {
        Reduction::Sum
    }

    fn target(&self, index: u32) -> f64 {
        margin::sign_of(index)
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        let short = at_least(1.0 - t * z, 0.0);
        short * short
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        T::of(-2.0) * t * at_least(T::ONE - t * z, T::ZERO)
    }

    fn link<T: Real>(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>) {
        margin::predict(outputs, predictions);
    }
}

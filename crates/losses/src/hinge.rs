//! `hinge`: Σ max(0, 1 − t z).
//!
//! z outputs, t targets of −1 or 1; the value is their sum. The first of two classes is −1, the second 1.
//! An answer that is right by a margin of 1 adds nothing more. The gradient is −t inside the margin,
//! otherwise 0. Source: Cortes and Vapnik (1995),
//! *Support-vector networks*.

use crate::numbers::at_least;
use crate::{accept, margin};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError, Signal, SignalMut};

/// Margin loss of yes-or-no answers.
///
/// Predictions of a class are the places of the output on the way from one margin to the other: they
/// order and decide as probabilities do, but nothing makes them frequencies.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Hinge {}

#[typetag::serde(name = "hinge")]
impl Loss for Hinge {
    fn link(&self) -> Link {
        Link::Identity
    }

    fn domain(&self) -> Domain {
        Domain::Signs
    }

    fn smooth(&self) -> bool {
        false
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

impl LossTerms for Hinge {
    fn reduction(&self) -> Reduction {
        Reduction::Sum
    }

    fn target(&self, index: u32) -> f64 {
        margin::sign_of(index)
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        at_least(1.0 - t * z, 0.0)
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        if t * z >= T::ONE { T::ZERO } else { -t }
    }

    fn link<T: Real>(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>) {
        margin::predict(outputs, predictions);
    }
}

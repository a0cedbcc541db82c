//! `Loss`: what is minimised, fused with the link that makes predictions.

use crate::{Checked, Domain, Family, Kernels, Link, Plugin, SettingError};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut};

/// How the terms of a separable loss, one for each number of a column, make its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reduction {
    /// Their sum.
    Sum,
    /// Their sum, divided by how many numbers a column has.
    Mean,
}

impl Reduction {
    /// What the sum of `k` terms is divided by.
    #[must_use]
    pub const fn divisor(self, k: usize) -> f64 {
        match self {
            Self::Sum => 1.0,
            Self::Mean => k as f64,
        }
    }
}

/// The classes of a target.
#[derive(Clone, Copy, Debug, Default)]
pub struct Classes<'a> {
    /// The weight of the training rows of each class.
    pub counts: &'a [f64],
    /// The name of each class; empty where they have none.
    pub names: &'a [String],
}

/// What is minimised. A network ends linear; the loss owns the link from its last numbers to
/// predictions, so that both are computed together and stay stable.
#[typetag::serde(tag = "type")]
pub trait Loss: Checked {
    /// The link.
    fn link(&self) -> Link;

    /// The targets it is defined for.
    fn domain(&self) -> Domain;

    /// The outputs it is defined for, smallest and largest. A network whose last layer may give
    /// others is refused; so is one that cannot give all of them where there are no bounds, but a link.
    fn range(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    /// Whether it has a continuous derivative everywhere.
    fn smooth(&self) -> bool {
        true
    }

    /// Whether it compares with a target. One that judges the outputs by themselves does not: its
    /// [`Loss::outputs`] and [`Loss::predictions`] get the outputs' own shape, its kernel no target.
    fn supervised(&self) -> bool {
        true
    }

    /// How its terms make the value of a column, if each output adds a term that depends on itself and
    /// its own target alone: then the value of a column of one number is that term.
    fn separable(&self) -> Option<Reduction> {
        None
    }

    /// Whether a number of a target may be missing. A NaN then has no term: it adds nothing to the
    /// value, and no gradient. What a mean is divided by stays the same.
    fn masks(&self) -> bool {
        self.separable().is_some()
    }

    /// Features the network must end in for targets of this shape.
    ///
    /// # Errors
    /// When this loss cannot take such targets.
    fn outputs(&self, target: Shape) -> Result<usize, ShapeError>;

    /// Features of a prediction, for accepted targets. The same as the outputs unless said.
    fn predictions(&self, _target: Shape, outputs: usize) -> usize {
        outputs
    }

    /// The same loss with settings that follow from the classes of its target worked out, such as weights
    /// by the names of classes, or balanced ones; `None` where there are none. Asked before assembly:
    /// [`Loss::outputs`] refuses a loss that is still to be resolved.
    ///
    /// # Errors
    /// When a setting names a class that there is not.
    fn resolve(&self, _classes: Classes<'_>) -> Result<Option<Plugin<dyn Loss>>, SettingError> {
        Ok(None)
    }

    /// Always `LossKernels::of(self)`.
    fn kernels(&self) -> LossKernels<'_>;
}

/// Where the gradient of a loss goes.
#[derive(Debug)]
pub struct LossGradient<'a, T> {
    /// What each column counts, divided by what the batch counts and times the weight of the loss.
    pub weights: &'a [T],
    /// ∂/∂output of Σ weight · value, to be written whole.
    pub out: SignalMut<'a, T>,
}

/// What a [`Loss`] computes, in both precisions.
pub type LossKernels<'a> = Kernels<'a, dyn Loss>;

impl Family for dyn Loss {
    type Kernel<T: Real> = dyn LossKernel<T>;
}

impl<'a> LossKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: LossKernel<f32> + LossKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What a [`Loss`] computes, in precision `T`.
///
/// A loss that is the sum or the mean of one term per number implements [`LossTerms`](crate::LossTerms)
/// instead, which gives it this.
pub trait LossKernel<T: Real>: Send + Sync {
    /// One value per column and, when asked, the gradient. Where the loss is not
    /// [supervised](Loss::supervised), `targets` are indices without any data.
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    );

    /// Applies the link.
    fn predict(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>);
}

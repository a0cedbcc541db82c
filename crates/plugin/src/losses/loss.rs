//! `Loss`: what is minimised, fused with the link that makes predictions.

use crate::{Checked, Family, Kernels, Link};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut};

/// The targets a loss is defined for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Any number.
    Real,
    /// Numbers from 0 on.
    NonNegative,
    /// Numbers from 0 to 1.
    Unit,
    /// Columns of numbers from 0 to 1 that add up to 1, or a class index.
    Distribution,
}

/// What is minimised. A network ends linear; the loss owns the link from its last numbers to
/// predictions, so that both are computed together and stay stable.
#[typetag::serde(tag = "type")]
pub trait Loss: Checked {
    /// The link.
    fn link(&self) -> Link;

    /// The targets it is defined for.
    fn domain(&self) -> Domain;

    /// Whether it has a continuous derivative everywhere.
    fn smooth(&self) -> bool {
        true
    }

    /// Whether it compares with a target. One that judges the outputs by themselves does not: its
    /// [`Loss::outputs`] and [`Loss::predictions`] get the outputs' own shape, its kernel no target.
    fn supervised(&self) -> bool {
        true
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

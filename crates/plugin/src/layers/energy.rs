//! The door to unsupervised pretraining: layers that are energy models, such as an RBM.

use crate::{Family, Grads, Kernels, Params, Pass};
use tanren_tensor::{Input, Real};

/// One estimate of the gradient of an energy model.
#[derive(Debug)]
#[non_exhaustive]
pub struct Contrast<'a, T: Real> {
    /// Mode, clock, randomness, extent.
    pub pass: &'a Pass<'a, T>,
    /// The layer's parameters and statistics (persistent chains are statistics).
    pub params: Params<'a, T>,
    /// The data.
    pub visible: Input<'a, T>,
    /// What each column counts, divided by what the batch counts: the sum over its columns, or, where
    /// several workers share it, over those of all of them.
    pub weights: &'a [T],
    /// Free to use, as long as [`Memory::scratch`](crate::Memory::scratch) said.
    pub scratch: &'a mut [T],
    /// Where the estimate goes, if it is wanted.
    pub grads: Option<Grads<'a, T>>,
}

/// A layer as an energy model.
#[derive(Clone, Copy)]
pub struct Energy<'a> {
    /// Whether it gives a value besides the gradient: a reconstruction error does, contrastive
    /// divergence has none.
    pub value: bool,
    /// `EnergyKernels::of(layer)`.
    pub kernels: EnergyKernels<'a>,
}

impl<'a, T: Real> Contrast<'a, T> {
    /// An estimate without scratch and without a place for the gradient.
    #[must_use]
    pub const fn new(
        pass: &'a Pass<'a, T>,
        params: Params<'a, T>,
        visible: Input<'a, T>,
        weights: &'a [T],
    ) -> Self {
        let params = params.by(pass.products);
        Self { pass, params, visible, weights, scratch: &mut [], grads: None }
    }

    /// Replaces where the estimate goes.
    #[must_use]
    pub fn grads(mut self, grads: Option<Grads<'a, T>>) -> Self {
        self.grads = grads;
        self
    }

    /// Replaces the scratch.
    #[must_use]
    pub const fn scratch(mut self, scratch: &'a mut [T]) -> Self {
        self.scratch = scratch;
        self
    }
}

/// What an energy model computes, in both precisions.
pub type EnergyKernels<'a> = Kernels<'a, Energy<'static>>;

impl Family for Energy<'_> {
    type Kernel<T: Real> = dyn EnergyKernel<T>;
}

impl<'a> EnergyKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: EnergyKernel<f32> + EnergyKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What an energy model computes, in precision `T`.
///
/// Where it has no value, line searches are refused by name.
pub trait EnergyKernel<T: Real>: Send + Sync {
    /// Estimates the gradient of the mean free energy of the data minus that of the model, by
    /// contrastive divergence or another sampler. Gives the value where the layer has one.
    fn contrast(&self, pass: Contrast<'_, T>) -> Option<f64>;

    /// The free energy of each column, for over-fitting checks.
    fn free_energy(
        &self,
        params: &Params<'_, T>,
        visible: Input<'_, T>,
        scratch: &mut [T],
        values: &mut [f64],
    );
}

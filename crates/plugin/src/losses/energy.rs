//! The door to unsupervised pretraining: layers that are energy models, such as an RBM.

use crate::{EnergyKernels, Grads, Offers, Params, Pass};
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
    /// What each column counts, divided by the sum: they add up to 1.
    pub weights: &'a [T],
    /// Free to use, as long as [`Memory::scratch`](crate::Memory::scratch) said.
    pub scratch: &'a mut [T],
    /// Where the estimate goes, if it is wanted.
    pub grads: Option<Grads<'a, T>>,
}

/// A layer as an energy model: what it offers, and what it computes.
#[derive(Clone, Copy)]
pub struct Energy<'a> {
    /// Contrastive divergence has a gradient but no value, a reconstruction error has both.
    pub offers: Offers,
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

/// What an energy model computes, in precision `T`.
///
/// Where it has no value, line searches are refused by name.
pub trait EnergyKernel<T: Real>: Send + Sync {
    /// Estimates the gradient of the mean free energy of the data minus that of the model, by
    /// contrastive divergence or another sampler. Gives the value where the layer offers one.
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

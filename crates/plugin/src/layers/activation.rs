//! `Activation`: a function of each number, which may have parameters.

use crate::{Checked, Facts, Family, Grads, Kernels, ParamSpec, Params};
use tanren_tensor::{Real, Signal, SignalMut};

/// A function, applied to each number. A field of dense and recurrent layers, and a layer of its
/// own.
#[typetag::serde(tag = "type")]
pub trait Activation: Checked {
    /// Smoothness, range, saturation, link.
    fn facts(&self) -> Facts;

    /// Its parameters for signals of so many features, such as a learned slope for each. They are
    /// blocks of the layer that has the activation, after its own.
    fn params(&self, _features: usize) -> Vec<ParamSpec> {
        Vec::new()
    }

    /// Whether the derivative needs `x`. When it follows from `y` alone, `x` is not kept.
    fn needs_input(&self) -> bool {
        false
    }

    /// Always `ActivationKernels::of(self)`.
    fn kernels(&self) -> ActivationKernels<'_>;
}

/// What an [`Activation`] computes, in both precisions.
pub type ActivationKernels<'a> = Kernels<'a, dyn Activation>;

impl Family for dyn Activation {
    type Kernel<T: Real> = dyn ActivationKernel<T>;
}

impl<'a> ActivationKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: ActivationKernel<f32> + ActivationKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What an [`Activation`] computes, in precision `T`.
///
/// Most activations have no parameters: they implement [`ScalarFunction`] instead, which gives them this.
pub trait ActivationKernel<T: Real>: Send + Sync {
    /// `X ← f(X)`, column by column.
    fn forward(&self, params: Params<'_, T>, x: &mut SignalMut<'_, T>);

    /// `∂Y ← ∂Y ⊙ f′(X)`, where `Y = f(X)`, and the gradients of the parameters. `x` has no columns
    /// unless [`needs_input`](Activation::needs_input).
    fn backward(
        &self,
        params: Params<'_, T>,
        x: Signal<'_, T>,
        y: Signal<'_, T>,
        dy: &mut SignalMut<'_, T>,
        grads: Grads<'_, T>,
    );
}

/// What an [`Activation`] without parameters computes: one function of every number.
pub trait ScalarFunction: Send + Sync {
    /// `x ← f(x)`.
    fn apply<T: Real>(&self, x: &mut [T]);

    /// `dy ← dy · f′(x)`, where `y = f(x)`. `x` is empty unless
    /// [`needs_input`](Activation::needs_input).
    fn differentiate<T: Real>(&self, x: &[T], y: &[T], dy: &mut [T]);
}

impl<T: Real, F: ScalarFunction> ActivationKernel<T> for F {
    fn forward(&self, _: Params<'_, T>, x: &mut SignalMut<'_, T>) {
        self.apply(x.data());
    }

    fn backward(
        &self,
        _: Params<'_, T>,
        x: Signal<'_, T>,
        y: Signal<'_, T>,
        dy: &mut SignalMut<'_, T>,
        _: Grads<'_, T>,
    ) {
        self.differentiate(x.data(), y.data(), dy.data());
    }
}

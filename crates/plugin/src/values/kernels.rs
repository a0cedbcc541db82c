//! `Kernels`: where serialisable values meet precision. What a plugin computes, once for each.

use tanren_tensor::Real;

/// A family of plugins, by what its members compute. The families are those of this crate.
pub trait Family {
    /// Its kernel trait: of layers, `dyn LayerKernel<T>`.
    type Kernel<T: Real>: ?Sized + 'static;
}

/// What a plugin of a family computes, in both precisions. Each family names its own, for layers
/// `LayerKernels`, with a function `of` that makes it.
pub struct Kernels<'a, F: Family + ?Sized> {
    single: &'a F::Kernel<f32>,
    double: &'a F::Kernel<f64>,
}

// Derived, they would ask the same of the family.
impl<F: Family + ?Sized> Clone for Kernels<'_, F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F: Family + ?Sized> Copy for Kernels<'_, F> {}

impl<'a, F: Family + ?Sized> Kernels<'a, F> {
    pub(crate) const fn new(single: &'a F::Kernel<f32>, double: &'a F::Kernel<f64>) -> Self {
        Self { single, double }
    }

    /// The kernel of precision `T`.
    #[must_use]
    pub fn at<T: Precision>(self) -> &'a F::Kernel<T> {
        T::pick(self)
    }
}

/// The precision of a run: a [`Real`] that picks its kernel of a plugin. Sealed, as `Real` is.
pub trait Precision: Real {
    /// Its kernel; [`Kernels::at`] reads better.
    #[doc(hidden)]
    fn pick<F: Family + ?Sized>(kernels: Kernels<'_, F>) -> &F::Kernel<Self>;
}

impl Precision for f32 {
    fn pick<F: Family + ?Sized>(kernels: Kernels<'_, F>) -> &F::Kernel<Self> {
        kernels.single
    }
}

impl Precision for f64 {
    fn pick<F: Family + ?Sized>(kernels: Kernels<'_, F>) -> &F::Kernel<Self> {
        kernels.double
    }
}

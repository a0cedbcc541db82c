//! Where serialisable values meet precision: a pair of kernels, one for each.

use crate::{
    ActivationKernel, ConstraintKernel, DirectionKernel, EnergyKernel, LayerKernel, LossKernel,
    NoiseKernel, PenaltyKernel, UpdaterKernel,
};
use tanren_tensor::Real;

/// Declares the pair of each family and how a precision picks its half. A macro, because a
/// function cannot be generic over a trait.
macro_rules! pairs {
    ($($(#[$doc:meta])* $pair:ident, $kernel:ident, $pick:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy)]
            pub struct $pair<'a> {
                single: &'a dyn $kernel<f32>,
                double: &'a dyn $kernel<f64>,
            }

            impl<'a> $pair<'a> {
                /// Both kernels of one plugin.
                pub fn of<K: $kernel<f32> + $kernel<f64>>(kernel: &'a K) -> Self {
                    Self { single: kernel, double: kernel }
                }

                /// The kernel of precision `T`.
                #[must_use]
                pub fn at<T: Precision>(self) -> &'a dyn $kernel<T> {
                    T::$pick(self)
                }
            }
        )*

        /// The precision of a run: a [`Real`] that picks its half of a pair of kernels. Sealed,
        /// as `Real` is.
        pub trait Precision: Real {
            $(
                /// Its half of the pair; [`at`](LayerKernels::at) reads better.
                #[doc(hidden)]
                fn $pick<'a>(pair: $pair<'a>) -> &'a dyn $kernel<Self>;
            )*
        }

        impl Precision for f32 {
            $(fn $pick<'a>(pair: $pair<'a>) -> &'a dyn $kernel<Self> { pair.single })*
        }

        impl Precision for f64 {
            $(fn $pick<'a>(pair: $pair<'a>) -> &'a dyn $kernel<Self> { pair.double })*
        }
    };
}

pairs! {
    /// What a [`Layer`](crate::Layer) computes, in both precisions.
    LayerKernels, LayerKernel, pick_layer;
    /// What an [`Activation`](crate::Activation) computes, in both precisions.
    ActivationKernels, ActivationKernel, pick_activation;
    /// What a [`Loss`](crate::Loss) computes, in both precisions.
    LossKernels, LossKernel, pick_loss;
    /// What a [`Penalty`](crate::Penalty) computes, in both precisions.
    PenaltyKernels, PenaltyKernel, pick_penalty;
    /// What a [`Constraint`](crate::Constraint) computes, in both precisions.
    ConstraintKernels, ConstraintKernel, pick_constraint;
    /// What a [`WeightNoise`](crate::WeightNoise) computes, in both precisions.
    NoiseKernels, NoiseKernel, pick_noise;
    /// What an [`Updater`](crate::Updater) computes, in both precisions.
    UpdaterKernels, UpdaterKernel, pick_updater;
    /// What a [`Direction`](crate::Direction) computes, in both precisions.
    DirectionKernels, DirectionKernel, pick_direction;
    /// What an energy model computes, in both precisions.
    EnergyKernels, EnergyKernel, pick_energy;
}

//! `cosine`: 1 − z·t / (‖z‖ ‖t‖), from 0 where both point the same way to 2 where they are opposed.
//!
//! z outputs, t targets; lengths do not matter. Each norm is at least ε, so that the value is 1 where one
//! vector is 0, and the gradient finite: −t̂ / ‖z‖ + (ẑ·t̂) ẑ / ‖z‖ with ẑ and t̂ of length 1, or −t̂ / ε where
//! ‖z‖ is below ε. The prediction is z. Targets must be complete: a NaN is refused. Source: Salton, Wong,
//! Yang (1975), *A vector space model for automatic indexing*.

use crate::accept;
use crate::numbers::at_least;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, dot, norm};

/// Cosine distance: one less the cosine of the angle between output and target.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Cosine {
    /// ε: the least length of a vector; above 0.
    #[setting(above = 0)]
    pub floor: f64,
}

impl Default for Cosine {
    fn default() -> Self {
        Self { floor: 1e-5 }
    }
}

#[typetag::serde(name = "cosine")]
impl Loss for Cosine {
    fn link(&self) -> Link {
        Link::Identity
    }

    fn domain(&self) -> Domain {
        Domain::Real
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::numbers(target)
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for Cosine {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        let targets = targets.dense();
        for (n, (value, z)) in values.iter_mut().zip(outputs.iter()).enumerate() {
            let (t, length) = (targets.column(n), norm(z));
            let (of_z, of_t) = (at_least(length, self.floor), at_least(norm(t), self.floor));
            let cosine = dot(z, t) / of_z / of_t;
            *value = 1.0 - cosine;
            let Some(LossGradient { weights, out }) = &mut gradient else { continue };
            let scale = weights[n].f64() / of_z;
            // Below the floor the length of z is no longer divided by.
            let turn = if length < self.floor { 0.0 } else { cosine / of_z };
            for ((g, z), t) in out.column(n).iter_mut().zip(z).zip(t) {
                *g = T::of(scale * (turn * z.f64() - t.f64() / of_t));
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(outputs.data());
    }
}

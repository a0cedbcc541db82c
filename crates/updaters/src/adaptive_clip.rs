//! `adaptive-clip`: pᵢ ← pᵢ · λ max(‖θᵢ‖, ε)/‖pᵢ‖, where ‖pᵢ‖ > λ max(‖θᵢ‖, ε).
//!
//! pᵢ the part of the step that belongs to unit i, θᵢ its parameters: a row of a matrix of weights; the
//! biases of a layer, and its gains, are one unit. λ is the largest share of its parameters that a
//! gradient may have. Source: Brock, De, Smith, Simonyan (2021), *High-performance large-scale image
//! recognition without normalization*, which leaves out the last layer: aim it with `on`.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    BlockKind, Checked, Scope, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, vectorized, with_scratch};

/// Clips gradients that are large beside the parameters of their unit.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct AdaptiveClip {
    /// λ > 0, the largest ratio of the norms.
    #[setting(above = 0)]
    pub clipping: f64,
    /// ε > 0, the least norm of parameters that counts, so that those that start at 0 can move.
    #[setting(above = 0)]
    pub epsilon: f64,
}

impl Default for AdaptiveClip {
    /// The values of the paper for large batches.
    fn default() -> Self {
        Self { clipping: 0.01, epsilon: 1e-3 }
    }
}

#[typetag::serde(name = "adaptive-clip")]
impl Updater for AdaptiveClip {
    fn scope(&self) -> Scope {
        Scope::Block
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

/// Adds x² to the sum of its row, for matrices column by column.
fn add_squares<T: Real>(matrix: &[T], sums: &mut [f64]) {
    vectorized(
        #[inline(always)]
        || {
            for column in matrix.chunks(sums.len()) {
                sums.iter_mut().zip(column).for_each(|(sum, x)| *sum += x.f64() * x.f64());
            }
        },
    );
}

impl<T: Real> UpdaterKernel<T> for AdaptiveClip {
    fn update(&self, at: &UpdateAt<'_>, parameters: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let matrix = at.block.filter(|block| BlockKind::WEIGHTS.contains(&block.kind));
        let units = matrix.map_or(1, |block| block.rows);
        with_scratch::<f64, _>(2 * units, |sums| {
            sums.fill(0.0);
            let (theta, p) = sums.split_at_mut(units);
            add_squares(parameters, theta);
            add_squares(step, p);
            for (p, theta) in p.iter_mut().zip(theta) {
                let most = self.clipping * theta.sqrt().max(self.epsilon);
                let norm = p.sqrt();
                *p = if norm > most { most / norm } else { 1.0 };
            }
            at.clipped(p.iter().filter(|&&factor| factor < 1.0).count(), units);
            for column in step.chunks_mut(units) {
                column.iter_mut().zip(&*p).for_each(|(x, &factor)| *x *= T::of(factor));
            }
        });
    }
}

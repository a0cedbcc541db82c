//! `min-max-norm`: w ← w (rate · clip(‖w‖, min, max) + (1 − rate) ‖w‖) / ‖w‖.
//!
//! w what enters a unit, or a block; ‖w‖ its Euclidean norm. With a rate of 1 every norm is between min and
//! max after each step; with a lower one it goes that share of the way there. Where w = 0 and min > 0, w
//! gets equal numbers. Source: the constraint of this name in Keras, which leaves 0 where it is.

use super::norms::{Per, rescale};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Block, Checked, Constraint, ConstraintKernel, ConstraintKernels, SettingError,
};
use tanren_tensor::Real;

/// Keeps the norm of the weights of a unit between two limits.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = Self::ordered)]
pub struct MinMaxNorm {
    /// The smallest norm, 0 or more.
    #[setting(from = 0)]
    pub min: f64,
    /// The largest norm, above 0, and at least `min`.
    #[setting(above = 0)]
    pub max: f64,
    /// The share of the way to the nearest limit that a step goes, above 0, up to 1.
    #[setting(above = 0, to = 1)]
    pub rate: f64,
    /// `unit` for the norm of what enters a unit, `block` for that of a whole block.
    pub per: Per,
}

impl Default for MinMaxNorm {
    /// The values of Keras.
    fn default() -> Self {
        Self { min: 0.0, max: 1.0, rate: 1.0, per: Per::Unit }
    }
}

impl MinMaxNorm {
    /// Whether the limits are in order.
    fn ordered(&self) -> Result<(), SettingError> {
        let right = self.max >= self.min;
        SettingError::unless(right, "max", "a finite number from `min` on", self.max)
    }
}

#[typetag::serde(name = "min-max-norm")]
impl Constraint for MinMaxNorm {
    fn kernels(&self) -> ConstraintKernels<'_> {
        ConstraintKernels::of(self)
    }
}

impl<T: Real> ConstraintKernel<T> for MinMaxNorm {
    fn project(&self, block: &Block, parameters: &mut [T]) {
        rescale(self.per, block, parameters, |norm| {
            let nearest = norm.max(self.min).min(self.max);
            norm + self.rate * (nearest - norm)
        });
    }
}

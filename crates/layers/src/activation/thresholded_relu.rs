//! `thresholded-relu`: f(x) = x for x > θ, otherwise 0;  f′ = 1 where y > 0, otherwise 0.
//!
//! y = f(x), θ threshold. It jumps at θ. Source: Konda, Memisevic, Krueger (2015), *Zero-bias autoencoders
//! and the benefits of co-adapting features*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Activation, ActivationKernels, Checked, Facts, ScalarFunction};
use tanren_tensor::{Real, combine, map};

/// A rectifier that begins at a threshold.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct ThresholdedRelu {
    /// θ, from 0 on.
    #[setting(from = 0)]
    pub threshold: f64,
}

impl Default for ThresholdedRelu {
    fn default() -> Self {
        Self { threshold: 1.0 }
    }
}

#[typetag::serde(name = "thresholded-relu")]
impl Activation for ThresholdedRelu {
    fn facts(&self) -> Facts {
        let range = (0.0, f64::INFINITY);
        Facts { range, saturation: Some(range), ..Facts::default() }
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for ThresholdedRelu {
    fn apply<T: Real>(&self, x: &mut [T]) {
        let threshold = T::of(self.threshold);
        map(x, |x| if x <= threshold { T::ZERO } else { x });
    }
    fn differentiate<T: Real>(&self, _: &[T], y: &[T], dy: &mut [T]) {
        combine(dy, y, |dy, y| dy * if y > T::ZERO { T::ONE } else { T::ZERO });
    }
}

//! `prelu`: f(x) = x for x > 0, otherwise aₖ x, with a slope aₖ that is learnt for each feature k;
//! ∂x = ∂y for x > 0, otherwise aₖ ∂y;  ∂aₖ = Σ x ∂y over the columns in which x ≤ 0.
//!
//! Its block `slope` is features × 1. Source: He, Zhang, Ren, Sun (2015), *Delving deep into rectifiers*,
//! section 2.1. Penalties would draw the slopes to 0, so they are no weights.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Activation, ActivationKernel, ActivationKernels, BlockKind, Checked, Constant, Facts, Grads,
    ParamSpec, Params,
};
use tanren_tensor::{Real, Signal, SignalMut, Write};

/// A rectifier with a learnt slope below 0 for each feature.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Prelu {
    /// The slope at first, finite.
    pub slope: f64,
}

impl Default for Prelu {
    fn default() -> Self {
        Self { slope: 0.25 }
    }
}

#[typetag::serde(name = "prelu")]
impl Activation for Prelu {
    fn facts(&self) -> Facts {
        Facts::default()
    }
    fn params(&self, features: usize) -> Vec<ParamSpec> {
        let init = Constant { value: self.slope };
        vec![ParamSpec::new("slope", BlockKind::Gain, (features, 1), init)]
    }
    fn needs_input(&self) -> bool {
        true // a learnt slope may be negative, so that y does not tell the sign of x
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl<T: Real> ActivationKernel<T> for Prelu {
    fn forward(&self, params: Params<'_, T>, x: &mut SignalMut<'_, T>) {
        let slopes = params.slice(0);
        for column in x.iter_mut() {
            for (x, &slope) in column.iter_mut().zip(slopes) {
                *x *= if *x > T::ZERO { T::ONE } else { slope };
            }
        }
    }

    fn backward(
        &self,
        params: Params<'_, T>,
        x: Signal<'_, T>,
        _: Signal<'_, T>,
        dy: &mut SignalMut<'_, T>,
        mut grads: Grads<'_, T>,
    ) {
        if let Some((write, slopes)) = grads.slice(0) {
            if write == Write::Overwrite {
                slopes.fill(T::ZERO);
            }
            for (x, dy) in x.iter().zip(dy.iter_mut()) {
                for ((slope, &x), &mut dy) in slopes.iter_mut().zip(x).zip(dy) {
                    *slope += if x > T::ZERO { T::ZERO } else { x * dy };
                }
            }
        }
        let slopes = params.slice(0);
        for (x, dy) in x.iter().zip(dy.iter_mut()) {
            for ((dy, &x), &slope) in dy.iter_mut().zip(x).zip(slopes) {
                *dy *= if x > T::ZERO { T::ONE } else { slope };
            }
        }
    }
}

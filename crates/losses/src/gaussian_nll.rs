//! `gaussian-nll`: ½ Σ (ln v + (t − μ)² / v),  v = eˢ + ε;  with `full`, plus ½ k ln 2π.
//!
//! Outputs are the k means μ, then the k logarithms s of the variances; t are the k targets, ε keeps the
//! variance of a target that is met exactly from vanishing. The value is the negative logarithm of the
//! density of independent normal numbers. With l = ln v = ln ε + ln(1 + e^(s − ln ε)) nothing overflows: the
//! gradients are (μ − t) e⁻ˡ and ½ (1 − (t − μ)² e⁻ˡ) σ(s − ln ε). The prediction is μ. A target that is NaN
//! has no term. Source: Nix and Weigend (1994), *Estimating the mean and variance of the target probability
//! distribution*.

use crate::accept;
use crate::variance::{LN_TAU, log_variance};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, exp_scalar};

/// Likelihood of numbers whose mean and variance the network gives: two outputs for each target.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct GaussianNll {
    /// ε: the least variance, in units of the target as the network sees it; above 0.
    #[setting(above = 0)]
    pub floor: f64,
    /// Whether the value has the constant ½ k ln 2π.
    pub full: bool,
}

impl Default for GaussianNll {
    fn default() -> Self {
        Self { floor: 1e-6, full: false }
    }
}

#[typetag::serde(name = "gaussian-nll")]
impl Loss for GaussianNll {
    fn link(&self) -> Link {
        Link::Other("gaussian-nll")
    }

    fn domain(&self) -> Domain {
        Domain::Real
    }

    fn masks(&self) -> bool {
        true
    }

    fn predictions(&self, target: Shape, _: usize) -> usize {
        target.features
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        Ok(accept::numbers(target)?.saturating_mul(2))
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for GaussianNll {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        let targets = targets.dense();
        let k = targets.features();
        let (ln_floor, constant) = (self.floor.ln(), if self.full { LN_TAU } else { 0.0 });
        for (n, (value, z)) in values.iter_mut().zip(outputs.iter()).enumerate() {
            let mut out = gradient.as_mut().map(|to| (to.weights[n].f64(), to.out.column(n)));
            *value = 0.0;
            for (i, t) in targets.column(n).iter().map(|t| t.f64()).enumerate() {
                let (l, slope) = log_variance(z[k + i].f64(), ln_floor);
                let (d, precision) = (z[i].f64() - t, exp_scalar(-l));
                let far = d * d * precision;
                let (mut of_mean, mut of_s) = (d * precision, 0.5 * (1.0 - far) * slope);
                if t.is_nan() {
                    (of_mean, of_s) = (0.0, 0.0);
                } else {
                    *value += 0.5 * (l + far + constant);
                }
                if let Some((w, g)) = &mut out {
                    (g[i], g[k + i]) = (T::of(*w * of_mean), T::of(*w * of_s));
                }
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        for (z, p) in outputs.iter().zip(predictions.iter_mut()) {
            p.copy_from_slice(&z[..p.len()]);
        }
    }
}

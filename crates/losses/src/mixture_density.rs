//! `mixture-density`: −ln Σ πᵢ N(t; μᵢ, vᵢ I) over K components.
//!
//! Outputs are K logits a of π = softmax(a), K logarithms s of standard deviations, then K means μᵢ of D
//! numbers each; t are the D targets. vᵢ = e^2sᵢ + ε, where ε keeps a component from shrinking onto one
//! target. All densities are logarithms, added up by log-sum-exp, so that none vanishes. With rᵢ, the share
//! of component i in the density, the gradients are πᵢ − rᵢ, rᵢ (D − ‖t − μᵢ‖² / vᵢ) e^2sᵢ / vᵢ and
//! rᵢ (μᵢ − t) / vᵢ. The prediction is the mean Σ πᵢ μᵢ. Targets must be complete: a NaN is refused. Source:
//! Bishop (1994), *Mixture density networks*.

use crate::accept;
use crate::variance::{LN_TAU, log_variance};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{
    Input, Real, Shape, ShapeError, Signal, SignalMut, exp_scalar, log_sum_exp, with_scratch,
};

/// Likelihood of numbers under a mixture of normal densities that the network gives.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct MixtureDensity {
    /// K: how many normal densities are mixed; 1 or more. The network ends in K (2 + D) outputs.
    #[setting(from = 1, to = 65536)]
    pub components: usize,
    /// ε: the least variance, in units of the target as the network sees it; above 0.
    #[setting(above = 0)]
    pub floor: f64,
}

impl Default for MixtureDensity {
    fn default() -> Self {
        Self { components: 3, floor: 1e-6 }
    }
}

#[typetag::serde(name = "mixture-density")]
impl Loss for MixtureDensity {
    fn link(&self) -> Link {
        Link::Other("mixture-density")
    }

    fn domain(&self) -> Domain {
        Domain::Real
    }

    fn predictions(&self, target: Shape, _: usize) -> usize {
        target.features
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        Ok((accept::numbers(target)?.saturating_add(2)).saturating_mul(self.components))
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for MixtureDensity {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        let (k, targets, ln_floor) = (self.components, targets.dense(), self.floor.ln());
        let d = targets.features();
        with_scratch(2 * k, |scratch: &mut [f64]| {
            let (logs, fars) = scratch.split_at_mut(k);
            for (n, (value, z)) in values.iter_mut().zip(outputs.iter()).enumerate() {
                let (t, all) = (targets.column(n), log_sum_exp(&z[..k]));
                for (i, mu) in z[2 * k..].chunks_exact(d).enumerate() {
                    let (l, _) = log_variance(2.0 * z[k + i].f64(), ln_floor);
                    let square = |(mu, t): (&T, &T)| (mu.f64() - t.f64()).powi(2);
                    fars[i] = mu.iter().zip(t).map(square).sum::<f64>() * exp_scalar(-l);
                    logs[i] = z[i].f64() - all - 0.5 * (d as f64 * (l + LN_TAU) + fars[i]);
                }
                let density = log_sum_exp(logs);
                *value = -density;
                let Some(LossGradient { weights, out }) = &mut gradient else { continue };
                let (w, g) = (weights[n].f64(), out.column(n));
                for (i, mu) in z[2 * k..].chunks_exact(d).enumerate() {
                    let r = exp_scalar(logs[i] - density);
                    let (l, slope) = log_variance(2.0 * z[k + i].f64(), ln_floor);
                    g[i] = T::of(w * (exp_scalar(z[i].f64() - all) - r));
                    g[k + i] = T::of(w * r * (d as f64 - fars[i]) * slope);
                    let of_mean = w * r * exp_scalar(-l);
                    for ((g, mu), t) in g[2 * k + i * d..].iter_mut().zip(mu).zip(t) {
                        *g = T::of(of_mean * (mu.f64() - t.f64()));
                    }
                }
            }
        });
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        let (k, d) = (self.components, predictions.features());
        for (z, p) in outputs.iter().zip(predictions.iter_mut()) {
            let all = log_sum_exp(&z[..k]);
            for (at, p) in p.iter_mut().enumerate() {
                let of = |i: usize| exp_scalar(z[i].f64() - all) * z[2 * k + i * d + at].f64();
                *p = T::of((0..k).map(of).sum());
            }
        }
    }
}

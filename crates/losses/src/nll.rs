//! `nll`: −Σ t z, for networks whose outputs z are logarithms of probabilities.
//!
//! t a distribution, or a class index c, for which it is −z_c. The network ends in a layer that gives such
//! numbers, `log-softmax`; any other is refused, because without it the loss has no least value. Together
//! they are `cross-entropy`, which needs no such layer. The gradient is −t; the prediction is eᶻ. Source:
//! Bridle (1990), *Probabilistic interpretation of feedforward classification network outputs*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, exp};

/// Negative log-likelihood of outputs that are logarithms of probabilities already.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Nll {}

#[typetag::serde(name = "nll")]
impl Loss for Nll {
    fn link(&self) -> Link {
        Link::Exp
    }

    fn domain(&self) -> Domain {
        Domain::Distribution
    }

    fn range(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, 0.0)
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::classes(target, "binary-cross-entropy")
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for Nll {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        for (n, (value, z)) in values.iter_mut().zip(outputs.iter()).enumerate() {
            let out = gradient.as_mut().map(|to| (to.weights[n], to.out.column(n)));
            match targets {
                Input::Indices(t) => {
                    let class = t.data[n] as usize;
                    *value = -z[class].f64();
                    if let Some((w, g)) = out {
                        g.fill(T::ZERO);
                        g[class] = -w;
                    }
                }
                Input::Dense(t) => {
                    let t = t.column(n);
                    // A class that cannot be is not asked for its logarithm, which may be −∞.
                    let terms = z.iter().zip(t).filter(|(_, t)| **t != T::ZERO);
                    *value = terms.fold(0.0, |sum, (z, t)| sum - t.f64() * z.f64());
                    if let Some((w, g)) = out {
                        g.iter_mut().zip(t).for_each(|(g, &t)| *g = -w * t);
                    }
                }
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(outputs.data());
        exp(predictions.data());
    }
}

//! `poisson`: Σ (ŷ − t ln ŷ) with ŷ = eᶻ, computed as Σ (eᶻ − t z); with `full`, plus Σ ln t!.
//!
//! z outputs, t counts of 0 or more; the value is their sum, the negative logarithm of their probability.
//! No logarithm is taken of a prediction, so one near 0 is as exact as any other. ln t! depends on the
//! targets alone; it is that of the gamma function, exact where PyTorch has Stirling's formula. The
//! gradient is ŷ − t. Source: Nelder and Wedderburn (1972), *Generalized linear models*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError, exp_scalar, ln_scalar};

/// Likelihood of counts, with an exponential link.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Poisson {
    /// Whether the value has the term ln t!, which no output changes.
    pub full: bool,
}

#[typetag::serde(name = "poisson")]
impl Loss for Poisson {
    fn link(&self) -> Link {
        Link::Exp
    }

    fn domain(&self) -> Domain {
        Domain::NonNegative
    }

    fn separable(&self) -> Option<Reduction> {
        Some(self.reduction())
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::numbers(target)
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl LossTerms for Poisson {
    fn reduction(&self) -> Reduction {
        Reduction::Sum
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        let value = exp_scalar(z) - t * z;
        if self.full { value + ln_factorial(t) } else { value }
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        exp_scalar(z) - t
    }

    #[inline(always)]
    fn prediction<T: Real>(&self, z: T) -> T {
        exp_scalar(z)
    }
}

/// ln t! = ln Γ(t + 1) for t ≥ 0: Stirling's series, from where its fifth term is exact.
fn ln_factorial(t: f64) -> f64 {
    let (mut x, mut product) = (t + 1.0, 1.0);
    while x < 15.0 {
        product *= x;
        x += 1.0;
    }
    let square = 1.0 / (x * x);
    let series = [1.0 / 12.0, -1.0 / 360.0, 1.0 / 1260.0, -1.0 / 1680.0, 1.0 / 1188.0];
    let tail = series.iter().rev().fold(0.0, |sum, c| sum * square + c) / x;
    (x - 0.5) * ln_scalar(x) - x + 0.5 * std::f64::consts::TAU.ln() + tail - ln_scalar(product)
}

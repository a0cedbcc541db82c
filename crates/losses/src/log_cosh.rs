//! `log-cosh`: Σ ln cosh(z − t) / k.
//!
//! z outputs, t targets, k their number. Close to ½ d² for a small error d, to |d| − ln 2 for a large one,
//! and smooth throughout; the derivative is tanh d. Computed as |d| + ln(1 + e^−2|d|) − ln 2, which does
//! not overflow, and by its series where that would lose digits. Source: Green (1990), *Bayesian
//! reconstructions from emission tomography data using a modified EM algorithm*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossKernels, LossTerms, Reduction};
use tanren_tensor::{Real, Shape, ShapeError, softplus_scalar, tanh_scalar};

/// The coefficient of d⁸ in ln cosh d, without its sign.
const EIGHTH: f64 = 17.0 / 2520.0;

/// Logarithm of the hyperbolic cosine of the error.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct LogCosh {}

#[typetag::serde(name = "log-cosh")]
impl Loss for LogCosh {
    fn link(&self) -> Link {
        Link::Identity
    }

    fn domain(&self) -> Domain {
        Domain::Real
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

impl LossTerms for LogCosh {
    fn reduction(&self) -> Reduction {
        Reduction::Mean
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        let size = (z - t).abs();
        let square = size * size;
        // Up to 0.02 the next term of the series is below the last digit.
        let series =
            square * (0.5 - square * (1.0 / 12.0 - square * (1.0 / 45.0 - square * EIGHTH)));
        let whole = size + softplus_scalar(-2.0 * size) - std::f64::consts::LN_2;
        if size < 0.02 { series } else { whole }
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        tanh_scalar(z - t)
    }
}

//! `Beta`: the formulas of conjugate gradients.
//!
//! g gradient, g₋ that of the step before, y = g − g₋, d₋ the direction of the step before.

use serde::{Deserialize, Serialize};
use tanren_plugin::Checked;

/// How much of the last direction is kept. All formulas agree on a quadratic with exact steps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Beta {
    /// max(0, gᵀy / g₋ᵀg₋): begins anew by itself where a step made little progress. Polak, Ribière
    /// (1969), cut off at 0 by Powell (1984).
    #[default]
    PolakRibiere,
    /// gᵀg / g₋ᵀg₋. Fletcher, Reeves (1964), *Function minimization by conjugate gradients*.
    FletcherReeves,
    /// max(0, gᵀy / d₋ᵀy). Hestenes, Stiefel (1952), cut off at 0.
    HestenesStiefel,
    /// gᵀg / d₋ᵀy. Dai, Yuan (1999), *A nonlinear conjugate gradient method with a strong global
    /// convergence property*.
    DaiYuan,
    /// (y − 2 d₋ yᵀy / d₋ᵀy)ᵀg / d₋ᵀy, and at least −1 / (‖d₋‖ min(0.01, ‖g₋‖)). Hager, Zhang (2005),
    /// *A new conjugate gradient method with guaranteed descent and an efficient line search*.
    HagerZhang,
}

/// The inner products of which the formulas consist.
#[derive(Clone, Copy, Debug)]
pub(super) struct Products {
    /// gᵀg
    pub(super) gg: f64,
    /// gᵀg₋
    pub(super) gl: f64,
    /// g₋ᵀg₋
    pub(super) ll: f64,
    /// gᵀd₋
    pub(super) gd: f64,
    /// g₋ᵀd₋
    pub(super) ld: f64,
    /// d₋ᵀd₋
    pub(super) dd: f64,
}

impl Beta {
    /// The usual ν: these two go on in a poor direction once they have met one.
    pub(super) const fn orthogonality(self) -> Option<f64> {
        match self {
            Self::FletcherReeves | Self::DaiYuan => Some(0.5),
            Self::PolakRibiere | Self::HestenesStiefel | Self::HagerZhang => None,
        }
    }

    /// β; not a number where a formula divides by 0.
    pub(super) fn of(self, Products { gg, gl, ll, gd, ld, dd }: Products) -> f64 {
        let (gy, dy) = (gg - gl, gd - ld);
        let divisor = match self {
            Self::PolakRibiere | Self::FletcherReeves => ll,
            Self::HestenesStiefel | Self::DaiYuan | Self::HagerZhang => dy,
        };
        if divisor == 0.0 {
            return f64::NAN; // which `max` would hide
        }
        match self {
            Self::PolakRibiere => (gy / ll).max(0.0),
            Self::FletcherReeves => gg / ll,
            Self::HestenesStiefel => (gy / dy).max(0.0),
            Self::DaiYuan => gg / dy,
            Self::HagerZhang => {
                let yy = gg - 2.0 * gl + ll;
                let least = -1.0 / (dd.sqrt() * ll.sqrt().min(0.01));
                ((gy - 2.0 * gd * yy / dy) / dy).max(least)
            }
        }
    }
}

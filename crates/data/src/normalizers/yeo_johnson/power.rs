//! ψ of Yeo and Johnson, and the way back.

/// ψ with its power λ, moved and scaled so that it is 0 with slope 1 in ln (1 + |x|) at the pivot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Power {
    /// λ.
    pub(super) lambda: f64,
    /// The pivot, as sign x ln (1 + |x|).
    pub(super) pivot: f64,
}

/// (e^(λ d) − 1) / λ, or d with λ = 0.
fn ratio(lambda: f64, d: f64) -> f64 {
    if lambda.abs() < TINY { d } else { (lambda * d).exp_m1() / lambda }
}

/// d of a [`ratio`]; ±∞ beyond its end.
fn unratio(lambda: f64, r: f64) -> f64 {
    match lambda * r {
        _ if lambda.abs() < TINY => r,
        beyond if beyond <= -1.0 => -1.0 / lambda * f64::INFINITY,
        product => product.ln_1p() / lambda,
    }
}

/// A power as small as this is 0: its products would lose digits.
const TINY: f64 = 1e-200;

impl Power {
    /// The same with the signs of all numbers changed.
    const fn mirrored(self) -> Self {
        Self { lambda: 2.0 - self.lambda, pivot: -self.pivot }
    }

    /// ψ(x), as far as it is moved and scaled.
    pub(super) fn value(self, x: f64) -> f64 {
        if self.pivot < 0.0 {
            return -self.mirrored().value(-x);
        }
        let Self { lambda, pivot } = self;
        if lambda == 1.0 && pivot == 0.0 {
            return x;
        }
        if x >= 0.0 {
            return ratio(lambda, x.ln_1p() - pivot);
        }
        let below = ratio(2.0 - lambda, (-x).ln_1p());
        ratio(lambda, -pivot) - below * (-lambda * pivot).exp()
    }

    /// x of a [`value`](Self::value); ±∞ beyond the ends.
    pub(super) fn back(self, value: f64) -> f64 {
        if self.pivot < 0.0 {
            return -self.mirrored().back(-value);
        }
        let Self { lambda, pivot } = self;
        if lambda == 1.0 && pivot == 0.0 {
            return value;
        }
        let zero = ratio(lambda, -pivot);
        if value >= zero {
            return (pivot + unratio(lambda, value)).exp_m1();
        }
        -unratio(2.0 - lambda, (zero - value) * (lambda * pivot).exp()).exp_m1()
    }
}

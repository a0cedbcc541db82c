//! Quantiles of numbers, and of the normal distribution.

use tanren_tensor::normal_cdf_scalar;

/// The quantile of a share p of some numbers in ascending order: with h = p (n − 1), the line from number
/// ⌊h⌋ to the next one (Hyndman and Fan 1996, *Sample quantiles in statistical packages*, definition 7). 0
/// of none.
pub(crate) fn quantile(ascending: &[f64], share: f64) -> f64 {
    let Some(last) = ascending.len().checked_sub(1) else { return 0.0 };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let below = (place as usize).min(last);
    between(ascending[below], ascending[(below + 1).min(last)], place - below as f64)
}

/// The number that is a share of the way from a to b.
pub(crate) fn between(a: f64, b: f64, share: f64) -> f64 {
    match b - a {
        way if way.is_finite() => a + way * share,
        _ => a * (1.0 - share) + b * share, // from one end of the numbers to the other
    }
}

/// Φ⁻¹(p): the number below which a standard normal number is with probability p. −∞ and ∞ at 0 and 1.
///
/// From a rational approximation (Abramowitz and Stegun 1964, 26.2.23; error below 4.5e−4) by two of
/// Halley's steps, each of which cubes the error, in the lower half, where Φ has all its digits.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 {
        return -normal_quantile(1.0 - p);
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    let t = (-2.0 * p.ln()).sqrt();
    let upper = 0.010_328_f64.mul_add(t, 0.802_853).mul_add(t, 2.515_517);
    let lower = 0.001_308_f64.mul_add(t, 0.189_269).mul_add(t, 1.432_788).mul_add(t, 1.0);
    let mut x = upper / lower - t;
    for _ in 0..2 {
        let density = (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
        let newton = (normal_cdf_scalar(x) - p) / density;
        x -= newton / (1.0 + 0.5 * x * newton);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_by_hand() {
        assert_eq!(quantile(&[], 0.3), 0.0);
        assert_eq!(quantile(&[7.0], 0.3), 7.0);
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert_eq!(quantile(&[1.0, 2.0, 4.0], 1.0), 4.0);
        assert_eq!(quantile(&[-1.5e308, 1.5e308], 0.5), 0.0);
    }

    #[test]
    fn normal_quantiles_invert_the_distribution() {
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(0.5).abs() < 1e-16);
        // scipy.special.ndtri, SciPy 1.17.1
        for (p, x) in [
            (0.975, 1.959_963_984_540_054),
            (0.25, -0.674_489_750_196_081_7),
            (1e-7, -5.199_337_582_192_816),
            (1e-300, -37.047_096_299_361_2),
        ] {
            assert!(
                (normal_quantile(p) - x).abs() < 1e-14 * x.abs(),
                "{p}: {}",
                normal_quantile(p)
            );
        }
        for k in 1..1000 {
            let p = f64::from(k) / 1000.0;
            assert!((normal_cdf_scalar(normal_quantile(p)) - p).abs() < 1e-15);
        }
    }
}

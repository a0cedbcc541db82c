//! Minima of the polynomials through points of a line.
//!
//! Source: Nocedal, Wright (2006), *Numerical optimization*, section 3.5. Where a polynomial has no
//! minimum the result is not finite.

use tanren_plugin::Point;

/// Of the cubic with the values and slopes of two points.
pub(super) fn cubic(a: Point, b: Point) -> f64 {
    let d1 = a.slope + b.slope - 3.0 * (a.value - b.value) / (a.step - b.step);
    // d₂² = d₁² − φ′(a) φ′(b), scaled so that nothing overflows.
    let scale = d1.abs().max(a.slope.abs()).max(b.slope.abs());
    let root = ((d1 / scale).powi(2) - (a.slope / scale) * (b.slope / scale)).sqrt();
    let d2 = scale * root.copysign(b.step - a.step);
    b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2)
}

/// Of the parabola with the value and slope of `a` and the value of `b`.
pub(super) fn quadratic(a: Point, b: Point) -> f64 {
    let h = b.step - a.step;
    a.step + a.slope * h / ((a.value - b.value) / h + a.slope) / 2.0
}

/// Of the parabola with the slopes of two points.
pub(super) fn secant(a: Point, b: Point) -> f64 {
    b.step - b.slope * (b.step - a.step) / (b.slope - a.slope)
}

/// Of the cubic with the value and slope of `start`, at step 0, and the values of two other points.
pub(super) fn cubic_of_values(start: Point, last: Point, before: Point) -> f64 {
    let rest = |p: Point| (p.value - start.value - start.slope * p.step) / (p.step * p.step);
    let (r0, r1) = (rest(before), rest(last));
    let a = (r1 - r0) / (last.step - before.step);
    let b = (r0 * last.step - r1 * before.step) / (last.step - before.step);
    // The root of 3a α² + 2b α + φ′(0) with positive curvature, in the form that does not cancel.
    let root = (b * b - 3.0 * a * start.slope).sqrt();
    match b > 0.0 {
        true => -start.slope / (b + root),
        false => (root - b) / (3.0 * a),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A point of a cubic.
    fn at(step: f64) -> Point {
        let value = 0.5 * step.powi(3) - 2.0 * step * step - 1.5 * step + 4.0;
        Point { step, value, slope: 1.5 * step * step - 4.0 * step - 1.5 }
    }

    #[test]
    fn cubics_are_minimised_exactly() {
        let minimum = (4.0 + 25f64.sqrt()) / 3.0;
        for (a, b) in [(0.0, 1.0), (0.0, 5.0), (5.0, 0.5), (10.0, 2.0)] {
            assert!((cubic(at(a), at(b)) - minimum).abs() < 1e-12, "{a} {b}");
        }
        for (last, before) in [(1.0, 2.0), (0.5, 6.0), (4.0, 3.5)] {
            let found = cubic_of_values(at(0.0), at(last), at(before));
            assert!((found - minimum).abs() < 1e-12, "{last} {before}: {found}");
        }
    }

    #[test]
    fn parabolas_are_minimised_exactly() {
        let at = |step: f64| Point {
            step,
            value: 3.0 * (step - 2.0).powi(2) + 1.0,
            slope: 6.0 * (step - 2.0),
        };
        for (a, b) in [(0.0, 1.0), (0.0, 5.0), (7.0, 3.0)] {
            assert!((quadratic(at(a), at(b)) - 2.0).abs() < 1e-12);
            assert!((secant(at(a), at(b)) - 2.0).abs() < 1e-12);
            assert!((cubic(at(a), at(b)) - 2.0).abs() < 1e-12);
        }
        let found = cubic_of_values(at(0.0), at(1.0), at(5.0));
        assert!((found - 2.0).abs() < 1e-12, "{found}");
    }

    #[test]
    fn what_has_no_minimum_gives_no_number() {
        let down = |step: f64| Point { step, value: -step, slope: -1.0 };
        assert!(!cubic(down(0.0), down(1.0)).is_finite());
        assert!(!secant(down(0.0), down(1.0)).is_finite());
    }
}

//! The smallest value of a function of one number.

/// Where a function with a single valley between `low` and `high` is smallest, to within `tolerance` or what
/// the precision of numbers allows.
///
/// Each step takes the lowest point of the parabola through the three best points, or, where that does not
/// shrink the interval fast enough, the golden section. Source: Brent (1973), *Algorithms for minimization
/// without derivatives*, chapter 5.
pub(crate) fn minimum(
    (mut low, mut high): (f64, f64),
    tolerance: f64,
    mut f: impl FnMut(f64) -> f64,
) -> f64 {
    const GOLDEN: f64 = 0.381_966_011_250_105_1; // (3 − √5) / 2
    /// Golden sections alone reach any interval of numbers in fewer steps.
    const STEPS: usize = 200;
    let mut best = Point::of(low + GOLDEN * (high - low), &mut f);
    let (mut second, mut third) = (best, best);
    let (mut step, mut before): (f64, f64) = (0.0, 0.0);
    for _ in 0..STEPS {
        let middle = low + (high - low) / 2.0;
        let near = f64::EPSILON * best.x.abs() + tolerance / 3.0;
        if (best.x - middle).abs() <= 2.0 * near - (high - low) / 2.0 {
            break;
        }
        let (p, q) = parabola(best, second, third);
        let inside = p > q * (low - best.x) && p < q * (high - best.x);
        if before.abs() > near && p.abs() < (0.5 * q * before).abs() && inside {
            (before, step) = (step, p / q);
            let to = best.x + step;
            if to - low < 2.0 * near || high - to < 2.0 * near {
                step = if best.x < middle { near } else { -near };
            }
        } else {
            before = if best.x < middle { high - best.x } else { low - best.x };
            step = GOLDEN * before;
        }
        let least = if step > 0.0 { near } else { -near };
        let next = best.x + if step.abs() >= near { step } else { least };
        let next = Point::of(next, &mut f);
        if next.y <= best.y {
            if next.x < best.x {
                high = best.x
            } else {
                low = best.x
            }
            (third, second, best) = (second, best, next);
        } else {
            if next.x < best.x {
                low = next.x
            } else {
                high = next.x
            }
            if next.y <= second.y || second.x == best.x {
                (third, second) = (second, next);
            } else if next.y <= third.y || third.x == best.x || third.x == second.x {
                third = next;
            }
        }
    }
    best.x
}

/// A place and the value there.
#[derive(Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

impl Point {
    fn of(x: f64, f: &mut impl FnMut(f64) -> f64) -> Self {
        Self { x, y: f(x) }
    }
}

/// How far it is from `best` to the lowest point of the parabola through three points, as p / q with q ≥ 0.
fn parabola(best: Point, second: Point, third: Point) -> (f64, f64) {
    let r = (best.x - second.x) * (best.y - third.y);
    let q = (best.x - third.x) * (best.y - second.y);
    let p = (best.x - third.x) * q - (best.x - second.x) * r;
    let q = 2.0 * (q - r);
    if q > 0.0 { (-p, q) } else { (p, -q) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valleys_are_found() {
        for at in [-3.0, 0.0, 0.1, 1e-3, 9.9] {
            let mut calls = 0;
            let found = minimum((-10.0, 10.0), 1e-12, |x| {
                calls += 1;
                (x - at).powi(2)
            });
            assert!((found - at).abs() < 1e-9 && calls < 15, "{at}: {found} in {calls}");
            let found = minimum((-10.0, 10.0), 1e-12, |x| (x - at).abs());
            assert!((found - at).abs() < 1e-11, "{at}: {found}");
        }
        // At an end, and over an interval of any size.
        assert!(minimum((0.0, 1.0), 1e-9, |x| x) < 1e-8);
        assert!((minimum((-1e20, 1e20), 1e-3, |x| (x - 5.0).powi(2)) - 5.0).abs() < 1e-2);
    }
}

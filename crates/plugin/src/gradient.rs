//! The gradient check: analytic derivatives against central differences, in double precision.
//!
//! With `ε = 1e-5`, `n = (f(x + ε) − f(x − ε)) / 2ε` and the analytic derivative `a`:
//!
//! > `|a − n| ≤ 1e-6 · max(|a|, |n|) + 1e-9 · max(1, ‖g‖∞)`
//!
//! **Kinks.** Let `B(ε) = (f(x + ε) − f(x)) / ε − (f(x) − f(x − ε)) / ε`, the bend: by how much the
//! slope to the right exceeds that to the left. Where `f` is smooth, `B(ε) ≈ ε f″(x)`: it halves
//! with ε, however strong the curvature. A kink of jump `J` at distance `c < ε` gives
//! `B(ε) = J (1 − c/ε)`, which does not halve. One halving alone can be deceived (`c = ε/3` halves
//! by accident), two cannot: over all `c`, the larger of `|B(ε) − 2B(ε/2)|` and
//! `|B(ε/2) − 2B(ε/4)|` is at least `B(ε)/3` at a kink, and of order `ε³` on a smooth function.
//!
//! A kink excuses a coordinate only when the analytic derivative lies between the two slopes, so an
//! error larger than the kink is reported even there. At most 2 % of the coordinates may be excused,
//! none when the function is declared smooth.
//!
//! **Jumps of f″**, as in the exponential linear unit at 0, leave the derivative continuous but make
//! the error of `n` of order ε instead of ε². Such a coordinate is right when the disagreement
//! shrinks with ε: that of a wrong derivative does not.

mod failure;

use crate::{Ask, Block, Objective};
pub use failure::{Failure, ensure};

/// ε of the central differences.
pub const STEP: f64 = 1e-5;
/// Tolerance relative to the derivative.
pub const RELATIVE: f64 = 1e-6;
/// Tolerance relative to the largest derivative, or 1.
pub const ABSOLUTE: f64 = 1e-9;
/// The share of coordinates that kinks may excuse.
pub const KINKS: f64 = 0.02;
/// The bend, relative to the largest derivative or 1, from which on a kink is held against a
/// function declared smooth. A jump of f″ by 1 makes a bend of at most ε.
const VISIBLE: f64 = 1e-3;

/// What a successful check found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// Coordinates looked at.
    pub coordinates: usize,
    /// Those among them that were excused because of a kink.
    pub kinks: Vec<usize>,
}

/// What was found at one coordinate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both derivatives agree.
    Agrees,
    /// There is a kink, and the analytic derivative lies between its two slopes.
    Kink,
}

/// Slopes to the left, to the right and across.
struct Slopes {
    left: f64,
    right: f64,
    central: f64,
}

impl Slopes {
    fn of(line: &mut dyn FnMut(f64) -> f64, at: f64, middle: f64, step: f64) -> Self {
        // The steps as they are after rounding, which matters for large |at|.
        let (down, up) = (at - step, at + step);
        let (low, high) = (line(down), line(up));
        Self {
            left: (middle - low) / (at - down),
            right: (high - middle) / (up - at),
            central: (high - low) / (up - down),
        }
    }

    fn bend(&self) -> f64 {
        self.right - self.left
    }
}

/// Checks the derivative of a function of one variable at one point. `largest` is ‖g‖∞.
///
/// # Errors
/// The derivatives, the tolerance and, for a kink, both slopes.
pub fn coordinate(
    line: &mut dyn FnMut(f64) -> f64,
    at: f64,
    analytic: f64,
    largest: f64,
    smooth: bool,
) -> Result<Verdict, Failure> {
    let middle = line(at);
    let mut slopes = |step| Slopes::of(line, at, middle, step);
    let wide = slopes(STEP);
    let (numeric, bend, scale) = (wide.central, wide.bend(), largest.max(1.0));
    let tolerance = RELATIVE * analytic.abs().max(numeric.abs()) + ABSOLUTE * scale;
    let off = (analytic - numeric).abs();
    let agrees = off <= tolerance; // false for NaN
    let suspicious = smooth && bend.abs() > VISIBLE * scale;
    if agrees && !suspicious {
        return Ok(Verdict::Agrees);
    }

    let kink = bend.abs() > 10.0 * tolerance && {
        let (half, quarter) = (slopes(STEP / 2.0).bend(), slopes(STEP / 4.0).bend());
        let defect = (bend - 2.0 * half).abs().max((half - 2.0 * quarter).abs());
        defect > bend.abs() / 4.0
    };
    // Beside a kink the function may be curved: the slopes at it are those of ever smaller steps.
    let half = slopes(STEP / 2.0);
    let (left, right) = (2.0 * half.left - wide.left, 2.0 * half.right - wide.right);
    if kink && suspicious {
        let message = format!(
            "declared smooth, but at {at:e} the slope is {left:e} to the left and {right:e} to the right"
        );
        return Err(Failure::new("smooth", message));
    }
    let between =
        analytic >= left.min(right) - tolerance && analytic <= left.max(right) + tolerance;
    if agrees {
        return Ok(Verdict::Agrees);
    } else if kink && between && !smooth {
        return Ok(Verdict::Kink);
    }
    let closer = (analytic - slopes(STEP / 16.0).central).abs();
    if closer <= off / 8.0 && closer <= 16.0 * tolerance {
        return Ok(Verdict::Agrees);
    }
    let excuse = if kink {
        format!("; not excused by the kink there, slopes {left:e} and {right:e}")
    } else {
        String::new()
    };
    Err(Failure::new(
        "gradient",
        format!(
            "at {at:e}: analytic {analytic:e}, numeric {numeric:e}, off by {off:e}, allowed {tolerance:e}{excuse}"
        ),
    ))
}

/// Checks `gradient` as that of `f` at the point `at`, coordinate by coordinate.
///
/// # Errors
/// The first coordinate that is wrong, or too many kinks.
pub fn check(
    f: &mut dyn FnMut(&[f64]) -> f64,
    at: &[f64],
    gradient: &[f64],
    smooth: bool,
) -> Result<Report, Failure> {
    let all: Vec<usize> = (0..at.len()).collect();
    check_some(f, at, gradient, &all, smooth)
}

/// Checks only the coordinates `which`.
///
/// # Errors
/// The first coordinate that is wrong, or too many kinks.
pub fn check_some(
    f: &mut dyn FnMut(&[f64]) -> f64,
    at: &[f64],
    gradient: &[f64],
    which: &[usize],
    smooth: bool,
) -> Result<Report, Failure> {
    ensure(at.len() == gradient.len(), "gradient", || {
        format!("{} derivatives of {} coordinates", gradient.len(), at.len())
    })?;
    let largest = which.iter().fold(0.0, |m: f64, &i| m.max(gradient[i].abs()));
    let mut point = at.to_vec();
    let mut kinks = Vec::new();
    for &i in which {
        let mut line = |x| {
            point[i] = x;
            f(&point)
        };
        let verdict = coordinate(&mut line, at[i], gradient[i], largest, smooth);
        point[i] = at[i];
        match verdict.map_err(|failure| failure.at(format_args!("coordinate {i}")))? {
            Verdict::Agrees => {}
            Verdict::Kink => kinks.push(i),
        }
    }
    let coordinates = which.len();
    ensure(kinks.len() as f64 <= KINKS * coordinates as f64, "kinks", || {
        let count = kinks.len();
        format!("{count} of {coordinates} coordinates are kinks, more than 2 %: {kinks:?}")
    })?;
    Ok(Report { coordinates, kinks })
}

/// Checks the gradient of an objective, penalties included, in its trainable coordinates; also that
/// every trainable number is written and that repetition gives the same bits.
///
/// # Errors
/// The first coordinate that is wrong, too many kinks, or an unwritten number.
pub fn objective(
    objective: &mut dyn Objective<f64>,
    parameters: &[f64],
    smooth: bool,
) -> Result<Report, Failure> {
    let offers = objective.offers();
    ensure(offers.value && offers.gradient, "offers", || {
        format!("a gradient check needs value and gradient; this objective offers {offers}")
    })?;
    let blocks = objective.layout().blocks().to_vec();
    let trainable = blocks.iter().filter(|b| b.trainable());
    let which: Vec<usize> = trainable.flat_map(|b| b.range.clone()).collect();
    let mut ask = |at: &[f64], gradient: Option<&mut [f64]>| {
        let penalty = true;
        objective.evaluate(at, Ask { penalty, gradient }).value()
    };
    let mut gradient = vec![f64::NAN; parameters.len()];
    let value = ask(parameters, Some(&mut gradient));
    let unwritten = which.iter().find(|&&i| gradient[i].is_nan());
    ensure(unwritten.is_none(), "written-whole", || {
        format!("derivative {unwritten:?} is NaN or was not written")
    })?;
    let again = ask(parameters, None);
    ensure(value.to_bits() == again.to_bits(), "repeatable", || {
        format!("value {value:e} with gradient, {again:e} without, at the same point")
    })?;
    let report = check_some(&mut |at| ask(at, None), parameters, &gradient, &which, smooth);
    report.map_err(|failure| {
        let place = |b: &&Block| format!("{} at {:?}", b.path(), b.range);
        let list: Vec<String> =
            blocks.iter().filter(|b| b.trainable()).map(|b| place(&b)).collect();
        failure.at(format_args!("blocks [{}]", list.join(", ")))
    })
}

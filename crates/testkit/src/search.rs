//! What every search must satisfy: a fixed rate, or an accepted step on lines that go down.

use crate::failure::{self, Failure, ensure};
use tanren_plugin::{Clock, Line, Point, Search, SearchFailure};

/// How a search is checked.
#[derive(Clone, Debug)]
pub struct SearchOptions {
    /// The steps at which quadratics have their minimum: where the search has to find its way to.
    pub minima: Vec<f64>,
    /// Evaluations on one line after which it is considered lost.
    pub evaluations: usize,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { minima: vec![0.01, 0.3, 1.0, 7.0, 100.0], evaluations: 200 }
    }
}

/// A line given by value and slope, which counts what it is asked.
struct Given<'a> {
    value: &'a dyn Fn(f64) -> f64,
    slope: &'a dyn Fn(f64) -> f64,
    asked: Vec<f64>,
    slopes: usize,
    most: usize,
}

impl Line for Given<'_> {
    fn start(&self) -> Point {
        Point { step: 0.0, value: (self.value)(0.0), slope: (self.slope)(0.0) }
    }

    fn value(&mut self, step: f64) -> Point {
        self.asked.push(step);
        // A search that never ends meets this wall, which no search can prefer to its start.
        let value = if self.asked.len() > self.most { f64::NAN } else { (self.value)(step) };
        Point { step, value, slope: f64::NAN }
    }

    fn value_and_slope(&mut self, step: f64) -> Point {
        self.slopes += 1;
        Point { slope: (self.slope)(step), ..self.value(step) }
    }
}

/// Asserts that a search is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn search(search: &dyn Search) {
    failure::assert(check(search, &SearchOptions::default()));
}

/// [`search()`] with options.
///
/// # Panics
/// When the search is not right.
#[track_caller]
pub fn search_with(search: &dyn Search, options: &SearchOptions) {
    failure::assert(check(search, options));
}

/// Checks: a fixed rate is finite, not negative and a pure function of the clock. Without one,
///
/// * on quadratics whose minimum lies at steps from 0.01 to 100 (see the options) it finds a step of lower
///   value, and reports the value that is there;
/// * a line that goes up, or is not a number, is refused;
/// * a line that becomes infinite gives no infinite result;
/// * nothing is asked for unless `needs` says so, neither values nor slopes; there is an end to asking.
///
/// # Errors
/// The first rule that is broken.
pub fn check(search: &dyn Search, options: &SearchOptions) -> Result<(), Failure> {
    failure::in_range(search)?;
    let fixed = search.rate(Clock::default()).is_some();
    for clock in crate::schedule::clocks() {
        let (rate, again) = (search.rate(clock), search.rate(clock));
        ensure(rate == again && rate.is_some() == fixed, "pure", || {
            format!("rate {rate:?}, then {again:?} at {clock:?}")
        })?;
        ensure(rate.is_none_or(|r| r.is_finite() && r >= 0.0), "rate", || {
            format!("rate {rate:?} at {clock:?}")
        })?;
    }
    if fixed {
        return Ok(());
    }
    for &minimum in &options.minima {
        for scale in [1e-3, 1.0, 1e3] {
            let value = |a: f64| scale * (0.5 * a * a / minimum - a);
            let slope = |a: f64| scale * (a / minimum - 1.0);
            let at = |f: Failure| {
                f.at(format_args!("quadratic with slope −{scale:e} and minimum at step {minimum}"))
            };
            match look((search, options), &value, &slope).map_err(at)? {
                Ok(point) => accepted(&value, point).map_err(at)?,
                Err(failure) => return Err(at(Failure::new("accepts", failure))),
            }
        }
    }
    let up = look((search, options), &|a| a, &|_| 1.0)?;
    ensure(up.is_err(), "refuses", || format!("accepted {up:?} on a line that goes up"))?;
    let nan = |a: f64| if a == 0.0 { 0.0 } else { f64::NAN };
    let found = look((search, options), &nan, &|a| if a == 0.0 { -1.0 } else { f64::NAN })?;
    ensure(found.is_err(), "refuses", || {
        format!("accepted {found:?} on a line that is NaN beyond its start")
    })?;
    let wall = |a: f64| if a < 0.1 { -a } else { f64::INFINITY };
    let slope = |a: f64| if a < 0.1 { -1.0 } else { f64::INFINITY };
    look((search, options), &wall, &slope)?
        .map_or(Ok(()), |point| accepted(&wall, point))
        .map_err(|f| f.at("line that is infinite from 0.1 on"))
}

fn look(
    (search, options): (&dyn Search, &SearchOptions),
    value: &dyn Fn(f64) -> f64,
    slope: &dyn Fn(f64) -> f64,
) -> Result<Result<Point, SearchFailure>, Failure> {
    let mut line = Given { value, slope, asked: Vec::new(), slopes: 0, most: options.evaluations };
    let found = search.search(Clock::default(), &mut line, &mut vec![0.0; search.memory()]);
    ensure(line.asked.len() <= options.evaluations, "ends", || {
        format!("{} evaluations on one line", line.asked.len())
    })?;
    let bad = line.asked.iter().find(|a| !a.is_finite() || **a < 0.0);
    ensure(bad.is_none(), "steps", || format!("asked for the step {bad:?}"))?;
    ensure(
        search.needs().value || line.asked.is_empty(),
        "needs",
        || "values are asked for, but `needs` does not mention the value",
    )?;
    ensure(
        search.needs().gradient || line.slopes == 0,
        "needs",
        || "slopes are asked for, but `needs` does not mention the gradient",
    )?;
    Ok(found)
}

fn accepted(value: &dyn Fn(f64) -> f64, point: Point) -> Result<(), Failure> {
    let Point { step, value: claimed, .. } = point;
    ensure(step > 0.0 && step.is_finite(), "accepts", || format!("accepted step {step:e}"))?;
    let there = value(step);
    ensure(there < value(0.0), "accepts", || {
        format!("accepted step {step:e} of value {there:e}, not below {:e}", value(0.0))
    })?;
    ensure(claimed == there, "reports", || {
        format!("reported the value {claimed:e} at step {step:e}, where it is {there:e}")
    })
}

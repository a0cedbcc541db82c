//! What every metric must satisfy: the best score for the truth, and each column counts its weight.

mod case;

use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, same_bits};
use case::Case;
use tanren_plugin::Metric;
use tanren_tensor::Shape;

/// What another order of summation may change.
const ROUNDING: f64 = 1e-9;

/// Asserts that a metric is right for targets of these shapes; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn metric(metric: &dyn Metric, targets: &[Shape]) {
    failure::assert(check(metric, targets));
}

/// Checks, for targets of every shape, which it must accept:
///
/// * `perfect`: for predictions that are the targets the score is a number, and none of the
///   predictions that are tried has a better one; `direction`: far from the targets it is worse;
/// * `weights`: a row of weight 3 counts as three rows of weight 1; `order`: the order of rows does
///   not matter, but for rounding;
/// * `pure`: the same comparison gives the same bits;
/// * `name`: it has one;
/// * nothing to compare, a single row, predictions that are not finite, or wider than the targets,
///   do not make it panic; nothing to compare does not give an infinite score.
///
/// Padding and rows of weight 0 never reach a metric, and it sees all rows at once, so there is
/// nothing to check about masks or about parts of a score.
///
/// # Errors
/// The first rule that is broken, with the shape.
pub fn check(metric: &dyn Metric, targets: &[Shape]) -> Result<(), Failure> {
    failure::in_range(metric)?;
    ensure(!metric.name().is_empty(), "name", || "the name is empty")?;
    for &shape in targets {
        metric.accepts(shape).map_err(|error| Failure::new("accepts", error))?;
        failure::caught(|| one(metric, shape))
            .and_then(|outcome| outcome)
            .map_err(|f| f.at(format_args!("targets of {shape}")))?;
    }
    Ok(())
}

fn one(metric: &dyn Metric, shape: Shape) -> Result<(), Failure> {
    let score = |case: &Case| metric.score(&case.comparison());
    let case = |distance| Case::new(shape, 12, distance);
    let best = score(&case(0.0));
    ensure(!best.is_nan(), "perfect", || "NaN for predictions that are the targets")?;
    for distance in [0.25, 0.5, 0.75, 1.0, 3.0] {
        let other = score(&case(distance));
        ensure(!metric.better().than(other, best), "perfect", || {
            format!(
                "{best:e} for the targets themselves, and a better {other:e} at a distance of {distance} from them"
            )
        })?;
    }
    for shift in [0.01, 0.1, 1.0].into_iter().flat_map(|shift| [shift, -shift]) {
        let other = score(&case(0.0).shifted(shift));
        ensure(!metric.better().than(other, best), "perfect", || {
            format!(
                "{best:e} for the targets themselves, and a better {other:e} for the targets plus {shift}"
            )
        })?;
    }
    let far = score(&case(Case::FAR));
    ensure(metric.better().than(best, far), "direction", || {
        format!(
            "{:?} is better, but the targets themselves have {best:e} and wrong predictions {far:e}",
            metric.better()
        )
    })?;

    let near = case(0.6);
    let here = score(&near);
    same_bits("pure", &[score(&near)], &[here])?;
    let weighted = near.weighted();
    compare("weights", &[score(&weighted.repeated())], &[score(&weighted)], ROUNDING)
        .map_err(|f| f.at("rows as often as their weights say, against their weights"))?;
    compare("order", &[score(&weighted.reversed())], &[score(&weighted)], ROUNDING)?;

    let nothing = score(&Case::new(shape, 0, 0.0));
    ensure(!nothing.is_infinite(), "empty", || format!("{nothing} for nothing to compare"))?;
    score(&Case::new(shape, 1, 0.6));
    for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        score(&near.spoiled(odd));
    }
    score(&near.wider());
    score(&near.narrow());
    Ok(())
}

//! What every schedule must satisfy: a finite number that depends on the clock alone.

use crate::failure::{self, Failure, ensure};
use tanren_plugin::{Clock, Phase, Schedule};

/// Clocks from the first update to far beyond any run.
pub(crate) fn clocks() -> Vec<Clock> {
    let counts = [0, 1, 2, 3, 5, 9, 10, 11, 50, 99, 100, 1000, 1_000_000, 1 << 40];
    let mut clocks = Vec::new();
    for phase in [Phase::Training, Phase::Pretraining(0), Phase::Pretraining(3)] {
        for epoch in counts {
            for per_epoch in [1, 7, 1000] {
                for batch in [1, 32] {
                    let iteration = epoch * per_epoch + per_epoch / 2;
                    let samples = iteration * batch;
                    clocks.push(Clock { phase, epoch, iteration, samples, repeat: 0 });
                }
            }
        }
    }
    clocks
}

/// Asserts that a schedule is finite everywhere, within its bounds, and a pure function of the clock that
/// depends on no other count than its own.
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn schedule(schedule: &dyn Schedule) {
    failure::assert(check(schedule));
}

/// What [`schedule()`] asserts, as a value.
///
/// # Errors
/// The first clock at which it is not finite, leaves the bounds that it states, differs when asked again, or
/// differs though what it counts is the same.
pub fn check(schedule: &dyn Schedule) -> Result<(), Failure> {
    failure::in_range(schedule)?;
    let clocks = clocks();
    let forward: Vec<f64> = clocks.iter().map(|&c| schedule.at(c)).collect();
    for (clock, value) in clocks.iter().zip(&forward) {
        ensure(value.is_finite(), "finite", || format!("{value} at {clock:?}"))?;
    }
    if let Some((low, high)) = schedule.extent() {
        for (clock, &value) in clocks.iter().zip(&forward) {
            ensure(low <= value && value <= high, "bounds", || {
                format!("{value:e} at {clock:?}, outside {low:e} to {high:e}")
            })?;
        }
    }
    // Asked again in the opposite order: what was asked before must not matter.
    for (clock, value) in clocks.iter().zip(&forward).rev() {
        let again = schedule.at(*clock);
        ensure(again.to_bits() == value.to_bits(), "pure", || {
            format!("{value:e}, then {again:e} at the same {clock:?}")
        })?;
    }
    let counts = schedule.counts();
    for (&clock, value) in clocks.iter().zip(&forward) {
        let other = schedule.at(Clock { phase: clock.phase, ..counts.of(clock) });
        ensure(other.to_bits() == value.to_bits(), "counts", || {
            format!("{value:e} at {clock:?}, {other:e} with the same count of {counts}")
        })?;
    }
    Ok(())
}

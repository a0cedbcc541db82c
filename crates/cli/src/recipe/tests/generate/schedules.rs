//! Numbers that may be schedules, of every kind: none of their values is below 0 or above those given.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::num::NonZeroU64;
use tanren_optimizers::{
    Anneal, Constant, Cosine, Cyclic, CyclicMode, Exponential, Interpolation, Inverse, Joined,
    Linear, OneCycle, Part, Polynomial, Sigmoid, Step, Table, Unit, WarmRestarts, WarmUp,
};
use tanren_plugin::Scheduled;

/// A number above 0, or a schedule of such numbers that may end at 0.
pub(super) fn scheduled(
    value: impl Strategy<Value = f64> + Clone + 'static,
) -> impl Strategy<Value = Scheduled> {
    let (inner, units) = (plain(value.clone()).boxed(), unit());
    let warm_up = (count(), 0.0..=1.0, units, inner.clone())
        .prop_map(|(over, start, unit, then)| WarmUp { over, start, unit, then }.into());
    let parts = vec((value.clone(), 1..=i64::MAX as u64), 0..3);
    let joined = (parts, value.clone(), unit()).prop_map(|(parts, last, unit)| {
        let part =
            |(value, over): (f64, u64)| Part { value: value.into(), over: NonZeroU64::new(over) };
        let last = Part { value: last.into(), over: None };
        Joined { parts: parts.into_iter().map(part).chain([last]).collect(), unit }.into()
    });
    prop_oneof![value.prop_map(Scheduled::from), inner, warm_up, joined]
}

fn unit() -> impl Strategy<Value = Unit> {
    select(vec![Unit::Epochs, Unit::Samples, Unit::Iterations])
}

fn count() -> impl Strategy<Value = NonZeroU64> {
    (1..=i64::MAX as u64).prop_map(|n| NonZeroU64::new(n).unwrap_or(NonZeroU64::MIN))
}

/// Schedules that contain no others.
fn plain(value: impl Strategy<Value = f64> + Clone + 'static) -> impl Strategy<Value = Scheduled> {
    let numbers = (value.clone(), value, 1e-9..1.0, any::<bool>());
    (0..12, numbers, count(), 1..=i64::MAX as u64, unit()).prop_map(
        |(which, (value, end, share, flag), over, more, unit)| match which {
            0 => Constant { value }.into(),
            1 => Step { value, factor: share, every: over, unit }.into(),
            2 => {
                let end = flag.then_some(value.min(end));
                Exponential { value, factor: share, end, unit }.into()
            }
            3 => {
                let (value, end) = (value.min(end), Some(value.max(end)));
                Exponential { value, factor: 1.0 + share, end, unit }.into()
            }
            4 => Inverse { value, decay: share, power: share, unit }.into(),
            5 => Polynomial { value, end, power: 1.0 / share, over, unit }.into(),
            6 => Sigmoid { value, steepness: share - 0.5, middle: 1.0 / share, unit }.into(),
            7 => {
                let values = vec![(0, value), (more, end)];
                let interpolation = if flag { Interpolation::Linear } else { Interpolation::Steps };
                Table { values, interpolation, unit }.into()
            }
            8 => Linear { value, end: 0.0, over, unit }.into(),
            9 if flag => Cosine { value, end, over, unit }.into(),
            9 => WarmRestarts { value, end, over, factor: more, unit }.into(),
            10 => {
                let anneal = if flag { Anneal::Linear } else { Anneal::Cosine };
                let rise = 0.5 * share;
                let (div_factor, final_div_factor) = (1.0 / share, 1.0 + share);
                let three_phase = !flag;
                let max = value;
                OneCycle {
                    max,
                    over,
                    rise,
                    anneal,
                    div_factor,
                    final_div_factor,
                    three_phase,
                    unit,
                }
                .into()
            }
            _ => {
                let down = flag.then_some(more);
                let (mode, gamma) = match flag {
                    true => (CyclicMode::ExpRange, share),
                    false => (CyclicMode::Triangular2, 1.0),
                };
                Cyclic { base: end, max: value, up: over, down, mode, gamma, unit }.into()
            }
        },
    )
}

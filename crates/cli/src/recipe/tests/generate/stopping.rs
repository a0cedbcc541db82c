//! Generated rules that look at scores: when to stop, and at what pace to go.

use super::{positive, text};
use proptest::prelude::*;
use tanren_plugin::{Pace, Plugin, Stopping, Watched};
use tanren_trainer::{MaxLoss, Patience, Plateau, TargetScore, TimeLimit};

pub(super) fn stopping() -> BoxedStrategy<Plugin<dyn Stopping>> {
    let rows = prop_oneof![Just(Watched::Train), Just(Watched::Validation)];
    let patience = (1..=100_usize, [positive(), positive()], text(), rows.clone());
    let target = (text(), positive(), rows);
    prop_oneof![
        patience.prop_map(|(epochs, [tolerance, min_delta], metric, rows)| {
            Patience { epochs, tolerance, min_delta, metric, rows }.into()
        }),
        target.prop_map(|(metric, score, rows)| TargetScore { metric, score, rows }.into()),
        positive().prop_map(|seconds| TimeLimit { seconds }.into()),
        positive().prop_map(|loss| MaxLoss { loss }.into()),
    ]
    .boxed()
}

pub(super) fn pace() -> impl Strategy<Value = Plugin<dyn Pace>> {
    let rows = prop_oneof![Just(Watched::Train), Just(Watched::Validation)];
    let counts = (0..=100_usize, 0..=100_usize);
    (text(), rows, 0.0..1.0, counts, positive(), 0.0..=1.0).prop_map(
        |(metric, rows, factor, (patience, cooldown), threshold, min_factor)| {
            Plateau { metric, rows, factor, patience, threshold, cooldown, min_factor }.into()
        },
    )
}

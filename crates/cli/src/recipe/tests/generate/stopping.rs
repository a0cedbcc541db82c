//! Generated stopping rules.

use super::{positive, text};
use proptest::prelude::*;
use tanren_plugin::{Plugin, Stopping, Watched};
use tanren_trainer::{MaxLoss, Patience, TargetScore, TimeLimit};

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

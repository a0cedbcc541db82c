//! Generated metrics.

use super::{positive, text};
use proptest::prelude::*;
use tanren_plugin::{Metric, Plugin};
use tanren_trainer::metrics::{Accuracy, Auc, FBeta, MeanAbsoluteError, Over, Recall, TopK};

pub(super) fn metric() -> impl Strategy<Value = Plugin<dyn Metric>> {
    let over = || {
        prop_oneof![
            Just(Over::Macro),
            Just(Over::Micro),
            Just(Over::Weighted),
            text().prop_map(Over::Class)
        ]
    };
    prop_oneof![
        Just(Accuracy {}.into()),
        Just(MeanAbsoluteError {}.into()),
        over().prop_map(|over| Recall { over }.into()),
        (positive(), over()).prop_map(|(beta, over)| FBeta { beta, over }.into()),
        proptest::option::of(text()).prop_map(|class| Auc { class }.into()),
        (1..9_usize).prop_map(|k| TopK { k }.into()),
    ]
}

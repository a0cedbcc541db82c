//! Every updater we have.

use tanren::plugin::{Plugin, Updater};
use tanren::prelude::*;
use tanren::updaters::{
    AdaBelief, Adadelta, Adagrad, Adamax, Nadam, RAdam, RmsProp, Scale, Unchanged,
};

pub(crate) fn updaters() -> Vec<Plugin<dyn Updater>> {
    let (momentum, nesterov) = (Momentum::default(), Nesterov::default());
    let scale = Scale::new(0.5);
    vec![
        Unchanged {}.into(),
        momentum.into(),
        nesterov.into(),
        Adagrad::default().into(),
        Adagrad { initial_accumulator: 0.1, ..Adagrad::default() }.into(),
        Adadelta::default().into(),
        RmsProp::default().into(),
        RmsProp { momentum: 0.5, ..RmsProp::default() }.into(),
        RmsProp { centered: true, ..RmsProp::default() }.into(),
        RmsProp { centered: true, momentum: 0.5, ..RmsProp::default() }.into(),
        Adam::default().into(),
        Adam { amsgrad: true, ..Adam::default() }.into(),
        Adamax::default().into(),
        Nadam::default().into(),
        Nadam { momentum_decay: 0.5, ..Nadam::default() }.into(),
        RAdam::default().into(),
        RAdam { beta2: 0.9, ..RAdam::default() }.into(),
        AdaBelief::default().into(),
        scale.into(),
        WeightDecay::default().into(),
    ]
}

//! Every updater we have.

use tanren::plugin::{Plugin, Updater};
use tanren::prelude::*;
use tanren::updaters::{
    AdaBelief, Adadelta, Adagrad, Adamax, AdaptiveClip, ClipNorm, ClipValue, Ema, GradientNoise,
    GradientNormalization, Lamb, Lars, Lion, Lookahead, Muon, Nadam, Per, RAdam, RmsProp, Rprop,
    Scale, ScheduleFree, Swa, SwaBy, Unchanged,
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
        RmsProp { momentum: 0.5.into(), ..RmsProp::default() }.into(),
        RmsProp { centered: true, ..RmsProp::default() }.into(),
        RmsProp { centered: true, momentum: 0.5.into(), ..RmsProp::default() }.into(),
        Adam::default().into(),
        Adam { amsgrad: true, ..Adam::default() }.into(),
        Adamax::default().into(),
        Nadam::default().into(),
        Nadam { momentum_decay: 0.5, ..Nadam::default() }.into(),
        RAdam::default().into(),
        RAdam { beta2: 0.9, ..RAdam::default() }.into(),
        AdaBelief::default().into(),
        Lion::default().into(),
        Rprop::default().into(),
        Lamb { weight_decay: 0.1, ..Lamb::default() }.into(),
        Lars { weight_decay: 0.1, ..Lars::default() }.into(),
        Muon::default().into(),
        Muon { nesterov: false, ns_steps: 3, ..Muon::default() }.into(),
        ScheduleFree::default().into(),
        ScheduleFree { beta: 0.5, warmup_steps: 4 }.into(),
        Lookahead { sync_period: 2, ..Lookahead::default() }.into(),
        Ema { decay: 0.9 }.into(),
        Swa::default().into(),
        Swa { by: SwaBy::Iterations, start: 2, every: 2 }.into(),
        ClipValue { value: 0.1 }.into(),
        ClipNorm { max_norm: 0.1, per: Per::Network }.into(),
        ClipNorm { max_norm: 0.1, per: Per::Layer }.into(),
        ClipNorm { max_norm: 0.1, per: Per::Block }.into(),
        GradientNormalization { per: Per::Network }.into(),
        GradientNormalization { per: Per::Layer }.into(),
        GradientNormalization { per: Per::Block }.into(),
        AdaptiveClip::default().into(),
        // So little that it never turns a step round.
        GradientNoise { eta: 1e-12, ..GradientNoise::default() }.into(),
        scale.into(),
        WeightDecay::default().into(),
    ]
}

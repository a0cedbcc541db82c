//! Updaters of every kind.

use super::positive;
use super::schedules::scheduled;
use proptest::prelude::*;
use tanren_plugin::{Aimed, Updater};
use tanren_updaters::{
    AdaBelief, Adadelta, Adagrad, Adam, Adamax, AdaptiveClip, ClipNorm, ClipValue, Ema,
    GradientNoise, GradientNormalization, Lamb, Lars, Lion, Lookahead, Momentum, Muon, Nadam,
    Nesterov, Per, RAdam, RmsProp, Rprop, Scale, ScheduleFree, Swa, SwaBy, Unchanged, WeightDecay,
};

pub(super) fn updater() -> impl Strategy<Value = Aimed<dyn Updater>> {
    prop_oneof![plain(), quotients(), signs(), norms(), layers(), averages()]
}

fn plain() -> impl Strategy<Value = Aimed<dyn Updater>> {
    prop_oneof![
        Just(Unchanged {}.into()),
        scheduled(positive()).prop_map(|factor| Scale { factor }.into()),
        scheduled(positive()).prop_map(|rate| WeightDecay { rate }.into()),
        scheduled(share()).prop_map(|momentum| Momentum { momentum }.into()),
        scheduled(share()).prop_map(|momentum| Nesterov { momentum }.into()),
    ]
}

/// Updaters that divide by the size of past steps.
fn quotients() -> impl Strategy<Value = Aimed<dyn Updater>> {
    let numbers = (share(), share(), positive(), positive(), any::<bool>());
    (0..8, numbers).prop_map(|(which, (beta1, beta2, epsilon, initial_accumulator, flag))| {
        match which {
            0 => Adagrad { initial_accumulator, epsilon }.into(),
            1 => Adadelta { rho: beta1, epsilon }.into(),
            2 => RmsProp { alpha: beta2, epsilon, momentum: beta1.into(), centered: flag }.into(),
            3 => Adamax { beta1: beta1.into(), beta2, epsilon }.into(),
            4 => Nadam { beta1, beta2, epsilon, momentum_decay: initial_accumulator }.into(),
            5 => RAdam { beta1: beta1.into(), beta2, epsilon }.into(),
            6 => AdaBelief { beta1: beta1.into(), beta2, epsilon }.into(),
            _ => Adam { beta1: beta1.into(), beta2, epsilon, amsgrad: flag }.into(),
        }
    })
}

/// Updaters that look at signs.
fn signs() -> impl Strategy<Value = Aimed<dyn Updater>> {
    let rprop = (0.1..0.9, 1.1..2.0, positive(), 0.0..0.5, 0.5..9.0);
    prop_oneof![
        (scheduled(share()), share()).prop_map(|(beta1, beta2)| Lion { beta1, beta2 }.into()),
        rprop.prop_map(|(eta_minus, eta_plus, initial_step, min_step, max_step)| {
            Rprop { eta_minus, eta_plus, initial_step, min_step, max_step }.into()
        }),
    ]
}

/// Updaters that look at the size of steps, and noise.
fn norms() -> impl Strategy<Value = Aimed<dyn Updater>> {
    let per = prop_oneof![Just(Per::Block), Just(Per::Layer), Just(Per::Network)];
    (0..5, positive(), positive(), per).prop_map(|(which, one, other, per)| match which {
        0 => ClipValue { value: one }.into(),
        1 => ClipNorm { max_norm: one, per }.into(),
        2 => GradientNormalization { per }.into(),
        3 => AdaptiveClip { clipping: one, epsilon: other }.into(),
        _ => GradientNoise { eta: one, gamma: other }.into(),
    })
}

/// Updaters of whole layers.
fn layers() -> impl Strategy<Value = Aimed<dyn Updater>> {
    let numbers = (share(), share(), positive(), positive(), any::<bool>());
    (0..3, numbers, 1..=u32::MAX).prop_map(|(which, numbers, ns_steps)| {
        let (beta1, beta2, epsilon, weight_decay, nesterov) = numbers;
        match which {
            0 => Lamb { beta1: beta1.into(), beta2, epsilon, weight_decay }.into(),
            1 => Lars { momentum: beta1.into(), weight_decay, trust_coefficient: epsilon }.into(),
            _ => Muon { momentum: beta1.into(), nesterov, ns_steps, epsilon }.into(),
        }
    })
}

/// Updaters whose parameters to predict with are not those that are trained.
fn averages() -> impl Strategy<Value = Aimed<dyn Updater>> {
    (0..4, share(), 0..=u32::MAX, 1..=u32::MAX).prop_map(|(which, share, start, every)| match which
    {
        0 => ScheduleFree { beta: share, warmup_steps: start }.into(),
        1 => Lookahead { sync_period: every, slow_step_size: 1.0 - share }.into(),
        2 => Ema { decay: share }.into(),
        _ => {
            let by = if start % 2 == 0 { SwaBy::Epochs } else { SwaBy::Iterations };
            Swa { by, start: start.into(), every: every.into() }.into()
        }
    })
}

fn share() -> impl Strategy<Value = f64> + Clone {
    0.0..1.0
}

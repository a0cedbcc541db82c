//! Updaters of every kind.

use super::positive;
use proptest::prelude::*;
use tanren_plugin::{Aimed, Updater};
use tanren_updaters::{
    AdaBelief, Adadelta, Adagrad, Adam, Adamax, Momentum, Nadam, Nesterov, RAdam, RmsProp, Scale,
    Unchanged, WeightDecay,
};

pub(super) fn updater() -> impl Strategy<Value = Aimed<dyn Updater>> {
    prop_oneof![plain(), quotients()]
}

fn plain() -> impl Strategy<Value = Aimed<dyn Updater>> {
    prop_oneof![
        Just(Unchanged {}.into()),
        positive().prop_map(|factor| Scale { factor }.into()),
        positive().prop_map(|rate| WeightDecay { rate }.into()),
        share().prop_map(|momentum| Momentum { momentum }.into()),
        share().prop_map(|momentum| Nesterov { momentum }.into()),
    ]
}

/// Updaters that divide by the size of past steps.
fn quotients() -> impl Strategy<Value = Aimed<dyn Updater>> {
    let numbers = (share(), share(), positive(), positive(), any::<bool>());
    (0..8, numbers).prop_map(|(which, (beta1, beta2, epsilon, initial_accumulator, flag))| {
        match which {
            0 => Adagrad { initial_accumulator, epsilon }.into(),
            1 => Adadelta { rho: beta1, epsilon }.into(),
            2 => RmsProp { alpha: beta2, epsilon, momentum: beta1, centered: flag }.into(),
            3 => Adamax { beta1, beta2, epsilon }.into(),
            4 => Nadam { beta1, beta2, epsilon, momentum_decay: initial_accumulator }.into(),
            5 => RAdam { beta1, beta2, epsilon }.into(),
            6 => AdaBelief { beta1, beta2, epsilon }.into(),
            _ => Adam { beta1, beta2, epsilon, amsgrad: flag }.into(),
        }
    })
}

fn share() -> impl Strategy<Value = f64> {
    0.0..1.0
}

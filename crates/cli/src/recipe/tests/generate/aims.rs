//! Generated aims, and what is aimed.

use super::schedules::scheduled;
use super::{positive, text};
use proptest::collection::vec;
use proptest::prelude::*;
use tanren_layers::{DropConnect, NoiseForm, NormalWeightNoise};
use tanren_losses::{Elastic, L1, L2, MaxNorm, MinMaxNorm, NonNegative, Per, UnitNorm};
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Aimed, BlockAim, BlockKind, Constraint, FeatureNames, Normalizer, Penalty, Plugin, Select,
    WeightNoise,
};

pub(super) fn select() -> impl Strategy<Value = Select> {
    let kinds = || vec(proptest::sample::select(BlockKind::ALL), 0..3);
    let depth = proptest::option::of((any::<i64>(), any::<i64>()));
    (vec(text(), 0..3), kinds(), kinds(), depth).prop_map(|(nodes, kinds, layers, depth)| Select {
        nodes,
        kinds,
        layers,
        depth,
    })
}

/// Normalisers, some of them of certain columns.
pub(super) fn of_columns(
    plugin: impl Strategy<Value = Plugin<dyn Normalizer>>,
) -> impl Strategy<Value = Aimed<dyn Normalizer>> {
    let on = vec(text(), 0..3).prop_map(|patterns| FeatureNames { patterns });
    (plugin, on).prop_map(|(plugin, on)| Aimed { plugin, on })
}

fn penalty() -> impl Strategy<Value = Aimed<dyn Penalty>> {
    prop_oneof![
        scheduled(positive()).prop_map(|strength| L1 { strength }.into()),
        scheduled(positive()).prop_map(|strength| L2 { strength }.into()),
        (scheduled(positive()), 0.0..=1.0).prop_map(|(strength, ratio)| Elastic {
            strength,
            ratio
        }
        .into()),
    ]
}

fn per() -> impl Strategy<Value = Per> {
    prop_oneof![Just(Per::Unit), Just(Per::Block)]
}

fn constraint() -> impl Strategy<Value = Aimed<dyn Constraint>> {
    prop_oneof![
        (positive(), per()).prop_map(|(max, per)| MaxNorm { max, per }.into()),
        (0.0..0.1, positive(), 0.1..=1.0, per()).prop_map(|(share, max, rate, per)| {
            MinMaxNorm { min: share * max, max, rate, per }.into()
        }),
        per().prop_map(|per| UnitNorm { per }.into()),
        Just(NonNegative {}.into()),
    ]
}

fn noise() -> impl Strategy<Value = Aimed<dyn WeightNoise>> {
    let form = prop_oneof![Just(NoiseForm::Additive), Just(NoiseForm::Multiplicative)];
    prop_oneof![
        (0.0..1.0).prop_map(|drop| DropConnect::drop(drop).into()),
        (0.1..=1.0).prop_map(|keep| DropConnect::keep(keep).into()),
        (scheduled(positive()), form)
            .prop_map(|(std, form)| NormalWeightNoise { std, form }.into()),
    ]
}

/// The same plugins, some of them aimed.
pub(super) fn aimed<P: ?Sized + BlockAim>(
    plugin: impl Strategy<Value = Aimed<P>>,
) -> impl Strategy<Value = Aimed<P>> {
    let on = prop_oneof![Just(Select::default()), select()];
    (plugin, on).prop_map(|(aimed, on)| Aimed { on, ..aimed })
}

/// The same network with whatever is aimed at parts of it.
pub(super) fn with_aims(
    network: impl Strategy<Value = NetworkSpec>,
) -> impl Strategy<Value = NetworkSpec> {
    let lists =
        (vec(aimed(penalty()), 0..3), vec(aimed(constraint()), 0..2), vec(aimed(noise()), 0..2));
    (network, lists, vec(select(), 0..3)).prop_map(
        |(network, (penalties, constraints, noise), freeze)| NetworkSpec {
            penalties,
            constraints,
            noise,
            freeze,
            ..network
        },
    )
}

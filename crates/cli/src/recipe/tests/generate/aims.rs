//! Generated aims, and what is aimed: families that have no plugin of ours have one for tests here.

use super::{positive, text};
use proptest::collection::vec;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use tanren_losses::{L1, L2};
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Aimed, Block, BlockAim, BlockKind, Checked, Constraint, ConstraintKernel, ConstraintKernels,
    FeatureNames, NoiseKernel, NoiseKernels, Normalizer, Pass, Penalty, Plugin, Select,
    WeightNoise,
};
use tanren_tensor::Real;

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Limit {
    most: f64,
}

impl Checked for Limit {}

#[typetag::serde(name = "test/limit")]
impl Constraint for Limit {
    fn kernels(&self) -> ConstraintKernels<'_> {
        ConstraintKernels::of(self)
    }
}

impl<T: Real> ConstraintKernel<T> for Limit {
    fn project(&self, _: &Block, _: &mut [T]) {}
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Shaking {}

impl Checked for Shaking {}

#[typetag::serde(name = "test/shaking")]
impl WeightNoise for Shaking {
    fn kernels(&self) -> NoiseKernels<'_> {
        NoiseKernels::of(self)
    }
}

impl<T: Real> NoiseKernel<T> for Shaking {
    fn disturb(&self, _: &Pass<'_, T>, _: &Block, _: &mut [T]) {}
    fn differentiate(&self, _: &Pass<'_, T>, _: &Block, _: &mut [T]) {}
}

fn select() -> impl Strategy<Value = Select> {
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
    let penalty = prop_oneof![
        positive().prop_map(|strength| Aimed::<dyn Penalty>::from(L1 { strength })),
        positive().prop_map(|strength| L2 { strength }.into()),
    ];
    let limit = positive().prop_map(|most| Aimed::<dyn Constraint>::from(Limit { most }));
    let shaking = Just(Aimed::<dyn WeightNoise>::from(Shaking {}));
    let lists = (vec(aimed(penalty), 0..3), vec(aimed(limit), 0..2), vec(aimed(shaking), 0..2));
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

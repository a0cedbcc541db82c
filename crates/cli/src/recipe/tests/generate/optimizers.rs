//! Directions and searches of every kind.

use super::positive;
use super::schedules::scheduled;
use proptest::prelude::*;
use proptest::sample::select;
use tanren_optimizers::{
    Backtracking, Beta, ConjugateGradient, HagerZhang, Lbfgs, LearningRate, Steepest, StrongWolfe,
};
use tanren_plugin::{Direction, Plugin, Search};

pub(super) fn direction() -> impl Strategy<Value = Plugin<dyn Direction>> {
    let beta = select(vec![
        Beta::PolakRibiere,
        Beta::FletcherReeves,
        Beta::HestenesStiefel,
        Beta::DaiYuan,
        Beta::HagerZhang,
    ]);
    let conjugate = (beta, proptest::option::of(positive()), any::<bool>());
    let lbfgs = (1..=1000usize, 0.0..1.0, any::<[bool; 2]>());
    prop_oneof![
        Just(Steepest {}.into()),
        conjugate.prop_map(|(beta, orthogonality, reset)| {
            ConjugateGradient { beta, orthogonality, reset }.into()
        }),
        lbfgs.prop_map(|(memory, curvature, [damping, reset])| {
            Lbfgs { memory, curvature, damping, reset }.into()
        }),
    ]
}

pub(super) fn search() -> impl Strategy<Value = Plugin<dyn Search>> {
    let part = || 1e-9..0.4;
    let most = || 1..1_000_000usize;
    let level = || proptest::option::of(0.41..0.99);
    let lookers = (part(), level(), 0.0..1.0, most());
    prop_oneof![
        scheduled(positive()).prop_map(|rate| LearningRate::new(rate).into()),
        (part(), most())
            .prop_map(|(decrease, evaluations)| Backtracking { decrease, evaluations }.into()),
        (part(), level(), most()).prop_map(|(decrease, curvature, evaluations)| {
            StrongWolfe { decrease, curvature, evaluations }.into()
        }),
        lookers.prop_map(|(delta, sigma, epsilon, evaluations)| {
            HagerZhang { delta, sigma, epsilon, evaluations }.into()
        }),
    ]
}

//! A step taken on the spot, block by block and piece by piece, is the step taken as a whole, to the
//! bit: whatever a network shares, freezes, disturbs or averages.

use crate::batch_norm::BatchNorm;
use crate::concatenate::branched;
use crate::drop_connect::{DropConnect, DropNoise};
use crate::harness::{SEED, Toy, same};
use crate::max_norm::{Grid, MaxNorm};
use crate::tied::autoencoder;
use serde::{Deserialize, Serialize};
use tanren_layers::{ActivationLayer, Dense, Prelu, Relu, Tanh};
use tanren_losses::{CrossEntropy, L1, L2, Mse};
use tanren_network::{NetworkSpec, NodeSpec, Runner};
use tanren_optimizers::{LearningRate, Steepest};
use tanren_plugin::{
    Aimed, BlockKind, Checked, On as _, Scope, Select, Slots, Stepper, UpdateAt, Updater,
    UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, Shape};
use tanren_testkit as testkit;
use tanren_trainer::{State, TrainingSpec};
use tanren_updaters::{Adam, Ema, GradientNoise, Lookahead, Momentum, Muon, Nesterov, Scale};

/// Updates after which both must be where the other is.
const UPDATES: u64 = 4;

/// The parameters and what updaters remember after some updates, taken in one way or the other.
fn reached(toy: &Toy, spec: &NetworkSpec, training: &TrainingSpec, swept: bool) -> Vec<f64> {
    let network = toy.network(spec);
    let (layout, motion) = (network.layout(), training.motion(network.layout()));
    let mut state = State::new(&network, training, SEED);
    let (mut runner, mut stepper) = (Runner::new(&network), Stepper::new(layout));
    for _ in 0..UPDATES {
        let objective = &mut toy.objective(&network, &mut runner, state.clock);
        if swept {
            let taken = stepper.sweep(objective, &motion, state.moving());
            assert!(taken.is_some());
        } else {
            let at = stepper.evaluate(objective, &motion, &state.moving(), false);
            stepper.advance(objective, at, &motion, state.moving());
        }
        state.clock.iteration += 1;
    }
    [state.parameters, state.motion.slots.concat().concat()].concat()
}

fn vectors() -> Toy {
    Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)])
}

/// A disturbed layer, averages of the batch, a learnt slope; the first layer frozen.
fn disturbed() -> (Toy, NetworkSpec) {
    let noisy = NodeSpec {
        noise: Some(DropNoise::default().into()),
        ..NodeSpec::new("noisy", &["still"], Dense::new(6).activation(Tanh {}))
    };
    let wrapped = DropConnect { inner: Dense::new(4).into(), rate: 0.5 };
    let nodes = [
        NodeSpec::new("still", &["input"], Dense::new(4)).frozen(),
        noisy,
        NodeSpec::new("norm", &["noisy"], BatchNorm::default()),
        NodeSpec::new("slope", &["norm"], ActivationLayer::new(Prelu::default())),
        NodeSpec::new("wrapped", &["slope"], wrapped),
        NodeSpec::new("out", &["wrapped"], Dense::new(2)),
    ];
    (vectors(), NetworkSpec::graph(nodes).loss(Mse {}))
}

/// An index as input: its weights are scattered to, not multiplied. Without bias.
fn indexed() -> (Toy, NetworkSpec) {
    let toy = Toy::new((6, 1), &[Shape::index(9)], &[Shape::index(3)]);
    let layers = [Dense::new(5).activation(Tanh {}).without_bias().into(), Dense::new(3).into()];
    (toy, NetworkSpec::chain(layers).loss(CrossEntropy::default()))
}

/// Layers of more numbers than go together, and not of a round number.
fn large() -> (Toy, NetworkSpec) {
    let toy = Toy::new((7, 1), &[Shape::vector(91)], &[Shape::vector(3)]);
    let layers = [Dense::new(103).activation(Relu {}).into(), Dense::new(3).into()];
    (toy, NetworkSpec::chain(layers).loss(Mse {}))
}

/// Changes nothing, but wants to see everything: no step with it is taken block by block.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Look {}

impl Checked for Look {}

#[typetag::serde(name = "acme/look")]
impl Updater for Look {
    fn scope(&self) -> Scope {
        Scope::Whole
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Look {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, _: &mut [T]) {}
}

#[test]
fn conforms() {
    testkit::updater(&Look {});
}

#[test]
fn on_the_spot_is_as_a_whole() {
    let bias = Select::from(BlockKind::Bias);
    let first = Select::default().depth(0, 0);
    let chains: [Vec<Aimed<dyn Updater>>; 10] = [
        // A whole block at a time, and one that settles what a constraint has moved.
        vec![Muon::default().into(), Adam::default().into()],
        vec![Momentum { momentum: 0.9.into() }.into(), Grid {}.into()],
        // Both settle: one moves the parameters, the other remembers where they are then.
        vec![
            Momentum::default().into(),
            Lookahead { sync_period: 2, ..Lookahead::default() }.into(),
            Ema::default().into(),
        ],
        vec![],
        vec![Nesterov { momentum: 0.9.into() }.into()],
        vec![Momentum { momentum: 0.5.into() }.into(), Adam::default().into()],
        // Each for some blocks, with slots and without, between others.
        vec![
            Adam::default().on(first.clone()),
            Scale::new(3.0).on(bias),
            Momentum::default().into(),
        ],
        vec![Muon::default().on(first), Grid {}.on(BlockKind::Weight), Adam::default().into()],
        // Numbers that have to know their place.
        vec![GradientNoise::default().into(), Adam::default().into()],
        // As many slots as there may be.
        (0..6).map(|_| Adam::default().into()).collect(),
    ];
    for (n, (toy, spec)) in
        [autoencoder(), disturbed(), branched(), indexed(), large()].iter().enumerate()
    {
        let weights = (0..toy.extent.examples).map(|n| n as f64 * 0.5 + 0.5).collect::<Vec<_>>();
        let penalized =
            spec.clone().penalty(L1 { strength: 0.01.into() }).penalty(L2 { strength: 0.1.into() });
        let penalized = penalized.penalty(L2 { strength: 0.2.into() }.on(BlockKind::Bias));
        let constraints = vec![MaxNorm { norm: 0.3 }.into()]; // it shortens rows of all these networks
        let penalized = NetworkSpec { constraints, ..penalized };
        let weighted = Toy { examples: Some(weights), ..toy.clone() };
        for chain in &chains {
            let mut training = TrainingSpec::new(LearningRate::constant(0.01));
            training.updaters.clone_from(chain);
            for (toy, spec) in [(toy, spec), (&weighted, &penalized)] {
                let looked = training.clone().updater(Look {});
                let whole = reached(toy, spec, &looked, false);
                assert!(whole.iter().all(|p| p.is_finite()), "case {n}");
                let steepest =
                    TrainingSpec { direction: Some(Steepest {}.into()), ..training.clone() };
                for training in [&training, &steepest] {
                    same(&reached(toy, spec, training, false), &whole);
                    same(&reached(toy, spec, training, true), &whole);
                }
            }
        }
    }
}

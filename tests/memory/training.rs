//! No step of a training run allocates, once the first ones have made room; and a run needs little
//! beside its data.

use crate::allocator::{alone, calls};
use std::ops::ControlFlow;
use tanren::layers::{
    AlphaDropout, DropConnect, GaussianDropout, GaussianNoise, NormalWeightNoise,
};
use tanren::losses::{Per, UnitNorm};
use tanren::plugin::{Aimed, Clock, Event, Layer, Observer, Reason, Updater, Wants};
use tanren::prelude::*;
use tanren::trainer::{Arithmetic, Options, Recipe};
use tanren::updaters::{
    AdaptiveClip, ClipNorm, Ema, GradientNoise, Lamb, Lars, Lookahead, Muon, Scale, ScheduleFree,
};
use tanren_cli::WORKLOADS;

/// Steps after which everything has its room.
const WARM: usize = 10;
/// Steps that are counted after these.
const STEPS: usize = 30;
/// How often so many are counted at most on two threads: each makes room for a kind of work when it
/// first gets some, whenever that is, and then never again. On one processor a thread may get its first
/// piece late.
const ROUNDS: usize = 20;

/// Notes at every step how often the threads of the run have asked for memory, but for the end of
/// epochs: there a history is written. Ends the run after a round of steps without any, or after so
/// many rounds.
struct Count {
    steps: usize,
    rounds: usize,
    /// Calls until the last step, but for those aside.
    calls: usize,
    aside: usize,
    /// Calls until the round began.
    before: usize,
    /// Calls in each round.
    found: Vec<usize>,
    wants: Wants,
}

impl Count {
    fn step(&mut self, calls: usize) -> ControlFlow<Reason> {
        self.calls = calls;
        if self.steps == WARM {
            self.before = calls;
        } else if self.steps > WARM && (self.steps - WARM).is_multiple_of(STEPS) {
            self.found.push(calls - self.before);
            self.before = calls;
        }
        self.steps += 1;
        match self.found.last() == Some(&0) || self.found.len() == self.rounds {
            true => ControlFlow::Break(Reason(String::new())),
            false => ControlFlow::Continue(()),
        }
    }
}

impl Observer for Count {
    fn wants(&self, _at: Clock) -> Wants {
        Wants::STEP | self.wants
    }

    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        let calls = calls() - self.aside;
        match event {
            Event::Step { .. } => return self.step(calls),
            Event::Epoch(_) => self.aside += calls - self.calls,
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

/// Runs until a round of steps allocates nothing: on one thread the first must be such, on two one of
/// several.
pub(crate) fn no_step_allocates(recipe: &Recipe, threads: usize, wants: Wants, what: &str) {
    let rounds = if threads == 1 { 1 } else { ROUNDS };
    let found = Vec::with_capacity(rounds);
    let mut count = Count { steps: 0, rounds, calls: 0, aside: 0, before: 0, found, wants };
    let setup = recipe.prepare().unwrap();
    setup.train(&mut count, &Options { threads, ..Options::default() }).unwrap();
    let found = count.found;
    assert_eq!(found.last(), Some(&0), "{what} on {threads} threads, {wants:?}: {found:?}");
}

#[test]
fn no_step_of_any_workload_allocates() {
    let _alone = alone();
    for workload in WORKLOADS {
        let mut recipe = workload.recipe();
        recipe.training.epochs = u64::MAX;
        for wants in [Wants::NOTHING, Wants::GRADIENT | Wants::UPDATE] {
            for threads in [1, 2] {
                no_step_allocates(&recipe, threads, wants, workload.name);
            }
        }
    }
}

#[test]
fn no_step_of_any_updater_allocates() {
    let _alone = alone();
    let layers = ClipNorm { per: tanren::updaters::Per::Layer, ..ClipNorm::default() };
    let chains: [Vec<Aimed<dyn Updater>>; 11] = [
        vec![],
        vec![Momentum { momentum: 0.9.into() }.into()],
        vec![Nesterov { momentum: 0.9.into() }.into()],
        vec![Adam::default().into()],
        vec![Nesterov { momentum: 0.5.into() }.into(), Adam::default().into()],
        vec![Adam::default().on("dense-1"), Scale::new(2.0).on(BlockKind::Bias)],
        // Whole blocks, and the whole step.
        vec![AdaptiveClip::default().into(), Muon::default().into()],
        vec![GradientNoise::default().into(), Lamb::default().into()],
        vec![layers.into(), Lars::default().into()],
        // After the step.
        vec![Adam::default().into(), ScheduleFree::default().into()],
        vec![Lookahead::default().into(), Ema::default().into()],
    ];
    for updaters in chains {
        for precision in [Arithmetic::Single, Arithmetic::Double] {
            let mut recipe = WORKLOADS[1].recipe();
            recipe.precision = precision;
            recipe.training.epochs = u64::MAX;
            recipe.training.updaters.clone_from(&updaters);
            let what = format!("{updaters:?} {precision:?}");
            no_step_allocates(&recipe, 1, Wants::NOTHING, &what);
        }
    }
}

/// Noise on signals and weights, normalisation, penalties, constraints and decay.
#[test]
fn no_step_with_regularization_allocates() {
    let _alone = alone();
    for workload in [WORKLOADS[1], WORKLOADS[2]] {
        let mut recipe = workload.recipe();
        let mut layers: Vec<Plugin<dyn Layer>> = vec![
            Dropout::drop(0.2).into(),
            BatchNorm::default().into(),
            AlphaDropout::drop(0.1).into(),
            LayerNorm::default().into(),
            GaussianDropout::drop(0.1).into(),
            GaussianNoise::default().into(),
        ];
        let (first, rest) = recipe.network.layers.split_at(1);
        layers.splice(0..0, first.iter().cloned());
        layers.extend(rest.iter().cloned());
        recipe.network = NetworkSpec::chain(layers)
            .loss(CrossEntropy::default())
            .noise(DropConnect::drop(0.2))
            .noise(NormalWeightNoise::default())
            .penalty(Elastic::default())
            .constraint(MaxNorm::default())
            .constraint(UnitNorm { per: Per::Block });
        recipe.training.updaters.push(WeightDecay::default().into());
        recipe.training.epochs = u64::MAX;
        for threads in [1, 2] {
            no_step_allocates(&recipe, threads, Wants::NOTHING, workload.name);
        }
    }
}

#[test]
fn the_network_of_the_guide_trains_in_little_memory() {
    let alone = alone();
    let workload = WORKLOADS[2];
    let mut recipe = workload.recipe();
    recipe.training.epochs = 1;
    let data = 4 * workload.rows * workload.sizes[0];
    let (_, bytes) = alone.measure(|| {
        let setup = recipe.prepare().unwrap();
        setup.train(&mut (), &Options { threads: 2, ..Options::default() }).unwrap()
    });
    let beside = bytes.peak - data;
    assert!(beside < 60 << 20, "{beside} bytes beside {data} of data");
}

//! No step of a training run allocates, once the first ones have made room; and a run needs little
//! beside its data.

use crate::allocator::{alone, calls};
use std::ops::ControlFlow;
use tanren::plugin::{Clock, Event, Observer, Plugin, Reason, Updater, Wants};
use tanren::prelude::*;
use tanren::trainer::{Options, Precision, Recipe};
use tanren_cli::WORKLOADS;

/// Steps after which everything has its room.
const WARM: usize = 10;
/// Steps that are counted after these.
const STEPS: usize = 30;
/// How often so many are counted on two threads: each makes room for a kind of work when it first gets
/// some, whenever that is, and then never again.
const ROUNDS: usize = 4;

/// Notes at every step how often memory has been asked for, but for the end of epochs: there a
/// history is written.
struct Count {
    calls: Vec<usize>,
    most: usize,
    aside: usize,
    wants: Wants,
}

impl Observer for Count {
    fn wants(&self, _at: Clock) -> Wants {
        Wants::STEP | self.wants
    }

    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        let now = calls() - self.aside;
        match event {
            Event::Step { .. } => self.calls.push(now),
            Event::Epoch(_) => self.aside += now - self.calls.last().unwrap(),
            _ => {}
        }
        match self.calls.len() > self.most {
            true => ControlFlow::Break(Reason(String::new())),
            false => ControlFlow::Continue(()),
        }
    }
}

/// Allocations of the counted steps; on two threads in the round that has the fewest.
fn of_steps(recipe: &Recipe, threads: usize, wants: Wants) -> usize {
    let rounds = if threads == 1 { 1 } else { ROUNDS };
    let most = WARM + rounds * STEPS;
    let mut count = Count { calls: Vec::with_capacity(1 + most), most, aside: 0, wants };
    let setup = recipe.prepare().unwrap();
    setup.train(&mut count, &Options { threads, ..Options::default() }).unwrap();
    assert_eq!(count.calls.len(), most + 1);
    let ends: Vec<usize> = count.calls[WARM..].iter().step_by(STEPS).copied().collect();
    ends.windows(2).map(|ends| ends[1] - ends[0]).min().unwrap()
}

#[test]
fn no_step_of_any_workload_allocates() {
    let _alone = alone();
    for workload in WORKLOADS {
        let mut recipe = workload.recipe();
        recipe.training.epochs = u64::MAX;
        for wants in [Wants::NOTHING, Wants::GRADIENT | Wants::UPDATE] {
            for threads in [1, 2] {
                let found = of_steps(&recipe, threads, wants);
                assert_eq!(found, 0, "{} on {threads} threads, {wants:?}", workload.name);
            }
        }
    }
}

#[test]
fn no_step_of_any_updater_allocates() {
    let _alone = alone();
    let chains: [Vec<Plugin<dyn Updater>>; 5] = [
        vec![],
        vec![Momentum { momentum: 0.9 }.into()],
        vec![Nesterov { momentum: 0.9 }.into()],
        vec![Adam::default().into()],
        vec![Nesterov { momentum: 0.5 }.into(), Adam::default().into()],
    ];
    for updaters in chains {
        for precision in [Precision::Single, Precision::Double] {
            let mut recipe = WORKLOADS[1].recipe();
            recipe.precision = precision;
            recipe.training.epochs = u64::MAX;
            recipe.training.updaters.clone_from(&updaters);
            assert_eq!(of_steps(&recipe, 1, Wants::NOTHING), 0, "{updaters:?} {precision:?}");
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
    let (_, peak) = alone.peak(|| {
        let setup = recipe.prepare().unwrap();
        setup.train(&mut (), &Options { threads: 2, ..Options::default() }).unwrap()
    });
    let beside = peak - data;
    assert!(beside < 60 << 20, "{beside} bytes beside {data} of data");
}

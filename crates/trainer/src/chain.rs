//! The updater chain: element updaters run together on one cache-sized piece at a time.

use std::ops::Range;
use tanren_plugin::{
    Block, Clock, Layout, Plugin, Precision, Scope, Slots, UpdateAt, Updater, UpdaterKernel,
};

/// Numbers that go all the way together: they stay in the first cache with their parameters and
/// slots, however many look at them.
pub(crate) const PIECE: usize = 2048;

/// The parts of the trainable vector an updater of `scope` is called with.
fn parts(layout: &Layout, scope: Scope) -> impl Iterator<Item = (Option<&Block>, Range<usize>)> {
    let whole = (scope == Scope::Whole).then(|| (None, 0..layout.trainable()));
    let blocks = layout.blocks().iter().filter(move |b| b.trainable() && scope != Scope::Whole);
    let pieces = blocks.flat_map(move |block| {
        let len = if scope == Scope::Element { PIECE } else { block.range.len().max(1) };
        let starts = block.range.clone().step_by(len);
        starts.map(move |start| (Some(block), start..block.range.end.min(start + len)))
    });
    whole.into_iter().chain(pieces)
}

/// A run of updaters that see the same parts: all neighbours of element scope, or a single one.
fn group(updaters: &[Plugin<dyn Updater>], start: usize) -> Range<usize> {
    let element = |u: &Plugin<dyn Updater>| u.scope() == Scope::Element;
    let together = updaters[start..].iter().take_while(|u| element(u)).count();
    start..start + together.max(1)
}

/// What is done with one updater's kernel at one place, with its slots there.
type Each<'a, T> = dyn FnMut(&dyn UpdaterKernel<T>, &UpdateAt<'_>, Slots<'_, T>, Range<usize>) + 'a;

/// Calls `each` with every updater's kernel, place and slots, in the order of the chain, part by
/// part.
fn run<T: Precision>(
    updaters: &[Plugin<dyn Updater>],
    layout: &Layout,
    (clock, rate): (Clock, f64),
    slots: &mut [Vec<Vec<T>>],
    each: &mut Each<'_, T>,
) {
    let mut start = 0;
    while start < updaters.len() {
        let group = group(updaters, start);
        start = group.end;
        for (block, range) in parts(layout, updaters[group.start].scope()) {
            for u in group.clone() {
                let at = UpdateAt { clock, rate, block, layout };
                let own = slots[u].iter_mut().map(|slot| &mut slot[range.clone()]).collect();
                each(updaters[u].kernels().at::<T>(), &at, own, range.clone());
            }
        }
    }
}

/// Sends the step through the chain. `step` covers the trainable part of `parameters`.
pub fn update<T: Precision>(
    updaters: &[Plugin<dyn Updater>],
    layout: &Layout,
    at: (Clock, f64),
    parameters: &[T],
    slots: &mut [Vec<Vec<T>>],
    step: &mut [T],
) {
    run(updaters, layout, at, slots, &mut |kernel, at, own, range| {
        kernel.update(at, &parameters[range.clone()], own, &mut step[range]);
    });
}

/// Lets the updaters settle the new parameters.
pub fn settle<T: Precision>(
    updaters: &[Plugin<dyn Updater>],
    layout: &Layout,
    at: (Clock, f64),
    parameters: &mut [T],
    slots: &mut [Vec<Vec<T>>],
) {
    if updaters.iter().any(|u| u.settles()) {
        run(updaters, layout, at, slots, &mut |kernel, at, own, range| {
            kernel.settle(at, &mut parameters[range], own);
        });
    }
}

/// The parameters to validate, save and predict with, when they differ from the trained ones.
pub fn evaluation_parameters<T: Precision>(
    updaters: &[Plugin<dyn Updater>],
    layout: &Layout,
    clock: Clock,
    parameters: &[T],
    slots: &mut [Vec<Vec<T>>],
) -> Option<Vec<T>> {
    updaters.iter().any(|u| u.averages()).then(|| {
        let mut evaluation = parameters.to_vec();
        run(updaters, layout, (clock, 1.0), slots, &mut |kernel, at, own, range| {
            kernel.evaluation(at, &mut evaluation[range], own);
        });
        evaluation
    })
}

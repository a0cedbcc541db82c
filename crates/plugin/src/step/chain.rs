//! The updater chain: element updaters run together on one cache-sized piece at a time.

use crate::{
    Block, Clock, Layout, Plugin, Precision, Scope, Slots, UpdateAt, Updater, UpdaterKernel,
};
use std::ops::Range;

/// Numbers that go all the way together: they stay in the first cache with their parameters and
/// slots, however many look at them.
pub(super) const PIECE: usize = 2048;

/// What is done with one updater's kernel at one place, with its slots there. The range is of the flat
/// vector.
pub(super) type Each<'a, T> =
    dyn FnMut(&dyn UpdaterKernel<T>, &UpdateAt<'_>, Slots<'_, T>, Range<usize>) + 'a;

/// The updaters of a step and the map of what they see.
#[derive(Clone, Copy)]
pub(super) struct Chain<'a> {
    pub(super) updaters: &'a [Plugin<dyn Updater>],
    pub(super) layout: &'a Layout,
}

impl<'a> Chain<'a> {
    /// Calls `each` with every updater's kernel, place and slots, in the order of the chain, part by
    /// part: over all trainable blocks, or over `only` one.
    pub(super) fn run<T: Precision>(
        &self,
        (clock, rate): (Clock, f64),
        only: Option<&'a Block>,
        slots: &mut [Vec<Vec<T>>],
        each: &mut Each<'_, T>,
    ) {
        let layout = self.layout;
        let mut start = 0;
        while start < self.updaters.len() {
            let group = self.group(start);
            start = group.end;
            for (block, range) in self.parts(self.updaters[group.start].scope(), only) {
                for u in group.clone() {
                    let at = UpdateAt { clock, rate, block, layout };
                    let own = slots[u].iter_mut().map(|slot| &mut slot[range.clone()]).collect();
                    each(self.updaters[u].kernels().at::<T>(), &at, own, range.clone());
                }
            }
        }
    }

    /// A run of updaters that see the same parts: all neighbours of element scope, or a single one.
    fn group(&self, start: usize) -> Range<usize> {
        let element = |u: &Plugin<dyn Updater>| u.scope() == Scope::Element;
        let together = self.updaters[start..].iter().take_while(|u| element(u)).count();
        start..start + together.max(1)
    }

    /// The parts of the trainable vector an updater of `scope` is called with.
    fn parts(
        &self,
        scope: Scope,
        only: Option<&'a Block>,
    ) -> impl Iterator<Item = (Option<&'a Block>, Range<usize>)> + use<'a> {
        let whole = (scope == Scope::Whole).then(|| (None, 0..self.layout.trainable()));
        let all = only.is_none() && scope != Scope::Whole;
        let blocks = self.layout.blocks().iter().filter(move |b| all && b.trainable()).chain(only);
        let pieces = blocks.flat_map(move |block| {
            let len = if scope == Scope::Element { PIECE } else { block.range.len().max(1) };
            let starts = block.range.clone().step_by(len);
            starts.map(move |start| (Some(block), start..block.range.end.min(start + len)))
        });
        whole.into_iter().chain(pieces)
    }
}

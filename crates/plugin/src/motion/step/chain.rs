//! The updater chain: element updaters run together on one cache-sized piece at a time.

use super::Motion;
use crate::{ClipCounter, Clock, Layout, Precision, Scope, Slots, UpdateAt, UpdaterKernel};
use std::ops::Range;

/// Numbers that go all the way together: they stay in the first cache with their parameters and
/// slots, however many look at them.
pub(super) const PIECE: usize = 2048;

/// What is done with one updater's kernel at one place, with its slots there. The range is of the flat
/// vector.
pub(super) type Each<'a, T> =
    dyn FnMut(&dyn UpdaterKernel<T>, &UpdateAt<'_>, Slots<'_, T>, Range<usize>) + 'a;

/// When updaters are called, at which rate, and where they count what they clip.
#[derive(Clone, Copy)]
pub(super) struct Call<'a> {
    pub(super) clock: Clock,
    pub(super) rate: f64,
    pub(super) clips: &'a ClipCounter,
}

/// The updaters of a step and the map of what they see.
#[derive(Clone, Copy)]
pub(super) struct Chain<'a> {
    pub(super) motion: &'a Motion<'a>,
    pub(super) layout: &'a Layout,
}

impl<'a> Chain<'a> {
    /// Calls `each` with every updater's kernel, place and slots, in the order of the chain, part by
    /// part: over all trainable blocks, or over `only` the one of this index. An updater is called for
    /// the blocks that it is aimed at.
    pub(super) fn run<T: Precision>(
        &self,
        call: Call<'_>,
        only: Option<usize>,
        slots: &mut [Vec<Vec<T>>],
        each: &mut Each<'_, T>,
    ) {
        let (Self { motion, layout }, Call { clock, rate, clips }) = (*self, call);
        let mut start = 0;
        while start < motion.updaters.len() {
            let group = self.group(start);
            start = group.end;
            for (block, range) in self.parts(motion.updaters[group.start].scope(), only) {
                for u in group.clone().filter(|&u| motion.shapes(u, block)) {
                    let block = block.map(|index| &layout.blocks()[index]);
                    let (seed, first) = (motion.seed, range.start);
                    let at = UpdateAt { clock, rate, seed, first, block, layout, place: u, clips };
                    let own = slots[u].iter_mut().map(|slot| &mut slot[range.clone()]).collect();
                    each(motion.updaters[u].kernels().at::<T>(), &at, own, range.clone());
                }
            }
        }
    }

    /// A run of updaters that see the same parts: all neighbours of element scope, or a single one.
    fn group(&self, start: usize) -> Range<usize> {
        let rest = self.motion.updaters[start..].iter();
        let together = rest.take_while(|updater| updater.scope() == Scope::Element).count();
        start..start + together.max(1)
    }

    /// The parts of the trainable vector an updater of `scope` is called with, each with the index of its
    /// block.
    fn parts(
        &self,
        scope: Scope,
        only: Option<usize>,
    ) -> impl Iterator<Item = (Option<usize>, Range<usize>)> + use<'a> {
        let whole = (scope == Scope::Whole).then(|| (None, 0..self.layout.trainable()));
        let all = only.is_none() && scope != Scope::Whole;
        let blocks = self.layout.blocks();
        let trained = (0..blocks.len()).filter(move |&index| all && blocks[index].trainable());
        let pieces = trained.chain(only).flat_map(move |index| {
            let range = &blocks[index].range;
            let len = if scope == Scope::Element { PIECE } else { range.len().max(1) };
            let starts = range.clone().step_by(len);
            starts.map(move |start| (Some(index), start..range.end.min(start + len)))
        });
        whole.into_iter().chain(pieces)
    }
}

//! The step of one block as soon as its gradient is known: on the spot, piece by piece.
//!
//! A piece of the gradient goes through penalties, updaters and into the parameters while it is in
//! the cache; a gradient that is a product is never written to memory at all. Where an updater looks
//! at a whole block, the block goes all the way together. Each number goes the same way in either case
//! and in a step that looks at all blocks first, so the bits are the same.

use super::chain::{Call, Chain};
use super::pieces::{Pieces, SLOTS, UPDATERS};
use super::{Motion, MotionState};
use crate::engine::Ready;
use crate::{ClipCounter, Clock, Layout, Precision, Scope};
use tanren_tensor::{advance, map, profile};

/// What moves a block by itself.
#[derive(Clone, Copy)]
pub(super) struct Local<'a> {
    pub(super) motion: &'a Motion<'a>,
    pub(super) layout: &'a Layout,
    /// The clock and the rate of the step.
    pub(super) call: Call<'a>,
    /// Whether a block may move piece by piece.
    pieces: bool,
    /// Whether an updater settles parameters that have moved.
    settles: bool,
}

impl<'a> Local<'a> {
    /// `None` where a step needs more than one block of the gradient: for a direction, a search or an
    /// updater of the whole vector.
    pub(super) fn new<T>(
        motion: &'a Motion<'a>,
        layout: &'a Layout,
        (clock, clips): (Clock, &'a ClipCounter),
        state: &MotionState<T>,
    ) -> Option<Self> {
        let (updaters, slots) = (motion.updaters.len(), state.slots.len());
        assert_eq!(slots, updaters, "the MotionState was made for another number of updaters");
        let call = Call { clock, rate: motion.rate(clock)?, clips };
        let widest = motion.updaters.iter().map(|u| u.scope()).max().unwrap_or(Scope::Element);
        let few =
            motion.updaters.len() <= UPDATERS && state.slots.iter().flatten().count() <= SLOTS;
        let possible = widest < Scope::Whole && motion.turned().is_none();
        let pieces = widest == Scope::Element && few;
        let settles = motion.updaters.iter().any(|updater| updater.settles());
        possible.then_some(Self { motion, layout, call, pieces, settles })
    }

    /// Moves a block.
    pub(super) fn step<T: Precision>(&self, ready: Ready<'_, T>, slots: &mut [Vec<Vec<T>>]) {
        let _span = profile::span(profile::Kind::Update);
        let block = ready.block;
        let parameters = match self.pieces {
            true => Pieces::step(self, ready, slots),
            false => self.at_once(ready, slots),
        };
        let settled = !self.settles || self.pieces;
        if self.constrains(block) || !settled {
            finish(&self.chain(), self.call, Some(block), parameters, slots);
        }
    }

    /// Whether a block that has moved is brought back to where it may be.
    fn constrains(&self, block: usize) -> bool {
        !self.layout.blocks()[block].constraints.is_empty()
    }

    /// Whether an updater has something to do with this step of a block.
    pub(super) fn moves(&self, updater: usize, block: usize) -> bool {
        let Self { motion, call, .. } = self;
        motion.shapes(updater, Some(block)) && !motion.updaters[updater].rests(call.clock)
    }

    /// Whether the pieces of a block are settled while they are in the cache: not where the block is
    /// brought back as a whole first.
    pub(super) fn settles_pieces(&self, block: usize) -> bool {
        self.settles && !self.constrains(block)
    }

    fn chain(&self) -> Chain<'a> {
        Chain { motion: self.motion, layout: self.layout }
    }

    /// Moves a block whose updaters want to see it whole.
    fn at_once<'b, T: Precision>(
        &self,
        ready: Ready<'b, T>,
        slots: &mut [Vec<Vec<T>>],
    ) -> &'b mut [T] {
        let block = ready.block;
        let (parameters, step) = ready.whole(self.layout, self.call.clock);
        map(step, |step| -step);
        let start = self.layout.blocks()[block].range.start;
        self.chain().run(self.call, Some(block), slots, &mut |kernel, at, own, range| {
            let part = range.start - start..range.end - start;
            kernel.update(at, &parameters[part.clone()], own, &mut step[part]);
        });
        advance(T::of(self.call.rate), step, parameters);
        parameters
    }
}

/// Brings parameters that have moved back to where they may be and lets updaters settle them: those of
/// `only` the block of this index, or all.
pub(super) fn finish<T: Precision>(
    chain: &Chain<'_>,
    call: Call<'_>,
    only: Option<usize>,
    parameters: &mut [T],
    slots: &mut [Vec<Vec<T>>],
) {
    project(chain.layout, only, parameters);
    if chain.motion.updaters.iter().any(|updater| updater.settles()) {
        let base = only.map_or(0, |index| chain.layout.blocks()[index].range.start);
        chain.run(call, only, slots, &mut |kernel, at, own, range| {
            kernel.settle(at, &mut parameters[range.start - base..range.end - base], own);
        });
        project(chain.layout, only, parameters); // settling may have left the set again
    }
}

/// Moves every constrained block back to where it may be.
fn project<T: Precision>(layout: &Layout, only: Option<usize>, parameters: &mut [T]) {
    let blocks = layout.blocks();
    let (base, blocks) = match only {
        Some(index) => (blocks[index].range.start, &blocks[index..=index]),
        None => (0, blocks),
    };
    for block in blocks.iter().filter(|block| block.trainable()) {
        for constraint in &block.constraints {
            let range = block.range.start - base..block.range.end - base;
            constraint.kernels().at::<T>().project(block, &mut parameters[range]);
        }
    }
}

//! Moves a block piece by piece: each piece of the gradient is applied to its parameters and slots while
//! they are in the cache.

use super::Motion;
use super::chain::{Call, PIECE};
use super::local::Local;
use crate::engine::{Gradient, Ready};
use crate::{Block, Penalty, Plugin, Precision, Slots, UpdateAt, UpdaterKernel};
use std::ops::Range;
use tanren_tensor::{
    Cut, LeftOperand, Mat, Real, Write, advance, map, mat_mut, profile, share, with_scratch,
    worth_sharing,
};

/// Numbers of a gradient at once: of a size that lets a product be fast; they stay in the second
/// cache.
const PART: usize = 8192;
/// Columns of a piece of a product are a multiple of this: of the tiles of the matrix product.
const COLUMNS: usize = 8;
/// Columns of a part where the left operand of the product is larger than a cache: it is read anew for
/// every part.
const WIDE: usize = 64;
/// A left operand of this many numbers or more is larger than a cache.
const LONG: usize = 1 << 18;
/// Multiplications of a product that take as long as moving one number.
const MOVE: usize = 64;
/// A block of this many numbers or more has left the caches when it is needed again.
const FAR: usize = 1 << 20;
/// Slots of all updaters of a chain together that can be cut into pieces, at most.
pub(super) const SLOTS: usize = 12;
/// Updaters of a chain that can be cut into pieces, at most.
pub(super) const UPDATERS: usize = 8;

/// A part of a block that is being moved.
struct Part<'a, T: Real> {
    /// The place of its first number among all trainable parameters.
    first: usize,
    parameters: &'a mut [T],
    slots: [&'a mut [T]; SLOTS],
    gradient: PartGradient<'a, T>,
}

/// Where the gradient of a part is, or comes from.
enum PartGradient<'a, T: Real> {
    Written(&'a mut [T]),
    Product {
        left: &'a LeftOperand<'a, T>,
        right: Mat<'a, T>,
        /// The first column of the part.
        column: usize,
    },
}

impl<'a, T: Real> Part<'a, T> {
    /// Cuts it in two, the first of so many numbers: whole columns of a product.
    fn split(self, at: usize) -> (Self, Self) {
        let (first, second) = self.parameters.split_at_mut(at);
        let (gradient, rest) = match self.gradient {
            PartGradient::Written(gradient) => {
                let (gradient, rest) = gradient.split_at_mut(at);
                (PartGradient::Written(gradient), PartGradient::Written(rest))
            }
            PartGradient::Product { left, right, column } => {
                let part = |column| PartGradient::Product { left, right, column };
                (part(column), part(column + at / left.shape().0))
            }
        };
        let mut ends: [&'a mut [T]; SLOTS] = std::array::from_fn(|_| Default::default());
        let mut slots = self.slots;
        for (slot, end) in slots.iter_mut().zip(&mut ends).filter(|(slot, _)| !slot.is_empty()) {
            (*slot, *end) = std::mem::take(slot).split_at_mut(at);
        }
        (
            Self { first: self.first, parameters: first, slots, gradient },
            Self { first: self.first + at, parameters: second, slots: ends, gradient: rest },
        )
    }
}

/// How one block moves piece by piece.
pub(super) struct Pieces<'a> {
    local: &'a Local<'a>,
    block: &'a Block,
    /// Slots of each updater; `None` where it has nothing to do with this step of the block.
    own: [Option<usize>; UPDATERS],
    /// Numbers in a part.
    part: usize,
    /// Multiplications that each number of the gradient still costs.
    links: usize,
    /// What is still to be added to the gradient.
    penalties: &'a [Plugin<dyn Penalty>],
    /// Whether updaters settle each piece that has moved.
    settles: bool,
}

impl Pieces<'_> {
    /// Moves a block.
    pub(super) fn step<'b, T: Precision>(
        local: &Local<'_>,
        ready: Ready<'b, T>,
        slots: &mut [Vec<Vec<T>>],
    ) -> &'b mut [T] {
        let block = &local.layout.blocks()[ready.block];
        let mut own = [None; UPDATERS];
        for (u, (own, slots)) in own.iter_mut().zip(&*slots).enumerate() {
            *own = local.moves(u, ready.block).then_some(slots.len());
        }
        let mut parts: [&mut [T]; SLOTS] = std::array::from_fn(|_| Default::default());
        let moving = slots.iter_mut().zip(&own).filter(|(_, own)| own.is_some());
        for (part, slot) in parts.iter_mut().zip(moving.flat_map(|(slots, _)| slots)) {
            *part = &mut slot[block.range.clone()];
        }
        let settles = local.settles_pieces(ready.block);
        let (part, links, penalties) = (PART, 0, &[]);
        let pieces = Pieces { local, block, own, part, links, penalties, settles };
        let (first, parameters) = (block.range.start, ready.parameters);
        match ready.gradient {
            Gradient::Written(gradient) => {
                let gradient = PartGradient::Written(gradient);
                pieces.go(Part { first, parameters: &mut *parameters, slots: parts, gradient });
            }
            Gradient::Product { left, right, .. } => {
                let least = if left.len() > LONG { WIDE } else { COLUMNS };
                let columns = (PART / block.rows).max(least) / COLUMNS * COLUMNS;
                let (part, links) = (columns * block.rows, left.ncols());
                profile::count(left.nrows(), right.ncols(), left.ncols());
                let left = &LeftOperand::new(left);
                let gradient = PartGradient::Product { left, right, column: 0 };
                let penalties = &block.penalties;
                Pieces { part, links, penalties, ..pieces }.go(Part {
                    first,
                    parameters: &mut *parameters,
                    slots: parts,
                    gradient,
                });
            }
        }
        parameters
    }

    /// Cuts the whole into parts, by their number alone, and moves each.
    fn go<T: Precision>(&self, whole: Part<'_, T>) {
        match whole.parameters.len() <= self.part {
            true => self.take(whole), // most blocks of small networks
            false => share(whole, &|part| self.cut(part), &|part| self.one_by_one(part)),
        }
    }

    /// Two halves of whole parts, where they are worth sharing.
    fn cut<'b, T: Precision>(&self, part: Part<'b, T>) -> Cut<Part<'b, T>> {
        let len = part.parameters.len();
        if len <= self.part || !worth_sharing(len * (MOVE + self.links) / MOVE) {
            return Cut::One(part);
        }
        let (one, other) = part.split(len.div_ceil(self.part).div_ceil(2) * self.part);
        Cut::Two(one, other)
    }

    fn one_by_one<T: Precision>(&self, mut rest: Part<'_, T>) {
        while rest.parameters.len() > self.part {
            let (part, others) = rest.split(self.part);
            self.take(part);
            rest = others;
        }
        self.take(rest);
    }

    /// Moves a part.
    fn take<T: Precision>(&self, part: Part<'_, T>) {
        let Part { first, parameters, slots, gradient } = part;
        match gradient {
            PartGradient::Written(gradient) => self.update(first, parameters, slots, gradient),
            PartGradient::Product { left, right, column } => {
                with_scratch(parameters.len(), |gradient| {
                    let columns = parameters.len() / self.block.rows;
                    let matrix = mat_mut(gradient, self.block.rows, columns);
                    let right = right.columns(column, columns);
                    if self.block.range.len() < FAR {
                        left.times(Write::Overwrite, right, matrix);
                    } else {
                        let next = [&*parameters, &*slots[0], &*slots[1]];
                        left.times_before(Write::Overwrite, right, matrix, &next);
                    }
                    self.update(first, parameters, slots, gradient);
                })
            }
        }
    }

    /// Gradient → penalties → − → updaters → parameters → settled, piece by piece from the number `first`
    /// on.
    fn update<T: Precision>(
        &self,
        first: usize,
        parameters: &mut [T],
        mut slots: [&mut [T]; SLOTS],
        gradient: &mut [T],
    ) {
        let &Local { motion: Motion { seed, .. }, layout, call, .. } = self.local;
        let Call { clock, rate, clips } = call;
        let block = Some(self.block);
        let pieces = parameters.chunks_mut(PIECE).zip(gradient.chunks_mut(PIECE));
        for (n, (parameters, step)) in pieces.enumerate() {
            for penalty in self.penalties {
                penalty.kernels().at::<T>().add_gradient(clock, self.block, parameters, step);
            }
            map(step, |step| -step);
            let (seed, first, len) = (*seed, first + n * PIECE, step.len());
            let at = UpdateAt { clock, rate, seed, first, block, layout, place: 0, clips };
            let here = n * PIECE..n * PIECE + len;
            self.chain(at, here.clone(), &mut slots, |updater, at, own| {
                updater.update(at, parameters, own, step);
            });
            advance(T::of(rate), step, parameters);
            if self.settles {
                self.chain(at, here, &mut slots, |updater, at, own| {
                    updater.settle(at, parameters, own);
                });
            }
        }
    }

    /// Calls `each` with every updater that moves the block, its place and its slots in a piece, in the
    /// order of the chain.
    #[inline]
    fn chain<T: Precision>(
        &self,
        at: UpdateAt<'_>,
        piece: Range<usize>,
        slots: &mut [&mut [T]; SLOTS],
        mut each: impl FnMut(&dyn UpdaterKernel<T>, &UpdateAt<'_>, Slots<'_, T>),
    ) {
        let mut slots = slots.iter_mut().map(|slot| &mut slot[piece.clone()]);
        for (place, (updater, own)) in self.local.motion.updaters.iter().zip(self.own).enumerate() {
            if let Some(own) = own {
                let own = slots.by_ref().take(own).collect();
                each(updater.kernels().at::<T>(), &UpdateAt { place, ..at }, own);
            }
        }
    }
}

//! The step taken on the spot: a block moves as soon as its gradient is known, piece by piece.
//!
//! A piece of the gradient goes through penalties, updaters and into the parameters while it is in
//! the cache; a gradient that is a product is never written to memory at all. Each number goes the
//! same way as in [`Stepper::advance`](crate::Stepper::advance), so the bits are the same.

use crate::State;
use crate::chain::PIECE;
use crate::recipe::TrainingSpec;
use tanren_plugin::{
    Block, Clock, Constraint, Gradient, Layout, Penalty, Plugin, Precision, Ready, Scope, UpdateAt,
    Updater,
};
use tanren_tensor::{LeftOperand, Mat, Real, Write, advance, map, mat_mut, profile, with_scratch};

/// Numbers of a gradient at once: of a size that lets a product be fast; they stay in the second
/// cache.
const PART: usize = 8192;
/// Columns of a piece of a product are a multiple of this: of the tiles of the matrix product.
const COLUMNS: usize = 8;
/// Columns of a part where the left operand of the product is larger than a cache: it is read anew for
/// every part.
const WIDE: usize = 64;
/// Numbers of a left operand from which on it is.
const LONG: usize = 1 << 18;
/// Multiplications from which on it pays to wake another thread, and as how many moving a number
/// counts.
const SHARED: usize = 1 << 21;
const MOVE: usize = 64;
/// Numbers in a block from which on it has left the caches when it is needed again.
const FAR: usize = 1 << 20;
/// Slots of all updaters of a chain together, at most.
const SLOTS: usize = 12;

/// Updaters of a chain, at most.
const UPDATERS: usize = 8;

/// What moves parameters on the spot.
#[derive(Clone, Copy)]
pub(crate) struct OnTheSpot<'a> {
    updaters: &'a [Plugin<dyn Updater>],
    layout: &'a Layout,
    clock: Clock,
    /// The rate of the step.
    pub(crate) rate: f64,
}

impl<'a> OnTheSpot<'a> {
    /// `None` where a step needs more than one piece of the gradient: for a direction, a search, an
    /// updater of wider scope, or whatever looks at the parameters after the step.
    pub(crate) fn new<T>(
        training: &'a TrainingSpec,
        constraints: &[Plugin<dyn Constraint>],
        layout: &'a Layout,
        state: &State<T>,
    ) -> Option<Self> {
        let updaters = training.updaters.as_slice();
        let local = |u: &Plugin<dyn Updater>| u.scope() == Scope::Element && !u.settles();
        let simple = training.direction.is_none() && constraints.is_empty();
        let few = updaters.len() <= UPDATERS && state.slots.iter().flatten().count() <= SLOTS;
        let rate = training.search.rate(state.clock)?;
        let possible = simple && few && updaters.iter().all(local);
        possible.then_some(Self { updaters, layout, clock: state.clock, rate })
    }

    /// Moves a block.
    pub(crate) fn step<T: Precision>(&self, ready: Ready<'_, T>, slots: &mut [Vec<Vec<T>>]) {
        let _span = profile::span(profile::Kind::Update);
        let block = &self.layout.blocks()[ready.block];
        let mut own = [0; UPDATERS];
        own.iter_mut().zip(slots.iter()).for_each(|(own, slots)| *own = slots.len());
        let mut parts: [&mut [T]; SLOTS] = std::array::from_fn(|_| Default::default());
        for (part, slot) in parts.iter_mut().zip(slots.iter_mut().flatten()) {
            *part = &mut slot[block.range.clone()];
        }
        let way =
            Way { chain: *self, block, own, part: PART, shared: SHARED / MOVE, penalties: &[] };
        let parameters = ready.parameters;
        match ready.gradient {
            Gradient::Written(gradient) => {
                way.go(Part { parameters, slots: parts, gradient: Source::Written(gradient) });
            }
            Gradient::Product { left, right, penalties, .. } => {
                let least = if left.len() > LONG { WIDE } else { COLUMNS };
                let columns = (PART / block.rows).max(least) / COLUMNS * COLUMNS;
                let shared = SHARED / (left.ncols() + MOVE);
                let way = Way { part: columns * block.rows, shared, penalties, ..way };
                profile::count(left.nrows(), right.ncols(), left.ncols());
                let left = &LeftOperand::new(left);
                let gradient = Source::Product { left, right, first: 0 };
                way.go(Part { parameters, slots: parts, gradient });
            }
        }
    }
}

/// A part of a block on its way.
struct Part<'a, T: Real> {
    parameters: &'a mut [T],
    slots: [&'a mut [T]; SLOTS],
    gradient: Source<'a, T>,
}

/// Where the gradient of a part is, or comes from.
enum Source<'a, T: Real> {
    Written(&'a mut [T]),
    Product {
        left: &'a LeftOperand<'a, T>,
        right: Mat<'a, T>,
        /// The first column of the part.
        first: usize,
    },
}

impl<'a, T: Real> Part<'a, T> {
    /// Cuts it in two, the first of so many numbers: whole columns of a product.
    fn split(self, at: usize) -> (Self, Self) {
        let (first, second) = self.parameters.split_at_mut(at);
        let (gradient, rest) = match self.gradient {
            Source::Written(gradient) => {
                let (gradient, rest) = gradient.split_at_mut(at);
                (Source::Written(gradient), Source::Written(rest))
            }
            Source::Product { left, right, first: start } => {
                let part = |first| Source::Product { left, right, first };
                (part(start), part(start + at / left.shape().0))
            }
        };
        let mut ends: [&'a mut [T]; SLOTS] = std::array::from_fn(|_| Default::default());
        let mut slots = self.slots;
        for (slot, end) in slots.iter_mut().zip(&mut ends).filter(|(slot, _)| !slot.is_empty()) {
            (*slot, *end) = std::mem::take(slot).split_at_mut(at);
        }
        (
            Self { parameters: first, slots, gradient },
            Self { parameters: second, slots: ends, gradient: rest },
        )
    }
}

/// The way of one block.
struct Way<'a> {
    chain: OnTheSpot<'a>,
    block: &'a Block,
    /// Slots of each updater.
    own: [usize; UPDATERS],
    /// Numbers in a part.
    part: usize,
    /// Numbers from which on parts are shared with another thread.
    shared: usize,
    /// What is still to be added to the gradient.
    penalties: &'a [Plugin<dyn Penalty>],
}

impl Way<'_> {
    /// Cuts the whole into parts, by their number alone, and moves each.
    fn go<T: Precision>(&self, whole: Part<'_, T>) {
        let len = whole.parameters.len();
        if len <= self.part {
            return self.take(whole);
        }
        let (one, other) = whole.split(len.div_ceil(self.part).div_ceil(2) * self.part);
        if len >= self.shared {
            rayon::join(|| self.go(one), || self.go(other));
        } else {
            self.go(one);
            self.go(other);
        }
    }

    /// Moves a part.
    fn take<T: Precision>(&self, part: Part<'_, T>) {
        let Part { parameters, slots, gradient } = part;
        match gradient {
            Source::Written(gradient) => self.update(parameters, slots, gradient),
            Source::Product { left, right, first } => with_scratch(parameters.len(), |gradient| {
                let columns = parameters.len() / self.block.rows;
                let matrix = mat_mut(gradient, self.block.rows, columns);
                let right = right.columns(first, columns);
                if self.block.range.len() < FAR {
                    left.times(Write::Overwrite, right, matrix);
                } else {
                    let next = [&*parameters, &*slots[0], &*slots[1]];
                    left.times_before(Write::Overwrite, right, matrix, &next);
                }
                self.update(parameters, slots, gradient);
            }),
        }
    }

    /// Gradient → penalties → − → updaters → parameters, piece by piece.
    fn update<T: Precision>(
        &self,
        parameters: &mut [T],
        mut slots: [&mut [T]; SLOTS],
        gradient: &mut [T],
    ) {
        let OnTheSpot { updaters, layout, clock, rate } = self.chain;
        let at = UpdateAt { clock, rate, block: Some(self.block), layout };
        let pieces = parameters.chunks_mut(PIECE).zip(gradient.chunks_mut(PIECE));
        for (n, (parameters, step)) in pieces.enumerate() {
            for penalty in self.penalties.iter().filter(|p| p.applies(self.block)) {
                penalty.kernels().at::<T>().add_gradient(self.block, parameters, step);
            }
            map(step, |step| -step);
            let len = step.len();
            let mut slots = slots.iter_mut().map(|slot| &mut slot[n * PIECE..][..len]);
            for (updater, &own) in updaters.iter().zip(&self.own) {
                let own = slots.by_ref().take(own).collect();
                updater.kernels().at::<T>().update(&at, parameters, own, step);
            }
            advance(T::of(rate), step, parameters);
        }
    }
}

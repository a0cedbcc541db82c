//! `Updater`: what shapes a step before it is taken.

use crate::{Block, BlockKind, Checked, ClipCounter, Clock, Family, Kernels, Layout, Seed};
use tanren_tensor::Real;

/// The largest number of slots one updater can have.
pub const MAX_SLOTS: usize = 6;

/// How much of the step an updater must see at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// Any piece of a block: every number is treated by itself.
    Element,
    /// One whole block.
    Block,
    /// The whole trainable vector.
    Whole,
}

/// What a slot holds before the first step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SlotInit {
    /// The same number everywhere.
    Value(f64),
    /// The initial parameters.
    Parameters,
}

/// A vector an updater keeps, with the layout of the trainable parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SlotSpec {
    /// Its name in a checkpoint.
    pub name: &'static str,
    /// What it holds before the first step.
    pub init: SlotInit,
}

impl SlotSpec {
    /// A slot that starts at zero.
    #[must_use]
    pub const fn zero(name: &'static str) -> Self {
        Self { name, init: SlotInit::Value(0.0) }
    }
}

/// When and where an updater is called.
#[derive(Clone, Copy, Debug)]
pub struct UpdateAt<'a> {
    /// Where the run stands; `clock.iteration` counts the updates before this one.
    pub clock: Clock,
    /// The rate the step will be multiplied by; 1 where a line search will find it.
    pub rate: f64,
    /// What noise is drawn from; a run has one seed for all.
    pub seed: Seed,
    /// The place of the first number of the slices among all trainable parameters.
    pub first: usize,
    /// The block, for scopes below [`Scope::Whole`]: its kind, rows and columns.
    pub block: Option<&'a Block>,
    /// The map of all parameters.
    pub layout: &'a Layout,
    /// The place of the updater in its chain.
    pub place: usize,
    /// What is clipped in this step.
    pub clips: &'a ClipCounter,
}

impl UpdateAt<'_> {
    /// Says that the updater clipped so many of the parts that it looked at: numbers, the steps of units,
    /// or whatever it clips each by itself.
    pub fn clipped(&self, clipped: usize, of: usize) {
        self.clips.add(self.place, clipped, of);
    }
}

/// A transformation of the step. Updaters chain: each gets what the one before left.
///
/// The step enters as the direction of descent, −gradient for steepest descent, already divided by
/// the weight of the examples, and is added after multiplication by the rate: `θ ← θ + rate · step`.
#[typetag::serde(tag = "type")]
pub trait Updater: Checked {
    /// The kinds of blocks whose steps it shapes where a recipe names none; unless said, all that are
    /// trained. An updater of [`Scope::Whole`] sees all of them, whatever it says here.
    fn kinds(&self) -> &[BlockKind] {
        BlockKind::TRAINED
    }

    /// How much it must see at once; unless said, [`Scope::Element`].
    fn scope(&self) -> Scope {
        Scope::Element
    }

    /// The vectors it keeps, at most [`MAX_SLOTS`]; none unless said.
    fn slots(&self) -> Vec<SlotSpec> {
        Vec::new()
    }

    /// Whether [`UpdaterKernel::settle`] does anything; unless said, it does not.
    fn settles(&self) -> bool {
        false
    }

    /// Whether an update leaves the step, the parameters and the slots alone, so that its kernel need not be
    /// called nor its slots be fetched; unless said, none does. `clock` is that of [`UpdateAt`].
    fn rests(&self, _clock: Clock) -> bool {
        false
    }

    /// Whether [`UpdaterKernel::evaluation`] does anything: whether the parameters to validate,
    /// save and predict with differ from those that are trained. Unless said, they do not.
    fn averages(&self) -> bool {
        false
    }

    /// Whether it has to know [`UpdateAt::rate`] before the step is made. With a search that finds the rate
    /// by looking along the step it is refused.
    fn supposes_rate(&self) -> bool {
        false
    }

    /// Whether no updater may follow it, because it takes its steps for those that are made. Another one behind
    /// it that shapes the same blocks is refused.
    fn ends_chain(&self) -> bool {
        false
    }

    /// Always `UpdaterKernels::of(self)`.
    fn kernels(&self) -> UpdaterKernels<'_>;
}

/// What an [`Updater`] computes, in both precisions.
pub type UpdaterKernels<'a> = Kernels<'a, dyn Updater>;

impl Family for dyn Updater {
    type Kernel<T: Real> = dyn UpdaterKernel<T>;
}

impl<'a> UpdaterKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: UpdaterKernel<f32> + UpdaterKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What an [`Updater`] computes, in precision `T`. All slices cover the same part of the vector:
/// a piece of a block, a block, or everything, as the scope says.
pub trait UpdaterKernel<T: Real>: Send + Sync {
    /// Transforms the step and brings the slots up to date.
    fn update(&self, at: &UpdateAt<'_>, parameters: &[T], slots: Slots<'_, T>, step: &mut [T]);

    /// Runs after the step, on the new parameters: lookahead, averaging.
    fn settle(&self, _at: &UpdateAt<'_>, _parameters: &mut [T], _slots: Slots<'_, T>) {}

    /// Runs at the end of an epoch, on the parameters it led to; [`UpdateAt::clock`] counts it. Averages by
    /// epochs are made here.
    fn finish_epoch(&self, _at: &UpdateAt<'_>, _parameters: &[T], _slots: Slots<'_, T>) {}

    /// Turns a copy of the trained parameters into those to evaluate with. `slots` may not change.
    fn evaluation(&self, _at: &UpdateAt<'_>, _parameters: &mut [T], _slots: Slots<'_, T>) {}
}

/// The slots of one updater, cut to the same part of the vector as its parameters.
#[derive(Debug)]
pub struct Slots<'a, T> {
    parts: [&'a mut [T]; MAX_SLOTS],
    len: usize,
}

impl<'a, T: Real> FromIterator<&'a mut [T]> for Slots<'a, T> {
    fn from_iter<I: IntoIterator<Item = &'a mut [T]>>(slots: I) -> Self {
        let mut parts = std::array::from_fn(|_| Default::default());
        let mut len = 0;
        for (part, slot) in parts.iter_mut().zip(slots) {
            *part = slot;
            len += 1;
        }
        Self { parts, len }
    }
}

impl<'a, T: Real> Slots<'a, T> {
    /// The slots by position: `let [m, v] = slots.array();`
    ///
    /// # Panics
    /// When fewer than `N` were declared.
    #[must_use]
    pub fn array<const N: usize>(self) -> [&'a mut [T]; N] {
        assert!(N <= self.len, "an updater used {N} slots and declared {}", self.len);
        let mut parts = self.parts.into_iter();
        std::array::from_fn(|_| parts.next().unwrap_or_default())
    }
}

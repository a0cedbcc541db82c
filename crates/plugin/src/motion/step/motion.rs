//! `Motion` and `MotionState`: what moves parameters, and what it remembers.

use super::chain::{Call, Chain};
use crate::{
    Aimed, Block, BlockKind, ClipCounter, Clock, Direction, DirectionMemory, Layout, Objective,
    Offers, Plugin, Scope, Search, Seed, SettingError, SlotInit, SlotSpec, Updater,
};
use std::fmt;
use tanren_tensor::Real;

/// What moves the parameters of one layout: direction → updaters → search.
#[derive(Clone, Debug)]
pub struct Motion<'a> {
    /// Where to go; without one, down the gradient.
    pub direction: Option<&'a Plugin<dyn Direction>>,
    /// How far to go.
    pub search: &'a Plugin<dyn Search>,
    /// By what a rate that is known without looking is multiplied; 1 unless set.
    pub pace: f64,
    /// What the noise of updaters is drawn from; [`Seed::default`] unless set.
    pub seed: Seed,
    /// What shapes the step, in order.
    pub(super) updaters: &'a [Aimed<dyn Updater>],
    /// Whether each updater shapes the step of each block: found once, so that no step compares names.
    hits: Vec<Vec<bool>>,
}

/// An algorithm that wants more than the objective offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OffersError {
    /// The direction or search.
    pub algorithm: String,
    /// What is missing.
    pub missing: &'static str,
    /// What the objective offers.
    pub offered: Offers,
}

impl fmt::Display for OffersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { algorithm, missing, offered } = self;
        write!(f, "{algorithm} needs {missing} of the objective, which offers {offered}")
    }
}

impl std::error::Error for OffersError {}

impl<'a> Motion<'a> {
    /// Down the gradient, as far as `search` says.
    #[must_use]
    pub fn new(search: &'a Plugin<dyn Search>) -> Self {
        let (pace, seed) = (1.0, Seed::default());
        Self { direction: None, search, pace, seed, updaters: &[], hits: Vec::new() }
    }

    /// The same with these updaters, which find the blocks they are aimed at in `layout`: that of the
    /// parameters to move.
    #[must_use]
    pub fn updaters(mut self, updaters: &'a [Aimed<dyn Updater>], layout: &Layout) -> Self {
        self.updaters = updaters;
        self.hits = updaters.iter().map(|updater| updater.marks(layout.blocks())).collect();
        self
    }

    /// Refuses an updater whose aim hits nothing in `layout`, one that is aimed although it has to see the
    /// whole step, and one that supposes a rate where the search looks for it.
    ///
    /// # Errors
    /// The first such updater; the setting is its place in the list.
    pub fn check_aims(&self, layout: &Layout) -> Result<(), SettingError> {
        let blocks = layout.blocks();
        let trained = |kind| kind != BlockKind::Statistic;
        for (i, updater) in self.updaters.iter().enumerate() {
            let place = |error: SettingError| error.inside(&format!("updaters[{i}]"));
            if updater.supposes_rate() && self.rate(Clock::default()).is_none() {
                let name = updater.typetag_name();
                let expected = format!("a search with a rate, such as learning-rate, for {name}");
                let setting = format!("updaters[{i}]");
                return Err(SettingError::new(setting, expected, self.search.typetag_name()));
            }
            let hits = updater.hits(blocks).map_err(place)?;
            if updater.ends_chain()
                && let Some(other) = self.follower(i, &hits, blocks).map_err(place)?
            {
                let name = updater.typetag_name();
                let expected = format!("{name} as the last updater of its blocks");
                let found = format!("{other} behind it");
                return Err(SettingError::new(format!("updaters[{i}]"), expected, found));
            }
            let moves = blocks.iter().zip(&hits).any(|(block, hit)| *hit && block.trainable());
            if !updater.on.is_open() && !moves {
                let found = "a selection of blocks that all keep their values";
                return Err(place(SettingError::new("on", "a block that is trained", found)));
            }
            let all = blocks.iter().zip(&hits).all(|(block, hit)| *hit || !trained(block.kind));
            if updater.scope() == Scope::Whole && !updater.on.is_open() && !all {
                let name = updater.typetag_name();
                let expected =
                    format!("no `on`, because {name} uses the steps of all blocks at once");
                return Err(place(SettingError::new("on", expected, "a selection of some blocks")));
            }
        }
        Ok(())
    }

    /// The name of an updater behind the one at `place` that shapes some of the blocks it hits.
    fn follower(
        &self,
        place: usize,
        hits: &[bool],
        blocks: &[Block],
    ) -> Result<Option<&'static str>, SettingError> {
        for other in &self.updaters[place + 1..] {
            let shared = other.hits(blocks)?.iter().zip(hits).any(|(other, hit)| *other && *hit);
            if shared {
                return Ok(Some(other.typetag_name()));
            }
        }
        Ok(None)
    }

    /// Whether an updater shapes the step of a block; of all blocks, where none is given.
    pub(super) fn shapes(&self, updater: usize, block: Option<usize>) -> bool {
        block.is_none_or(|block| self.hits[updater][block])
    }

    /// Refuses by name an algorithm that wants more than the objective offers.
    ///
    /// # Errors
    /// [`OffersError`].
    pub fn check<T: Real>(&self, objective: &dyn Objective<T>) -> Result<(), OffersError> {
        let offered = objective.offers();
        let direction = self.direction.map(|d| (d.typetag_name(), d.needs()));
        let search = (self.search.typetag_name(), self.search.needs());
        for (algorithm, needs) in direction.into_iter().chain([search]) {
            if let Some(missing) = needs.missing(offered) {
                return Err(OffersError { algorithm: algorithm.to_owned(), missing, offered });
            }
        }
        Ok(())
    }

    /// The step length at `clock`, when it is known without looking.
    pub(crate) fn rate(&self, clock: Clock) -> Option<f64> {
        Some(self.pace * self.search.rate(clock)?)
    }

    /// The direction, where it is another than the negative gradient.
    pub(crate) fn turned(&self) -> Option<&'a Plugin<dyn Direction>> {
        self.direction.filter(|direction| !direction.steepest())
    }
}

/// What moving remembers from step to step. Plain data; a checkpoint keeps it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MotionState<T> {
    /// What updaters keep: by updater, by slot.
    pub slots: Vec<Vec<Vec<T>>>,
    /// What each slot is called in a checkpoint: `adam-1.m` is the slot `m` of the first updater of
    /// type `adam`.
    pub names: Vec<Vec<String>>,
    /// What the direction keeps.
    pub direction: DirectionMemory<T>,
    /// What the search keeps.
    pub search: Vec<f64>,
}

impl<T: Real> MotionState<T> {
    /// The start of a run at these trainable parameters.
    #[must_use]
    pub fn new(motion: &Motion<'_>, trainable: &[T]) -> Self {
        let slot = |spec: &SlotSpec| match spec.init {
            SlotInit::Value(value) => vec![T::of(value); trainable.len()],
            SlotInit::Parameters => trainable.to_vec(),
        };
        let slots = motion.updaters.iter().map(|u| u.slots().iter().map(slot).collect()).collect();
        let memory = motion.direction.map(|d| d.memory()).unwrap_or_default();
        let direction = DirectionMemory::new(memory, trainable.len());
        let search = vec![0.0; motion.search.memory()];
        Self { slots, names: slot_names(motion.updaters), direction, search }
    }

    /// Forgets what made a step that led uphill: the direction's memory and the slots of updaters that
    /// shape steps. Averages of the parameters are kept.
    pub(crate) fn forget(&mut self, motion: &Motion<'_>, trainable: &[T]) {
        self.direction.clear();
        let shaping = motion.updaters.iter().zip(&mut self.slots).filter(|(u, _)| !u.averages());
        for (updater, slots) in shaping {
            for (spec, slot) in updater.slots().iter().zip(slots) {
                match spec.init {
                    SlotInit::Value(value) => slot.fill(T::of(value)),
                    SlotInit::Parameters => slot.copy_from_slice(trainable),
                }
            }
        }
    }
}

/// What the slots of a chain are called: by the type of their updater, its number among those of its
/// type, and the name it declares.
fn slot_names(updaters: &[Aimed<dyn Updater>]) -> Vec<Vec<String>> {
    let of = |(i, updater): (usize, &Aimed<dyn Updater>)| {
        let kind = updater.typetag_name();
        let number = updaters[..=i].iter().filter(|other| other.typetag_name() == kind).count();
        updater.slots().iter().map(|slot| format!("{kind}-{number}.{}", slot.name)).collect()
    };
    updaters.iter().enumerate().map(of).collect()
}

/// A point of a run: the parameters, and what the motion remembers.
#[derive(Debug)]
pub struct Moving<'a, T> {
    /// Where the run stands.
    pub clock: Clock,
    /// The parameters, as long as the layout.
    pub parameters: &'a mut [T],
    /// What the motion remembers.
    pub state: &'a mut MotionState<T>,
}

impl<T> Moving<'_, T> {
    /// The same, for a part of a step.
    pub const fn reborrow(&mut self) -> Moving<'_, T> {
        Moving { clock: self.clock, parameters: self.parameters, state: self.state }
    }
}

/// Tells updaters that an epoch has ended, which the clock counts already.
pub fn finish_epoch<T: crate::Precision>(
    motion: &Motion<'_>,
    layout: &Layout,
    moving: &mut Moving<'_, T>,
) {
    let Moving { clock, parameters, state } = moving.reborrow();
    let call = Call { clock, rate: 1.0, clips: &ClipCounter::default() };
    Chain { motion, layout }.run(call, None, &mut state.slots, &mut |kernel, at, own, range| {
        kernel.finish_epoch(at, &parameters[range], own);
    });
}

/// The trainable parameters to validate, save and predict with, when updaters say that they differ
/// from those that are trained and differ indeed: averages, schedule-free iterates.
#[must_use]
pub fn evaluation_parameters<T: crate::Precision>(
    motion: &Motion<'_>,
    layout: &Layout,
    moving: &mut Moving<'_, T>,
) -> Option<Vec<T>> {
    let averaged = motion.updaters.iter().any(|u| u.averages()).then(|| {
        let mut evaluation = moving.parameters.to_vec();
        let chain = Chain { motion, layout };
        let call = Call { clock: moving.clock, rate: 1.0, clips: &ClipCounter::default() };
        chain.run(call, None, &mut moving.state.slots, &mut |kernel, at, own, range| {
            kernel.evaluation(at, &mut evaluation[range], own);
        });
        evaluation
    });
    // Where there is no average yet, it is what is trained.
    averaged.filter(|averaged| averaged != moving.parameters)
}

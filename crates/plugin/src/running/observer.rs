//! `Observer`: what watches a run. It says what it needs of a step, and only that is computed.

use crate::{Clock, Layout, Load, Number, Point, StateGradient, StepOutcome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::{BitOr, ControlFlow};
use tanren_tensor::{Shape, Slice};

/// A set of things an observer wants to see at one step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wants(u32);

impl Wants {
    /// Nothing.
    pub const NOTHING: Self = Self(0);
    /// [`Event::Step`]: loss and rate of every update.
    pub const STEP: Self = Self(1);
    /// [`Event::Parameters`], after the update.
    pub const PARAMETERS: Self = Self(2);
    /// [`Event::Gradient`], before any updater.
    pub const GRADIENT: Self = Self(4);
    /// [`Event::Update`]: the step that was taken.
    pub const UPDATE: Self = Self(8);
    /// [`Event::Activation`] of every node.
    pub const ACTIVATIONS: Self = Self(16);
    /// The value of the penalties in [`Event::Step`].
    pub const PENALTY: Self = Self(32);
    /// [`Event::Search`]: the points at which a line search looked.
    pub const SEARCH: Self = Self(64);
    /// [`Event::States`] of every node that hands a state from step to step.
    pub const STATES: Self = Self(128);
    /// Everything.
    pub const EVERYTHING: Self = Self(255);

    /// Whether all of `other` is wanted.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether anything of `other` is wanted.
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

impl BitOr for Wants {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Why a run ended early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reason(pub String);

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How a phase of a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// After its last epoch.
    Completed,
    /// A stopping rule of the recipe ended it.
    Stopped(Reason),
    /// An observer ended it. It can be resumed.
    Interrupted(Reason),
    /// A loss or, after an epoch, a parameter was not finite.
    Diverged {
        /// Updates made before.
        iteration: u64,
        /// What the loss was.
        loss: Number,
    },
}

/// One finished epoch.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochRecord {
    /// The clock at its end.
    pub clock: Clock,
    /// Mean training loss over the epoch, without penalties; `None` if there is no value.
    pub loss: Option<Number>,
    /// Scores on the validation part, by name (`loss`, `accuracy` …); empty without one.
    pub validation: BTreeMap<String, Number>,
    /// Scores on the training rows, by name; empty unless a stopping rule or a pace looks at one of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub training: BTreeMap<String, Number>,
    /// How long its last step was: the learning rate, as it was used, or what the search found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Number>,
    /// Steps of the epoch that were not taken as planned: see [`Fallback`](crate::Fallback).
    #[serde(default)]
    pub fallbacks: u64,
    /// The mean clip rate of its steps: see [`StepOutcome`]. `None` where nothing clips.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clip_rate: Option<f64>,
    /// Seconds the run has taken so far.
    pub seconds: f64,
}

/// What happened, borrowed from the loop.
///
/// What is not named in [`Wants`] is shown to every observer.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A run starts, or continues from a checkpoint.
    Start {
        /// Where it stands.
        clock: Clock,
    },
    /// A phase starts, or continues from a checkpoint.
    Phase {
        /// Where it stands.
        clock: Clock,
        /// The map of the parameters in this phase.
        layout: &'a Layout,
    },
    /// An update was made.
    Step {
        /// The clock before it.
        clock: Clock,
        /// The loss of the batch before it, if the objective has a value.
        loss: Option<f64>,
        /// The penalties, if they were wanted.
        penalty: Option<f64>,
        /// The step: its rate, and the fallback if it was not taken as planned.
        outcome: StepOutcome,
        /// What the batch counts for.
        load: Load,
    },
    /// A line search looked along the step of an update.
    Search {
        /// The points, in order; none where the step length was known.
        points: &'a [Point],
    },
    /// Parameters after an update.
    Parameters {
        /// Their map.
        layout: &'a Layout,
        /// The flat vector.
        values: Slice<'a>,
    },
    /// The raw gradient of an update.
    Gradient {
        /// Its map.
        layout: &'a Layout,
        /// The flat vector.
        values: Slice<'a>,
    },
    /// Rate · step, as it was added to the trainable parameters; constraints and settling updaters
    /// may have moved them further.
    Update {
        /// Its map.
        layout: &'a Layout,
        /// The flat vector, as long as the trainable part.
        values: Slice<'a>,
    },
    /// The output of one node in the forward pass of the update.
    Activation {
        /// The node.
        node: &'a str,
        /// Its output's shape.
        shape: Shape,
        /// The signal, column by column.
        values: Slice<'a>,
    },
    /// How far the gradient of the update reached back in time, at one node that hands a state on.
    States {
        /// The node.
        node: &'a str,
        /// The gradient at the state of each step of the batch, or of the segment, in the order of time:
        /// [`StateGradient::by_lag`] tells how it fades.
        gradient: &'a [StateGradient],
    },
    /// The parameters were scored on data that are not trained on.
    Validation {
        /// The clock at the end of the epoch.
        clock: Clock,
        /// The scores, by name.
        scores: &'a BTreeMap<String, Number>,
    },
    /// An epoch ended.
    Epoch(&'a EpochRecord),
    /// Scores changed the learning rate: from the next update on a pace multiplies it by something else.
    Pace {
        /// The clock before that update.
        clock: Clock,
        /// By what all of [`Pace`](crate::Pace) multiply it.
        factor: f64,
        /// What it will be; none where a search looks for it.
        rate: Option<f64>,
    },
    /// The state was written to a file.
    Checkpoint {
        /// Where the run stood.
        clock: Clock,
    },
    /// The loss or a parameter is not finite. What follows is shown whether it was wanted or not: the
    /// activations, the gradient and the parameters of that very step, evaluated once more.
    Diverged {
        /// The clock before the step.
        clock: Clock,
        /// The loss; NaN where a parameter was found.
        loss: f64,
    },
    /// The run ended.
    End(&'a Ending),
}

/// Watches a run, and may end it. Observed and unobserved runs have the same bits.
pub trait Observer {
    /// What it wants of the update at this clock. Asked once per update.
    fn wants(&self, _at: Clock) -> Wants {
        Wants::NOTHING
    }

    /// Sees an event. `Break` ends the run after this update.
    fn observe(&mut self, _event: &Event<'_>) -> ControlFlow<Reason> {
        ControlFlow::Continue(())
    }
}

/// Sees nothing and costs nothing.
impl Observer for () {}

impl<O: Observer + ?Sized> Observer for &mut O {
    fn wants(&self, at: Clock) -> Wants {
        (**self).wants(at)
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        (**self).observe(event)
    }
}

impl<O: Observer + ?Sized> Observer for Box<O> {
    fn wants(&self, at: Clock) -> Wants {
        (**self).wants(at)
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        (**self).observe(event)
    }
}

/// Both watch; either may end the run.
impl<A: Observer, B: Observer> Observer for (A, B) {
    fn wants(&self, at: Clock) -> Wants {
        self.0.wants(at) | self.1.wants(at)
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        let first = self.0.observe(event);
        let second = self.1.observe(event);
        if first.is_break() { first } else { second }
    }
}

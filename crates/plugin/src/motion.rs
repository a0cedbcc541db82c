//! Chapter 5, motion: one step of training.
//!
//! An [`Objective`] is a function of the parameters: a network on a batch, or any function of yours. A
//! caller [asks](Ask) for its value, its gradient or both, as far as the objective [offers](Offers) them,
//! and gets an [`Evaluation`].
//!
//! A step is made of three kinds of plugins, each of which can be exchanged:
//!
//! 1. A [`Direction`] turns the gradient into a direction: steepest descent, conjugate gradient, L-BFGS.
//!    It remembers in a [`DirectionMemory`], as large as its [`MemorySpec`] says, sees the objective
//!    [`Evaluated`] at the present point, and says with a [`Heading`] what it knows of the step. Without
//!    one, the direction is the negative gradient.
//! 2. A chain of [`Updater`]s (optimizers, in the words of other libraries) shapes the step: momentum,
//!    Adam, clipping. An updater declares the vectors it keeps ([`SlotSpec`], [`SlotInit`]; at most
//!    [`MAX_SLOTS`]), gets them as [`Slots`], knows where it is from [`UpdateAt`], and says with its
//!    [`Scope`] how much of the step it must see at once. A [`ClipCounter`] counts what it clips.
//! 3. A [`Search`] decides how far to go: a learning rate, or a line search along a [`Line`], from
//!    [`Point`] to point, which may end in a [`SearchFailure`].
//!
//! A number in any of them, such as the learning rate, may be a [`Schedule`](crate::Schedule).
//!
//! A [`Motion`] holds these parts and a [`MotionState`] what they remember; [`Moving`] joins the state
//! with the parameters. A [`Stepper`] takes the steps and says what came of each
//! ([`StepOutcome`]; a [`Fallback`] where the step was not taken as planned). Neither a network nor a
//! trainer is needed; the example is at [`Stepper`]. [`finish_epoch`] tells updaters that an epoch
//! is over, [`evaluation_parameters`] gives the parameters to
//! predict with where they differ from those that are trained, and [`OffersError`] refuses a motion that
//! needs what the objective lacks.

mod clip_counter;
mod direction;
mod objective;
mod search;
mod step;
mod updater;

pub use clip_counter::ClipCounter;
pub use direction::{
    Direction, DirectionKernel, DirectionKernels, DirectionMemory, Evaluated, Heading, MemorySpec,
};
pub use objective::{Ask, Evaluation, Objective, Offers};
pub use search::{Line, Point, Search, SearchFailure};
pub use step::{
    Fallback, Motion, MotionState, Moving, OffersError, StepOutcome, Stepper,
    evaluation_parameters, finish_epoch,
};
pub use updater::{
    MAX_SLOTS, Scope, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};

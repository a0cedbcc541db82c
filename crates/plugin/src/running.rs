//! Chapter 6, running: from steps to a run.
//!
//! A [`Task`] is what the training loop works on. It says what an epoch is made of, loads a batch (which
//! counts as much as its [`Load`] says), is the objective of that batch, and scores. What recurrent
//! layers carry from batch to batch are its [`Carries`]; it may fail with a [`TaskError`].
//!
//! A [`Metric`] scores predictions: it sees a [`Comparison`] of all predictions of one output with the
//! targets, in the target's [`Units`] or in the network's, and says which way is [`Better`].
//! [`predicted_class`] is the class that a column of predictions stands for.
//!
//! [`Stopping`] rules look at the [`History`] of a run, a list of [`EpochRecord`]s with scores on the rows
//! that are [`Watched`], or at its [`Progress`] after each update, and may end it with a [`Reason`]. A
//! [`Pace`] changes the learning rate by the same scores.
//!
//! An [`Observer`] is shown [`Event`]s: steps, epochs, validations, checkpoints, the [`Ending`]. It says
//! with [`Wants`] what it needs of the next step, and only that is computed; a run whose observer wants
//! nothing costs nothing more, and its results are the same to the bit.

mod comparison;
mod metric;
mod observer;
mod pace;
mod stopping;
mod task;

pub use comparison::{Comparison, predicted_class};
pub use metric::{Better, Metric, Units};
pub use observer::{Ending, EpochRecord, Event, Observer, Reason, Wants};
pub use pace::Pace;
pub use stopping::{History, Progress, Stopping, Watched};
pub use task::{Carries, Load, Task, TaskError};

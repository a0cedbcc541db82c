//! The contracts of tanren: everything an outside layer, loss, updater or data source needs.
//!
//! Three sentences decide most questions:
//!
//! > **Plugins are values. State is data. The loop is observed for free.**
//!
//! * A plugin is an *immutable serialisable value*: a plain struct, registered by
//!   `#[typetag::serde(name = "vendor/name")]`. It can be printed, shared between threads and
//!   written in a recipe. Whoever holds one holds a [`Plugin`].
//! * What changes in training is plain data, handed to the plugin by reference: parameters
//!   ([`Params`]), gradients ([`Grads`]), an updater's [`Slots`], a direction's
//!   [`DirectionMemory`], a recurrent layer's [`Carry`], the [`Clock`], the [`Seed`].
//! * An [`Observer`] says what it needs at this step; only that is computed.
//!
//! # A plugin in two halves
//!
//! A trait without type parameters says what a plugin *is* (shapes, parameters, facts); a generic
//! kernel trait says what it *computes*, once for both precisions. [`LayerKernels::of`] joins them.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use tanren_plugin::*;
//! use tanren_tensor::{Real, SignalMut, sigmoid};
//!
//! /// y = x · σ(βx)
//! #[derive(Debug, Serialize, Deserialize)]
//! #[serde(deny_unknown_fields, default)]
//! pub struct Swish {
//!     pub beta: f64,
//! }
//!
//! impl Default for Swish {
//!     fn default() -> Self {
//!         Self { beta: 1.0 }
//!     }
//! }
//!
//! impl Checked for Swish {}
//!
//! #[typetag::serde(name = "acme/swish")]
//! impl Activation for Swish {
//!     fn facts(&self) -> Facts {
//!         Facts::smooth()
//!     }
//!     fn needs_input(&self) -> bool {
//!         true
//!     }
//!     fn kernels(&self) -> ActivationKernels<'_> {
//!         ActivationKernels::of(self)
//!     }
//! }
//!
//! impl ScalarFunction for Swish {
//!     fn apply<T: Real>(&self, x: &mut [T]) {
//!         for x in x {
//!             let mut s = [T::of(self.beta) * *x];
//!             sigmoid(&mut s);
//!             *x *= s[0];
//!         }
//!     }
//!     fn differentiate<T: Real>(&self, x: &[T], y: &[T], dy: &mut [T]) {
//!         for ((dy, &x), &y) in dy.iter_mut().zip(x).zip(y) {
//!             let beta = T::of(self.beta);
//!             let mut s = [beta * x];
//!             sigmoid(&mut s);
//!             *dy *= s[0] + beta * y * (T::ONE - s[0]); // y' = σ + βy(1 − σ)
//!         }
//!     }
//! }
//!
//! let read: Plugin<dyn Activation> = serde_json::from_str(r#""acme/swish""#).unwrap();
//! let mut x = [0.0_f32, 2.0];
//! let no_params = Params::new(&[], &[]);
//! read.kernels().at::<f32>().forward(no_params, &mut SignalMut::new(&mut x, 2));
//! assert_eq!(x[0], 0.0);
//! ```
#![forbid(unsafe_code)]

mod activation;
mod aim;
mod backward;
mod batch;
mod block;
mod clock;
mod comparison;
mod constraint;
mod direction;
mod downstream;
mod energy;
pub mod engine;
mod error;
mod facts;
mod failure;
mod field;
mod field_spec;
mod forward;
pub mod gradient;
mod init;
mod kernels;
mod layer;
mod layout;
mod loss;
mod metric;
mod nearest;
mod noise;
mod normalizer;
mod number;
mod objective;
mod observer;
mod params;
mod pass;
mod penalty;
mod plugin;
mod schedule;
mod search;
mod seed;
mod select;
mod setting;
mod source;
mod step;
mod stopping;
mod table;
mod task;
mod updater;

pub use activation::{Activation, ActivationKernel, ScalarFunction};
pub use aim::{Aim, Aimed, On};
pub use backward::Backward;
pub use batch::{Batch, Batches, Outline, PORTS, Ports, Segment, Weights};
pub use block::{Block, BlockKind};
pub use clock::{Clock, Phase};
pub use comparison::{Comparison, predicted_class};
pub use constraint::{Constraint, ConstraintKernel};
pub use direction::{Direction, DirectionKernel, DirectionMemory, Evaluated, MemorySpec};
pub use downstream::{Downstream, Edge};
pub use energy::{Contrast, Energy, EnergyKernel};
pub use error::DataError;
pub use facts::{Facts, Link};
pub use field::{Field, Values};
pub use field_spec::{Feature, FieldSpec, Schema, UNKNOWN};
pub use forward::Forward;
pub use init::{Fan, Init};
pub use kernels::{
    ActivationKernels, ConstraintKernels, DirectionKernels, EnergyKernels, LayerKernels,
    LossKernels, NoiseKernels, PenaltyKernels, Precision, UpdaterKernels,
};
pub use layer::{Layer, LayerKernel, Memory};
pub use layout::{Active, BlockView, Layout, ParamSpec, Share};
pub use loss::{Domain, Loss, LossGradient, LossKernel};
pub use metric::{Better, Metric, Units};
pub use nearest::nearest;
pub use noise::{NoiseKernel, WeightNoise};
pub use normalizer::{Fitted, Normalizer};
pub use number::Number;
pub use objective::{Ask, Evaluation, Gradient, Objective, Offers, Ready};
pub use observer::{Ending, EpochRecord, Event, Observer, Reason, Wants};
pub use params::{Grads, Params};
pub use pass::{Carry, Mode, Pass};
pub use penalty::{Penalty, PenaltyKernel};
pub use plugin::{Checked, Plugin};
pub use schedule::Schedule;
pub use search::{Line, Point, Search, SearchFailure};
pub use seed::Seed;
pub use select::{NodeFacts, Select};
pub use setting::SettingError;
pub use source::{Part, Source, Split};
pub use step::{
    Fallback, Motion, MotionState, Moving, OffersError, StepOutcome, Stepper, evaluation_parameters,
};
pub use stopping::{History, Stopping};
pub use table::Table;
pub use task::{Carries, Load, Task, TaskError};
pub use updater::{MAX_SLOTS, Scope, SlotInit, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel};

pub use tanren_tensor as tensor;
pub use typetag;

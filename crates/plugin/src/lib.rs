//! The contracts of tanren: everything an outside layer, loss, updater or data source needs.
//!
//! Three sentences decide most questions:
//!
//! > **Plugins are values. State is data. The loop is observed for free.**
//!
//! * A plugin is an immutable value that can be serialised: a plain struct, registered by
//!   `#[typetag::serde(name = "vendor/name")]`. It can be printed, shared between threads and written
//!   in a recipe.
//! * What changes in training is plain data, handed to the plugin by reference: parameters, gradients,
//!   what an updater or a direction remembers, what a recurrent layer carries, the clock, the seed.
//! * An observer says what it needs of a step; only that is computed.
//!
//! # How to read this
//!
//! Shapes, signals, `Real` and `Write` are those of [`tanren_tensor`]; read its front page first. The
//! contracts are six chapters, which lead from one plugin to a whole run:
//!
//! 1. [`values`]: what every plugin is; settings, precision, seed and clock;
//! 2. [`data`]: sources, fields, splits, normalizers;
//! 3. [`layers`]: batches, parameters, passes, layers, activations, energy models;
//! 4. [`losses`]: losses, the blocks of all parameters, and what is aimed at them: penalties, constraints,
//!    noise;
//! 5. [`motion`]: objectives, directions, updaters, searches, and the step they make;
//! 6. [`running`]: tasks, metrics, stopping rules, observers.
//!
//! Each chapter uses only those before it. To write a layer, read 1 and 3; to write an updater, 1, 5 and of
//! 4 what a [`Block`] is. [`gradient`] checks derivatives against differences. [`engine`] holds what only
//! those who build networks need: it belongs to no chapter, and what mentions it in one can be passed
//! over. All names of the
//! chapters are at the root of the crate as well: `use tanren_plugin::{Layer, LayerKernel}`.
//!
//! # A plugin in two halves
//!
//! A trait without type parameters says what a plugin *is*: shapes, parameters, facts. A kernel trait
//! says what it *computes*, in any precision. The method `kernels` joins them. An activation is the
//! shortest example; as a [`ScalarFunction`] it is one function of every number:
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use tanren_plugin::*;
//! use tanren_tensor::{Real, SignalMut};
//!
//! /// y = x / √(1 + αx²). Source: Carlile et al. (2017), *Improving deep learning by inverse square
//! /// root linear units*.
//! #[derive(Debug, Serialize, Deserialize, Checked)]
//! #[serde(deny_unknown_fields, default)]
//! pub struct Isru {
//!     /// α: the larger, the sooner it saturates.
//!     #[setting(above = 0)]
//!     pub alpha: f64,
//! }
//!
//! impl Default for Isru {
//!     fn default() -> Self {
//!         Self { alpha: 1.0 }
//!     }
//! }
//!
//! #[typetag::serde(name = "acme/isru")]
//! impl Activation for Isru {
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
//! impl Isru {
//!     /// 1 / √(1 + αx²)
//!     fn root<T: Real>(&self, x: T) -> T {
//!         T::ONE / (T::ONE + T::of(self.alpha) * x * x).sqrt()
//!     }
//! }
//!
//! impl ScalarFunction for Isru {
//!     fn apply<T: Real>(&self, x: &mut [T]) {
//!         x.iter_mut().for_each(|x| *x *= self.root(*x));
//!     }
//!     fn differentiate<T: Real>(&self, x: &[T], _: &[T], dy: &mut [T]) {
//!         dy.iter_mut().zip(x).for_each(|(dy, &x)| *dy *= self.root(x).powi(3));
//!     }
//! }
//!
//! tanren_testkit::activation(&Isru::default()); // the test that all activations pass
//!
//! let read: Plugin<dyn Activation> = serde_json::from_str(r#""acme/isru""#).unwrap();
//! let mut x = [0.0_f32, 2.0];
//! let no_params = Params::new(&[], &[]);
//! read.kernels().at::<f32>().forward(no_params, &mut SignalMut::new(&mut x, 2));
//! assert_eq!(x[0], 0.0);
//! ```
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

// What `#[derive(Checked)]` writes names this crate.
extern crate self as tanren_plugin;

pub mod values;

pub mod data;

pub mod layers;

pub mod losses;

pub mod motion;

pub mod running;

pub mod engine;
pub mod gradient;

// Every name of the chapters can be used without its chapter: `tanren_plugin::Layer`.
#[doc(hidden)]
pub use {data::*, layers::*, losses::*, motion::*, running::*, values::*};

pub use tanren_tensor as tensor;
pub use typetag;

//! Chapter 4, losses: what is minimised, and what else is asked of the parameters.
//!
//! A [`Loss`] compares the output of a node with a target, column by column, and gives its gradient
//! ([`LossGradient`]). It owns the link that turns outputs into predictions, and says which targets it
//! accepts ([`Domain`]). Most losses have a term for each number of a column, and write no more than that
//! ([`LossTerms`]).
//!
//! All parameters lie in one vector. A [`Layout`] maps it: a list of [`Block`]s, those that are trained
//! first, each with what is asked of it.
//!
//! A [`Penalty`] adds to the objective by the parameters alone, as L2 regularization does. A
//! [`Constraint`] moves parameters back into a set after each step. A [`WeightNoise`] disturbs weights
//! during training, as DropConnect does.
//!
//! Penalties, constraints, noises and updaters are [`Aimed`](crate::Aimed) at blocks with a [`Select`]:
//! which nodes, kinds of blocks, kinds of layers, depths. [`BlockAim`] is what these families have in
//! common, and [`NodeFacts`] is what a selection can see of a node.

mod aim;
mod block;
mod constraint;
mod domain;
mod layout;
mod loss;
mod noise;
mod penalty;
mod select;
mod terms;

pub use aim::BlockAim;
pub use block::Block;
pub use constraint::{Constraint, ConstraintKernel, ConstraintKernels};
pub use domain::Domain;
pub use layout::Layout;
pub use loss::{Classes, Loss, LossGradient, LossKernel, LossKernels, Reduction};
pub use noise::{NoiseKernel, NoiseKernels, WeightNoise};
pub use penalty::{Penalty, PenaltyKernel, PenaltyKernels};
pub use select::{NodeFacts, Select};
pub use terms::LossTerms;

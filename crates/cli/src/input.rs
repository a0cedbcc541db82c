//! What a verb works on: a recipe, or data for which a recipe is made.

pub(crate) mod across_batches;
pub(crate) mod choose;
pub(crate) mod data;
mod held_out;
pub(crate) mod ids;
pub(crate) mod noticed;
pub(crate) mod proportion;
pub(crate) mod rare;
pub(crate) mod revise;
pub(crate) mod series;
pub(crate) mod steps;
mod transfer;
pub(crate) mod unfit;

pub(crate) use choose::choose;

//! Splits: which rows train, validate and test.

pub(crate) mod folds;
pub(crate) mod given;
pub(crate) mod group;
pub(crate) mod key;
pub(crate) mod order;
pub(crate) mod random;
pub(crate) mod strata;
pub(crate) mod texts;
pub(crate) mod time;

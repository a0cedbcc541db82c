//! Splits: which rows train, validate and test.

pub(crate) mod given;
pub(crate) mod random;
pub(crate) mod strata;

//! Normalizers: what is learned from the training rows and applied to all.

pub(crate) mod fitted;
pub(crate) mod impute;
pub(crate) mod min_max;
pub(crate) mod one_hot;
pub(crate) mod standardize;

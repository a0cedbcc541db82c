//! Normalizers: what is learned from the training rows and applied to all.

pub(crate) mod fitted;
pub(crate) mod image;
pub(crate) mod impute;
pub(crate) mod log1p;
pub(crate) mod max_abs;
pub(crate) mod min_max;
mod minimum;
pub(crate) mod one_hot;
pub(crate) mod ordinal;
pub(crate) mod pca;
pub(crate) mod quantile;
mod quantiles;
pub(crate) mod robust;
pub(crate) mod standardize;
pub(crate) mod yeo_johnson;

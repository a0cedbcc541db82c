//! Losses and penalties: what is minimised; and constraints: where it is minimised.
//!
//! z is a column of outputs of the network, k their number, t the column of targets; a loss gives
//! one value per column. A loss owns the link from outputs to predictions ŷ, so the network ends
//! linear.
//!
//! | name | type | value of a column | prediction ŷ | targets | source |
//! |------|------|-------------------|--------------|---------|--------|
//! | `mse` | [`Mse`] | Σ (z − t)² / k | z | k numbers | Legendre 1805 |
//! | `l2` | [`SquaredError`] | Σ (z − t)² | z | k numbers | Legendre 1805 |
//! | `mae` | [`Mae`] | Σ \|z − t\| / k | z | k numbers | Boscovich 1757 |
//! | `l1` | [`AbsoluteError`] | Σ \|z − t\| | z | k numbers | Boscovich 1757 |
//! | `huber` | [`Huber`] | Σ h(z − t) / k, squared up to `delta` | z | k numbers | Huber 1964 |
//! | `log-cosh` | [`LogCosh`] | Σ ln cosh(z − t) / k | z | k numbers | Green 1990 |
//! | `quantile` | [`Quantile`] | Σ ρ(t − z) / k, pinball of `q` | z | k numbers | Koenker & Bassett 1978 |
//! | `mape` | [`Mape`] | 100 Σ \|z − t\| / max(\|t\|, `floor`) / k | z | k numbers | Makridakis 1993 |
//! | `msle` | [`Msle`] | Σ (ln(1 + ŷ) − ln(1 + t))² / k | eᶻ − 1 | k numbers above −1 | Törnqvist et al. 1985 |
//! | `poisson` | [`Poisson`] | Σ (ŷ − t ln ŷ), `full`: + ln t! | eᶻ | k numbers from 0 on | Nelder & Wedderburn 1972 |
//! | `gaussian-nll` | [`GaussianNll`] | ½ Σ (ln v + (t − μ)² / v) | μ | k numbers, for 2k outputs | Nix & Weigend 1994 |
//! | `mixture-density` | [`MixtureDensity`] | −ln Σ πᵢ N(t; μᵢ, vᵢ) | Σ πᵢ μᵢ | D numbers, for K (2 + D) outputs | Bishop 1994 |
//! | `cosine` | [`Cosine`] | 1 − z·t / (‖z‖ ‖t‖) | z | k numbers | Salton et al. 1975 |
//! | `cross-entropy` | [`CrossEntropy`] | −Σ t ln ŷ | softmax(z) | a class index below k, or a distribution | Bridle 1990 |
//! | `kl-divergence` | [`KlDivergence`] | Σ t ln(t / ŷ) | softmax(z) | as before | Kullback & Leibler 1951 |
//! | `nll` | [`Nll`] | −Σ t z | eᶻ | as before; outputs of `log-softmax` | Bridle 1990 |
//! | `multi-class-hinge` | [`MultiClassHinge`] | max(0, 1 + max z_j − z_c) | softmax(z) | as before | Crammer & Singer 2001 |
//! | `binary-cross-entropy` | [`BinaryCrossEntropy`] | −Σ (t ln ŷ + (1−t) ln(1−ŷ)) | σ(z) | k numbers in \[0, 1\], or an index below 2 | Cox 1958 |
//! | `hinge` | [`Hinge`] | Σ max(0, 1 − t z) | z | k numbers ±1, or an index below 2 | Cortes & Vapnik 1995 |
//! | `squared-hinge` | [`SquaredHinge`] | Σ max(0, 1 − t z)² | z | as before | Lee & Mangasarian 2001 |
//! | `wasserstein` | [`Wasserstein`] | Σ t z / k | z | k numbers ±1 | Arjovsky et al. 2017 |
//! | `f-measure` | [`FMeasure`] | 1 − F of `beta`, in shares | σ(z) | k labels, 0 or 1 | van Rijsbergen 1979 |
//! | `bp-mll` | [`BpMll`] | Σ e^−(cₐ − c_b) / pairs | σ(z) | k labels, 0 or 1 | Zhang & Zhou 2006 |
//! | `output-weights` | [`OutputWeights`] | Σ cᵢ lᵢ of another `loss` | as that loss | as that loss | |
//!
//! Losses of k numbers with one term for each, and `gaussian-nll`, leave out a target that is NaN; a mean is
//! still divided by k. Likelihoods and answers are summed over outputs, distances averaged.
//!
//! `cross-entropy` has label smoothing, class weights and focal terms (γ), `binary-cross-entropy` has label
//! smoothing, a weight of positive targets and focal terms.
//!
//! Penalties are terms of the objective that depend on the parameters θ alone.
//!
//! | name      | type        | value     | gradient  | settings     | source |
//! |-----------|-------------|-----------|-----------|--------------|--------|
//! | `l2`      | [`L2`]      | ½ λ Σ θ²  | λ θ       | `strength` λ | Hoerl & Kennard 1970 |
//! | `l1`      | [`L1`]      | λ Σ \|θ\| | λ sign(θ) | `strength` λ | Tibshirani 1996 |
//! | `elastic` | [`Elastic`] | λ (ρ Σ \|θ\| + ½ (1 − ρ) Σ θ²) | λ (ρ sign(θ) + (1 − ρ) θ) | `strength` λ, `ratio` ρ | Zou & Hastie 2005 |
//!
//! Constraints say where the parameters may be; after every step they are brought back there. ‖w‖ is the
//! norm of what enters a unit, a row of a weight, or with `per = "block"` that of a whole block.
//!
//! | name           | type            | allowed               | settings                     | source |
//! |----------------|-----------------|-----------------------|------------------------------|--------|
//! | `max-norm`     | [`MaxNorm`]     | ‖w‖ ≤ max             | `max`, `per`                 | Srebro et al. 2005 |
//! | `min-max-norm` | [`MinMaxNorm`]  | min ≤ ‖w‖ ≤ max       | `min`, `max`, `rate`, `per`  | |
//! | `unit-norm`    | [`UnitNorm`]    | ‖w‖ = 1               | `per`                        | |
//! | `non-negative` | [`NonNegative`] | w ≥ 0                 |                              | Lee & Seung 1999 |
#![forbid(unsafe_code)]

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod accept;
mod binary_cross_entropy;
mod bp_mll;
mod class_weights;
mod constraint;
mod cosine;
mod cross_entropy;
mod f_measure;
mod gaussian_nll;
mod hinge;
mod huber;
mod kl_divergence;
mod l1;
mod l2;
mod log_cosh;
mod mae;
mod mape;
mod margin;
mod mixture_density;
mod mse;
mod msle;
mod multi_class_hinge;
mod nll;
mod numbers;
mod output_weights;
mod penalty;
mod poisson;
mod quantile;
mod softmax;
mod squared_hinge;
mod variance;
mod wasserstein;

pub use binary_cross_entropy::BinaryCrossEntropy;
pub use bp_mll::BpMll;
pub use class_weights::ClassWeights;
pub use constraint::{MaxNorm, MinMaxNorm, NonNegative, Per, UnitNorm};
pub use cosine::Cosine;
pub use cross_entropy::CrossEntropy;
pub use f_measure::FMeasure;
pub use gaussian_nll::GaussianNll;
pub use hinge::Hinge;
pub use huber::Huber;
pub use kl_divergence::KlDivergence;
pub use l1::AbsoluteError;
pub use l2::SquaredError;
pub use log_cosh::LogCosh;
pub use mae::Mae;
pub use mape::Mape;
pub use mixture_density::MixtureDensity;
pub use mse::Mse;
pub use msle::Msle;
pub use multi_class_hinge::MultiClassHinge;
pub use nll::Nll;
pub use output_weights::OutputWeights;
pub use penalty::{Elastic, L1, L2};
pub use poisson::Poisson;
pub use quantile::Quantile;
pub use squared_hinge::SquaredHinge;
pub use wasserstein::Wasserstein;

#[cfg(test)]
mod tests;

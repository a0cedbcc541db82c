//! Losses and penalties: what is minimised; and constraints: where it is minimised.
//!
//! z is a column of outputs of the network, k their number, t the column of targets; a loss gives
//! one value per column. A loss owns the link from outputs to predictions ŷ, so the network ends
//! linear.
//!
//! | name                   | type                   | value of a column         | prediction ŷ | targets                                   | source |
//! |------------------------|------------------------|---------------------------|--------------|-------------------------------------------|--------|
//! | `mse`                  | [`Mse`]                | Σ (z − t)² / k            | z            | k numbers                                 | |
//! | `cross-entropy`        | [`CrossEntropy`]       | −Σ t ln ŷ                 | softmax(z)   | a class index below k, or a distribution  | Bridle 1990 |
//! | `binary-cross-entropy` | [`BinaryCrossEntropy`] | −Σ (t ln ŷ + (1−t) ln(1−ŷ)) | σ(z)         | k numbers in \[0, 1\], or an index below 2 | Cox 1958 |
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

mod binary_cross_entropy;
mod constraint;
mod cross_entropy;
mod mse;
mod penalty;

pub use binary_cross_entropy::BinaryCrossEntropy;
pub use constraint::{MaxNorm, MinMaxNorm, NonNegative, Per, UnitNorm};
pub use cross_entropy::CrossEntropy;
pub use mse::Mse;
pub use penalty::{Elastic, L1, L2};

#[cfg(test)]
mod tests;

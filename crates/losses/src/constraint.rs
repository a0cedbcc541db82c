//! Constraints: where the parameters may be.

mod max_norm;
mod min_max_norm;
mod non_negative;
mod norms;
mod unit_norm;

pub use max_norm::MaxNorm;
pub use min_max_norm::MinMaxNorm;
pub use non_negative::NonNegative;
pub use norms::Per;
pub use unit_norm::UnitNorm;

//! The usual scores, each a [`Metric`] like any other.
//!
//! | name | what it is |
//! |---|---|
//! | `loss` | [`MeanLoss`]: what is minimised, without penalties |
//! | `accuracy` | [`Accuracy`]: the share of rows whose class was predicted |
//! | `f1_macro` | [`F1Macro`]: F1, averaged over classes |
//! | `mse` | [`MeanSquaredError`] |
//! | `rmse` | [`RootMeanSquaredError`] |
//! | `mae` | [`MeanAbsoluteError`] |
//! | `r2` | [`RSquared`]: the share of the targets' variance that is explained |
//!
//! They live in this crate because a run computes them without being told; any further metric may
//! live in any crate. A plugin here has the name of its score.

mod accuracy;
mod confusion;
mod error;
mod f1_macro;
mod mean_loss;
mod r_squared;

pub use accuracy::Accuracy;
pub use confusion::Confusion;
pub use error::{MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError};
pub use f1_macro::F1Macro;
pub use mean_loss::MeanLoss;
pub use r_squared::RSquared;

use tanren_plugin::{Metric, Plugin};
use tanren_tensor::{Shape, ShapeError};

/// The scores that a run computes for a target of this shape without being told, in the order they
/// are shown.
#[must_use]
pub fn usual(target: Shape) -> Vec<Plugin<dyn Metric>> {
    match target.indices {
        true => vec![MeanLoss {}.into(), Accuracy {}.into(), F1Macro {}.into()],
        false => vec![
            MeanLoss {}.into(),
            MeanSquaredError {}.into(),
            RootMeanSquaredError {}.into(),
            MeanAbsoluteError {}.into(),
            RSquared {}.into(),
        ],
    }
}

/// Accepts targets that are classes.
fn classes(target: Shape) -> Result<(), ShapeError> {
    match target.indices {
        true => Ok(()),
        false => Err(ShapeError::new("classes as the target", target)),
    }
}

/// Accepts targets that are numbers.
fn numbers(target: Shape) -> Result<(), ShapeError> {
    match target.indices {
        true => Err(ShapeError::new("numbers as the target", target)),
        false => Ok(()),
    }
}

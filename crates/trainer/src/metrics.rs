//! Scores, each a [`Metric`] plugin like any other.
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
//! A run computes these without being told. The others are asked for by a recipe's `metrics`:
//!
//! | name | what it is | score |
//! |---|---|---|
//! | `precision` | [`Precision`]: the share of what is predicted to be of a class that is | `precision_macro` … |
//! | `recall` | [`Recall`]: the share of a class that is found | `recall_macro` … |
//! | `specificity` | [`Specificity`]: the share of what is not of a class that is not taken for it | `specificity_macro` … |
//! | `f_beta` | [`FBeta`]: the weighted harmonic mean of precision and recall | `f2_macro` … |
//! | `g_measure` | [`GMeasure`]: their geometric mean | `g_measure_macro` … |
//! | `balanced_accuracy` | [`BalancedAccuracy`]: the mean of recall over classes | |
//! | `mcc` | [`Mcc`]: the correlation of true and predicted classes | |
//! | `kappa` | [`Kappa`]: agreement beyond chance | |
//! | `top_k` | [`TopK`]: whether the class is among the k most probable ones | `top_5` |
//! | `auc` | [`Auc`]: the area under the ROC curve | `auc`, `auc_yes` |
//! | `pr_auc` | [`PrAuc`]: the area under the curve of precision over recall | `pr_auc`, `pr_auc_yes` |
//! | `log_loss` | [`LogLoss`]: −ln of the probability of the class | |
//! | `brier` | [`Brier`]: the squared error of probabilities | |
//! | `ece` | [`Ece`]: how far probabilities are from how often they are right | `ece` |
//! | `mape` | [`MeanAbsolutePercentageError`]: the absolute error as a share of the target | |
//! | `msle` | [`MeanSquaredLogError`]: the squared error of ln(1 + x) | |
//! | `max_error` | [`MaxError`]: the largest error | |
//! | `rse` | [`RelativeSquaredError`]: 1 − R² | |
//! | `pearson` | [`Pearson`]: the correlation of targets and predictions | |
//! | `explained_variance` | [`ExplainedVariance`]: R², whatever the offset | |
//!
//! Of several answers of 0 or 1 at a time, the scores of classes ask each for itself. What [`Over`] says
//! becomes part of the name of a score: `recall_macro`, `recall_yes`.

mod accuracy;
mod auc;
mod balanced_accuracy;
mod brier;
mod calibration;
mod confusion;
mod counts;
mod ece;
mod error;
mod explained_variance;
mod f1_macro;
mod f_beta;
mod g_measure;
mod kappa;
mod log_error;
mod log_loss;
mod max_error;
mod mcc;
mod mean;
mod mean_loss;
mod moments;
mod over;
mod pearson;
mod percentage_error;
mod pr_auc;
mod precision;
mod r_squared;
mod ranked;
mod recall;
mod rse;
mod specificity;
mod top_k;

pub use accuracy::Accuracy;
pub use auc::Auc;
pub use balanced_accuracy::BalancedAccuracy;
pub use brier::Brier;
pub use calibration::{Bin, Calibration};
pub use confusion::Confusion;
pub use ece::Ece;
pub use error::{MeanAbsoluteError, MeanSquaredError, RootMeanSquaredError};
pub use explained_variance::ExplainedVariance;
pub use f_beta::FBeta;
pub use f1_macro::F1Macro;
pub use g_measure::GMeasure;
pub use kappa::Kappa;
pub use log_error::MeanSquaredLogError;
pub use log_loss::LogLoss;
pub use max_error::MaxError;
pub use mcc::Mcc;
pub use mean_loss::MeanLoss;
pub use over::Over;
pub use pearson::Pearson;
pub use percentage_error::MeanAbsolutePercentageError;
pub use pr_auc::PrAuc;
pub use precision::Precision;
pub use r_squared::RSquared;
pub use recall::Recall;
pub use rse::RelativeSquaredError;
pub use specificity::Specificity;
pub use top_k::TopK;

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

/// Accepts targets that are classes, or numbers that may be answers of 0 or 1.
fn answers(target: Shape) -> Result<(), ShapeError> {
    match target.features {
        0 => Err(ShapeError::new("classes or answers of 0 and 1 as the target", target)),
        _ => Ok(()),
    }
}

/// Accepts targets that are numbers.
fn numbers(target: Shape) -> Result<(), ShapeError> {
    match target.indices {
        true => Err(ShapeError::new("numbers as the target", target)),
        false => Ok(()),
    }
}

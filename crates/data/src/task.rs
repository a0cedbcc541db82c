//! `Task`: whether a target is one of some classes or a number.

use serde::{Deserialize, Serialize};

/// What is to be learnt about a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Which class it is.
    Classification,
    /// Which number it is.
    Regression,
}

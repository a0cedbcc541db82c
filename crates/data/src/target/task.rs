//! `Task`: whether a target is a class or a number.

use serde::{Deserialize, Serialize};
use tanren_plugin::Checked;

/// What is to be learnt about a target, where its values leave that open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Task {
    /// Which of several classes a row belongs to.
    Classification,
    /// A number.
    Regression,
}

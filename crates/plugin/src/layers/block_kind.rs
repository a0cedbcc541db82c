//! `BlockKind`: what a block of numbers is to its layer.

use crate::Checked;
use serde::{Deserialize, Serialize};

/// What a block of numbers is to its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// Multiplies inputs. Penalties and decay apply to it by default.
    Weight,
    /// Multiplies a layer's own previous outputs.
    Recurrent,
    /// Is added.
    Bias,
    /// Scales a signal, such as a normalised one, or is a slope of an activation.
    Gain,
    /// Is no parameter but a memory of the data, such as a running mean: written only by a
    /// committed step, seen by no updater, penalty or norm.
    Statistic,
}

impl BlockKind {
    /// What multiplies a signal: where penalties, constraints and noises work by default.
    pub const WEIGHTS: &'static [Self] = &[Self::Weight, Self::Recurrent];
    /// What is trained: all but statistics.
    pub const TRAINED: &'static [Self] = &[Self::Weight, Self::Recurrent, Self::Bias, Self::Gain];
    /// Every kind.
    pub const ALL: &'static [Self] =
        &[Self::Weight, Self::Recurrent, Self::Bias, Self::Gain, Self::Statistic];

    /// Its name in a recipe.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Weight => "weight",
            Self::Recurrent => "recurrent",
            Self::Bias => "bias",
            Self::Gain => "gain",
            Self::Statistic => "statistic",
        }
    }
}

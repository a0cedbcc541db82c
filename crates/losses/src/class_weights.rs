//! `ClassWeights`: what the rows of each class count.

use serde::{Deserialize, Serialize};
use std::ops::Bound::{Included, Unbounded};
use tanren_plugin::{Kind, Range, SettingError, SettingType};

/// What one class may count.
const COUNTS: Range = Range { low: Included(0.0), high: Unbounded };

/// What a target of each class counts in a loss. In a recipe it is a list of numbers, one for each class in
/// their order, `"balanced"` or `"equal"`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub enum ClassWeights {
    /// All count 1.
    #[default]
    Equal,
    /// Classes count alike, however many rows each has: one with n of the N training rows counts N / (K n),
    /// where K classes have rows. To be resolved once the training rows are known.
    Balanced,
    /// One number for each class.
    Given(Vec<f64>),
}

/// As a recipe has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged, expecting = "a list of numbers, one for each class, \"balanced\" or \"equal\"")]
enum Written {
    Name(Name),
    List(Vec<f64>),
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Name {
    Equal,
    Balanced,
}

impl From<Written> for ClassWeights {
    fn from(written: Written) -> Self {
        match written {
            Written::Name(Name::Equal) => Self::Equal,
            Written::Name(Name::Balanced) => Self::Balanced,
            Written::List(weights) => Self::Given(weights),
        }
    }
}

impl From<ClassWeights> for Written {
    fn from(weights: ClassWeights) -> Self {
        match weights {
            ClassWeights::Equal => Self::Name(Name::Equal),
            ClassWeights::Balanced => Self::Name(Name::Balanced),
            ClassWeights::Given(weights) => Self::List(weights),
        }
    }
}

impl ClassWeights {
    /// Whether all classes count 1.
    pub(crate) fn is_equal(&self) -> bool {
        *self == Self::Equal
    }

    /// The weights, where there are numbers.
    pub(crate) fn given(&self) -> Option<&[f64]> {
        match self {
            Self::Given(weights) => Some(weights),
            Self::Equal | Self::Balanced => None,
        }
    }

    /// Balanced weights as numbers, by the weight of the training rows of each class. A class without rows
    /// counts 0. `None` where nothing is to be balanced.
    pub(crate) fn resolve(&self, counts: &[f64]) -> Option<Self> {
        let present = counts.iter().filter(|n| **n > 0.0).count() as f64;
        let mean = counts.iter().sum::<f64>() / present;
        let weight = |&n: &f64| if n > 0.0 { mean / n } else { 0.0 };
        match self {
            Self::Balanced if present > 0.0 => {
                Some(Self::Given(counts.iter().map(weight).collect()))
            }
            _ => None,
        }
    }
}

impl SettingType for ClassWeights {
    fn kind(_: Range) -> Kind {
        Kind::Either(vec![
            Kind::List(Box::new(Kind::Number(COUNTS))),
            Kind::Word("equal", "All count 1."),
            Kind::Word("balanced", "Classes count alike, however many rows each has."),
        ])
    }

    fn within(&self, setting: &str, _: Range) -> Result<(), SettingError> {
        let Some(weights) = self.given() else { return Ok(()) };
        weights.to_vec().within(setting, COUNTS)?;
        let some = weights.iter().any(|w| *w > 0.0);
        let expected = "a number for each class, not all of them 0";
        SettingError::unless(some, setting, expected, weights)
    }
}

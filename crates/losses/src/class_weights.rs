//! `ClassWeights`: what the rows of each class count.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Bound::{Included, Unbounded};
use tanren_plugin::{Classes, Kind, Range, SettingError, SettingType, nearest};
use tanren_tensor::ShapeError;

/// Classes named in a message.
const SHOWN: usize = 20;

/// What one class may count.
const COUNTS: Range = Range { low: Included(0.0), high: Unbounded };

/// What a target of each class counts in a loss. In a recipe it is a table of numbers by the names of
/// classes, a list of numbers, one for each class in their order, `"balanced"` or `"equal"`.
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
    /// One number for each class of these names; the others count 1. To be resolved once the names of the
    /// classes are known.
    Named(BTreeMap<String, f64>),
}

/// As a recipe has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a table of numbers by the names of classes, a list of numbers, one for each class, \"balanced\" or \"equal\""
)]
enum Written {
    Name(Name),
    List(Vec<f64>),
    Table(BTreeMap<String, f64>),
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
            Written::Table(weights) => Self::Named(weights),
        }
    }
}

impl From<ClassWeights> for Written {
    fn from(weights: ClassWeights) -> Self {
        match weights {
            ClassWeights::Equal => Self::Name(Name::Equal),
            ClassWeights::Balanced => Self::Name(Name::Balanced),
            ClassWeights::Given(weights) => Self::List(weights),
            ClassWeights::Named(weights) => Self::Table(weights),
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
            Self::Equal | Self::Balanced | Self::Named(_) => None,
        }
    }

    /// Why the outputs of a loss cannot be told yet, if so.
    pub(crate) fn unresolved(&self) -> Option<ShapeError> {
        let (expected, found) = match self {
            Self::Equal | Self::Given(_) => return None,
            Self::Balanced => ("training rows to balance them by", "class-weights = \"balanced\""),
            Self::Named(_) => ("classes with names", "class-weights by name"),
        };
        let expected = format!("class weights that are numbers in a list, or {expected}");
        Some(ShapeError::new(expected, found))
    }

    /// The weights as numbers, where they follow from the classes. Balanced, a class without rows counts 0.
    pub(crate) fn resolve(&self, classes: Classes<'_>) -> Result<Option<Self>, SettingError> {
        let Classes { counts, names } = classes;
        match self {
            Self::Balanced => {
                let present = counts.iter().filter(|n| **n > 0.0).count() as f64;
                let mean = counts.iter().sum::<f64>() / present;
                let weight = |&n: &f64| if n > 0.0 { mean / n } else { 0.0 };
                Ok((present > 0.0).then(|| Self::Given(counts.iter().map(weight).collect())))
            }
            Self::Named(weights) if !names.is_empty() => {
                let wrong = weights.keys().find(|name| !names.contains(name));
                if let Some(wrong) = wrong {
                    return Err(unknown(wrong, names));
                }
                let weight = |name| weights.get(name).copied().unwrap_or(1.0);
                let all: Vec<f64> = names.iter().map(weight).collect();
                let some = all.iter().any(|weight| *weight > 0.0);
                let expected = "a number for each class, not all of them 0";
                SettingError::unless(some, "class-weights", expected, weights)?;
                Ok(Some(Self::Given(all)))
            }
            _ => Ok(None),
        }
    }
}

/// The error of a name that no class has.
fn unknown(name: &str, names: &[String]) -> SettingError {
    let near = nearest(name, names.iter().map(String::as_str));
    let near = near.map_or(String::new(), |near| format!(" (did you mean {near:?}?)"));
    let known: Vec<String> = names.iter().take(SHOWN).map(|name| format!("{name:?}")).collect();
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let expected = format!("names of classes: {}{more}", known.join(", "));
    SettingError::new("class-weights", expected, format!("{name:?}{near}"))
}

impl SettingType for ClassWeights {
    fn kind(_: Range) -> Kind {
        Kind::Either(vec![
            Kind::List(Box::new(Kind::Number(COUNTS))),
            Kind::Map(Box::new(Kind::Number(COUNTS))),
            Kind::Word("equal", "All count 1."),
            Kind::Word("balanced", "Classes count alike, however many rows each has."),
        ])
    }

    fn within(&self, setting: &str, _: Range) -> Result<(), SettingError> {
        if let Self::Named(weights) = self {
            return weights.within(setting, COUNTS);
        }
        let Some(weights) = self.given() else { return Ok(()) };
        weights.to_vec().within(setting, COUNTS)?;
        let some = weights.iter().any(|w| *w > 0.0);
        let expected = "a number for each class, not all of them 0";
        SettingError::unless(some, setting, expected, weights)
    }
}

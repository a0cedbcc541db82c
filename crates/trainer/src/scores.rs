//! `Scores`: how good predictions are, by the name of each metric.

use crate::metrics::{Accuracy, Confusion, MeanLoss};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;
use tanren_plugin::Number;

/// The scores of one part of the data, by name, in the order they are shown: the loss first.
///
/// The scores of the first or only output have the names of their metrics; those of any other have
/// the output's name before it: `price/mae`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    pub(crate) scores: Vec<(String, f64)>,
    /// Which classes were taken for which, output by output; `None` for an output whose target is
    /// no class, or whose predictions stand for none.
    pub confusion: Vec<Option<Confusion>>,
}

impl Scores {
    /// The score called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<f64> {
        self.iter().find(|(known, _)| *known == name).map(|(_, score)| score)
    }

    /// Names and scores, in the order they are shown.
    pub fn iter(&self) -> impl Iterator<Item = (&str, f64)> {
        self.scores.iter().map(|(name, score)| (name.as_str(), *score))
    }

    /// The loss: what is minimised, without penalties, in the units the network is trained in.
    #[must_use]
    pub fn loss(&self) -> f64 {
        self.get(MeanLoss::NAME).unwrap_or(f64::NAN)
    }

    /// The accuracy of the first output, where its target is a class.
    #[must_use]
    pub fn accuracy(&self) -> Option<f64> {
        self.get(Accuracy::NAME)
    }

    /// Names and scores, for a record.
    #[must_use]
    pub fn to_map(&self) -> BTreeMap<String, Number> {
        self.iter().map(|(name, score)| (name.to_owned(), Number(score))).collect()
    }
}

impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter().map(|(name, score)| (name, Number(score))))
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, score)) in self.iter().enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            write!(f, "{comma}{name} {score:.4}")?;
        }
        Ok(())
    }
}

//! `Confusion`: which classes were taken for which.

use std::collections::BTreeMap;
use tanren_plugin::Comparison;

/// The weight of the columns of every pair of true and predicted class that occurs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Confusion {
    /// The number of classes.
    classes: usize,
    /// By true, then by predicted class. A full matrix of many classes would fill the memory.
    pairs: BTreeMap<(usize, usize), f64>,
}

impl Confusion {
    /// Counts a comparison; `None` when a prediction stands for no class of the target.
    #[must_use]
    pub fn of(comparison: &Comparison<'_>) -> Option<Self> {
        let classes = comparison.target.shape.features;
        let mut pairs = BTreeMap::new();
        for (truth, predicted, weight) in comparison.classes() {
            if truth >= classes || predicted >= classes {
                return None;
            }
            *pairs.entry((truth, predicted)).or_insert(0.0) += weight;
        }
        Some(Self { classes, pairs })
    }

    /// The number of classes.
    #[must_use]
    pub const fn classes(&self) -> usize {
        self.classes
    }

    /// The weight of the columns of class `truth` for which `predicted` was predicted.
    #[must_use]
    pub fn get(&self, truth: usize, predicted: usize) -> f64 {
        self.pairs.get(&(truth, predicted)).copied().unwrap_or(0.0)
    }

    /// Every pair of true and predicted class that occurs, with its weight.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize, f64)> {
        self.pairs.iter().map(|(&(truth, predicted), &weight)| (truth, predicted, weight))
    }

    /// The weight of all columns.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.pairs.values().sum()
    }
}

//! `Over`: the classes that a score is a mean over, or the one it is about.

use super::counts::Counts;
use super::mean::mean;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Comparison};

/// The classes that a score is a mean over, or the one it is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Over {
    /// The mean over the classes that occur among the targets or the predictions.
    #[default]
    Macro,
    /// All classes together: their rows are counted before the score is formed.
    Micro,
    /// The mean over the classes, each with the weight of its rows.
    Weighted,
    /// The class of this name alone.
    Class(String),
}

impl Over {
    /// The name of the score: `recall_macro`.
    pub(super) fn name(&self, measure: &str) -> String {
        match self {
            Self::Macro => format!("{measure}_macro"),
            Self::Micro => format!("{measure}_micro"),
            Self::Weighted => format!("{measure}_weighted"),
            Self::Class(class) => format!("{measure}_{class}"),
        }
    }

    /// The class it is about alone.
    pub(super) fn class(&self) -> Option<&str> {
        match self {
            Self::Class(class) => Some(class),
            _ => None,
        }
    }

    /// The score, where `measure` is that of one class. Of a class for which it is 0/0, a mean takes 0;
    /// the score of the class itself is then NaN.
    pub(super) fn score(
        &self,
        comparison: &Comparison<'_>,
        measure: impl Fn(&Counts) -> f64,
    ) -> f64 {
        let Some(counts) = Counts::of(comparison) else { return f64::NAN };
        // Whoever asks for answers of 0 or 1 wants all of them in the mean.
        let occurs =
            |c: &&Counts| !comparison.target.shape.indices || c.truth() + c.predicted() > 0.0;
        let value = |c: &Counts| Some(measure(c)).filter(|x| !x.is_nan()).unwrap_or(0.0);
        match self {
            Self::Macro => mean(counts.iter().filter(occurs).map(|c| (value(c), 1.0))),
            Self::Weighted => mean(counts.iter().map(|c| (value(c), c.truth()))),
            Self::Micro => {
                let sum = |cell: fn(&Counts) -> f64| counts.iter().map(cell).sum();
                measure(&Counts {
                    hits: sum(|c| c.hits),
                    false_alarms: sum(|c| c.false_alarms),
                    misses: sum(|c| c.misses),
                    rejections: sum(|c| c.rejections),
                })
            }
            Self::Class(class) => {
                place(comparison, class).and_then(|k| counts.get(k)).map_or(f64::NAN, measure)
            }
        }
    }
}

/// The place of a class, or of an answer, by its name.
pub(super) fn place(comparison: &Comparison<'_>, name: &str) -> Option<usize> {
    let target = comparison.target;
    match target.shape.indices {
        true => target.levels.iter().position(|level| level == name),
        false => target.features.iter().position(|feature| feature.name == name),
    }
}

//! A goal: the run is good enough.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Better, Checked, History, Reason, Stopping, Watched};

/// Ends a run as soon as a score is as good as it should be: at least `score` where higher is better,
/// at most `score` where lower is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct TargetScore {
    /// The score by name, such as `accuracy`.
    pub metric: String,
    /// What it should reach.
    pub score: f64,
    /// The rows it is computed on.
    #[serde(default)]
    pub rows: Watched,
}

impl TargetScore {
    /// The goal that the score called `metric` on the validation rows is as good as `score`.
    pub fn new(metric: impl Into<String>, score: f64) -> Self {
        Self { metric: metric.into(), score, rows: Watched::default() }
    }
}

#[typetag::serde(name = "target-score")]
impl Stopping for TargetScore {
    fn scores(&self) -> Vec<(Watched, &str)> {
        vec![(self.rows, &self.metric)]
    }

    fn verdict(&self, history: History<'_>) -> Option<Reason> {
        let Self { metric, score: goal, rows } = self;
        let better = history.better(metric)?;
        let last = history.epochs.last()?.scores(*rows).get(metric)?.0;
        let (good, word) = match better {
            Better::Higher => (last >= *goal, "at least"),
            Better::Lower => (last <= *goal, "at most"),
        };
        good.then(|| Reason(format!("{rows} {metric} {last:.6} is {word} {goal}")))
    }
}

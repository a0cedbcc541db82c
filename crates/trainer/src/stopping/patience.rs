//! Early stopping by patience.

use crate::metrics::MeanLoss;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Better, Checked, History, Reason, Stopping, Watched};

/// Ends a run when a score has not improved for a number of epochs.
///
/// It counts epochs since the best one, whatever happened in between; L. Prechelt, *Early
/// stopping — but when?* (1998) compares such criteria. Whether higher is better, the score itself
/// says. A score that is NaN is no improvement, not even the first one. Without rows of the part it
/// watches, it never ends a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Patience {
    /// Epochs to wait for an improvement, at least 1.
    #[setting(from = 1)]
    pub epochs: usize,
    /// The least improvement that counts, as a share of the best score; from 0 on.
    #[setting(from = 0)]
    pub tolerance: f64,
    /// The least improvement that counts, in the units of the score; from 0 on. Where `tolerance` is more,
    /// that counts.
    #[setting(from = 0)]
    pub min_delta: f64,
    /// The score that should improve, by name.
    pub metric: String,
    /// The rows it is computed on.
    pub rows: Watched,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            epochs: 8,
            tolerance: 0.0,
            min_delta: 0.0,
            metric: MeanLoss::NAME.into(),
            rows: Watched::default(),
        }
    }
}

#[typetag::serde(name = "patience")]
impl Stopping for Patience {
    fn scores(&self) -> Vec<(Watched, &str)> {
        vec![(self.rows, &self.metric)]
    }

    fn verdict(&self, history: History<'_>) -> Option<Reason> {
        let Self { metric, rows, .. } = self;
        let better = history.better(metric)?;
        let (mut bar, mut waited) = (better.worst(), 0);
        for score in history.on(*rows, metric) {
            waited += 1;
            if better.than(score, bar) {
                let least = self.min_delta.max(self.tolerance * score.abs());
                bar = match better {
                    Better::Higher => score + least,
                    Better::Lower => score - least,
                };
                waited = 0;
            }
        }
        let reason = format!("{rows} {metric} did not improve for {waited} epochs");
        (waited >= self.epochs).then_some(Reason(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tanren_plugin::{EpochRecord, Number};

    /// Whether `rule` ends a run with these scores.
    fn stops(rule: &Patience, name: &str, better: Better, scores: &[f64]) -> bool {
        let record = |&score: &f64| EpochRecord {
            validation: [(name.to_owned(), Number(score))].into(),
            training: [(name.to_owned(), Number(-score))].into(),
            ..EpochRecord::default()
        };
        let epochs: Vec<_> = scores.iter().map(record).collect();
        let scores = BTreeMap::from([(name.to_owned(), better)]);
        rule.verdict(History { epochs: &epochs, scores: &scores }).is_some()
    }

    #[test]
    fn waits_and_then_stops() {
        let rule = Patience { epochs: 2, ..Patience::default() };
        let stops = |losses: &[f64]| stops(&rule, "loss", Better::Lower, losses);
        assert!(!stops(&[3.0, 2.0, 2.5]));
        assert!(stops(&[3.0, 2.0, 2.5, 2.0]));
        assert!(!stops(&[3.0, 2.0, 2.5, 1.9]));
        assert!(stops(&[f64::NAN, f64::NAN]));
        assert!(!stops(&[]));
    }

    /// A score that rises counts as an improvement exactly when higher is better.
    #[test]
    fn knows_the_direction() {
        let rule = Patience { epochs: 2, metric: "accuracy".into(), ..Patience::default() };
        let rising = [0.5, 0.6, 0.7, 0.8];
        assert!(!stops(&rule, "accuracy", Better::Higher, &rising));
        assert!(stops(&rule, "accuracy", Better::Lower, &rising));
        assert!(stops(&rule, "accuracy", Better::Higher, &[0.5, 0.8, 0.7, 0.8]));
        // Nothing to wait for.
        assert!(!stops(&rule, "loss", Better::Lower, &rising));
    }

    /// An improvement by less than the tolerance is none, up or down, above 0 or below.
    #[test]
    fn tolerance_is_a_share_of_the_best() {
        let rule =
            Patience { epochs: 1, tolerance: 0.1, metric: "x".into(), ..Patience::default() };
        let cases = [
            (Better::Lower, [1.0, 0.95], true),
            (Better::Lower, [1.0, 0.85], false),
            (Better::Lower, [-1.0, -1.05], true),
            (Better::Lower, [-1.0, -1.15], false),
            (Better::Higher, [1.0, 1.05], true),
            (Better::Higher, [1.0, 1.15], false),
            (Better::Higher, [-1.0, -0.95], true),
            (Better::Higher, [-1.0, -0.85], false),
        ];
        for (better, scores, ends) in cases {
            assert_eq!(stops(&rule, "x", better, &scores), ends, "{better:?} {scores:?}");
        }
    }

    /// An improvement by less than the least one is none, in the units of the score.
    #[test]
    fn min_delta_is_in_the_units_of_the_score() {
        let rule =
            Patience { epochs: 1, min_delta: 0.5, metric: "x".into(), ..Patience::default() };
        for (better, scores, ends) in [
            (Better::Lower, [100.0, 99.6], true),
            (Better::Lower, [100.0, 99.4], false),
            (Better::Higher, [-1.0, -0.6], true),
            (Better::Higher, [-1.0, -0.4], false),
        ] {
            assert_eq!(stops(&rule, "x", better, &scores), ends, "{better:?} {scores:?}");
        }
    }

    /// On the rows that are trained on, the scores of these tests have the opposite sign.
    #[test]
    fn may_watch_the_training_rows() {
        let rule = Patience { epochs: 2, rows: Watched::Train, ..Patience::default() };
        assert!(!stops(&rule, "loss", Better::Lower, &[1.0, 2.0, 3.0]));
        assert!(stops(&rule, "loss", Better::Lower, &[3.0, 2.0, 1.0]));
    }

    /// A first score that is NaN is no bar, and no epoch is worse than it.
    #[test]
    fn a_first_nan_is_not_the_best() {
        let rule = Patience { epochs: 3, ..Patience::default() };
        for better in [Better::Lower, Better::Higher] {
            assert!(!stops(&rule, "loss", better, &[f64::NAN, 5.0, f64::NAN, f64::NAN]));
            assert!(stops(&rule, "loss", better, &[f64::NAN, 5.0, 5.0, 5.0, 5.0]));
        }
    }
}

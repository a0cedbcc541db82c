//! Early stopping by patience.

use crate::metrics::MeanLoss;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Better, Checked, History, Reason, Stopping};

/// Ends a run when a score on the validation rows has not improved for a number of epochs.
///
/// It counts epochs since the best one, whatever happened in between; L. Prechelt, *Early
/// stopping — but when?* (1998) compares such criteria. Without validation rows it never ends a
/// run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Patience {
    /// Epochs to wait for an improvement, at least 1.
    #[setting(from = 1)]
    pub epochs: usize,
    /// The least improvement that counts, as a share of the best score; from 0 on.
    #[setting(from = 0)]
    pub tolerance: f64,
    /// The score that should improve, by name.
    pub metric: String,
}

impl Default for Patience {
    fn default() -> Self {
        Self { epochs: 8, tolerance: 0.0, metric: MeanLoss::NAME.into() }
    }
}

#[typetag::serde(name = "patience")]
impl Stopping for Patience {
    fn scores(&self) -> Vec<&str> {
        vec![&self.metric]
    }

    fn verdict(&self, history: History<'_>) -> Option<Reason> {
        let better = history.better(&self.metric)?;
        let (mut bar, mut waited) = (better.worst(), 0);
        for score in history.validation(&self.metric) {
            waited += 1;
            if better.than(score, bar) {
                let least = self.tolerance * score.abs();
                bar = match better {
                    Better::Higher => score + least,
                    Better::Lower => score - least,
                };
                waited = 0;
            }
        }
        let reason = format!("validation {} did not improve for {waited} epochs", self.metric);
        (waited >= self.epochs).then_some(Reason(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tanren_plugin::{Clock, EpochRecord, Number};

    /// Whether `rule` ends a run with these scores.
    fn stops(rule: &Patience, name: &str, better: Better, scores: &[f64]) -> bool {
        let record = |&score: &f64| EpochRecord {
            clock: Clock::default(),
            loss: None,
            validation: [(name.to_owned(), Number(score))].into(),
            fallbacks: 0,
            seconds: 0.0,
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
        let rule = Patience { epochs: 1, tolerance: 0.1, metric: "x".into() };
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
}

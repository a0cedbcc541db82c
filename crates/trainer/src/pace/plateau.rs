//! `plateau`: f ← max(factor · f, min-factor) when a score has not improved for more than `patience` epochs.
//!
//! f, 1 at the start, multiplies the learning rate. After each fall the next `cooldown` epochs are not counted.
//! The same epochs fall as with PyTorch's `ReduceLROnPlateau` and a relative threshold; a score that is not a
//! number is no improvement.

use crate::metrics::MeanLoss;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Better, Checked, History, Pace, Watched};

/// Lowers the learning rate when a score no longer improves. After a change of its settings on `resume` the
/// falls of the past are computed anew, too, as if it had had the new settings from the beginning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Plateau {
    /// The score that should improve, by name. Whether higher is better, the score itself says.
    pub metric: String,
    /// The rows it is computed on.
    pub rows: Watched,
    /// What the rate is multiplied by when the score has stopped improving, from 0 to below 1.
    #[setting(from = 0, below = 1)]
    pub factor: f64,
    /// Epochs without an improvement that are let pass.
    pub patience: usize,
    /// The least improvement that counts, as a share of the best score; from 0 on.
    #[setting(from = 0)]
    pub threshold: f64,
    /// Epochs after a fall that are not counted.
    pub cooldown: usize,
    /// The least that all falls together make of the rate, from 0 to 1.
    #[setting(from = 0, to = 1)]
    pub min_factor: f64,
}

impl Default for Plateau {
    fn default() -> Self {
        Self {
            metric: MeanLoss::NAME.into(),
            rows: Watched::default(),
            factor: 0.1,
            patience: 10,
            threshold: 1e-4,
            cooldown: 0,
            min_factor: 0.0,
        }
    }
}

impl Plateau {
    /// What a score must be better than, after this one.
    fn bar(&self, best: f64, better: Better) -> f64 {
        let least = self.threshold * best.abs();
        match better {
            _ if best.is_infinite() => best,
            Better::Higher => best + least,
            Better::Lower => best - least,
        }
    }
}

#[typetag::serde(name = "plateau")]
impl Pace for Plateau {
    fn scores(&self) -> Vec<(Watched, &str)> {
        vec![(self.rows, &self.metric)]
    }

    fn factor(&self, history: History<'_>) -> f64 {
        let Some(better) = history.better(&self.metric) else { return 1.0 };
        let (mut factor, mut best) = (1.0_f64, better.worst());
        let (mut waited, mut cooling) = (0, 0);
        for score in history.on(self.rows, &self.metric) {
            if better.than(score, self.bar(best, better)) {
                (best, waited) = (score, 0);
            } else {
                waited += 1;
            }
            if cooling > 0 {
                (cooling, waited) = (cooling - 1, 0);
            }
            if waited > self.patience {
                factor = (factor * self.factor).max(self.min_factor);
                (cooling, waited) = (self.cooldown, 0);
            }
        }
        factor
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use tanren_plugin::{EpochRecord, Number};

    const REFERENCE: &str = include_str!("../../../../tests/reference/plateau.json");

    #[derive(Deserialize)]
    struct Reference {
        cases: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        plateau: Plateau,
        higher: bool,
        scores: Vec<Number>,
        factors: Vec<f64>,
    }

    /// The factor after each of the epochs.
    fn factors(plateau: &Plateau, better: Better, scores: &[Number]) -> Vec<f64> {
        let named = |&score: &Number| BTreeMap::from([(plateau.metric.clone(), score)]);
        let epochs: Vec<EpochRecord> = scores
            .iter()
            .map(|score| EpochRecord { validation: named(score), ..EpochRecord::default() })
            .collect();
        let scores = BTreeMap::from([(plateau.metric.clone(), better)]);
        let after = |n: usize| plateau.factor(History { epochs: &epochs[..n], scores: &scores });
        (0..=epochs.len()).map(after).collect()
    }

    #[test]
    fn falls_with_pytorch() {
        let reference: Reference = serde_json::from_str(REFERENCE).unwrap();
        assert!(reference.cases.len() > 10);
        for case in &reference.cases {
            let better = if case.higher { Better::Higher } else { Better::Lower };
            let got = factors(&case.plateau, better, &case.scores);
            assert_eq!(got[0], 1.0);
            for (epoch, (got, want)) in got[1..].iter().zip(&case.factors).enumerate() {
                let plateau = &case.plateau;
                assert!((got - want).abs() <= 1e-12, "{plateau:?}, {epoch}: {got}, not {want}");
            }
        }
    }

    /// Without the score it watches, or without any, the rate stays.
    #[test]
    fn without_scores_nothing_falls() {
        let plateau = Plateau { patience: 0, ..Plateau::default() };
        let epochs = vec![EpochRecord::default(); 9];
        let scores = BTreeMap::from([("loss".to_owned(), Better::Lower)]);
        assert_eq!(plateau.factor(History { epochs: &epochs, scores: &scores }), 1.0);
        assert_eq!(plateau.factor(History { epochs: &epochs, scores: &BTreeMap::new() }), 1.0);
    }
}

//! Early stopping by patience.

use serde::{Deserialize, Serialize};
use tanren_plugin::{EpochRecord, Number, Reason, SettingError, Stopping};

/// Ends a run when the validation loss has not improved for a number of epochs.
///
/// It counts epochs since the best one, whatever happened in between; L. Prechelt, *Early
/// stopping — but when?* (1998) compares such criteria. Without a validation loss it never ends
/// a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Patience {
    /// Epochs to wait for an improvement, at least 1.
    pub epochs: usize,
    /// The least improvement that counts, as a share of the best loss; from 0 on.
    pub tolerance: f64,
}

impl Default for Patience {
    fn default() -> Self {
        Self { epochs: 8, tolerance: 0.0 }
    }
}

#[typetag::serde(name = "patience")]
impl Stopping for Patience {
    fn check(&self) -> Result<(), SettingError> {
        if self.epochs == 0 {
            return Err(SettingError::new("epochs", "at least 1", 0));
        }
        let right = self.tolerance >= 0.0 && self.tolerance.is_finite();
        SettingError::unless(right, "tolerance", "a finite number from 0 on", self.tolerance)
    }

    fn verdict(&self, history: &[EpochRecord]) -> Option<Reason> {
        let losses = history.iter().map(|r| r.validation.get("loss"));
        let mut best: Option<(usize, f64)> = None;
        for (epoch, loss) in losses.enumerate() {
            let &Number(loss) = loss?;
            let bar = best.map_or(f64::INFINITY, |(_, best)| best - self.tolerance * best.abs());
            if loss < bar {
                best = Some((epoch, loss));
            }
        }
        let waited = history.len() - best.map_or(0, |(epoch, _)| epoch + 1);
        let reason = format!("no better validation loss for {waited} epochs");
        (waited >= self.epochs).then_some(Reason(reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_plugin::Clock;

    fn history(losses: &[f64]) -> Vec<EpochRecord> {
        let record = |&loss: &f64| EpochRecord {
            clock: Clock::default(),
            loss: None,
            validation: [("loss".to_owned(), Number(loss))].into(),
            fallbacks: 0,
            seconds: 0.0,
        };
        losses.iter().map(record).collect()
    }

    #[test]
    fn waits_and_then_stops() {
        let rule = Patience { epochs: 2, tolerance: 0.0 };
        assert!(rule.verdict(&history(&[3.0, 2.0, 2.5])).is_none());
        assert!(rule.verdict(&history(&[3.0, 2.0, 2.5, 2.0])).is_some());
        assert!(rule.verdict(&history(&[3.0, 2.0, 2.5, 1.9])).is_none());
        assert!(rule.verdict(&history(&[f64::NAN, f64::NAN])).is_some());
        assert!(rule.verdict(&[]).is_none());
    }
}

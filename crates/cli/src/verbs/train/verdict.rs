//! How a run ended: well, early, interrupted or diverged; and whether its weights are worth a model.

use crate::failure::{Failure, Kind};
use crate::interrupt;
use crate::output::figures::counted;
use tanren_network::{Parameters, Runner};
use tanren_plugin::{EpochRecord, Number, Phase, Precision};
use tanren_trainer::{Ending, Setup, TrainError, Trained, evaluate};

/// A run diverged when its loss ends above this many times that of the untrained network.
const TIMES: f64 = 10.0;

/// Losses of the untrained network below this count as this much: in units so small, noise alone can
/// be ten times larger.
const LEAST: f64 = 1.0;

/// A share of the training rows, or of the variance of their target, that is no sign of learning.
const MARGIN: f64 = 0.02;

/// A loss that is lower than that of the untrained network by more than this share of it is a sign of
/// learning, even where a score cannot show it: of 100 rows, 98 may be of one class.
const SHARE: f64 = 0.5;

/// How a run ended, as people and scripts are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// The word for scripts.
    pub(crate) status: &'static str,
    /// The same for people.
    pub(crate) words: String,
    /// What the ending is as a failure, if it is one.
    pub(crate) failure: Option<Failure>,
    /// Whether there are weights for a model: finite, with a loss that is finite and not far above that
    /// of the untrained network.
    pub(crate) usable: bool,
}

impl Verdict {
    /// Judges a run that ended.
    pub(crate) fn of(setup: &Setup, trained: &Trained) -> Result<Self, Failure> {
        let rise = Rise::of(setup, trained)?;
        let finite = trained.model.parameters().not_finite() == 0;
        let usable = finite && !rise.as_ref().is_some_and(Rise::kept);
        let diverged = |words: String, message: String| {
            let failure =
                Some(Failure::new(Kind::Diverged, format!("training diverged: {message}")));
            Self { status: "diverged", words, failure, usable }
        };
        let well = |status, words: String| Self { status, words, failure: None, usable };
        Ok(match (&trained.ending, rise) {
            (Ending::Diverged { iteration, loss: Number(loss) }, _) => {
                let updates = counted(*iteration as usize, "update");
                let message = format!("the loss became {loss} after {updates}");
                diverged(format!("Diverged (loss {loss})"), message)
            }
            (Ending::Interrupted(reason), _) => {
                let kind = interrupt::caught().map_or(Kind::Interrupted, |signal| signal.kind());
                let failure = Some(Failure::new(kind, reason));
                let words = "Interrupted".into();
                Self { status: "interrupted", words, failure, usable }
            }
            (_, Some(Rise { untrained, worst, .. })) => diverged(
                format!("Diverged (the loss rose from {untrained:.4} to {worst:.4})"),
                format!(
                    "the loss on the training rows rose to {worst:.4}; that of the untrained network \
                     is {untrained:.4}"
                ),
            ),
            (Ending::Completed, None) => well("completed", "Finished".into()),
            (Ending::Stopped(reason), None) => {
                well("stopped_early", format!("Stopped early ({reason})"))
            }
        })
    }
}

/// A loss that ended far above where it began.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rise {
    /// The loss of the untrained network on the training rows.
    untrained: f64,
    /// The loss that is too large.
    worst: f64,
    /// The loss of the kept weights on the training rows.
    kept: f64,
}

impl Rise {
    /// What counts is the last epoch and the kept weights. An epoch before them counts where these
    /// weights have learnt nothing: then the network did not recover from it. They have learnt something
    /// if they are better than the trivial prediction, or their loss is far below that of the untrained
    /// network, which is looked at only where a loss is large.
    fn of(setup: &Setup, trained: &Trained) -> Result<Option<Self>, Failure> {
        let training = |record: &&EpochRecord| record.clock.phase == Phase::Training;
        let epochs = trained.history.iter().filter(training);
        let losses: Vec<f64> = epochs.filter_map(|record| Some(record.loss?.0)).collect();
        let kept = trained.train.loss();
        let counted = |learnt: bool| match learnt {
            true => &losses[losses.len().saturating_sub(1)..],
            false => &losses[..],
        };
        if Self::between(0.0, counted(better(trained)), kept).is_none() {
            return Ok(None);
        }
        let untrained = match trained.model.parameters() {
            Parameters::Single(_) => untrained::<f32>(setup)?,
            Parameters::Double(_) => untrained::<f64>(setup)?,
        };
        let learnt = better(trained) || lower(untrained, kept);
        Ok(Self::between(untrained, counted(learnt), kept))
    }

    fn between(untrained: f64, losses: &[f64], kept: f64) -> Option<Self> {
        let value = |loss: f64| if loss.is_nan() { f64::INFINITY } else { loss };
        let kept = value(kept);
        let worst = losses.iter().fold(kept, |worst, &loss| worst.max(value(loss)));
        // Where even the untrained network has no loss, there is none to compare.
        let risen = untrained.is_finite() && worst > Self::limit(untrained);
        risen.then_some(Self { untrained, worst, kept })
    }

    fn limit(untrained: f64) -> f64 {
        TIMES * untrained.abs().max(LEAST)
    }

    /// Whether the kept weights are as bad as the last ones.
    fn kept(&self) -> bool {
        self.kept > Self::limit(self.untrained)
    }
}

/// Whether the kept weights predict the training rows better than the trivial prediction does, as far
/// as that can be told by accuracy or R².
fn better(trained: &Trained) -> bool {
    let above = |name, margin| {
        let (score, trivial) = (trained.train.get(name)?, trained.baseline.train.get(name)?);
        Some(score > trivial + margin)
    };
    above("accuracy", MARGIN).or_else(|| above("r2", MARGIN)).unwrap_or(true)
}

/// Whether the loss of the kept weights is far below that of the untrained network.
fn lower(untrained: f64, kept: f64) -> bool {
    kept < untrained - SHARE * untrained.abs()
}

/// The loss of the untrained network on the training rows.
fn untrained<T: Precision>(setup: &Setup) -> Result<f64, Failure> {
    let (network, data) = (&setup.network, setup.prepared::<T>()?);
    let parameters: Vec<T> = network.initialize(setup.recipe.seed);
    let (mut runner, scoring) = (Runner::new(network), setup.scoring()?);
    let scores = evaluate(network, &mut runner, &parameters, &data, &setup.rows.train, &scoring);
    Ok(scores.map_err(|e: TrainError| Failure::from(e))?.loss())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_loss_far_above_the_untrained_one_has_risen() {
        let risen = |untrained, last: f64, kept| {
            Rise::between(untrained, &[last], kept).map(|rise| rise.worst)
        };
        assert_eq!(risen(2.3, 0.1, 0.05), None);
        assert_eq!(risen(2.3, 22.9, 2.3), None);
        assert_eq!(risen(2.3, 23.1, 2.3), Some(23.1));
        assert_eq!(risen(2.3, 1.0, 400.0), Some(400.0));
        assert_eq!(risen(2.3, f64::NAN, 1.0), Some(f64::INFINITY));
        // In large units, and in small ones.
        assert_eq!(risen(1e6, 5e6, 5e6), None);
        assert_eq!(risen(1e-9, 1e-3, 1e-3), None);
        // A loss below zero, a loss without a value.
        assert_eq!(risen(-3.0, -20.0, -20.0), None);
        assert_eq!(risen(-3.0, 31.0, -20.0), Some(31.0));
        assert_eq!(Rise::between(f64::NAN, &[], f64::NAN), None);
    }

    #[test]
    fn a_loss_far_below_the_untrained_one_shows_learning() {
        assert!(lower(2.75, 0.14) && lower(1.0, -1.0) && lower(-3.0, -20.0));
        assert!(!lower(2.75, 2.3) && !lower(-3.0, -2.0) && !lower(0.0, 0.0));
        assert!(!lower(2.75, f64::NAN) && !lower(f64::NAN, 0.1));
    }

    #[test]
    fn weights_of_a_good_epoch_are_kept_after_a_rise() {
        let rise = |kept| Rise::between(2.3, &[1e5], kept).unwrap();
        assert!(!rise(0.2).kept());
        assert!(rise(1e4).kept() && rise(f64::NAN).kept());
    }
}

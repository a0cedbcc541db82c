//! `Steps`: the updates of a phase, and the clock at each of them.

use tanren_plugin::{Clock, Unit};
use tanren_trainer::TrainingSpec;

/// The updates of a phase.
pub(crate) struct Steps {
    pub(crate) epochs: u64,
    /// Updates in an epoch; 1 where no rows are known.
    each: u64,
    /// Rows in an epoch.
    rows: u64,
}

impl Steps {
    /// Those of a phase with so many training rows, if that is known.
    pub(crate) fn of(training: &TrainingSpec, rows: Option<usize>) -> Self {
        let (epochs, rows) = (training.epochs, rows.unwrap_or(1) as u64);
        let each = rows.div_ceil(training.batch as u64).saturating_mul(training.iterations);
        Self { epochs, each: each.max(1), rows }
    }

    /// The clock before the update at this share of the way.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 1")]
    pub(crate) fn at(&self, share: f64) -> Clock {
        let all = self.epochs.saturating_mul(self.each);
        let iteration = ((share * all as f64) as u64).min(all.saturating_sub(1));
        self.before(iteration / self.each, iteration % self.each)
    }

    /// Clocks spread over an epoch, numbered from 0: those of all updates, or of so many, with the first and
    /// the last.
    pub(crate) fn within(&self, epoch: u64, most: u64) -> impl Iterator<Item = Clock> {
        let looks = self.each.min(most.max(2));
        let last = looks.saturating_sub(1).max(1);
        (0..looks).map(move |look| self.before(epoch, look * (self.each - 1) / last))
    }

    /// How many units the phase has.
    pub(crate) const fn count(&self, unit: Unit) -> u64 {
        self.epochs.saturating_mul(match unit {
            Unit::Epochs => 1,
            Unit::Samples => self.rows,
            Unit::Iterations => self.each,
        })
    }

    /// The clock before an update of an epoch, both from 0.
    const fn before(&self, epoch: u64, update: u64) -> Clock {
        let iteration = epoch.saturating_mul(self.each).saturating_add(update);
        let samples = epoch.saturating_mul(self.rows) + update * self.rows / self.each;
        let phase = tanren_plugin::Phase::Training;
        Clock { phase, epoch, iteration, repeat: 0, samples }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_optimizers::LearningRate;

    #[test]
    fn clocks_of_an_epoch() {
        let training = TrainingSpec::new(LearningRate::constant(0.1)).epochs(3).batch(10);
        let steps = Steps::of(&training, Some(95));
        let seen = |most| steps.within(1, most).map(|c| c.iteration).collect::<Vec<_>>();
        assert_eq!(seen(99), (10..20).collect::<Vec<_>>());
        assert_eq!(seen(4), [10, 13, 16, 19]);
        assert_eq!(steps.count(Unit::Iterations), 30);
        assert_eq!(steps.count(Unit::Samples), 285);
        assert_eq!(Steps::of(&training, None).within(2, 9).count(), 1);
    }
}

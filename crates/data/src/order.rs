//! The order in which an epoch visits its rows.

use tanren_plugin::{Clock, Seed};

/// Shuffles `rows` for the epoch of `clock`.
///
/// The order is a function of the seed, the phase, the epoch and which rows there are: the order
/// they come in does not matter, so a run resumes at any epoch without replaying those before.
pub fn shuffle_epoch(seed: Seed, clock: Clock, rows: &mut [usize]) {
    rows.sort_unstable();
    seed.stream_at("order", clock).sample(0).shuffle(rows);
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_plugin::Phase;

    fn order(seed: u64, phase: Phase, epoch: u64, mut rows: Vec<usize>) -> Vec<usize> {
        let clock = Clock { phase, epoch, ..Clock::default() };
        shuffle_epoch(Seed(seed), clock, &mut rows);
        rows
    }

    #[test]
    fn only_seed_phase_and_epoch_matter() {
        let rows: Vec<usize> = (100..160).collect();
        let first = order(1, Phase::FineTuning, 3, rows.clone());
        assert_eq!(first, order(1, Phase::FineTuning, 3, first.clone()));
        let reversed = rows.iter().rev().copied().collect();
        assert_eq!(first, order(1, Phase::FineTuning, 3, reversed));
        assert_ne!(first, order(2, Phase::FineTuning, 3, rows.clone()));
        assert_ne!(first, order(1, Phase::FineTuning, 4, rows.clone()));
        assert_ne!(first, order(1, Phase::Pretraining(0), 3, rows.clone()));
        let mut sorted = first;
        sorted.sort_unstable();
        assert_eq!(sorted, rows);
    }

    #[test]
    fn iterations_and_samples_do_not_matter() {
        let (mut a, mut b): (Vec<usize>, Vec<usize>) = ((0..40).collect(), (0..40).collect());
        shuffle_epoch(Seed(1), Clock::default(), &mut a);
        let clock = Clock { iteration: 5, samples: 160, ..Clock::default() };
        shuffle_epoch(Seed(1), clock, &mut b);
        assert_eq!(a, b);
    }
}

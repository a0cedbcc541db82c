//! `Truncation`: how far gradients reach back in time.

use serde::{Deserialize, Serialize};
use std::ops::Range;
use tanren_plugin::{Checked, SettingError};

/// Truncated back-propagation through time: sequences are cut into segments, each of which is an update.
/// States pass from segment to segment, gradients do not.
///
/// The loss of a segment is the mean over its own `forward` steps, those that count, so that the size of a
/// step does not depend on the length. With `backward` above that, gradients reach back through steps that
/// earlier segments had, as a window that slides: they are computed anew, by the parameters as they are now, from
/// the state before them.
///
/// Source: Williams and Peng (1990), *An efficient gradient-based algorithm for on-line training of
/// recurrent network trajectories*: their h′ is `forward` and their h is `backward`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Self::reaches_back)]
pub struct Truncation {
    /// Steps from one update to the next, at least 1. Where no sequence has more, nothing is truncated.
    #[setting(from = 1)]
    pub forward: usize,
    /// Steps through which gradients reach back from the end of a segment, `forward` of them unless said; so
    /// much less in the last segment of a sequence as that is shorter. Fewer than `forward` are refused: what
    /// the loss of the others says would be lost.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backward: Option<usize>,
}

impl Truncation {
    /// Segments of so many steps.
    #[must_use]
    pub const fn new(forward: usize) -> Self {
        Self { forward, backward: None }
    }

    /// The same, with gradients that reach back through so many steps.
    #[must_use]
    pub const fn backward(self, steps: usize) -> Self {
        Self { backward: Some(steps), ..self }
    }

    /// How many steps of a sequence are in memory at once.
    pub(crate) fn window(self) -> usize {
        self.backward.unwrap_or(self.forward)
    }

    /// Segment `k` of sequences of so many steps: its steps, of which the last ones are new, and how many of
    /// them are not. Beyond the end it has none.
    pub(crate) fn segment(self, k: usize, steps: usize) -> (Range<usize>, usize) {
        let new = k.saturating_mul(self.forward).min(steps);
        let end = new.saturating_add(self.forward).min(steps);
        let start = new.saturating_sub(self.window().saturating_sub(self.forward));
        if new == end { (end..end, 0) } else { (start..end, new - start) }
    }

    /// Whether gradients reach back through all steps that a segment has new.
    fn reaches_back(&self) -> Result<(), SettingError> {
        match self.backward.filter(|backward| *backward < self.forward) {
            None => Ok(()),
            Some(backward) => {
                let expected = format!(
                    "at least the {} steps of `forward`: with fewer, what the loss of the first steps of a \
                     segment says would be lost",
                    self.forward
                );
                Err(SettingError::new("backward", expected, backward))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_slide_over_all_steps_once() {
        let all = |truncation: Truncation, steps| {
            (0..4).map(|k| truncation.segment(k, steps)).collect::<Vec<_>>()
        };
        let plain = all(Truncation::new(3), 7);
        assert_eq!(plain, [(0..3, 0), (3..6, 0), (6..7, 0), (7..7, 0)]);
        let sliding = all(Truncation::new(2).backward(5), 7);
        assert_eq!(sliding, [(0..2, 0), (0..4, 2), (1..6, 3), (3..7, 3)]);
        assert_eq!(all(Truncation::new(9), 7)[0], (0..7, 0));
        for (forward, backward, steps) in [(1, 1, 5), (2, 3, 5), (4, 100, 9), (5, 5, 5)] {
            let truncation = Truncation::new(forward).backward(backward);
            let new = (0..steps).flat_map(|k| {
                let (steps, seen) = truncation.segment(k, steps);
                steps.skip(seen)
            });
            assert!(new.eq(0..steps), "{truncation:?}");
        }
    }

    #[test]
    fn gradients_reach_back_at_least_as_far_as_a_segment() {
        assert!(Checked::check(&Truncation::new(3).backward(3)).is_ok());
        let error = Checked::check(&Truncation::new(3).backward(2)).unwrap_err();
        assert!(error.expected.contains("at least the 3 steps"), "{error:?}");
        assert!(Checked::check(&Truncation::new(0)).is_err());
    }
}

//! `Schedule`: a number that depends on the clock.

use crate::{Checked, Clock, Counts};

/// A pure function of the clock, such as a learning rate over time.
///
/// Ours are keyed on epochs or samples, so that the number of workers does not change them.
#[typetag::serde(tag = "type")]
pub trait Schedule: Checked {
    /// The value at `clock`.
    fn at(&self, clock: Clock) -> f64;

    /// The bounds of its values, if they are known: no value lies below the first or above the second.
    /// They should be as narrow as they can be. A setting that has a range refuses a schedule whose bounds
    /// leave it; of one that does not know its bounds, it sees the first value only.
    fn extent(&self) -> Option<(f64, f64)> {
        None
    }

    /// The counts of the clock that its value depends on; anything, unless said. A schedule that is joined
    /// to others is counted from its own start, and therefore has to say that it counts what they do.
    fn counts(&self) -> Counts {
        Counts::ANYTHING
    }
}

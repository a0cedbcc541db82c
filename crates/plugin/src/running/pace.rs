//! `Pace`: a factor of the learning rate that follows from the scores.

use crate::{Checked, History, Watched};

/// A rule by which scores change the learning rate. It keeps nothing and is a pure function of the
/// finished epochs, so that a run that is resumed goes on at the pace it had.
#[typetag::serde(tag = "type")]
pub trait Pace: Checked {
    /// The scores it looks at, by name, and on which rows. A recipe whose run does not compute one of
    /// them is refused before training starts. Those on the training rows are computed after every
    /// epoch exactly if a rule names one.
    fn scores(&self) -> Vec<(Watched, &str)>;

    /// By what the rate of the search is multiplied in the epoch after these: a finite number, 0 or more,
    /// and 1 before the first epoch.
    fn factor(&self, history: History<'_>) -> f64;
}

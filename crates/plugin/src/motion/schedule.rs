//! `Schedule`: a number that depends on the clock.

use crate::{Checked, Clock};

/// A pure function of the clock, such as a learning rate over time.
///
/// Ours are keyed on epochs or samples, so that the number of workers does not change them.
#[typetag::serde(tag = "type")]
pub trait Schedule: Checked {
    /// The value at `clock`.
    fn at(&self, clock: Clock) -> f64;
}

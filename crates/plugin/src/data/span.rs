//! `Span`: the time that a row looks back from and ahead to.

/// When the target of a row is: after its last known step, and no later than its end. Rows of windows over one
/// series overlap, so that the targets of one are known to the next; a split by time keeps them apart by
/// their spans.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    /// The time of the last step that the row knows.
    pub origin: f64,
    /// The time of the last step of its target, on the same scale.
    pub end: f64,
}

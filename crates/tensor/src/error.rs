//! The error of a mismatch: where, what was expected, what was found.

use std::fmt;

/// A shape or size that does not fit.
///
/// Raised while a network is assembled; kernels never see a wrong shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeError {
    /// The place, for example a node or an input of a node. Empty where only the caller knows it.
    pub at: String,
    /// What would have fitted.
    pub expected: String,
    /// What was there.
    pub found: String,
}

impl ShapeError {
    /// An error whose place the caller adds with [`ShapeError::at`].
    pub fn new(expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        Self { at: String::new(), expected: expected.to_string(), found: found.to_string() }
    }

    /// The same error, located.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.at =
            if self.at.is_empty() { place.to_string() } else { format!("{place}, {}", self.at) };
        self
    }
}

impl fmt::Display for ShapeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.at.is_empty() {
            write!(f, "{}: ", self.at)?;
        }
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for ShapeError {}

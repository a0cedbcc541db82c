//! `Failure`: a broken rule as a value: which one, where, and the numbers.

use std::fmt;

/// A rule that a plugin or an objective breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule, in kebab-case, such as `gradient` or `written-whole`.
    pub rule: &'static str,
    /// Where it was broken, and by how much.
    pub message: String,
}

impl Failure {
    /// A break of `rule`.
    pub fn new(rule: &'static str, message: impl fmt::Display) -> Self {
        let message = message.to_string();
        Self { rule, message }
    }

    /// The same failure, located.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rule `{}` is broken: {}", self.rule, self.message)
    }
}

impl std::error::Error for Failure {}

/// A failure unless `holds`. The message is only written when it is needed.
///
/// # Errors
/// [`Failure`] of `rule` unless `holds`.
pub fn ensure<M: fmt::Display>(
    holds: bool,
    rule: &'static str,
    message: impl FnOnce() -> M,
) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(Failure::new(rule, message())) }
}

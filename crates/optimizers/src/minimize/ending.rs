//! `Ending`: why a minimisation ended.

use std::fmt;
use tanren_plugin::SearchFailure;

/// Why a minimisation ended.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Ending {
    /// The gradient is as small as was asked for.
    Converged,
    /// No step lowers the value, not even down the gradient.
    NoStep(SearchFailure),
    /// Neither the value nor the gradient became smaller for many steps.
    Stalled,
    /// As many steps were taken as were allowed.
    StepLimit,
    /// The function was evaluated as often as was allowed.
    EvaluationLimit,
    /// The value or the gradient is not finite.
    NotFinite,
    /// A setting is wrong, or parts do not go together: nothing was evaluated.
    Refused,
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Converged => f.write_str("converged"),
            Self::NoStep(failure) => write!(f, "no lower value found ({failure})"),
            Self::Stalled => f.write_str("stalled"),
            Self::StepLimit => f.write_str("step limit reached"),
            Self::EvaluationLimit => f.write_str("evaluation limit reached"),
            Self::NotFinite => f.write_str("not finite"),
            Self::Refused => f.write_str("refused"),
        }
    }
}

impl Ending {
    /// What to do about it; nothing where the minimum was found.
    #[must_use]
    pub const fn advice(&self) -> Option<&'static str> {
        Some(match self {
            Self::Converged => return None,
            Self::NoStep(SearchFailure::NotFinite { .. }) => {
                "the function is not finite next to this point: keep its argument away from where it \
                 has no value, for instance by minimising over its logarithm"
            }
            Self::NoStep(_) => {
                "compare the gradient with differences of the function; if they agree, this is the \
                 minimum as exactly as the function is computed: a larger tolerance will do"
            }
            Self::Stalled => {
                "the function may be noisy, unbounded below or have a kink; or the tolerance is below \
                 the error of the gradient"
            }
            Self::StepLimit | Self::EvaluationLimit => {
                "allow more, or scale the variables so that a change of 1 matters about as much in each"
            }
            Self::Refused => "`Minimizer::check` says which setting does not fit",
            Self::NotFinite => {
                "start where the function is finite; with a learning rate, use a smaller one or a line \
                 search"
            }
        })
    }
}

//! The rules that end a run before its last epoch.
//!
//! A loss or a parameter that is not finite ends every run, without a rule: as
//! [`Ending::Diverged`](crate::Ending).

mod max_loss;
mod patience;
mod target_score;
mod time_limit;

pub use max_loss::MaxLoss;
pub use patience::Patience;
pub use target_score::TargetScore;
pub use time_limit::TimeLimit;

//! Schedules: numbers that are pure functions of the clock.

mod constant;
mod step;
mod unit;

pub use constant::Constant;
pub use step::Step;
pub use unit::Unit;

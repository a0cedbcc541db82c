//! Schedules: numbers that are pure functions of the clock.

mod between;
mod constant;
mod cosine;
mod cyclic;
mod exponential;
mod inverse;
mod joined;
mod linear;
mod one_cycle;
mod polynomial;
mod sigmoid;
mod step;
mod table;
mod warm_restarts;
mod warm_up;

pub use constant::Constant;
pub use cosine::Cosine;
pub use cyclic::{Cyclic, CyclicMode};
pub use exponential::Exponential;
pub use inverse::Inverse;
pub use joined::{Joined, Part};
pub use linear::Linear;
pub use one_cycle::{Anneal, OneCycle};
pub use polynomial::Polynomial;
pub use sigmoid::Sigmoid;
pub use step::Step;
pub use table::{Interpolation, Table};
pub use tanren_plugin::Unit;
pub use warm_restarts::WarmRestarts;
pub use warm_up::WarmUp;

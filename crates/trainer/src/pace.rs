//! The rules by which scores change the learning rate.

mod plateau;

pub use plateau::Plateau;

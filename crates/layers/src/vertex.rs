//! Vertices: layers that join several inputs and have no parameters.

mod add;
mod concatenate;

pub use add::Add;
pub use concatenate::Concatenate;

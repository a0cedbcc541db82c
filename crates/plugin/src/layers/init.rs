//! `Init`: where initial parameters come from, and the three that layers begin with by default.

mod constant;
mod xavier_uniform;
mod zero;

pub use constant::Constant;
pub use xavier_uniform::XavierUniform;
pub use zero::Zero;

use crate::Checked;
use tanren_tensor::Draws;

/// Connections per unit of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fan {
    /// Numbers that enter a unit.
    pub inputs: usize,
    /// Units a number goes to.
    pub outputs: usize,
}

/// A scheme for initial parameters.
///
/// Values are drawn in double precision and rounded, so that a single and a double run of one
/// seed start from the same weights.
#[typetag::serde(tag = "type")]
pub trait Init: Checked {
    /// Fills a block of `rows` rows, column-major.
    fn fill(&self, fan: Fan, rows: usize, draws: &mut Draws, values: &mut [f64]);
}

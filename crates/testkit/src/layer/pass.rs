//! How a pass through a layer is made, and what it leaves.

use crate::failure::Failure;
use crate::golden::same_bits;
use tanren_plugin::Precision;
use tanren_tensor::Write;

/// Blocks whose gradients nobody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Frozen {
    None,
    All,
    Only(usize),
}

/// How a pass is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    /// What buffers hold beforehand whose content must not matter.
    pub(super) garbage: f64,
    /// How gradients meet their destinations.
    pub(super) write: Write,
    /// What the destinations hold beforehand.
    pub(super) start: f64,
    /// Which blocks are frozen, so that nobody wants their gradients.
    pub(super) frozen: Frozen,
    /// Whether somebody wants the gradients of inputs.
    pub(super) inputs: bool,
}

impl How {
    pub(super) const PLAIN: Self = Self {
        garbage: f64::NAN,
        write: Write::Overwrite,
        start: f64::NAN,
        frozen: Frozen::None,
        inputs: true,
    };
}

/// What a forward pass leaves.
pub(super) struct Forwarded<T> {
    pub(super) output: Vec<T>,
    pub(super) carry: Vec<T>,
    pub(super) tape: Vec<T>,
    /// The values of the layer's own term, where it has one.
    pub(super) term: Vec<f64>,
}

/// What a backward pass leaves: gradients of inputs (empty for indices) and of blocks as the layer
/// sees them (empty for frozen ones); for a statistic, its next value.
#[derive(Clone, Debug)]
pub(super) struct Gradients<T> {
    pub(super) inputs: Vec<Vec<T>>,
    pub(super) params: Vec<Vec<T>>,
}

impl<T: Precision> Gradients<T> {
    /// Both hold the same bits.
    pub(super) fn same(&self, other: &Self, rule: &'static str) -> Result<(), Failure> {
        for (i, (a, b)) in self.inputs.iter().zip(&other.inputs).enumerate() {
            same_bits(rule, a, b).map_err(|f| f.at(format_args!("gradient of input {i}")))?;
        }
        for (i, (a, b)) in self.params.iter().zip(&other.params).enumerate() {
            same_bits(rule, a, b).map_err(|f| f.at(format_args!("gradient of block {i}")))?;
        }
        Ok(())
    }
}

//! `ParamSpec` and `BlockView`: the blocks a layer asks for, and how it sees them.

use crate::{BlockKind, Fan, Init, Plugin, XavierUniform, Zero};
use std::borrow::Cow;
use std::ops::Range;
use tanren_tensor::Write;

/// When a block is trained.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Active {
    /// In every phase.
    #[default]
    Always,
    /// Only while its own layer is pretrained, such as the visible bias of an RBM: afterwards no
    /// decay and no momentum touches it.
    Pretraining,
}

/// Another node's block, used instead of an own one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The name of the node that owns the block.
    pub node: String,
    /// The name of the block there.
    pub name: String,
    /// Whether this layer sees the transpose.
    pub transposed: bool,
}

/// A block a layer asks for: `rows × cols` as the layer sees it.
#[derive(Clone, Debug)]
pub struct ParamSpec {
    /// Unique within the layer.
    pub name: Cow<'static, str>,
    /// What it is.
    pub kind: BlockKind,
    /// Rows, as the layer sees them.
    pub rows: usize,
    /// Columns, as the layer sees them.
    pub cols: usize,
    /// Connections per unit, for the initial values.
    pub fan: Fan,
    /// Where initial values come from.
    pub init: Plugin<dyn Init>,
    /// When it is trained.
    pub active: Active,
    /// Of a statistic: whether, from its initial value on, it follows from the batches alone, as an average
    /// without memory of where it began. Trainers can make it anew for other parameters.
    pub fresh: bool,
    /// Whose block this is, when it is not an own one.
    pub share: Option<Share>,
}

impl ParamSpec {
    /// A weight of the layer: what multiplies an input. It begins as [`XavierUniform`] says, unless
    /// [`ParamSpec::init`] says otherwise.
    pub fn weight(name: impl Into<Cow<'static, str>>, shape: (usize, usize)) -> Self {
        Self::new(name, BlockKind::Weight, shape, XavierUniform {})
    }

    /// A bias of the layer: one number for each of `rows` units, 0 at first, unless
    /// [`ParamSpec::init`] says otherwise.
    pub fn bias(name: impl Into<Cow<'static, str>>, rows: usize) -> Self {
        Self::new(name, BlockKind::Bias, (rows, 1), Zero {})
    }

    /// An own block that is trained in every phase. The fan is `(cols, rows)`, as in `W x`.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        kind: BlockKind,
        (rows, cols): (usize, usize),
        init: impl Into<Plugin<dyn Init>>,
    ) -> Self {
        let (name, init) = (name.into(), init.into());
        let fan = Fan { inputs: cols, outputs: rows };
        Self {
            name,
            kind,
            rows,
            cols,
            fan,
            init,
            active: Active::Always,
            fresh: false,
            share: None,
        }
    }

    /// The same block with other initial values.
    #[must_use]
    pub fn init(self, init: impl Into<Plugin<dyn Init>>) -> Self {
        Self { init: init.into(), ..self }
    }

    /// The same block, which follows from the batches alone once it has its initial value: see
    /// [`ParamSpec::fresh`].
    #[must_use]
    pub fn fresh(self) -> Self {
        Self { fresh: true, ..self }
    }

    /// The same block, owned by another node.
    #[must_use]
    pub fn shared(mut self, node: &str, name: &str, transposed: bool) -> Self {
        self.share = Some(Share { node: node.into(), name: name.into(), transposed });
        self
    }

    /// Numbers in the block.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.rows.saturating_mul(self.cols)
    }

    /// Whether the block is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// How one node sees one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockView {
    /// Its place among the blocks of the network.
    pub block: usize,
    /// Its numbers in the flat vector.
    pub range: Range<usize>,
    /// Rows of the block, before transposition.
    pub rows: usize,
    /// Columns of the block, before transposition.
    pub cols: usize,
    /// Whether the node sees the transpose.
    pub transposed: bool,
    /// Whether this node writes the gradient first or adds to what others wrote.
    pub write: Write,
    /// Whether the block keeps its values in this phase, so that its gradient or next value is not needed.
    pub fixed: bool,
    /// Whether no other view is of this block.
    pub alone: bool,
    /// What it is.
    pub kind: BlockKind,
}

impl BlockView {
    /// How the only node of a network sees its blocks, when they lie one after the other.
    #[must_use]
    pub fn all(specs: &[ParamSpec]) -> Vec<Self> {
        let mut end = 0;
        let view = |(block, spec): (usize, &ParamSpec)| {
            let range = end..end + spec.len();
            end = range.end;
            let ParamSpec { rows, cols, kind, .. } = *spec;
            let (transposed, write, fixed, alone) = (false, Write::Overwrite, false, true);
            Self { block, range, rows, cols, transposed, write, fixed, alone, kind }
        };
        specs.iter().enumerate().map(view).collect()
    }
}

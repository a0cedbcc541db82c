//! `Layout`: names and ranges of the one flat parameter vector.

use crate::{Fan, Init, Plugin};
use serde::Serialize;
use std::borrow::Cow;
use std::ops::Range;
use tanren_tensor::Write;

/// What a block of numbers is to its layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlockKind {
    /// Multiplies inputs. Penalties and decay apply to it by default.
    Weight,
    /// Multiplies a layer's own previous outputs.
    Recurrent,
    /// Is added.
    Bias,
    /// Scales a normalised signal.
    Gain,
    /// Is no parameter but a memory of the data, such as a running mean: written only by a
    /// committed step, seen by no updater, penalty or norm.
    Statistic,
}

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
    /// Whose block this is, when it is not an own one.
    pub share: Option<Share>,
}

impl ParamSpec {
    /// An own block that is trained in every phase. The fan is `(cols, rows)`, as in `W x`.
    pub fn new(
        name: impl Into<Cow<'static, str>>,
        kind: BlockKind,
        (rows, cols): (usize, usize),
        init: impl Into<Plugin<dyn Init>>,
    ) -> Self {
        let (name, init) = (name.into(), init.into());
        let fan = Fan { inputs: cols, outputs: rows };
        Self { name, kind, rows, cols, fan, init, active: Active::Always, share: None }
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

/// A block of the flat vector: `rows × cols` numbers, column-major, at `range`.
#[derive(Clone, Debug)]
pub struct Block {
    /// The node that owns it.
    pub node: String,
    /// Its name there.
    pub name: String,
    /// What it is.
    pub kind: BlockKind,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub cols: usize,
    /// Its numbers in the flat vector.
    pub range: Range<usize>,
    /// Connections per unit.
    pub fan: Fan,
    /// Where initial values come from.
    pub init: Plugin<dyn Init>,
    /// When it is trained.
    pub active: Active,
    /// Whether a node that uses it is frozen.
    pub frozen: bool,
}

impl Block {
    /// `node.name`, its name in a file.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.node, self.name)
    }

    /// Whether updaters see it while the whole network is trained.
    #[must_use]
    pub const fn trainable(&self) -> bool {
        !self.frozen
            && !matches!(self.kind, BlockKind::Statistic)
            && matches!(self.active, Active::Always)
    }
}

/// How one node sees one block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockView {
    /// Index in [`Layout::blocks`].
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
    /// Whether the block must not change, so that nobody wants its gradient or next value.
    pub frozen: bool,
    /// Whether no other view is of this block.
    pub alone: bool,
    /// What it is.
    pub kind: BlockKind,
}

/// The map of the flat vector: trainable blocks first, then the others (statistics, frozen and
/// inactive blocks).
///
/// Gradients, updater slots and curvature pairs use the same map. In a gradient vector the range
/// of a statistic holds the statistic's next value, which a committed step copies over.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    blocks: Vec<Block>,
    trainable: usize,
    len: usize,
}

impl Layout {
    /// Places `blocks` one after another, the trainable ones first, otherwise in their order.
    /// Their ranges are set here. Also returns the new index of each block.
    #[must_use]
    pub fn place(blocks: Vec<Block>) -> (Self, Vec<usize>) {
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        order.sort_by_key(|&i| !blocks[i].trainable()); // stable
        let mut index = vec![0; blocks.len()];
        order.iter().enumerate().for_each(|(new, &old)| index[old] = new);
        let mut placed: Vec<(usize, Block)> = index.iter().copied().zip(blocks).collect();
        placed.sort_by_key(|&(new, _)| new);

        let mut layout = Self::default();
        for (_, mut block) in placed {
            // Absurd sizes saturate; the assembly refuses them by name.
            let len = block.rows.saturating_mul(block.cols);
            block.range = layout.len..layout.len.saturating_add(len);
            layout.len = block.range.end;
            if block.trainable() {
                layout.trainable = layout.len;
            }
            layout.blocks.push(block);
        }
        (layout, index)
    }

    /// All blocks, in the order of the flat vector.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// Length of the trainable part, which comes first.
    #[must_use]
    pub const fn trainable(&self) -> usize {
        self.trainable
    }

    /// Length of the flat vector.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no parameters at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The block `name` of `node`.
    #[must_use]
    pub fn find(&self, node: &str, name: &str) -> Option<&Block> {
        self.blocks.iter().find(|b| b.node == node && b.name == name)
    }
}

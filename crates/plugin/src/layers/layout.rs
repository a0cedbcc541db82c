//! `Layout`: names and ranges of the one flat parameter vector.

use crate::{Block, BlockKind, Fan, Init, Plugin};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;
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

/// The map of the flat vector: trainable blocks first, then statistics, then blocks that are fixed.
/// What is trainable belongs to a phase of a run, so each phase has a map of its own.
///
/// Gradients, updater slots and curvature pairs use the same map. In a gradient vector the range
/// of a statistic holds the statistic's next value, which a committed step copies over.
///
/// It is a handle, cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Layout(Arc<Map>);

#[derive(Debug, Default)]
struct Map {
    blocks: Vec<Block>,
    trainable: usize,
    /// Where the statistics end.
    moving: usize,
    len: usize,
}

impl Layout {
    /// Places `blocks` one after another, the trainable ones first, otherwise in their order.
    /// Their ranges are set here. Also returns the new index of each block.
    #[must_use]
    pub fn place(blocks: Vec<Block>) -> (Self, Vec<usize>) {
        let mut order: Vec<usize> = (0..blocks.len()).collect();
        order.sort_by_key(|&i| (blocks[i].fixed, !blocks[i].trainable())); // stable
        let mut index = vec![0; blocks.len()];
        order.iter().enumerate().for_each(|(new, &old)| index[old] = new);
        let mut placed: Vec<(usize, Block)> = index.iter().copied().zip(blocks).collect();
        placed.sort_by_key(|&(new, _)| new);

        let mut layout = Map::default();
        for (_, mut block) in placed {
            // Absurd sizes saturate; the assembly refuses them by name.
            let len = block.rows.saturating_mul(block.cols);
            block.range = layout.len..layout.len.saturating_add(len);
            layout.len = block.range.end;
            if block.trainable() {
                layout.trainable = layout.len;
            }
            if !block.fixed {
                layout.moving = layout.len;
            }
            layout.blocks.push(block);
        }
        (Self(Arc::new(layout)), index)
    }

    /// One block of `n` trainable numbers: the map of a function's own vector.
    #[must_use]
    pub fn vector(n: usize) -> Self {
        Self::place(vec![Block::new("", "x", BlockKind::Weight, (n, 1))]).0
    }

    /// The numbers of `from`, which lie as `other` says, where this map wants them. Blocks that `other`
    /// does not know keep what `to` holds.
    pub fn carry_over<T: Copy>(&self, other: &Self, from: &[T], to: &mut [T]) {
        for block in self.blocks() {
            if let Some(source) = other.find(&block.node, &block.name) {
                to[block.range.clone()].copy_from_slice(&from[source.range.clone()]);
            }
        }
    }

    /// All blocks, in the order of the flat vector.
    #[must_use]
    pub fn blocks(&self) -> &[Block] {
        &self.0.blocks
    }

    /// Length of the trainable part, which comes first.
    #[must_use]
    pub fn trainable(&self) -> usize {
        self.0.trainable
    }

    /// The statistics that a committed step changes.
    #[must_use]
    pub fn statistics(&self) -> Range<usize> {
        self.0.trainable..self.0.moving
    }

    /// Length of the flat vector.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// Whether there are no parameters at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.len == 0
    }

    /// The block `name` of `node`.
    #[must_use]
    pub fn find(&self, node: &str, name: &str) -> Option<&Block> {
        self.0.blocks.iter().find(|b| b.node == node && b.name == name)
    }
}

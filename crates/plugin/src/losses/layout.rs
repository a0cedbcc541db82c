//! `Layout`: names and ranges of the one flat parameter vector.

use crate::{Block, BlockKind};
use std::ops::Range;
use std::sync::Arc;

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

//! `Select`: which blocks of a network something is aimed at.

mod miss;
mod text;

use crate::values::pattern::matches;
use crate::{Block, BlockKind, Checked, Kind, Range, SettingError, SettingType};

/// Which blocks of a network a penalty, a constraint, a noise, an updater or a freeze is aimed at.
///
/// Each field narrows the choice; a field that is empty does not. In a recipe it is a table, such as
/// `{ nodes = "dense-*", kinds = ["bias"], depth = [0, -2] }`, or for short a node's name or a list
/// of names.
///
/// A block belongs to every node that uses it: an aim at one of several nodes that share a block
/// hits it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Checked)]
pub struct Select {
    /// The names of nodes. `*` stands for any characters, or none: `dense-*`.
    #[setting(kind = one_or_more::<String>)]
    pub nodes: Vec<String>,
    /// The kinds of blocks. Empty means those that the plugin is for by default: penalties,
    /// constraints and noises are for weights, updaters for all that is trained.
    #[setting(kind = one_or_more::<BlockKind>)]
    pub kinds: Vec<BlockKind>,
    /// The kinds of layers, told by the blocks a layer has, whatever its type is called:
    /// [`BlockKind::Recurrent`] for recurrent layers, [`BlockKind::Gain`] for layers that
    /// normalise.
    #[setting(kind = one_or_more::<BlockKind>)]
    pub layers: Vec<BlockKind>,
    /// The first and the last depth, both included. The node that takes the network's input has
    /// depth 0, as in a chain's list of layers; −1 is the last node, −2 the one before. In a graph
    /// the longest way counts.
    #[setting(kind = depths)]
    pub depth: Option<(i64, i64)>,
}

/// How a value or a list of such is written.
fn one_or_more<T: SettingType>() -> Kind {
    let one = T::kind(Range::ANY);
    Kind::Either(vec![one.clone(), Kind::List(Box::new(one))])
}

/// How one depth, or the first and the last, are written.
fn depths() -> Kind {
    one_or_more::<i64>()
}

/// What an aim knows of a node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NodeFacts {
    /// Its name.
    pub name: String,
    /// How many nodes come before it, on the longest way from an input.
    pub before: usize,
    /// How many nodes come after it, on the longest way to an end of the network.
    pub after: usize,
    /// The kinds of all blocks it uses.
    pub kinds: Vec<BlockKind>,
}

impl From<&str> for Select {
    /// The nodes whose names fit a pattern.
    fn from(pattern: &str) -> Self {
        Self::default().nodes([pattern])
    }
}

impl From<BlockKind> for Select {
    /// All blocks of one kind.
    fn from(kind: BlockKind) -> Self {
        Self::default().kinds([kind])
    }
}

impl Select {
    /// How a selection is written: the name of a node, a list of names, or a table.
    #[must_use]
    pub fn written() -> Kind {
        let Kind::Either(mut kinds) = one_or_more::<String>() else { return Kind::Unknown };
        kinds.push(Self::kind(Range::ANY));
        Kind::Either(kinds)
    }

    /// The same choice in nodes whose names fit one of these patterns.
    #[must_use]
    pub fn nodes<S: Into<String>>(mut self, patterns: impl IntoIterator<Item = S>) -> Self {
        self.nodes = patterns.into_iter().map(Into::into).collect();
        self
    }

    /// The same choice among blocks of these kinds.
    #[must_use]
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = BlockKind>) -> Self {
        self.kinds = kinds.into_iter().collect();
        self
    }

    /// The same choice in layers that have a block of one of these kinds.
    #[must_use]
    pub fn layers(mut self, kinds: impl IntoIterator<Item = BlockKind>) -> Self {
        self.layers = kinds.into_iter().collect();
        self
    }

    /// The same choice from one depth to another, both included.
    #[must_use]
    pub const fn depth(mut self, first: i64, last: i64) -> Self {
        self.depth = Some((first, last));
        self
    }

    /// Whether nothing narrows the choice.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a node may have this name.
    #[must_use]
    pub fn names(&self, node: &str) -> bool {
        self.nodes.is_empty() || self.nodes.iter().any(|pattern| matches(pattern, node))
    }

    /// Whether it takes a node's block of this kind. `default` are the kinds where none are named;
    /// a statistic is taken only where statistics are among them.
    #[must_use]
    pub fn takes(&self, node: &NodeFacts, kind: BlockKind, default: &[BlockKind]) -> bool {
        let layer = |node: &NodeFacts| self.layers.iter().any(|kind| node.kinds.contains(kind));
        let kinds = if self.kinds.is_empty() { default } else { &self.kinds };
        let possible = kind != BlockKind::Statistic || default.contains(&kind);
        possible
            && kinds.contains(&kind)
            && self.names(&node.name)
            && (self.layers.is_empty() || layer(node))
            && self.depth.is_none_or(|(first, last)| from(first, node) && to(last, node))
    }

    /// Which of `blocks` it takes, one answer for each.
    #[must_use]
    pub fn marks(&self, blocks: &[Block], default: &[BlockKind]) -> Vec<bool> {
        let takes = |block: &Block| {
            let mut users = block.used_by.iter();
            users.any(|node| self.takes(node, block.kind, default))
        };
        blocks.iter().map(takes).collect()
    }

    /// Which of `blocks` it takes, one answer for each.
    ///
    /// # Errors
    /// When something narrows the choice and no block is left, or no node has a name that fits one
    /// of the patterns. The error lists what there is.
    pub fn hits(&self, blocks: &[Block], default: &[BlockKind]) -> Result<Vec<bool>, SettingError> {
        let hits = self.marks(blocks, default);
        let nodes = || blocks.iter().flat_map(|block| &block.used_by);
        let idle = |pattern: &&String| !nodes().any(|node| matches(pattern, &node.name));
        match self.nodes.iter().find(idle) {
            Some(pattern) => Err(miss::name(pattern, blocks)),
            None if self.is_open() || hits.contains(&true) => Ok(hits),
            None => Err(miss::nothing(self, blocks)),
        }
    }
}

/// Whether a node is at this depth or behind it.
fn from(depth: i64, node: &NodeFacts) -> bool {
    match usize::try_from(depth) {
        Ok(depth) => node.before >= depth,
        Err(_) => (node.after as u64) < depth.unsigned_abs(),
    }
}

/// Whether a node is at this depth or before it.
fn to(depth: i64, node: &NodeFacts) -> bool {
    match usize::try_from(depth) {
        Ok(depth) => node.before <= depth,
        Err(_) => (node.after as u64) + 1 >= depth.unsigned_abs(),
    }
}

#[cfg(test)]
mod tests;

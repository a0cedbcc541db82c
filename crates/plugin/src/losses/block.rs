//! `Block`: a piece of the flat parameter vector, and all that belongs to it.

use crate::{BlockKind, Constraint, Fan, Init, NodeFacts, Penalty, Plugin};
use std::ops::Range;

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
    /// Where initial values come from; `None` for a function's own vector, which has a start.
    pub init: Option<Plugin<dyn Init>>,
    /// Whether it follows from the batches alone once it has its initial value: see
    /// [`ParamSpec::fresh`](crate::ParamSpec::fresh).
    pub fresh: bool,
    /// Whether it stays as it is in this phase: no gradient, no update, no next value.
    pub fixed: bool,
    /// Whether its network keeps it as it is in every phase.
    pub frozen: bool,
    /// The nodes that use it: its owner and those that share it.
    pub used_by: Vec<NodeFacts>,
    /// The terms of the objective that depend on it alone.
    pub penalties: Vec<Plugin<dyn Penalty>>,
    /// The sets it must stay in.
    pub constraints: Vec<Plugin<dyn Constraint>>,
}

impl Block {
    /// A trainable block of a node that is alone in its network, without penalties and constraints. Its
    /// range is set when it is placed.
    #[must_use]
    pub fn new(node: &str, name: &str, kind: BlockKind, (rows, cols): (usize, usize)) -> Self {
        let (node, kinds) = (node.to_owned(), vec![kind]);
        Self {
            used_by: vec![NodeFacts { name: node.clone(), kinds, ..NodeFacts::default() }],
            node,
            name: name.to_owned(),
            kind,
            rows,
            cols,
            range: 0..0,
            fan: Fan { inputs: cols, outputs: rows },
            init: None,
            fresh: false,
            fixed: false,
            frozen: false,
            penalties: Vec::new(),
            constraints: Vec::new(),
        }
    }

    /// `node.name`, its name in a file.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}.{}", self.node, self.name)
    }

    /// Whether updaters see it.
    #[must_use]
    pub const fn trainable(&self) -> bool {
        !self.fixed && !matches!(self.kind, BlockKind::Statistic)
    }
}

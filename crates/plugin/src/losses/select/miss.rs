//! What is said when an aim hits nothing: what there is, and the nearest name.

use super::Select;
use crate::{Block, BlockKind, NodeFacts, SettingError, nearest};

/// How many nodes are listed.
const LISTED: usize = 30;

/// No node has a name that fits a pattern.
pub(super) fn name(pattern: &str, blocks: &[Block]) -> SettingError {
    let nodes = nodes(blocks);
    let near = nearest(pattern, nodes.iter().map(|node| node.name.as_str()));
    let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
    let found = format!("{pattern:?}, which is not a node with parameters{near}");
    SettingError::new("on", expected(&nodes), found)
}

/// The names are right, but no block is left.
pub(super) fn nothing(select: &Select, blocks: &[Block]) -> SettingError {
    let Select { nodes: patterns, kinds, layers, depth } = select;
    let mut wanted = Vec::new();
    if !kinds.is_empty() {
        wanted.push(format!("of kind {}", words(kinds).join(" or ")));
    }
    if !patterns.is_empty() {
        wanted.push(format!("in nodes {}", patterns.join(", ")));
    }
    if !layers.is_empty() {
        wanted.push(format!("in layers with a {}", words(layers).join(" or ")));
    }
    if let Some((first, last)) = depth {
        wanted.push(format!("from depth {first} to {last}"));
    }
    let found = format!("blocks {}, of which there are none", wanted.join(", "));
    SettingError::new("on", expected(&nodes(blocks)), found)
}

/// All nodes that have blocks, each once, in their order.
fn nodes(blocks: &[Block]) -> Vec<&NodeFacts> {
    let mut nodes: Vec<&NodeFacts> = Vec::new();
    for node in blocks.iter().flat_map(|block| &block.used_by) {
        if !nodes.iter().any(|other| other.name == node.name) {
            nodes.push(node);
        }
    }
    nodes.sort_by_key(|node| node.before); // stable
    nodes
}

/// "a selection of blocks of dense-1, dense-2 (weight, bias), norm-1 (gain, bias)": neighbours with
/// the same kinds of blocks are listed together.
fn expected(nodes: &[&NodeFacts]) -> String {
    let listed = &nodes[..nodes.len().min(LISTED)];
    let alike = listed.chunk_by(|a, b| a.kinds == b.kinds);
    let group = |group: &[&NodeFacts]| {
        let names: Vec<&str> = group.iter().map(|node| node.name.as_str()).collect();
        let kinds = group.first().map(|node| words(&node.kinds)).unwrap_or_default();
        format!("{} ({})", names.join(", "), kinds.join(", "))
    };
    let mut groups: Vec<String> = alike.map(group).collect();
    match nodes.len() - listed.len() {
        _ if nodes.is_empty() => return "no `on`, because no node has parameters".into(),
        0 => {}
        more => groups.push(format!("{more} more nodes")),
    }
    format!("a selection of blocks of {}", groups.join(", "))
}

fn words(kinds: &[BlockKind]) -> Vec<&'static str> {
    kinds.iter().map(|kind| kind.name()).collect()
}

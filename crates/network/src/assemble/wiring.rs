//! The wiring of assembled nodes: which block lies where, who writes a gradient first.

use super::aim;
use crate::NetworkSpec;
use crate::network::{Network, Node, Origin, Output};
use tanren_plugin::{Active, Block, BlockView, Edge, Layout, NodeFacts, ParamSpec};
use tanren_tensor::{Shape, ShapeError, Write};

/// A block as one node asked for it, and where its numbers are owned: (node, position there).
struct Claim {
    spec: ParamSpec,
    owner: (usize, usize),
}

/// Places all blocks and gives every node with known shapes its views.
pub(crate) fn wire(
    nodes: &mut [Node],
    known: &[Option<Shape>],
    spec: &NetworkSpec,
    problems: &mut Vec<ShapeError>,
) -> Layout {
    let claims = claim(nodes, known, problems);
    let mut owned: Vec<(usize, usize)> = Vec::new();
    for (node, claims) in claims.iter().enumerate() {
        let own = claims.iter().enumerate().filter(|(i, c)| c.owner == (node, *i));
        owned.extend(own.map(|(i, _)| (node, i)));
    }
    let facts = facts(nodes, &claims);
    let users = |owner| -> Vec<NodeFacts> {
        let uses = |claims: &[Claim]| claims.iter().any(|claim| claim.owner == owner);
        let users = claims.iter().zip(&facts).filter(|(claims, _)| uses(claims));
        users.map(|(_, facts)| facts.clone()).collect()
    };
    let block = |&(node, i): &(usize, usize)| {
        let spec = &claims[node][i].spec;
        Block {
            fan: spec.fan,
            init: Some(spec.init.clone()),
            fresh: spec.fresh,
            fixed: spec.active != Active::Always,
            used_by: users((node, i)),
            ..Block::new(&nodes[node].name, &spec.name, spec.kind, (spec.rows, spec.cols))
        }
    };
    let mut blocks: Vec<Block> = owned.iter().map(block).collect();
    aim::aim(spec, &mut blocks, problems);
    let (layout, index) = Layout::place(blocks);
    let owned_once = |owner| claims.iter().flatten().filter(|c| c.owner == owner).count() == 1;
    for (node, claims) in nodes.iter_mut().zip(&claims) {
        node.views = claims
            .iter()
            .filter_map(|claim| {
                let place = index[owned.iter().position(|&o| o == claim.owner)?];
                let block = &layout.blocks()[place];
                Some(BlockView {
                    block: place,
                    range: block.range.clone(),
                    rows: block.rows,
                    cols: block.cols,
                    transposed: claim.spec.share.as_ref().is_some_and(|s| s.transposed),
                    write: Write::Add,
                    fixed: block.fixed,
                    alone: owned_once(claim.owner),
                    kind: block.kind,
                })
            })
            .collect();
    }
    layout
}

impl Network {
    /// The same network with other blocks to train: those that `trains` names. The numbers of one are
    /// carried over to the other by [`Layout::carry_over`].
    #[must_use]
    pub fn training(&self, trains: &dyn Fn(&Block) -> bool) -> Self {
        let mut network = self.clone();
        let blocks = self.layout.blocks().iter();
        let blocks = blocks.map(|b| Block { fixed: !trains(b), ..b.clone() }).collect();
        let (layout, index) = Layout::place(blocks);
        for node in &mut network.nodes {
            node.completes.clear();
            for view in &mut node.views {
                view.block = index[view.block];
                let block = &layout.blocks()[view.block];
                (view.range, view.fixed, view.write) =
                    (block.range.clone(), block.fixed, Write::Add);
            }
        }
        connect(&mut network.nodes, &mut network.outputs, &layout);
        network.layout = layout;
        network
    }
}

/// What aims know of each node. Every node stands after those it takes from.
fn facts(nodes: &[Node], claims: &[Vec<Claim>]) -> Vec<NodeFacts> {
    let (mut before, mut after) = (vec![0; nodes.len()], vec![0; nodes.len()]);
    let below = |i: usize| {
        nodes[i].sources.iter().filter_map(|source| match *source {
            Origin::Node(j) => Some(j),
            Origin::Input(_) => None,
        })
    };
    for i in 0..nodes.len() {
        before[i] = below(i).map(|j| before[j] + 1).max().unwrap_or(0);
    }
    for i in (0..nodes.len()).rev() {
        below(i).for_each(|j| after[j] = after[j].max(after[i] + 1));
    }
    let kind = |claim: &Claim| claims[claim.owner.0][claim.owner.1].spec.kind;
    let all = nodes.iter().zip(claims).zip(before.into_iter().zip(after));
    all.map(|((node, claims), (before, after))| {
        let mut kinds = Vec::new();
        for kind in claims.iter().map(kind) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        NodeFacts { name: node.name.clone(), before, after, kinds }
    })
    .collect()
}

/// Asks every node for its blocks and finds the owners of shared ones.
fn claim(
    nodes: &[Node],
    known: &[Option<Shape>],
    problems: &mut Vec<ShapeError>,
) -> Vec<Vec<Claim>> {
    let params = |(node, known): (&Node, &Option<Shape>)| match known {
        Some(_) => node.layer.params(&node.inputs),
        None => Vec::new(),
    };
    let asked: Vec<Vec<ParamSpec>> = nodes.iter().zip(known).map(params).collect();
    let find = |node: &str, name: &str| {
        let n = nodes.iter().position(|other| other.name == node)?;
        Some((n, asked[n].iter().position(|p| p.name == name)?))
    };
    let mut claims = Vec::new();
    for (n, specs) in asked.iter().enumerate() {
        let mut own = Vec::new();
        for (i, spec) in specs.iter().enumerate() {
            let place = format!("node {}, block {}", nodes[n].name, spec.name);
            let mut problem = |expected: String, found: String| {
                problems.push(ShapeError::new(expected, found).at(&place));
            };
            if spec.is_empty() {
                problem("at least one number".into(), format!("{}×{}", spec.rows, spec.cols));
            }
            if specs[..i].iter().any(|other| other.name == spec.name) {
                problem("a unique name".into(), "the name of another block".into());
            }
            let mut owner = (n, i);
            if let Some(share) = &spec.share {
                let path = format!("{}.{}", share.node, share.name);
                match find(&share.node, &share.name) {
                    None => problem(format!("a block {path} to share"), "none".into()),
                    Some(o) if asked[o.0][o.1].share.is_some() => {
                        problem(format!("{path} to be an own block"), "a shared one".into());
                    }
                    Some(o) => {
                        let other = &asked[o.0][o.1];
                        let (rows, cols) = match share.transposed {
                            true => (other.cols, other.rows),
                            false => (other.rows, other.cols),
                        };
                        if (rows, cols) != (spec.rows, spec.cols) {
                            let found = format!("{rows}×{cols} of {path}");
                            problem(format!("{}×{}", spec.rows, spec.cols), found);
                        }
                        owner = o;
                    }
                }
            }
            own.push(Claim { spec: spec.clone(), owner });
        }
        claims.push(own);
    }
    claims
}

/// Decides, in the order of the backward pass, where gradients flow and who writes first.
pub(crate) fn connect(nodes: &mut [Node], outputs: &mut [Output], layout: &Layout) {
    for i in 0..nodes.len() {
        let below = |s: &Origin| matches!(*s, Origin::Node(j) if nodes[j].trains);
        let trains = nodes[i].views.iter().any(|v| !v.fixed) || nodes[i].sources.iter().any(below);
        nodes[i].trains = trains;
    }
    let mut signal_written = vec![false; nodes.len()];
    for output in outputs {
        output.write = first(&mut signal_written[output.node]);
    }
    let mut block_written = vec![false; layout.blocks().len()];
    let trains: Vec<bool> = nodes.iter().map(|n| n.trains).collect();
    for (i, node) in nodes.iter_mut().enumerate().rev() {
        node.judged = signal_written[i];
        let wanted = |s: &Origin| match *s {
            Origin::Node(j) if trains[j] => Some(j),
            _ => None,
        };
        let edges = node.sources.iter().zip(&node.inputs).map(|(source, &shape)| {
            let buffer = wanted(source);
            let write = buffer.map_or(Write::Overwrite, |j| first(&mut signal_written[j]));
            Edge { buffer, shape, write }
        });
        node.edges = edges.collect();
        for view in node.views.iter_mut().filter(|v| !v.fixed) {
            view.write = first(&mut block_written[view.block]);
        }
    }
    // The lowest user of a block is the last to need it.
    let mut used: Vec<bool> = layout.blocks().iter().map(|block| !block.trainable()).collect();
    for node in nodes {
        let blocks = node.views.iter().map(|view| view.block);
        node.completes.extend(blocks.filter(|&block| !std::mem::replace(&mut used[block], true)));
        node.completes.sort_unstable();
    }
}

/// The first to ask overwrites, all others add.
const fn first(written: &mut bool) -> Write {
    if *written {
        Write::Add
    } else {
        *written = true;
        Write::Overwrite
    }
}

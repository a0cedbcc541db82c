//! Names, order and reachability of a graph of nodes.

use crate::network::Origin;
use crate::{NodeSpec, Port};
use tanren_plugin::PORTS;
use tanren_tensor::ShapeError;

/// The second name of a network's only input.
pub(crate) const INPUT: &str = "input";

/// Finds what each node takes: positions in `nodes` and `inputs`. Unknown names become problems.
pub(crate) fn resolve(
    nodes: &[NodeSpec],
    inputs: &[Port],
    problems: &mut Vec<ShapeError>,
) -> Vec<Vec<Origin>> {
    let names = |exclude: &str| -> Vec<String> {
        let nodes = nodes.iter().map(|n| n.name.clone()).filter(|n| n != exclude);
        inputs.iter().map(|p| p.name.clone()).chain(nodes).collect()
    };
    for (i, node) in nodes.iter().enumerate() {
        let place = format!("node {}", node.name);
        let clash = inputs.iter().any(|p| p.name == node.name) || node.name == INPUT;
        if clash || nodes[..i].iter().any(|n| n.name == node.name) {
            problems.push(ShapeError::new("a unique name", "the name of another node").at(&place));
        }
        if node.name.is_empty() || node.name.contains(['.', '*']) {
            let expected = "a name without dots and stars";
            problems.push(ShapeError::new(expected, format!("{:?}", node.name)).at(&place));
        }
        if node.inputs.len() > PORTS {
            let found = format!("{}", node.inputs.len());
            problems.push(ShapeError::new(format!("at most {PORTS} inputs"), found).at(&place));
        }
    }
    let find = |name: &str| {
        let input = inputs.iter().position(|p| p.name == name);
        let only = (name == INPUT && inputs.len() == 1).then_some(0);
        let node = || nodes.iter().position(|n| n.name == name).map(Origin::Node);
        input.or(only).map(Origin::Input).or_else(node)
    };
    nodes
        .iter()
        .map(|node| {
            let known = node.inputs.iter().filter_map(|name| {
                let found = find(name);
                if found.is_none() {
                    let expected = format!("one of {}", names(&node.name).join(", "));
                    let error = ShapeError::new(expected, format!("{name:?}"));
                    problems.push(error.at(format!("node {}, inputs", node.name)));
                }
                found
            });
            known.collect()
        })
        .collect()
}

/// An order in which every node comes after those it takes from, keeping the given order where it
/// can (Kahn 1962). Nodes on a cycle are left out and reported.
pub(crate) fn order(
    nodes: &[NodeSpec],
    sources: &[Vec<Origin>],
    problems: &mut Vec<ShapeError>,
) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(nodes.len());
    let mut placed = vec![false; nodes.len()];
    let ready = |placed: &[bool], i: usize| {
        sources[i].iter().all(|s| !matches!(s, Origin::Node(j) if !placed[*j]))
    };
    while let Some(next) = (0..nodes.len()).find(|&i| !placed[i] && ready(&placed, i)) {
        placed[next] = true;
        order.push(next);
    }
    let left: Vec<&str> =
        (0..nodes.len()).filter(|&i| !placed[i]).map(|i| nodes[i].name.as_str()).collect();
    if !left.is_empty() {
        let found = format!("a cycle among or before {}", left.join(", "));
        problems.push(ShapeError::new("a graph without cycles", found).at("nodes"));
    }
    order
}

/// Whether each node is an ancestor of, or is itself, one of `ends`.
pub(crate) fn reaches(sources: &[Vec<Origin>], ends: &[usize]) -> Vec<bool> {
    let mut reaches = vec![false; sources.len()];
    let mut open = ends.to_vec();
    while let Some(node) = open.pop() {
        if !std::mem::replace(&mut reaches[node], true) {
            open.extend(sources[node].iter().filter_map(|s| match s {
                Origin::Node(j) => Some(*j),
                Origin::Input(_) => None,
            }));
        }
    }
    reaches
}

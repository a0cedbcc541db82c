//! What is aimed at parts of a network finds its blocks: freezes, penalties, constraints, noises.

use crate::NetworkSpec;
use crate::network::Node;
use tanren_plugin::{
    Aimed, Block, BlockAim, BlockKind, Layout, Plugin, Select, SettingError, WeightNoise,
};
use tanren_tensor::ShapeError;

/// Gives every block its penalties and constraints and fixes what is frozen. An aim that hits nothing
/// is a problem, those of noises too.
pub(crate) fn aim(spec: &NetworkSpec, blocks: &mut [Block], problems: &mut Vec<ShapeError>) {
    if !problems.is_empty() {
        return; // not all blocks are known, so an aim cannot be judged
    }
    let frozen = frozen(spec, blocks, problems);
    for (block, frozen) in blocks.iter_mut().zip(frozen) {
        (block.fixed, block.frozen) = (block.fixed || frozen, frozen);
    }
    give("penalties", &spec.penalties, blocks, problems, |block, penalty| {
        block.penalties.push(penalty);
    });
    give("constraints", &spec.constraints, blocks, problems, |block, constraint| {
        block.constraints.push(constraint);
    });
    give("noise", &spec.noise, blocks, problems, |_, _| {});
    for (i, noise) in spec.noise.iter().enumerate().filter(|(_, noise)| !noise.on.is_open()) {
        let hits = noise.hits(blocks).unwrap_or_default(); // an aim that fails is a problem already
        let mut hit = blocks.iter().zip(hits).filter(|(_, hit)| *hit).peekable();
        if hit.peek().is_some() && hit.all(|(block, _)| block.kind == BlockKind::Statistic) {
            let error = ShapeError::new("parameters to disturb", "nothing but statistics");
            problems.push(error.at(format!("network.noise[{i}].on")));
        }
    }
}

/// Which blocks a network's `freeze` selects or a frozen node uses.
fn frozen(spec: &NetworkSpec, blocks: &[Block], problems: &mut Vec<ShapeError>) -> Vec<bool> {
    let mut frozen = vec![false; blocks.len()];
    let mut freeze = |marks: Vec<bool>| {
        frozen.iter_mut().zip(marks).for_each(|(frozen, mark)| *frozen |= mark);
    };
    // A frozen node without parameters is no mistake.
    let nodes = spec.nodes.iter().filter(|node| node.freeze);
    nodes.for_each(|node| freeze(Select::from(&*node.name).marks(blocks, BlockKind::ALL)));
    for (i, select) in spec.freeze.iter().enumerate() {
        match select.hits(blocks, BlockKind::ALL) {
            Ok(hits) => freeze(hits),
            Err(error) => problems.push(problem(error, format!("network.freeze[{i}]"))),
        }
    }
    frozen
}

/// Gives every plugin of a list to the blocks it hits.
fn give<P: ?Sized + BlockAim>(
    list: &str,
    aimed: &[Aimed<P>],
    blocks: &mut [Block],
    problems: &mut Vec<ShapeError>,
    give: impl Fn(&mut Block, Plugin<P>),
) {
    for (i, aimed) in aimed.iter().enumerate() {
        match aimed.hits(blocks) {
            Ok(hits) => {
                let hit = blocks.iter_mut().zip(hits).filter(|(_, hit)| *hit);
                hit.for_each(|(block, _)| give(block, aimed.plugin.clone()));
            }
            Err(error) => problems.push(problem(error, format!("network.{list}[{i}].on"))),
        }
    }
}

fn problem(error: SettingError, at: String) -> ShapeError {
    ShapeError::new(error.expected, error.found).at(at)
}

/// Gives every view of a node its noises. A noise works on what a node sees: of a shared block, only
/// the node aimed at sees disturbed weights.
pub(crate) fn disturb(spec: &NetworkSpec, nodes: &mut [Node], layout: &Layout) {
    let own = spec.nodes.iter().filter_map(|node| {
        let plugin = node.noise.clone()?;
        Some(Aimed { plugin, on: Select::from(&*node.name) })
    });
    let all: Vec<Aimed<dyn WeightNoise>> = spec.noise.iter().cloned().chain(own).collect();
    for node in nodes {
        let noises = node.views.iter().map(|view| {
            let block = &layout.blocks()[view.block];
            let facts = block.used_by.iter().find(|facts| facts.name == node.name);
            let takes = |noise: &&Aimed<dyn WeightNoise>| {
                let kinds = noise.plugin.default_kinds();
                let weight = block.kind != BlockKind::Statistic; // whatever a plugin is for
                weight && facts.is_some_and(|facts| noise.on.takes(facts, block.kind, kinds))
            };
            all.iter().filter(takes).map(|noise| noise.plugin.clone()).collect()
        });
        node.noise = noises.collect();
    }
}

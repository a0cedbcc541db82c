//! Assembly: from a specification to a network. Every shape error happens here, all at once.

pub(crate) mod aim;
pub(crate) mod fuse;
pub(crate) mod graph;
pub(crate) mod wiring;

use crate::assemble::graph::{INPUT, order, reaches, resolve};
use crate::assemble::wiring::{connect, wire};
use crate::network::{Origin, Target};
use crate::{
    AssemblyError, LossSpec, Network, NetworkSpec, Node, NodeSpec, Output, Port, TargetSpec,
};
use tanren_plugin::{Loss, PORTS, Plugin};
use tanren_tensor::{Shape, ShapeError, Stream, Write};

/// The most parameters a network may have: sizes computed from them stay far from overflow.
/// Whether they fit in memory is asked when a run is prepared.
const MOST: usize = 1 << 40;

impl Network {
    /// Assembles `spec` for data with these inputs and targets.
    ///
    /// # Errors
    /// [`AssemblyError`] with every problem found: names, cycles, shapes, parameters, losses.
    pub fn assemble(
        spec: &NetworkSpec,
        inputs: &[Port],
        targets: &[Port],
    ) -> Result<Self, AssemblyError> {
        let mut problems = check_form(spec, inputs, targets);
        let nodes = spec.to_nodes(inputs.first().map_or(INPUT, |p| p.name.as_str()));
        let sources = resolve(&nodes, inputs, &mut problems);
        let order = order(&nodes, &sources, &mut problems);
        let losses = spec.to_losses(nodes.last().map_or("", |n| n.name.as_str()));
        let ends = ends(&losses, &nodes, &mut problems);
        let compared = compare(&losses, &nodes, (inputs, targets), &mut problems);
        let teachers = compared.iter().flatten().filter_map(|target| match target {
            Target::Node(node) => Some(*node),
            _ => None,
        });
        let terms = (0..nodes.len()).filter(|&i| nodes[i].layer.term().is_some());
        let needed = ends.iter().flatten().copied().chain(teachers).chain(terms);
        let needed: Vec<usize> = needed.collect();
        let reached = reaches(&sources, &needed);
        for (node, _) in nodes.iter().zip(&reached).filter(|(_, reached)| !**reached) {
            if !(losses.is_empty() && needed.is_empty()) {
                let error =
                    ShapeError::new("a node that a loss depends on", "one that no loss depends on");
                problems.push(error.at(format!("node {}", node.name)));
            }
        }
        if !problems.is_empty() {
            return Err(AssemblyError { problems });
        }

        // Positions in the order of computation from here on.
        let place = |i: usize| order.iter().position(|&o| o == i).unwrap_or(i);
        let at = |s: &Origin| match *s {
            Origin::Node(i) => Origin::Node(place(i)),
            input => input,
        };
        let mut nodes: Vec<Node> =
            order.iter().map(|&i| bare(&nodes[i], sources[i].iter().map(at).collect())).collect();
        let ends: Vec<usize> = ends.into_iter().flatten().map(place).collect();
        let compared = compared.into_iter().flatten().map(|target| match target {
            Target::Node(node) => Target::Node(place(node)),
            other => other,
        });
        let compared: Vec<Target> = compared.collect();

        fuse_links(&mut nodes, &losses, (&ends, &compared), &mut problems);
        let known = infer_shapes(&mut nodes, inputs, &mut problems);
        let ports = (inputs, targets);
        let mut outputs = judge(&nodes, &known, &losses, (&ends, &compared), ports, &mut problems);
        let layout = wire(&mut nodes, &known, spec, &mut problems);
        if layout.len() > MOST {
            let error = ShapeError::new(format!("at most {MOST} parameters"), layout.len());
            problems.push(error.at("network"));
        }
        if !problems.is_empty() {
            return Err(AssemblyError { problems });
        }
        aim::disturb(spec, &mut nodes, &layout);
        connect(&mut nodes, &mut outputs, &layout);
        Ok(Self { inputs: inputs.to_vec(), nodes, outputs, layout })
    }
}

/// Sets every loss above its node, where shapes allow.
fn judge(
    nodes: &[Node],
    known: &[Option<Shape>],
    losses: &[LossSpec],
    (ends, compared): (&[usize], &[Target]),
    (inputs, targets): (&[Port], &[Port]),
    problems: &mut Vec<ShapeError>,
) -> Vec<Output> {
    let mut outputs = Vec::new();
    for ((loss, &node), &from) in losses.iter().zip(ends).zip(compared) {
        let Some(shape) = known[node] else { continue };
        let target = match from {
            Target::Data(i) => targets[i].clone(),
            Target::Input(i) => inputs[i].clone(),
            Target::Node(i) => match known[i] {
                Some(shape) => Port::new(&nodes[i].name, shape),
                None => continue,
            },
            Target::Nothing => Port::new(&nodes[node].name, shape),
        };
        match fuse::matching(&loss.loss, shape, target.shape) {
            Ok(predictions) => outputs.push(Output {
                node,
                loss: loss.loss.clone(),
                weight: loss.weight,
                target,
                from,
                predictions,
                write: Write::Overwrite,
            }),
            Err(error) => problems.push(error.at(loss_of(&nodes[node].name, &loss.loss))),
        }
    }
    outputs
}

/// A loss of a node, in messages.
fn loss_of(node: &str, loss: &Plugin<dyn Loss>) -> String {
    format!("node {node}, loss {}", loss.typetag_name())
}

/// Problems of the form: what is given and how much of it.
fn check_form(spec: &NetworkSpec, inputs: &[Port], targets: &[Port]) -> Vec<ShapeError> {
    let mut problems = Vec::new();
    let mut expect = |ok: bool, at: &str, expected: &str, found: String| {
        if !ok {
            problems.push(ShapeError::new(expected, found).at(at));
        }
    };
    let (layers, nodes) = (spec.layers.len(), spec.nodes.len());
    let found = format!("{layers} layers and {nodes} nodes");
    expect((layers == 0) != (nodes == 0), "network", "either layers or nodes", found);
    let both = spec.loss.is_some() && !spec.losses.is_empty();
    expect(!both, "network", "either loss or losses", "both".into());
    let found = inputs.len().to_string();
    expect(!inputs.is_empty() && inputs.len() <= PORTS, "data", "1 to 16 inputs", found.clone());
    let chain = layers == 0 || inputs.len() == 1;
    expect(chain, "network.layers", "one input for a chain (nodes take several)", found);
    expect(targets.len() <= PORTS, "data", "at most 16 targets", targets.len().to_string());
    for port in inputs.iter().chain(targets) {
        expect(port.shape.features > 0, &port.name, "at least one feature", "none".into());
    }
    problems
}

/// The node each loss judges, where it can be found.
fn ends(
    losses: &[LossSpec],
    nodes: &[NodeSpec],
    problems: &mut Vec<ShapeError>,
) -> Vec<Option<usize>> {
    let names = || nodes.iter().map(|n| n.name.as_str()).collect::<Vec<_>>().join(", ");
    losses
        .iter()
        .map(|loss| {
            let end = nodes.iter().position(|n| n.name == loss.output);
            if end.is_none() && !nodes.is_empty() {
                let expected = format!("one of {}", names());
                let error = ShapeError::new(expected, format!("{:?}", loss.output));
                problems.push(error.at("network.losses, output"));
            }
            if !(loss.weight > 0.0 && loss.weight.is_finite()) {
                let error = ShapeError::new("a weight above 0", loss.weight);
                problems.push(error.at("network.losses"));
            }
            end
        })
        .collect()
}

/// What each loss compares with, where it can be found.
fn compare(
    losses: &[LossSpec],
    nodes: &[NodeSpec],
    (inputs, targets): (&[Port], &[Port]),
    problems: &mut Vec<ShapeError>,
) -> Vec<Option<Target>> {
    let of_data = losses.iter().filter(|loss| loss.of_data()).count();
    if of_data > targets.len() {
        let (expected, found) = (format!("{} losses, one per target", targets.len()), of_data);
        problems.push(ShapeError::new(expected, found).at("network"));
    }
    let mut next = 0..targets.len();
    let mut find = |loss: &LossSpec| {
        let (name, found, names): (_, _, Vec<&str>) = match &loss.target {
            None if !loss.loss.supervised() => return Some(Target::Nothing),
            None => return next.next().map(Target::Data),
            Some(TargetSpec::Input(name)) => {
                let only = name == INPUT && inputs.len() == 1;
                let found = inputs.iter().position(|port| only || port.name == *name);
                let names = inputs.iter().map(|port| port.name.as_str()).collect();
                (name, found.map(Target::Input), names)
            }
            Some(TargetSpec::Node(name)) => {
                let found = nodes.iter().position(|node| node.name == *name);
                let names = nodes.iter().map(|node| node.name.as_str()).collect();
                (name, found.map(Target::Node), names)
            }
        };
        if found.is_none() {
            let error =
                ShapeError::new(format!("one of {}", names.join(", ")), format!("{name:?}"));
            problems.push(error.at("network.losses, target"));
        }
        found
    };
    losses.iter().map(&mut find).collect()
}

/// A node whose shapes and wiring are still unknown.
fn bare(spec: &NodeSpec, sources: Vec<Origin>) -> Node {
    Node {
        name: spec.name.clone(),
        stream: Stream::new(0, "node").named(&spec.name),
        layer: Plugin::clone(&spec.layer),
        sources,
        inputs: Vec::new(),
        shape: Shape::vector(0),
        facts: spec.layer.facts(),
        views: Vec::new(),
        edges: Vec::new(),
        trains: false,
        judged: false,
        term: spec.layer.term(),
        carry: 0,
        noise: Vec::new(),
        completes: Vec::new(),
    }
}

/// Replaces layers that end in the link of the loss above them.
fn fuse_links(
    nodes: &mut [Node],
    losses: &[LossSpec],
    (ends, compared): (&[usize], &[Target]),
    problems: &mut Vec<ShapeError>,
) {
    for (loss, &end) in losses.iter().zip(ends) {
        let readers = nodes.iter().flat_map(|n| &n.sources).filter(|s| **s == Origin::Node(end));
        let judges = ends.iter().filter(|e| **e == end);
        let students = compared.iter().filter(|target| **target == Target::Node(end));
        let alone = readers.count() + judges.count() + students.count() == 1;
        let node = &mut nodes[end];
        match fuse::fuse(&loss.loss, &node.layer, &node.facts, alone) {
            Ok(None) => {}
            Ok(Some(linear)) => {
                node.facts = linear.facts();
                node.layer = linear;
            }
            Err(error) => problems.push(error.at(loss_of(&node.name, &loss.loss))),
        }
    }
}

/// Asks every layer for its output; a node behind a problem stays unknown and is not reported too.
fn infer_shapes(
    nodes: &mut [Node],
    inputs: &[Port],
    problems: &mut Vec<ShapeError>,
) -> Vec<Option<Shape>> {
    let mut known: Vec<Option<Shape>> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let shape = |s: &Origin| match *s {
            Origin::Input(i) => Some(inputs[i].shape),
            Origin::Node(j) => known[j],
        };
        let Some(shapes) = node.sources.iter().map(shape).collect::<Option<Vec<_>>>() else {
            known.push(None);
            continue;
        };
        let output = node.layer.output(&shapes).and_then(|shape| match shape {
            Shape { features: 0, .. } => {
                Err(ShapeError::new("at least one output feature", "none"))
            }
            // What a node computes is numbers: signals between nodes hold nothing else.
            Shape { indices: true, .. } => Err(ShapeError::new("numbers as the output", shape)),
            _ => Ok(shape),
        });
        node.inputs = shapes;
        match output {
            Ok(shape) => {
                node.shape = shape;
                node.carry = node.layer.carry(&node.inputs);
                known.push(Some(shape));
            }
            Err(error) => {
                problems.push(error.at(format!("node {}", node.name)));
                known.push(None);
            }
        }
    }
    known
}

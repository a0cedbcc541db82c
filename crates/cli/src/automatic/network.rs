//! The automatic network: fully connected layers, and an output with its loss for each target.

use super::kind::Kind;
use std::collections::BTreeSet;
use tanren_layers::{Dense, HeNormal, Relu};
use tanren_losses::{BinaryCrossEntropy, CrossEntropy, Mse};
use tanren_network::{LossSpec, NetworkSpec, NodeSpec};
use tanren_plugin::{Field, Layer, Loss, Plugin};

/// A network with its losses, and a short description of its layers.
pub(super) fn network(
    (targets, kinds): (&[Field], &[Kind]),
    hidden: &[usize],
) -> (NetworkSpec, String) {
    let layers = hidden.iter().map(|&units| -> Plugin<dyn Layer> {
        Dense::new(units).activation(Relu {}).init(HeNormal {}).into()
    });
    let output = |target: &Field| Dense::new(target.spec.shape.features);
    let widths = hidden.iter().chain(targets.iter().map(|target| &target.spec.shape.features));
    let widths: Vec<String> = widths.map(usize::to_string).collect();
    if let ([target], [kind]) = (targets, kinds) {
        let layers = layers.chain([output(target).into()]);
        let network = NetworkSpec::chain(layers).loss(loss(*kind));
        return (network, format!("dense {}, relu", widths.join("-")));
    }
    let mut last = "input".to_owned();
    let mut nodes = Vec::new();
    for (k, layer) in layers.enumerate() {
        let name = format!("dense-{}", k + 1);
        nodes.push(NodeSpec::new(&name, &[&last], layer));
        last = name;
    }
    let names = names(targets, nodes.iter().map(|node| node.name.clone()));
    let mut losses = Vec::new();
    for ((target, kind), name) in targets.iter().zip(kinds).zip(&names) {
        nodes.push(NodeSpec::new(name, &[&last], output(target)));
        losses.push(LossSpec::new(name, loss(*kind)));
    }
    let network = NetworkSpec { losses, ..NetworkSpec::graph(nodes) };
    let (hidden, outputs) = widths.split_at(hidden.len());
    let shown = if targets.len() > SHOWN { targets.len().to_string() } else { outputs.join("+") };
    (network, format!("dense {}, relu; outputs {shown}", hidden.join("-")))
}

/// With more targets than this, a description has their number alone.
const SHOWN: usize = 5;

/// What judges the output for a target.
fn loss(kind: Kind) -> Plugin<dyn Loss> {
    match kind {
        Kind::Class | Kind::Shares => CrossEntropy::default().into(),
        Kind::Answers => BinaryCrossEntropy::default().into(),
        Kind::Number => Mse {}.into(),
    }
}

/// A node for each target, called as the target is, as far as the name of a node can be that.
fn names(targets: &[Field], taken: impl Iterator<Item = String>) -> Vec<String> {
    let mut taken: BTreeSet<String> = taken.chain(["input", "inputs"].map(String::from)).collect();
    let mut names = Vec::new();
    for target in targets {
        let plain: String = target.spec.name.replace(['.', '*', '/'], "-");
        let plain = if plain.is_empty() { "target".to_owned() } else { plain };
        let mut name = plain.clone();
        let mut more = 2_usize;
        while !taken.insert(name.clone()) {
            name = format!("{plain}-{more}");
            more += 1;
        }
        names.push(name);
    }
    names
}

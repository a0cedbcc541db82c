//! `NetworkSpec`: what a network is, as a recipe says it.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Aimed, Checked, Constraint, Kind, Layer, Loss, Penalty, Plugin, Select, WeightNoise,
};

/// A network: a chain of layers, or a graph of nodes, with what is minimised.
///
/// Exactly one of `layers` and `nodes` is given, and at most one of `loss` and `losses`.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct NetworkSpec {
    /// A chain, the short form: each layer takes the output of the one before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<Plugin<dyn Layer>>,
    /// A directed acyclic graph, in any order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nodes: Vec<NodeSpec>,
    /// The loss of the last node, the short form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loss: Option<Plugin<dyn Loss>>,
    /// Several losses, each on a node of its own choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub losses: Vec<LossSpec>,
    /// Terms of the objective that depend on the parameters alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub penalties: Vec<Aimed<dyn Penalty>>,
    /// Sets the parameters are kept in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<Aimed<dyn Constraint>>,
    /// Disturbances of weights in training.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub noise: Vec<Aimed<dyn WeightNoise>>,
    /// What keeps its values in training.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[setting(kind = selections)]
    pub freeze: Vec<Select>,
}

/// How a list of selections is written.
fn selections() -> Kind {
    Kind::List(Box::new(Select::written()))
}

/// One node of a graph.
#[derive(Clone, Debug, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct NodeSpec {
    /// Its name, unique in the network. No dots: files use them to separate node and block. No
    /// stars: in an aim they stand for any characters.
    pub name: String,
    /// The nodes or network inputs it takes, in order. `"input"` is the only input's second name.
    pub inputs: Vec<String>,
    /// The layer.
    pub layer: Plugin<dyn Layer>,
    /// Whether all its parameters keep their values: the short form of a network's `freeze`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub freeze: bool,
    /// A disturbance of its weights in training: the short form of a network's `noise`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<Plugin<dyn WeightNoise>>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde wants a reference
const fn is_false(value: &bool) -> bool {
    !*value
}

/// One of several losses.
#[derive(Clone, Debug, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct LossSpec {
    /// The node it judges.
    pub output: String,
    /// The loss.
    pub loss: Plugin<dyn Loss>,
    /// What it compares with. Without one, a target of the data: the first such loss has the first
    /// target, and so on; a loss that compares with nothing has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<TargetSpec>,
    /// What it counts in the sum.
    #[serde(default = "one")]
    pub weight: f64,
}

/// A target that is not one of the data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum TargetSpec {
    /// An input of the network, by name: for autoencoders.
    Input(String),
    /// The output of a node, by name: for distillation. No gradient flows into it.
    Node(String),
}

impl LossSpec {
    /// A loss of the node `output`, against a target of the data.
    pub fn new(output: &str, loss: impl Into<Plugin<dyn Loss>>) -> Self {
        Self { output: output.to_owned(), loss: loss.into(), target: None, weight: one() }
    }

    /// The same loss against another target.
    #[must_use]
    pub fn against(self, target: TargetSpec) -> Self {
        Self { target: Some(target), ..self }
    }

    /// Whether it compares with a target of the data.
    #[must_use]
    pub fn of_data(&self) -> bool {
        self.target.is_none() && self.loss.supervised()
    }
}

const fn one() -> f64 {
    1.0
}

impl NetworkSpec {
    /// A chain of layers.
    pub fn chain(layers: impl IntoIterator<Item = Plugin<dyn Layer>>) -> Self {
        Self { layers: layers.into_iter().collect(), ..Self::default() }
    }

    /// A graph of nodes.
    pub fn graph(nodes: impl IntoIterator<Item = NodeSpec>) -> Self {
        Self { nodes: nodes.into_iter().collect(), ..Self::default() }
    }

    /// The same network with one loss, on its last node.
    #[must_use]
    pub fn loss(mut self, loss: impl Into<Plugin<dyn Loss>>) -> Self {
        self.loss = Some(loss.into());
        self
    }

    /// The same network with one more penalty: `L2::default()` for all weights, or
    /// `L2::default().on("dense-1")`.
    #[must_use]
    pub fn penalty(mut self, penalty: impl Into<Aimed<dyn Penalty>>) -> Self {
        self.penalties.push(penalty.into());
        self
    }

    /// The same network with one more constraint.
    #[must_use]
    pub fn constraint(mut self, constraint: impl Into<Aimed<dyn Constraint>>) -> Self {
        self.constraints.push(constraint.into());
        self
    }

    /// The same network with one more disturbance of weights.
    #[must_use]
    pub fn noise(mut self, noise: impl Into<Aimed<dyn WeightNoise>>) -> Self {
        self.noise.push(noise.into());
        self
    }

    /// The same network with more blocks that keep their values.
    #[must_use]
    pub fn freeze(mut self, blocks: impl Into<Select>) -> Self {
        self.freeze.push(blocks.into());
        self
    }

    /// The nodes, with a chain written out: a layer of type `dense` becomes `dense-1`, `dense-2` ….
    #[must_use]
    pub fn to_nodes(&self, first_input: &str) -> Vec<NodeSpec> {
        let mut nodes = self.nodes.clone();
        let mut previous = first_input.to_owned();
        for (i, layer) in self.layers.iter().enumerate() {
            let kind = layer.typetag_name();
            let same = |other: &&Plugin<dyn Layer>| other.typetag_name() == kind;
            let name = format!("{kind}-{}", self.layers[..=i].iter().filter(same).count());
            let inputs = vec![std::mem::replace(&mut previous, name.clone())];
            nodes.push(NodeSpec { name, inputs, layer: layer.clone(), freeze: false, noise: None });
        }
        nodes
    }

    /// The losses, with the short form written out on the node named `last`.
    #[must_use]
    pub fn to_losses(&self, last: &str) -> Vec<LossSpec> {
        let short = self.loss.iter().map(|loss| LossSpec {
            output: last.to_owned(),
            loss: loss.clone(),
            target: None,
            weight: 1.0,
        });
        short.chain(self.losses.iter().cloned()).collect()
    }
}

impl NodeSpec {
    /// A node that takes the outputs of `inputs`.
    pub fn new(name: &str, inputs: &[&str], layer: impl Into<Plugin<dyn Layer>>) -> Self {
        let inputs = inputs.iter().map(|&i| i.to_owned()).collect();
        Self { name: name.to_owned(), inputs, layer: layer.into(), freeze: false, noise: None }
    }

    /// The same node with its parameters kept as they are.
    #[must_use]
    pub fn frozen(mut self) -> Self {
        self.freeze = true;
        self
    }
}

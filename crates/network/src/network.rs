//! `Network`: an assembled graph. Immutable; parameters and memory are elsewhere.

use crate::Prepared;
use tanren_plugin::{Block, BlockView, Edge, Facts, Layer, Layout, Loss, Plugin, WeightNoise};
use tanren_tensor::{Extent, Real, Shape, Stream, Write};

/// An input or a target of a network: a name and the shape of one example.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its name.
    pub name: String,
    /// What one example looks like.
    pub shape: Shape,
}

impl Port {
    /// A named shape.
    pub fn new(name: impl Into<String>, shape: Shape) -> Self {
        Self { name: name.into(), shape }
    }
}

/// Where a node takes an input from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A network input, by position.
    Input(usize),
    /// An earlier node, by position.
    Node(usize),
}

/// An assembled node.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// The stream of its random numbers, to be [keyed](tanren_plugin::Seed::key) with the seed of a run.
    pub(crate) stream: Stream,
    /// What it computes.
    pub layer: Plugin<dyn Layer>,
    /// Where its inputs come from.
    pub sources: Vec<Origin>,
    /// The shapes of its inputs.
    pub inputs: Vec<Shape>,
    /// The shape of its output.
    pub shape: Shape,
    /// What others may know about its output.
    pub facts: Facts,
    /// How it sees its blocks.
    pub views: Vec<BlockView>,
    /// Where the gradients of its inputs go.
    pub edges: Vec<Edge>,
    /// Whether a gradient reaches something trainable through it.
    pub trains: bool,
    /// Whether a loss or a later node writes the gradient of its output. Otherwise that is zero.
    pub judged: bool,
    /// What its own term of the objective counts.
    pub term: Option<f64>,
    /// Numbers carried from segment to segment, per example.
    pub carry: usize,
    /// What disturbs its weights in training, view by view, in this order.
    pub noise: Vec<Vec<Plugin<dyn WeightNoise>>>,
    /// Trainable blocks that are no longer needed once this node's backward pass is done.
    pub completes: Vec<usize>,
}

/// What a loss compares with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A target of the data, by position.
    Data(usize),
    /// An input of the network, by position.
    Input(usize),
    /// The output of a node, by position.
    Node(usize),
    /// Nothing: the loss judges the output by itself.
    Nothing,
}

/// A loss and the node it judges.
#[derive(Clone, Debug)]
pub struct Output {
    /// Position of the node.
    pub node: usize,
    /// What is minimised.
    pub loss: Plugin<dyn Loss>,
    /// What it counts in the sum.
    pub weight: f64,
    /// The name and shape of what it is compared with.
    pub target: Port,
    /// Where that comes from.
    pub from: Target,
    /// Features of a prediction.
    pub predictions: usize,
    /// Whether an earlier loss already wrote the node's gradient.
    pub write: Write,
}

impl Output {
    /// The shape of a prediction.
    #[must_use]
    pub const fn prediction_shape(&self, node: &Node) -> Shape {
        node.shape.with_features(self.predictions)
    }
}

/// An assembled network: nodes in the order of computation, and the map of its parameters.
#[derive(Clone, Debug)]
pub struct Network {
    pub(crate) inputs: Vec<Port>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) outputs: Vec<Output>,
    pub(crate) layout: Layout,
}

impl Node {
    /// Whether anything disturbs its weights in training.
    #[must_use]
    pub fn noisy(&self) -> bool {
        self.noise.iter().any(|noise| !noise.is_empty())
    }
}

impl Network {
    /// Whether training computes the same function of the parameters at every clock: nothing disturbs
    /// signals or weights, and no penalty follows a schedule.
    #[must_use]
    pub fn steady(&self) -> bool {
        let node = |n: &Node| !n.noisy() && !n.facts.disturbs && n.term.is_none();
        let constant = |block: &Block| block.penalties.iter().all(|penalty| !penalty.varies());
        self.nodes.iter().all(node) && self.layout.blocks().iter().all(constant)
    }

    /// Why the network must see whole sequences, if it must: its node, and the reason. Any other may be trained
    /// and run on segments of sequences, one after the other.
    #[must_use]
    pub fn whole_sequences(&self) -> Option<(&str, &'static str)> {
        let layer = |node: &&Node| node.layer.whole_sequences().is_some();
        if let Some(node) = self.nodes.iter().find(layer) {
            return Some((&node.name, node.layer.whole_sequences()?));
        }
        let judged = self.judged().map(|node| &self.nodes[node]);
        let node = judged.into_iter().find(|node| !node.shape.sequence)?;
        Some((&node.name, "it has one output for a row, and not one for each step"))
    }

    /// The inputs, in order.
    #[must_use]
    pub fn inputs(&self) -> &[Port] {
        &self.inputs
    }

    /// The nodes, each after those it takes from.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The losses, in the order of the targets.
    #[must_use]
    pub fn outputs(&self) -> &[Output] {
        &self.outputs
    }

    /// Columns that `output` has for one row of data: the steps of its sequence, or 1.
    #[must_use]
    pub fn columns<T: Real>(&self, output: &Output, data: &Prepared<T>, row: usize) -> usize {
        if self.nodes[output.node].shape.sequence { data.steps(row) } else { 1 }
    }

    /// The nodes with a term of their own in the objective, by position, and what it counts.
    pub fn terms(&self) -> impl Iterator<Item = (usize, f64)> {
        self.nodes.iter().enumerate().filter_map(|(i, node)| Some((i, node.term?)))
    }

    /// The map of the flat parameter vector.
    #[must_use]
    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Whether loss and penalties have continuous derivatives everywhere.
    #[must_use]
    pub fn smooth(&self) -> bool {
        self.nodes.iter().all(|n| n.facts.smooth)
            && self.outputs.iter().all(|o| o.loss.smooth())
            && self.layout.blocks().iter().flat_map(|b| &b.penalties).all(|p| p.smooth())
    }

    /// Numbers a training pass over such a batch keeps: signals, their gradients, tapes, scratch.
    #[must_use]
    pub fn memory(&self, extent: Extent) -> usize {
        let node = |n: &Node| {
            let tape = n.layer.memory(&n.inputs, extent).tape;
            n.shape.features.saturating_mul(2 * extent.columns(n.shape)).saturating_add(tape)
        };
        let nodes = self.nodes.iter().map(node).fold(0, usize::saturating_add);
        nodes.saturating_add(self.scratch(extent))
    }

    /// The largest scratch any node wants for such a batch.
    fn scratch(&self, extent: Extent) -> usize {
        self.nodes.iter().map(|n| n.layer.memory(&n.inputs, extent).scratch).max().unwrap_or(0)
    }

    /// Whether a node uses a block of this network, or of the same one in another phase.
    #[must_use]
    pub fn uses(&self, node: usize, block: &Block) -> bool {
        let same = |other: &Block| (&other.node, &other.name) == (&block.node, &block.name);
        self.nodes[node].views.iter().any(|view| same(&self.layout.blocks()[view.block]))
    }
}

//! `ModelSpec::with_head`: the network of a model with another end, for other targets.

use crate::network::Origin;
use crate::{AssemblyError, LossSpec, ModelSpec, Network, NetworkSpec, NodeSpec};
use tanren_plugin::{Layer, Loss, Plugin, Select};
use tanren_tensor::ShapeError;

/// A new end of a network: a layer that computes an output, and the loss that judges it.
#[derive(Clone, Debug)]
pub struct Head {
    /// The name of its node. Without one, that of the node it takes the place of.
    pub name: Option<String>,
    /// The layer.
    pub layer: Plugin<dyn Layer>,
    /// The loss.
    pub loss: Plugin<dyn Loss>,
}

impl Head {
    /// A layer and the loss that judges its output.
    pub fn new(layer: impl Into<Plugin<dyn Layer>>, loss: impl Into<Plugin<dyn Loss>>) -> Self {
        Self { name: None, layer: layer.into(), loss: loss.into() }
    }

    /// The same end as a node of this name.
    #[must_use]
    pub fn named(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }
}

/// A network whose end was replaced.
#[derive(Clone, Debug)]
pub struct WithHead {
    /// The network.
    pub network: NetworkSpec,
    /// The nodes with parameters that were kept.
    pub body: Vec<String>,
}

impl WithHead {
    /// The network in which the body keeps its values.
    #[must_use]
    pub fn frozen(self) -> NetworkSpec {
        self.network.freeze(Select::default().nodes(self.body))
    }
}

/// The second name of a network's only input.
const INPUT: &str = "input";

impl ModelSpec {
    /// The network with `heads` in place of what computed its outputs: for each output the last layer
    /// with parameters, and all layers after it. The heads, one for each of the new targets, take what
    /// the first of those layers took. What leads to none of them is left out, and nothing is frozen.
    /// Penalties, constraints and noises stay as they are.
    ///
    /// A chain stays a chain, with one head that has no name.
    ///
    /// # Errors
    /// When the network does not fit together, has no output, or no layer with parameters before the
    /// end.
    ///
    /// ```
    /// use tanren_layers::{Dense, Relu};
    /// use tanren_losses::{CrossEntropy, Mse};
    /// use tanren_network::{Head, ModelSpec, NetworkSpec, PortSpec};
    /// use tanren_plugin::{Feature, Field};
    ///
    /// let features = ["width", "height"].map(Feature::number).to_vec();
    /// let inputs = Field::numbers("inputs", features, Vec::new());
    /// let kind = Field::classes("kind", vec!["a".into(), "b".into()], Vec::new());
    /// let network = NetworkSpec::chain([
    ///     Dense::new(8).activation(Relu {}).into(),
    ///     Dense::new(2).into(),
    /// ])
    /// .loss(CrossEntropy::default());
    /// let old = ModelSpec { network, inputs: vec![PortSpec::of(&inputs)], targets: vec![PortSpec::of(&kind)] };
    ///
    /// let new = old.with_head(vec![Head::new(Dense::new(1), Mse {})])?; // for one number
    /// assert_eq!(new.body, ["dense-1"]);
    /// assert_eq!(new.network.layers.len(), 2);
    /// let frozen = new.frozen(); // only the new layer learns
    /// # assert_eq!(frozen.freeze.len(), 1);
    /// # Ok::<(), tanren_network::AssemblyError>(())
    /// ```
    pub fn with_head(&self, heads: Vec<Head>) -> Result<WithHead, AssemblyError> {
        let network = self.assemble()?;
        let error = |expected: &str, found: &str| AssemblyError {
            problems: vec![ShapeError::new(expected, found).at("network")],
        };
        let Some(output) = network.outputs().first() else {
            return Err(error("a network with an output that a loss judges", "none"));
        };
        let (end, from) = end(&network, output.node);
        let Origin::Node(last) = from else {
            return Err(error("a layer with parameters before the last one", "no such layer"));
        };
        let kept = before(&network, last);
        let name = |node: usize| network.nodes()[node].name.as_str();
        let trained = |node: &usize| !network.nodes()[*node].views.is_empty();
        let body = kept.iter().filter(|node| trained(node)).map(|&node| name(node).to_owned());
        let body: Vec<String> = body.collect();
        if body.is_empty() {
            return Err(error("a layer with parameters before the last one", "no such layer"));
        }
        let old = &self.network;
        let mut new = NetworkSpec {
            layers: Vec::new(),
            nodes: Vec::new(),
            loss: None,
            losses: Vec::new(),
            freeze: Vec::new(),
            ..old.clone()
        };
        if let ([Head { name: None, layer, loss }], false) = (&heads[..], old.layers.is_empty()) {
            new.layers = old.layers[..kept.len()].to_vec();
            new.layers.push(layer.clone());
            new.loss = Some(loss.clone());
            return Ok(WithHead { network: new, body });
        }
        let input = self.inputs.first().map_or(INPUT, |port| port.field.name.as_str());
        let is_kept = |node: &NodeSpec| kept.iter().any(|&kept| name(kept) == node.name);
        for mut node in old.to_nodes(input).into_iter().filter(is_kept) {
            node.freeze = false;
            if self.inputs.len() == 1 {
                // The input of other data may be called otherwise.
                let inputs = node.inputs.iter_mut().filter(|name| *name == input);
                inputs.for_each(|name| INPUT.clone_into(name));
            }
            new.nodes.push(node);
        }
        for Head { name: given, layer, loss } in heads {
            let head = given.unwrap_or_else(|| match kept.contains(&end) {
                true => free(name(end), &network), // what is judged stays
                false => name(end).to_owned(),
            });
            new.nodes.push(NodeSpec::new(&head, &[name(last)], layer));
            new.losses.push(LossSpec::new(&head, loss));
        }
        Ok(WithHead { network: new, body })
    }
}

/// A name that no node of a network has, made from this one.
fn free(name: &str, network: &Network) -> String {
    let taken = |name: &String| network.nodes().iter().any(|node| node.name == *name);
    let mut names = (2_usize..).map(|n| format!("{name}-{n}"));
    names.find(|name| !taken(name)).unwrap_or_default()
}

/// The last node with parameters on the way to an output, and where it takes its input from. Where the
/// way parts before there is one, what is judged stays, and the end comes after it.
fn end(network: &Network, output: usize) -> (usize, Origin) {
    let mut at = output;
    loop {
        let node = &network.nodes()[at];
        match (&node.sources[..], node.views.is_empty()) {
            ([from], false) => return (at, *from),
            (&[Origin::Node(before)], true) => at = before,
            (from @ [Origin::Input(_)], true) => return (at, from[0]),
            _ => return (output, Origin::Node(at)),
        }
    }
}

/// A node and all nodes it depends on, in the order of computation.
fn before(network: &Network, last: usize) -> Vec<usize> {
    let nodes = network.nodes();
    let mut reached = vec![false; nodes.len()];
    reached[last] = true;
    for at in (0..=last).rev().filter(|&at| at < nodes.len()) {
        if reached[at] {
            for source in &nodes[at].sources {
                if let Origin::Node(before) = *source {
                    reached[before] = true;
                }
            }
        }
    }
    (0..nodes.len()).filter(|&at| reached[at]).collect()
}

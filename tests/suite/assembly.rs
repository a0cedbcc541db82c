//! Assembly reports every mistake at once, with node, expected and found.

use serde::{Deserialize, Serialize};
use tanren::layers::{ActivationLayer, Softmax};
use tanren::network::{LossSpec, Network, NetworkSpec, Port};
use tanren::plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Loss};
use tanren::prelude::*;
use tanren::tensor::{Real, Shape, ShapeError};

fn ports() -> (Vec<Port>, Vec<Port>) {
    (vec![Port::new("x", Shape::vector(4))], vec![Port::new("y", Shape::index(3))])
}

fn problems(spec: &NetworkSpec) -> Vec<String> {
    let (inputs, targets) = ports();
    match Network::assemble(spec, &inputs, &targets) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn all_shape_errors_come_at_once() {
    let spec = NetworkSpec::graph([
        NodeSpec::new("a", &["x"], Dense::new(5)),
        NodeSpec::new("b", &["x"], Dense::new(6)),
        NodeSpec::new("none", &["a"], Dense::new(0)),
        NodeSpec::new("sum", &["a", "b"], Add {}),
        NodeSpec::new("end", &["sum", "none"], Concatenate {}),
        NodeSpec::new("odd", &["a"], Dense::new(7)),
    ]);
    let mut spec = spec;
    spec.losses = vec![LossSpec::new("odd", CrossEntropy::default()), LossSpec::new("end", Mse {})];
    let inputs = [Port::new("x", Shape::vector(4))];
    let targets = [Port::new("y", Shape::index(3)), Port::new("z", Shape::vector(2))];
    let error = Network::assemble(&spec, &inputs, &targets).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.problems.len(), 3, "{text}");
    for expected in
        ["node none: ", "node sum, input 1: ", "node odd, loss cross-entropy: expected 3 features"]
    {
        assert!(text.contains(expected), "{expected:?} not in: {text}");
    }
}

#[test]
fn names_and_cycles_are_checked() {
    let spec = NetworkSpec::graph([
        NodeSpec::new("a", &["b"], Dense::new(3)),
        NodeSpec::new("b", &["a"], Dense::new(3)),
        NodeSpec::new("c.d", &["x", "nobody"], Add {}),
        NodeSpec::new("a", &["x"], Dense::new(3)),
    ]);
    let text = problems(&spec.loss(CrossEntropy::default())).join("\n");
    for expected in ["a cycle among or before a, b", "without dots", "\"nobody\"", "a unique name"]
    {
        assert!(text.contains(expected), "{expected:?} not in: {text}");
    }
}

#[test]
fn a_dead_end_is_no_part_of_a_network() {
    let spec = NetworkSpec::graph([
        NodeSpec::new("forgotten", &["x"], Dense::new(3)),
        NodeSpec::new("end", &["x"], Dense::new(3)),
    ]);
    let text = problems(&spec.loss(CrossEntropy::default())).join("\n");
    assert!(text.contains("node forgotten: expected a node that a loss depends on"), "{text}");
}

#[test]
fn illegal_pairs_are_refused() {
    let chain = |end: Dense, loss: Plugin<dyn Loss>| NetworkSpec::chain([end.into()]).loss(loss);
    let ends_in = |end: Dense| chain(end, CrossEntropy::default().into());
    assert!(problems(&ends_in(Dense::new(3))).is_empty());
    let text = problems(&ends_in(Dense::new(3).activation(Relu {}))).join("\n");
    assert!(text.contains("a linear output, because cross-entropy"), "{text}");
    let text = problems(&ends_in(Dense::new(3).activation(Sigmoid {}))).join("\n");
    assert!(text.contains("outputs between 0 and 1"), "{text}");
    let text = problems(&ends_in(Dense::new(4))).join("\n");
    assert!(text.contains("loss cross-entropy: expected 3 features, for an index"), "{text}");
    let text = problems(&chain(Dense::new(3), Mse {}.into())).join("\n");
    assert!(text.contains("dense-1"), "{text}");
    let text = problems(&chain(Dense::new(3), BinaryCrossEntropy::default().into())).join("\n");
    assert_eq!(
        text,
        "node dense-1, loss binary-cross-entropy: expected two classes as the target (cross-entropy \
         takes more), found an index below 3"
    );
}

/// Of several losses the one that refuses is named, whatever it says itself.
#[test]
fn a_loss_that_refuses_is_named() {
    let spec = NetworkSpec::chain([Dense::new(3).into(), Dense::new(3).into()]);
    let losses =
        vec![LossSpec::new("dense-1", CrossEntropy::default()), LossSpec::new("dense-2", Mse {})];
    let targets = [Port::new("y", Shape::index(3)), Port::new("z", Shape::index(3))];
    let spec = NetworkSpec { losses, ..spec };
    let error = Network::assemble(&spec, &ports().0, &targets).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("node dense-2, loss mse: expected numbers"), "{text}");
    assert!(!text.contains("loss cross-entropy"), "{text}");
}

/// A layer that says it computes indices, which no signal between nodes can hold.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Largest {}

impl Checked for Largest {}

#[typetag::serde(name = "acme/largest")]
impl Layer for Largest {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(Shape::index(inputs[0].features))
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Largest {
    fn forward(&self, _: Forward<'_, T>) {
        unreachable!("the network is refused");
    }
    fn backward(&self, _: Backward<'_, T>) {
        unreachable!("the network is refused");
    }
}

#[test]
fn a_layer_cannot_compute_indices() {
    let spec = NetworkSpec::chain([Dense::new(3).into(), Largest {}.into(), Dense::new(3).into()]);
    let text = problems(&spec.loss(CrossEntropy::default())).join("\n");
    assert_eq!(text, "node acme/largest-1: expected numbers as the output, found an index below 3");
}

/// An explicit link before the loss that owns it is recognised through `Facts` and fused: the
/// network is the one without it.
#[test]
fn an_explicit_link_is_fused() {
    let (inputs, targets) = ports();
    let explicit = NetworkSpec::chain([Dense::new(3).into(), Softmax {}.into()]);
    let network =
        Network::assemble(&explicit.loss(CrossEntropy::default()), &inputs, &targets).unwrap();
    assert!(network.nodes()[1].facts.unbounded());

    let binary = [Port::new("y", Shape::vector(3))];
    for end in [
        vec![Dense::new(3).activation(Sigmoid {}).into()],
        vec![Dense::new(3).into(), ActivationLayer::new(Sigmoid {}).into()],
    ] {
        let spec = NetworkSpec::chain(end).loss(BinaryCrossEntropy::default());
        let network = Network::assemble(&spec, &inputs, &binary).unwrap();
        assert!(network.nodes().last().unwrap().facts.unbounded());
    }
}

#[test]
fn frozen_nodes_lie_behind_the_trained_ones() {
    let spec = NetworkSpec::graph([
        NodeSpec::new("still", &["x"], Dense::new(5)).frozen(),
        NodeSpec::new("end", &["still"], Dense::new(3)),
    ]);
    let (inputs, targets) = ports();
    let network =
        Network::assemble(&spec.loss(CrossEntropy::default()), &inputs, &targets).unwrap();
    let layout = network.layout();
    assert_eq!((layout.trainable(), layout.len()), (3 * 5 + 3, 3 * 5 + 3 + 5 * 4 + 5));
    assert!(layout.find("still", "weight").unwrap().fixed);
    assert!(!network.nodes()[0].trains);
}

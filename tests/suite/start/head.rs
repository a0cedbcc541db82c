//! The network of a model with another end.

use super::Donor;
use crate::harness::iris;
use tanren::network::{LossSpec, ModelSpec};
use tanren::prelude::*;

/// Iris through a graph: two ways from the input, added, and two outputs.
fn graph() -> ModelSpec {
    let nodes = vec![
        NodeSpec::new("left", &["measurements"], Dense::new(6).activation(Tanh {})).frozen(),
        NodeSpec::new("right", &["input"], Dense::new(6).activation(Relu {})),
        NodeSpec::new("sum", &["left", "right"], Add {}),
        NodeSpec::new("class", &["sum"], Dense::new(3)),
        NodeSpec::new("rest", &["left"], Dense::new(4)),
    ];
    let mut recipe = iris(Vec::new(), 1);
    let input = recipe.data.source.open().unwrap().inputs[0].spec.name.clone();
    let mut network = NetworkSpec::graph(nodes);
    network.nodes[0].inputs = vec![input.clone()];
    let again = LossSpec::new("rest", Mse {});
    let again = again.against(tanren::network::TargetSpec::Input(input));
    network.losses = vec![LossSpec::new("class", CrossEntropy::default()), again];
    recipe.network = network;
    recipe.prepare().unwrap().spec
}

#[test]
fn a_chain_stays_a_chain() {
    let donor = Donor::new();
    let new = donor.model.spec().with_head(vec![Head::new(Dense::new(1), Mse {})]).unwrap();
    assert_eq!(new.body, ["dense-1", "dense-2"]);
    assert_eq!((new.network.layers.len(), new.network.nodes.len()), (3, 0));
    assert_eq!(new.network.penalties.len(), 1, "what belongs to the body stays");
    let frozen = new.frozen();
    assert_eq!(frozen.freeze, [Select::default().nodes(["dense-1", "dense-2"])]);
}

/// Layers without parameters behind the last one with parameters belong to the end.
#[test]
fn what_follows_the_last_parameters_goes_too() {
    let mut spec = Donor::new().model.spec().clone();
    spec.network.layers.insert(2, Dropout::drop(0.2).into());
    spec.network.layers.push(tanren::layers::Softmax {}.into());
    spec.network.layers.push(Dropout::drop(0.1).into());
    spec.network.loss = Some(Mse {}.into());
    spec.targets[0].field.shape.indices = false;
    spec.targets[0].field.levels.clear();
    let new = spec.with_head(vec![Head::new(Dense::new(2), Mse {})]).unwrap();
    assert_eq!(new.body, ["dense-1", "dense-2"]);
    let types: Vec<_> = new.network.layers.iter().map(|layer| layer.typetag_name()).collect();
    assert_eq!(types, ["dense", "dense", "dropout", "dense"]);
}

#[test]
fn a_graph_keeps_what_leads_to_the_new_end() {
    let spec = graph();
    let head = || Head::new(Dense::new(2), Mse {});
    let new = spec.with_head(vec![head()]).unwrap();
    let names: Vec<_> = new.network.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["left", "right", "sum", "class"]);
    assert_eq!(new.body, ["left", "right"]);
    assert!(new.network.nodes.iter().all(|node| !node.freeze), "nothing is frozen unasked");
    assert_eq!(new.network.nodes[0].inputs, ["input"], "the input of other data has another name");
    assert_eq!(new.network.losses.len(), 1);

    let two = spec.with_head(vec![head().named("price"), head().named("size")]).unwrap().network;
    let ends: Vec<_> = two.nodes[3..].iter().map(|n| (n.name.as_str(), &*n.inputs[0])).collect();
    assert_eq!(ends, [("price", "sum"), ("size", "sum")]);
    let judged: Vec<_> = two.losses.iter().map(|loss| loss.output.as_str()).collect();
    assert_eq!(judged, ["price", "size"]);
}

/// What is judged may have no parameters of its own and several inputs: it stays, and the end follows.
#[test]
fn what_joins_several_ways_stays() {
    let mut recipe = iris(Vec::new(), 1);
    recipe.network = NetworkSpec::graph(vec![
        NodeSpec::new("left", &["input"], Dense::new(3)),
        NodeSpec::new("right", &["input"], Dense::new(3)),
        NodeSpec::new("class", &["left", "right"], Add {}),
    ])
    .loss(CrossEntropy::default());
    let spec = recipe.prepare().unwrap().spec;
    let new = spec.with_head(vec![Head::new(Dense::new(3), CrossEntropy::default())]).unwrap();
    let names: Vec<_> = new.network.nodes.iter().map(|node| node.name.as_str()).collect();
    assert_eq!(names, ["left", "right", "class", "class-2"]);
    recipe.network = new.network;
    recipe.prepare().unwrap();
}

#[test]
fn a_network_without_a_body_has_none_to_give() {
    let mut recipe = iris(Vec::new(), 1);
    recipe.network.layers.drain(..2);
    for bare in [true, false] {
        if !bare {
            recipe.network.layers.insert(0, Dropout::drop(0.2).into()); // nothing to start from
        }
        let spec = recipe.prepare().unwrap().spec;
        let error = spec.with_head(vec![Head::new(Dense::new(1), Mse {})]).unwrap_err().to_string();
        assert!(error.contains("expected a layer with parameters before the last one"), "{error}");
    }
}

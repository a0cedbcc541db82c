//! Aims: penalties, constraints, noises and freezes for a part of a network, in chains as in
//! graphs. Proves that each works on the blocks it selects and on no others.

use crate::drop_connect::DropNoise;
use crate::harness::{SEED, Toy, same};
use crate::max_norm::MaxNorm;
use crate::spot::Look;
use crate::tied::autoencoder;
use tanren_layers::{Dense, Tanh};
use tanren_losses::{L1, L2, Mse};
use tanren_network::{Network, NetworkSpec, NodeSpec, Port, Runner};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Aimed, Ask, BlockKind, Clock, Objective as _, On as _, Plugin, Select, Updater, WeightNoise,
};
use tanren_tensor::Shape;
use tanren_trainer::TrainingSpec;
use tanren_updaters::{Adam, Scale};

fn toy() -> Toy {
    Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)])
}

fn chain() -> NetworkSpec {
    let hidden = Dense::new(6).activation(Tanh {});
    NetworkSpec::chain([hidden.clone().into(), hidden.into(), Dense::new(2).into()]).loss(Mse {})
}

/// The same network, each layer a node.
fn graph() -> [NodeSpec; 3] {
    let hidden = || Dense::new(6).activation(Tanh {});
    [
        NodeSpec::new("dense-1", &["input"], hidden()),
        NodeSpec::new("dense-2", &["dense-1"], hidden()),
        NodeSpec::new("dense-3", &["dense-2"], Dense::new(2)),
    ]
}

fn training() -> TrainingSpec {
    TrainingSpec::new(LearningRate::constant(0.1))
}

/// The parameters after a few steps, block by block.
fn trained(toy: &Toy, spec: &NetworkSpec) -> Vec<(String, Vec<f64>)> {
    let network = toy.network(spec);
    let parameters = toy.train(&network, &training(), 5).0.parameters;
    let blocks = network.layout().blocks().iter();
    blocks.map(|b| (b.path(), parameters[b.range.clone()].to_vec())).collect()
}

/// Value and gradient of the penalties at the initial parameters, by block.
fn penalties(toy: &Toy, spec: &NetworkSpec) -> (f64, Vec<(String, Vec<f64>)>) {
    let evaluate = |spec: &NetworkSpec| {
        let network = toy.network(spec);
        let parameters: Vec<f64> = network.initialize(SEED);
        let mut runner = Runner::new(&network);
        let mut objective = toy.objective(&network, &mut runner, Clock::default());
        let mut gradient = vec![0.0; parameters.len()];
        let ask = Ask { penalty: true, gradient: Some(&mut gradient) };
        (objective.evaluate(&parameters, ask).penalty.unwrap(), gradient)
    };
    let (value, with) = evaluate(spec);
    let (_, without) = evaluate(&NetworkSpec { penalties: Vec::new(), ..spec.clone() });
    let added: Vec<f64> = with.iter().zip(&without).map(|(a, b)| a - b).collect();
    let network = toy.network(spec);
    let blocks = network.layout().blocks().iter();
    (value, blocks.map(|b| (b.path(), added[b.range.clone()].to_vec())).collect())
}

#[test]
fn a_penalty_on_one_layer() {
    let toy = toy();
    let spec = chain().penalty(L2 { strength: 0.5.into() }.on("dense-2"));
    let network = toy.network(&spec);
    toy.check_gradient(&network);
    let parameters: Vec<f64> = network.initialize(SEED);
    let block = network.layout().find("dense-2", "weight").unwrap();
    let weights = &parameters[block.range.clone()];
    let (value, added) = penalties(&toy, &spec);
    assert!((value - 0.25 * weights.iter().map(|w| w * w).sum::<f64>()).abs() < 1e-12);
    for (path, added) in added {
        let hit = path == "dense-2.weight";
        assert!(!hit || added.iter().zip(weights).all(|(a, w)| (a - 0.5 * w).abs() < 1e-12));
        assert!(hit || added.iter().all(|a| *a == 0.0), "{path}");
    }
}

/// An aim may name what a family leaves alone, and two aims may overlap.
#[test]
fn penalties_by_kind_and_depth() {
    let toy = toy();
    let biases = Select::default().kinds([BlockKind::Bias, BlockKind::Weight]).depth(0, -2);
    let spec = chain()
        .penalty(L2 { strength: 0.1.into() })
        .penalty(L1 { strength: 0.1.into() }.on(biases));
    let network = toy.network(&spec);
    toy.check_gradient(&network);
    let blocks = network.layout().blocks().iter();
    let count: Vec<(String, usize)> = blocks.map(|b| (b.path(), b.penalties.len())).collect();
    let expected = [
        ("dense-1.weight", 2),
        ("dense-1.bias", 1),
        ("dense-2.weight", 2),
        ("dense-2.bias", 1),
        ("dense-3.weight", 1),
        ("dense-3.bias", 0),
    ];
    assert_eq!(count, expected.map(|(path, n)| (path.to_owned(), n)));
}

/// Without an aim nothing has changed: an open aim is no aim.
#[test]
fn an_open_aim_is_none() {
    let toy = toy();
    let plain = chain().penalty(L2 { strength: 0.1.into() });
    let open = chain().penalty(L2 { strength: 0.1.into() }.on(Select::default()));
    let named = chain().penalty(L2 { strength: 0.1.into() }.on("*"));
    assert_eq!(trained(&toy, &plain), trained(&toy, &open));
    assert_eq!(trained(&toy, &plain), trained(&toy, &named));
}

#[test]
fn a_constraint_on_one_layer() {
    let toy = toy();
    let longest = |spec: &NetworkSpec| {
        let blocks = trained(&toy, spec);
        ["dense-1.weight", "dense-2.weight"].map(|path| {
            let (_, w) = blocks.iter().find(|(p, _)| p == path).unwrap();
            let row = |r: usize| w.iter().skip(r).step_by(6).map(|w| w * w).sum::<f64>().sqrt();
            (0..6).map(row).fold(0.0, f64::max)
        })
    };
    let [free, _] = longest(&chain());
    let [one, two] = longest(&chain().constraint(MaxNorm { norm: 0.1 }.on("dense-2")));
    assert!(free > 0.5 && one > 0.5 && two < 0.1 + 1e-12, "{free} {one} {two}");
}

#[test]
fn noise_in_a_chain() {
    let toy = toy();
    let spec = chain().noise(DropNoise { rate: 0.3 }.on("dense-2"));
    let noise: Plugin<dyn WeightNoise> = DropNoise { rate: 0.3 }.into();
    let nodes = graph().map(|node| match node.name.as_str() {
        "dense-2" => NodeSpec { noise: Some(noise.clone()), ..node },
        _ => node,
    });
    assert_eq!(trained(&toy, &spec), trained(&toy, &NetworkSpec::graph(nodes).loss(Mse {})));
    assert_ne!(trained(&toy, &spec), trained(&toy, &chain()));
    let biases = chain().noise(DropNoise { rate: 0.3 }.on(BlockKind::Bias));
    assert_ne!(trained(&toy, &biases), trained(&toy, &chain()));
    let everywhere = chain().noise(DropNoise { rate: 0.3 });
    assert!(toy.network(&everywhere).nodes().iter().all(|node| node.noisy()));
}

/// Two noises of one block have masks of their own, on the way forward as on the way back.
#[test]
fn noises_add_up() {
    let toy = toy();
    let one = chain().noise(DropNoise { rate: 0.3 });
    let two = one.clone().noise(DropNoise { rate: 0.3 }.on("dense-1"));
    let network = toy.network(&two);
    toy.check_gradient(&network);
    assert_eq!(network.nodes()[0].noise[0].len(), 2);
    // With one and the same mask, dropping twice would only scale what is left.
    let kept = |spec: &NetworkSpec| {
        let network = toy.network(spec);
        let parameters: Vec<f64> = network.initialize(SEED);
        let mut runner = Runner::new(&network);
        let mut objective = toy.objective(&network, &mut runner, Clock::default());
        let mut gradient = vec![0.0; parameters.len()];
        objective.evaluate(&parameters, Ask { penalty: false, gradient: Some(&mut gradient) });
        let block = network.layout().find("dense-1", "weight").unwrap();
        gradient[block.range.clone()].iter().filter(|g| **g != 0.0).count()
    };
    assert!(kept(&two) < kept(&one), "{} of {}", kept(&two), kept(&one));
}

#[test]
fn freeze_by_pattern() {
    let toy = toy();
    let start = |spec: &NetworkSpec| -> Vec<f64> { toy.network(spec).initialize(SEED) };
    let pattern = chain().freeze("dense-*").freeze(BlockKind::Bias);
    assert_eq!(toy.network(&pattern).layout().trainable(), 0);
    same(&start(&pattern), &toy.train(&toy.network(&pattern), &training(), 3).0.parameters);

    // A frozen layer of a chain is a frozen node.
    let second = chain().freeze(Select::default().depth(1, 1));
    let nodes = graph().map(|node| if node.name == "dense-2" { node.frozen() } else { node });
    assert_eq!(trained(&toy, &second), trained(&toy, &NetworkSpec::graph(nodes).loss(Mse {})));

    let biases =
        chain().freeze(Select::default().nodes(["dense-1", "*-2"]).kinds([BlockKind::Bias]));
    let network = toy.network(&biases);
    let frozen: Vec<String> =
        network.layout().blocks().iter().filter(|b| b.fixed).map(|b| b.path()).collect();
    assert_eq!(frozen, ["dense-1.bias", "dense-2.bias"]);
    for (path, values) in trained(&toy, &biases) {
        assert_eq!(frozen.contains(&path), values.iter().all(|v| *v == 0.0), "{path}");
    }
}

/// A block belongs to every node that uses it; a noise disturbs what one node sees.
#[test]
fn an_aim_at_a_node_hits_what_it_shares() {
    let (toy, spec) = autoencoder();
    let at = |node: &str| {
        NetworkSpec { penalties: Vec::new(), ..spec.clone() }
            .penalty(L2 { strength: 0.1.into() }.on(node))
    };
    assert_eq!(penalties(&toy, &at("encoder")), penalties(&toy, &at("decoder")));
    assert!(penalties(&toy, &at("decoder")).0 > 0.0);
    let frozen =
        toy.network(&spec.clone().freeze(Select::from("decoder").kinds([BlockKind::Weight])));
    assert!(frozen.layout().find("encoder", "weight").unwrap().fixed);
    let noisy = toy.network(&spec.noise(DropNoise::default().on("decoder")));
    let noisy: Vec<bool> = noisy.nodes().iter().map(|node| node.noisy()).collect();
    assert_eq!(noisy, [false, true]);
}

/// The rate of the biases is twice that of the weights; the second layer does not move.
#[test]
fn rates_of_their_own() {
    let toy = toy();
    let network = toy.network(&chain());
    let start: Vec<f64> = network.initialize(SEED);
    let still = Select::from("dense-2").kinds([BlockKind::Weight]);
    let chain = [vec![], vec![Scale::new(2.0).on(BlockKind::Bias), Scale::new(0.0).on(still)]];
    let [one, other] = chain.map(|updaters: Vec<Aimed<dyn Updater>>| {
        let training = TrainingSpec { updaters, ..training() };
        toy.train(&network, &training, 1).0.parameters
    });
    for block in network.layout().blocks() {
        let factor = match (block.path().as_str(), block.kind) {
            ("dense-2.weight", _) => 0.0,
            (_, BlockKind::Bias) => 2.0,
            _ => 1.0,
        };
        for i in block.range.clone() {
            let (one, other) = (one[i] - start[i], other[i] - start[i]);
            assert!((other - factor * one).abs() < 1e-15, "{}: {one} {other}", block.path());
        }
    }
}

/// Whoever does not shape the step of a block neither reads nor writes its slots.
#[test]
fn updaters_leave_other_blocks_alone() {
    let toy = toy();
    let network = toy.network(&chain());
    let plain = training();
    let aimed = training().updater(Adam::default().on("dense-1"));
    let (state, _) = toy.train(&network, &aimed, 1);
    let (without, _) = toy.train(&network, &plain, 1);
    for block in network.layout().blocks() {
        let hit = block.node == "dense-1";
        let same = |a: &[f64], b: &[f64]| a[block.range.clone()] == b[block.range.clone()];
        assert_eq!(hit, !same(&state.parameters, &without.parameters), "{}", block.path());
        for slot in &state.motion.slots[0] {
            assert_eq!(hit, slot[block.range.clone()].iter().any(|v| *v != 0.0));
        }
    }
}

#[test]
fn updaters_that_cannot_be_aimed_are_refused() {
    let network = toy().network(&chain());
    let refused = |updater: Aimed<dyn Updater>| {
        let training = training().updater(Scale::new(1.0)).updater(updater);
        let layout = network.layout();
        training.motion(layout).check_aims(layout).unwrap_err().to_string()
    };
    let whole = refused(Look {}.on("dense-1"));
    let expected =
        "updaters[1].on: expected no `on`, because acme/look uses the steps of all blocks";
    assert!(whole.starts_with(expected), "{whole}");
    let missed = refused(Scale::new(2.0).on("dense-9"));
    assert!(
        missed.contains("updaters[1].on: expected a selection of blocks of dense-1"),
        "{missed}"
    );
    let frozen = toy().network(&chain().freeze("dense-1"));
    let layout = frozen.layout();
    let idle = training().updater(Scale::new(2.0).on("dense-1"));
    let said = idle.motion(layout).check_aims(layout).unwrap_err().to_string();
    assert!(said.starts_with("updaters[0].on: expected a block that is trained"), "{said}");
    let layout = network.layout();
    let open = training().updater(Look {}).updater(Look {}.on("*"));
    open.motion(layout).check_aims(layout).unwrap();
}

#[test]
fn aims_that_hit_nothing_are_listed() {
    let spec = chain()
        .penalty(L2::default())
        .penalty(L2::default().on("dense-4"))
        .constraint(MaxNorm::default().on(BlockKind::Gain))
        .noise(DropNoise::default().on(Select::default().depth(3, 9)));
    let ports = [Shape::vector(3), Shape::vector(2)].map(|shape| [Port::new("x", shape)]);
    let text =
        |spec: &NetworkSpec| Network::assemble(spec, &ports[0], &ports[1]).unwrap_err().to_string();
    let there = "expected a selection of blocks of dense-1, dense-2, dense-3 (weight, bias), found";
    let all = text(&spec);
    for line in [
        "network.penalties[1].on: ",
        "\"dense-4\", which is not a node with parameters; did you mean \"dense-",
        "network.constraints[0].on: ",
        "blocks of kind gain, of which there are none",
        "network.noise[0].on: ",
        "blocks from depth 3 to 9, of which there are none",
    ] {
        assert!(all.contains(line), "{line:?} not in: {all}");
    }
    assert_eq!(all.matches(there).count(), 3, "{all}");
    let freeze = text(&chain().freeze("dense-1").freeze("dens-*"));
    assert!(freeze.starts_with(&format!("network.freeze[1]: {there} \"dens-*\"")), "{freeze}");
}

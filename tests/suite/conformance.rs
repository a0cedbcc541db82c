//! The testkit over every plugin we have. A new plugin adds one line to one list.

use tanren::layers::{ActivationLayer, Constant, Identity, Softmax, Zero};
use tanren::optimizers;
use tanren::plugin::{
    Activation, Direction, Init, Layer, Loss, Metric, Normalizer, Penalty, Plugin, Schedule,
    Search, Source, Split, Stopping, Updater,
};
use tanren::prelude::*;
use tanren::tensor::Shape;
use tanren::trainer::metrics::{
    Accuracy, F1Macro, MeanAbsoluteError, MeanLoss, MeanSquaredError, RSquared,
    RootMeanSquaredError,
};
use tanren::updaters::{Scale, Unchanged};
use tanren_testkit as testkit;

fn layers() -> Vec<(Plugin<dyn Layer>, Vec<Shape>)> {
    let (vector, sequence, index) = (Shape::vector(3), Shape::sequence(4), Shape::index(5));
    vec![
        (Dense::new(4).into(), vec![vector]),
        (Dense::new(1).activation(Tanh {}).into(), vec![sequence]),
        (Dense::new(3).activation(Relu {}).init(HeNormal {}).into(), vec![index]),
        (Dense::new(2).activation(Sigmoid {}).without_bias().into(), vec![Shape::image(2, 3, 1)]),
        (ActivationLayer::new(LeakyRelu::default()).into(), vec![sequence]),
        (Softmax {}.into(), vec![vector]),
        (Add {}.into(), vec![vector, vector, vector]),
        (Concatenate {}.into(), vec![sequence, Shape::sequence(2)]),
    ]
}

fn activations() -> Vec<Plugin<dyn Activation>> {
    let (leaky, steep) = (LeakyRelu::default(), LeakyRelu { slope: -0.5 });
    vec![
        Identity {}.into(),
        Relu {}.into(),
        leaky.into(),
        steep.into(),
        Tanh {}.into(),
        Sigmoid {}.into(),
    ]
}

fn losses() -> Vec<(Plugin<dyn Loss>, Vec<Shape>)> {
    let (vector, index) = (Shape::vector(4), Shape::index(4));
    vec![
        (Mse {}.into(), vec![vector, Shape::vector(1)]),
        (CrossEntropy {}.into(), vec![vector, index]),
        (BinaryCrossEntropy {}.into(), vec![vector, Shape::index(2)]),
    ]
}

fn updaters() -> Vec<Plugin<dyn Updater>> {
    let (momentum, nesterov) = (Momentum::default(), Nesterov::default());
    let scale = Scale::new(0.5);
    vec![
        Unchanged {}.into(),
        momentum.into(),
        nesterov.into(),
        Adam::default().into(),
        scale.into(),
    ]
}

fn directions() -> Vec<Plugin<dyn Direction>> {
    vec![Steepest {}.into()]
}

fn searches() -> Vec<Plugin<dyn Search>> {
    vec![LearningRate::default().into(), LearningRate::new(step()).into()]
}

fn step() -> Step {
    serde_json::from_str(r#"{ "value": 0.1, "every": 3 }"#).unwrap()
}

fn schedules() -> Vec<Plugin<dyn Schedule>> {
    vec![optimizers::Constant { value: 0.1 }.into(), step().into()]
}

fn normalizers() -> Vec<(Plugin<dyn Normalizer>, tanren::plugin::Field)> {
    vec![
        (Standardize {}.into(), testkit::normalizer::numbers(1, 40, 3)),
        (MinMax::default().into(), testkit::normalizer::numbers(2, 40, 3)),
        (OneHot {}.into(), testkit::normalizer::categories(3, 40, 4)),
        (OneHot {}.into(), testkit::normalizer::mixed(4, 40, false)),
        (Standardize {}.into(), testkit::normalizer::mixed(5, 40, false)),
        (MinMax::default().into(), testkit::normalizer::mixed(6, 40, false)),
        (Impute {}.into(), testkit::normalizer::mixed(7, 40, true)),
    ]
}

fn inits() -> Vec<Plugin<dyn Init>> {
    let (a, b, c, d) = (XavierNormal {}, XavierUniform {}, HeNormal {}, HeUniform {});
    let constant = Constant { value: 0.5 };
    vec![a.into(), b.into(), c.into(), d.into(), Zero {}.into(), constant.into()]
}

fn penalties() -> Vec<Plugin<dyn Penalty>> {
    vec![L1 { strength: 0.1 }.into(), L2 { strength: 0.1 }.into()]
}

fn sources() -> Vec<Plugin<dyn Source>> {
    vec![
        Digits {}.into(),
        Iris {}.into(),
        Csv::new("a.csv").target("-1").into(),
        Idx::new("a").into(),
        Npy::new("a.npy").target(-1).into(),
        SvmLight::new("a.svm").into(),
        TrainTest::new(Iris {}, Iris {}).into(),
    ]
}

fn splits() -> Vec<Plugin<dyn Split>> {
    vec![RandomSplit::default().into(), GivenSplit::default().into()]
}

fn stopping() -> Vec<Plugin<dyn Stopping>> {
    vec![Patience::default().into()]
}

fn metrics() -> Vec<Plugin<dyn Metric>> {
    vec![
        MeanLoss {}.into(),
        Accuracy {}.into(),
        F1Macro {}.into(),
        MeanSquaredError {}.into(),
        RootMeanSquaredError {}.into(),
        MeanAbsoluteError {}.into(),
        RSquared {}.into(),
    ]
}

#[test]
fn of_layers_and_activations() {
    for (layer, inputs) in layers() {
        testkit::layer(&*layer, &inputs);
    }
    for activation in activations() {
        testkit::activation(&*activation);
    }
}

#[test]
fn of_losses() {
    for (loss, targets) in losses() {
        testkit::loss(&*loss, &targets);
    }
}

#[test]
fn of_what_moves_the_parameters() {
    updaters().iter().for_each(|u| testkit::updater(&**u));
    directions().iter().for_each(|d| testkit::direction(&**d));
    searches().iter().for_each(|s| testkit::search(&**s));
    schedules().iter().for_each(|s| testkit::schedule(&**s));
}

#[test]
fn of_normalisers() {
    for (normalizer, field) in normalizers() {
        testkit::normalizer(&*normalizer, &field);
    }
}

#[test]
fn of_everything_written() {
    layers().iter().for_each(|(p, _)| testkit::round_trip(p));
    losses().iter().for_each(|(p, _)| testkit::round_trip(p));
    normalizers().iter().for_each(|(p, _)| testkit::round_trip(p));
    activations().iter().for_each(testkit::round_trip);
    updaters().iter().for_each(testkit::round_trip);
    directions().iter().for_each(testkit::round_trip);
    searches().iter().for_each(testkit::round_trip);
    schedules().iter().for_each(testkit::round_trip);
    inits().iter().for_each(testkit::round_trip);
    penalties().iter().for_each(testkit::round_trip);
    sources().iter().for_each(testkit::round_trip);
    splits().iter().for_each(testkit::round_trip);
    stopping().iter().for_each(testkit::round_trip);
    metrics().iter().for_each(testkit::round_trip);
}

/// The lists above name every plugin of the built-in crates: one that is registered and not
/// tested would go unnoticed otherwise.
#[test]
fn nothing_is_left_out() {
    let text = include_str!("conformance.rs");
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut open: Vec<_> = ["layers", "losses", "updaters", "optimizers", "data", "trainer"]
        .iter()
        .map(|name| root.join("crates").join(name).join("src"))
        .collect();
    let mut missing = Vec::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        if path.ends_with("tests.rs") {
            continue;
        }
        let source = std::fs::read_to_string(&path).unwrap();
        let mut lines = source.lines();
        while let Some(line) = lines.next() {
            if line.trim_start().starts_with("#[typetag::serde(name") {
                let declared = lines.next().unwrap_or_default();
                let fitted = declared.contains("Fitted for");
                let name = declared.split(" for ").nth(1).unwrap_or_default();
                let name = name.trim_end_matches(" {").trim();
                if !fitted && !text.contains(name) {
                    missing.push(format!("{name} in {}", path.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "no conformance test for {missing:?}");
}

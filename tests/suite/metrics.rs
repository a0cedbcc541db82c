//! Scores against scikit-learn: the usual ones of whole networks (`tests/reference/metrics.py`), and all
//! (`tests/reference/scores.py`).

use crate::harness::{field, prepared, table};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use tanren::layers::{ActivationLayer, Identity};
use tanren::network::{ModelSpec, NetworkSpec, PortSpec};
use tanren::plugin::{Comparison, Field, FieldSpec, Metric, Plugin, Values};
use tanren::prelude::*;
use tanren::tensor::{Indices, Input, Shape, Signal};
use tanren::trainer::{Scoring, Trivial, evaluate};
use tanren_testkit::golden;

#[derive(Deserialize)]
struct Reference {
    cases: Vec<Case>,
}

/// Targets are classes where there are `levels`, and predictions their probabilities.
#[derive(Deserialize)]
struct Case {
    levels: usize,
    targets: Vec<f64>,
    predictions: Vec<f64>,
    weights: Vec<f64>,
    scores: BTreeMap<String, f64>,
}

/// The scores of a network that hands its input on: its predictions are those of the reference.
fn scores(case: &Case) -> Scores {
    let rows = case.weights.len();
    let width = case.predictions.len() / rows;
    let (target, values, input) = if case.levels > 0 {
        let classes = case.targets.iter().map(|&class| class as u32).collect();
        // The link of the loss is softmax.
        let logits = case.predictions.iter().map(|p| p.ln()).collect();
        (Shape::index(case.levels), Values::Indices(classes), logits)
    } else {
        let numbers = Values::Double(case.targets.clone());
        (Shape::vector(width), numbers, case.predictions.clone())
    };
    let x = field("x", Shape::vector(width), Values::Double(input), None);
    let table = table(rows, x, field("y", target, values, None), Some(case.weights.clone()));
    let network = NetworkSpec::chain([ActivationLayer::new(Identity {}).into()]);
    let network = match case.levels {
        0 => network.loss(Mse {}),
        _ => network.loss(CrossEntropy::default()),
    };
    let ports = |fields: &[Field]| fields.iter().map(PortSpec::of).collect();
    let spec = ModelSpec { network, inputs: ports(&table.inputs), targets: ports(&table.targets) };
    let network = spec.assemble().unwrap();
    let scoring = Scoring::new(&network, &spec, &[]).unwrap();
    let all: Vec<usize> = (0..rows).collect();
    let mut runner = tanren::network::Runner::new(&network);
    evaluate::<f64>(&network, &mut runner, &[], &prepared(&table), &all, &scoring).unwrap()
}

#[test]
fn scores_agree_with_scikit_learn() {
    let reference: Reference =
        serde_json::from_str(include_str!("../reference/metrics.json")).unwrap();
    assert_eq!(reference.cases.len(), 15);
    for case in &reference.cases {
        let scores = scores(case);
        for (name, &expected) in &case.scores {
            golden(&[scores.get(name).unwrap()], &[expected], 1e-13);
        }
        let names: Vec<_> = scores.iter().map(|(name, _)| name).collect();
        match case.levels {
            0 => assert_eq!(names, ["loss", "mse", "rmse", "mae", "r2"]),
            _ => assert_eq!(names, ["loss", "accuracy", "f1_macro"]),
        }
    }
}

/// The confusion matrix adds up to the weights, and its diagonal to the accuracy.
#[test]
fn confusion_has_every_row() {
    let reference: Reference =
        serde_json::from_str(include_str!("../reference/metrics.json")).unwrap();
    for case in reference.cases.iter().filter(|case| case.levels > 0) {
        let scores = scores(case);
        let [Some(confusion)] = &scores.confusion[..] else { panic!() };
        assert_eq!(confusion.classes(), case.levels);
        golden(&[confusion.total()], &[case.weights.iter().sum()], 1e-13);
        let right: f64 = (0..case.levels).map(|k| confusion.get(k, k)).sum();
        golden(&[right / confusion.total()], &[scores.accuracy().unwrap()], 1e-13);
        for truth in 0..case.levels {
            let row: f64 = (0..case.levels).map(|predicted| confusion.get(truth, predicted)).sum();
            let rows = case.targets.iter().zip(&case.weights);
            let weights = rows.filter(|(class, _)| **class == truth as f64).map(|(_, w)| w);
            golden(&[row], &[weights.sum()], 1e-13);
        }
    }
}

/// What scikit-learn does not say: one class, one value, nothing that differs.
#[test]
fn undefined_scores_are_nan() {
    let case = |targets: Vec<f64>, predictions: Vec<f64>| Case {
        levels: 0,
        weights: vec![1.0; targets.len()],
        targets,
        predictions,
        scores: BTreeMap::new(),
    };
    let one = scores(&case(vec![1.0], vec![2.0]));
    assert!(one.get("r2").unwrap().is_nan() && one.get("mse") == Some(1.0));
    let wrong = Case {
        levels: 2,
        targets: vec![0.0, 1.0],
        predictions: vec![0.1, 0.9, 0.9, 0.1],
        weights: vec![1.0, 1.0],
        scores: BTreeMap::new(),
    };
    let wrong = scores(&wrong);
    assert_eq!(wrong.accuracy().map(f64::to_bits), Some(0.0_f64.to_bits()), "0, not −0");
    assert_eq!(wrong.get("f1_macro"), Some(0.0));
}

/// A case of `tests/reference/scores.py`: classes, answers of 0 or 1, or numbers.
#[derive(Deserialize)]
struct Scored {
    kind: String,
    features: usize,
    targets: Vec<f64>,
    predictions: Vec<f64>,
    weights: Vec<f64>,
    threshold: f64,
    /// By the metric, as a recipe has it.
    scores: BTreeMap<String, f64>,
}

impl Scored {
    fn compared<R>(&self, score: impl Fn(&Comparison<'_>) -> R) -> R {
        let classes: Vec<u32> = self.targets.iter().map(|&class| class as u32).collect();
        let width = self.predictions.len() / self.weights.len();
        let (shape, targets) = match self.kind.as_str() {
            "classes" => {
                let indices = Indices { data: &classes, levels: self.features };
                (Shape::index(self.features), Input::Indices(indices))
            }
            _ => {
                let signal = Signal::new(&self.targets, self.features);
                (Shape::vector(self.features), Input::Dense(signal))
            }
        };
        let levels = (0..self.features).map(|k| format!("c{k}")).collect();
        let target = FieldSpec { levels, ..FieldSpec::new("y", shape) };
        let predictions = Signal::new(&self.predictions, width);
        let mut comparison = Comparison::new(&target, predictions, targets, &self.weights);
        comparison.threshold = self.threshold;
        score(&comparison)
    }
}

fn metric(text: &str) -> Plugin<dyn Metric> {
    serde_json::from_str(text).unwrap()
}

#[test]
fn every_score_agrees_with_scikit_learn() {
    #[derive(Deserialize)]
    struct Reference {
        cases: Vec<Scored>,
    }
    let reference: Reference =
        serde_json::from_str(include_str!("../reference/scores.json")).unwrap();
    assert_eq!(reference.cases.len(), 200);
    let mut seen = BTreeSet::new();
    for (i, case) in reference.cases.iter().enumerate() {
        for (text, expected) in &case.scores {
            let metric = metric(text);
            let got = case.compared(|comparison| metric.score(comparison));
            let near = (got - expected).abs() <= 1e-12 * expected.abs().max(1.0);
            assert!(near, "case {i}, {text}: {got}, not {expected}");
            seen.insert(metric.typetag_name());
        }
    }
    // `loss` is no score of its own; the usual ones are tested above.
    let all: BTreeSet<_> = tanren::plugin::engine::names::<dyn Metric>().into_iter().collect();
    let left: Vec<_> = all.difference(&seen).filter(|name| !name.contains('/')).collect();
    assert_eq!(left, [&"accuracy", &"f1_macro", &"loss", &"rmse"]);
}

/// What is not defined is NaN, and says what it needs.
#[test]
fn a_score_without_a_meaning_is_no_number() {
    let mut one = Scored {
        kind: "classes".into(),
        features: 2,
        targets: vec![1.0, 1.0, 1.0],
        predictions: vec![0.2, 0.7, 0.9],
        weights: vec![1.0; 3],
        threshold: 0.5,
        scores: BTreeMap::new(),
    };
    for text in [
        "\"auc\"",
        r#"{"type":"pr_auc","class":"c0"}"#,
        r#"{"type":"recall","over":{"class":"c0"}}"#,
    ] {
        let metric = metric(text);
        assert!(one.compared(|comparison| metric.score(comparison)).is_nan(), "{text}");
        assert!(metric.needs().is_some());
    }
    let unknown = metric(r#"{"type":"recall","over":{"class":"c7"}}"#);
    assert!(one.compared(|comparison| unknown.score(comparison)).is_nan());
    one.predictions = vec![0.9; 3];
    for text in ["\"mcc\"", "\"kappa\""] {
        let metric = metric(text);
        assert!(one.compared(|comparison| metric.score(comparison)).is_nan(), "{text}");
    }
    // Margins of a hinge are no probabilities, but they rank.
    one.targets = vec![0.0, 1.0, 1.0];
    one.predictions = vec![-3.0, 1.5, 2.5];
    for text in ["\"log_loss\"", "\"brier\"", "\"ece\""] {
        let metric = metric(text);
        assert!(one.compared(|comparison| metric.score(comparison)).is_nan(), "{text}");
    }
    assert_eq!(one.compared(|comparison| metric("\"auc\"").score(comparison)), 1.0);
}

/// The scores of the trivial prediction that is fitted to the first four of six rows.
fn trivial(
    target: Shape,
    values: Values,
    weights: Vec<f64>,
    loss: NetworkSpec,
) -> (Scores, Scores) {
    let x = field("x", Shape::vector(2), Values::Double(vec![0.5; 12]), None);
    let table = table(6, x, field("y", target, values, None), Some(weights));
    let ports = |fields: &[Field]| fields.iter().map(PortSpec::of).collect();
    let (inputs, targets) = (ports(&table.inputs), ports(&table.targets));
    let spec = ModelSpec { network: loss, inputs, targets };
    let network = spec.assemble().unwrap();
    let scoring = Scoring::new(&network, &spec, &[]).unwrap();
    let data = prepared::<f64>(&table);
    let trivial = Trivial::of(&network, &data, &[0, 1, 2, 3]);
    let scores = |rows: &[usize]| trivial.scores(&network, &data, rows, &scoring);
    (scores(&[0, 1, 2, 3]), scores(&[4, 5]))
}

/// The weighted mean of the training rows, and the most frequent class by weight.
#[test]
fn the_trivial_prediction_knows_nothing_of_a_row() {
    let numbers = Values::Double(vec![1.0, 2.0, 3.0, 100.0, 5.0, 1.0]);
    let network = NetworkSpec::chain([Dense::new(1).into()]).loss(Mse {});
    let weights = vec![1.0, 1.0, 2.0, 0.0, 1.0, 1.0];
    let (train, test) = trivial(Shape::vector(1), numbers, weights, network);
    // The mean is 9/4; what has no weight counts nothing.
    assert_eq!(train.get("r2"), Some(0.0));
    assert_eq!(train.get("mse"), Some(11.0 / 16.0));
    assert_eq!(test.get("mae"), Some(2.0));
    assert_eq!(train.get("loss"), Some(11.0 / 16.0));

    let classes = Values::Indices(vec![0, 1, 1, 2, 1, 0]);
    let weights = vec![1.0, 1.0, 1.0, 5.0, 1.0, 3.0];
    let network = NetworkSpec::chain([Dense::new(3).into()]).loss(CrossEntropy::default());
    let (train, test) = trivial(Shape::index(3), classes, weights, network);
    assert_eq!((train.accuracy(), test.accuracy()), (Some(5.0 / 8.0), Some(0.0)));
    // The entropy of the frequencies 1/8, 2/8 and 5/8, and what they cost in the other rows.
    let cost = |share: f64| -share.ln();
    let near = |scores: &Scores, loss: f64| (scores.loss() - loss).abs() < 1e-12;
    let entropy = (cost(1.0 / 8.0) + 2.0 * cost(1.0 / 4.0) + 5.0 * cost(5.0 / 8.0)) / 8.0;
    assert!(near(&train, entropy), "{train}");
    assert!(near(&test, (cost(1.0 / 4.0) + 3.0 * cost(1.0 / 8.0)) / 4.0), "{test}");
}

/// A class that no training row has costs nothing where it does not occur, and anything where it does.
#[test]
fn the_trivial_prediction_has_no_loss_on_a_class_it_does_not_know() {
    let classes = Values::Indices(vec![0, 1, 1, 0, 1, 2]);
    let network = NetworkSpec::chain([Dense::new(3).into()]).loss(CrossEntropy::default());
    let (train, test) = trivial(Shape::index(3), classes, vec![1.0; 6], network);
    assert!((train.loss() - 2_f64.ln()).abs() < 1e-12, "{train}");
    assert_eq!((test.get("loss"), test.accuracy()), (None, Some(0.5)));
}

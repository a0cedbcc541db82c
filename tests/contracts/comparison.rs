//! `acme/whole`: the share of sequences that are right at every step; `acme/span`: the range of the
//! targets.
//!
//! Proves that metrics see which columns belong to a row, no padding, and the units they ask for.

use crate::table::{Rows, recipe, train};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_layers::{ActivationLayer, Dense, Identity};
use tanren_losses::{BinaryCrossEntropy, Mse};
use tanren_network::{LossSpec, ModelSpec, NetworkSpec, PortSpec, Prepared, TargetSpec};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Better, Checked, Comparison, Field, FieldSpec, Metric, Plugin, Source, Table, Units, Values,
};
use tanren_tensor::Shape;
use tanren_testkit as testkit;
use tanren_trainer::{Scores, Scoring, TrainingSpec, evaluate};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {}

impl Checked for Whole {}

#[typetag::serde(name = "acme/whole")]
impl Metric for Whole {
    fn name(&self) -> Cow<'_, str> {
        "whole".into()
    }
    fn better(&self) -> Better {
        Better::Higher
    }
    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let right: Vec<bool> = comparison.classes().map(|(t, p, _)| t == p).collect();
        let (mut whole, mut all) = (0.0, 0.0);
        for row in comparison.rows() {
            let weight = comparison.weights[row.start];
            whole += if right[row].iter().all(|&right| right) { weight } else { 0.0 };
            all += weight;
        }
        whole / all
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    pub(crate) network: bool,
}

impl Checked for Span {}

#[typetag::serde(name = "acme/span")]
impl Metric for Span {
    fn name(&self) -> Cow<'_, str> {
        if self.network { "network-span".into() } else { "span".into() }
    }
    fn better(&self) -> Better {
        Better::Higher
    }
    fn units(&self) -> Units {
        if self.network { Units::Network } else { Units::Own }
    }
    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        if comparison.numbers().is_none() {
            return f64::NAN; // classes
        }
        let targets = || comparison.numbers().into_iter().flatten().map(|(target, ..)| target[0]);
        targets().fold(f64::MIN, f64::max) - targets().fold(f64::MAX, f64::min)
    }
}

#[test]
fn conforms() {
    let sequence = Shape { sequence: true, ..Shape::index(3) };
    testkit::metric(&Whole {}, &[Shape::index(2), sequence]);
    testkit::round_trip(&Plugin::<dyn Metric>::from(Whole {}));
    testkit::round_trip(&Plugin::<dyn Metric>::from(Span { network: true }));
}

/// Metrics see the targets in their own units unless they ask for those of the network.
#[test]
fn units_are_those_that_are_asked_for() {
    let rows = Rows::default();
    let mut training = TrainingSpec::new(LearningRate::constant(0.1));
    training.metrics = vec![Span { network: false }.into(), Span { network: true }.into()];
    let trained = train(&recipe(rows.clone(), training));
    let table = rows.open().unwrap();
    let Values::Double(y) = &table.targets[0].values else { panic!() };
    let first =
        |rows: &mut dyn Iterator<Item = usize>| -> Vec<f64> { rows.map(|r| y[2 * r]).collect() };
    let span = |y: &[f64]| {
        y.iter().copied().fold(f64::MIN, f64::max) - y.iter().copied().fold(f64::MAX, f64::min)
    };
    let validation = span(&first(&mut (0..40).step_by(5)));
    let scores = trained.validation.unwrap();
    assert_eq!(scores.get("span"), Some(validation));
    let train = first(&mut (0..40).filter(|row| row % 5 != 0));
    let mean = train.iter().sum::<f64>() / 32.0;
    let std = (train.iter().map(|y| (y - mean).powi(2)).sum::<f64>() / 32.0).sqrt();
    testkit::golden(&[scores.get("network-span").unwrap()], &[validation / std], 1e-12);
}

/// The steps of a sequence stand side by side and no padding is among them: a whole row is right
/// when all of its own steps are, however long the others are.
#[test]
fn sequences_are_whole() {
    let (lengths, classes) = ([3, 1, 2, 4], [0_u32, 1, 1, 0, 1, 1, 0, 0, 1, 0]);
    let ends = lengths.iter().scan(0, |end, length| {
        *end += length;
        Some(*end)
    });
    let offsets: Vec<usize> = std::iter::once(0).chain(ends).collect();
    let field = |name: &str, shape, values| Field {
        spec: FieldSpec::new(name, shape),
        values,
        offsets: Some(offsets.clone()),
    };
    // The third row is wrong in one step.
    let logits =
        classes.iter().enumerate().map(|(n, &c)| if (c == 1) == (n != 5) { 2.0 } else { -2.0 });
    let target = Shape { sequence: true, ..Shape::index(2) };
    let table = Table {
        name: "sequences".into(),
        rows: 4,
        inputs: vec![field("x", Shape::sequence(1), Values::Double(logits.collect()))],
        targets: vec![field("y", target, Values::Indices(classes.to_vec()))],
        weights: Some(vec![1.0, 2.0, 3.0, 4.0]),
        ..Table::default()
    };
    let layer = ActivationLayer::new(Identity {});
    let network = NetworkSpec::chain([layer.into()]).loss(BinaryCrossEntropy::default());
    let ports = |fields: &[Field]| fields.iter().map(PortSpec::of).collect::<Vec<_>>();
    let (inputs, targets) = (ports(&table.inputs), ports(&table.targets));
    let spec = ModelSpec { network, inputs, targets };
    let network = spec.assemble().unwrap();
    let data = Prepared::<f64>::new(&table, &spec.inputs, &spec.targets).unwrap();
    let scoring = Scoring::new(&network, &spec, &[Whole {}.into()]).unwrap();
    let mut runner = tanren_network::Runner::new(&network);
    let scores = evaluate(&network, &mut runner, &[], &data, &[0, 1, 2, 3], &scoring).unwrap();
    assert_eq!(scores.get("whole"), Some(7.0 / 10.0)); // 1 + 2 + 4 of the weights
    // Each step counts what its row does: 3·1 + 1·2 + 2·3 + 4·4 = 27.
    assert_eq!(scores.accuracy(), Some(24.0 / 27.0));
}

/// An output that is compared with an input is scored in the units of that input; one that is
/// compared with a node in those of the node; one that is compared with nothing has only its loss.
#[test]
fn targets_need_not_be_data() {
    let names =
        |scores: &Scores| scores.iter().map(|(name, _)| name.to_owned()).collect::<Vec<_>>();
    let training = TrainingSpec::new(LearningRate::constant(0.1));
    let mut auto = recipe(Rows::default(), training.clone());
    auto.data.targets.clear();
    auto.network.loss = None;
    let input = TargetSpec::Input("x".into());
    auto.network.losses = vec![LossSpec::new("dense-2", Mse {}).against(input)];
    let scores = train(&auto).train;
    assert_eq!(names(&scores), ["loss", "mse", "rmse", "mae", "r2"]);
    // Standardised on the training rows, the variance of each of both numbers is 1.
    testkit::golden(&[scores.get("r2").unwrap()], &[1.0 - scores.loss()], 1e-12);
    assert!((scores.get("mse").unwrap() - scores.loss()).abs() > 1e-3);

    let teacher = TargetSpec::Node("dense-1".into());
    auto.network.layers = vec![Dense::new(2).into(), Dense::new(2).into()];
    auto.network.losses.push(LossSpec::new("dense-2", Mse {}).against(teacher));
    auto.network.losses.push(LossSpec::new("dense-1", crate::free_losses::Spread {}));
    let scores = train(&auto).train;
    let all = names(&scores);
    assert_eq!(all[..2], ["loss", "dense-2/loss"]);
    assert_eq!(all[6..9], ["dense-2-2/loss", "dense-2-2/mse", "dense-2-2/rmse"]);
    assert_eq!(all[11..], ["dense-1/loss"]);
    let score = |name: &str| scores.get(name).unwrap();
    testkit::golden(&[score("dense-2-2/mse")], &[score("dense-2-2/loss")], 1e-12);
}

//! Whole runs with losses whose outputs, targets or predictions are unlike: they learn, their scores are
//! numbers where these are defined, and targets that do not fit are refused by name.

use crate::harness::{field, random, table};
use tanren::layers::LogSoftmax;
use tanren::losses::{
    BpMll, Cosine, FMeasure, GaussianNll, Hinge, KlDivergence, Mae, MixtureDensity, Msle,
    MultiClassHinge, Nll, OutputWeights, Poisson, Wasserstein,
};
use tanren::plugin::{Layer, Loss, Plugin, Table, Values};
use tanren::prelude::*;
use tanren::tensor::Shape;
use tanren::trainer::{Options, TrainError, Trained};

const ROWS: usize = 120;

/// What a target is made of: three numbers that follow from the inputs.
type Made = fn(&[f64]) -> Vec<f64>;

/// Inputs of three normal numbers, targets of this shape.
fn data(shape: Shape, made: Made) -> Table {
    let x = random(Shape::vector(3), ROWS, 5);
    let Values::Double(numbers) = &x else { unreachable!("inputs are numbers") };
    let targets: Vec<f64> = numbers.chunks(3).flat_map(made).collect();
    let targets = match shape.indices {
        true => Values::Indices(targets.iter().map(|&t| t as u32).collect()),
        false => Values::Double(targets),
    };
    let (x, y) = (field("x", Shape::vector(3), x, None), field("y", shape, targets, None));
    table(ROWS, x, y, None)
}

fn recipe(loss: Plugin<dyn Loss>, outputs: usize, last: Option<Plugin<dyn Layer>>) -> Recipe {
    let data = DataSpec::new(Iris {}, RandomSplit::default());
    let mut layers: Vec<Plugin<dyn Layer>> =
        vec![Dense::new(12).activation(Tanh {}).into(), Dense::new(outputs).into()];
    layers.extend(last);
    let network = NetworkSpec::chain(layers).loss(loss);
    let mut training = TrainingSpec::new(LearningRate::constant(0.02)).epochs(30);
    training.updaters = vec![Adam::default().into()];
    training.batch = 20;
    Recipe::new(data, network, training)
}

fn train(recipe: &Recipe, table: Table) -> Result<Trained, TrainError> {
    recipe.prepare_table(table)?.train(&mut (), &Options::default())
}

fn linear(x: &[f64]) -> Vec<f64> {
    vec![x[0] + x[1], x[1] - 0.5 * x[2]]
}

fn positive(x: &[f64]) -> Vec<f64> {
    linear(x).iter().map(|t| t.exp().round()).collect()
}

fn signs(x: &[f64]) -> Vec<f64> {
    linear(x).iter().map(|t| if *t > 0.0 { 1.0 } else { -1.0 }).collect()
}

fn labels(x: &[f64]) -> Vec<f64> {
    x.iter().map(|x| f64::from(u8::from(*x > 0.3))).collect()
}

fn class(x: &[f64]) -> Vec<f64> {
    let most = (0..3).max_by(|&i, &j| x[i].total_cmp(&x[j])).unwrap();
    vec![most as f64]
}

fn two_classes(x: &[f64]) -> Vec<f64> {
    vec![f64::from(u8::from(x[0] + x[1] > 0.2))]
}

#[test]
fn every_kind_learns() {
    let (two, three) = (Shape::vector(2), Shape::vector(3));
    let (class2, class3) = (Shape::index(2), Shape::index(3));
    let mixture = MixtureDensity { components: 2, ..MixtureDensity::default() };
    let weighted = OutputWeights { loss: Mae {}.into(), weights: vec![1.0, 3.0] };
    let smooth = CrossEntropy { label_smoothing: 0.1, focal: 1.0, ..CrossEntropy::default() };
    let cases: Vec<(Plugin<dyn Loss>, Shape, Made, usize)> = vec![
        (GaussianNll::default().into(), two, linear, 4),
        (mixture.into(), two, linear, 8),
        (Poisson::default().into(), two, positive, 2),
        (Msle {}.into(), two, positive, 2),
        (Cosine::default().into(), two, linear, 2),
        (weighted.into(), two, linear, 2),
        (Hinge {}.into(), two, signs, 2),
        (BpMll {}.into(), three, labels, 3),
        (FMeasure::default().into(), three, labels, 3),
        (Hinge {}.into(), class2, two_classes, 1),
        (BinaryCrossEntropy { focal: 1.0, ..Default::default() }.into(), class2, two_classes, 1),
        (MultiClassHinge {}.into(), class3, class, 3),
        (KlDivergence {}.into(), class3, class, 3),
        (smooth.into(), class3, class, 3),
    ];
    for (loss, shape, made, outputs) in cases {
        let trained = train(&recipe(loss.clone(), outputs, None), data(shape, made)).unwrap();
        let losses = trained.history.iter().filter_map(|epoch| Some(epoch.loss?.0));
        let losses: Vec<f64> = losses.collect();
        assert!(
            losses[29] < 0.9 * losses[0] || losses[29] < losses[0] - 0.3,
            "{loss:?}: {losses:?}"
        );
        for (name, score) in trained.train.iter() {
            assert!(score.is_finite(), "{loss:?}: {name} is {score}");
        }
        if shape.indices {
            let accuracy = trained.train.get("accuracy").unwrap();
            assert!(accuracy > 0.85, "{loss:?}: {accuracy}");
        }
    }
}

/// With its layer, a loss of logarithms is cross-entropy, to rounding; without it, it is refused.
#[test]
fn logarithms_of_probabilities_need_their_layer() {
    let shape = Shape::index(3);
    let with = recipe(Nll {}.into(), 3, Some(LogSoftmax {}.into()));
    let nll = train(&with, data(shape, class)).unwrap().train.loss();
    let plain = recipe(CrossEntropy::default().into(), 3, None);
    let plain = train(&plain, data(shape, class)).unwrap().train.loss();
    assert!((nll - plain).abs() < 1e-3, "{nll} {plain}");
    let without = train(&recipe(Nll {}.into(), 3, None), data(shape, class));
    let said = without.unwrap_err().to_string();
    assert!(said.contains("loss nll") && said.contains("at most 0"), "{said}");
}

/// Numbers that are missing in some targets: the run learns from the others, and scores have the rows in
/// which none is missing.
#[test]
fn missing_targets_are_left_out() {
    let some = |x: &[f64]| {
        let mut t = linear(x);
        if x[2] > 0.8 {
            t[0] = f64::NAN;
        }
        t
    };
    let table = data(Shape::vector(2), some);
    for loss in [Plugin::<dyn Loss>::from(Mse {}), GaussianNll::default().into()] {
        let outputs = loss.outputs(Shape::vector(2)).unwrap();
        let trained = train(&recipe(loss.clone(), outputs, None), table.clone()).unwrap();
        let (score, loss) = (|name| trained.train.get(name).unwrap(), trained.train.loss());
        assert!(loss.is_finite() && score("r2") > 0.8, "{loss:?}: {}", score("r2"));
        assert!(trained.baseline.train.get("mse").unwrap() > score("mse"));
    }
    let said = train(&recipe(Cosine::default().into(), 2, None), table).unwrap_err().to_string();
    assert!(said.contains("NaN") && said.contains("row"), "{said}");
}

#[test]
fn targets_outside_the_domain_are_refused_by_name() {
    let refused = |loss: Plugin<dyn Loss>, made: Made, expected: &str| {
        let outputs = loss.outputs(Shape::vector(2)).unwrap();
        let run = train(&recipe(loss.clone(), outputs, None), data(Shape::vector(2), made));
        let said = run.unwrap_err().to_string();
        assert!(said.contains(expected) && said.contains(loss.typetag_name()), "{said}");
    };
    refused(Poisson::default().into(), linear, "targets of 0 or more");
    refused(Msle {}.into(), linear, "targets above -1");
    refused(Hinge {}.into(), |x| labels(&x[..2]), "targets that are -1 or 1");
    refused(Wasserstein {}.into(), linear, "targets that are -1 or 1");
    refused(BpMll {}.into(), signs, "targets that are 0 or 1");
    refused(BinaryCrossEntropy::default().into(), signs, "targets from 0 to 1");
    refused(KlDivergence {}.into(), |x| labels(&x[..2]), "add up to 1");
}

/// Rare, and never more probable than not: a third of the rows beyond a threshold.
fn rare(x: &[f64]) -> Vec<f64> {
    vec![f64::from(u8::from(x[0] > 0.8 && (1e3 * x[1]).rem_euclid(1.0) < 0.3))]
}

#[test]
fn balanced_classes_find_the_rare_one() {
    let recall = |text: &str| {
        let loss: Plugin<dyn Loss> = serde_json::from_str(text).unwrap();
        let trained = train(&recipe(loss, 2, None), data(Shape::index(2), rare)).unwrap();
        let [Some(confusion)] = &trained.train.confusion[..] else { panic!("classes") };
        confusion.get(1, 1) / (confusion.get(1, 0) + confusion.get(1, 1))
    };
    let (plain, balanced) = (
        recall(r#""cross-entropy""#),
        recall(r#"{ "type": "cross-entropy", "class-weights": "balanced" }"#),
    );
    assert!(balanced > plain + 0.3, "{balanced}, {plain} without weights");
    // The model has the numbers that the training rows gave.
    let loss = serde_json::from_str(r#"{"type": "cross-entropy", "class-weights": "balanced"}"#);
    let recipe = recipe(loss.unwrap(), 2, None);
    let setup = recipe.prepare_table(data(Shape::index(2), rare)).unwrap();
    let loss = serde_json::to_value(&setup.spec.network.loss).unwrap();
    let weights: Vec<f64> = serde_json::from_value(loss["class-weights"].clone()).unwrap();
    let rows = setup.rows.train.len() as f64;
    let count = |class: f64| rows / 2.0 / weights[class as usize];
    assert!((count(0.0) + count(1.0) - rows).abs() < 1e-9 && weights[1] > weights[0]);
}

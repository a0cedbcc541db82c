//! `acme/top`: the share of columns whose class is among the k most probable ones.
//!
//! The name of a metric carries its setting. Proves that every output of a network is scored, under
//! which names, and that names in a recipe are checked before training.

use crate::comparison::Span;
use crate::table::train;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use tanren_data::Standardize;
use tanren_layers::{Dense, Tanh};
use tanren_losses::{CrossEntropy, Mse};
use tanren_network::{LossSpec, NetworkSpec, NodeSpec};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Better, Checked, Comparison, DataError, Field, FieldSpec, Metric, Part, Plugin, Source, Split,
    Table, Values,
};
use tanren_tensor::{Shape, ShapeError, Stream};
use tanren_testkit as testkit;
use tanren_trainer::{DataSpec, Keep, Recipe, Scores, TrainingSpec};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Top {
    pub(crate) k: usize,
}

impl Checked for Top {}

#[typetag::serde(name = "acme/top")]
impl Metric for Top {
    fn name(&self) -> Cow<'_, str> {
        format!("top-{}-accuracy", self.k).into()
    }
    fn better(&self) -> Better {
        Better::Higher
    }
    fn accepts(&self, target: Shape) -> Result<(), ShapeError> {
        match target.indices {
            true => Ok(()),
            false => Err(ShapeError::new("classes as the target", target)),
        }
    }
    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let (mut right, mut all) = (0.0, 0.0);
        for ((truth, best, weight), p) in comparison.classes().zip(comparison.predictions.iter()) {
            let hit = match p.get(truth) {
                Some(own) if p.len() > 1 => p.iter().filter(|&other| other > own).count() < self.k,
                _ => truth == best, // a single number, which stands for one class
            };
            right += if hit { weight } else { 0.0 };
            all += weight;
        }
        right / all
    }
}

/// Two targets: which of three sectors a point is in, and how far it is out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Points {}

impl Checked for Points {}

#[typetag::serde(name = "acme/points")]
impl Source for Points {
    fn open(&self) -> Result<Table, DataError> {
        let mut draws = Stream::new(5, "points").sample(0);
        let (mut x, mut sector, mut distance) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..90 {
            let (a, b) = (draws.normal(), draws.normal());
            x.extend([a, b]);
            sector.push(if a + b > 0.5 { 0 } else { 1 + u32::from(a > b) });
            distance.push(a.hypot(b));
        }
        let numbers = |name: &str, width, values| {
            Field::new(FieldSpec::new(name, Shape::vector(width)), Values::Double(values))
        };
        let levels = ["east", "north", "south"].map(String::from).to_vec();
        let weights = (0..90).map(|row| f64::from(1 + row % 3)).collect();
        Ok(Table {
            name: "acme/points".into(),
            rows: 90,
            inputs: vec![numbers("x", 2, x)],
            targets: vec![Field::classes("sector", levels, sector), numbers("r", 1, distance)],
            weights: Some(weights),
            ..Table::default()
        })
    }
}

/// A third of the rows each.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Thirds {}

impl Checked for Thirds {}

#[typetag::serde(name = "acme/thirds")]
impl Split for Thirds {
    fn split(&self, table: &Table, _: Stream) -> Result<Vec<Part>, DataError> {
        if table.rows == 0 {
            return Err(DataError::new(&table.name, "expected rows, found none"));
        }
        let parts = [Part::Train, Part::Validation, Part::Test];
        Ok((0..table.rows).map(|row| parts[row % 3]).collect())
    }
}

/// Both targets from one hidden layer, with these metrics.
pub(crate) fn recipe(metrics: Vec<Plugin<dyn Metric>>) -> Recipe {
    let mut network = NetworkSpec::graph([
        NodeSpec::new("hidden", &["x"], Dense::new(8).activation(Tanh {})),
        NodeSpec::new("where", &["hidden"], Dense::new(3)),
        NodeSpec::new("far", &["hidden"], Dense::new(1)),
    ]);
    let far = LossSpec { weight: 0.25, ..LossSpec::new("far", Mse {}) };
    network.losses = vec![LossSpec::new("where", CrossEntropy::default()), far];
    let data = DataSpec::new(Points {}, Thirds {}).normalize(Standardize {});
    let mut training = TrainingSpec::new(LearningRate::constant(0.05)).epochs(6);
    (training.batch, training.metrics) = (8, metrics);
    Recipe::new(data, network, training)
}

fn names(scores: &Scores) -> Vec<&str> {
    scores.iter().map(|(name, _)| name).collect()
}

fn top(k: usize) -> Plugin<dyn Metric> {
    Top { k }.into()
}

fn error(recipe: &Recipe) -> String {
    recipe.prepare().unwrap_err().to_string()
}

#[test]
fn conforms() {
    testkit::metric(&Top { k: 2 }, &[Shape::index(3), Shape::index(5)]);
    testkit::metric(&Top { k: 1 }, &[Shape::index(2)]);
    testkit::source(&Points {});
    testkit::split(&Thirds {}, &testkit::split::table(1, 30, false));
    testkit::round_trip(&top(2));
    testkit::round_trip(&Plugin::<dyn Source>::from(Points {}));
    testkit::round_trip(&Plugin::<dyn Split>::from(Thirds {}));
}

/// The scores of the first output have the names of their metrics, those of the others the name
/// of their output before it; losses add up.
#[test]
fn every_output_is_scored() {
    let trained = train(&recipe(vec![top(2), Span { network: false }.into()]));
    let expected = [
        "loss",
        "where/loss",
        "accuracy",
        "f1_macro",
        "top-2-accuracy",
        "span",
        "far/loss",
        "far/mse",
        "far/rmse",
        "far/mae",
        "far/r2",
        "far/span",
    ];
    for scores in [Some(&trained.train), trained.validation.as_ref(), trained.test.as_ref()] {
        let scores = scores.unwrap();
        assert_eq!(names(scores), expected);
        let score = |name: &str| scores.get(name).unwrap();
        assert_eq!(score("loss"), score("where/loss") + score("far/loss"));
        testkit::golden(&[score("far/loss")], &[0.25 * score("far/mse")], 1e-6); // in single
        assert!(score("top-2-accuracy") > score("accuracy") && score("accuracy") > 0.5);
        // Classes have no numbers.
        assert!(score("span").is_nan() && score("far/span") > 1.0);
        assert!(scores.confusion[0].is_some() && scores.confusion[1].is_none());
    }
    let last = &trained.history[5].validation;
    let expected: std::collections::BTreeSet<_> = expected.into_iter().collect();
    assert!(last.keys().map(String::as_str).eq(expected));
}

/// Every class is among all of them, and the most probable one alone is the accuracy.
#[test]
fn a_name_carries_its_setting() {
    let trained = train(&recipe(vec![top(1), top(3)]));
    let score = |name: &str| trained.train.get(name).unwrap();
    assert_eq!((score("top-1-accuracy"), score("top-3-accuracy")), (score("accuracy"), 1.0));
}

#[test]
fn two_metrics_of_one_name_are_refused() {
    let twice = recipe(vec![top(2), top(3), top(2)]);
    let message = twice.check().unwrap_err().to_string();
    assert!(message.starts_with("training.metrics[2]: expected metrics of different"), "{message}");
    // One that is computed anyway may be named, but no other one may have its name.
    assert_eq!(
        names(&train(&recipe(vec![accuracy()])).train),
        names(&train(&recipe(vec![])).train)
    );
    let other = error(&recipe(vec![Named { name: "f1_macro".into() }.into()]));
    assert!(other.contains("training.metrics[0]") && other.contains("f1_macro"), "{other}");
    let other = error(&recipe(vec![Named { name: "where/loss".into() }.into()]));
    assert!(other.contains("training.metrics[0]"), "{other}");
}

fn accuracy() -> Plugin<dyn Metric> {
    tanren_trainer::metrics::Accuracy {}.into()
}

/// A metric of any name.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    name: String,
}

impl Checked for Named {}

#[typetag::serde(name = "acme/named")]
impl Metric for Named {
    fn name(&self) -> Cow<'_, str> {
        self.name.as_str().into()
    }
    fn better(&self) -> Better {
        Better::Higher
    }
    fn score(&self, _: &Comparison<'_>) -> f64 {
        0.0
    }
}

#[test]
fn a_metric_that_no_target_fits_is_refused() {
    let mut numbers = crate::table::recipe(Default::default(), recipe(vec![top(2)]).training);
    let message = error(&numbers);
    let expected =
        "training.metrics[0]: expected classes as the target, for top-2-accuracy, found 2";
    assert!(message.starts_with(expected), "{message}");
    numbers.training.metrics.clear();
    numbers.prepare().unwrap();
}

/// Names that are not computed are found before training, with the nearest one.
#[test]
fn unknown_names_are_refused() {
    let mut recipe = recipe(vec![top(2)]);
    recipe.training.keep = Keep::best("top-3-acuracy");
    let message = error(&recipe);
    assert!(message.starts_with("training.keep.best: expected a score that is"), "{message}");
    assert!(message.contains("(accuracy, f1_macro, far/loss, far/mae, "), "{message}");
    assert!(message.contains("did you mean \"top-2-accuracy\"?"), "{message}");
    recipe.training.keep = Keep::best("far/r2");
    recipe.prepare().unwrap();
}

//! `acme/table`: rows made on the spot; `acme/every`: every k-th row is for validation.
//!
//! y = (x₀ + x₁², x₀ − x₁) + noise. Proves sources and splits, and that rows of weight 0 leave no
//! trace in a whole run, whatever they hold.

use crate::harness::same;
use serde::{Deserialize, Serialize};
use tanren_data::Standardize;
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::{NetworkSpec, Parameters};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Part, Plugin, Source, Split, Table, Values,
};
use tanren_tensor::{Shape, Stream};
use tanren_testkit as testkit;
use tanren_trainer::{Arithmetic, DataSpec, Options, Order, Recipe, Trained, TrainingSpec};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Rows {
    pub(crate) rows: usize,
    /// The weight of all rows.
    pub(crate) weight: f64,
    /// Rows of weight 0 that hold no numbers, after the others.
    pub(crate) broken: usize,
}

impl Default for Rows {
    fn default() -> Self {
        Self { rows: 40, weight: 1.0, broken: 0 }
    }
}

impl Checked for Rows {}

#[typetag::serde(name = "acme/table")]
impl Source for Rows {
    fn open(&self) -> Result<Table, DataError> {
        if self.rows == 0 {
            return Err(DataError::new("acme/table", "expected rows, found none"));
        }
        let mut draws = Stream::new(3, "table").sample(0);
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..self.rows {
            let (a, b) = (draws.normal(), draws.normal());
            x.extend([a, b]);
            y.extend([a + b * b, a - b].map(|y| y + 0.05 * draws.normal()));
        }
        x.resize(2 * (self.rows + self.broken), f64::NAN);
        y.resize(x.len(), f64::NAN);
        let field = |name: &str, values| {
            Field::new(FieldSpec::new(name, Shape::vector(2)), Values::Double(values))
        };
        let mut weights = vec![self.weight; self.rows];
        weights.resize(self.rows + self.broken, 0.0);
        Ok(Table {
            name: "acme/table".into(),
            rows: weights.len(),
            inputs: vec![field("x", x)],
            targets: vec![field("y", y)],
            weights: Some(weights),
            ..Table::default()
        })
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Every {
    pub(crate) rows: usize,
}

impl Default for Every {
    fn default() -> Self {
        Self { rows: 5 }
    }
}

impl Checked for Every {}

#[typetag::serde(name = "acme/every")]
impl Split for Every {
    fn split(&self, table: &Table, _: Stream) -> Result<Vec<Part>, DataError> {
        let part = |row: usize| match row % self.rows.max(1) {
            0 => Part::Validation,
            _ => Part::Train,
        };
        let parts: Vec<Part> = (0..table.rows).map(part).collect();
        match parts.contains(&Part::Train) {
            true => Ok(parts),
            false => Err(DataError::new(&table.name, "expected rows to train on, found none")),
        }
    }
}

/// A small regression on these rows, in double precision.
pub(crate) fn recipe(source: Rows, training: TrainingSpec) -> Recipe {
    let mut data = DataSpec::new(source, Every::default()).normalize(Standardize::default());
    data.targets.push(Standardize::default().into());
    let layers = [Dense::new(6).activation(Tanh {}).into(), Dense::new(2).into()];
    let training = TrainingSpec { batch: 8, epochs: 5, ..training };
    let precision = Arithmetic::Double;
    Recipe { precision, ..Recipe::new(data, NetworkSpec::chain(layers).loss(Mse {}), training) }
}

pub(crate) fn train(recipe: &Recipe) -> Trained {
    let options = Options { threads: 1, ..Options::default() };
    recipe.prepare().unwrap().train(&mut (), &options).unwrap()
}

pub(crate) fn parameters(trained: &Trained) -> Vec<f64> {
    match trained.model.parameters() {
        Parameters::Double(p) => p.clone(),
        Parameters::Single(_) => panic!("single"),
    }
}

fn plain() -> TrainingSpec {
    TrainingSpec::new(LearningRate::constant(0.1))
}

#[test]
fn conforms() {
    testkit::source(&Rows::default());
    testkit::source(&Rows { broken: 3, ..Rows::default() });
    testkit::source_refuses(&Rows { rows: 0, ..Rows::default() });
    testkit::split(&Every::default(), &testkit::split::table(1, 30, false));
    testkit::round_trip(&Plugin::<dyn Source>::from(Rows::default()));
    testkit::round_trip(&Plugin::<dyn Split>::from(Every::default()));
    let none = recipe(Rows { rows: 0, ..Rows::default() }, plain());
    assert!(none.prepare().unwrap_err().to_string().contains("acme/table"));
    let trained = train(&recipe(Rows::default(), plain()));
    let [first, .., last] = &trained.history[..] else { panic!() };
    assert!(last.validation["loss"].0 < first.validation["loss"].0);
}

/// A power of two, so that not even rounding differs.
#[test]
fn doubled_weights_change_nothing() {
    let doubled = Rows { weight: 2.0, ..Rows::default() };
    let (one, two) = (train(&recipe(Rows::default(), plain())), train(&recipe(doubled, plain())));
    same(&parameters(&one), &parameters(&two));
    assert_eq!(one.train, two.train);
}

#[test]
fn rows_of_weight_zero_leave_no_trace() {
    for order in [Order::Fixed, Order::Shuffled] {
        let training = TrainingSpec { order, ..plain() };
        let broken = Rows { broken: 25, ..Rows::default() };
        let clean = train(&recipe(Rows::default(), training.clone()));
        let with = train(&recipe(broken, training));
        same(&parameters(&clean), &parameters(&with));
        assert_eq!((clean.train, clean.validation), (with.train, with.validation));
    }
}

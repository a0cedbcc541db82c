//! `acme/log`: y = ln (1 + x) for the features it names, or for all.
//!
//! Source: Box and Cox (1964), *An analysis of transformations*. Proves that a normaliser has the
//! description of its field wherever it is called: it keeps no places of features, only their names.

use crate::table::train;
use serde::{Deserialize, Serialize};
use tanren_data::Standardize;
use tanren_layers::Dense;
use tanren_losses::Mse;
use tanren_network::{NetworkSpec, PortSpec};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Fitted, Normalizer, Plugin, Source, Table,
};
use tanren_tensor::{ShapeError, Stream};
use tanren_testkit as testkit;
use tanren_trainer::{DataSpec, Recipe, TrainingSpec};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Log {
    features: Vec<String>,
}

impl Log {
    /// The numbers of a column, each with whether its feature is named.
    fn named(&self, field: &FieldSpec) -> impl Fn(usize) -> bool {
        let all = self.features.is_empty();
        let named = |f: usize| all || self.features.contains(&field.feature_name(f));
        let named: Vec<bool> = (0..field.width()).map(named).collect();
        move |f| named[f]
    }
}

impl Checked for Log {}

#[typetag::serde(name = "acme/log")]
impl Normalizer for Log {
    fn fit(&self, field: &Field, _: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let known = |name: &&String| !field.spec.features.iter().any(|f| f.name == **name);
        if let Some(name) = self.features.iter().find(known) {
            return Err(DataError::new(&field.spec.name, format!("expected a feature {name}")));
        }
        Ok(self.clone().into())
    }
}

#[typetag::serde(name = "acme/log-fitted")]
impl Fitted for Log {
    fn output(&self, field: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        Ok(field.clone())
    }
    fn apply(&self, field: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        let named = self.named(field);
        output.extend(input.iter().enumerate().map(|(f, x)| if named(f) { x.ln_1p() } else { *x }));
    }
    fn invert(&self, field: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        let named = self.named(field);
        input
            .extend(output.iter().enumerate().map(|(f, y)| if named(f) { y.exp_m1() } else { *y }));
        true
    }
}

/// Prices of houses by their size and age.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Houses {}

impl Checked for Houses {}

#[typetag::serde(name = "acme/houses")]
impl Source for Houses {
    fn open(&self) -> Result<Table, DataError> {
        let mut draws = Stream::new(9, "houses").sample(0);
        let (mut x, mut y) = (Vec::new(), Vec::new());
        for _ in 0..60 {
            let (size, age) = ((4.0 + draws.normal()).exp(), 10.0 * draws.uniform());
            x.extend([age, size]);
            y.push(1000.0 * size.powf(1.5) / (1.0 + 0.05 * age));
        }
        let field = |name: &str, features: &[&str], values| {
            Field::numbers(name, features.iter().map(|f| Feature::number(*f)).collect(), values)
        };
        Ok(Table {
            name: "acme/houses".into(),
            rows: 60,
            inputs: vec![field("x", &["age", "size"], x)],
            targets: vec![field("y", &["price"], y)],
            ..Table::default()
        })
    }
}

#[test]
fn conforms() {
    testkit::round_trip(&Plugin::<dyn Normalizer>::from(Log { features: vec!["x".into()] }));
    testkit::source(&Houses {});
    testkit::normalizer(&Log { features: vec!["f2".into()] }, &named());
}

/// Features from 0 on, called f0, f1, f2.
fn named() -> Field {
    let mut draws = Stream::new(4, "log").sample(0);
    let values = (0..60).map(|_| draws.uniform()).collect();
    Field::numbers("x", (0..3).map(|f| Feature::number(format!("f{f}"))).collect(), values)
}

/// Behind another normaliser the description is what that one makes of the field; on the way back it
/// is the same.
#[test]
fn each_has_the_description_it_was_fitted_on() {
    let table = Houses {}.open().unwrap();
    let mut port = PortSpec::of(&table.inputs[0]);
    let rows: Vec<usize> = (0..60).collect();
    let log = Log { features: vec!["size".into()] };
    port.normalizers.push(log.fit(&table.inputs[0], &rows).unwrap().into());
    let steps = port.steps().unwrap();
    let (mut column, mut spare) = (vec![3.0, 99.0], Vec::new());
    steps.apply(&mut column, &mut spare);
    assert_eq!(column, [3.0, 100.0_f64.ln()]);
    assert!(steps.invert(&mut column, &mut spare));
    testkit::golden(&column, &[3.0, 99.0], 1e-12);
    assert!(Log { features: vec!["rooms".into()] }.fit(&table.inputs[0], &rows).is_err());
}

/// A whole run: powers are lines in logarithms, and scores are in the target's own units.
#[test]
fn powers_become_lines() {
    let data = DataSpec::new(Houses {}, crate::top::Thirds {})
        .normalize(Log { features: vec!["size".into()] })
        .normalize(Standardize {})
        .normalize_targets(Log::default())
        .normalize_targets(Standardize {});
    let network = NetworkSpec::chain([Dense::new(1).into()]).loss(Mse {});
    let training = TrainingSpec::new(LearningRate::constant(0.1)).epochs(100);
    let trained = train(&Recipe::new(data, network, training));
    let test = trained.test.unwrap();
    assert!(test.get("r2").unwrap() > 0.95 && test.get("mae").unwrap() > 1e3, "{test}");
}

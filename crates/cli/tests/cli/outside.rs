//! A program with plugins of its own gets the whole command line, and its plugins' bugs too.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tanren_plugin::{DataError, Feature, Field, Source, Table};

/// Points of the line y = 300 + 50 x.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {}

#[typetag::serde(name = "acme/line")]
impl Source for Line {
    fn open(&self) -> Result<Table, DataError> {
        let x: Vec<f64> = (0..200).map(|i| f64::from(i) / 10.0).collect();
        let y = x.iter().map(|x| 300.0 + 50.0 * x).collect();
        let field = |name: &str, v| Field::numbers(name, vec![Feature::number(name)], v);
        let (inputs, targets) = (vec![field("x", x)], vec![field("y", y)]);
        Ok(Table { name: "line".into(), rows: 200, inputs, targets, ..Table::default() })
    }
}

/// A source with a bug.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Broken {}

#[typetag::serde(name = "acme/broken")]
impl Source for Broken {
    fn open(&self) -> Result<Table, DataError> {
        panic!("the bug of acme");
    }
}

/// Trains the automatic recipe of [`Line`] with another source: exit code, stdout, stderr.
fn train(source: &str, more: &[&str]) -> (u8, String, String) {
    let place = tempfile::tempdir().unwrap();
    let (recipe, choices) = tanren_cli::automatic(Line {}, &Line {}.open().unwrap()).unwrap();
    assert!(choices.iter().any(|choice| choice.value == "mse"));
    let mut recipe = serde_json::to_value(recipe).unwrap();
    recipe["data"]["source"] = source.into();
    let path = place.path().join("recipe.json");
    std::fs::write(&path, recipe.to_string()).unwrap();
    let out = place.path().join("run");
    let mut args = vec!["tanren", "train", path.to_str().unwrap(), "--out", out.to_str().unwrap()];
    args.extend(more);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = tanren_cli::run_from(args, &mut out, &mut err);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// Scores of a regression are in the target's own units.
#[test]
fn numbers_are_fitted_too() {
    let (code, out, err) = train("acme/line", &["--json"]);
    assert_eq!(code, 0, "{err}");
    let result: Value = serde_json::from_str(&out).unwrap();
    let score = |name: &str| result["test"][name].as_f64().unwrap();
    assert!(score("r2") > 0.99, "{out}");
    assert!((score("mse") - score("rmse").powi(2)).abs() < 1e-6 * score("mse"), "{out}");
    assert!(score("mae") <= score("rmse") && score("rmse") > score("loss"), "{out}");
    assert!(err.contains("validation rmse"), "{err}");
}

#[test]
fn a_bug_is_70_and_says_so() {
    let (code, out, err) = train("acme/broken", &["--json"]);
    assert_eq!(code, 70);
    assert!(err.contains("the bug of acme") && err.contains("report"), "{err}");
    let result: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&result["status"], &result["error"]["kind"]),
        (&"failed".into(), &"internal".into())
    );
}

#[test]
fn an_unknown_source_names_the_known_ones() {
    let (code, _, err) = train("acme/lime", &[]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean \"acme/line\"?"), "{err}");
}

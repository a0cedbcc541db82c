//! A program with plugins of its own gets the whole command line, and its plugins' bugs too.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use tanren_plugin::{
    Better, Checked, Comparison, DataError, Feature, Field, Metric, Plugin, Source, Table,
};

/// Points of the line y = 300 + 50 x.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {}

impl Checked for Line {}

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

impl Checked for Broken {}

#[typetag::serde(name = "acme/broken")]
impl Source for Broken {
    fn open(&self) -> Result<Table, DataError> {
        panic!("the bug of acme");
    }
}

/// The largest error.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Worst {}

impl Checked for Worst {}

#[typetag::serde(name = "acme/worst")]
impl Metric for Worst {
    fn name(&self) -> Cow<'_, str> {
        "worst".into()
    }
    fn better(&self) -> Better {
        Better::Lower
    }
    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let columns = comparison.numbers().into_iter().flatten();
        columns.map(|(target, prediction, _)| (target[0] - prediction[0]).abs()).fold(0.0, f64::max)
    }
}

/// Runs a command: exit code, stdout, stderr.
fn tanren(args: &[&str]) -> (u8, String, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = tanren_cli::run_from([&["tanren"], args].concat(), &mut out, &mut err);
    (code, String::from_utf8(out).unwrap(), String::from_utf8(err).unwrap())
}

/// Trains the automatic recipe of [`Line`], changed, in a folder: exit code, stdout, stderr.
fn train_in(place: &Path, change: impl Fn(&mut Value), more: &[&str]) -> (u8, String, String) {
    let (recipe, choices) = tanren_cli::automatic(Line {}, &Line {}.open().unwrap()).unwrap();
    assert!(choices.iter().any(|choice| choice.value == "mse"));
    let mut recipe = serde_json::to_value(recipe).unwrap();
    change(&mut recipe);
    let (path, out) = (place.join("recipe.json"), place.join("run"));
    std::fs::write(&path, recipe.to_string()).unwrap();
    let args = ["train", path.to_str().unwrap(), "--out", out.to_str().unwrap()];
    tanren(&[&args, more].concat())
}

/// Trains with another source.
fn train(source: &str, more: &[&str]) -> (u8, String, String) {
    let place = tempfile::tempdir().unwrap();
    train_in(place.path(), |recipe| recipe["data"]["source"] = source.into(), more)
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

/// A metric of a recipe is shown wherever the usual scores are, keeps the best epoch and may end a
/// run; `eval` knows it from the model.
#[test]
fn a_metric_is_like_any_other() {
    let place = tempfile::tempdir().unwrap();
    let add = |recipe: &mut Value| {
        recipe["training"]["metrics"] = json!(["acme/worst"]);
        recipe["training"]["keep"] = json!({ "best": "worst" });
        recipe["training"]["stopping"] =
            json!([{ "type": "patience", "epochs": 9, "metric": "worst" }]);
    };
    let (code, out, err) = train_in(place.path(), add, &["--json"]);
    assert_eq!(code, 0, "{err}");
    let result: Value = serde_json::from_str(&out).unwrap();
    for part in ["train", "validation", "test"] {
        let names = r#"{"loss":*,"mse":*,"rmse":*,"mae":*,"r2":*,"worst":*}"#.split('*');
        let mut text = out.split(&format!("\"{part}\":")).nth(1).unwrap();
        for piece in names {
            text = text.find(piece).map(|at| &text[at + piece.len()..]).expect(piece);
        }
        let score = |name: &str| result[part][name].as_f64().unwrap();
        assert!(score("worst") > score("rmse"), "{out}");
    }
    assert!(err.contains("validation rmse") && err.contains("  worst "), "{err}");
    if let Some(reason) = result["reason"].as_str() {
        assert!(reason.contains("validation worst"), "{reason}");
    }
    let lines = std::fs::read_to_string(place.path().join("run/metrics.jsonl")).unwrap();
    let scores = lines.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["validation"]["worst"].as_f64().unwrap()
    });
    assert_eq!(result["validation"]["worst"], scores.fold(f64::MAX, f64::min));

    let model = place.path().join("run/model.safetensors");
    let (code, out, err) = tanren(&["eval", model.to_str().unwrap(), "--json"]);
    assert_eq!(code, 0, "{err}");
    let again: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(again["test"], result["test"]);
    let (_, words, _) = tanren(&["eval", model.to_str().unwrap()]);
    assert!(words.contains("\nworst  "), "{words}");

    let place = tempfile::tempdir().unwrap();
    let (_, words, _) = train_in(place.path(), add, &[]);
    assert!(words.contains("\nworst  ") && words.contains("(best validation worst)"), "{words}");
}

#[test]
fn an_unknown_score_names_the_nearest() {
    let place = tempfile::tempdir().unwrap();
    let keep = |recipe: &mut Value| recipe["training"]["keep"] = json!({ "best": "rmes" });
    let (code, _, err) = train_in(place.path(), keep, &[]);
    assert_eq!(code, 2, "{err}");
    for part in [
        "recipe.json:1:",
        "training.keep.best",
        "(loss, mae, mse, r2, rmse)",
        "did you mean \"rmse\"?",
    ] {
        assert!(err.contains(part), "{err}");
    }
}

/// Rows of `x|y`, of which x is to be multiplied.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pipes {
    path: PathBuf,
    scale: f64,
}

impl Checked for Pipes {}

#[typetag::serde(name = "acme/pipes")]
impl Source for Pipes {
    fn open(&self) -> Result<Table, DataError> {
        let fail = |e: &dyn std::fmt::Display| DataError::new(self.path.display(), e);
        let text = std::fs::read_to_string(&self.path).map_err(|e| fail(&e))?;
        let mut columns = [Vec::new(), Vec::new()];
        for line in text.lines() {
            for (column, cell) in columns.iter_mut().zip(line.split('|')) {
                column.push(cell.parse::<f64>().map_err(|e| fail(&e))?);
            }
        }
        let [mut x, y] = columns;
        x.iter_mut().for_each(|x| *x *= self.scale);
        let field = |name: &str, v| Field::numbers(name, vec![Feature::number(name)], v);
        let rows = x.len();
        let targets = if y.len() == rows { vec![field("y", y)] } else { Vec::new() };
        let inputs = vec![field("x", x)];
        Ok(Table { name: "pipes".into(), rows, inputs, targets, ..Table::default() })
    }

    fn at(&self, path: &Path, _: Option<&str>) -> Result<Option<Plugin<dyn Source>>, DataError> {
        let ours = path.extension().is_some_and(|ending| ending == "pipes");
        Ok(ours.then(|| Self { path: path.into(), scale: self.scale }.into()))
    }
}

/// New data in the format of a source from outside are read by that source, with the settings the
/// model was trained with; other files are looked at as always.
#[test]
fn new_data_are_read_by_the_models_own_source() {
    let place = tempfile::tempdir().unwrap();
    let file = |name: &str, lines: Vec<String>| {
        let path = place.path().join(name);
        std::fs::write(&path, lines.join("\n")).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let y = |x: usize| 300 + 50 * x;
    let old = file("old.pipes", (0..200).map(|x| format!("{x}|{}", y(x))).collect());
    let source = json!({ "type": "acme/pipes", "path": old, "scale": 0.1 });
    let (code, _, err) =
        train_in(place.path(), |recipe| recipe["data"]["source"] = source.clone(), &[]);
    assert_eq!(code, 0, "{err}");
    let model = place.path().join("run/model.safetensors");
    let model = model.to_str().unwrap();

    let known = file("new.pipes", (50..60).map(|x| format!("{x}|{}", y(x))).collect());
    let (code, out, err) = tanren(&["eval", model, "--data", &known, "--json"]);
    assert_eq!(code, 0, "{err}");
    let result: Value = serde_json::from_str(&out).unwrap();
    assert!(result["rows"] == 10 && result["all"]["r2"].as_f64().unwrap() > 0.9, "{out}");

    let unknown = file("unknown.pipes", (50..60).map(|x| x.to_string()).collect());
    let (code, out, err) = tanren(&["predict", model, "--data", &unknown]);
    assert_eq!(code, 0, "{err}");
    let predictions: Vec<f64> = out.lines().skip(1).map(|line| line.parse().unwrap()).collect();
    assert_eq!(predictions.len(), 10);
    assert!((predictions[0] - y(50) as f64).abs() < 200.0, "{out}");

    // A table of text is one for anybody: here x is as the network sees it.
    let table =
        file("new.csv", ["x".into()].into_iter().chain((5..8).map(|x| format!("{x}.0"))).collect());
    let (code, out, err) = tanren(&["predict", model, "--data", &table]);
    assert_eq!((code, out.lines().count()), (0, 4), "{err}");
}

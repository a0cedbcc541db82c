//! Data in several files: to train on, to test on and to validate with.

use crate::harness::Place;

/// Files of their own for testing and validation: read with the settings of the first, by its columns.
#[test]
fn other_rows_to_test_and_validate_on() {
    let place = Place::new();
    let lines = |header: &str, rows: usize, line: fn(usize, usize) -> String| {
        (0..rows).fold(format!("{header}\n"), |t, i| format!("{t}{}\n", line(i, i * 37 % 100)))
    };
    let row = |i: usize, x: usize| format!("a{i},{x},{}", if x < 50 { "p" } else { "q" });
    place.write("a.csv", &lines("id,x,y", 60, row));
    let turned = |i: usize, x: usize| format!("{},{i},{x}", if x < 50 { "p" } else { "q" });
    place.write("b.csv", &lines("y,more,x", 20, turned));
    place.write("c.csv", &lines("x", 9, |_, x| x.to_string()));
    let options = "--epochs 2 --json --set data.source.ignore=['id']";
    let line = format!("train a.csv --target y --test b.csv --validation b.csv {options}");
    let result = place.json(&format!("{line} --out run"));
    for part in ["test", "validation"] {
        assert!(result[part]["accuracy"].is_number(), "{result}");
    }
    assert_eq!(result["test"]["loss"], result["validation"]["loss"]);
    let rows = place.json("eval run --json");
    assert_eq!((rows["rows"].as_u64(), &rows["test"]), (Some(20), &result["test"]));
    let recipe = place.read("run/recipe.toml");
    assert_eq!(recipe.matches(r#"ignore = ["id"]"#).count(), 3, "{recipe}");
    // One part's own settings, and validation data alone.
    let line = "train a.csv --target y --validation b.csv --epochs 2 --json --out own --set";
    let result = place.json(&format!("{line} data.source.train.ignore=['id']"));
    assert!(result["validation"]["accuracy"].is_number() && result["test"].is_null(), "{result}");
    place.fails(
        "train a.csv --target y --test c.csv --set data.source.ignore=['id'] --out none",
        3,
        &["c.csv", "missing column \"y\"", "rows for testing must have the target"],
    );
}

//! Data in several files: to train on, to test on and to validate with.

use crate::harness::{Place, text};

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

/// Rows of 40 measurements.
fn rows(first: usize) -> String {
    let line = |i: usize| format!("{}.5,{}\n", i * 17 % 41, i % 2);
    (first..first + 40).fold("x,y\n".to_owned(), |text, i| text + &line(i))
}

#[test]
fn rows_that_are_trained_on_and_tested_on_are_told() {
    let place = Place::new();
    place.write("a.csv", &rows(0));
    place.write("b.csv", &rows(1));
    let turned =
        place.read("a.csv").lines().skip(1).fold(String::new(), |t, row| format!("{row}\n{t}"));
    place.write("turned.csv", &format!("x,y\n{turned}"));
    let trained =
        "rows are the rows that are trained on: scores on them say nothing about new rows";
    let chosen = "note: the test rows are the validation rows, by which the best epoch is chosen";
    for (number, (options, notes)) in [
        ("--test a.csv", vec![format!("note: the test {trained}")]),
        ("--test turned.csv", vec![format!("note: the test {trained}")]),
        ("--validation ./a.csv --test b.csv", vec![format!("note: the validation {trained}")]),
        ("--validation b.csv --test b.csv", vec![chosen.to_owned()]),
        ("--test b.csv", Vec::new()),
    ]
    .into_iter()
    .enumerate()
    {
        let line = format!("train a.csv --target y {options} --epochs 1 --out run{number} --quiet");
        let message = text(&place.tanren(&line).stderr);
        assert_eq!(message.matches("note: the ").count(), notes.len(), "{options}: {message}");
        for note in &notes {
            assert!(message.contains(note.as_str()), "{options}: {message}");
        }
        let result = place.read(&format!("run{number}/result.json"));
        assert_eq!(
            result.contains("the rows that are trained on") || result.contains("is chosen"),
            !notes.is_empty(),
            "{options}: {result}"
        );
    }
}

/// A table knows what it is called and counts its rows through; a person knows files.
#[test]
fn what_is_wrong_with_a_row_names_its_file() {
    let place = Place::new();
    std::fs::create_dir(place.path("more")).unwrap();
    place.write("a.csv", &rows(0));
    place.write("more/b.csv", &(rows(1) + "1e300,1\n"));
    let line = "train a.csv --target y --epochs 1";
    place.fails(&format!("{line} --test more/b.csv"), 3, &["more/b.csv, row 40, column x"]);
    place.fails(
        &format!("{line} --validation more/b.csv --test a.csv"),
        3,
        &["more/b.csv, row 40, column x"],
    );
    place.json(&format!("{line} --out run --json"));
    place.fails("eval run --data more/b.csv", 3, &["more/b.csv, line 42, row 40, column x"]);
    place.fails("predict run --data more/b.csv", 3, &["more/b.csv, line 42, row 40, column x"]);
}

/// In a recipe the settings of several files have paths of their own.
#[test]
fn advice_for_a_recipe_names_the_part_of_its_source() {
    let place = Place::new();
    let lines = |head: &str| rows(0).replacen("x,y\n", head, 1);
    place.write("a.csv", &lines("# a\nx,y\n"));
    place.write("b.csv", &lines("# b\nx,y\n"));
    place.prints("init a.csv --target y --test b.csv --output my.toml");
    let message = text(&place.tanren("train my.toml --epochs 1 --out run").stderr);
    assert!(message.contains("--set data.source.train.comment=…"), "{message}");
    let message =
        text(&place.tanren("train a.csv --target y --test b.csv --epochs 1 --out own").stderr);
    assert!(message.contains("--set data.source.comment=…"), "{message}");
    let wrong = place.read("my.toml").replacen("missing = [", "ignore = [\"no\"], missing = [", 1);
    place.write("wrong.toml", &wrong);
    place.fails("train wrong.toml", 3, &["help: --set data.source.train.ignore=…"]);
}

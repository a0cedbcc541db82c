//! Data of one's own: from a file and a target to predictions of other rows.

use crate::harness::{Place, text};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Houses: gaps, a column of text, and a price that follows from the rest; some have no price.
pub(crate) fn houses(rows: usize) -> String {
    let mut text = String::from("id,area,rooms,town,price\n");
    for i in 0..rows {
        let (area, rooms, town) =
            (40 + i * 37 % 121, 1 + i * 7 % 5, ["Rome", "Oslo", "Lima"][i % 3]);
        let price = 50_000 + 3_000 * area + 10_000 * rooms + 40_000 * (i % 3);
        let rooms = if i % 17 == 3 { String::new() } else { rooms.to_string() };
        let price = if i % 50 == 7 { "NA".into() } else { price.to_string() };
        writeln!(text, "id-{i},{area},{rooms},{town},{price}").unwrap();
    }
    text
}

/// Three kinds of flowers that differ in both lengths.
pub(crate) fn flowers(rows: usize) -> String {
    let mut text = String::new();
    for i in 0..rows {
        let (kind, noise) = (i % 3, (i * 31 % 17) as f64 / 17.0);
        let name = ["rose", "tulip", "lily"][kind];
        writeln!(text, "{:.2}, {:.2}, {name}", kind as f64 + noise, 3.0 - kind as f64 + noise)
            .unwrap();
    }
    text
}

/// The rows of a CSV text without quotes, each cell by the name of its column.
fn rows(text: &str) -> Vec<BTreeMap<String, String>> {
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned));
    let header: Vec<String> = lines.next().unwrap().collect();
    lines.map(|cells| header.iter().cloned().zip(cells).collect()).collect()
}

/// The rows that were kept for testing, by their number in the file.
fn tested(place: &Place) -> Vec<usize> {
    let split = rows(&place.read("run/split.csv"));
    let test = split.iter().filter(|row| row["part"] == "test");
    test.map(|row| row["row"].parse().unwrap()).collect()
}

#[test]
fn what_is_chosen_names_what_happens() {
    let place = Place::new();
    let table =
        |line: &dyn Fn(usize) -> String| (0..40).map(|n| line(n) + "\n").collect::<String>();
    let colour = |n: usize| ["red", "green", "blue"][n % 3];
    let y = |n: usize| format!("{}.5", n * 7 % 40);
    let x = |n: usize| format!("{}.25", n * 11 % 40);
    place.write("x.csv", &format!("x,y\n{}", table(&|n| format!("{},{}", x(n), y(n)))));
    place.write("c.csv", &format!("c,y\n{}", table(&|n| format!("{},{}", colour(n), y(n)))));
    let gap = |n: usize| if n == 3 { String::new() } else { x(n) };
    let both = table(&|n| format!("{},{},{},{}", gap(n), x(n + 5), colour(n), y(n)));
    place.write("both.csv", &format!("x,z,c,y\n{both}"));
    let inputs = |data: &str| {
        let recipe = place.prints(&format!("init {data} --target y"));
        let line = recipe.lines().find(|line| line.starts_with("#   inputs:")).unwrap();
        line["#   inputs:".len()..].trim().to_owned()
    };
    assert_eq!(inputs("x.csv"), "standardize (1 number, none missing)");
    assert_eq!(inputs("c.csv"), "one-hot (1 category, none missing)");
    let output = text(&place.tanren("init both.csv --target y").stdout);
    assert!(output.contains("impute, standardize, one-hot (2 numbers, 1 category)"), "{output}");
}

#[test]
fn a_file_and_a_target_are_enough() {
    let place = Place::new();
    place.write("houses.csv", &houses(400));
    let output = place.tanren("train houses.csv --target price --out run --epochs 40");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{err}");
    for note in ["column id left out", "8 rows without a target left out", "column rooms: "] {
        assert!(err.contains(note), "{note:?} not in {err}");
    }
    for choice in ["2 numbers, 1 category", "impute, standardize, one-hot", "a number", "mse"] {
        assert!(out.contains(choice), "{choice:?} not in {out}");
    }
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let recipe = place.read("run/recipe.toml");
    assert!(recipe.contains("#   inputs:"), "{recipe}");

    // Predictions of other rows, joined with the split, give the score.
    let score = place.json("eval run --json");
    let houses = rows(&place.read("houses.csv"));
    let without: String = houses.iter().fold("town,extra,rooms,area\n".into(), |text, row| {
        format!("{text}{},x,{},{}\n", row["town"], row["rooms"], row["area"])
    });
    place.write("new.csv", &without);
    let predictions = rows(&text(&place.tanren("predict run --data new.csv").stdout));
    assert_eq!(predictions.len(), houses.len());
    let pairs: Vec<(f64, f64)> = tested(&place)
        .into_iter()
        .map(|row| {
            (houses[row]["price"].parse().unwrap(), predictions[row]["prediction"].parse().unwrap())
        })
        .collect();
    let n = pairs.len() as f64;
    let mean = pairs.iter().map(|(y, _)| y).sum::<f64>() / n;
    let error: f64 = pairs.iter().map(|(y, p)| (y - p).powi(2)).sum();
    let spread: f64 = pairs.iter().map(|(y, _)| (y - mean).powi(2)).sum();
    let r2 = 1.0 - error / spread;
    assert!((score["test"]["r2"].as_f64().unwrap() - r2).abs() < 1e-12, "{r2}: {score}");
    assert!(r2 > 0.9, "{r2}");
}

#[test]
fn classes_without_a_header() {
    let place = Place::new();
    place.write("flowers.csv", &flowers(300));
    let train = "train flowers.csv --target -1 --out run --epochs 30 --json";
    let result = place.json(train);
    assert!(result["test"]["accuracy"].as_f64().unwrap() > 0.9, "{result}");
    let err = text(&place.tanren("train flowers.csv --target -1 --out again --epochs 1").stderr);
    assert!(err.contains("the target is column 2 of 3 (last)"), "{err}");
    // Without the last column, and with a header that says the positions.
    let flowers = place.read("flowers.csv");
    let bare: String = flowers
        .lines()
        .fold(String::new(), |text, line| format!("{text}{}\n", line.rsplit_once(',').unwrap().0));
    place.write("bare.csv", &bare);
    let predictions = rows(&text(&place.tanren("predict run --data bare.csv").stdout));
    let truth: Vec<&str> = flowers.lines().map(|line| line.rsplit_once(", ").unwrap().1).collect();
    let test = tested(&place);
    let right = test.iter().filter(|&&row| predictions[row]["prediction"] == truth[row]).count();
    let accuracy = right as f64 / test.len() as f64;
    assert_eq!(result["test"]["accuracy"].as_f64().unwrap(), accuracy);
    // A label that the model does not have, slightly different from one it has.
    place.write("other.csv", &flowers.replace("tulip", "tulip."));
    place.fails(
        "eval run --data other.csv",
        3,
        &[
            "other.csv, line 2, row 1, column 2",
            "unknown label \"tulip.\"; did you mean \"tulip\"?",
        ],
    );
    // The wrong number of columns.
    place.write("narrow.csv", "1\n2\n");
    place.fails(
        "predict run --data narrow.csv",
        3,
        &["narrow.csv", "expected 3 columns", "found 1"],
    );
}

#[test]
fn other_rows_to_test_on() {
    let place = Place::new();
    place.write("train.csv", &flowers(300));
    place.write("test.csv", &flowers(45));
    let line = "train train.csv --target 2 --test test.csv --out run --epochs 20 --json";
    let result = place.json(line);
    let again = place.json("eval run --data test.csv --json");
    assert_eq!(again["all"], result["test"]);
    assert_eq!((again["rows"].as_u64(), again["split"].as_str()), (Some(45), Some("all")));
    let own = place.json("eval run --json");
    assert_eq!(
        (own["test"].clone(), own["split"].as_str()),
        (result["test"].clone(), Some("test"))
    );
}

/// When the data have changed, the rows held out for testing are unknown.
#[test]
fn changed_data_are_not_taken_for_those_trained_on() {
    let place = Place::new();
    place.write("houses.csv", &houses(100));
    let trained = place.json("train houses.csv --target price --out run --epochs 3 --json");
    assert!(trained["notes"][0].as_str().unwrap().contains("column id left out"), "{trained}");
    place.write("copy.csv", &houses(100));
    let copy = place.json("eval run --data copy.csv --json");
    assert_eq!(
        (copy["test"].clone(), copy["split"].as_str()),
        (trained["test"].clone(), Some("test"))
    );
    let other = place.json("eval run --data copy.csv --target -1 --json");
    assert_eq!(other["test"], trained["test"]);
    let text = houses(100).replacen("id-3,", "id-3,9", 1);
    place.write("houses.csv", &text);
    place.fails("eval run", 3, &["not the data the model was trained on", "--split all"]);
    place.fails("eval run --data houses.csv --split test", 3, &["not the data"]);
    assert_eq!(place.json("eval run --data houses.csv --json")["split"], "all");
    place.fails(
        "predict run --data houses.csv --output houses.csv",
        2,
        &["would overwrite the data"],
    );
    assert_eq!(place.read("houses.csv"), text);
}

/// What normalisers leave out is an error, not a number that means nothing.
#[test]
fn rows_must_be_numbers_when_they_reach_the_network() {
    let place = Place::new();
    place.write("houses.csv", &houses(100));
    let train = "train houses.csv --target price --epochs 2 --out";
    place.fails(
        &format!("{train} a --set data.inputs=[\"impute\",\"standardize\"]"),
        2,
        &["data.inputs", "one-hot", "category town"],
    );
    place.fails(
        &format!("{train} b --set data.inputs=[\"standardize\",\"one-hot\"]"),
        3,
        &["houses.csv, line 5, row 3, column rooms", "impute"],
    );
    place.write(
        "whole.csv",
        "x,y\n1,2.5\n2,3.5\n3,4.25\n4,5.5\n5,6.5\n6,7.5\n7,8.5\n8,9.5\n9,1.5\n10,2\n",
    );
    place.json(
        "train whole.csv --target y --epochs 2 --out c --json --set data.inputs=[\"standardize\"]",
    );
    place.write("gap.csv", "x\n1\n?\n");
    place.fails("predict c --data gap.csv", 3, &["gap.csv, line 3, row 1", "found NaN", "impute"]);
    let line =
        "train whole.csv --target y --epochs 2 --out d --set training.search.rate.value=1e30";
    assert_eq!(place.tanren(line).status.code(), Some(4));
    place.fails("predict d", 4, &["d has no model", "diverged"]);
}

/// A task that was asked for, recipes and options that do not go together.
#[test]
fn what_is_said_counts() {
    let place = Place::new();
    let digits: String = (0..200).fold("x,y\n".into(), |t, i| format!("{t}{},{}\n", i % 7, i % 5));
    place.write("d.csv", &digits);
    let classes = place.json("train d.csv --target y --epochs 1 --out a --json");
    assert!(classes["test"]["accuracy"].is_number());
    let numbers = place.json("train d.csv --target y --task regression --epochs 1 --out b --json");
    assert!(numbers["test"]["r2"].is_number());
    place.fails("train a/recipe.toml --target x", 2, &["--target", "data.source"]);
    place.fails("train digits --target x", 2, &["digits", "--target"]);
    place.fails("train d.csv", 2, &["--target", "x, y"]);
    place.fails("train a", 2, &["resume"]);
    place.fails("train nowhere.csv", 3, &["nowhere.csv", "no such file"]);
    place.write("d.svm", "1 1:2\n2 1:3\n");
    place.fails("train d.svm --target y", 3, &["begins with its target"]);
    place.fails("train d.svm --header yes", 3, &["header cannot be used"]);
    let said =
        text(&place.tanren("train d.csv --target y --epochs 1 --set data.split.test=0.5").stdout);
    assert!(said.contains("changed by --set") && !said.contains("20% test"), "{said}");
}

/// Each mistake in data with its place, and nothing begun.
#[test]
fn mistakes_in_data_are_3_and_say_where() {
    let place = Place::new();
    let many =
        |last: &str| (0..30).fold("a,b\n".to_owned(), |t, i| format!("{t}{i},{}\n", i % 3)) + last;
    let cases: &[(&str, String, &[&str])] = &[
        ("ragged", many("1,2,3\n"), &["line 32", "expected 2 cells, found 3"]),
        ("empty", String::new(), &["empty"]),
        ("blank", "\n\n".into(), &["empty"]),
        ("header", "a,b\n".into(), &["row"]),
        ("one", "a,b\n1,x\n2,x\n3,x\n".into(), &["column b", "two classes"]),
        ("infinite", many("inf,1\n"), &["line 32", "row 30", "column a", "finite"]),
        ("overflow", many("1e999,1\n"), &["line 32", "row 30", "column a", "finite"]),
        ("wide", many("1.7e308,1\n"), &["line 32", "row 30", "column a", "finite variance"]),
        (
            "missing",
            "a,b\n?,1\nNA,2\n,1\n".into(),
            &["column a left out: all its values are missing"],
        ),
        ("twice", "b,b\n1,2\n".into(), &["b"]),
        ("open", "a,b\n\"1,2\n3,4\n".into(), &["line 2", "quote"]),
        ("unlabelled", "a,b\n1,\n2,\n".into(), &["b"]),
    ];
    for (name, content, words) in cases {
        let file = format!("{name}.csv");
        place.write(&file, content);
        place.fails(&format!("train {file} --target b --out run"), 3, words);
        assert!(!place.path("run").exists(), "{name}");
    }
    place.write("text.csv", &many("oops,1\n"));
    let line = r#"train text.csv --target b --set data.source.numbers=["a"]"#;
    place.fails(line, 3, &["line 32", "row 30", "column a", "oops", "missing"]);
    place.write("good.csv", &many(""));
    place.fails("train good.csv --target bb", 3, &["\"bb\"", "did you mean \"b\"?", "a, b"]);
}

/// Files that are no text, or pretend to be data.
#[test]
fn files_that_are_something_else_are_3() {
    let place = Place::new();
    let line = "train wrong --target 0";
    let mut long = vec![b'1'; 10 << 20];
    long.extend_from_slice(b"\n2\n");
    let cases: &[(&[u8], &str)] = &[
        (&long, "8 MiB"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"PK\x03\x04", "zip"),
        (b"PAR1", "Parquet"),
        (b"\x1f\x8b\x08garbage", "wrong"),
        (&[0, 0, 8, 3, 0, 0, 0, 1], "wrong"),
        (&[0, 0, 8, 1, 255, 255, 255, 255], "wrong"),
        (b"\x93NUMPY\x01\x00\x10\x00{'descr': '|O'}", "wrong"),
        (&[7; 100], "wrong"),
    ];
    for (bytes, word) in cases {
        std::fs::write(place.path("wrong"), bytes).unwrap();
        place.fails(line, 3, &["wrong", word]);
    }
    std::fs::write(place.path("zero"), "1 0:5\n2 1:5\n").unwrap();
    let line = "train zero --set data.source.zero-based=false";
    place.fails(line, 3, &["zero, line 1", "zero-based = true"]);
}

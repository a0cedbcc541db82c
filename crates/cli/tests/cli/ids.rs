//! `--id`: columns by which people know the rows, beside the predictions.

use crate::harness::Place;
use std::fmt::Write as _;

fn orders() -> String {
    let mut text = String::from("order,x,y\n");
    for i in 0..200 {
        let x = i * 37 % 101;
        writeln!(text, "\"N-{i:03}, {}\",{x},{}", i % 7, 2 * x).unwrap();
    }
    text
}

#[test]
fn ids_stand_beside_predictions() {
    let place = Place::new();
    place.write("orders.csv", &orders());
    place.json("train orders.csv --target y --id order --epochs 3 --out run --json");
    assert!(place.read("run/recipe.toml").contains("ids = [\"order\"]"));
    place.write("new.csv", "x,order,day\n5,A1,Mon\n6,\"B, 2\",Tue\n");
    let lines = place.prints("predict run --data new.csv --id day");
    let lines: Vec<&str> = lines.lines().collect();
    assert_eq!(lines[0], "order,day,prediction");
    assert!(lines[1].starts_with("A1,Mon,") && lines[2].starts_with("\"B, 2\",Tue,"), "{lines:?}");
    // Without the column, predictions stand alone, and it is said.
    place.write("bare.csv", "x\n5\n");
    let out = place.tanren("predict run --data bare.csv");
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("no column order to stand beside the predictions"), "{said}");

    place.prints("eval run --predictions truth.csv --id x");
    let truth = place.read("truth.csv");
    let lines: Vec<Vec<&str>> = truth.lines().map(|line| line.split(',').collect()).collect();
    assert_eq!(lines[0], ["row", "order", "x", "truth", "prediction"]);
    for line in &lines[1..] {
        // The id has a comma, and so two parts.
        let (row, x): (usize, f64) = (line[0].parse().unwrap(), line[3].parse().unwrap());
        assert_eq!(line[1], format!("\"N-{row:03}"));
        assert_eq!(line[4].parse::<f64>().unwrap(), 2.0 * x, "{line:?}");
    }
}

#[test]
fn names_are_not_taken_twice() {
    let place = Place::new();
    place.write("scores.csv", &orders().replace("order", "prediction"));
    place.json("train scores.csv --target y --id prediction --epochs 1 --out run --json");
    let lines = place.prints("predict run");
    assert!(lines.starts_with("id_prediction,prediction\n"), "{lines}");
    place.prints("eval run --predictions truth.csv");
    let header = "row,id_prediction,truth,prediction\n";
    assert!(place.read("truth.csv").starts_with(header));
}

#[test]
fn mistakes_in_ids_are_told() {
    let place = Place::with_recipes();
    place.write("orders.csv", &orders());
    let words = ["--id: no column \"ordr\"", "did you mean \"order\"?"];
    place.fails("train orders.csv --target y --id ordr", 3, &words);
    place.fails("train good.toml --id order", 2, &["--id", "change data.source"]);
    place.fails("train iris --id 0", 2, &["--id", "embedded data set"]);
    place.json("train orders.csv --target y --epochs 1 --out run --json");
    let words = ["no column \"ordr\"", "did you mean \"order\"?"];
    place.fails("predict run --id ordr", 3, &words);
    place.fails("eval run --id order", 2, &["--predictions"]);
    place.json("train iris --epochs 1 --out flowers --json");
    place.fails("predict flowers --id 0", 2, &["--id 0: iris has no columns of text"]);
}

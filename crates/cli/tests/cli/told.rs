//! What people are told about their data: where a mistake is, what a score needs, which option helps.

use crate::harness::{Place, text};
use tanren_network::{Parameters, TensorFile};

/// Forty rows: a measurement, a constant, the target.
fn rows(constant: &str) -> String {
    let line = |n: usize| format!("{}.25,{constant},{}.5\n", n * 17 % 40, n * 11 % 40);
    (0..40).fold("x,k,y\n".to_owned(), |text, n| text + &line(n))
}

#[test]
fn a_score_that_is_not_defined_says_what_it_needs() {
    let place = Place::new();
    place.write("a.csv", &rows("5"));
    place.write("one.csv", "x,k,y\n7.25,5,12.5\n");
    let line = "train a.csv --target y --validation one.csv --test a.csv --epochs 2 --out run";
    let output = place.tanren(line);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(out.contains("r2 (validation) needs at least two rows whose targets differ"), "{out}");
    assert!(!out.contains("NaN"), "{out}");
    assert!(err.contains("only 1 row for validation"), "{err}");
    let result = place.json("eval run --split validation --json");
    assert!(result["validation"]["r2"].is_null(), "{result}");
    assert!(result["validation"]["mse"].is_number(), "{result}");
    let notes = result["notes"].to_string();
    assert!(notes.contains("validation r2 is not defined: it needs at least two rows"), "{notes}");
}

/// The weight of such a column has learnt nothing, so no value of it may reach the network.
#[test]
fn a_column_that_is_constant_in_the_training_rows_changes_nothing() {
    let place = Place::new();
    place.write("a.csv", &rows("5"));
    for (name, constant) in [("b.csv", "6"), ("c.csv", "1e9")] {
        place.write(name, &rows(constant));
    }
    let keeps = "--set data.source.numbers=['k']";
    let line = format!("train a.csv --target y --test b.csv --epochs 2 --out run {keeps}");
    let output = place.tanren(&line);
    let err = text(&output.stderr);
    assert!(err.contains("column k has the same value in every training row and others"), "{err}");
    assert_eq!(place.prints("predict run --data b.csv"), place.prints("predict run --data c.csv"));
}

#[test]
fn advice_names_options_where_there_are_some() {
    let place = Place::new();
    let line = |n: usize| format!("{n},{}.25,{}.5\n", n * 17 % 40, n * 11 % 40);
    place.write("a.csv", &(0..40).fold("id,x,y\n".to_owned(), |text, n| text + &line(n)));
    let err = text(&place.tanren("train a.csv --target y --epochs 1 --out run").stderr);
    assert!(err.contains("(name it in --set data.source.numbers=… to keep it)"), "{err}");
    // The encoding of new data cannot be set.
    std::fs::write(place.path("new.csv"), b"x,note\n1.5,caf\xe9\n").unwrap();
    let err = text(&place.tanren("predict run --data new.csv").stderr);
    assert!(err.contains("Latin-1") && !err.contains("encoding") && !err.contains('`'), "{err}");
}

/// What a note says can be typed, whatever the column is called and however its numbers are written.
#[cfg(unix)]
#[test]
fn a_note_can_be_typed() {
    let place = Place::new();
    let names = ["net.price", "it's", "a = b", "say \"x\"", "(€)", "7", "big"];
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let header: Vec<_> = names.iter().map(|name| quoted(name)).collect();
    let line = |n: usize| {
        let cell = |at: usize| format!("{}'{:03}.{at}5 K", 1 + n * 7 % 50, 10 * at + n * 31 % 900);
        (0..names.len()).fold(String::new(), |line, at| line + &cell(at) + ",")
            + &format!("{n}.5\n")
    };
    let rows: String = (0..60).map(line).collect();
    place.write("a.csv", &format!("{},y\n{rows}", header.join(",")));
    place.write("b.csv", &rows);
    for inspect in ["inspect a.csv --json --header yes", "inspect b.csv --json --header no"] {
        let notes = place.json(inspect)["notes"].clone();
        let notes: Vec<&str> =
            notes.as_array().unwrap().iter().filter_map(|x| x.as_str()).collect();
        let advised = notes.iter().filter_map(|note| note.split_once("say so: "));
        let advised: Vec<&str> = advised.map(|(_, advice)| advice).collect();
        assert_eq!(advised.len(), names.len(), "{notes:?}");
        for advice in advised {
            let program = place.command(inspect).get_program().to_string_lossy().into_owned();
            let line = format!("'{program}' {inspect} {advice}");
            let mut shell = std::process::Command::new("sh");
            let output = shell.args(["-c", &line]).current_dir(place.path("")).output().unwrap();
            assert!(output.status.success(), "{line}: {}", text(&output.stderr));
            let again = text(&output.stdout);
            assert_eq!(again.matches("say so: ").count(), names.len() - 1, "{line}: {again}");
        }
    }
}

#[test]
fn eval_says_which_parts_there_are() {
    let place = Place::new();
    place.write("a.csv", &rows("5"));
    let mut command = place.command("train a.csv --target y --epochs 1 --out run --json");
    command.args(["--set", "data.split={ type = \"random\", test = 0.0, validation = 0.25 }"]);
    assert!(command.output().unwrap().status.success());
    let parts = ["30 train and 10 validation", "--split validation", "--data FILE"];
    place.fails("eval run", 3, &parts);
    for (part, count) in [("train", 30), ("validation", 10), ("all", 40)] {
        let result = place.json(&format!("eval run --split {part} --json"));
        assert_eq!((&result["rows"], &result["split"]), (&count.into(), &part.into()));
    }
}

#[test]
fn a_model_that_predicts_infinities_has_diverged() {
    let place = Place::new();
    place.json("train iris --epochs 1 --out run --json");
    let mut file = TensorFile::read(&place.path("run/model.safetensors")).unwrap();
    for (_, values) in file.tensors.values_mut() {
        if let Parameters::Single(values) = values {
            values.fill(1e38);
        }
    }
    file.write(&place.path("wild.safetensors")).unwrap();
    place.fails("predict wild.safetensors --data iris", 4, &["NaN or infinite", "diverge"]);
}

#[test]
fn a_number_beyond_the_precision_has_its_file_row_and_column() {
    let place = Place::new();
    for (column, set) in [("x", "data.inputs=[]"), ("y", "data.targets=[]")] {
        let wild = match column {
            "x" => rows("5").replace("\n17.25,5,11.5\n", "\n1e45,5,11.5\n"),
            _ => rows("5").replace("\n17.25,5,11.5\n", "\n17.25,5,1e45\n"),
        };
        place.write("wild.csv", &wild);
        let line = format!("train wild.csv --target y --epochs 1 --out run-{column} --set {set}");
        let place_of_it =
            format!("wild.csv, line 3, row 1, column {column}: expected finite numbers");
        place.fails(&line, 3, &[&place_of_it, "found inf, from 1e45"]);
    }
}

#[test]
fn data_beside_a_recipe_are_pointed_out() {
    let place = Place::new();
    place.write("x.csv", &rows("5"));
    assert!(place.tanren("init x.csv --target y --output r.toml").status.success());
    std::fs::create_dir(place.path("sub")).unwrap();
    for name in ["x.csv", "r.toml"] {
        std::fs::rename(place.path(name), place.path("sub").join(name)).unwrap();
    }
    place.fails("train sub/r.toml", 3, &["x.csv: no such file in", "there is sub/x.csv"]);
}

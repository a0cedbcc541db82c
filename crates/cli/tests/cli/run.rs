//! `train` and `resume`: what a run leaves, says and repeats.

use crate::harness::{Place, text};
use serde_json::Value;

#[test]
fn a_run_leaves_what_it_promises() {
    let place = Place::new();
    let result = place.json("train --epochs 2 --json --quiet");
    assert_eq!(result["schema_version"], 1);
    assert_eq!(result["status"], "completed");
    assert_eq!((&result["epochs"], &result["steps"]), (&2.into(), &82.into())); // 1,294 rows by 32
    assert!(result["seconds"].as_f64().unwrap() > 0.0);
    assert!(result["samples_per_second"].as_f64().unwrap() > 0.0);
    assert_eq!(result["findings"], Value::Array(Vec::new()));
    for part in ["train", "validation", "test"] {
        for score in ["loss", "accuracy", "f1_macro"] {
            assert!(result[part][score].is_f64(), "{part} {score}: {result}");
        }
    }
    assert!(result["test"]["accuracy"].as_f64().unwrap() > 0.85);
    assert_eq!(result["run"], "runs/digits-1");
    assert_eq!(result["model"], "runs/digits-1/model.safetensors");
    assert!(place.path("runs/digits-1/checkpoints/last.safetensors").is_file());

    let split = place.read("runs/digits-1/split.csv");
    let count = |part| split.lines().filter(|l| l.ends_with(part)).count();
    assert!(split.starts_with("row,part\n0,"));
    assert_eq!((count(",train"), count(",validation"), count(",test")), (1294, 144, 359));
    let metrics = place.read("runs/digits-1/metrics.jsonl");
    let records: Vec<Value> = metrics.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(records.len(), 2);
    assert_eq!(records[1]["clock"]["epoch"], 2);

    let kept: Value = serde_json::from_str(&place.read("runs/digits-1/result.json")).unwrap();
    for part in ["train", "validation", "test", "status", "baseline", "seconds"] {
        assert_eq!(kept[part], result[part], "{part}");
    }
    assert!(kept["command"].as_str().unwrap().ends_with("train --epochs 2 --json --quiet"));
    assert_eq!(kept["tanren"], env!("CARGO_PKG_VERSION"));
    assert!(kept["date"].as_str().unwrap().starts_with("20"), "{kept}");
    assert!(kept["threads"].as_u64() > Some(0) && kept["processor"].is_string(), "{kept}");

    // The next run takes the next name.
    let next = place.json("train iris --epochs 1 --json");
    assert_eq!(next["run"], "runs/iris-1");
    assert_eq!(place.json("train iris --epochs 1 --json")["run"], "runs/iris-2");
}

#[test]
fn the_table_says_what_was_chosen_and_what_comes_next() {
    let place = Place::new();
    let output = place.tanren("train iris --epochs 3");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    for word in ["Chosen", "cross-entropy", "accuracy", "test", "Next", "predict"] {
        assert!(out.contains(word), "{word:?} not in {out}");
    }
    assert_eq!(err.lines().filter(|l| l.contains("epoch")).count(), 3, "{err}");
    // The next command begins with the path this program was started by, which may be long.
    let mut lines = out.lines().chain(err.lines()).filter(|l| !l.starts_with("Next"));
    assert!(lines.all(|l| l.chars().count() <= 80), "{out}{err}");
    let quiet = place.tanren("train iris --epochs 3 --quiet");
    assert_eq!(text(&quiet.stderr), "");
}

/// One row per epoch, with the learning rate, which the history of a checkpoint does not have.
#[test]
fn the_learning_curve_is_a_table() {
    let place = Place::new();
    place.json("train iris --epochs 2 --out run --json --set training.search.rate.every=2");
    place.json("resume run --epochs 4 --json");
    let table = place.read("run/history.csv");
    let mut lines = table.lines();
    let header = lines.next().unwrap();
    let scores = "validation_loss,validation_accuracy,validation_f1_macro";
    assert_eq!(header, format!("phase,epoch,steps,train_loss,{scores},rate,seconds"));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    let column = |k: usize| rows.iter().map(|row| row[k]).collect::<Vec<_>>();
    assert_eq!(column(1), ["1", "2", "3", "4"]);
    assert_eq!(column(2), ["7", "14", "21", "28"]); // 108 rows by 16
    assert_eq!(column(7), ["0.01", "0.01", "0.003", "0.003"]);
    let number = |cell: &&str| cell.parse::<f64>().is_ok();
    assert!(rows.iter().all(|row| row[2..].iter().all(number)), "{table}");
}

/// The recipe a run writes is the recipe it followed.
#[test]
fn the_written_recipe_repeats_the_run() {
    let place = Place::new();
    place.json("train iris --epochs 4 --seed 9 --out first --json");
    place.json("train first/recipe.toml --out second --json");
    assert!(place.bytes("first/model.safetensors") == place.bytes("second/model.safetensors"));
    let strip = |recipe: String| {
        recipe.lines().filter(|l| !l.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    let (first, second) = (place.read("first/recipe.toml"), place.read("second/recipe.toml"));
    let (first, second): (Vec<_>, Vec<_>) = (strip(first), strip(second));
    let filled = |lines: &[String]| lines.iter().filter(|l| !l.is_empty()).count();
    assert_eq!(filled(&first), filled(&second));
}

#[test]
fn threads_change_no_byte_and_the_seed_does() {
    let place = Place::new();
    for (threads, out) in [(1, "one"), (2, "two"), (8, "eight")] {
        place.json(&format!("train --epochs 1 --threads {threads} --out {out} --json"));
    }
    place.json("train --epochs 1 --seed 43 --out other --json");
    let model = |run: &str| place.bytes(&format!("{run}/model.safetensors"));
    assert!(model("one") == model("two") && model("one") == model("eight"));
    assert!(model("one") != model("other"));
}

/// Two epochs and two more in another process are four.
#[test]
fn resume_goes_on_to_the_bit() {
    let place = Place::new();
    let whole = place.json("train iris --epochs 4 --out whole --json");
    place.json("train iris --epochs 2 --out halves --json");
    // What a killed run may have written after its checkpoint goes: a record, a torn line.
    let torn = place.read("halves/metrics.jsonl") + "{\"clock\":{\"pha";
    place.write("halves/metrics.jsonl", &torn);
    let halves = place.json("resume halves --epochs 4 --json");
    assert_eq!(halves["test"], whole["test"]);
    assert_eq!(halves["steps"], whole["steps"]);
    assert_eq!(place.read("halves/metrics.jsonl").lines().count(), 4);
    assert!(place.bytes("whole/model.safetensors") == place.bytes("halves/model.safetensors"));
}

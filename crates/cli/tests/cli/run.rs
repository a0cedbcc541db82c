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

#[test]
fn a_diverging_run_says_so() {
    let place = Place::new();
    let recipe = place.json("train iris --epochs 1 --out fine --json");
    assert_eq!(recipe["status"], "completed");
    let text = place.read("fine/recipe.toml");
    let from = text.find("search = ").unwrap();
    let end = text[from..].find('\n').unwrap() + from;
    let rate =
        "search = { type = \"learning-rate\", rate = { type = \"constant\", value = 1e30 } }";
    let wild = format!("{}{rate}{}", &text[..from], &text[end..]);
    place.write("wild.toml", &wild.replace("epochs = 1", "epochs = 20"));
    let output = place.tanren("train wild.toml --json --out wild");
    assert_eq!(output.status.code(), Some(4), "{}", crate::harness::text(&output.stderr));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["status"], "diverged");
}

/// Ctrl-C ends a run after a checkpoint, from which it goes on.
#[cfg(unix)]
#[test]
fn an_interrupted_run_can_be_resumed() {
    let place = Place::new();
    let text = {
        place.json("train iris --epochs 1 --out short --json");
        place.read("short/recipe.toml").replace("epochs = 1\n", "epochs = 1000000000000\n")
    };
    let from = text.find("stopping = ").unwrap();
    let end = text[from..].find("\n").unwrap() + from;
    place.write("long.toml", &format!("{}stopping = []{}", &text[..from], &text[end..]));
    let mut child = place
        .command("train long.toml --out long --json --quiet")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let metrics = place.path("long/metrics.jsonl");
    while std::fs::metadata(&metrics).map_or(0, |m| m.len()) == 0 {
        assert!(child.try_wait().unwrap().is_none(), "ended before it was interrupted");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    // The shell has a `kill` of its own; not every machine has a program of that name.
    let kill = format!("kill -INT {}", child.id());
    assert!(std::process::Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["status"], "interrupted");
    assert!(place.path("long/model.safetensors").is_file());
    let epochs = result["epochs"].as_u64().unwrap() + 1;
    let resumed = place.json(&format!("resume long --epochs {epochs} --json --quiet"));
    assert_eq!(resumed["status"], "completed");
}

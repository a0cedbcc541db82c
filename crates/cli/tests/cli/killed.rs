//! Runs that were killed, or that could not write: what is kept, and how they go on.

use crate::harness::{Place, text};
use std::fs;

/// What a run writes before it trains, in this order; a folder ends in `/`.
const BEGINNING: [&str; 5] =
    ["recipe.toml", "checkpoints/", "data.json", "split.csv", "metrics.jsonl"];

/// Data, and the folder `whole` of a run on them.
fn trained() -> Place {
    let place = Place::new();
    let rows = |n: usize| (0..n).map(|i| format!("{}.5,{},{}\n", i % 17, i % 5, i % 2));
    place.write("data.csv", &format!("a,b,y\n{}", rows(80).collect::<String>()));
    place.json("train data.csv --target y --epochs 3 --out whole --json");
    place
}

/// The folder `run` as if it had been killed after it had written the first `count` files.
fn killed(place: &Place, count: usize) {
    drop(fs::remove_dir_all(place.path("run")));
    fs::create_dir(place.path("run")).unwrap();
    place.write("run/lock", "");
    for name in &BEGINNING[..count] {
        match name.strip_suffix('/') {
            Some(folder) => fs::create_dir(place.path(&format!("run/{folder}"))).unwrap(),
            None => place.write(&format!("run/{name}"), &place.read(&format!("whole/{name}"))),
        }
    }
}

#[test]
fn a_run_that_was_killed_before_its_first_checkpoint_begins_anew() {
    let place = trained();
    for count in 1..=BEGINNING.len() {
        killed(&place, count);
        place.fails(
            "train data.csv --target y --out run",
            2,
            &["already contains a run", "resume run"],
        );
        let output = place.tanren("resume run");
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{count}: {message}");
        assert!(message.contains("it begins anew from its recipe"), "{count}: {message}");
        assert!(!message.contains("data.json"), "{count}: {message}");
        for file in ["model.safetensors", "split.csv", "data.json"] {
            let same = place.bytes(&format!("whole/{file}")) == place.bytes(&format!("run/{file}"));
            assert!(same, "{count}: {file}");
        }
    }
}

#[test]
fn a_run_that_begins_anew_knows_its_data_and_its_lock() {
    let place = trained();
    killed(&place, BEGINNING.len());
    let lock = fs::OpenOptions::new().append(true).open(place.path("run/lock")).unwrap();
    lock.try_lock().unwrap();
    place.fails("resume run", 1, &["another process is training the run run"]);
    drop(lock);
    place.write("data.csv", &(place.read("data.csv") + "1,2,0\n"));
    place.fails("resume run", 3, &["there were 80 rows, now 81", "--data-changed"]);
    // Nothing was learnt from the other data, so nothing is to be said of the scores.
    let result = place.json("resume run --data-changed --json");
    assert!(!result["notes"].to_string().contains("split anew"), "{result}");
}

#[test]
fn a_run_that_was_killed_before_it_had_a_recipe_left_nothing() {
    let place = trained();
    killed(&place, 0);
    place.fails("resume run", 2, &["run is not the folder of a run"]);
    place.json("train data.csv --target y --epochs 3 --out run --json");
    assert!(place.bytes("whole/model.safetensors") == place.bytes("run/model.safetensors"));
    // A recipe of this name that stands alone is no run.
    fs::create_dir(place.path("mine")).unwrap();
    fs::copy(place.path("whole/recipe.toml"), place.path("mine/recipe.toml")).unwrap();
    place.fails("resume mine", 2, &["not the folder of a run", "train mine/recipe.toml"]);
    assert_eq!(fs::read_dir(place.path("mine")).unwrap().count(), 1);
}

/// A limit on the size of files stands for a disk that is full.
#[cfg(unix)]
#[test]
fn where_a_file_cannot_be_written_the_message_says_what_is_kept() {
    let place = trained();
    let program = env!("CARGO_BIN_EXE_tanren");
    let limited = |blocks: usize, line: &str| {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {program} {line}");
        let mut command = std::process::Command::new("sh");
        let output = command.current_dir(place.path("")).args(["-c", &script]).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{line}: {}", text(&output.stderr));
        text(&output.stderr)
    };
    // 8 blocks are enough for the recipe, but not for a checkpoint.
    let message = limited(8, "train data.csv --target y --epochs 3 --out run");
    assert!(
        message.contains("cannot write checkpoint run/checkpoints/last.safetensors"),
        "{message}"
    );
    assert!(
        message.contains("no checkpoint was written yet, so the run will begin anew"),
        "{message}"
    );
    assert!(message.contains(&format!("{program} resume run")), "{message}");
    place.json("resume run --json");
    assert!(place.bytes("whole/model.safetensors") == place.bytes("run/model.safetensors"));
    let message = limited(8, "resume run --epochs 4");
    assert!(message.contains("the state after epoch 3 is kept"), "{message}");
    assert_eq!(place.json("resume run --epochs 4 --json")["epochs"], 4);
}

//! `inspect` and `check` of data of one's own.

use crate::harness::{Place, text};
use crate::own_data::{flowers, houses};
use serde_json::Value;

#[test]
fn inspect_shows_every_column() {
    let place = Place::new();
    place.write("houses.csv", &houses(100));
    let words = text(&place.tanren("inspect houses.csv --target price").stdout);
    for word in ["98 rows", "area", "Lima 33", "price", "column id left out", "missing"] {
        assert!(words.contains(word), "{word:?} not in {words}");
    }
    assert!(words.lines().all(|line| line.chars().count() <= 80), "{words}");
    let json = place.json("inspect houses.csv --target price --json");
    let columns = json["inputs"][0]["columns"].as_array().unwrap();
    let rooms = columns.iter().find(|c| c["name"] == "rooms").unwrap();
    assert_eq!((rooms["kind"].as_str(), rooms["distinct"].as_u64()), (Some("number"), Some(5)));
    assert_eq!(json["targets"][0]["columns"][0]["missing"], 0);
    // What a category does not have is null.
    let city = columns.iter().find(|c| c["kind"] == "category").unwrap();
    assert!(city["mean"].is_null() && city["min"].is_null(), "{city}");
    place.fails("inspect nowhere.csv", 3, &["nowhere.csv"]);
}

/// The sanity checks pass where all is well, and otherwise name causes.
#[test]
fn check_tells_what_works_from_what_does_not() {
    let place = Place::new();
    place.write("flowers.csv", &flowers(300));
    let good = place.json("check flowers.csv --target 2 --json");
    assert_eq!(good["passed"], Value::Bool(true));
    assert!(good["gradient"].as_array().unwrap().iter().all(|block| block["wrong"].is_null()));
    assert_eq!(good["by_heart"]["value"], 1.0);
    // Nothing says which class a row has.
    let same = (0..60)
        .fold("x,y\n".to_owned(), |t, i| format!("{t}{},{}\n", i / 3, ["a", "b", "c"][i % 3]));
    place.write("same.csv", &same.replace(char::is_numeric, "1"));
    place.fails_with_result("check same.csv --target y", 5, &["FAILED", "equal inputs"]);
    place.fails_with_result(
        "check flowers.csv --target 2 --set training.search.rate.value=1e-12",
        5,
        &["FAILED", "rate"],
    );
}

#[test]
fn inspect_says_what_is_neither_model_nor_data() {
    let place = Place::new();
    place.json("train iris --epochs 1 --out run --json");
    for (file, words) in [
        ("run/result.json", ["is the result of the run run", "train run/recipe.toml"]),
        ("run/data.json", ["is the record of the data of the run run", "inspect run"]),
        ("run/metrics.jsonl", ["is the learning curve of the run run", "run/history.csv"]),
        ("run/checkpoints/last.safetensors", ["is the checkpoint of the run run", "resume run"]),
        ("run/lock", ["is the lock of the run run", "inspect run"]),
    ] {
        place.fails(&format!("inspect {file}"), 2, &words);
    }
    for file in ["run/split.csv", "run/history.csv", "run", "run/model.safetensors"] {
        assert!(place.tanren(&format!("inspect {file}")).status.success(), "{file}");
    }
    place.fails("train run/result.json", 2, &["is the result of the run run"]);
    place.fails("eval run/checkpoints/last.safetensors", 6, &["is the checkpoint of the run run"]);
    std::fs::copy(place.path("run/checkpoints/last.safetensors"), place.path("c.safetensors"))
        .unwrap();
    place.fails("inspect c.safetensors", 6, &["c.safetensors is a checkpoint and no model"]);
    // A folder is data where it has IDX files, or tables and nothing else.
    std::fs::create_dir_all(place.path("tables/none")).unwrap();
    place.write("tables/b.csv", "x,y\n1,2\n");
    place.write("tables/a b.csv", "x,y\n1,2\n");
    let both = text(&place.tanren("inspect tables").stdout);
    assert!(both.contains("2 files read as one table"), "{both}");
    place.write("tables/about.md", "about");
    assert!(place.tanren("inspect tables").status.success());
    place.write("tables/c.txt", "about");
    let words = ["of neither IDX files nor tables", "such as 'tables/a b.csv'", "b.csv, c.txt"];
    place.fails("inspect tables", 3, &words);
    place.fails("train tables --target y", 3, &words);
    place.fails("predict run --data tables", 3, &words);
    place.fails("inspect tables/none", 3, &["has no other file that could be data"]);
    place.fails("predict run --data run", 3, &["run is the folder of a run, and no data"]);
}

#[test]
fn what_is_no_recipe_is_not_called_one() {
    let place = Place::new();
    place.write("rows.json", " [{\"a\": 0, \"y\": 1}, {\"a\": 1, \"y\": 0}]");
    for line in ["inspect rows.json", "train rows.json --target y", "init rows.json --target y"] {
        place.fails(line, 3, &["rows.json: expected a table, found a JSON file", "as CSV"]);
    }
}

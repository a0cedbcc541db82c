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

//! Several series in one file or in one for each: `--series`.

use crate::harness::Place;
use std::fmt::Write as _;

/// The season of several series is that of each, and not that of their rows in turns.
#[test]
fn several_series_are_looked_at_one_by_one() {
    let place = Place::new();
    let mut rows = String::from("month,store,sales\n");
    for (t, store) in (0..96).flat_map(|t| (0..5).map(move |store| (t, store))) {
        let season = (t as f64 * std::f64::consts::TAU / 12.0).sin();
        let value = 100.0 * (store + 1) as f64 + 20.0 * season + ((t * 7 + store) % 5) as f64;
        writeln!(rows, "{}-{:02},s{store},{value:.1}", 2000 + t / 12, 1 + t % 12).unwrap();
    }
    place.write("stores.csv", &rows);
    let data = "init stores.csv --target sales --time month --horizon 12 --output -";
    let recipe = place.prints(&format!("{data} --series store"));
    for words in ["season:        12 steps", "period = 12", "series = \"store\""] {
        assert!(recipe.contains(words), "{words}: {recipe}");
    }
    // Columns may be named by their places.
    let places = "init stores.csv --target -1 --time 0 --horizon 12 --series 1 --output -";
    let by_place = place.prints(places);
    for words in ["order = \"month\"", "series = \"store\"", "period = 12"] {
        assert!(by_place.contains(words), "{words}: {by_place}");
    }
    // The rest follows from a season that is given.
    let sets = "--set data.source.series=store --set data.source.period=6";
    let recipe = place.prints(&format!("{data} {sets}"));
    assert!(recipe.contains("period = 6") && recipe.contains("length = 12"), "{recipe}");
    assert!(recipe.contains("season:        6 (changed by --set)"), "{recipe}");
}

/// Rows that are steps of sequences, by an option: in one file, or in one for each.
#[test]
fn sequences_need_no_recipe() {
    let place = Place::new();
    let (mut rows, mut late) = (String::from("id,t,x,up,y\n"), String::from("id,t,x,y\n"));
    std::fs::create_dir(place.path("walks")).unwrap();
    for id in 0..60 {
        let mut own = String::from("t,x,up\n");
        for t in 0..6 + id % 5 {
            let (up, step) = (["no", "yes"][id % 2], (id * 7 + t * 3) % 5);
            let x = if id % 2 == 0 { step as f64 - t as f64 } else { step as f64 + t as f64 };
            writeln!(rows, "w{id},{t},{x:.1},{up},{}", x + 0.5).unwrap();
            writeln!(own, "{t},{x:.1},{up}").unwrap();
            let y = if t > 2 { format!("{}", x + 0.5) } else { String::new() };
            writeln!(late, "w{id},{t},{x:.1},{y}").unwrap();
        }
        place.write(&format!("walks/w{id:02}.csv"), &own);
    }
    place.write("rows.csv", &rows);
    place.write("late.csv", &late);
    let init = |line: &str| place.prints(&format!("init {line} --time t --output -"));
    let whole = init("rows.csv --target up --series id --set data.source.of.ignore=[y]");
    for words in ["rows with the same id (in the order of t)", "one target each", "last-step"] {
        assert!(whole.contains(words), "{words}: {whole}");
    }
    let each = init("rows.csv --target y --series id");
    assert!(each.contains("a target at each step") && !each.contains("last-step"), "{each}");
    let lacking = init("late.csv --target y --series id");
    assert!(
        lacking.contains("target = [\"y\"]") && lacking.contains("label = \"step\""),
        "{lacking}"
    );
    let line =
        "train walks --target up --series file --time t --epochs 40 --out run --quiet --json";
    let result = place.json(line);
    assert!(result["test"]["accuracy"].as_f64().unwrap() > 0.9, "{result}");
    let predicted = place.prints("predict run --data walks --id file");
    assert!(predicted.starts_with("file,prediction,p_no,p_yes\nw00.csv,no,"), "{predicted}");
    let one = place.prints("predict run --data walks/w01.csv");
    assert_eq!(one.lines().count(), 2, "{one}");

    place.fails(
        "train rows.csv --target up --series idd --time t",
        3,
        &["--series: no column \"idd\"", "\"id\""],
    );
    place.fails(
        "train rows.csv --target up --series id --time tt",
        3,
        &["--time: no column \"tt\""],
    );
    place.fails("train iris --series id", 2, &["columns with names"]);
    place.fails("train rows.csv --target up --time t", 2, &["--horizon N", "--series COLUMN"]);
    place.write("walks/z.csv", "t,x\n1,2\n");
    place.fails("train walks --target up", 3, &["z.csv: expected the columns of w00.csv"]);
}

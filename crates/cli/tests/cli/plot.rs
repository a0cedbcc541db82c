//! `render --plot`: the schedules of a recipe as text.

use crate::harness::Place;

/// A recipe of the harness with these lines in place of its search and its updaters.
fn with(place: &Place, search: &str, updaters: &str) {
    let good = place.read("good.toml");
    let lines = good.lines().map(|line| match line {
        line if line.starts_with("search = ") => format!("search = {search}\n"),
        line if line.starts_with("updaters = ") => format!("updaters = {updaters}\n"),
        line => format!("{line}\n"),
    });
    place.write("plot.toml", &lines.collect::<String>());
}

#[test]
fn every_schedule_is_drawn() {
    let place = Place::with_recipes();
    with(
        &place,
        "{ rate = { type = \"linear\", value = 0.1, end = 0.02, over = 300 } }",
        "[{ type = \"nesterov\", momentum = { type = \"one-cycle\", max = 0.85, over = 900, \
         unit = \"iterations\", div-factor = 0.9 } }]",
    );
    let drawn = place.prints("render plot.toml --plot --set training.epochs=300");
    for part in [
        "training.updaters[0].momentum: one-cycle\n",
        "training.search.rate: linear\n",
        "  start 0.1, greatest 0.1 in epoch 1, end 0.02027\n",
        " epochs ",
        "300\n",
    ] {
        assert!(drawn.contains(part), "{part:?} not in\n{drawn}");
    }
    assert!(drawn.is_ascii() && drawn.lines().all(|line| line.len() <= 80), "{drawn}");
    // Without the flag it is the recipe, as before.
    assert!(place.prints("render plot.toml").contains("format = 1"));
    place.fails("render plot.toml --plot --format json", 2, &["--plot"]);
}

#[test]
fn a_recipe_without_schedules_says_so() {
    let place = Place::with_recipes();
    with(&place, "{ rate = 0.02 }", "[\"adam\"]");
    let said = place.prints("render plot.toml --plot");
    assert_eq!(said, "No setting of this recipe is a schedule; the learning rate is 0.02.\n");
}

/// The rate falls when the score stops improving, is reported as it was used, and goes on so when the run is
/// resumed.
#[test]
fn a_pace_lowers_the_rate() {
    let place = Place::new();
    let pace = "training.pace=[{type=\"plateau\",metric=\"accuracy\",factor=0.5,patience=0}]";
    let train = |out: &str, epochs: u64| {
        let mut command = place.command(&format!(
            "train iris --lr 0.02 --epochs {epochs} --out {out} --set training.stopping=[] --json"
        ));
        assert!(command.args(["--set", pace]).output().unwrap().status.success());
    };
    train("whole", 8);
    train("halves", 4);
    place.json("resume halves --epochs 8 --json");
    let rates = |run: &str| -> Vec<f64> {
        let lines = place.read(&format!("{run}/metrics.jsonl"));
        let line = |line: &str| serde_json::from_str::<serde_json::Value>(line).unwrap();
        lines.lines().map(|text| line(text)["rate"].as_f64().unwrap()).collect()
    };
    let whole = rates("whole");
    assert_eq!(whole.len(), 8);
    assert_eq!(whole, rates("halves"));
    assert!(whole[0] == 0.02 && whole[7] < 0.02, "{whole:?}");
    assert!(whole.windows(2).all(|pair| pair[1] == pair[0] || pair[1] == 0.5 * pair[0]));
}

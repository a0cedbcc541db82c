//! `sweep`: the best of several values, told and written; the range test.

use crate::harness::{Place, text};

#[test]
fn rates_are_tried_refined_and_told() {
    let place = Place::new();
    let told = place.prints("sweep iris --epochs 20 --updates 60 --quiet");
    for part in [
        "iris: ",
        "Training loss (logarithmic)\n",
        "      rate   val loss  updates  what happened\n",
        "  a  ",
        "  best\n",
        ", behind ",
        "Winner   rate ",
        "Cost     ",
        "Next     train with --set training.search.rate.value=",
    ] {
        assert!(told.contains(part), "{part:?} not in\n{told}");
    }
    assert!(
        told.contains("clearly better than") || told.contains("cannot be told apart from"),
        "{told}"
    );
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    assert!(!place.path("runs").exists(), "nothing is written");

    let result = place.json("sweep iris --epochs 20 --updates 60 --quiet --json");
    let candidates = result["candidates"].as_array().unwrap();
    assert!(candidates.len() > 3, "refined: {result}");
    assert_eq!(result["score"]["name"], "loss");
    assert_eq!(result["status"], "completed");
    let coarse = place.json("sweep iris --epochs 20 --updates 60 --quiet --json --no-refine");
    assert_eq!(coarse["candidates"].as_array().unwrap().len(), 3);
    // On any number of threads.
    for threads in ["1", "2", "5"] {
        let line =
            format!("sweep iris --epochs 20 --updates 60 --quiet --json --threads {threads}");
        assert_eq!(place.json(&line), result, "{threads} threads");
    }
}

#[test]
fn the_winner_is_written_as_a_recipe() {
    let place = Place::with_recipes();
    let line = "sweep short.toml --rates 1e-6,0.02 --no-refine --updates 40 --quiet --json";
    let result = place.json(&format!("{line} --output found.toml"));
    assert_eq!(result["winner"]["training.search.rate.value"], 0.02);
    assert_eq!(result["recipe"], "found.toml");
    let recipe = place.read("found.toml");
    assert!(recipe.contains("value = 0.02") && recipe.contains("type = \"step\""), "{recipe}");
    // It is never overwritten unasked, nor is what was read.
    place.fails(&format!("{line} --output found.toml"), 2, &["found.toml", "--force"]);
    place.fails(&format!("{line} --output short.toml --force"), 2, &["the recipe"]);
    place.json(&format!("{line} --output found.toml --force"));
    // As the only result, in another format.
    let line = line.replace(" --json", " --output - --format json");
    let printed: serde_json::Value = serde_json::from_str(&place.prints(&line)).unwrap();
    assert_eq!(printed["training"]["search"]["rate"]["value"], 0.02);
    // An automatic recipe tells where its rate is from.
    place.prints("sweep iris --updates 30 --quiet --output auto.yaml");
    let recipe = place.read("auto.yaml");
    assert!(recipe.contains("changed by sweep"), "{recipe}");
}

#[test]
fn other_settings_are_swept_in_a_grid() {
    let place = Place::with_recipes();
    let result = place.json(
        "sweep good.toml --over network.layers.0.units=4,16 --over network.penalties.0.strength=1e-4..1e-2/3 \
         --updates 30 --quiet --json",
    );
    let candidates = result["candidates"].as_array().unwrap();
    assert_eq!(candidates.len(), 6);
    assert_eq!(candidates[1]["values"]["network.penalties.0.strength"], 0.001);
    assert_eq!(candidates[5]["values"]["network.layers.0.units"], 16.0);
    // A list, or text, is a value like any other.
    let told = place.prints(
        "sweep iris --over training.updaters=[\"adam\"],[] --rates 0.01,0.1 --updates 20 --quiet",
    );
    assert!(told.contains("[\"adam\"]") && told.contains(" updaters "), "{told}");
    // As `--set` refuses it.
    place.fails("sweep iris --over training.bach=1,2", 2, &["--over training.bach=1:", "batch"]);
    place.fails("sweep iris --over training.batch=0,8", 2, &["--over training.batch=0:"]);
    place.fails("sweep iris --over training.batch", 2, &["KEY=VALUES"]);
    place.fails("sweep iris --rates 0.1,zero", 2, &["--rates"]);
    place.fails("sweep iris --lr 0.1", 2, &["--lr 0.1"]);
    place.fails("sweep nothing.csv --target y", 3, &["nothing.csv"]);
}

#[test]
fn those_that_diverge_are_told_and_an_edge_is_seen() {
    let place = Place::new();
    let line = "sweep iris --set training.updaters=[] --no-refine --updates 40 --quiet";
    let told = place.prints(&format!("{line} --rates 1e-5,1e-4,1e-3,1e30"));
    assert!(told.contains("diverged"), "{told}");
    let told = place.prints(&format!("{line} --rates 1e-5,1e-4,1e-3"));
    assert!(told.contains("Edge     0.001 is the largest rate tried: widen --rates"), "{told}");
    // Where nothing is left, that is a failure.
    let output = place.tanren(&format!("{line} --rates 1e29,1e30 --json"));
    assert_eq!(output.status.code(), Some(4), "{}", text(&output.stderr));
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&result["status"], &result["error"]["kind"]),
        (&"diverged".into(), &"diverged".into())
    );
}

#[test]
fn the_range_test_suggests_a_rate() {
    let place = Place::new();
    let told = place.prints("sweep --range-test --quiet");
    for part in
        ["Smoothed loss\n", "learning rate (logarithmic)", "Fallen      at ", "Suggestion  "]
    {
        assert!(told.contains(part), "{part:?} not in\n{told}");
    }
    let result = place.json("sweep --range-test --quiet --json --output found.toml");
    let (rate, low) = (result["suggestion"].as_f64().unwrap(), result["lowest"].as_f64().unwrap());
    assert!(1e-5 < rate && rate < 0.1 && rate <= low / 3.9, "{rate} {low}");
    assert_eq!(result["ended"], true);
    let points = result["points"].as_array().unwrap();
    let rates: Vec<f64> = points.iter().map(|point| point[0].as_f64().unwrap()).collect();
    assert!((rates[0] / 1e-7 - 1.0).abs() < 1e-6 && rates.windows(2).all(|p| p[0] < p[1]));
    assert!(place.read("found.toml").contains("value = "));
    let narrow =
        place.json("sweep iris --range-test --rates 1e-4..1e-1 --updates 30 --quiet --json");
    assert_eq!(narrow["points"].as_array().unwrap().len(), 30);
    place.fails("sweep --range-test --rates 0.1", 2, &["range"]);
    place.fails("sweep --range-test --seeds 2", 2, &["--seeds"]);
}

/// What noise does to the loss is no descent, and where there is one, the seed matters little.
#[test]
fn the_range_test_is_not_misled_by_noise() {
    let place = Place::new();
    for seed in 0..4 {
        let line = format!("sweep digits --range-test --quiet --json --seed {seed}");
        let result = place.json(&line);
        let rate = result["suggestion"].as_f64().unwrap();
        assert!((1e-3..1e-2).contains(&rate), "{seed}: {rate}");
    }
    let none = "sweep iris --range-test --rates 1e-9..1e-6 --quiet";
    let told = place.prints(none);
    assert!(told.contains("no clear suggestion"), "{told}");
    place.fails(&format!("{none} --output found.toml"), 1, &["no clear suggestion"]);
    assert!(!place.path("found.toml").exists());
    place.fails("sweep iris --range-test --rates 1e-320..1e300", 2, &["--rates 1e-320..1e300:"]);
}

/// Whoever scores the same is neither cut nor made the winner.
#[test]
fn equal_candidates_have_no_winner() {
    let place = Place::with_recipes();
    // The factor acts after 50 epochs.
    let line =
        "sweep short.toml --over training.search.rate.factor=0.2,0.5,0.7,0.9 --updates 60 --quiet";
    let told = place.prints(line);
    for part in
        ["Equal    0.2, 0.5, 0.7 and 1 more:", "do not differ within 60 updates", "--updates 180"]
    {
        assert!(told.contains(part), "{part:?} not in\n{told}");
    }
    assert!(!told.contains("Winner") && !told.contains("cut after"), "{told}");
    let result = place.json(&format!("{line} --json"));
    assert_eq!(result["tied"].as_array().unwrap().len(), 4);
    assert_eq!(
        (&result["winner"], &result["status"]),
        (&serde_json::Value::Null, &"completed".into())
    );
    place.fails(&format!("{line} --output found.toml"), 1, &["no candidate is better"]);
    assert!(!place.path("found.toml").exists());
}

/// What a command prints on standard output and on standard error.
fn told_and_said(place: &Place, line: &str) -> (String, String) {
    let output = place.tanren(line);
    assert!(output.status.success(), "{line}: {}", text(&output.stderr));
    (text(&output.stdout).to_owned(), text(&output.stderr).to_owned())
}

#[test]
fn a_setting_is_swept_once() {
    let place = Place::with_recipes();
    for (line, part) in [
        ("--over training.batch=8,16 --over training.batch=32", "it is given twice"),
        ("--over training.search={} --over training.search.rate=1", "changes the same setting"),
        ("--rates 1,2 --over training.search.rate=3", "--rates changes training.search.rate.value"),
        ("--rates 1,2 --over training.search.rate.value=3", "give one of them"),
    ] {
        place.fails(&format!("sweep short.toml {line}"), 2, &[part]);
    }
    let line = "sweep short.toml --over training.batch=16,16,16.0,32 --updates 5 --quiet";
    let result = place.json(&format!("{line} --json"));
    assert_eq!(result["candidates"].as_array().unwrap().len(), 2);
    assert!(place.prints(line).contains("less than a tenth of a whole run"));
}

#[test]
fn notes_tell_of_the_data_and_of_what_cannot_be_compared() {
    let place = Place::with_recipes();
    let line = "sweep short.toml --over seed=1,2,3 --updates 6 --quiet";
    let (told, said) = told_and_said(&place, line);
    assert!(said.contains("different validation rows"), "{said}");
    assert!(told.contains("on other validation rows") && !told.contains("Edge"), "{told}");
    // A class with few rows, as `train` tells of it.
    let rows = (0..300).map(|i| format!("{},{}\n", i % 17, if i % 50 == 0 { "yes" } else { "no" }));
    place.write("rare.csv", &format!("x,y\n{}", rows.collect::<String>()));
    let line = "sweep rare.csv --target y --rates 1e-9,1e-8 --updates 2 --quiet";
    let (told, said) = told_and_said(&place, line);
    assert!(said.contains("class yes has "), "{said}");
    assert!(told.contains("none of them has learnt anything"), "{told}");
}

#[test]
fn a_schedule_keeps_its_shape_where_it_can() {
    let place = Place::with_recipes();
    let warm = "{type=\"warm-up\",over=2,then={type=\"one-cycle\",max=0.1,over=20}}";
    let line = format!("sweep short.toml --set training.search.rate={warm} --rates 1e-6,0.02");
    let line = format!("{line} --no-refine --updates 40 --quiet --output found.toml --json");
    let result = place.json(&line);
    assert_eq!(result["winner"]["training.search.rate.then.max"], 0.02);
    let recipe = place.read("found.toml");
    assert!(recipe.contains("one-cycle") && recipe.contains("max = 0.02"), "{recipe}");
    // Any other is replaced, and a note tells so.
    let cyclic = "{type=\"cyclic\",base=0.01,max=0.1,up=2}";
    for how in ["--rates 0.1,0.01 --no-refine", "--range-test"] {
        let line =
            format!("sweep iris --set training.search.rate={cyclic} {how} --updates 30 --quiet");
        let (_, said) = told_and_said(&place, &line);
        assert!(said.contains("the schedule cyclic; --over training.search.rate.max=…"), "{said}");
    }
}

/// No strength is below 0.
#[test]
fn an_edge_is_one_only_where_values_lie_beyond() {
    let place = Place::with_recipes();
    let line = "sweep short.toml --over network.penalties.0.strength=0,3,9 --updates 60 --quiet";
    let told = place.prints(line);
    assert!(told.contains("Winner   strength 0:") && !told.contains("Edge"), "{told}");
}

/// A signal ends a sweep, which tells what it knows.
#[cfg(unix)]
#[test]
fn a_signal_ends_a_sweep() {
    use crate::signals::{kill, spawn};
    use std::io::{BufRead as _, BufReader, Read as _};
    let place = Place::new();
    let line =
        "sweep iris --updates 900000000 --epochs 1000000000 --set training.stopping=[] --json";
    let mut child = spawn(place.command(line));
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    assert!(first.starts_with("rung 1/"), "{first}");
    kill(&child, "INT");
    let output = child.wait_with_output().unwrap();
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert_eq!(output.status.code(), Some(130), "{rest}");
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&result["status"], &result["error"]["kind"]),
        (&"interrupted".into(), &"interrupted".into())
    );
    assert!(rest.contains("error: interrupted"), "{rest}");
}

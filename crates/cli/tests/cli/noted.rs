//! What is noted of a network that is out of proportion to its rows, of a rare class, and of whole numbers
//! that are taken for classes.

use crate::harness::{Place, text};
use std::fmt::Write as _;

/// Rows of two numbers and of a target that `target` makes of the number of the row.
fn rows(count: usize, target: impl Fn(usize) -> String) -> String {
    (0..count).fold("a,b,y\n".to_owned(), |mut csv, n| {
        let _ = writeln!(csv, "{}.25,{}.5,{}", n * 17 % 4001, n * 11 % 3989, target(n));
        csv
    })
}

/// What a command says on standard error.
fn said(place: &Place, line: &str) -> String {
    let output = place.tanren(line);
    let said = text(&output.stderr);
    assert!(output.status.success(), "{line}: {said}");
    said
}

const LARGE: &str = "the network has 12,801 parameters for 43 training rows and nothing that keeps";

#[test]
fn a_network_too_large_for_its_rows_is_noted() {
    let place = Place::new();
    place.write("a.csv", &rows(60, |n| format!("{}.5", n * 7 % 13)));
    let wide = "--set network.layers.0.units=3200 --set network.penalties=[]";
    let data = "a.csv --target y";
    let free = "--set training.stopping=[]";
    for (verb, rest) in [("train", "--epochs 1 --out large"), ("init", ""), ("check", "")] {
        let line = format!("{verb} {data} {wide} {free} {rest}");
        let output = place.tanren(&line);
        let said = text(&output.stderr);
        assert!(said.contains(LARGE) && said.contains("'network.penalties=[\"l2\"]'"), "{said}");
    }
    let result = place.read("large/result.json");
    assert!(result.contains(LARGE), "{result}");
    // Anything that holds it back is enough.
    for set in [
        "network.penalties=['l2']",
        "network.constraints=['max-norm']",
        "network.noise=[{type='drop-connect',drop=0.1}]",
        "network.layers.0={type='dropout',drop=0.1}",
        "training.updaters=['adam','weight-decay']",
        "training.stopping=['patience']",
    ] {
        let line = format!("init {data} {wide} {free} --set {set}");
        assert!(!said(&place, &line).contains("parameters for"), "{set}");
    }
}

#[test]
fn a_network_too_small_for_its_rows_is_noted() {
    let place = Place::new();
    place.write("a.csv", &rows(15_000, |n| format!("{}.5", n * 7 % 13)));
    let line = |units: usize| {
        format!(
            "init a.csv --target y --set network.layers=[{{type='dense',units={units}}},{{type='dense',units=1}}]"
        )
    };
    let expected = "the network has 5 parameters for 10,800 training rows, 2,160 rows for each";
    assert!(said(&place, &line(1)).contains(expected), "{}", said(&place, &line(1)));
    assert!(!said(&place, &line(100)).contains("parameters for"));
}

/// Few rows and many columns, many rows and one column, and all between.
#[test]
fn the_automatic_network_is_in_proportion() {
    let place = Place::new();
    let wide: String = (0..500).map(|at| format!("{},", at * at % 97)).collect();
    let header: String = (0..500).map(|at| format!("x{at},")).collect();
    let row = |n: usize| format!("{wide}{}.25,{}.5\n", n * 17 % 40, n * 11 % 40);
    place.write("wide.csv", &(0..30).fold(format!("{header}x,y\n"), |csv, n| csv + &row(n)));
    let row = |n: usize| format!("{}.25,{}.5\n", n * 17 % 4001, n * 11 % 3989);
    place.write("long.csv", &(0..15_000).fold("x,y\n".to_owned(), |csv, n| csv + &row(n)));
    for data in ["wide.csv", "long.csv"] {
        for task in ["", "--set training.seed=1"] {
            let line = format!("init {data} --target y --header yes {task}");
            let output = place.tanren(&line.replace("training.seed", "seed"));
            let said = text(&output.stderr);
            assert!(output.status.success() && !said.contains("parameters for"), "{said}");
        }
    }
}

#[test]
fn a_rare_class_is_noted() {
    let place = Place::new();
    let class = |n: usize| if n.is_multiple_of(50) { "yes" } else { "no" }.to_owned();
    place.write("a.csv", &rows(500, class));
    let line = "train a.csv --target y --epochs 1 --out";
    let note = "target y: class yes has 7 of 360 training rows (1.9%)";
    let err = said(&place, &format!("{line} plain"));
    assert!(err.contains(note), "{err}");
    let advice = "--set 'network.loss.class-weights=\"balanced\"'";
    assert!(err.contains(advice), "{err}");
    // What is advised can be done, and is not advised again.
    let set = advice.replace('\'', "");
    let err = said(&place, &format!("{line} weighted {set}"));
    assert!(!err.contains("class yes"), "{err}");
    // Settings of a run cannot be changed any more.
    said(&place, "resume plain --epochs 2");
    let result: serde_json::Value = serde_json::from_str(&place.read("plain/result.json")).unwrap();
    let notes = result["notes"].to_string();
    assert!(notes.contains(note) && !notes.contains("class-weights"), "{notes}");
    // Classes of many that are equally frequent are not rare.
    place.write("many.csv", &rows(3000, |n| format!("c{}", n % 30)));
    let err = said(&place, "train many.csv --target y --epochs 1 --out many");
    assert!(!err.contains("training rows"), "{err}");
}

#[test]
fn whole_numbers_that_are_classes_for_a_loss_of_counts() {
    let place = Place::with_recipes();
    place.write("a.csv", &rows(200, |n| (n * 7 % 6).to_string()));
    let loss = "--set network.loss=poisson";
    let taken = "the whole numbers of y are taken for classes; poisson predicts numbers";
    let line = format!("train a.csv --target y {loss}");
    place.fails(&line, 2, &[taken, ": set --task regression"]);
    let line = format!("{line} --task regression");
    place.fails(&line, 3, &["expected targets of 0 or more for poisson", "`data.targets`"]);
    let line = format!("{line} --set data.targets=[] --epochs 1 --out run");
    assert!(place.tanren(&line).status.success());
    // In a recipe it is a setting.
    assert_eq!(said(&place, "init a.csv --target y --output a.toml"), "");
    place.fails(&format!("train a.toml {loss}"), 2, &[taken, "data.source.task=\"regression\""]);
    // Words are no counts.
    place.write("b.csv", &rows(200, |n| format!("c{}", n % 6)));
    let output = place.tanren(&format!("train b.csv --target y {loss}"));
    assert!(!text(&output.stderr).contains("--task"), "{}", text(&output.stderr));
}

#[test]
fn a_class_of_later_rows_alone_is_noted() {
    let place = Place::new();
    place.write("a.csv", &rows(100, |n| if n < 85 { format!("c{}", n % 2) } else { "new".into() }));
    let err = said(&place, "train a.csv --target y --split time --epochs 1 --out run");
    let note = "target y: class new has no training row, so nothing is learnt of it";
    assert!(err.contains(note), "{err}");
}

#[test]
fn few_rows_of_folds_are_counted_by_fold() {
    let place = Place::new();
    place.write("a.csv", &rows(40, |n| format!("{}.5", n * 7 % 13)));
    let line = "train a.csv --target y --epochs 1";
    assert!(said(&place, &format!("{line} --out run")).contains("only 8 rows for test"));
    let err = said(&place, &format!("{line} --folds 5"));
    assert!(
        err.contains("only about 8 rows to test in each fold") && !err.contains("for test:"),
        "{err}"
    );
}

/// What directions and searches make of batches of some rows.
#[test]
fn mini_batches_for_directions_that_remember_are_noted() {
    let place = Place::new();
    place.write("a.csv", &rows(60, |n| format!("{}.5", n * 7 % 13)));
    let line = |sets: &str| format!("init a.csv --target y --set training.batch=16 {sets}");
    let wolfe = "--set training.search='strong-wolfe'";
    let direction = |table: &str| format!("{wolfe} --set training.direction={table}");
    for (sets, note) in [
        (direction("'l-bfgs'"), "l-bfgs mixes the gradients of different batches of 16 of 43"),
        (direction("'conjugate-gradient'"), "conjugate-gradient mixes the gradients of"),
        (direction("{type='l-bfgs',reset=true}"), "l-bfgs with `reset` and one update for each"),
        (
            direction("{type='l-bfgs',reset=true} --set training.batch=43"),
            "l-bfgs with `reset` begins anew with every epoch",
        ),
        (wolfe.to_owned(), "strong-wolfe finds the best step for each of its batches of 16"),
    ] {
        let said = said(&place, &line(&sets));
        assert!(said.contains(note), "{sets}: {said}");
    }
    for sets in [
        String::new(),
        direction("'l-bfgs' --set training.batch=43"),
        direction("{type='l-bfgs',reset=true} --set training.iterations=10"),
        format!("{wolfe} --set training.iterations=5"),
    ] {
        let said = said(&place, &line(&sets));
        assert!(!said.contains("batches of"), "{sets}: {said}");
    }
    // What is advised works.
    let l_bfgs = direction("'l-bfgs'");
    said(&place, &format!("train a.csv --target y {l_bfgs} --batch 43 --epochs 3 --out run"));
}

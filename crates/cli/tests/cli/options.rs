//! What the command line changes is what happens and what is said: `--lr`, `--batch`, `--epochs`,
//! `--set`; and what is said of a run before and after it.

use crate::harness::{Place, text};

fn said(place: &Place, line: &str) -> String {
    let output = place.tanren(line);
    assert!(output.status.success(), "{line}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn short_options_change_the_recipe() {
    let place = Place::with_recipes();
    for what in ["iris", "good.toml"] {
        place.json(&format!("train {what} --lr 0.02 --batch 8 --epochs 2 --out run --json"));
        let recipe = place.read("run/recipe.toml");
        for words in ["batch = 8\n", "rate = 0.02", "epochs = 2\n"] {
            assert!(recipe.contains(words), "{words:?} not in {recipe}");
        }
        assert!(place.read("run/history.csv").contains(",0.02,"));
        std::fs::remove_dir_all(place.path("run")).unwrap();
    }
    let made = place.prints("init iris --lr 0.02 --batch 8");
    assert!(made.contains("learning rate: 0.02, constant (changed by --lr)"), "{made}");
    assert!(made.contains("adam, batches of 8 (changed by --batch)"), "{made}");
    place.fails("train iris --lr 0", 2, &["'--lr <RATE>'", "expected a number above 0"]);
    place.fails("train iris --batch 0", 2, &["--batch"]);
    assert!(place.tanren("check iris --lr 0.02 --batch 8").status.success());
}

#[test]
fn a_number_that_is_out_of_range_is_told_what_is_expected() {
    let place = Place::new();
    for (option, expected) in [
        ("--seed -1", "expected a whole number from 0 to 9223372036854775807"),
        ("--seed=-1", "expected a whole number from 0 to"),
        ("--seed x", "expected a whole number from 0 to"),
        ("--lr -1", "expected a number above 0"),
        ("--lr -1e-3", "expected a number above 0"),
        ("--lr nan", "expected a number above 0"),
        ("--epochs -1", "expected a whole number, at least 1"),
        ("--batch 0", "expected a whole number, at least 1"),
        ("--threads -2", "expected a whole number from 1 to 1024"),
    ] {
        let output = place.tanren(&format!("train iris {option}"));
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{option}: {message}");
        assert!(message.contains(expected) && !message.contains("tip:"), "{option}: {message}");
    }
}

#[test]
fn a_changed_choice_shows_its_value_once() {
    let place = Place::new();
    let line = "train iris --out run --set training.epochs=5 --set network.loss=cross-entropy";
    let out = said(&place, &format!("{line} --set seed=3"));
    assert!(out.contains("up to 5, early stopping after 20"), "{out}");
    assert!(!out.contains("up to 100") && out.contains("changed by --set"), "{out}");
    assert_eq!(out.matches("seed=3").count(), 1, "{out}");
    for words in ["Chosen automatically", "150 rows", "up to 5", "parameters"] {
        assert_eq!(out.matches(words).count(), 1, "{words}: {out}");
    }
    // In the comments, too, and after further changes.
    assert!(place.read("run/recipe.toml").contains("up to 5, early stopping after 20"));
    let rendered = place.prints("render run/recipe.toml --set training.epochs=7");
    assert!(rendered.contains("up to 7, early") && !rendered.contains("up to 5"), "{rendered}");
    place.json("resume run --epochs 6 --json");
    let recipe = place.read("run/recipe.toml");
    assert!(recipe.contains("up to 6, early stopping after 20 (changed by --epochs)"), "{recipe}");
    let made = place.prints("init iris --set training.epochs=5");
    assert!(made.contains("up to 5") && !made.contains("up to 100"), "{made}");
}

#[test]
fn nothing_is_promised_of_validation_rows_that_are_not_there() {
    let place = Place::new();
    let split = "data.split={type=\"random\",test=0.2,validation=0.0}";
    let out = said(&place, &format!("train iris --epochs 2 --set {split}"));
    assert!(out.contains("80% train, no validation, 20% test"), "{out}");
    assert!(
        out.contains("2, no early stopping") && out.contains("the last epoch is kept"),
        "{out}"
    );
}

#[test]
fn what_a_run_follows_is_said_before_it() {
    let place = Place::new();
    // Both streams in one file, in the order they were written.
    let file = std::fs::File::create(place.path("said")).unwrap();
    let mut command = place.command("train iris --epochs 2");
    let status = command.stdout(file.try_clone().unwrap()).stderr(file).status().unwrap();
    assert!(status.success());
    let said = place.read("said");
    let at = |word: &str| said.find(word).unwrap_or_else(|| panic!("{word:?} not in {said}"));
    assert!(at("Chosen automatically") < at("epoch 1/2") && at("epoch 2/2") < at("Finished"));
    assert!(!said.contains('\u{1b}'), "{said}");
}

#[test]
fn resume_takes_what_may_change_and_nothing_else() {
    let place = Place::new();
    place.json("train iris --epochs 2 --out run --json");
    let sets = [
        "training.epochs=4",
        "training.search.rate.value=0.02",
        "training.stopping=[]",
        "training.keep=last",
    ];
    let sets: Vec<_> = sets.iter().map(|set| format!("--set {set}")).collect();
    let result = place.json(&format!("resume run {} --json", sets.join(" ")));
    assert_eq!(result["epochs"], 4);
    let recipe = place.read("run/recipe.toml");
    assert!(recipe.contains("value = 0.02") && recipe.contains("keep = \"last\""), "{recipe}");
    let before = place.bytes("run/recipe.toml");
    for set in ["training.batch=8", "network.loss=mse", "seed=3", "data.source=digits"] {
        place.fails(
            &format!("resume run --epochs 6 --set {set}"),
            2,
            &[set, "training.epochs, training.search", "new run"],
        );
    }
    assert!(before == place.bytes("run/recipe.toml"));
}

#[test]
fn scores_stand_beside_those_of_the_trivial_prediction() {
    let place = Place::new();
    let out = said(&place, "train iris --epochs 30 --out run");
    let header = out.lines().find(|line| line.contains("baseline")).unwrap();
    assert!(header.trim_end().ends_with("test    baseline"), "{out}");
    let accuracy = out.lines().find(|line| line.starts_with("accuracy")).unwrap();
    assert!(accuracy.ends_with("0.3333"), "{out}");
    assert!(!out.contains("Not better than"), "{out}");
    let eval = place.json("eval run --json");
    assert_eq!(eval["baseline"]["accuracy"].as_f64().unwrap(), 1.0 / 3.0);

    // A target that has nothing to do with the input.
    let rows = (0..200).map(|i| format!("{},{}\n", i * 7919 % 101, (i * 7907 % 211) * 3 % 13));
    place.write("noise.csv", &format!("x,y\n{}", rows.collect::<String>()));
    let line = "train noise.csv --target y --task regression --epochs 1 --lr 1e-9 --out noise";
    let out = said(&place, line);
    let warned = out.lines().filter(|line| line.starts_with("Not better than")).count();
    assert_eq!(warned, 1, "{out}");
    let eval = said(&place, "eval noise");
    assert!(eval.contains("Not better than") && eval.contains("baseline"), "{eval}");
}

#[test]
fn verbose_tells_every_score() {
    let place = Place::new();
    let output = place.tanren("train iris --epochs 2 --verbose");
    let lines = text(&output.stderr);
    for word in ["accuracy", "f1_macro", "so far"] {
        assert_eq!(lines.matches(word).count(), 2, "{lines}");
    }
}

//! What is said of schedules, averages and paces that do not fit the run, and of their changes.

use crate::harness::{Place, text};

/// What a command says on standard error.
fn said(place: &Place, line: &str, sets: &[&str]) -> String {
    let mut command = place.command(line);
    for set in sets {
        command.args(["--set", set]);
    }
    let output = command.output().unwrap();
    let said = text(&output.stderr);
    assert!(output.status.success(), "{line}: {said}");
    said
}

fn rate(schedule: &str) -> String {
    format!("training.search.rate={schedule}")
}

#[test]
fn a_rate_that_does_not_fit_the_run_is_noted() {
    let place = Place::new();
    let cosine = rate("{type=\"cosine\",value=0.01,over=5}");
    let note = "training.search.rate: the learning rate is 0 in the epochs 6 to 20, in which nothing is \
                learnt: cosine is over after 5 epochs; with --set training.search.rate.over=20 it lasts";
    for line in
        ["init iris --epochs 20", "check iris --epochs 20", "train iris --epochs 20 --out run"]
    {
        let said = said(&place, line, &[&cosine, "training.stopping=[]"]);
        assert!(said.contains(note), "{line}: {said}");
    }
    for (schedule, note) in [
        ("{type=\"cosine\",value=0.01,over=20}", ""),
        (
            "{type=\"cosine\",value=0.01,over=60,unit=\"iterations\"}",
            "rate.over=140 it lasts as long",
        ),
        (
            "{type=\"linear\",value=0,end=0.1,over=5}",
            "is 0 in epoch 1, in which nothing is learnt: let linear begin",
        ),
        (
            "{type=\"warm-up\",over=2,then={type=\"cosine\",value=0.1,over=7}}",
            "search.rate.then.over=20 it",
        ),
        (
            "{type=\"joined\",parts=[{value=0.1,over=4},{value={type=\"linear\",value=0.1,over=9}}]}",
            "the epochs 14 to 20, in which nothing is learnt: linear is over after 9 epochs; with --set \
             training.search.rate.parts.1.value.over=16",
        ),
        (
            "{type=\"one-cycle\",max=0.1,over=30000,unit=\"iterations\"}",
            "the run ends after 140 of the 30000 iterations that one-cycle takes; --set \
             training.search.rate.over=140 would fit",
        ),
        ("{type=\"one-cycle\",max=0.1,over=20}", ""),
        ("{type=\"warm-up\",over=50,then=0.1}", "20 of the 50 epochs that warm-up takes"),
    ] {
        let said = said(&place, "init iris --epochs 20", &[&rate(schedule)]);
        assert!(said.contains(note) && (note.is_empty() == said.is_empty()), "{schedule}: {said}");
    }
}

#[test]
fn an_average_that_never_begins_is_noted() {
    let place = Place::new();
    let swa = |settings: &str| format!("training.updaters=[\"adam\",{{type=\"swa\",{settings}}}]");
    for (settings, note) in [
        (
            "start=50",
            "training.updaters.1: swa averages for the first time after 51 epochs, and the run has 20",
        ),
        ("start=50", "--set training.updaters.1.start=15 would fit"),
        ("start=19", ""),
        (
            "start=0,every=30",
            "--set training.updaters.1.start=0 --set training.updaters.1.every=1 would fit",
        ),
        ("start=500,by=\"iterations\"", "after 501 iterations, and the run has 140"),
    ] {
        let said = said(&place, "init iris --epochs 20", &[&swa(settings)]);
        assert!(said.contains(note) && (note.is_empty() == said.is_empty()), "{settings}: {said}");
    }
}

#[test]
fn more_epochs_than_the_schedule_has_are_noted() {
    let place = Place::new();
    let cosine = rate("{type=\"cosine\",value=0.01,over=3}");
    let free = "training.stopping=[]";
    assert!(
        !said(&place, "train iris --epochs 3 --out run", &[&cosine, free])
            .contains("learning rate is 0")
    );
    let more = said(&place, "resume run --epochs 5", &[]);
    assert!(more.contains("0 in the epochs 4 to 5") && more.contains("rate.over=5"), "{more}");
    // As with train, a constant rate takes the place of the schedule.
    let constant = said(&place, "resume run --epochs 6 --lr 0.001", &[]);
    assert!(!constant.contains("learning rate is 0"), "{constant}");
    assert!(constant.contains("takes the place of the schedule cosine"), "{constant}");
    assert!(place.read("run/recipe.toml").contains("rate = 0.001"));
    place.fails("resume run --lr 0", 2, &["--lr", "expected a number above 0"]);
}

#[test]
fn lr_says_what_it_takes_the_place_of() {
    let place = Place::new();
    let said = said(&place, "init iris --lr 0.02", &["training.search.rate.value=0.3"]);
    assert!(
        said.contains("--lr 0.02 takes the place of --set training.search.rate.value=0.3"),
        "{said}"
    );
}

#[test]
fn a_pace_without_validation_rows_is_noted() {
    let place = Place::new();
    let split = "data.split={type=\"random\",validation=0}";
    let pace = "training.pace=[\"plateau\"]";
    let note =
        "no validation rows, so plateau in training.pace does nothing; with rows = \"train\"";
    for line in ["train iris --epochs 2 --out run", "check iris", "init iris"] {
        let said = said(&place, line, &[split, pace]);
        assert!(said.contains(note), "{line}: {said}");
    }
    let watching = said(&place, "init iris", &[split, pace, "training.pace.0.rows=train"]);
    assert!(!watching.contains("plateau"), "{watching}");
}

/// The rate at which a run goes on is told when scores change it.
#[test]
fn falls_of_the_rate_are_told() {
    let place = Place::new();
    let pace = "training.pace=[{type=\"plateau\",metric=\"accuracy\",factor=0.5,patience=0}]";
    let line = "train iris --lr 0.02 --epochs 6 --out run";
    let mut command = place.command(line);
    let output = command.args(["--set", pace, "--set", "training.stopping=[]"]).output().unwrap();
    let (told, summary) = (text(&output.stderr), text(&output.stdout));
    assert!(
        told.contains("learning rate times 0.5 from epoch ") && told.contains(" on: 0.01"),
        "{told}"
    );
    assert!(summary.contains("Learning rate 0.02 at first, 0.0"), "{summary}");
    assert!(
        place
            .prints("render run --plot")
            .contains("also follows the scores of the run (pace: plateau)")
    );
    // A pace that would have let the past pass gives the rate back.
    let more = said(&place, "resume run --epochs 7", &["training.pace.0.patience=50"]);
    assert!(
        more.contains("the learning rate is multiplied by 1 from here on, before by 0."),
        "{more}"
    );
    // Without a pace a constant rate stays.
    let output = place.tanren("train iris --lr 0.02 --epochs 2 --out still");
    assert!(!text(&output.stdout).contains("Learning rate"));
}

#[test]
fn a_new_type_names_what_it_requires() {
    let place = Place::with_recipes();
    let line = "render good.toml --set training.search.rate.value=0.1 --set training.search.rate.type=cosine";
    let words = [
        "missing: training.search.rate.value; a change of the type drops the settings",
        "cosine requires value, over: --set training.search.rate.value=… --set training.search.rate.over=…",
    ];
    place.fails(line, 2, &words);
}

#[test]
fn settings_that_would_be_ignored_are_refused() {
    let place = Place::new();
    let fails = |set: &str, code: i32, words: &[&str]| {
        let mut command = place.command("train iris --epochs 1 --out run");
        let output = command.args(["--set", set]).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{set}: {said}");
        words.iter().for_each(|word| assert!(said.contains(word), "{set}: {word:?} not in {said}"));
    };
    let cyclic = rate("{type=\"cyclic\",base=0.01,max=0.1,up=3,gamma=0.9}");
    fails(
        &cyclic,
        2,
        &["rate.gamma: expected 1, as only mode = \"exp-range\" looks at it, found 0.9"],
    );
    fails(
        "training.updaters=[\"schedule-free\",\"adam\"]",
        2,
        &[
            "updaters[0]",
            "expected schedule-free as the last updater of its blocks, found adam behind it",
        ],
    );
    fails(
        &rate("{type=\"step\",value=0.1,every=2.5}"),
        2,
        &["expected a whole number, 1 or more, found 2.5"],
    );
    fails(
        &rate("{type=\"cosine\",value=0.1,over=2.5}"),
        2,
        &["rate.over: expected a whole number, 1 or more"],
    );
    let last = rate("{type=\"joined\",parts=[{value=0.1,over=3}]}");
    fails(&last, 2, &["no `over` in the last part, which lasts as long as the run: leave it out"]);
}

/// Names of other libraries.
#[test]
fn names_of_other_libraries_are_known() {
    let place = Place::with_recipes();
    let fails = |set: &str, words: &str| {
        let output = place.command("render good.toml").args(["--set", set]).output().unwrap();
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{set}: {said}");
        assert!(said.contains(words), "{set}: {words:?} not in {said}");
    };
    for (name, here) in [
        ("CosineAnnealingWarmRestarts", "here it is `warm-restarts`"),
        ("ReduceLROnPlateau", "here it is `plateau` in `training.pace`"),
        ("plateau", "here it is `plateau` in `training.pace`"),
        ("MultiStepLR", "here it is `table`"),
    ] {
        fails(&rate(&format!("{{type=\"{name}\"}}")), here);
    }
    for (setting, here) in [
        (
            "training.pace=[\"ReduceLROnPlateau\"]",
            "ReduceLROnPlateau is a name of PyTorch; here it is `plateau`",
        ),
        ("training.updaters=[\"sgd\"]", "here it is no updater at all"),
        ("training.updaters=[{type=\"adam\",betas=[0.9,0.99]}]", "here it is `beta1` and `beta2`"),
        (
            "training.updaters=[{type=\"adam\",weight_decay=0.1}]",
            "here it is the updater `weight-decay`",
        ),
        ("training.updaters=[{type=\"adam\",momentum=0.9}]", "here it is `beta1`"),
        ("training.updaters=[{type=\"adam\",lr=0.9}]", "here it is `rate` of `training.search`"),
        ("training.search.rate.gamma=0.1", "here it is `factor`"),
        ("training.search.rate.step_size=3", "here it is `every`"),
        ("training.search.rate={type=\"cosine\",value=1,T_max=9}", "here it is `over`"),
        ("training.search.rate={type=\"cosine\",value=1,over=3,eta_min=9}", "here it is `end`"),
        ("training.search.rate.unit=steps", "here it is `iterations`"),
        ("training.direction={type=\"l-bfgs\",history_size=5}", "here it is `memory`"),
        ("training.search={type=\"strong-wolfe\",c1=0.1}", "here it is `decrease`"),
        ("training.search={type=\"strong-wolfe\",c2=0.1}", "here it is `curvature`"),
        ("training.search={type=\"adam\"}", "here it is one of `training.updaters`"),
        ("network.layers.0={type=\"dropout\",p=0.1}", "here it is `drop`"),
        ("training.optimizer=adam", "here it is `updaters`"),
        ("training.scheduler=adam", "here it is `rate` of `training.search`"),
    ] {
        fails(setting, here);
    }
    place.fails("plugins ReduceLROnPlateau", 2, &["here it is `plateau` in `training.pace`"]);
}

#[test]
fn what_is_drawn_may_be_a_run_or_data() {
    let place = Place::new();
    let drawn = place.prints("render iris --plot");
    assert!(drawn.contains("training.search.rate: step"), "{drawn}");
    said(
        &place,
        "train iris --epochs 2 --out run",
        &[&rate("{type=\"exponential\",value=0.1,factor=0.01}")],
    );
    let drawn = place.prints("render run --plot --set training.epochs=9");
    assert!(
        drawn.contains("training.search.rate: exponential") && drawn.contains(" log |"),
        "{drawn}"
    );
    place.fails("render nothing --plot", 2, &["nothing"]);
}

#[test]
fn a_changed_schedule_is_told_in_words() {
    let place = Place::new();
    let schedule = rate("{type=\"cosine\",value=0.1,over=500,unit=\"iterations\"}");
    let output = place.command("init iris").args(["--set", &schedule]).output().unwrap();
    let made = text(&output.stdout);
    let words = "learning rate: cosine: value 0.1, end 0.0, over 500 iterations (changed by --set)";
    assert!(made.contains(words), "{made}");
}

/// The pictures in the page of schedules are those that are drawn.
#[test]
fn the_pictures_of_the_page_are_drawn_so() {
    let place = Place::new();
    let page = include_str!("../../../../docs/schedules.md");
    let mut drawn = 0;
    for section in page.split("### `").skip(1) {
        let Some((_, rest)) = section.split_once(". `{") else { continue };
        let schedule = format!("{{{}", rest.split_once('`').unwrap().0);
        let picture = rest.split("```text\n").nth(1).unwrap().split("```").next().unwrap();
        let mut command = place.command("render iris --plot --set training.epochs=50");
        let output = command.args(["--set", &rate(&schedule)]).output().unwrap();
        assert_eq!(text(&output.stdout), picture, "{schedule}");
        drawn += 1;
    }
    assert_eq!(drawn, 12);
}

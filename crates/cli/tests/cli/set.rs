//! `--set`: what it changes, and what it refuses.

use crate::harness::{Place, text};

#[test]
fn set_changes_a_setting() {
    let place = Place::with_recipes();
    place.write("nested.toml", &place.read("good.toml").replace("\"relu\"", "\"leaky-relu\""));
    for (sets, line) in [
        ("network.layers.0.units=128", "units = 128"),
        ("network.layers[0].units=128", "units = 128"),
        ("training.search.rate.value=0.003", "value = 0.003"),
        ("training.search.rate.value=1e-300", "value = 1e-300"),
        (
            "training.search.rate=cosine --set training.search.rate.value=1 \
             --set training.search.rate.over=9",
            "rate = { type = \"cosine\", value = 1.0, end = 0.0, over = 9, unit = \"epochs\" }",
        ),
        ("training.updaters.0=momentum", "updaters = [{ type = \"momentum\", momentum = 0.9 }]"),
        ("training.updaters.1=none", "epsilon = 1e-8, amsgrad = false }, \"none\"]"),
        ("training.updaters=[]", "updaters = []"),
        ("network.layers.0.activation.slope=0.5", "{ type = \"leaky-relu\", slope = 0.5 }"),
        (
            "training.search.rate.type=constant --set training.search.rate.value=2",
            "rate = { type = \"constant\", value = 2.0 }",
        ),
        (
            "training.search.rate=constant --set training.search.rate.value=2",
            "rate = { type = \"constant\", value = 2.0 }",
        ),
        ("network.penalties.1=l1", "{ type = \"l1\", strength = 0.0001 }"),
        (
            "network.penalties.1=l1 --set network.penalties.1.strength=7",
            "{ type = \"l1\", strength = 7.0 }",
        ),
        (
            "network.penalties.0.on=dense-1",
            "{ type = \"l2\", strength = 0.0001, on = { nodes = [\"dense-1\"] } }",
        ),
        (
            "network.penalties.0.on=dense-1 --set network.penalties.0.on.kinds=bias",
            "on = { nodes = [\"dense-1\"], kinds = [\"bias\"] } }",
        ),
        (
            "network.penalties.0.on.depth=-1 --set network.penalties.0.type=l1",
            "{ type = \"l1\", strength = 0.0001, on = { depth = [-1, -1] } }",
        ),
        (
            "training.updaters.0.on=dense-1",
            "epsilon = 1e-8, amsgrad = false, on = { nodes = [\"dense-1\"] } }",
        ),
        (
            "training.updaters.1.type=scale --set training.updaters.1.factor=2 \
             --set training.updaters.1.on.kinds=bias",
            "{ type = \"scale\", factor = 2.0, on = { kinds = [\"bias\"] } }",
        ),
        ("network.freeze=[\"dense-*\"]", "freeze = [{ nodes = [\"dense-*\"] }]"),
        ("training.direction=steepest", "direction = \"steepest\""),
        ("network.layers.0.bias=false", "bias = false"),
        ("training.keep=last", "keep = \"last\""),
    ] {
        let said = place.prints(&format!("render nested.toml --set {sets}"));
        assert!(said.contains(line), "{sets}: {said}");
        place.write("set.toml", &said);
        assert_eq!(place.prints("render set.toml"), said);
    }
    let made = place.prints("init iris --set training.epochs=3 --set data.split.test=0.5");
    assert!(made.contains("epochs = 3") && made.contains("test = 0.5"), "{made}");
    let said = "#   epochs:        up to 3, early stopping after 20 (changed by --set)";
    assert!(made.contains(said), "{made}");
    let result = place.json("train good.yaml --set training.epochs=3 --out run --json");
    assert_eq!(result["epochs"], 3);
    assert!(place.read("run/recipe.toml").contains("epochs = 3"));
}

#[test]
fn a_wrong_set_is_named() {
    let place = Place::with_recipes();
    for (set, message) in [
        (
            "trainin.epochs=3",
            "unknown setting \"trainin\"; did you mean \"training\"? (known: format, ",
        ),
        (
            "training.serach.rate.value=1",
            "training: unknown setting \"serach\"; did you mean \"search\"?",
        ),
        (
            "training.updaters.0.beta3=1",
            "training.updaters[0]: unknown setting \"beta3\"; did you mean",
        ),
        (
            "training.updaters.0.beta1=1.5",
            "training.updaters[0].beta1: expected a number from 0 to below 1, found 1.5",
        ),
        (
            "training.updaters.2=none",
            "training.updaters: expected an index from 0 to 1 (the list has 1 item; 1 adds one)",
        ),
        ("training.updaters.first=none", "found \"first\""),
        (
            "training.updaters.0=adamm",
            "training.updaters[0]: unknown updater \"adamm\"; did you mean \"adam\"?",
        ),
        (
            "training.epochs=ten",
            "training.epochs: expected a whole number, 0 or more, found \"ten\"",
        ),
        (
            "training.epochs.x=3",
            "training.epochs: expected a table with a setting \"x\", found a number",
        ),
        ("training.batch=0", "training.batch: expected at least 1, found 0"),
        (
            "network.penalties.0.on=dens-1",
            "network.penalties[0].on: expected a selection of blocks of dense-1, dense-2 \
             (weight, bias), found \"dens-1\", which is not a node with parameters; did you mean \
             \"dense-1\"?",
        ),
        (
            "network.penalties.0.on.kind=bias",
            "network.penalties[0].on: unknown setting \"kind\"; did you mean \"kinds\"? (known: nodes,",
        ),
        (
            "network.penalties.0.on.kinds=biases",
            "network.penalties[0].on.kinds: unknown value \"biases\"; did you mean \"bias\"?",
        ),
        (
            "network.penalties.0.on.kinds.0=biases",
            "network.penalties[0].on.kinds[0]: unknown value \"biases\"; did you mean \"bias\"?",
        ),
        (
            "network.penalties.0.on.depth=x",
            "network.penalties[0].on.depth: expected a whole number, or a list of the first and the \
             last, found \"x\"",
        ),
        (
            "network.penalties.0.one=x",
            "network.penalties[0]: unknown setting \"one\"; did you mean \"on\"? (known: strength, on)",
        ),
        (
            "training.updaters.0.on.depth=7",
            "training.updaters[0].on: expected a selection of blocks of dense-1, dense-2 \
             (weight, bias), found blocks from depth 7 to 7, of which there are none",
        ),
        ("network.freeze.0=x", "network.freeze[0]: expected a selection of blocks of dense-1,"),
        ("training.search.rate=step", "missing: training.search.rate.value"),
        (
            "network.layers.1.units=4",
            "network.layers[1]: node dense-2, loss cross-entropy: expected 3 features",
        ),
        ("data.source.categories=[\"zip\"]", "data.source: unknown setting \"categories\""),
        ("seed=99999999999999999999", "seed: expected a smaller whole number"),
    ] {
        let shown = format!("--set {set}: ");
        for what in ["good.toml", "good.json", "iris"] {
            place.fails(&format!("train {what} --set {set}"), 2, &[&shown, message]);
        }
    }
    let deep = format!("{}a=1", "a.".repeat(30_000));
    for set in ["seed", "=3", ".=3", "a..b=1", &deep] {
        place.fails(&format!("render good.toml --set {set}"), 2, &["expected KEY=VALUE"]);
    }
    place.fails("render good.toml --set seed=18446744073709551615", 2, &["seed", "TOML"]);
    let json = place.prints("render good.toml --format json --set seed=18446744073709551615");
    assert!(json.contains("\"seed\": 18446744073709551615"), "{json}");
    assert!(!place.path("runs").exists(), "nothing was begun");
}

/// A rate is a number or a schedule, and a search that does not say what it is has a rate.
#[test]
fn a_rate_may_be_a_bare_number() {
    let place = Place::with_recipes();
    let rate = "search = { type = \"learning-rate\", rate = 0.02 }";
    for line in ["render good.toml --set training.search.rate=0.02", "init iris --lr 0.02"] {
        let output = place.tanren(line);
        let (said, note) = (text(&output.stdout), text(&output.stderr));
        assert!(said.contains(rate), "{line}: {said}");
        let replaced = "note: 0.02 takes the place of the schedule step of training.search.rate";
        assert_eq!(note.contains(replaced), line.starts_with("render"), "{note}");
    }
    let good = place.read("good.toml");
    let search = good.lines().find(|line| line.starts_with("search = ")).unwrap();
    place.write("bare.toml", &good.replace(search, "search = { rate = 0.02 }"));
    assert!(place.prints("render bare.toml").contains(rate));
    for (wrong, expected) in [
        ("search = { rate = -1 }", "training.search.rate: expected a finite number from 0 on"),
        ("search = { rate = [1] }", "training.search.rate: expected a number or a schedule"),
        ("search = { rat = 1 }", "unknown setting \"rat\"; did you mean \"rate\"?"),
        ("search = { rate = \"cosin\" }", "unknown schedule \"cosin\"; did you mean \"cosine\"?"),
        (
            "search = { rate = { type = \"linear\", value = 1, end = -0.5, over = 3 } }",
            "training.search.rate: expected a finite number from 0 on, found a schedule that goes \
             to -0.5",
        ),
    ] {
        place.write("wrong.toml", &good.replace(search, wrong));
        place.fails("render wrong.toml", 2, &["wrong.toml:", expected]);
    }
}

/// What a person types, and a shell leaves of it.
#[test]
fn set_takes_values_as_people_type_them() {
    let place = Place::with_recipes();
    for (set, line) in [
        ("network.layers.0.bias=no", "bias = false"),
        ("network.layers.0.bias=False", "bias = false"),
        ("network.freeze=dense-1", "freeze = [{ nodes = [\"dense-1\"] }]"),
        ("network.penalties=l1", "penalties = [{ type = \"l1\", strength = 0.0001 }]"),
        ("training.stopping=[patience]", "stopping = [{ type = \"patience\""),
        ("training.metrics=[mae,rmse]", "metrics = [\"mae\", \"rmse\"]"),
    ] {
        let said = place.prints(&format!("render good.toml --set {set}"));
        assert!(said.contains(line), "{set}: {said}");
    }
    place.fails(
        "train good.toml --set network.layers.0.bias=maybe",
        2,
        &["expected true or false"],
    );
    // A recipe in a file is held to its format.
    place.write("loose.toml", &place.read("good.toml").replacen("bias = true", "bias = \"no\"", 1));
    place.fails("render loose.toml", 2, &["expected true or false, found \"no\""]);

    let rows = |n: usize| (0..n).map(|i| format!("{}\t{}\t-999\tu{i}\n", i % 7, i % 5));
    place.write("t.tsv", &format!("my col\tb.c\ty\tname\n{}", rows(40).collect::<String>()));
    let source = |sets: &[&str]| {
        let mut command = place.command("init t.tsv --target 1 --format json");
        for set in sets {
            command.args(["--set", &format!("data.source.{set}")]);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{sets:?}: {}", text(&output.stderr));
        let made: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        made["data"]["source"].clone()
    };
    assert_eq!(source(&["delimiter=tab"])["delimiter"], "\t");
    assert_eq!(source(&["delimiter=\\t"])["delimiter"], "\t");
    assert_eq!(source(&["header=yes"])["header"], true);
    assert_eq!(source(&["ignore=name"])["ignore"][0], "name");
    assert_eq!(source(&["ignore=name, y"])["ignore"], serde_json::json!(["name", "y"]));
    assert_eq!(source(&["missing=-1.50"])["missing"][0], "-1.50");
    assert_eq!(source(&["missing=[-1, NA]"])["missing"], serde_json::json!(["-1", "NA"]));
    assert_eq!(source(&["missing=,NA"])["missing"], serde_json::json!(["", "NA"]));
    let one = serde_json::json!(["last, first"]);
    for typed in ["\"last, first\"", "'last, first'", "[\"last, first\"]"] {
        let sets = ["header=yes", &format!("missing={typed}")];
        assert_eq!(source(&sets)["missing"], one, "{typed}");
    }
    for key in ["my col", "\"my col\"", "'my col'"] {
        assert_eq!(source(&[&format!("formats.{key}=1234.5")])["formats"]["my col"], "1234.5");
    }
    assert_eq!(source(&["formats.\"b.c\"=1234.5"])["formats"]["b.c"], "1234.5");
    place.fails(
        "inspect t.tsv --set data.source.formats.b.c=1234.5",
        2,
        &["a name with a dot stands in quotes: --set 'data.source.formats.\"b.c\"=1234.5'"],
    );
    place.fails("inspect t.tsv --set data.source.formats.\"b.c=1", 2, &["expected KEY=VALUE"]);
}

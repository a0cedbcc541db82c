//! `--start`: an automatic recipe that goes on from a model; and recipes with a start of their own.

use crate::harness::{Place, text};
use std::path::PathBuf;
use tanren_data::Digits;
use tanren_network::{Model, TensorFile};
use tanren_plugin::Source as _;

/// A CSV file of so many digits, with the classes that `class` gives, and nothing for the others.
fn digits(rows: usize, class: impl Fn(u32) -> Option<&'static str>) -> String {
    let table = Digits {}.open().unwrap();
    let (pixels, labels) = (&table.inputs[0], &table.targets[0]);
    let names: Vec<_> = pixels.spec.features.iter().map(|feature| feature.name.clone()).collect();
    let mut file = format!("{},kind\n", names.join(","));
    let mut numbers = Vec::new();
    let classes = (0..table.rows).filter_map(|row| {
        let label = labels.values.number(row) as u32;
        Some((row, class(label)?))
    });
    for (row, class) in classes.take(rows) {
        numbers.clear();
        pixels.read(row, &mut numbers);
        let cells: Vec<_> = numbers.iter().map(f64::to_string).collect();
        file.push_str(&format!("{},{class}\n", cells.join(",")));
    }
    file
}

fn parity(digit: u32) -> Option<&'static str> {
    Some(if digit.is_multiple_of(2) { "even" } else { "odd" })
}

/// A model of all digits, in a run called `donor`.
fn place() -> Place {
    let place = Place::new();
    let output = place.tanren("train digits --epochs 2 --seed 1 --out donor");
    assert!(output.status.success(), "{}", text(&output.stderr));
    place.write("parity.csv", &digits(300, parity));
    place
}

fn tensors(path: PathBuf) -> TensorFile {
    TensorFile::read(&path).unwrap()
}

#[test]
fn a_frozen_body_from_another_model() {
    let place = place();
    let line = "train parity.csv --target kind --start donor --freeze-body --epochs 5 --out run";
    let output = place.tanren(line);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{err}");
    for words in [
        "network        as in the model, new end dense 2    for the target",
        "start          dense-1, dense-2 of donor ",
        "frozen: the end alone learns",
        "inputs         as for the model",
    ] {
        assert!(out.contains(words), "{words:?} not in {out}");
    }
    assert!(
        err.contains("note: 4 of 6 blocks start from donor; dense-3 starts from random"),
        "{err}"
    );
    let (old, new) = (
        tensors(place.path("donor/model.safetensors")),
        tensors(place.path("run/model.safetensors")),
    );
    for block in ["dense-1.weight", "dense-1.bias", "dense-2.weight", "dense-2.bias"] {
        assert_eq!(new.tensors[block], old.tensors[block], "{block}");
    }
    assert_eq!(new.tensors["dense-3.bias"].0, [2]);
    let model = Model::load(place.path("run/model.safetensors")).unwrap();
    let json = |model: &Model| serde_json::to_value(&model.spec().inputs[0].normalizers).unwrap();
    assert_eq!(json(&model), json(&Model::load(place.path("donor/model.safetensors")).unwrap()));
    // Digits of a body that has seen them, so five epochs of the last layer are enough.
    let result = place.json("eval run --json");
    assert!(result["test"]["accuracy"].as_f64() > Some(0.8), "{result}");
    // The same data again, by the recipe of the run.
    let inspected = place.prints("inspect run");
    assert!(inspected.contains("start "), "{inspected}");
    assert!(place.prints("predict run --data parity.csv").lines().count() > 300);
}

#[test]
fn a_run_goes_on_where_the_model_is_gone() {
    let place = place();
    let line = "--target kind --start donor --seed 3 --set training.stopping=[]";
    place.json(&format!("train parity.csv {line} --epochs 4 --out whole --json"));
    place.json(&format!("train parity.csv {line} --epochs 2 --out parts --json"));
    std::fs::remove_dir_all(place.path("donor")).unwrap();
    place.json("resume parts --epochs 4 --json");
    let [whole, parts] = ["whole", "parts"]
        .map(|run| tensors(place.path(&format!("{run}/model.safetensors"))).tensors);
    assert!(whole == parts);
    let recipe = place.read("parts/recipe.toml");
    assert!(recipe.contains("donor") && recipe.contains("normalizers = true"), "{recipe}");
    place.fails(
        "train parts/recipe.toml",
        6,
        &["recipe.toml:", "start[0].from", "donor: No such file"],
    );
}

#[test]
fn the_recipe_can_be_written_and_changed() {
    let place = place();
    let made = place.prints("init parity.csv --target kind --start donor --freeze-body");
    for words in
        ["from = \"donor\"", "freeze = ", "#   start: ", "dense-1, dense-2 of donor (frozen"]
    {
        assert!(made.contains(words), "{words:?} not in {made}");
    }
    assert!(!made.contains("min-max"), "{made}");
    for format in crate::harness::FORMATS {
        let file = format!("mine.{format}");
        let line = format!("init parity.csv --target kind --start donor --output {file}");
        assert_eq!(place.prints(&line), "");
        place.json(&format!("train {file} --epochs 1 --out {format} --json"));
    }
    // Several targets and numbers have ends of their own.
    let two = digits(200, parity).lines().enumerate().fold(String::new(), |text, (n, line)| {
        let cell = if n == 0 { "size".into() } else { format!("{}.5", n * 7 % 50) };
        text + &format!("{line},{cell}\n")
    });
    place.write("two.csv", &two);
    let line =
        "train two.csv --target kind --target size --start donor --epochs 1 --out two --json";
    place.json(line);
    let new = tensors(place.path("two/model.safetensors")).tensors;
    let widths = ["kind", "size"].map(|head| new[&format!("{head}.bias")].0[0]);
    assert_eq!(widths, [2, 1]);
}

#[test]
fn what_does_not_fit_is_said() {
    let place = place();
    place.write("other.csv", "width,height,kind\n1.5,2.5,a\n2.5,1.5,b\n3.5,1.5,a\n4.5,1.5,b\n");
    place.fails(
        "train other.csv --target kind --start donor",
        3,
        &["--start donor: the data lack what the model takes: ", "pixel_0_0"],
    );
    place.fails("train parity.csv --target kind --start nothing", 6, &["nothing"]);
    place.fails("train parity.csv --target kind --freeze-body", 2, &["--start"]);
    let made = place.prints("init parity.csv --target kind --start donor");
    place.write("mine.toml", &made);
    place.fails(
        "train mine.toml --start donor",
        2,
        &["--start does not apply to a recipe: change start"],
    );
    let wrong = made.replace("from = \"donor\"", "from = \"parity.csv\"");
    place.write("wrong.toml", &wrong);
    place.fails(
        "train wrong.toml",
        6,
        &["wrong.toml:", "start[0].from", "expected a safetensors file, found something else"],
    );
    place.fails(
        "init parity.csv --target kind --start donor --output donor/model.safetensors --force",
        2,
        &["would overwrite"],
    );
}

/// Whatever file it is: the places of the blocks are told in the recipe.
#[test]
fn a_start_by_set() {
    let place = place();
    let start = r#"start=[{from="donor",on=["dense-1"],names={"dense-1.*"="dense-1.*"}}]"#;
    let line = "train digits --epochs 1 --out run --json";
    let mut command = place.command(line);
    let output = command.args(["--set", start]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output.stderr));
    let err = text(&output.stderr);
    assert!(err.contains("2 of 6 blocks start from donor"), "{err}");
    assert!(err.contains("start[0].normalizers = true takes its normalizers"), "{err}");
}

/// A model needs its inputs to predict: none of them can be what is to be predicted, or no input.
#[test]
fn an_input_of_the_model_stays_an_input() {
    let place = Place::new();
    let rows = (0..90).map(|i| format!("{},{},{}\n", i * 37 % 11, i * 7 % 5, ["a", "b"][i % 2]));
    place.write("rows.csv", &format!("x,z,kind\n{}", rows.collect::<String>()));
    place.json("train rows.csv --target kind --epochs 1 --out donor --json");
    for (more, what) in [
        ("--target x", "\"x\" is the target here and an input of the model"),
        ("--target kind --id z", "\"z\" is an id here and an input of the model"),
        ("--target kind --split group:z", "\"z\" is the column of the split here"),
    ] {
        place.fails(&format!("train rows.csv {more} --start donor --epochs 1"), 2, &[what]);
    }
}

/// A file of another program has tensors and no network.
#[test]
fn tensors_of_another_program_are_listed() {
    let place = Place::new();
    place.write("parity.csv", &digits(60, parity));
    let reference =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/reference/transfer.safetensors");
    std::fs::copy(reference, place.path("torch.safetensors")).unwrap();
    let out = place.prints("inspect torch.safetensors");
    for words in [
        "torch.safetensors: 8 tensors of another program",
        "fc1.weight                        5 x 4           20  F32",
        "from = \"torch.safetensors\"",
        "\"dense-1.*\" = \"fc1.*\"",
    ] {
        assert!(out.contains(words), "{words:?} not in {out}");
    }
    let listed = place.json("inspect torch.safetensors --json");
    assert_eq!(listed["tensors"][1]["shape"].to_string(), "[5,4]");
    assert_eq!(listed["tensors"][1]["type"], "F32");
    for line in
        ["predict torch.safetensors", "train parity.csv --target kind --start torch.safetensors"]
    {
        place.fails(
            line,
            6,
            &["torch.safetensors is a file of another program, with 8 tensors", "[[start]]"],
        );
    }
}

//! A run works from any folder, and finds its data again when both were moved.

use crate::harness::{Place, text};
use std::fs;

fn project() -> Place {
    let place = Place::new();
    fs::create_dir_all(place.path("project/data")).unwrap();
    fs::create_dir(place.path("elsewhere")).unwrap();
    let rows = (0..60).map(|i| format!("{},{},{}\n", i % 7, i % 5, i % 2));
    place.write("project/data/d.csv", &format!("a,b,y\n{}", rows.collect::<String>()));
    in_folder(&place, "project", "train data/d.csv --target y --epochs 2 --out run --json");
    place
}

/// Calls the program in a folder inside the place, and expects it to succeed.
fn in_folder(place: &Place, folder: &str, line: &str) -> String {
    let output = place.command(line).current_dir(place.path(folder)).output().unwrap();
    assert!(output.status.success(), "{folder}: {line}: {}", text(&output.stderr));
    text(&output.stdout)
}

#[test]
fn a_run_works_from_any_folder() {
    let place = project();
    let here =
        in_folder(&place, "project", "eval run --json").replace("\"run\"", "\"../project/run\"");
    assert_eq!(in_folder(&place, "elsewhere", "eval ../project/run --json"), here);
    let here = in_folder(&place, "project", "predict run");
    assert_eq!(in_folder(&place, "elsewhere", "predict ../project/run/model.safetensors"), here);
    in_folder(&place, "elsewhere", "resume ../project/run --epochs 4 --json");
    // The recipe says what was typed.
    assert!(place.read("project/run/recipe.toml").contains("\"data/d.csv\""));
}

/// A run that goes on from another folder still knows where its data are.
#[test]
fn a_run_that_goes_on_elsewhere_keeps_the_places_of_its_data() {
    for killed in [false, true] {
        let place = project();
        let (data, known) = (place.path("project/data/d.csv"), place.read("project/run/data.json"));
        let files =
            |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["files"].clone();
        if killed {
            for file in ["model.safetensors", "result.json", "checkpoints/last.safetensors"] {
                fs::remove_file(place.path("project/run").join(file)).unwrap();
            }
        } else {
            let more = place.read("project/data/d.csv") + "3,3,1\n";
            fs::write(&data, more).unwrap();
        }
        in_folder(&place, "elsewhere", "resume ../project/run --epochs 4 --data-changed --json");
        assert_eq!(files(&place.read("project/run/data.json")), files(&known));
        assert!(files(&known)["data/d.csv"].is_object(), "{known}");
        in_folder(&place, "elsewhere", "eval ../project/run");
        let before = fs::read(&data).unwrap();
        place.write("elsewhere/new.csv", "a,b\n1,2\n");
        let line =
            "predict project/run --data elsewhere/new.csv --output project/data/d.csv --force";
        place.fails(line, 2, &["would overwrite the data"]);
        assert_eq!(fs::read(&data).unwrap(), before);
    }
}

#[test]
fn a_run_that_was_moved_with_its_data_works() {
    let place = project();
    fs::rename(place.path("project"), place.path("moved")).unwrap();
    in_folder(&place, "elsewhere", "eval ../moved/run");
    in_folder(&place, "elsewhere", "resume ../moved/run --epochs 4 --json");
    // Alone, it finds the data where they were.
    fs::create_dir_all(place.path("project/data")).unwrap();
    fs::rename(place.path("moved/data/d.csv"), place.path("project/data/d.csv")).unwrap();
    in_folder(&place, "elsewhere", "eval ../moved/run");
    fs::remove_file(place.path("project/data/d.csv")).unwrap();
    for verb in ["eval", "predict", "resume"] {
        let line = format!("{verb} moved/run");
        place.fails(&line, 3, &["data/d.csv: no such file in ", "moved/run/../data/d.csv or /"]);
    }
}

/// What a model is asked to read, its data and the run's own files are not overwritten, wherever they
/// were found.
#[test]
fn data_that_were_found_elsewhere_are_not_overwritten() {
    let place = project();
    let before = place.bytes("project/data/d.csv");
    for line in ["predict project/run --output", "eval project/run --predictions"] {
        let line = format!("{line} project/data/d.csv --force");
        place.fails(&line, 2, &["would overwrite the data"]);
    }
    assert!(before == place.bytes("project/data/d.csv"));
}

/// The recipe's relative path leads nowhere from another folder, but the run knows where its data are.
#[test]
fn data_of_a_run_are_not_overwritten_from_another_folder() {
    let place = project();
    place.write("new.csv", "a,b,y\n1,2,0\n3,4,1\n");
    let before = place.bytes("project/data/d.csv");
    for line in [
        "predict ../project/run --data ../new.csv --output",
        "predict ../project/run/model.safetensors --data ../new.csv --output",
        "eval ../project/run --data ../new.csv --predictions",
        "render ../project/run/recipe.toml --format toml --output",
    ] {
        let line = format!("{line} ../project/data/d.csv --force");
        let output = place.command(&line).current_dir(place.path("elsewhere")).output().unwrap();
        let message = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{line}: {message}");
        assert!(message.contains("would overwrite the data"), "{line}: {message}");
        assert!(before == place.bytes("project/data/d.csv"), "{line}");
    }
}

/// A column may be called as a file or a folder that happens to stand where the training began.
#[test]
fn the_name_of_a_column_is_no_path() {
    let place = project();
    let table = place.read("project/data/d.csv").replace("a,b,y", "a,b,target");
    place.write("project/data/d.csv", &table);
    fs::create_dir(place.path("project/target")).unwrap();
    let line = "train data/d.csv --target target --epochs 2 --out other --json";
    in_folder(&place, "project", line);
    assert!(!place.read("project/other/data.json").contains("../target"));
    in_folder(&place, "elsewhere", "eval ../project/other");
    in_folder(&place, "elsewhere", "resume ../project/other --epochs 3 --json");
}

/// A `data.json` beside a model without a run is somebody else's.
#[test]
fn a_model_alone_does_not_mind_what_lies_beside_it() {
    let place = project();
    fs::copy(place.path("project/run/model.safetensors"), place.path("project/m.safetensors"))
        .unwrap();
    place.write("project/data.json", "{ \"mine\": true }");
    in_folder(&place, "project", "eval m.safetensors");
    in_folder(&place, "elsewhere", "predict ../project/m.safetensors --data ../project/data/d.csv");
}

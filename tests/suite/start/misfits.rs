//! Starts that do not fit: each is refused with what was expected, what was found and the nearest name.

use super::{Donor, pytorch, reference, refused};
use crate::harness::iris;
use tanren::network::Matrices;
use tanren::plugin::Checked as _;
use tanren::prelude::*;

fn file() -> StartSpec {
    StartSpec::new(reference("transfer.safetensors"))
}

/// What is wrong with a start of the network of `transfer.py`.
fn wrong(start: StartSpec) -> String {
    let (recipe, table, _) = pytorch();
    recipe.start(start).prepare_table(table).unwrap_err().to_string()
}

#[track_caller]
fn says(error: &str, parts: &[&str]) {
    for part in parts {
        assert!(error.contains(part), "{part:?} not in {error}");
    }
}

#[test]
fn a_tensor_that_is_not_there() {
    let start = file().named("dense-1.weight", "fc1.weigth");
    says(
        &wrong(start),
        &[
            "start[0].names: expected the tensor \"fc1.weigth\" for the block dense-1.weight, found none \
             of that name in ",
            "transfer.safetensors; did you mean \"fc1.weight\"?",
        ],
    );
    says(
        &wrong(file().on(Select::from("dense-2"))),
        &[
            "the tensor \"dense-2.weight\" for the block dense-2.weight",
            "which has fc1.bias, fc1.weight",
        ],
    );
}

#[test]
fn a_file_that_serves_no_block() {
    says(
        &wrong(file()),
        &[
            "start[0].from: expected tensors for blocks of the network, such as dense-1.weight, found ",
            "which has fc1.bias, fc1.weight, fc2.bias",
        ],
    );
}

#[test]
fn blocks_and_names_that_there_are_not() {
    let error = wrong(file().on(Select::from("dens-1")));
    says(&error, &["start[0].on: ", "\"dens-1\"", "did you mean \"dense-1\"?"]);
    let error = wrong(file().named("dense-1.weights", "fc1.weight"));
    says(
        &error,
        &[
            "start[0].names: expected names of blocks (dense-1.weight, ",
            "did you mean \"dense-1.weight\"?",
        ],
    );
    let error = wrong(file().named("dense-1", "fc1"));
    says(&error, &["found \"dense-1\"; did you mean \"dense-1.*\" = \"fc1.*\"?"]);
    let error = wrong(file().named("dense-1.*", "fc1.*").named("dense-2.*", "fx2.*"));
    says(
        &error,
        &[
            "start[0].names: expected a tensor that \"fx2.*\" names (fx2.weight, fx2.bias), found none of \
             that name in ",
            "transfer.safetensors; did you mean \"fc2.weight\"?",
        ],
    );
    let check =
        |ours: &str, theirs: &str| file().named(ours, theirs).check().unwrap_err().to_string();
    for (ours, theirs) in [("dense-*", "fc1"), ("dense-1", "*"), ("*-*", "*.*"), ("", "a")] {
        let error = check(ours, theirs);
        let expected = format!(
            "names: expected two names, both without * or both with one, found {ours:?} = {theirs:?}"
        );
        assert_eq!(error, expected);
    }
}

#[test]
fn shapes_and_types_that_do_not_fit() {
    let error = wrong(file().named("dense-3.*", "fc1.*"));
    says(
        &error,
        &[
            "start[0].from: expected [3, 5] or [5, 3] for the block dense-3.weight, found [5, 4] in tensor \
           \"fc1.weight\" of ",
        ],
    );
    let error = wrong(file().named("dense-3.bias", "fc2.bias"));
    says(&error, &["expected [3] for the block dense-3.bias, found [5] in tensor \"fc2.bias\""]);
    let start = file().named("dense-*", "fc*").matrices(Matrices::InputsByOutputs);
    says(&wrong(start), &["expected [4, 5] for the block dense-1.weight, found [5, 4]"]);
    let trained = Donor::new();
    let mut recipe = iris(Vec::new(), 1).start(StartSpec::new(trained.file()));
    recipe.network.layers[0] = Dense::new(9).into();
    says(
        &refused(&recipe),
        &[
            "expected [9, 4] for the block dense-1.weight, found [7, 4] in tensor \"dense-1.weight\" of ",
        ],
    );
}

#[test]
fn a_checkpoint_is_no_model() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("last.safetensors");
    let setup = iris(Vec::new(), 1).prepare().unwrap();
    let options = Options { checkpoint: Some(path.clone()), ..Options::default() };
    setup.train(&mut (), &options).unwrap();
    let error = refused(&iris(Vec::new(), 1).start(StartSpec::new(path)));
    says(&error, &["last.safetensors, a file of tanren that is no model, with best, parameters"]);
}

#[test]
fn what_is_no_model() {
    let place = tempfile::tempdir().unwrap();
    let at = |name: &str| iris(Vec::new(), 1).start(StartSpec::new(place.path().join(name)));
    says(&refused(&at("none")), &["start[0].from: ", "none: No such file"]);
    says(&refused(&at("")), &["start[0].from: ", "expected a file, found a folder"]);
    std::fs::write(place.path().join("a.csv"), "a,b\n1,2\n3,4\n").unwrap();
    says(&refused(&at("a.csv")), &["a.csv: expected a safetensors file, found something else"]);
    let recipe = iris(Vec::new(), 1).start(StartSpec::new(""));
    says(&refused(&recipe), &["start[0].from: expected the path of a file, found nothing"]);
}

#[test]
fn normalizers_that_cannot_be_taken() {
    let trained = Donor::new();
    let take = || StartSpec::new(trained.file()).with_normalizers();
    let error = refused(&iris(Vec::new(), 1).start(take()));
    says(
        &error,
        &["data.inputs: expected no normalizers, because start[0].normalizers takes those of a \
                    model, found standardize"],
    );
    let bare = || {
        let mut recipe = iris(Vec::new(), 1);
        recipe.data.inputs.clear();
        recipe
    };
    let error = refused(&bare().start(take()).start(take()));
    says(
        &error,
        &["start[1].normalizers: expected false, because the inputs are normalized as \
                    start[0].normalizers says, found true"],
    );
    let foreign = file().named("dense-*", "fc*").with_normalizers();
    says(
        &wrong(foreign),
        &[
            "start[0].normalizers: expected a model of tanren, with its normalizers, found ",
            "a file of another program",
        ],
    );
    // Other features, by name.
    let (mut recipe, table, _) = pytorch();
    recipe.network = iris(Vec::new(), 1).network;
    let error = recipe.start(take()).prepare_table(table).unwrap_err().to_string();
    says(
        &error,
        &[
            "start[0].normalizers: expected data with the inputs of the model: ",
            " as feature 1, \
                    found a (",
        ],
    );
}

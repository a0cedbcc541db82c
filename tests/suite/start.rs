//! Networks that start from the tensors of a file: of our own models, of PyTorch, and of files that
//! somebody broke.

mod head;
mod hostile;
mod misfits;
mod run;

use crate::harness::iris;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use tanren::network::{Matrices, Model, ModelSpec, Parameters};
use tanren::plugin::{Feature, Field, Table};
use tanren::prelude::*;
use tanren::trainer::Setup;
use tanren_testkit::golden;

/// A file beside the scripts that make them.
fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name)
}

/// A model of iris in a folder of its own, as a run leaves it.
struct Donor {
    folder: tempfile::TempDir,
    model: Model,
}

impl Donor {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let setup = iris(Vec::new(), 2).prepare().unwrap();
        let model = setup.train(&mut (), &Options::default()).unwrap().model;
        model.save(folder.path().join("model.safetensors")).unwrap();
        Self { folder, model }
    }

    /// The model file; the folder stands for it, too.
    fn file(&self) -> PathBuf {
        self.folder.path().join("model.safetensors")
    }
}

/// The parameters with which training begins.
fn first(setup: &Setup) -> Vec<f64> {
    let mut parameters = setup.network.initialize(setup.recipe.seed);
    setup.start.fill(setup.network.layout(), &mut parameters);
    parameters
}

/// The model that a run has before its first step.
fn untrained(setup: &Setup) -> Model {
    let spec: ModelSpec = setup.spec.clone();
    Model::new(spec, Parameters::Double(first(setup))).unwrap()
}

/// What is wrong with a recipe.
fn refused(recipe: &Recipe) -> String {
    recipe.prepare().unwrap_err().to_string()
}

#[derive(Deserialize)]
struct Reference {
    inputs: Vec<f64>,
    predictions: Vec<f64>,
}

/// The network of PyTorch in `transfer.py`, and rows to predict.
fn pytorch() -> (Recipe, Table, Vec<f64>) {
    let numbers: Reference =
        serde_json::from_str(include_str!("../reference/transfer.json")).unwrap();
    let features = ["a", "b", "c", "d"].map(Feature::number).to_vec();
    let rows = numbers.inputs.len() / features.len();
    let inputs = Field::numbers("inputs", features, numbers.inputs);
    let levels = ["x", "y", "z"].map(String::from).to_vec();
    let target = Field::classes("kind", levels, (0..rows as u32).map(|row| row % 3).collect());
    let (inputs, targets) = (vec![inputs], vec![target]);
    let table = Table { name: "rows".into(), rows, inputs, targets, ..Table::default() };
    let mut recipe = iris(Vec::new(), 1);
    recipe.data.inputs.clear();
    recipe.network = NetworkSpec::chain([
        Dense::new(5).activation(Tanh {}).into(),
        Dense::new(5).activation(Tanh {}).into(),
        Dense::new(3).into(),
    ])
    .loss(CrossEntropy::default());
    (recipe, table, numbers.predictions)
}

/// The predictions of the network before training.
fn predicted(recipe: &Recipe, table: &Table) -> Vec<f64> {
    let setup = recipe.prepare_table(table.clone()).unwrap();
    let rows: Vec<usize> = (0..table.rows).collect();
    untrained(&setup).predict(table, &rows).unwrap()[0].values.clone()
}

#[test]
fn a_start_from_a_model_predicts_as_it() {
    let trained = Donor::new();
    for from in [trained.file(), trained.folder.path().to_owned()] {
        let mut recipe = iris(Vec::new(), 1).seed(7).start(StartSpec::new(from).with_normalizers());
        recipe.data.inputs.clear();
        let setup = recipe.prepare().unwrap();
        assert_eq!(first(&setup), trained.model.parameters().to::<f64>());
        let rows: Vec<usize> = (0..setup.table.rows).collect();
        let (before, after) = (trained.model.predict(&setup.table, &rows), untrained(&setup));
        golden(
            &after.predict(&setup.table, &rows).unwrap()[0].values,
            &before.unwrap()[0].values,
            1e-6, // one of them computes in single precision
        );
        assert_eq!(setup.start.notes().len(), 1);
        assert!(setup.start.notes()[0].starts_with("6 of 6 blocks start from "));
    }
}

#[test]
fn some_blocks_start_from_a_file_and_the_others_at_random() {
    let trained = Donor::new();
    let random = first(&iris(Vec::new(), 1).prepare().unwrap());
    let recipe = iris(Vec::new(), 1);
    let recipe = recipe.start(StartSpec::new(trained.file()).on(Select::from("dense-2")));
    let setup = recipe.prepare().unwrap();
    let (found, model) = (first(&setup), trained.model.parameters().to::<f64>());
    for block in setup.network.layout().blocks() {
        let from = if block.node == "dense-2" { &model } else { &random };
        assert_eq!(found[block.range.clone()], from[block.range.clone()], "{}", block.path());
    }
    let notes = setup.start.notes();
    assert!(notes[0].starts_with("2 of 6 blocks start from "), "{notes:?}");
    assert!(notes[0].ends_with("; dense-1, dense-3 start from random values"), "{notes:?}");
    assert!(notes[1].contains("start[0].normalizers = true"), "{notes:?}");
}

/// Of several files that have a block, the last one counts.
#[test]
fn files_are_laid_over_each_other() {
    let (a, b) = (Donor::new(), Donor::new());
    let mut other = b.model.parameters().to::<f64>();
    other.iter_mut().for_each(|x| *x = -*x);
    Model::new(b.model.spec().clone(), Parameters::Double(other)).unwrap().save(b.file()).unwrap();
    let recipe = iris(Vec::new(), 1);
    let recipe = recipe.start(StartSpec::new(a.file()));
    let recipe = recipe.start(StartSpec::new(b.file()).on(Select::from(BlockKind::Bias)));
    let setup = recipe.prepare().unwrap();
    let (found, model) = (first(&setup), a.model.parameters().to::<f64>());
    for block in setup.network.layout().blocks() {
        let sign = if block.kind == BlockKind::Bias { -1.0 } else { 1.0 };
        for at in block.range.clone() {
            assert_eq!(found[at], sign * model[at], "{}", block.path());
        }
    }
}

/// Four types of numbers, among tensors that are no weights, in the layout of PyTorch.
#[test]
fn a_network_of_pytorch_predicts_as_there() {
    let (recipe, table, expected) = pytorch();
    let file = reference("transfer.safetensors");
    let short = StartSpec::new(&file).named("dense-*", "fc*");
    let long = StartSpec::new(&file)
        .named("dense-*.weight", "fc*.weight")
        .named("dense-*.bias", "fc*.bias")
        .on(Select::from("dense-*"));
    let each = ["dense-1.weight", "dense-1.bias", "dense-2.*", "dense-3.weight", "dense-3.bias"];
    let each = each.iter().fold(StartSpec::new(&file), |start, name| {
        start.named(name, &name.replace("dense-", "fc"))
    });
    let said = long.clone().matrices(Matrices::OutputsByInputs);
    for start in [short, long, each, said] {
        golden(&predicted(&recipe.clone().start(start), &table), &expected, 1e-12);
    }
}

/// As Keras, Flax and burn store them. A square matrix could be either, so it must be said.
#[test]
fn matrices_with_a_row_for_each_input_are_turned() {
    let (recipe, table, expected) = pytorch();
    let start =
        StartSpec::new(reference("transfer-inputs-first.safetensors")).named("dense-*", "fc*");
    let said = start.clone().matrices(Matrices::InputsByOutputs);
    golden(&predicted(&recipe.clone().start(said), &table), &expected, 1e-12);

    // Without the square matrix, the shapes say it.
    let ends = Select::default().nodes(["dense-1", "dense-3"]);
    let middle = StartSpec::new(reference("transfer.safetensors")).named("dense-*", "fc*");
    let middle = middle.on(Select::from("dense-2"));
    let two = recipe.clone().start(start.clone().on(ends)).start(middle);
    golden(&predicted(&two, &table), &expected, 1e-12);

    let error = recipe.start(start).prepare_table(table).unwrap_err().to_string();
    let expected = "start[0].matrices: expected \"inputs-by-outputs\" or \"outputs-by-inputs\", \
                    because dense-2.weight is square and could be either (dense-1.weight is stored as \
                    inputs-by-outputs), found nothing";
    assert_eq!(error, expected);
}

/// Where nothing tells how a square matrix lies, a note says how it was read.
#[test]
fn a_square_matrix_by_itself_is_told() {
    let (recipe, table, _) = pytorch();
    let file = || StartSpec::new(reference("transfer.safetensors")).named("dense-*", "fc*");
    let notes = |start: StartSpec| {
        let setup = recipe.clone().start(start).prepare_table(table.clone()).unwrap();
        setup.start.notes().join("\n")
    };
    let told = "dense-2.weight is square and was read with a row for each output, as PyTorch stores it; \
                start[0].matrices = \"inputs-by-outputs\" reads it the other way";
    assert!(notes(file().on(Select::from("dense-2"))).contains(told));
    assert!(!notes(file()).contains("square"));
    let said = file().on(Select::from("dense-2")).matrices(Matrices::OutputsByInputs);
    assert!(!notes(said).contains("square"));
}

/// The most exact name counts.
#[test]
fn names_with_more_characters_say_more() {
    let trained = Donor::new();
    let file = trained.file();
    let start = StartSpec::new(&file)
        .named("*", "nothing.*")
        .named("dense-*", "dense-*")
        .named("dense-2.bias", "dense-2.bias");
    let setup = iris(Vec::new(), 1).start(start).prepare().unwrap();
    assert_eq!(first(&setup), trained.model.parameters().to::<f64>());
}

//! Runs that start from a file: frozen blocks, statistics, phases, checkpoints, the model's notes.

use super::{Donor, first};
use crate::harness::iris;
use tanren::network::Model;
use tanren::plugin::Checked as _;
use tanren::prelude::*;

fn bits(model: &Model, node: &str) -> Vec<u64> {
    let (layout, values) = (model.network().layout(), model.parameters().to::<f64>());
    let blocks = layout.blocks().iter().filter(|block| block.node == node);
    blocks.flat_map(|block| &values[block.range.clone()]).map(|x| x.to_bits()).collect()
}

/// Iris with a new head on a frozen body.
fn tuned(donor: &Donor) -> Recipe {
    let body = || Select::default().nodes(["dense-1", "dense-2"]);
    let start = StartSpec::new(donor.folder.path()).on(body()).with_normalizers();
    let mut recipe = iris(vec![Adam::default().into()], 3).seed(9).start(start);
    recipe.data.inputs.clear();
    recipe.network = recipe.network.freeze(body());
    recipe
}

#[test]
fn a_frozen_body_stays_to_the_bit() {
    let donor = Donor::new();
    let setup = tuned(&donor).prepare().unwrap();
    let model = setup.train(&mut (), &Options::default()).unwrap().model;
    for node in ["dense-1", "dense-2"] {
        assert_eq!(bits(&model, node), bits(&donor.model, node));
    }
    assert_ne!(bits(&model, "dense-3"), bits(&donor.model, "dense-3"));
    let (old, new) = (&donor.model.spec().inputs[0], &model.spec().inputs[0]);
    let json = |port| serde_json::to_value(port).unwrap();
    assert_eq!(json(new), json(old), "the normalizers are those of the model");
    let file = tanren::network::Tensors::open(&donor.file()).unwrap();
    let print = format!("{:016x}", file.fingerprint());
    assert!(model.notes["start"].contains(&print), "{:?}", model.notes["start"]);
    assert!(!donor.model.notes.contains_key("start"));
}

/// What a run needs to go on is in its checkpoint: the files may be gone.
#[test]
fn a_run_goes_on_without_the_files() {
    let donor = Donor::new();
    let place = tempfile::tempdir().unwrap();
    let checkpoint = place.path().join("last.safetensors");
    let begin = Options { checkpoint: Some(checkpoint.clone()), ..Options::default() };
    let resume = Options { resume: true, ..begin.clone() };
    let mut recipe = tuned(&donor);
    let whole = recipe.prepare().unwrap().train(&mut (), &Options::default()).unwrap();
    recipe.training.epochs = 1;
    let setup = recipe.prepare().unwrap();
    setup.train(&mut (), &begin).unwrap();
    recipe.training.epochs = 3;
    drop(donor);
    assert!(recipe.prepare().is_err(), "the file is gone");
    let setup = recipe.prepare_resumed(setup.table, &checkpoint).unwrap();
    setup.check_start(&resume).unwrap();
    let parts = setup.train(&mut (), &resume).unwrap();
    assert_eq!(parts.model.parameters(), whole.model.parameters());
    assert_eq!(parts.model.notes, whole.model.notes);
    let json = |model: &Model| serde_json::to_value(model.spec()).unwrap();
    assert_eq!(json(&parts.model), json(&whole.model));
}

/// Running means and variances come with the other blocks.
#[test]
fn statistics_are_blocks_as_others() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("model.safetensors");
    let network = |frozen: bool| {
        let norm = BatchNorm { frozen, ..BatchNorm::default() };
        let layers = [Dense::new(6).activation(Tanh {}).into(), norm.into(), Dense::new(3).into()];
        NetworkSpec::chain(layers).loss(CrossEntropy::default())
    };
    let mut recipe = iris(Vec::new(), 2);
    recipe.network = network(false);
    let model = recipe.prepare().unwrap().train(&mut (), &Options::default()).unwrap().model;
    model.save(&path).unwrap();
    let body = || Select::default().nodes(["dense-1", "batch-norm-1"]);
    let mut recipe = iris(Vec::new(), 2).start(StartSpec::new(&path).on(body())).seed(4);
    recipe.network = network(true).freeze(body());
    let setup = recipe.prepare().unwrap();
    let tuned = setup.train(&mut (), &Options::default()).unwrap().model;
    for node in ["dense-1", "batch-norm-1"] {
        assert_eq!(bits(&tuned, node), bits(&model, node), "{node}");
    }
    assert!(model.network().layout().find("batch-norm-1", "variance").is_some());
}

/// The first phase of a run is where it starts.
#[test]
fn pretraining_starts_from_the_file() {
    let donor = Donor::new();
    let training = TrainingSpec::new(LearningRate::constant(0.01)).epochs(1);
    let start = StartSpec::new(donor.file());
    let mut recipe = iris(Vec::new(), 1).seed(3).start(start).pretrain(&["dense-3"], training);
    recipe.training.nodes = vec!["dense-3".into()];
    let setup = recipe.prepare().unwrap();
    assert_eq!(first(&setup), donor.model.parameters().to::<f64>());
    let model = setup.train(&mut (), &Options::default()).unwrap().model;
    for node in ["dense-1", "dense-2"] {
        assert_eq!(bits(&model, node), bits(&donor.model, node), "{node} is never trained");
    }
    assert_ne!(bits(&model, "dense-3"), bits(&donor.model, "dense-3"));
}

/// A recipe says it, in few words.
#[test]
fn a_recipe_as_text() {
    let text = r#"
        [data]
        source = "iris"
        split = "random"
        [network]
        layers = [{ type = "dense", units = 3 }]
        loss = "cross-entropy"
        [[start]]
        from = "runs/iris-1"
        on = "dense-*"
        names = { "dense-1.weight" = "fc1.weight" }
        matrices = "inputs-by-outputs"
        [training]
        search = { type = "learning-rate", rate = { type = "constant", value = 0.1 } }
    "#;
    let recipe: Recipe = toml::from_str(text).unwrap();
    let start = StartSpec::new("runs/iris-1").on("dense-*").named("dense-1.weight", "fc1.weight");
    assert_eq!(recipe.start, [start.matrices(tanren::network::Matrices::InputsByOutputs)]);
    recipe.start[0].check().unwrap();
    let short = text.replace("matrices =", "matrix =");
    let error = toml::from_str::<Recipe>(&short).unwrap_err().to_string();
    assert!(error.contains("unknown field `matrix`"), "{error}");
}

//! Tables, checkpoints and runs that must be refused, or survived, with the right word.

use crate::harness::{distributions, field, iris, offsets, random, table};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use tanren::network::{NetworkSpec, Parameters, TensorFile};
use tanren::plugin::{
    Checked, Clock, DataError, Event, Observer, Part, Reason, Source, Split, Table, Values, Wants,
};
use tanren::prelude::*;
use tanren::tensor::{Shape, Stream};
use tanren::trainer::{Ending, Keep};

/// A source that holds its table; only for this test, so it cannot be read from text.
#[derive(Debug, Serialize, Deserialize)]
struct Given {
    #[serde(skip)]
    table: Option<Table>,
}

impl Checked for Given {}

#[typetag::serde(name = "test/given")]
impl Source for Given {
    fn open(&self) -> Result<Table, DataError> {
        self.table.clone().ok_or_else(|| DataError::new("given", "expected a table, found none"))
    }
}

/// Every row trains.
#[derive(Debug, Serialize, Deserialize)]
struct All {}

impl Checked for All {}

#[typetag::serde(name = "test/all")]
impl Split for All {
    fn split(&self, table: &Table, _: Stream) -> Result<Vec<Part>, DataError> {
        Ok(vec![Part::Train; table.rows])
    }
}

fn recipe(table: Table, network: NetworkSpec, rate: f64) -> Recipe {
    let data = DataSpec::new(Given { table: Some(table) }, All {});
    let mut training = TrainingSpec::new(LearningRate::constant(rate)).epochs(1);
    training.batch = 1 << 20;
    Recipe::new(data, network, training)
}

fn line(outputs: usize) -> NetworkSpec {
    NetworkSpec::chain([Dense::new(outputs).into()])
}

fn vectors(rows: usize) -> Table {
    let (x, y) = (Shape::vector(2), Shape::vector(1));
    let input = field("x", x, random(x, rows, 1), None);
    table(rows, input, field("y", y, random(y, rows, 2), None), None)
}

fn error(table: Table, network: NetworkSpec) -> String {
    let trained = recipe(table, network, 0.1)
        .prepare()
        .and_then(|setup| setup.train(&mut (), &Options::default()).map(|_| ()));
    trained.unwrap_err().to_string()
}

#[test]
fn inconsistent_tables_are_refused() {
    let mut bytes = vectors(4);
    bytes.targets[0] = field("y", Shape::index(3), Values::Bytes(vec![0, 1, 2, 1]), None);
    assert!(error(bytes, line(3).loss(CrossEntropy::default())).contains("column y"));
    let mut steps = vectors(3);
    steps.inputs[0].offsets = offsets(&[1, 1, 1]);
    assert!(error(steps, line(1).loss(Mse {})).contains("no offsets"));
    let mut bare = vectors(3);
    bare.inputs[0].spec.shape.sequence = true;
    assert!(error(bare, line(1).loss(Mse {})).contains("offsets, found none"));
}

#[test]
fn numbers_that_are_none_are_located() {
    for (bad, value) in [("x", f64::NAN), ("y", f64::INFINITY), ("x", 1e39)] {
        let mut table = vectors(5);
        let place = if bad == "x" { &mut table.inputs[0] } else { &mut table.targets[0] };
        if let Values::Double(values) = &mut place.values {
            let width = place.spec.shape.features;
            values[3 * width] = value; // 1e39 is infinite in single precision
        }
        let message = error(table, line(1).loss(Mse {}));
        assert!(message.contains(&format!("row 3, column {bad}")), "{message}");
    }
}

/// Each step of a sequence is a distribution of its own.
#[test]
fn a_distribution_at_every_step_is_one() {
    let (x, y) = (Shape::sequence(2), Shape::sequence(3));
    let at = offsets(&[2, 3]);
    let input = field("x", x, random(Shape::vector(2), 5, 1), at.clone());
    let target = field("y", y, distributions(3, 5, 2), at);
    let recipe = recipe(table(2, input, target, None), line(3).loss(CrossEntropy::default()), 0.1);
    let trained = recipe.prepare().unwrap().train(&mut (), &Options::default()).unwrap();
    assert_eq!(trained.ending, Ending::Completed);
}

/// Rows of weight 0 are no part of an evaluation, even a whole chunk of them.
#[test]
fn a_chunk_of_nothing_is_skipped() {
    let mut many = vectors(600);
    many.weights = Some((0..600).map(|row| if row < 300 { 0.0 } else { 1.0 }).collect());
    let setup = recipe(many, line(1).loss(Mse {}), 0.01).prepare().unwrap();
    let data = setup.prepared::<f64>().unwrap();
    let parameters: Vec<f64> = setup.network.initialize(Seed(1));
    let all: Vec<usize> = (0..600).collect();
    let scoring = setup.scoring().unwrap();
    let score = |rows: &[usize]| {
        let mut runner = tanren::network::Runner::new(&setup.network);
        tanren::trainer::evaluate(&setup.network, &mut runner, &parameters, &data, rows, &scoring)
    };
    assert_eq!(score(&all).unwrap(), score(&all[300..]).unwrap());
    assert!(score(&all[..300]).is_err());
    assert!(score(&[]).is_err());
}

/// Records the loss of every update.
#[derive(Default)]
pub(crate) struct Losses(pub(crate) Vec<f64>);

impl Observer for Losses {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        if let Event::Step { loss: Some(loss), .. } = event {
            self.0.push(*loss);
        }
        ControlFlow::Continue(())
    }
}

#[test]
fn divergence_is_seen_wherever_it_happens() {
    // In the last step of all.
    let last = recipe(vectors(4), line(1).loss(Mse {}), 1e300);
    let trained = last.prepare().unwrap().train(&mut (), &Options::default()).unwrap();
    assert!(
        matches!(trained.ending, Ending::Diverged { iteration: 1, .. }),
        "{:?}",
        trained.ending
    );

    // In the middle: the step is shown, the checkpoint stays at what was good.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let options = Options { checkpoint: Some(path.clone()), ..Options::default() };
    let mut run = recipe(vectors(5), line(1).loss(Mse {}), 2e3);
    run.training.batch = 1;
    run.training.keep = Keep::Last;
    run.prepare().unwrap().train(&mut (), &options).unwrap();
    let good = std::fs::read(&path).unwrap();
    run.training.epochs = 9;
    let mut losses = Losses::default();
    let again = Options { resume: true, ..options };
    let trained = run.prepare().unwrap().train(&mut losses, &again).unwrap();
    assert!(matches!(trained.ending, Ending::Diverged { .. }));
    assert!(losses.0.last().is_some_and(|loss| !loss.is_finite()), "{:?}", losses.0);
    assert!(std::fs::read(&path).unwrap() == good);
}

#[test]
fn a_checkpoint_knows_its_recipe() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = Some(folder.path().join("state"));
    let start = Options { checkpoint: checkpoint.clone(), ..Options::default() };
    let recipe = iris(vec![Momentum::default().into()], 2);
    recipe.prepare().unwrap().train(&mut (), &start).unwrap();
    let resume = |recipe: &Recipe| {
        let options =
            Options { checkpoint: checkpoint.clone(), resume: true, ..Options::default() };
        let trained = recipe.prepare().unwrap().train(&mut (), &options);
        trained.map_err(|e| e.to_string()).map(|_| ())
    };
    let mut nesterov = recipe.clone();
    nesterov.training.updaters = vec![Nesterov::default().into()];
    let mut seed = recipe.clone();
    seed.seed = Seed(43);
    let mut repeats = recipe.clone();
    repeats.training.iterations = 2;
    for (other, word) in [(nesterov, "training"), (seed, "seed"), (repeats, "training")] {
        let message = resume(&other).unwrap_err();
        assert!(message.contains(&format!("another recipe: {word}")), "{message}");
    }
    let mut longer = recipe;
    longer.training.epochs = 3;
    resume(&longer).unwrap();
    let nowhere = Options { resume: true, ..Options::default() };
    assert!(longer.prepare().unwrap().train(&mut (), &nowhere).is_err());
}

/// A small file that promises a network of terabytes.
#[test]
fn a_model_is_measured_before_it_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    let setup = iris(Vec::new(), 1).prepare().unwrap();
    let parameters = Parameters::Single(setup.network.initialize(Seed(1)));
    let model = Model::new(setup.spec.clone(), parameters).unwrap();
    assert!(model.predict(&setup.table, &[150]).is_err());
    model.save(&path).unwrap();
    let mut file = TensorFile::read(&path).unwrap();
    let huge = file.entries["model"].replace("\"units\":7", "\"units\":100000000000");
    file.entries.insert("model".into(), huge);
    file.write(&path).unwrap();
    let message = Model::load(&path).unwrap_err().to_string();
    assert!(message.contains("dense-1.") || message.contains("parameters"), "{message}");
}

/// The same columns in another order, or other classes, are other data.
#[test]
fn names_must_agree() {
    let setup = iris(Vec::new(), 1).prepare().unwrap();
    let parameters = Parameters::Single(setup.network.initialize(Seed(1)));
    let model = Model::new(setup.spec.clone(), parameters).unwrap();
    let mut other = setup.table;
    other.inputs[0].spec.features.reverse();
    let message = model.predict(&other, &[0]).unwrap_err().to_string();
    assert!(message.contains("expected the features sepal_length"), "{message}");
}

/// A model predicts numbers in the units its target came in.
#[test]
fn predictions_are_in_the_targets_own_units() {
    let mut far = vectors(40);
    if let (Values::Double(x), Values::Double(y)) =
        (&far.inputs[0].values.clone(), &mut far.targets[0].values)
    {
        y.iter_mut().zip(x.chunks(2)).for_each(|(y, x)| *y = 5000.0 + 300.0 * (x[0] - x[1]));
    }
    let mut recipe = recipe(far.clone(), line(1).loss(Mse {}), 0.1);
    recipe.data.targets = vec![Standardize {}.into()];
    recipe.training.epochs = 200;
    let setup = recipe.prepare().unwrap();
    let trained = setup.train(&mut (), &Options::default()).unwrap();
    let rows: Vec<usize> = (0..40).collect();
    let predicted = trained.model.predict(&setup.table, &rows).unwrap();
    let Values::Double(wanted) = &far.targets[0].values else { unreachable!() };
    let error = |(p, w): (&f64, &f64)| (p - w).abs();
    let worst = predicted[0].values.iter().zip(wanted).map(error).fold(0.0, f64::max);
    assert!(worst < 30.0, "{worst} off, of numbers about 5000");
}

/// Where a recipe asks for the plugin of a crate that is not linked, in a plugin or not, it is told why.
#[test]
fn the_plugin_of_an_unlinked_crate_is_said_to_be_one() {
    use tanren::plugin::{Layer, Plugin};
    for text in [
        r#""acme/nowhere""#,
        r#"{ "type": "acme/nowhere", "units": 3 }"#,
        r#"{ "type": "dense", "units": 3, "activation": "acme/nowhere" }"#,
    ] {
        let said = serde_json::from_str::<Plugin<dyn Layer>>(text).unwrap_err().to_string();
        assert!(said.contains("`acme/nowhere`"), "{said}");
        assert_eq!(said.matches("`use acme as _;`").count(), 1, "{said}");
    }
    let said = serde_json::from_str::<Plugin<dyn Layer>>(r#""acme-labs/x""#).unwrap_err();
    assert!(said.to_string().contains("`use acme_labs as _;`"), "{said}");
    let said = serde_json::from_str::<Plugin<dyn Layer>>(r#""denze""#).unwrap_err().to_string();
    assert!(!said.contains("use "), "{said}");
}

//! 10 + 10 steps in two processes are 20 steps in one, to the bit: for everything that keeps a state,
//! in both precisions.

use crate::conformance;
use crate::harness::{Until, field, iris, offsets, random, table};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use tanren::plugin::{
    Aimed, BlockKind, Checked, DataError, Layer, ParamSpec, Reason, Scheduled, SlotSpec, Slots,
    Source, Table, UpdateAt, Updater, UpdaterKernel, UpdaterKernels,
};
use tanren::prelude::*;
use tanren::tensor::{Real, Shape};
use tanren::trainer::{Arithmetic, Ending};

/// Every recipe that is replayed, by name: all that keeps anything, from the lists that `families`
/// compares with what is registered. Updaters also in one chain, as checkpoints tell them apart.
fn cases() -> Vec<(String, Recipe)> {
    let adam = || vec![Adam::default().into()];
    let mut cases: Vec<(String, Recipe)> = Vec::new();
    let mut add = |what: &str, recipe| cases.push((format!("{what}-{}", cases.len()), recipe));
    // 7 batches an epoch: the halves end in the middle of one.
    for updater in conformance::updaters() {
        add("updater", iris(vec![updater.into()], 3));
    }
    // Of those that end a chain one stands at its end.
    let updaters = conformance::updaters().into_iter();
    let (ends, mut chain): (Vec<_>, Vec<_>) = updaters.partition(|updater| updater.ends_chain());
    chain.extend(ends.into_iter().next_back());
    add("chain", iris(chain.into_iter().map(Aimed::from).collect(), 3));
    add("aimed", iris(vec![Adam::default().on("dense-1"), Scale::new(2.0).on(BlockKind::Bias)], 3));
    for direction in conformance::directions() {
        let mut recipe = iris(adam(), 3);
        recipe.training.direction = Some(direction);
        add("direction", recipe);
    }
    for search in conformance::searches() {
        let mut recipe = iris(adam(), 3);
        recipe.training.search = search;
        add("search", recipe);
    }
    // All rows at once, where the gradient at the end of a step is that of the next one.
    for (direction, search) in conformance::directions()
        .into_iter()
        .zip(conformance::searches().into_iter().cycle().skip(2))
    {
        let mut recipe = iris(Vec::new(), 20);
        let training = &mut recipe.training;
        (training.direction, training.search) = (Some(direction), search);
        training.batch = usize::MAX;
        add("whole", recipe);
    }
    let mut scheduled = iris(Vec::new(), 3);
    let schedule = |text: &str| serde_json::from_str::<Scheduled>(text).unwrap();
    let rate = r#"{ "type": "one-cycle", "max": 0.1, "over": 21, "unit": "iterations" }"#;
    scheduled.training.search = LearningRate::new(schedule(rate)).into();
    let momentum = schedule(r#"{ "type": "linear", "value": 0.5, "end": 0.9, "over": 3 }"#);
    scheduled.training.updaters.push(Momentum { momentum }.into());
    add("schedule", scheduled);
    let mut averaged = through(BatchNorm::default().into(), Shape::vector(4));
    averaged.training.updaters.push(tanren::updaters::Ema::default().into());
    averaged.training.keep = Keep::Last;
    add("averaged", averaged);
    for rule in conformance::paces() {
        let mut recipe = iris(adam(), 3);
        recipe.training.pace.push(rule);
        add("pace", recipe);
    }
    for rule in conformance::stopping() {
        let mut recipe = iris(adam(), 3);
        recipe.training.stopping.push(rule);
        add("stopping", recipe);
    }
    for (layer, inputs) in conformance::layers() {
        match inputs[..] {
            [shape] => add("layer", through(layer, shape)),
            _ => assert!(!remembers(&*layer, &inputs), "{layer:?} has a state and no replay"),
        }
    }
    cases
}

/// Whether a layer keeps anything but parameters.
fn remembers(layer: &dyn Layer, inputs: &[Shape]) -> bool {
    let statistic = |spec: &ParamSpec| spec.kind == BlockKind::Statistic;
    layer.carry(inputs) > 0 || layer.params(inputs).iter().any(statistic)
}

/// A network that begins with this layer, on random data of its shape.
fn through(layer: Plugin<dyn Layer>, shape: Shape) -> Recipe {
    let Shape { features, sequence, indices, grid } = shape;
    let each_step = layer.output(&[shape]).is_ok_and(|output| output.sequence);
    let source = Noise { features, sequence, indices, grid, each_step };
    let network = NetworkSpec::chain([layer, Dense::new(3).into()]).loss(CrossEntropy::default());
    let mut training = TrainingSpec::new(LearningRate::constant(0.02)).epochs(3);
    training.updaters = vec![Adam::default().into()];
    training.batch = 16;
    Recipe::new(DataSpec::new(source, RandomSplit::default()), network, training)
}

/// Random inputs of one shape, and a class of three for each row, or for each of its steps.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Noise {
    features: usize,
    sequence: bool,
    indices: bool,
    grid: Option<(usize, usize)>,
    each_step: bool,
}

impl Checked for Noise {}

#[typetag::serde(name = "test/noise")]
impl Source for Noise {
    fn open(&self) -> Result<Table, DataError> {
        let Self { features, sequence, indices, grid, each_step } = *self;
        let rows = 150;
        let lengths: Vec<usize> = (0..rows).map(|row| 1 + row % 3).collect();
        let noise = |name, shape: Shape, sample| {
            let columns = if shape.sequence { lengths.iter().sum() } else { rows };
            let offsets = shape.sequence.then(|| offsets(&lengths)).flatten();
            field(name, shape, random(shape, columns, sample), offsets)
        };
        let input = noise("x", Shape { features, sequence, indices, grid }, 1);
        let target = noise("class", Shape { sequence: each_step, ..Shape::index(3) }, 2);
        Ok(table(rows, input, target, None))
    }
}

/// An updater that counts in itself, where no checkpoint sees it.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Hidden {
    #[serde(skip)]
    calls: AtomicU64,
}

impl Checked for Hidden {}

#[typetag::serde(name = "test/hidden")]
impl Updater for Hidden {
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Hidden {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        let calls = self.calls.fetch_add(1, Ordering::Relaxed) as f64;
        step.iter_mut().for_each(|s| *s *= T::of(1.0 / (1.0 + calls)));
    }
}

/// A recipe that cannot be replayed.
fn hidden() -> Vec<(String, Recipe)> {
    vec![("hidden".into(), iris(vec![Hidden::default().into()], 3))]
}

/// Each case in both precisions, with the folder of its checkpoints.
fn both(cases: fn() -> Vec<(String, Recipe)>) -> Vec<(String, Recipe)> {
    let precisions = [Arithmetic::Single, Arithmetic::Double];
    let each = precisions.into_iter().flat_map(|precision| {
        cases().into_iter().map(move |(name, recipe)| {
            (format!("{name}-{precision:?}"), Recipe { precision, ..recipe })
        })
    });
    each.collect()
}

fn run(recipe: &Recipe, until: u64, checkpoint: &Path, resume: bool) {
    let options = Options { threads: 1, checkpoint: Some(checkpoint.into()), resume };
    let trained = recipe.prepare().unwrap().train(&mut Until(until), &options).unwrap();
    assert_eq!(trained.ending, Ending::Interrupted(Reason("enough".into())));
    assert_eq!(trained.steps, until);
}

/// The second process: goes on from the checkpoints in the folder it is told about. As a test of its
/// own, without that, it has nothing to do.
#[test]
fn second_process() {
    let Ok(folder) = std::env::var("TANREN_REPLAY") else { return };
    for (name, recipe) in both(cases).into_iter().chain(both(hidden)) {
        let halves = Path::new(&folder).join(format!("{name}-halves"));
        if halves.exists() {
            run(&recipe, 20, &halves, true);
        }
    }
}

/// The cases whose 20 steps in two processes are not those in one.
fn different(cases: fn() -> Vec<(String, Recipe)>) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, what: &str| folder.path().join(format!("{name}-{what}"));
    // Made anew for each run: what a plugin hides in itself must not come along.
    for (name, recipe) in both(cases) {
        run(&recipe, 20, &path(&name, "whole"), false);
    }
    for (name, recipe) in both(cases) {
        run(&recipe, 10, &path(&name, "halves"), false);
        assert_ne!(state(&path(&name, "whole")), state(&path(&name, "halves")));
    }
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "replay::second_process", "--nocapture"])
        .env("TANREN_REPLAY", folder.path())
        .output()
        .unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let names = both(cases).into_iter().map(|(name, _)| name);
    names.filter(|name| state(&path(name, "whole")) != state(&path(name, "halves"))).collect()
}

/// The state without the seconds, which differ.
fn state(path: &Path) -> Vec<u8> {
    let mut file = tanren::network::TensorFile::read(path).unwrap();
    let text = file.entries.get_mut("state").unwrap();
    let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
    for record in value["history"].as_array_mut().unwrap() {
        record["seconds"] = 0.into();
    }
    value["cursor"]["seconds"] = 0.into();
    *text = value.to_string();
    format!("{file:?}").into_bytes()
}

/// A checkpoint can be read with other tools: what updaters keep has the names they declare, whatever
/// else is in the chain.
#[test]
fn slots_have_their_declared_names() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state");
    let chain =
        vec![Momentum::default().into(), Adam::default().into(), Momentum::default().into()];
    let recipe = iris(chain, 1);
    let options = Options { checkpoint: Some(path.clone()), ..Options::default() };
    recipe.prepare().unwrap().train(&mut (), &options).unwrap();
    let file = tanren::network::TensorFile::read(&path).unwrap();
    let slots: Vec<_> = file.tensors.keys().filter_map(|name| name.strip_prefix("slot.")).collect();
    assert_eq!(slots, ["adam-1.m", "adam-1.v", "momentum-1.velocity", "momentum-2.velocity"]);
}

/// Two slots that a checkpoint could not tell apart.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Twins {}

impl Checked for Twins {}

#[typetag::serde(name = "acme/twins")]
impl Updater for Twins {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("twin"), SlotSpec::zero("twin")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Twins {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, _: &mut [T]) {}
}

#[test]
fn slots_of_one_name_are_refused() {
    let message = iris(vec![Twins {}.into()], 1).check().unwrap_err().to_string();
    assert!(message.starts_with("training.updaters[0]: expected an updater"), "{message}");
    assert!(message.contains("different names, found acme/twins with twin, twin"), "{message}");
}

#[test]
fn ten_and_ten_are_twenty() {
    assert!(both(cases).len() > 2 * conformance::updaters().len());
    assert_eq!(different(cases), Vec::<String>::new());
}

/// The test above would notice.
#[test]
fn what_is_hidden_is_found() {
    assert_eq!(different(hidden), ["hidden-Single", "hidden-Double"]);
}

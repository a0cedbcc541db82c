//! 10 + 10 steps in two processes are 20 steps in one, to the bit: for each updater, in both
//! precisions.

use crate::harness::iris;
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use tanren::plugin::{
    Aimed, Checked, Clock, Event, Observer, Reason, SlotSpec, Slots, UpdateAt, Updater,
    UpdaterKernel, UpdaterKernels, Wants,
};
use tanren::prelude::*;
use tanren::tensor::Real;
use tanren::trainer::{Arithmetic, Ending};
use tanren::updaters::{Scale, Unchanged};

/// Every updater we have, by name.
fn updaters() -> Vec<(&'static str, Vec<Aimed<dyn Updater>>)> {
    let (momentum, nesterov) = (Momentum::default(), Nesterov::default());
    vec![
        ("unchanged", vec![Unchanged {}.into()]),
        ("momentum", vec![momentum.clone().into()]),
        ("nesterov", vec![nesterov.into()]),
        ("adam", vec![Adam::default().into()]),
        ("aimed", vec![Adam::default().on("dense-1"), Scale::new(2.0).on(BlockKind::Bias)]),
        ("momentum-adam", vec![momentum.into(), Adam::default().into()]),
    ]
}

fn recipe(updater: &str, precision: Arithmetic) -> Recipe {
    let chain = updaters().into_iter().find(|(name, _)| *name == updater).unwrap().1;
    // 7 batches an epoch: the halves end in the middle of one.
    let mut recipe = iris(chain, 3);
    recipe.precision = precision;
    recipe
}

/// Ends a run after so many updates in all.
struct Until(u64);

impl Observer for Until {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        match event {
            Event::Step { clock, .. } if clock.iteration + 1 == self.0 => {
                ControlFlow::Break(Reason("enough".into()))
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

fn run(recipe: &Recipe, until: u64, checkpoint: &Path, resume: bool) {
    let options = Options { threads: 1, checkpoint: Some(checkpoint.into()), resume };
    let trained = recipe.prepare().unwrap().train(&mut Until(until), &options).unwrap();
    assert_eq!(trained.ending, Ending::Interrupted(Reason("enough".into())));
    assert_eq!(trained.steps, until);
}

/// The second process: goes on from the checkpoint it is told about. As a test of its own, without
/// that, it has nothing to do.
#[test]
fn second_process() {
    let Ok(job) = std::env::var("TANREN_REPLAY") else { return };
    let mut parts = job.splitn(3, ' ');
    let mut next = || parts.next().unwrap();
    let (updater, precision, path) = (next(), next(), next());
    let precision = match precision {
        "Double" => Arithmetic::Double,
        _ => Arithmetic::Single,
    };
    run(&recipe(updater, precision), 20, Path::new(path), true);
}

/// The state without the seconds, which differ.
fn state(path: &Path) -> Vec<u8> {
    let mut file = tanren::network::TensorFile::read(path).unwrap();
    let text = file.entries.get_mut("state").unwrap();
    let mut value: serde_json::Value = serde_json::from_str(text).unwrap();
    for record in value["history"].as_array_mut().unwrap() {
        record["seconds"] = 0.into();
    }
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
    let folder = tempfile::tempdir().unwrap();
    for (updater, _) in updaters() {
        for precision in [Arithmetic::Single, Arithmetic::Double] {
            let recipe = recipe(updater, precision);
            let (whole, halves) = (folder.path().join("whole"), folder.path().join("halves"));
            run(&recipe, 20, &whole, false);
            run(&recipe, 10, &halves, false);
            assert_ne!(state(&whole), state(&halves));
            let status = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "replay::second_process", "--nocapture"])
                .env("TANREN_REPLAY", format!("{updater} {precision:?} {}", halves.display()))
                .output()
                .unwrap();
            assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
            assert!(state(&whole) == state(&halves), "{updater} {precision:?}");
        }
    }
}

//! `acme/polyak`: θ̄ ← θ̄ + (θ − θ̄)/(t + 1) after every update; θ̄ is used, θ goes on.
//!
//! t = 0, 1, … counts updates. Source: Polyak, Juditsky (1992), *Acceleration of stochastic
//! approximation by averaging*. Proves `settle`, which sees the new parameters, and `evaluation`,
//! which validation, the best epoch and the model use.

use crate::harness::same;
use crate::table::{Rows, parameters, recipe, train};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Checked, Clock, Event, Observer, Plugin, Reason, SlotInit, SlotSpec, Slots, UpdateAt, Updater,
    UpdaterKernel, UpdaterKernels, Wants,
};
use tanren_tensor::Real;
use tanren_testkit as testkit;
use tanren_trainer::{Keep, Options, TrainingSpec};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Polyak {}

impl Checked for Polyak {}

#[typetag::serde(name = "acme/polyak")]
impl Updater for Polyak {
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec { name: "mean", init: SlotInit::Parameters }]
    }
    fn settles(&self) -> bool {
        true
    }
    fn averages(&self) -> bool {
        true
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Polyak {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, _: &mut [T]) {}
    fn settle(&self, at: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let ([mean], share) = (slots.array(), T::of(1.0 / (at.clock.iteration as f64 + 1.0)));
        mean.iter_mut().zip(parameters).for_each(|(m, &mut p)| *m += share * (p - *m));
    }
    fn evaluation(&self, _: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [mean] = slots.array();
        parameters.copy_from_slice(mean);
    }
}

/// Keeps the parameters after every update.
#[derive(Default)]
struct Path(Vec<Vec<f64>>);

impl Observer for Path {
    fn wants(&self, _: Clock) -> Wants {
        Wants::PARAMETERS
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        if let Event::Parameters { values, .. } = event {
            self.0.push(values.iter().collect());
        }
        ControlFlow::Continue(())
    }
}

#[test]
fn conforms() {
    testkit::updater(&Polyak {});
    testkit::round_trip(&Plugin::<dyn Updater>::from(Polyak {}));
}

#[test]
fn the_mean_is_used_and_the_path_is_not_changed() {
    let plain = TrainingSpec::new(LearningRate::constant(0.1));
    let plain = TrainingSpec { keep: Keep::Last, ..plain };
    let averaged = recipe(Rows::default(), plain.clone().updater(Polyak {}));
    let mut path = Path::default();
    let options = Options { threads: 1, ..Options::default() };
    let trained = averaged.prepare().unwrap().train(&mut path, &options).unwrap();
    let len = path.0[0].len();
    let mean: Vec<f64> =
        (0..len).map(|i| path.0.iter().map(|p| p[i]).sum::<f64>() / path.0.len() as f64).collect();
    testkit::golden(&parameters(&trained), &mean, 1e-12);
    same(path.0.last().unwrap(), &parameters(&train(&recipe(Rows::default(), plain))));

    // What was validated is what the model predicts with.
    let last = trained.history.last().unwrap();
    assert_eq!(last.validation["loss"].0, trained.validation.unwrap().loss());
}

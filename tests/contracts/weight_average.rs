//! An average of the parameters is used; the path of the parameters themselves is not changed.
//!
//! Proves `settle`, which sees the new parameters, and `evaluation`, which validation, the best epoch and
//! the model use.

use crate::harness::same;
use crate::table::{Rows, parameters, recipe, train};
use std::ops::ControlFlow;
use tanren_optimizers::LearningRate;
use tanren_plugin::{Clock, Event, Observer, Reason, Wants};
use tanren_testkit as testkit;
use tanren_trainer::{Keep, Options, TrainingSpec};
use tanren_updaters::Swa;

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
fn the_mean_is_used_and_the_path_is_not_changed() {
    let plain = TrainingSpec::new(LearningRate::constant(0.1));
    let plain = TrainingSpec { keep: Keep::Last, ..plain };
    let averaged = recipe(Rows::default(), plain.clone().updater(Swa::default()));
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

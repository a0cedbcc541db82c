//! An average of the parameters is used; the path of the parameters themselves is not changed.
//!
//! Proves `settle`, which sees the new parameters, and `evaluation`, which validation, the best epoch and
//! the model use.

use crate::harness::same;
use crate::segments::Until;
use crate::table::{Rows, parameters, recipe, train};
use std::ops::ControlFlow;
use tanren_layers::{BatchNorm, Constant, Dense};
use tanren_losses::{L2, Mse};
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{Aimed, BlockKind, Clock, Event, Observer, On as _, Reason, Updater, Wants};
use tanren_testkit as testkit;
use tanren_trainer::{Keep, Options, Trained, TrainingSpec};
use tanren_updaters::{Ema, Swa, SwaBy};

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
    let by_iterations = Swa { by: SwaBy::Iterations, ..Swa::default() };
    let averaged = recipe(Rows::default(), plain.clone().updater(by_iterations));
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

/// So many epochs of the same rows, with these updaters; the last parameters are kept.
fn run(network: &NetworkSpec, epochs: u64, updaters: Vec<Aimed<dyn Updater>>) -> Trained {
    let plain = TrainingSpec::new(LearningRate::constant(0.1));
    let training = TrainingSpec { keep: Keep::Last, updaters, ..plain };
    let mut recipe = recipe(Rows::default(), training);
    (recipe.network, recipe.training.epochs) = (network.clone(), epochs);
    recipe.training.batch = 32; // all of them
    train(&recipe)
}

/// By epochs it is the mean of what the epochs end with, from the third one on every second one.
#[test]
fn the_ends_of_epochs_are_averaged() {
    let network = NetworkSpec::chain([Dense::new(2).into()]).loss(Mse {});
    let ends = [4, 6].map(|epochs| parameters(&run(&network, epochs, Vec::new())));
    let mean: Vec<f64> =
        ends[0].iter().zip(&ends[1]).map(|(one, other)| f64::midpoint(*one, *other)).collect();
    let swa = |start| vec![Swa { start, every: 2, ..Swa::default() }.into()];
    testkit::golden(&parameters(&run(&network, 7, swa(2))), &mean, 1e-12);
    // Before there is a mean, the parameters themselves are used.
    same(&parameters(&run(&network, 7, swa(6))), &parameters(&run(&network, 7, Vec::new())));
}

/// A network in which batch norm stands behind biases that only shrink.
fn normed(batch_share: f64) -> NetworkSpec {
    let dense = Dense::new(6).bias_init(Constant { value: 1.0 });
    let norm = BatchNorm { batch_share, ..BatchNorm::default() };
    let shrink = L2 { strength: 1.0.into() }.on(BlockKind::Bias); // nothing else moves these biases
    NetworkSpec::chain([dense.into(), norm.into(), Dense::new(2).into()])
        .loss(Mse {})
        .penalty(shrink)
}

/// The first bias and the mean that batch norm keeps.
fn bias_and_mean(trained: &Trained) -> [Vec<f64>; 2] {
    let (blocks, parameters) = (trained.model.network().layout().blocks(), parameters(trained));
    ["bias", "mean"].map(|name| {
        let block = blocks.iter().find(|block| block.name == name).unwrap();
        parameters[block.range.clone()].to_vec()
    })
}

/// Of W x + b, where the mean of x over the training rows is 0, the mean is b: the averaged one where
/// parameters are averaged, even if batch norm hardly looks at one batch.
#[test]
fn batch_norm_belongs_to_the_averaged_parameters() {
    for share in [0.1, 0.01] {
        let network = normed(share);
        let [last, _] = bias_and_mean(&run(&network, 5, Vec::new()));
        let averages: [Aimed<dyn Updater>; 2] = [Swa::default().into(), Ema { decay: 0.99 }.into()];
        for average in averages {
            let trained = run(&network, 5, vec![average]);
            let [bias, mean] = bias_and_mean(&trained);
            assert!((bias[0] - last[0]).abs() > 0.05, "{bias:?}, {last:?}: too near for a test");
            testkit::golden(&mean, &bias, 1e-12);
            // Validated was what the model predicts with.
            let last = trained.history.last().unwrap();
            assert_eq!(last.validation["loss"].0, trained.validation.unwrap().loss());
        }
    }
}

/// They are those of the end of the last epoch, also where the run was left within the next one.
#[test]
fn a_checkpoint_keeps_the_statistics_of_the_average() {
    let training = TrainingSpec::new(LearningRate::constant(0.1)).updater(Ema { decay: 0.9 });
    let mut recipe = recipe(Rows::default(), TrainingSpec { keep: Keep::Last, ..training });
    recipe.network = normed(0.1); // four batches an epoch
    let folder = tempfile::tempdir().unwrap();
    let run = |name: &str, until, resume| {
        let checkpoint = Some(folder.path().join(name));
        let options = Options { threads: 1, checkpoint, resume };
        recipe.prepare().unwrap().train(&mut Until(until), &options).unwrap()
    };
    let whole = run("whole", 7, false);
    run("parts", 6, false);
    same(&parameters(&run("parts", 7, true)), &parameters(&whole));
}

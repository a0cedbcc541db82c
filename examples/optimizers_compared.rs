//! Trains the same network with every updater there is, and with directions that look for their step.
//!
//! `cargo run --release --example optimizers_compared` on the embedded digits, or with a folder of IDX
//! files as MNIST has, `cargo run --release --example optimizers_compared mnist`. Of each the learning rate
//! is the one of four whose accuracy is best on the validation rows; the test rows are looked at once.

use std::io::Write as _;
use std::time::Instant;
use tanren::data::Image;
use tanren::plugin::{Aimed, Direction, Search, Updater, engine};
use tanren::prelude::*;

const RATES: [f64; 4] = [1.0, 0.1, 0.01, 0.001];

/// A direction and a search, and what they are called.
type Way = (&'static str, Plugin<dyn Direction>, Plugin<dyn Search>);

/// The network and the data of all runs.
fn recipe(folder: Option<&str>) -> Recipe {
    let (data, units, epochs) = match folder {
        None => {
            let data = DataSpec::new(Digits {}, RandomSplit::default());
            (data.normalize(MinMax::default()), 32, 12)
        }
        Some(folder) => {
            let data = DataSpec::new(Idx::new(folder), GivenSplit { validation: 0.1 });
            (data.normalize(Image::default()), 128, 5)
        }
    };
    let hidden = Dense::new(units).activation(Relu {}).init(HeNormal {});
    let network =
        NetworkSpec::chain([hidden.into(), Dense::new(10).into()]).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::default()).epochs(epochs);
    let mut recipe = Recipe::new(data, network, training);
    recipe.training.keep = Keep::Last;
    recipe
}

/// The accuracy on the validation and on the test rows, 0 for a run that diverged.
fn accuracies(recipe: &Recipe) -> Result<[f64; 2], Box<dyn std::error::Error>> {
    let trained = recipe.prepare()?.train(&mut (), &Options::default())?;
    let parts = [trained.validation, trained.test];
    Ok(parts.map(|scores| scores.and_then(|s| s.get("accuracy")).unwrap_or(0.0)))
}

/// The recipe with an updater and a rate.
fn with_updater(recipe: &Recipe, updater: &Aimed<dyn Updater>, rate: f64) -> Recipe {
    let mut recipe = recipe.clone();
    recipe.training.updaters = vec![updater.clone()];
    recipe.training.search = LearningRate::constant(rate).into();
    recipe
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1);
    let recipe = recipe(folder.as_deref());
    let mut out = std::io::stdout();
    writeln!(out, "{:28}{:>8}{:>10}{:>10}", "updater", "rate", "test", "seconds")?;
    for name in engine::names::<dyn Updater>() {
        // Those that have no defaults, such as `scale`, are no updaters by themselves.
        let Ok(updater) = serde_json::from_value(serde_json::json!(name)) else { continue };
        let (mut best, mut seconds) = ([0.0, 0.0], f64::INFINITY);
        let mut with = RATES[0];
        for rate in RATES {
            let started = Instant::now();
            let found = accuracies(&with_updater(&recipe, &updater, rate))?;
            seconds = started.elapsed().as_secs_f64().min(seconds);
            if found[0] > best[0] {
                (best, with) = (found, rate);
            }
        }
        writeln!(out, "{name:28}{with:>8}{:>10.4}{seconds:>10.3}", best[1])?;
    }
    // All rows at once, one step after another.
    let ways: [Way; 4] = [
        ("steepest, backtracking", Steepest {}.into(), Backtracking::default().into()),
        ("conjugate-gradient", ConjugateGradient::default().into(), StrongWolfe::default().into()),
        ("l-bfgs, strong-wolfe", Lbfgs::default().into(), StrongWolfe::default().into()),
        ("l-bfgs, hager-zhang", Lbfgs::default().into(), HagerZhang::default().into()),
    ];
    for (name, direction, search) in ways {
        let mut recipe = recipe.clone();
        let training = &mut recipe.training;
        (training.direction, training.search) = (Some(direction), search);
        (training.batch, training.epochs) = (usize::MAX, 60);
        let started = Instant::now();
        let [_, test] = accuracies(&recipe)?;
        let seconds = started.elapsed().as_secs_f64();
        writeln!(out, "{name:28}{:>8}{test:>10.4}{seconds:>10.3}", "-")?;
    }
    writeln!(out, "\ntest: accuracy on rows that neither trained nor chose a rate")?;
    Ok(())
}

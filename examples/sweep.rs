//! Finds a learning rate for the embedded digits: three rates of very different size first, then more of
//! them beside the best one.
//!
//! `cargo run --release --example sweep`

use std::io::Write as _;
use std::ops::ControlFlow;
use tanren::prelude::*;
use tanren::trainer::{Candidate, Fate, Sweep, SweepEvent, SweepSettings, between};

/// The digits through a small network, with this rate.
fn recipe(rate: f64) -> Recipe {
    let data = DataSpec::new(Digits {}, RandomSplit::default()).normalize(MinMax::default());
    let hidden = Dense::new(48).activation(Relu {}).init(HeNormal {});
    let network =
        NetworkSpec::chain([hidden.into(), Dense::new(10).into()]).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::constant(rate)).updater(Adam::default());
    Recipe::new(data, network, training.epochs(20))
}

fn candidates(rates: &[f64]) -> Vec<Candidate> {
    let candidate = |&rate: &f64| Candidate { label: rate.to_string(), recipe: recipe(rate) };
    rates.iter().map(candidate).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    // The data are prepared once, for all candidates.
    let setup = recipe(0.001).prepare()?;
    let mut sweep = Sweep::new(&setup, SweepSettings::default())?;
    let mut rates = vec![1e-1, 1e-3, 1e-6];
    let watch = |_: &SweepEvent<'_>| ControlFlow::Continue(());
    sweep.round(candidates(&rates), &watch)?;
    let Some(winner) = sweep.outcome().winner else { return Ok(()) };
    let more = between(&rates, rates[winner]);
    sweep.round(candidates(&more), &watch)?;
    rates.extend(more);

    let outcome = sweep.outcome();
    for tried in &outcome.tried {
        let fate = match tried.fate {
            Fate::Finished => "trained to the end".to_owned(),
            Fate::Cut { rung } => format!("cut after {} updates", outcome.rungs[rung]),
            Fate::Diverged(diverged) => format!("diverged in update {}", diverged.update),
            Fate::Interrupted => "interrupted".into(),
        };
        writeln!(out, "{:>8}  validation loss {:.4}  {fate}", tried.label, tried.score)?;
    }
    if let Some(winner) = outcome.winner {
        writeln!(out, "best: {}", outcome.tried[winner].label)?;
        for comparison in &outcome.comparisons {
            let (label, clear) = (&outcome.tried[comparison.other].label, comparison.clear());
            let words = if clear { "clearly better than" } else { "cannot be told apart from" };
            writeln!(
                out,
                "  {words} {label}: by {:.4} ± {:.4}",
                comparison.difference, comparison.margin
            )?;
        }
        // Train the winner to the end.
        let trained = recipe(rates[winner]).prepare()?.train(&mut (), &Options::default())?;
        if let Some(test) = trained.test {
            writeln!(out, "test: {test}")?;
        }
    }
    Ok(())
}

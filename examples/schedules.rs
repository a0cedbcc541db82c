//! Compares learning rates that change in different ways, on the embedded digits, all with the same start.
//!
//! `cargo run --release --example schedules`

use std::io::Write as _;
use tanren::optimizers::{Cosine, OneCycle};
use tanren::plugin::{Scheduled, Unit};
use tanren::prelude::*;

const EPOCHS: u64 = 12;
const BATCH: usize = 32;

/// The digits through a small network, with this rate.
fn recipe(rate: Scheduled, momentum: Scheduled) -> Recipe {
    let data = DataSpec::new(Digits {}, RandomSplit::default()).normalize(MinMax::default());
    let hidden = Dense::new(48).activation(Relu {}).init(HeNormal {});
    let network =
        NetworkSpec::chain([hidden.into(), Dense::new(10).into()]).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::new(rate))
        .updater(Nesterov { momentum })
        .batch(BATCH)
        .epochs(EPOCHS);
    Recipe::new(data, network, training)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows = recipe(0.05.into(), 0.9.into()).prepare()?.rows.train.len();
    let steps = (EPOCHS * rows.div_ceil(BATCH) as u64).try_into()?;
    let cycle = OneCycle::new(0.2, steps, Unit::Iterations);
    // While the rate rises, the momentum falls from 0.95 to 0.85, and comes back with it.
    let mirrored = OneCycle {
        max: 0.85,
        div_factor: 0.85 / 0.95,
        final_div_factor: 1.0,
        ..OneCycle::new(0.85, steps, Unit::Iterations)
    };
    let cosine = Cosine { unit: Unit::Iterations, ..Cosine::new(0.1, steps) };
    let rates: [(&str, Scheduled, Scheduled); 3] = [
        ("constant", 0.05.into(), 0.9.into()),
        ("cosine", cosine.into(), 0.9.into()),
        ("one cycle", cycle.into(), mirrored.into()),
    ];
    let mut out = std::io::stdout();
    for (name, rate, momentum) in rates {
        let trained = recipe(rate, momentum).prepare()?.train(&mut (), &Options::default())?;
        let rates = trained.history.iter().filter_map(|epoch| epoch.rate);
        let rates: Vec<String> = rates.step_by(3).map(|rate| format!("{:.4}", rate.0)).collect();
        writeln!(out, "{name:9}  rate every third epoch: {}", rates.join(" "))?;
        if let Some(test) = trained.test {
            writeln!(out, "           test: {test}")?;
        }
    }
    Ok(())
}

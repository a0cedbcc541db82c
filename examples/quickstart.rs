//! Trains on the embedded digits, saves the model, reads it back and predicts.
//!
//! `cargo run --release --example quickstart`

use std::io::Write as _;
use tanren::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = DataSpec::new(Digits {}, RandomSplit::default()).normalize(MinMax::default());
    let network = NetworkSpec::chain([
        Dense::new(64).activation(Relu {}).init(HeNormal {}).into(),
        Dense::new(32).activation(Relu {}).init(HeNormal {}).into(),
        Dense::new(10).into(),
    ])
    .loss(CrossEntropy::default())
    .penalty(L2 { strength: 1e-4.into() });
    let training = TrainingSpec::new(LearningRate::constant(0.02))
        .updater(Nesterov { momentum: 0.9.into() })
        .epochs(40);

    let setup = Recipe::new(data, network, training).prepare()?;
    let trained = setup.train(&mut (), &Options::default())?;

    let path = std::env::temp_dir().join(format!("quickstart-{}.safetensors", std::process::id()));
    trained.model.save(&path)?;
    let model = Model::load(&path)?;
    std::fs::remove_file(&path)?;
    let first = model.predict(&setup.table, &setup.rows.test[..1])?;
    let probabilities = &first[0].values;
    let best = (0..10).max_by(|&a, &b| probabilities[a].total_cmp(&probabilities[b]));

    let mut out = std::io::stdout();
    if let Some(test) = trained.test {
        writeln!(out, "test: {test}")?;
    }
    writeln!(out, "row {} is a {}", setup.rows.test[0], best.unwrap_or(0))?;
    Ok(())
}

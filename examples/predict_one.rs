//! Trains, saves the model, loads it and predicts one row from the values of its columns.
//!
//! `cargo run --release --example predict_one`

use std::io::Write as _;
use tanren::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let data = DataSpec::new(Iris {}, RandomSplit::default()).normalize(Standardize {});
    let hidden = Dense::new(16).activation(Relu {});
    let network =
        NetworkSpec::chain([hidden.into(), Dense::new(3).into()]).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::constant(0.1)).epochs(60);
    let setup = Recipe::new(data, network, training).prepare()?;
    let trained = setup.train(&mut (), &Options::default())?;
    let path = std::env::temp_dir().join(format!("predict-one-{}", std::process::id()));
    trained.model.save(&path)?;
    let mut predictor = Predictor::load(&path)?;
    let flower = predictor.row(&[
        ("petal_width", 1.4.into()), // in any order
        ("petal_length", 4.7.into()),
        ("sepal_width", "3.2".into()), // a number may be a text, as a form has it
        ("sepal_length", 7.into()),
    ])?;

    let mut out = std::io::stdout();
    if let Some(test) = trained.test {
        writeln!(out, "test: {test}")?;
    }
    for species in ["setosa", "versicolor", "virginica"] {
        writeln!(out, "{species:12}{:.3}", flower.probability(species).unwrap_or(0.0))?;
    }
    writeln!(out, "this is {}", flower.class().unwrap_or("a flower"))?;
    std::fs::remove_file(&path)?;
    Ok(())
}

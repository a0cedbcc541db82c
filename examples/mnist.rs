//! Handwritten digits from a folder of IDX files, as MNIST comes: `train-images-idx3-ubyte.gz` and
//! its three companions. The network is the one of the guide, 784-500-250-10.
//!
//! `cargo run --release --example mnist -- FOLDER`
//!
//! Without a folder it writes the embedded digits as such files and trains on them, for a few
//! epochs only.

use std::io::Write as _;
use std::num::NonZeroU64;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tanren::data::IdxArray;
use tanren::plugin::{Source as _, Values};
use tanren::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let own = std::env::temp_dir().join(format!("mnist-{}", std::process::id()));
    let (path, epochs) = match &folder {
        Some(folder) => (folder, 10),
        None => {
            write_digits(&own)?;
            (&own, 3)
        }
    };
    // The files say which rows are for testing; of the others none is kept back.
    let data =
        DataSpec::new(Idx::new(path), GivenSplit { validation: 0.0 }).normalize(MinMax::default());
    let network = NetworkSpec::chain([
        Dense::new(500).activation(Relu {}).init(HeNormal {}).into(),
        Dense::new(250).activation(Relu {}).init(HeNormal {}).into(),
        Dense::new(10).into(),
    ])
    .loss(CrossEntropy::default())
    .penalty(L2 { strength: 1e-5.into() });
    let every = NonZeroU64::new(4).ok_or("not zero")?; // epochs
    let training = TrainingSpec::new(LearningRate::new(Step::new(0.03, 0.3, every)))
        .updater(Nesterov { momentum: 0.9.into() })
        .epochs(epochs);

    let setup = Recipe::new(data, network, training).prepare()?;
    let trained = setup.train(&mut Progress, &Options::default())?;
    if folder.is_none() {
        std::fs::remove_dir_all(&own)?;
    }
    let mut out = std::io::stdout();
    let rate = trained.samples as f64 / trained.seconds;
    writeln!(
        out,
        "{} pictures in {:.1} s, {rate:.0} per second",
        trained.samples, trained.seconds
    )?;
    if let Some(test) = trained.test {
        writeln!(out, "test: {test}")?;
    }
    Ok(())
}

/// Says the loss after each epoch.
struct Progress;

impl Observer for Progress {
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        if let Event::Epoch(record) = event {
            let loss = record.loss.map_or(f64::NAN, |loss| loss.0);
            // Nobody reading the progress is no reason to stop.
            drop(writeln!(std::io::stderr(), "epoch {}: loss {loss:.4}", record.clock.epoch));
        }
        ControlFlow::Continue(())
    }
}

/// The embedded digits as files of this kind: every fifth for testing.
fn write_digits(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    std::fs::create_dir_all(folder)?;
    let table = Digits {}.open()?;
    let (train, test): (Vec<_>, Vec<_>) = (0..table.rows).partition(|row| row % 5 > 0);
    for (part, rows) in [("train", train), ("t10k", test)] {
        let table = table.select(&rows);
        let (pixels, digits) = (&table.inputs[0].values, &table.targets[0].values);
        let Values::Indices(digits) = digits else { return Err("digits are classes".into()) };
        let digits = Values::Bytes(digits.iter().map(|&digit| digit as u8).collect());
        let images = IdxArray { shape: vec![rows.len(), 8, 8], values: pixels.clone() };
        images.write(folder.join(format!("{part}-images-idx3-ubyte.gz")))?;
        let labels = IdxArray { shape: vec![rows.len()], values: digits };
        labels.write(folder.join(format!("{part}-labels-idx1-ubyte.gz")))?;
    }
    Ok(())
}

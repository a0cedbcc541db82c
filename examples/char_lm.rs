//! A model of characters: from a text an LSTM learns which character comes next, and then it writes, character
//! by character.
//!
//! Source: A. Graves, *Generating sequences with recurrent neural networks* (2013).
//!
//! `cargo run --release --example char_lm` learns from the licence of this program, which is much too short.
//! `cargo run --release --example char_lm -- TEXT.txt` takes a text of yours, and
//! `cargo run --release --example char_lm -- TEXT.txt 256` another number of units than 128.
//!
//! It prints what the last tenth of the text costs, which is held out, in nats and bits per character, and 200
//! characters. A million characters of Shakespeare, most of a minute on two cores:
//!
//! ```text
//! by frequency: 3.347 nats, 4.829 bits per character
//! model, test: 1.834 nats, 2.646 bits per character
//!
//! QUEEN MAnGHAM:
//! What farene: gill perice he's life, your heaven well incell
//! ```
//!
//! `tanren sample` does the last part with any model of text.

use std::f64::consts::LN_2;
use std::io::Write as _;
use tanren::data::Text;
use tanren::network::Streams;
use tanren::plugin::Source as _;
use tanren::prelude::*;
use tanren::trainer::Setup;
use tanren::updaters::ClipNorm;

/// How many characters are written at the end.
const WRITTEN: usize = 200;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let licence = concat!(env!("CARGO_MANIFEST_DIR"), "/LICENSE-APACHE");
    let path = arguments.next().unwrap_or_else(|| licence.into());
    let units = arguments.next().map_or(Ok(128), |units| units.parse())?;

    // The end of the text is held out.
    let split = TimeSplit { test: 0.1, column: Some("position".into()), ..TimeSplit::default() };
    let source = Text::new(path); // in rows of 1000 characters
    let table = source.open()?;
    let characters = table.targets[0].spec.shape.features;
    let network = NetworkSpec::chain([Lstm::new(units).into(), Dense::new(characters).into()])
        .loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::constant(0.003))
        .updater(ClipNorm { max_norm: 5.0, ..ClipNorm::default() })
        .updater(Adam::default())
        .truncation(Truncation::new(50))
        .batch(8)
        .epochs(30)
        .stopping(Patience { epochs: 3, ..Patience::default() });
    let recipe = Recipe::new(DataSpec::new(source, split), network, training);
    let setup = recipe.prepare_opened(table)?;
    let trained = setup.train(&mut (), &Options::default())?;

    let mut out = std::io::stdout();
    let of_model = trained.test.as_ref().map_or(f64::NAN, Scores::loss);
    for (what, nats) in [("by frequency", by_frequency(&setup)), ("model, test", of_model)] {
        writeln!(out, "{what}: {nats:.3} nats, {:.3} bits per character", nats / LN_2)?;
    }

    // Each character is drawn with the probability that the model gives it, and is the next input.
    let levels = trained.model.spec().targets[0].field.levels.clone();
    let mut streams = Streams::new(trained.model, 1)?;
    let mut draws = Seed(42).stream("sample").sample(0);
    let mut next = levels.iter().position(|level| level == "\n").unwrap_or(0);
    for _ in 0..WRITTEN {
        let predicted = streams.step(&[next as f64])?;
        let mut left = draws.uniform();
        let probabilities = predicted.get(0).map_or(&[][..], |row| row.values());
        let drawn = probabilities.iter().position(|p| {
            left -= p;
            left < 0.0
        });
        next = drawn.unwrap_or(next);
        write!(out, "{}", levels[next])?;
    }
    writeln!(out)?;
    Ok(())
}

/// The mean loss on the test rows when every character is as probable as it is frequent in the training rows,
/// where each is counted once more, so that none is impossible.
fn by_frequency(setup: &Setup) -> f64 {
    let next = &setup.table.targets[0];
    let characters = |rows: &[usize]| -> Vec<usize> {
        let steps = rows.iter().flat_map(|&row| next.columns(row));
        steps.map(|step| next.values.number(step) as usize).collect()
    };
    let mut counts = vec![1.0; next.spec.shape.features];
    characters(&setup.rows.train).into_iter().for_each(|character| counts[character] += 1.0);
    let (all, test) = (counts.iter().sum::<f64>(), characters(&setup.rows.test));
    test.iter().map(|&character| -(counts[character] / all).ln()).sum::<f64>() / test.len() as f64
}

//! The adding problem: two of the numbers in a sequence are marked, and their sum is wanted at its end. An
//! LSTM learns it by gradients that reach back through all steps.
//!
//! Source: S. Hochreiter, J. Schmidhuber, *Long short-term memory* (1997), section 5.4, here with numbers from
//! 0 to 1 and one marked in each half, as in M. Arjovsky, A. Shah, Y. Bengio, *Unitary evolution recurrent
//! neural networks* (2016).
//!
//! `cargo run --release --example adding_problem`, or with another number of steps than 50:
//! `cargo run --release --example adding_problem -- 200`
//!
//! It prints the mean squared error (MSE) on the validation rows after every epoch, beside that of the mean,
//! whose expectation is the variance of a sum of two uniform numbers, 1/6:
//!
//! ```text
//! epoch  3: MSE 0.1639, of the mean 0.1675
//! epoch  4: MSE 0.0048, of the mean 0.1675
//! …
//! test: MSE 0.0002, of the mean 0.1750; 2 s
//! ```
//!
//! With more than 50 steps, a second run truncates gradients to 50 steps, in as many epochs. Of 200 steps they
//! never see the first half: what the network has learnt to keep for 50 steps it keeps longer, too, but less
//! exactly. The test rows then have
//!
//! ```text
//! gradients through all steps: MSE 0.0005, of the mean 0.1719; 11 s
//! gradients through 50 steps:  MSE 0.0044, of the mean 0.1719; 5 s
//! ```

use serde::{Deserialize, Serialize};
use std::io::Write as _;
use tanren::plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Layer, Source, Table, Values, typetag,
};
use tanren::prelude::*;
use tanren::tensor::Shape;
use tanren::updaters::ClipNorm;

/// How far truncated gradients reach back.
const REACH: usize = 50;

/// Sequences with two inputs at each step: a number in [0, 1), and a marker.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
struct Adding {
    /// How many sequences.
    sequences: usize,
    /// How many steps each of them has, at least 2.
    #[setting(from = 2)]
    steps: usize,
    /// What has a target.
    target: Target,
}

/// What has a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
enum Target {
    /// The sequence as a whole.
    Sequence,
    /// Each step, of which the last one alone counts.
    LastStep,
}

#[typetag::serde(name = "adding-problem")]
impl Source for Adding {
    fn open(&self) -> Result<Table, DataError> {
        let (rows, steps, half) = (self.sequences, self.steps, self.steps / 2);
        let (mut inputs, mut sums) = (Vec::new(), Vec::new());
        for row in 0..rows {
            let mut draws = Seed(1997).stream("adding").sample(row as u64);
            let mut below = |limit: usize| draws.below(limit as u64) as usize;
            let marked = [below(half), half + below(steps - half)];
            let numbers: Vec<f64> = (0..steps).map(|_| draws.uniform()).collect();
            sums.push(marked.map(|step| numbers[step]).iter().sum());
            for (step, number) in numbers.into_iter().enumerate() {
                inputs.extend([number, f64::from(u8::from(marked.contains(&step)))]);
            }
        }
        let offsets: Vec<usize> = (0..=rows).map(|row| row * steps).collect();
        let sequence = |name: &str, features: &[&str], values| {
            let spec = FieldSpec::new(name, Shape::sequence(features.len()));
            let features = features.iter().copied().map(Feature::number).collect();
            let (values, offsets) = (Values::Double(values), Some(offsets.clone()));
            Field { spec: FieldSpec { features, ..spec }, values, offsets }
        };
        let (target, step_weights) = match self.target {
            Target::Sequence => (Field::numbers("sum", vec![Feature::number("sum")], sums), None),
            Target::LastStep => {
                let at_each = sums.iter().flat_map(|&sum| std::iter::repeat_n(sum, steps));
                let last = |step| if step % steps == steps - 1 { 1.0 } else { 0.0 };
                let weights = (0..rows * steps).map(last).collect();
                (sequence("sum", &["sum"], at_each.collect()), Some(weights))
            }
        };
        let inputs = vec![sequence("sequence", &["number", "marker"], inputs)];
        let (name, targets) = ("the adding problem".into(), vec![target]);
        Ok(Table { name, rows, inputs, targets, step_weights, ..Table::default() })
    }
}

fn recipe(steps: usize, target: Target, truncation: Option<Truncation>) -> Recipe {
    let data = DataSpec::new(Adding { sequences: 5000, steps, target }, RandomSplit::default());
    let mut layers: Vec<Plugin<dyn Layer>> = vec![Lstm::new(32).into()];
    if target == Target::Sequence {
        layers.push(LastStep {}.into()); // which has to see the whole sequence, and so refuses truncation
    }
    layers.push(Dense::new(1).into());
    let training = TrainingSpec::new(LearningRate::constant(0.01))
        .updater(ClipNorm::default())
        .updater(Adam::default())
        .epochs(30);
    let training = TrainingSpec { truncation, ..training };
    Recipe::new(data, NetworkSpec::chain(layers).loss(Mse {}), training)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let steps = std::env::args().nth(1).map_or(Ok(50), |steps| steps.parse())?;
    let ways = match steps > REACH {
        false => vec![("all steps", recipe(steps, Target::Sequence, None))],
        true => vec![
            ("all steps", recipe(steps, Target::LastStep, None)),
            ("50 steps", recipe(steps, Target::LastStep, Some(Truncation::new(REACH)))),
        ],
    };
    let mut out = std::io::stdout();
    for (reach, recipe) in ways {
        writeln!(out, "{steps} steps, gradients through {reach}; validation rows:")?;
        let trained = recipe.prepare()?.train(&mut (), &Options::default())?;
        let loss = |scores: &Option<Scores>| scores.as_ref().map_or(f64::NAN, Scores::loss);
        let trivial = loss(&trained.baseline.validation);
        for epoch in &trained.history {
            let mse = epoch.validation.get("loss").map_or(f64::NAN, |loss| loss.0);
            writeln!(
                out,
                "  epoch {:2}: MSE {mse:.4}, of the mean {trivial:.4}",
                epoch.clock.epoch
            )?;
        }
        let (mse, trivial) = (loss(&trained.test), loss(&trained.baseline.test));
        writeln!(out, "  test: MSE {mse:.4}, of the mean {trivial:.4}; {:.0} s", trained.seconds)?;
    }
    Ok(())
}

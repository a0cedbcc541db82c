//! `sample`: what a model makes up: text, unit by unit, each drawn as probable as the model says; or how a series
//! could go on.

mod series;

use crate::args;
use crate::failure::{Failure, Kind};
use crate::files::paths;
use crate::input::data;
use crate::input::series::windows_of;
use crate::interrupt;
use crate::output::console::Console;
use std::io::{ErrorKind, Write};
use tanren_network::{Model, Prediction, Streams, Target};
use tanren_plugin::{DataError, Seed};
use tanren_tensor::Draws;

/// Runs the verb and returns the exit code.
pub(crate) fn sample(args: &args::Sample, console: &mut Console<'_>) -> Result<u8, Failure> {
    let model = paths::model(&args.model)?;
    match Alphabet::of(&model) {
        Some(alphabet) => write_text(args, model, &alphabet, console),
        None => write_series(args, model, console),
    }
}

/// Goes on with series, as a model of windows over them can.
fn write_series(
    args: &args::Sample,
    model: Model,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    let source = data::for_model((&model, &args.model), args.data.as_deref(), None)?;
    let Some(windows) = windows_of(&source) else {
        let (model, tanren) = (paths::quoted(&args.model), paths::program());
        let message = format!(
            "sample writes text, by a model that foretells at each character or byte the one after it, or goes on \
             with series, by a model that forecasts their next values; this model does neither: see {tanren} \
             predict {model}"
        );
        return Err(Failure::new(Kind::Usage, message));
    };
    let text = series::sample(args, (model, windows), &source, console)?;
    Written { out: console.out, wanted: true }.write(text.as_bytes()).map(|()| 0)
}

/// Writes text.
fn write_text(
    args: &args::Sample,
    model: Model,
    alphabet: &Alphabet,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    if args.data.is_some() {
        let message = "--data is for a model of series, and this one writes text: see --prompt";
        return Err(Failure::new(Kind::Usage, message));
    }
    let prompt = alphabet.read(args.prompt.as_deref())?;
    interrupt::listen();
    let fail = |error: DataError| Failure::rows(error, &serde_json::Value::Null);
    let mut streams = Streams::new(model, 1).map_err(fail)?;
    let mut draws = Seed(args.seed).stream("sample").sample(0);
    let mut out = Written { out: console.out, wanted: true };
    if args.prompt.is_some() {
        for &unit in &prompt {
            out.write(&alphabet.unit(unit))?;
        }
    }
    let (mut given, mut left) = (prompt.into_iter(), args.length.unwrap_or(LENGTH));
    let mut next = given.next().unwrap_or(0);
    while out.wanted && (left > 0 || given.len() > 0) {
        if let Some(signal) = interrupt::caught() {
            return Err(Failure::new(signal.kind(), signal.words()));
        }
        let predicted = streams.step(&[next as f64]).map_err(fail)?;
        // The target is that of the first output, and one number is the probability of the second of two.
        let row = predicted.get(0).and_then(Prediction::probabilities);
        let row: Vec<f64> = row.into_iter().flatten().collect();
        next = match given.next() {
            Some(unit) => unit,
            None => {
                let unit = drawn(&row, args, &mut draws);
                out.write(&alphabet.unit(unit))?;
                left -= 1;
                unit
            }
        };
    }
    out.write(b"\n")?;
    Ok(0)
}

/// Units that are written where nothing else is said.
const LENGTH: u64 = 500;

/// Whether a model can write: it foretells the next unit of a text, step by step.
pub(crate) fn writes(model: &Model) -> bool {
    Alphabet::of(model).is_some() && model.network().whole_sequences().is_none()
}

/// The units of a model of text.
struct Alphabet {
    levels: Vec<String>,
    /// Whether they are bytes, as two hexadecimal digits.
    bytes: bool,
}

impl Alphabet {
    /// That of a model whose one target is the unit after its one input; `None` for any other.
    fn of(model: &Model) -> Option<Self> {
        let ([input], [target]) = (&*model.spec().inputs, &*model.spec().targets) else {
            return None;
        };
        let (input, target) = (&input.field, &target.field);
        let sequences = input.shape.sequence && target.shape.sequence;
        let same = input.shape.indices && target.shape.indices && input.levels == target.levels;
        let named = !input.levels.is_empty() && sequences && same;
        let first = model.network().outputs().first()?;
        let foretold = first.from == Target::Data(0);
        (named && foretold)
            .then(|| Self { levels: input.levels.clone(), bytes: input.name == "byte" })
    }

    /// What a unit is in a file.
    fn unit(&self, unit: usize) -> Vec<u8> {
        let level = self.levels.get(unit).map_or("", String::as_str);
        match self.bytes {
            true => u8::from_str_radix(level, 16).into_iter().collect(),
            false => level.as_bytes().to_vec(),
        }
    }

    /// The units of a prompt. Without one it is the end of a line, where the model knows that, else its first unit.
    fn read(&self, prompt: Option<&str>) -> Result<Vec<usize>, Failure> {
        let place = |level: &str| self.levels.iter().position(|known| known == level);
        let text = prompt.unwrap_or("\n");
        let levels: Vec<String> = match self.bytes {
            true => text.bytes().map(|byte| format!("{byte:02x}")).collect(),
            false => text.chars().map(String::from).collect(),
        };
        let unknown = |level: &String| {
            let message = format!("--prompt: the model knows no {level:?}: its text had none");
            Failure::new(Kind::Usage, message)
        };
        match prompt {
            Some("") => Err(Failure::new(Kind::Usage, "--prompt: expected a text, found none")),
            Some(_) => {
                levels.iter().map(|level| place(level).ok_or_else(|| unknown(level))).collect()
            }
            None => Ok(vec![levels.first().and_then(|level| place(level)).unwrap_or(0)]),
        }
    }
}

/// A unit, drawn by the probabilities to the power of 1 / temperature, of the most probable ones alone where
/// so many are wanted. At temperature 0 it is the most probable.
fn drawn(probabilities: &[f64], args: &args::Sample, draws: &mut Draws) -> usize {
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
    order.truncate(args.top_k.unwrap_or(usize::MAX));
    let most = order.first().copied().unwrap_or(0);
    if args.temperature <= 0.0 || order.is_empty() {
        return most;
    }
    // Divided by the largest, which is then 1 at any temperature.
    let power =
        |&unit: &usize| (probabilities[unit] / probabilities[most]).powf(1.0 / args.temperature);
    let mut left = draws.uniform() * order.iter().map(power).sum::<f64>();
    let place = order.iter().find(|unit| {
        left -= power(unit);
        left < 0.0
    });
    place.copied().unwrap_or(most)
}

/// Standard output, as long as somebody reads.
struct Written<'a> {
    out: &'a mut (dyn Write + Send),
    wanted: bool,
}

impl Written<'_> {
    /// Writes bytes, which are seen at once.
    fn write(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        if !self.wanted {
            return Ok(());
        }
        match self.out.write_all(bytes).and_then(|()| self.out.flush()) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => {
                self.wanted = false;
                Ok(())
            }
            Err(error) => {
                Err(Failure::new(Kind::Output, format!("cannot write to stdout: {error}")))
            }
        }
    }
}

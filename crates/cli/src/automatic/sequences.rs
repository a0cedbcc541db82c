//! The automatic recipe for sequences: a recurrent network for text, forecasts, and any other target.
//!
//! Text gets one wide LSTM, whose state goes on from segment to segment: 50 steps reach over several words, and
//! more cost memory and time for every update. A forecast, and any target of a whole sequence, looks at
//! the last state of a small one: series are short. The numbers for text were tried on the plays of
//! Shakespeare, those for forecasts on monthly series.

use super::{Choice, kind::Kind, normalizers};
use std::num::NonZeroU64;
use tanren_data::{GivenSplit, RandomSplit, Standardize, TimeSplit};
use tanren_layers::{Dense, Embedding, LastStep, Lstm};
use tanren_losses::{CrossEntropy, L2, Mse};
use tanren_network::NetworkSpec;
use tanren_optimizers::{LearningRate, Step, Unit};
use tanren_plugin::{DataError, Field, Layer, Loss, Plugin, Seed, Source, Split, Table};
use tanren_trainer::{DataSpec, Patience, Recipe, TrainingSpec, Truncation};
use tanren_updaters::{Adam, ClipNorm};

/// Sequences with more steps than this are cut into segments, unless all of their steps are needed at once.
const LONG: usize = 200;

/// Steps of a segment.
const SEGMENT: usize = 50;

/// Makes a recipe for a table with one input of sequences and one target.
///
/// # Errors
/// [`DataError`] if the table has more of them, or a target that is no sequence where the input is one and
/// neither class nor number.
pub(super) fn sequences(
    source: Plugin<dyn Source>,
    table: &Table,
) -> Result<(Recipe, Vec<Choice>), DataError> {
    let ([input], [target]) = (&table.inputs[..], &table.targets[..]) else {
        let (inputs, targets) = (table.inputs.len(), table.targets.len());
        let message = format!(
            "an automatic recipe for sequences needs one input and one target, found {inputs} and \
             {targets}; write a recipe for these data"
        );
        return Err(DataError::new(&table.name, message));
    };
    let mut choices = Vec::new();
    let mut choose = |what: &str, value: String, why: &str| {
        choices.push(Choice { what: what.into(), value, why: why.into() });
    };
    let text = input.spec.shape.indices && target.spec.shape.sequence;
    let split = split(table, &mut choose);
    let mut data = DataSpec::new(source, split);
    if let Some((normalizers, value, why)) = normalizers(input) {
        data.inputs = normalizers;
        choose("inputs", value, &why);
    }
    let kind = Kind::of_all(&table.targets).pop().unwrap_or(Kind::Number);
    let class = kind == Kind::Class;
    let outputs = target.spec.shape.features;
    if class && outputs < 2 {
        let found: Vec<String> =
            target.spec.levels.iter().map(|level| format!("{level:?}")).collect();
        let message = format!("expected at least two classes, found only {}", found.join(", "));
        return Err(DataError::new(&table.name, message).column(&target.spec.name));
    }
    let each = if target.spec.shape.sequence { ", one at each step" } else { "" };
    match class {
        true => choose("target", format!("{outputs} classes{each}"), "as the data have them"),
        false => {
            data.targets.push(Standardize {}.into());
            let numbers =
                if outputs == 1 { "a number".into() } else { format!("{outputs} numbers") };
            choose(
                "target",
                format!("{numbers}, standardized{each}"),
                "so its unit does not matter",
            );
        }
    }
    let units = if text { 256 } else { 32 };
    let (network, value) = network(input, target, units);
    choose("network", value, if text { "text is rich" } else { "few series have much to tell" });
    let loss: Plugin<dyn Loss> = if class { CrossEntropy::default().into() } else { Mse {}.into() };
    choose("loss", loss.typetag_name().into(), "as the target is");
    let mut network = network.loss(loss);
    if !text {
        network = network.penalty(L2 { strength: 0.001.into() });
        choose("penalty", "L2 regularization, strength 0.001".into(), "reduces overfitting");
    }
    let (rate, every, epochs, patience, batch) =
        if text { (0.003, 4, 20, 3, 32) } else { (0.01, 50, 150, 30, 16) };
    let every = NonZeroU64::new(every).unwrap_or(NonZeroU64::MIN);
    let schedule = Step { value: rate, factor: 0.5, every, unit: Unit::Epochs };
    let mut training = TrainingSpec::new(LearningRate::new(schedule))
        .updater(ClipNorm { max_norm: 5.0, ..ClipNorm::default() })
        .updater(Adam::default())
        .epochs(epochs)
        .batch(batch);
    training.stopping.push(Patience { epochs: patience, ..Patience::default() }.into());
    choose("optimizer", format!("adam, batches of {batch}"), "a robust default");
    choose("gradient", "norm of at most 5".into(), "recurrent nets have steep places");
    choose("learning rate", format!("{rate}, halved every {every} epochs"), "large steps first");
    let value = format!("up to {epochs}, early stopping after {patience}");
    choose("epochs", value, "the best epoch is kept");

    let longest = (0..table.rows).map(|row| table.steps(row).len()).max().unwrap_or(0);
    if longest > LONG && target.spec.shape.sequence {
        training.truncation = Some(Truncation::new(SEGMENT));
        let why = format!("sequences of up to {longest} steps; states go on");
        choose("truncation", format!("gradients through {SEGMENT} steps"), &why);
    } else {
        let why = match target.spec.shape.sequence {
            true => format!("at most {longest}, which is short"),
            false => "the target is one for the whole sequence".into(),
        };
        choose("truncation", "none: through all steps".into(), &why);
    }
    Ok((Recipe::new(data, network, training), choices))
}

/// Rows are held out as the source says, by their order in time where they have one, or at random.
fn split(table: &Table, choose: &mut dyn FnMut(&str, String, &str)) -> Plugin<dyn Split> {
    if table.parts.is_some() {
        choose("split", "given".into(), "separate data");
        return GivenSplit::default().into();
    }
    let beside = |name: &&str| table.beside.iter().any(|field| field.spec.name == *name);
    match ["position", "origin"].iter().find(|name| beside(name)) {
        Some(column) => {
            let split = TimeSplit { column: Some((*column).into()), ..TimeSplit::default() };
            let whole = TimeSplit { validation: 0.0, ..split.clone() };
            let divides =
                |split: &TimeSplit| split.parts(table, Seed::default().stream("split")).is_ok();
            // Of few windows, those that look ahead beyond a limit may be all.
            if !divides(&split) && divides(&whole) {
                let value = "80% train, no validation, then 20% test".into();
                choose("split", value, "too few rows look no further than a part");
                return whole.into();
            }
            let value = "72% train, then 8% validation, 20% test".into();
            choose("split", value, "in the order of time, nothing looks ahead");
            split.into()
        }
        None => {
            choose("split", "72% train, 8% validation, 20% test".into(), "random");
            RandomSplit::default().into()
        }
    }
}

/// A network of one recurrent layer, and its description.
fn network(input: &Field, target: &Field, units: usize) -> (NetworkSpec, String) {
    let (mut layers, mut words): (Vec<Plugin<dyn Layer>>, _) = (Vec::new(), Vec::new());
    let levels = input.spec.shape.features;
    if input.spec.shape.indices && levels > 4 * units {
        layers.push(Embedding::new(units).into());
        words.push(format!("embedding {units}"));
    }
    layers.push(Lstm::new(units).into());
    words.push(format!("lstm {units}"));
    if !target.spec.shape.sequence {
        layers.push(LastStep {}.into());
        words.push("last-step".into());
    }
    layers.push(Dense::new(target.spec.shape.features).into());
    words.push(format!("dense {}", target.spec.shape.features));
    (NetworkSpec::chain(layers), words.join(", "))
}

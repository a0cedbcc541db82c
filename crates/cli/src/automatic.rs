//! The automatic recipe: which network and training are chosen for given data.
//!
//! **The size of the network follows from the rows** that are not given for testing alone: with fewer than
//! 1,000 it has one hidden layer of 32 units, with 1,000 or more two, of 256 and 128. More data have more variety, so
//! that more features can be learnt from them, and more layers; few data are learnt by heart. With the
//! size change epochs, batch, learning rate and penalty: few rows need a stronger penalty, and more epochs
//! for as many steps. What the target is matters little: a regression of many rows trains longer, with a
//! weaker penalty. `init`, `train` and `check` note a network, of whatever origin, that is out of all
//! proportion to its rows (`input/proportion.rs`); this rule gives none that is.
//!
//! **Classes are not weighed**, however rare one is: weights find more rows of a rare class, but then the
//! probabilities are too high, and the accuracy falls. `train` notes such a class, and how to weigh it.
//!
//! Its numbers have the best mean validation accuracy over forty splits of `digits` and sixty of
//! `iris`, with other random seeds than those of the tests. They were also tried on tables of numbers
//! and categories: the census and housing data of the UCI and StatLib collections.

mod kind;
mod network;
mod sequences;
mod targets;

use crate::output::figures::{counted, grouped, percent};
use kind::Kind;
use network::network;
use std::num::NonZeroU64;
use tanren_data::{EMBEDDED, GivenSplit, Impute, MinMax, OneHot, RandomSplit, Standardize};
use tanren_losses::L2;
use tanren_optimizers::{LearningRate, Step, Unit};
use tanren_plugin::{Aimed, DataError, Field, Normalizer, Part, Plugin, Source, Split, Table};
use tanren_trainer::{DataSpec, Patience, Recipe, TrainingSpec};
use tanren_updaters::Adam;

/// One thing that was chosen automatically.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What had to be chosen, in a word or two.
    pub what: String,
    /// What was chosen.
    pub value: String,
    /// Why.
    pub why: String,
}

/// The settings of a recipe that a choice of this name describes.
pub(crate) fn settings(what: &str) -> &'static [&'static str] {
    match what {
        "split" => &["data.split"],
        "inputs" => &["data.inputs"],
        "target" => &["data.targets"],
        "weights" => &["data.source.weights"],
        "network" => &["network.layers", "network.nodes"],
        "start" => &["start"],
        "loss" => &["network.loss", "network.losses"],
        "penalty" => &["network.penalties"],
        "optimizer" => &["training.updaters", "training.direction", "training.batch"],
        "learning rate" => &["training.search"],
        "epochs" => &["training.epochs", "training.stopping"],
        "gradient" => &["training.updaters"],
        "truncation" => &["training.truncation"],
        "season" => &["data.source.period"],
        "windows" => &["data.source.length", "data.source.difference"],
        "forecast" => &["data.source.relative", "data.source.seasons"],
        "scale" => &["data.source.log"],
        "sequences" => &["data.source.id", "data.source.order"],
        "label" => &["data.source.label"],
        _ => &[],
    }
}

/// With this number of rows or more, a network with two wide hidden layers is chosen; see [`Size::rule`].
const MANY_ROWS: usize = 1000;

/// The settings that depend on the number of rows.
struct Size {
    hidden: &'static [usize],
    /// Why so many layers, in words.
    rule: &'static str,
    epochs: u64,
    batch: usize,
    rate: f64,
    every: NonZeroU64,
    strength: f64,
    patience: usize,
}

// Constants are evaluated by the compiler: a 0 among these numbers would not build.
const SMALL: Size = Size {
    hidden: &[32],
    rule: "under 1,000 rows 1 layer",
    epochs: 100,
    batch: 16,
    rate: 0.01,
    every: NonZeroU64::new(50).unwrap(),
    strength: 0.01,
    patience: 20,
};

const LARGE: Size = Size {
    hidden: &[256, 128],
    rule: "from 1,000 rows on 2 layers",
    epochs: 30,
    batch: 32,
    rate: 0.002,
    every: NonZeroU64::new(10).unwrap(),
    strength: 0.001,
    patience: 10,
};

/// For regression: a weaker penalty, more epochs.
const LARGE_FIT: Size =
    Size { epochs: 60, every: NonZeroU64::new(15).unwrap(), strength: 0.0003, ..LARGE };

/// The learning rate is multiplied by this at each step of its schedule.
const FACTOR: f64 = 0.3;

/// Makes a recipe for a table, and tells what was chosen and why. Its fully connected network
/// classifies if the target is an index, and predicts numbers otherwise. For several targets it has an
/// output for each, with a loss of its own. Sequences get a recurrent network.
///
/// # Errors
/// [`DataError`] if the table does not have exactly one input and at least one target, or several targets
/// beside sequences.
pub fn automatic(
    source: impl Into<Plugin<dyn Source>>,
    table: &Table,
) -> Result<(Recipe, Vec<Choice>), DataError> {
    let ([input], [target, ..]) = (&table.inputs[..], &table.targets[..]) else {
        return Err(DataError::new(&table.name, other(table)));
    };
    if table.inputs.iter().chain(&table.targets).any(|field| field.spec.shape.sequence) {
        return sequences::sequences(source.into(), table);
    }
    let test = |parts: &Vec<Part>| parts.iter().filter(|&&part| part == Part::Test).count();
    let rows = table.rows - table.parts.as_ref().map_or(0, test);
    let kinds = Kind::of_all(&table.targets);
    let numbers = kinds.contains(&Kind::Number);
    let size = match numbers {
        _ if rows < MANY_ROWS => SMALL,
        false => LARGE,
        true => LARGE_FIT,
    };
    let mut choices = Vec::new();
    let mut choose = |what: &str, value: String, why: &str| {
        choices.push(Choice { what: what.into(), value, why: why.into() });
    };

    let classes = target.spec.shape.indices;
    let by = if classes { "stratified by class" } else { "random" };
    let has = |part| table.parts.as_ref().is_some_and(|parts| parts.contains(&part));
    let (given, validated) = (has(Part::Test), has(Part::Validation));
    let split: Plugin<dyn Split> = if validated {
        choose("split", "given".into(), "separate validation data");
        GivenSplit::default().into()
    } else if given {
        let split = GivenSplit::default();
        let value = format!("given, {}% of train for validation", percent(split.validation));
        choose("split", value, by);
        split.into()
    } else {
        let split = RandomSplit::default();
        let (test, rest) = (split.test, 1.0 - split.test);
        let (train, validation) = (rest * (1.0 - split.validation), rest * split.validation);
        let [train, validation, test] = [train, validation, test].map(percent);
        let value = format!("{train}% train, {validation}% validation, {test}% test");
        choose("split", value, by);
        split.into()
    };
    let source: Plugin<dyn Source> = source.into();
    let embedded = EMBEDDED.contains(&source.typetag_name());
    let mut data = DataSpec::new(source, split);
    if let Some((normalizers, value, why)) = normalizers(input) {
        data.inputs = normalizers;
        choose("inputs", value, &why);
    }
    if numbers {
        data.targets.push(Standardize {}.into());
    }
    let (value, why) = targets::targets((&table.targets, &kinds), embedded);
    choose("target", value, why);

    let (network, value) = network((&table.targets, &kinds), size.hidden);
    choose("network", value, size.rule);
    let (value, why) = targets::losses(&kinds);
    choose("loss", value, why);
    let network = network.penalty(L2 { strength: size.strength.into() });
    let value = format!("L2 regularization, strength {}", size.strength);
    choose("penalty", value, "reduces overfitting");

    let rate = Step { value: size.rate, factor: FACTOR, every: size.every, unit: Unit::Epochs };
    let mut training = TrainingSpec::new(LearningRate::new(rate)).updater(Adam::default());
    training = training.epochs(size.epochs);
    training.batch = size.batch;
    training.stopping.push(Patience { epochs: size.patience, ..Patience::default() }.into());
    choose("optimizer", format!("adam, batches of {}", size.batch), "a robust default");
    let value = format!("{}, times {FACTOR} every {} epochs", size.rate, size.every);
    choose("learning rate", value, "large steps first");
    let value = format!("up to {}, early stopping after {}", size.epochs, size.patience);
    choose("epochs", value, "the best epoch is kept");
    Ok((Recipe::new(data, network, training), choices))
}

/// What to say of a table for which there is no automatic recipe.
fn other(table: &Table) -> String {
    let (inputs, targets) = (table.inputs.len(), table.targets.len());
    if inputs > 0 || targets == 0 {
        return format!(
            "an automatic recipe needs one input and a target, found {inputs} and {targets}; write a recipe \
             for these data"
        );
    }
    let why: Vec<&str> = table.notes.iter().map(String::as_str).collect();
    let why = if why.is_empty() { String::new() } else { format!(" ({})", why.join("; ")) };
    format!(
        "no input column is left{why}; to forecast the next values of the target by those before, say \
         --horizon N"
    )
}

/// Normalizers, in order.
type Chain = Vec<Aimed<dyn Normalizer>>;

/// How to normalize an input, if at all: the normalizers, the same in words, and why.
fn normalizers(input: &Field) -> Option<(Chain, String, String)> {
    let spec = &input.spec;
    if spec.shape.indices {
        return None; // the number of a level is no quantity
    }
    if spec.shape.grid.is_some() {
        let range = MinMax { min: -1.0, max: 1.0 };
        let why = "pixels have a fixed range".into();
        return Some((vec![range.into()], "min-max, from -1 to 1".into(), why));
    }
    let categories = spec.features.iter().filter(|feature| feature.is_category()).count();
    let numbers = spec.shape.features - categories;
    let missing = (0..input.values.len()).any(|at| input.values.number(at).is_nan());
    // New data may have gaps where these have none; what is said is what happens to these.
    let mut chain: Chain = vec![Impute {}.into()];
    let mut steps = Vec::new();
    let mut kinds = Vec::new();
    if missing {
        steps.push("impute");
    }
    if numbers > 0 {
        chain.push(Standardize {}.into());
        steps.push("standardize");
        kinds.push(counted(numbers, "number"));
    }
    if categories > 0 {
        chain.push(OneHot {}.into());
        steps.push("one-hot");
        let noun = if categories == 1 { "category" } else { "categories" };
        kinds.push(format!("{} {noun}", grouped(categories)));
    }
    if !missing && kinds.len() == 1 {
        kinds.push("none missing".into());
    }
    Some((chain, steps.join(", "), kinds.join(", ")))
}

//! The argument of `train`, `check` and `init`: a recipe, or data for which a recipe is made.

use super::data;
use super::held_out::{Opened, open};
use super::revise::{Change, revise};
use super::series;
use super::transfer;
use crate::args;
use crate::automatic::{Choice, automatic};
use crate::failure::{Failure, Kind};
use crate::files::paths;
use crate::output::advice::Advice;
use crate::output::console::Console;
use crate::recipe::{Draft, Format};
use std::path::Path;
use tanren_plugin::{Seed, Table};
use tanren_trainer::{Recipe, Setup};

/// What is to be trained.
pub(crate) struct Chosen {
    /// The recipe.
    pub(crate) draft: Draft,
    /// What was chosen automatically, and why; empty for a recipe from a file.
    pub(crate) choices: Vec<Choice>,
    /// The data, where they had to be looked at.
    pub(crate) table: Option<Table>,
}

impl Chosen {
    /// The recipe with its data split and its network assembled.
    pub(crate) fn prepare(&mut self, console: &mut Console<'_>) -> Result<Setup, Failure> {
        let (draft, table) = (&self.draft, self.table.take());
        let what =
            if table.is_some() { "preparing the data" } else { "reading and preparing the data" };
        console.busy(what, || draft.prepare(table))
    }

    /// How the command line changes the settings of the data.
    pub(crate) fn advice(&self) -> Advice {
        match self.choices.is_empty() {
            true => Advice::of_recipe(&self.draft.source()),
            false => Advice::of_options(&self.draft.source()),
        }
    }
}

/// Reads the recipe, or makes one for the data.
pub(crate) fn choose(
    subject: &args::Subject,
    console: &mut Console<'_>,
) -> Result<Chosen, Failure> {
    let what = subject.what.as_deref().or(subject.data.path.as_deref()).unwrap_or("digits");
    let sets = &subject.changes.set;
    let mut chosen = match Format::of_recipe(Path::new(what)) {
        Some(_) if subject.data.path.is_none() => {
            refuse_data_options(&subject.data, &subject.transfer)?;
            let mut draft = Draft::read(Path::new(what))?;
            draft.set(sets)?;
            Chosen { draft, choices: Vec::new(), table: None }
        }
        _ => for_data(what, subject, console)?,
    };
    if let Some(seed) = subject.seed {
        chosen.draft.recipe.seed = Seed(seed);
    }
    overridden(subject.lr, sets).into_iter().for_each(|note| console.note(note));
    let mut changes = short_options(subject, &chosen.draft.recipe)?;
    let more: Vec<_> = changes.iter().map(|change| change.set.clone()).collect();
    chosen.draft.set(&more)?;
    let replaced = chosen.draft.replaced();
    if chosen.choices.is_empty() {
        replaced.into_iter().for_each(|note| console.note(note));
    } else {
        changes.extend(Change::all(sets));
        revise(&mut chosen.choices, &changes, &chosen.draft.recipe);
    }
    Ok(chosen)
}

/// The options that are short for a setting.
fn short_options(subject: &args::Subject, recipe: &Recipe) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    let mut change = |option, set| changes.push(Change { option, set });
    if let Some(epochs) = subject.epochs {
        change("--epochs", format!("training.epochs={epochs}"));
    }
    if let Some(batch) = subject.batch {
        change("--batch", format!("training.batch={batch}"));
    }
    if let Some(rate) = subject.lr {
        changes.push(constant_rate(rate, recipe)?);
    }
    Ok(changes)
}

/// What `--lr` changes.
pub(crate) fn constant_rate(rate: f64, recipe: &Recipe) -> Result<Change, Failure> {
    let search = serde_json::to_value(&recipe.training.search).unwrap_or_default();
    if search["rate"].is_null() {
        let message = format!(
            "--lr {rate}: the search {} has no learning rate; change its settings with --set \
             training.search.…",
            recipe.training.search.typetag_name()
        );
        return Err(Failure::new(Kind::Usage, message));
    }
    Ok(Change { option: "--lr", set: format!("training.search.rate={rate:?}") })
}

/// The note on settings of the learning rate that `--lr` takes the place of.
pub(crate) fn overridden(rate: Option<f64>, sets: &[String]) -> Option<String> {
    let rate = rate?;
    let sets = Change::all(sets);
    let lost = sets.iter().filter(|change| change.concerns("training.search.rate"));
    let lost: Vec<_> = lost.map(|change| format!("--set {}", change.set)).collect();
    (!lost.is_empty()).then(|| format!("--lr {rate} takes the place of {}", lost.join(" ")))
}

/// A recipe says all of this itself.
fn refuse_data_options(data: &args::Data, transfer: &args::Transfer) -> Result<(), Failure> {
    let given = [
        ("--target", !data.target.is_empty(), "data.source"),
        ("--weights", data.weights.is_some(), "data.source"),
        ("--id", !data.id.is_empty(), "data.source"),
        ("--test", data.test.is_some(), "data.source"),
        ("--validation", data.validation.is_some(), "data.source"),
        ("--split", data.split.is_some(), "data.split"),
        ("--task", data.task.is_some(), "data.source"),
        ("--horizon", data.horizon.is_some(), "data.source"),
        ("--series", data.series.is_some(), "data.source"),
        ("--time", data.time.is_some(), "data.source"),
        ("--header", data.header.is_some(), "data.source"),
        ("--start", transfer.start.is_some(), "start"),
    ];
    match given.iter().find(|(_, given, _)| *given) {
        Some((option, _, setting)) => {
            let message = format!(
                "{option} does not apply to a recipe: change {setting} in the recipe instead"
            );
            Err(Failure::new(Kind::Usage, message))
        }
        None => Ok(()),
    }
}

fn for_data(
    name: &str,
    subject: &args::Subject,
    console: &mut Console<'_>,
) -> Result<Chosen, Failure> {
    let (given, sets) = (&subject.data, &subject.changes.set);
    if Path::new(name).join("recipe.toml").is_file() {
        let message = format!(
            "{name} is the folder of a run; to resume it: {} resume {name}",
            paths::program()
        );
        return Err(Failure::new(Kind::Usage, message));
    }
    let or_a_text = |mut failure: Failure| {
        failure.message.push_str(&data::or_a_text(name, given));
        failure
    };
    // Series and texts are looked at before they are prepared.
    let made = console.busy(&data::reading(name), || series::source(name, given, sets));
    let (source, changes, of_series) = made.map_err(or_a_text)?;
    let Opened { source, table, split } = console
        .busy(&data::reading(name), || open(source, given.split.as_ref()))
        .map_err(or_a_text)?;
    if table.targets.is_empty() {
        return Err(or_a_text(Failure::new(Kind::Usage, no_target(name, &table))));
    }
    let (mut recipe, mut choices) = automatic(source, &table)?;
    choices.splice(0..0, of_series);
    let table = transfer::begin(subject, table, &mut recipe, &mut choices)?;
    if let Some(split) = split {
        split.put(&mut recipe, &mut choices);
    }
    if let Some(weights) = &given.weights {
        let (what, value) = ("weights".into(), format!("the column {weights}"));
        let why = "what each row counts, in scores, too".into();
        choices.push(Choice { what, value, why });
    }
    if let [first, more @ ..] = given.id.as_slice() {
        let value = match more.len() {
            0 => format!("the column {first}"),
            more => format!("the columns {first} and {more} more"),
        };
        let why = "by which rows are known, beside predictions".into();
        choices.push(Choice { what: "ids".into(), value, why });
    }
    let mut draft = Draft::new(recipe);
    draft.set(&changes)?;
    Ok(Chosen { draft, choices, table: Some(table) })
}

/// Columns named in a message.
const SHOWN: usize = 20;

/// The message when there is no target.
fn no_target(name: &str, table: &Table) -> String {
    let features = table.inputs.iter().flat_map(|field| &field.spec.features);
    let names: Vec<&str> = features.map(|feature| feature.name.as_str()).collect();
    let more = names.len().saturating_sub(SHOWN);
    let mut list = names[..names.len().min(SHOWN)].join(", ");
    if more > 0 {
        list.push_str(&format!(" and {more} more"));
    }
    format!(
        "{name}: which column is the target? Use --target COLUMN (a name, or a position such as -1 \
         for the last; repeat it for several); the columns are {list}"
    )
}

//! What the argument of `train` and its like means: a recipe or data.

use crate::failure::{Failure, Kind};
use crate::{args, auto, place, recipe_file, sets};
use std::path::Path;
use tanren_plugin::{Seed, Table};
use tanren_trainer::{Recipe, Setup};

/// What is to be trained.
pub(crate) struct Chosen {
    /// The recipe.
    pub(crate) recipe: Recipe,
    /// What was chosen automatically, and why; empty for a recipe from a file.
    pub(crate) choices: Vec<auto::Choice>,
    /// The data, where they had to be looked at.
    pub(crate) table: Option<Table>,
}

impl Chosen {
    /// The recipe with its data split and its network assembled.
    pub(crate) fn prepare(&mut self) -> Result<Setup, Failure> {
        Ok(match self.table.take() {
            Some(table) => self.recipe.prepare_table(table)?,
            None => self.recipe.prepare()?,
        })
    }
}

/// Reads the recipe, or makes one for the data.
pub(crate) fn choose(subject: &args::Subject) -> Result<Chosen, Failure> {
    let what = subject.what.as_deref().or(subject.data.path.as_deref()).unwrap_or("digits");
    let mut chosen = match ending(what).as_deref() {
        Some("toml" | "json") if subject.data.path.is_none() => {
            refuse_data_options(&subject.data)?;
            let recipe = recipe_file::read(Path::new(what))?;
            Chosen { recipe, choices: Vec::new(), table: None }
        }
        Some("yaml" | "yml") => {
            let message = format!("{what}: recipes are read as .toml or .json so far");
            return Err(Failure::new(Kind::Usage, message));
        }
        _ => for_data(what, &subject.data)?,
    };
    if let Some(seed) = subject.seed {
        chosen.recipe.seed = Seed(seed);
    }
    if let Some(epochs) = subject.epochs {
        chosen.recipe.training.epochs = epochs;
        for choice in chosen.choices.iter_mut().filter(|choice| choice.what == "epochs") {
            choice.value = format!("at most {epochs}");
            choice.why = "as you said".into();
        }
    }
    Ok(chosen)
}

fn ending(what: &str) -> Option<String> {
    Path::new(what).extension()?.to_str().map(str::to_lowercase)
}

/// A recipe says all of this itself.
fn refuse_data_options(data: &args::Data) -> Result<(), Failure> {
    let given = [
        ("--target", data.target.is_some()),
        ("--test", data.test.is_some()),
        ("--task", data.task.is_some()),
        ("--header", data.header.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => {
            let message = format!("{option} is for data: a recipe says so in its data.source");
            Err(Failure::new(Kind::Usage, message))
        }
        None => Ok(()),
    }
}

fn for_data(name: &str, data: &args::Data) -> Result<Chosen, Failure> {
    if Path::new(name).join("recipe.toml").is_file() {
        let message =
            format!("{name} is a run folder; to go on with it: {} resume {name}", place::program());
        return Err(Failure::new(Kind::Usage, message));
    }
    let source = sets::source(name, data)?;
    let table = source.open()?;
    if table.targets.is_empty() {
        return Err(Failure::new(Kind::Usage, no_target(name, &table)));
    }
    let (recipe, choices) = auto::automatic(source, &table)?;
    Ok(Chosen { recipe, choices, table: Some(table) })
}

/// Columns named in a message.
const SHOWN: usize = 20;

/// What to say when nobody said what to predict.
fn no_target(name: &str, table: &Table) -> String {
    let features = table.inputs.iter().flat_map(|field| &field.spec.features);
    let names: Vec<&str> = features.map(|feature| feature.name.as_str()).collect();
    let more = names.len().saturating_sub(SHOWN);
    let mut list = names[..names.len().min(SHOWN)].join(", ");
    if more > 0 {
        list.push_str(&format!(" and {more} more"));
    }
    format!("{name}: what is to be predicted? Say --target COLUMN, one of {list}; -1 is the last")
}

//! What the argument of `train` means: a recipe or data.

use crate::failure::{Failure, Kind};
use crate::{args, auto, place, recipe_file, sets};
use std::path::Path;
use tanren_plugin::Seed;
use tanren_trainer::Recipe;

/// What is to be trained.
pub(crate) struct Chosen {
    /// The recipe.
    pub(crate) recipe: Recipe,
    /// What was chosen automatically, and why; empty for a recipe from a file.
    pub(crate) choices: Vec<auto::Choice>,
}

/// Reads the recipe, or makes one for the data.
pub(crate) fn choose(args: &args::Train) -> Result<Chosen, Failure> {
    let what = args.what.as_deref().or(args.data.as_deref()).unwrap_or("digits");
    let mut chosen = match ending(what).as_deref() {
        Some("toml" | "json") if args.data.is_none() => {
            Chosen { recipe: recipe_file::read(Path::new(what))?, choices: Vec::new() }
        }
        Some("yaml" | "yml") => {
            let message = format!("{what}: recipes are read as .toml or .json so far");
            return Err(Failure::new(Kind::Usage, message));
        }
        _ => for_data(what)?,
    };
    if let Some(seed) = args.seed {
        chosen.recipe.seed = Seed(seed);
    }
    if let Some(epochs) = args.epochs {
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

fn for_data(name: &str) -> Result<Chosen, Failure> {
    let source = sets::source(name).map_err(|failure| refused(name, failure))?;
    let table = source.open()?;
    let (recipe, choices) = auto::automatic(source, &table)?;
    Ok(Chosen { recipe, choices })
}

/// What to say when the argument is no data set.
fn refused(name: &str, failure: Failure) -> Failure {
    if Path::new(name).join("recipe.toml").is_file() {
        let message =
            format!("{name} is a run folder; to go on with it: {} resume {name}", place::program());
        return Failure::new(Kind::Usage, message);
    }
    if failure.message.contains("looks like") {
        return failure;
    }
    sets::unknown(
        name,
        &format!("a recipe ends in .toml or .json; the data sets are {}", sets::list()),
    )
}

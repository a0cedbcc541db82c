//! Files that the user names: writing them, finding a model, quoting paths for a shell.

use crate::failure::{Failure, Kind};
use crate::files::run_files::{described, divergence, is_checkpoint};
use crate::output::figures::{counted, grouped};
use std::borrow::Cow;
use std::path::Path;
use tanren_network::{Model, ModelError, Tensors, write_atomic};

/// Writes a file whole or not at all.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    write_atomic(path, text.as_bytes()).map_err(|e| Failure::output(path, e))
}

/// The model in a file, or in the folder of a run. Its weights are finite.
pub(crate) fn model(path: &Path) -> Result<Model, Failure> {
    let path = model_file(path);
    if path.join("recipe.toml").is_file() {
        let run = quoted(&path);
        if let Some(message) = divergence(&path) {
            return Err(Failure::new(Kind::Diverged, format!("{run} has no model: {message}")));
        }
        let message =
            format!("{run} has no model yet; to resume the run: {} resume {run}", program());
        return Err(Failure::new(Kind::Model, message));
    }
    if let Some(message) = nothing_at(&path) {
        return Err(Failure::new(Kind::Model, message));
    }
    let model = Model::load(&path).map_err(|e| no_model(&path, &e))?;
    let wrong = model.parameters().not_finite();
    if wrong > 0 {
        let all = grouped(model.parameters().len());
        let message = format!(
            "{} is the model of a training that diverged: {} of its {all} weights are not finite",
            path.display(),
            grouped(wrong)
        );
        return Err(Failure::new(Kind::Diverged, message));
    }
    Ok(model)
}

/// What to say of a path where there is no file.
fn nothing_at(path: &Path) -> Option<String> {
    let shown = path.display();
    if path.is_dir() {
        let runs = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        let mut runs: Vec<_> = runs
            .map(|entry| entry.path())
            .filter(|path| path.join("recipe.toml").is_file())
            .collect();
        runs.sort();
        let such =
            runs.last().map(|run| format!("; it has those of runs, such as {}", quoted(run)));
        let such = such.unwrap_or_default();
        return Some(format!("{shown} is a folder without a model, and not that of a run{such}"));
    }
    let found = path.try_exists().unwrap_or(true); // what cannot be asked is for the reader to say
    (!found).then(|| format!("{shown}: no such run or model"))
}

/// Why a file cannot be used as a model.
pub(crate) fn no_model(path: &Path, error: &ModelError) -> Failure {
    match described(path) {
        Some(what) => Failure::new(Kind::Model, what),
        None if is_checkpoint(path) => Failure::new(
            Kind::Model,
            format_args!(
                "{} is a checkpoint and no model: it belongs to a run, with which `resume` goes on",
                path.display()
            ),
        ),
        None => match foreign(path) {
            Some(tensors) => {
                let (count, file) = (counted(tensors.names().len(), "tensor"), quoted(path));
                let message = format!(
                    "{file} is a file of another program, with {count} and no network\n  help: {} inspect \
                     {file} lists them; in a recipe, [[start]] with from = {:?} lets a network start from \
                     them",
                    program(),
                    path.display().to_string()
                );
                Failure::new(Kind::Model, message)
            }
            None => Failure::model(path, error),
        },
    }
}

/// The tensors of a file that another program wrote.
pub(crate) fn foreign(path: &Path) -> Option<Tensors> {
    Tensors::open(path).ok().filter(|tensors| tensors.model().is_none())
}

/// The model file of a run, where the path is a run's.
pub(crate) fn model_file(path: &Path) -> Cow<'_, Path> {
    let inside = path.join("model.safetensors");
    if path.is_dir() && inside.is_file() { inside.into() } else { path.into() }
}

/// This program as it was started, so that what it suggests to type works where it was typed.
pub(crate) fn program() -> String {
    let started = std::env::args_os().next();
    started.map_or_else(|| "tanren".into(), |program| quoted(Path::new(&program)))
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = |c: char| c.is_alphanumeric() || "/._-+=:,@%~…".contains(c);
    if text.chars().all(plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

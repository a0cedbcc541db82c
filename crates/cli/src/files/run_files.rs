//! The files of a run by their names: to which run a file belongs, and whether a folder is free for one.

use super::lock::LOCK;
use super::paths;
use crate::failure::{Failure, Kind};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use tanren_network::TensorFile;

/// The files of a run, apart from checkpoints.
pub(crate) const FILES: [&str; 9] = [
    "recipe.toml",
    DATA,
    STDIN,
    "split.csv",
    METRICS,
    "history.csv",
    RESULT,
    "model.safetensors",
    LOCK,
];

/// The file with the record of a run's data.
pub(crate) const DATA: &str = "data.json";

/// The file with the data themselves, where a run had them from standard input.
pub(crate) const STDIN: &str = "stdin";

/// The file with the result of a run.
pub(crate) const RESULT: &str = "result.json";

/// The file with the learning curve of a run, for programs.
pub(crate) const METRICS: &str = "metrics.jsonl";

/// What a run that diverged said of it; `None` where it did not, or nobody knows.
pub(crate) fn divergence(run: &Path) -> Option<String> {
    let text = fs::read_to_string(run.join(RESULT)).ok()?;
    let result: Value = serde_json::from_str(&text).ok()?;
    let message = result["error"]["message"].as_str()?;
    (result["status"] == "diverged").then(|| message.to_owned())
}

/// The folder of its checkpoints.
pub(crate) const CHECKPOINTS: &str = "checkpoints";

/// The checkpoint in that folder.
pub(crate) const CHECKPOINT: &str = "last.safetensors";

/// Whether a folder is that of a run, even of one that was killed as soon as it had a recipe.
pub(crate) fn is_run(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).is_file();
    has("recipe.toml") && ["split.csv", "metrics.jsonl", LOCK].into_iter().any(has)
}

/// What a file is that a run wrote for itself, and what to type instead; `None` for its recipe, its model,
/// its tables and any other file.
pub(crate) fn described(file: &Path) -> Option<String> {
    run_of(file).filter(|(_, exists)| *exists)?;
    let folder = file.parent()?;
    let (what, run) = match file.file_name()?.to_str()? {
        RESULT => ("the result", folder),
        DATA => ("the record of the data", folder),
        METRICS => ("the learning curve", folder),
        LOCK => ("the lock", folder),
        CHECKPOINT => ("the checkpoint", folder.parent()?),
        _ => return None,
    };
    let run = if run.as_os_str().is_empty() { Path::new(".") } else { run };
    let (file, run, tanren) = (paths::quoted(file), paths::quoted(run), paths::program());
    let more = match what {
        "the learning curve" => format!("{run}/history.csv has it as a table"),
        "the checkpoint" => format!("to go on with it: {tanren} resume {run}"),
        _ => format!("to train by the same recipe: {tanren} train {run}/recipe.toml"),
    };
    Some(format!(
        "{file} is {what} of the run {run}; to describe its model: {tanren} inspect {run}; {more}"
    ))
}

/// Whether a file is a checkpoint, wherever it lies.
pub(crate) fn is_checkpoint(file: &Path) -> bool {
    TensorFile::read(file).is_ok_and(|file| file.entries.contains_key("checkpoint"))
}

/// The run that a file belongs to, by whatever name, and whether the file exists. A file that does not
/// exist is a run's if the run is going to write it. What else lies in the folder is the user's.
pub(crate) fn run_of(file: &Path) -> Option<(PathBuf, bool)> {
    let real = fs::canonicalize(file).ok();
    let exists = real.is_some();
    let real = real.or_else(|| {
        let folder = file.parent().filter(|p| !p.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
        Some(folder.join(file.file_name()?))
    })?;
    let (folder, name) = (real.parent()?, real.file_name()?);
    if folder.file_name().is_some_and(|name| name == CHECKPOINTS)
        && let Some(run) = folder.parent().filter(|run| is_run(run))
    {
        return (name == CHECKPOINT).then(|| (run.to_owned(), exists));
    }
    let own = FILES.iter().any(|known| name == *known);
    (own && is_run(folder)).then(|| (folder.to_owned(), exists))
}

/// Refuses a folder that has a run, or files that one would overwrite.
pub(crate) fn refuse_used(path: &Path) -> Result<(), Failure> {
    if path.join("recipe.toml").exists() {
        return Err(taken(path));
    }
    let empty =
        |file: &Path| fs::metadata(file).is_ok_and(|facts| facts.is_file() && facts.len() == 0);
    let other = FILES.iter().map(|name| path.join(name)).chain([path.join(CHECKPOINTS)]);
    // A lock alone is what a run left that was killed before it had a recipe.
    let mut other = other.filter(|file| !(file.ends_with(LOCK) && empty(file)));
    if let Some(file) = other.find(|file| file.exists()) {
        let message = format!(
            "--out {} would overwrite {}: choose another folder",
            path.display(),
            file.display()
        );
        return Err(Failure::new(Kind::Usage, message));
    }
    Ok(())
}

/// Why a folder is not free for a run.
pub(crate) fn taken(path: &Path) -> Failure {
    let (folder, program, run) = (path.display(), paths::program(), paths::quoted(path));
    let message = format!("{folder} already contains a run; to resume it: {program} resume {run}");
    Failure::new(Kind::Usage, message)
}

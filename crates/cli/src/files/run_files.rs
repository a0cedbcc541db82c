//! The files of a run by their names, and to which run a file belongs.

use super::lock::LOCK;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};

/// The files of a run, apart from checkpoints.
pub(crate) const FILES: [&str; 9] = [
    "recipe.toml",
    DATA,
    STDIN,
    "split.csv",
    "metrics.jsonl",
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

/// What a run that diverged said of it; `None` where it did not, or nobody knows.
pub(crate) fn divergence(run: &Path) -> Option<String> {
    let text = fs::read_to_string(run.join(RESULT)).ok()?;
    let result: Value = serde_json::from_str(&text).ok()?;
    let message = result["error"]["message"].as_str()?;
    (result["status"] == "diverged").then(|| message.to_owned())
}

/// The folder of its checkpoints.
pub(crate) const CHECKPOINTS: &str = "checkpoints";

/// Whether a folder is that of a run.
pub(crate) fn is_run(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).is_file();
    has("recipe.toml") && (has("split.csv") || has("metrics.jsonl"))
}

/// The run whose folder a file lies in, by whatever name, and whether the file exists. A file that does
/// not exist is a run's if the run is going to write it.
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
        return Some((run.to_owned(), exists));
    }
    let writes = FILES.iter().any(|known| name == *known);
    (is_run(folder) && (exists || writes)).then(|| (folder.to_owned(), exists))
}

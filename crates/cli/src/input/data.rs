//! Data given by name or path: embedded data sets, files and folders.

use crate::args;
use crate::failure::{Failure, Kind};
use crate::files::{known_data, paths, run_files};
use crate::recipe;
use serde_json::Value;
use std::path::Path;
use tanren_data::{EMBEDDED, FileOptions, Task, Text, TrainTest, embedded, file, looks_like_text};
use tanren_network::Model;
use tanren_plugin::{DataError, Plugin, Source, nearest};

/// The data of this name, to train on, with the settings among `sets` that are theirs. Gives the
/// other ones back, too.
pub(crate) fn source(
    name: &str,
    data: &args::Data,
    sets: &[String],
) -> Result<(Plugin<dyn Source>, Vec<String>), Failure> {
    let options = FileOptions {
        target: data.target.clone(),
        weights: data.weights.clone(),
        ids: data.id.clone(),
        task: data.task.and_then(|task| match task {
            args::Task::Classification => Some(Task::Classification),
            args::Task::Regression => Some(Task::Regression),
            args::Task::Text => None,
        }),
        header: data.header.map(|answer| answer == args::Answer::Yes),
    };
    let train = match is_text(name, data)? {
        true if options == FileOptions::default() => text(Path::new(name)).into(),
        true => {
            let message = format!(
                "{name} is a text, for which --target, --weights, --id and --header cannot be used; if it \
                 is a table, say --task classification or --task regression"
            );
            return Err(Failure::new(Kind::Usage, message));
        }
        false => at(name, &options)?,
    };
    if data.test.is_none() && data.validation.is_none() {
        return recipe::set_source(train, sets);
    }
    if ["npy", "idx"].contains(&train.typetag_name()) && by_file(data.target.first()) {
        let message = "--target is a file here, and has no targets for the rows of other files: write a \
                       recipe with source = { type = \"train-test\", train = { … }, test = { … } }";
        return Err(Failure::new(Kind::Usage, message));
    }
    // What names no part is true of the reader of all, whose settings the others take from the first.
    let (of_parts, sets): (Vec<_>, Vec<_>) = sets.iter().cloned().partition(|set| names_part(set));
    let (train, others) = recipe::set_source(train, &sets)?;
    let as_train = |name: &Option<String>| -> Result<Option<_>, Failure> {
        let Some(name) = name else { return Ok(None) };
        Ok(Some(match like(&*train, name, None)? {
            Some(source) => source,
            None => at(name, &options)?,
        }))
    };
    let (test, validation) = (as_train(&data.test)?, as_train(&data.validation)?);
    let pair = TrainTest { train, test, validation };
    let (pair, _) = recipe::set_source(pair.into(), &of_parts)?;
    Ok((pair, others))
}

/// Whether the data of this name are a text: `--task` says so or, of a file that ends in `.txt`, its content.
fn is_text(name: &str, data: &args::Data) -> Result<bool, Failure> {
    let called = is_called_text(name);
    match data.task {
        Some(args::Task::Text) if embedded(name).is_some() => {
            let message = format!(
                "--task text: {name} is an embedded data set, and no text; for a file of this name write \
                 ./{name}"
            );
            Err(Failure::new(Kind::Usage, message))
        }
        Some(task) => Ok(task == args::Task::Text && Path::new(name).exists()),
        None if called && data.target.is_empty() && Path::new(name).is_file() => {
            Ok(looks_like_text(Path::new(name))?)
        }
        None if data.target.is_empty() && Path::new(name).is_dir() => only_texts(Path::new(name)),
        None => Ok(false),
    }
}

/// What to say besides of a file that was read as a table and looks like a text.
pub(crate) fn or_a_text(name: &str, data: &args::Data) -> String {
    let path = Path::new(name);
    let asked = data.task.is_some() || !data.target.is_empty() || !path.is_file();
    match !asked && looks_like_text(path).unwrap_or(false) {
        true => "\n  help: --task text trains a model of a text, if this is one".into(),
        false => String::new(),
    }
}

/// Whether a file has the name of a text.
fn is_called_text(name: &str) -> bool {
    let name = name.to_lowercase();
    name.ends_with(".txt") || name.ends_with(".txt.gz")
}

/// Whether all files of a folder are texts, by their names and their content.
fn only_texts(folder: &Path) -> Result<bool, Failure> {
    let (mut texts, entries) = (0, std::fs::read_dir(folder).into_iter().flatten());
    for file in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        if !(is_called_text(&name) && file.is_file() && looks_like_text(&file)?) {
            return Ok(false);
        }
        texts += 1;
    }
    Ok(texts > 0)
}

/// A text in rows, as many of which even a short one has as can be divided.
fn text(path: &Path) -> Text {
    let all = Text::new(path);
    // Of a long text that is known without reading it.
    let files = || std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
    let bytes: u64 = match path.is_dir() {
        true => files().filter_map(|file| file.metadata().ok()).map(|file| file.len()).sum(),
        false => std::fs::metadata(path).map_or(0, |file| file.len()),
    };
    // What cannot be read without settings may be read with those that are still to come.
    let count = if bytes < LONG { all.count().ok() } else { None };
    match count {
        Some(count) => Text { length: (count / ROWS_OF_TEXT).clamp(SHORTEST, all.length), ..all },
        None => all,
    }
}

/// A file of so many bytes, packed or not, has more rows than are needed.
const LONG: u64 = 1 << 20;

/// Rows that a text is cut into, at least …
const ROWS_OF_TEXT: usize = 64;

/// … unless they had fewer steps than this.
const SHORTEST: usize = 16;

/// What a command does while it reads the data of this name.
pub(crate) fn reading(name: &str) -> String {
    match std::fs::metadata(name) {
        Ok(file) if file.is_file() => {
            format!("reading {name} ({} MB)", file.len().div_ceil(1_000_000))
        }
        _ => format!("reading {name}"),
    }
}

/// Whether a `KEY=VALUE` is about one part of data that come in several, or about all of the source.
fn names_part(set: &str) -> bool {
    let key = set.split('=').next().unwrap_or_default().replace('[', ".");
    let mut steps = key.split('.').map(str::trim);
    let source = steps.next() == Some("data") && steps.next() == Some("source");
    let parts = ["train", "test", "validation", "type"];
    source && steps.next().is_none_or(|step| parts.contains(&step))
}

/// The data of this name as another source reads its own, if it can.
fn like(
    own: &dyn Source,
    name: &str,
    target: Option<&str>,
) -> Result<Option<Plugin<dyn Source>>, DataError> {
    let path = Path::new(name);
    if embedded(name).is_some() || !path.exists() {
        return Ok(None);
    }
    own.at(path, target)
}

/// Whether a target is a file of its own and not a column.
fn by_file(target: Option<&String>) -> bool {
    target.is_some_and(|target| target.parse::<i64>().is_err())
}

/// The embedded set of this name, or what is at this path.
fn at(name: &str, options: &FileOptions) -> Result<Plugin<dyn Source>, Failure> {
    match embedded(name) {
        Some(source) if *options == FileOptions::default() => Ok(source),
        Some(_) => {
            let message = format!(
                "{name} is an embedded data set, for which --target, --weights, --id, --task and \
                 --header cannot be used; for a file of this name write ./{name}"
            );
            Err(Failure::new(Kind::Usage, message))
        }
        None if Path::new(name).exists() => {
            let source = file(Path::new(name), options);
            refuse_folder(Path::new(name), source.as_deref().ok())?;
            Ok(source?)
        }
        None => Err(unknown(name)),
    }
}

/// The data a model is to be used on: of this name or, without one, those it was trained on. Its own
/// source is asked first, so that what was said about the first file holds for this one: its delimiter,
/// what means missing. `target` is a column's name there. The model comes with its path, beside which
/// its run tells where the data are.
pub(crate) fn for_model(
    (model, path): (&Model, &Path),
    name: Option<&str>,
    target: Option<&str>,
) -> Result<Plugin<dyn Source>, Failure> {
    let fail = |error| Failure::rows(error, &Value::Null);
    let Some(name) = name else { return own_source(model, Some(path)) };
    let data = Path::new(name);
    if let Ok(own) = own_source(model, None)
        && let Some(source) = like(&*own, name, target).map_err(fail)?
    {
        return Ok(source);
    }
    match embedded(name) {
        Some(source) if target.is_none() => Ok(source),
        None if data.exists() => {
            let target = target.map(Into::into).into_iter().collect();
            let source = file(data, &FileOptions { target, ..FileOptions::default() });
            refuse_folder(data, source.as_deref().ok())?;
            source.map_err(fail)
        }
        _ => Err(unknown(name)),
    }
}

/// The source a model was trained on, as its recipe says; its files are looked for where the run of the
/// model says they were.
fn own_source(model: &Model, path: Option<&Path>) -> Result<Plugin<dyn Source>, Failure> {
    let fail =
        |what: String| Failure::new(Kind::Usage, format!("{what}; give the data with --data"));
    let recipe: Value = match model.notes.get("recipe") {
        Some(text) => serde_json::from_str(text)
            .map_err(|e| fail(format!("the recipe in the model file cannot be read: {e}")))?,
        None => {
            return Err(fail("the model file does not record which data it was trained on".into()));
        }
    };
    let mut source = recipe["data"]["source"].clone();
    let model = path.map(paths::model_file);
    if let Some(run) = model.as_ref().and_then(|model| model.parent()) {
        source = known_data::find_data(run, &source)?;
    }
    serde_json::from_value(source)
        .map_err(|e| fail(format!("the data the model was trained on cannot be opened here: {e}")))
}

/// Names of files that are shown.
const SHOWN: usize = 10;

/// Refuses a folder of neither IDX files nor tables, with what may be meant.
fn refuse_folder(path: &Path, source: Option<&dyn Source>) -> Result<(), Failure> {
    let of_tables = source.is_some_and(|source| source.typetag_name() == "csv");
    if !path.is_dir() || of_tables && !run_files::is_run(path) {
        return Ok(());
    }
    let entries = std::fs::read_dir(path).map_err(|e| {
        Failure::new(Kind::Data, format!("cannot read the folder {}: {e}", path.display()))
    })?;
    let mut names = Vec::new();
    for entry in entries.filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if ["idx", "images", "labels"].iter().any(|word| name.to_lowercase().contains(word)) {
            return Ok(());
        }
        if entry.path().is_file() && !name.starts_with('.') {
            names.push(name);
        }
    }
    names.sort();
    let (folder, is) = (path.display(), "is a folder of neither IDX files nor tables alone");
    let message = match names.as_slice() {
        _ if run_files::is_run(path) => {
            format!("{folder} is the folder of a run, and no data: give the path of a data file")
        }
        [] => format!("{folder} {is}, and has no other file that could be data"),
        [first, ..] => {
            let texts = match names.iter().any(|name| is_called_text(name)) {
                true => "; --task text reads its texts",
                false => "",
            };
            let more = names.len().saturating_sub(SHOWN);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            format!(
                "{folder} {is}: give the path of one of its files, such as {}; it has {}{more}",
                paths::quoted(&path.join(first)),
                names[..names.len().min(SHOWN)].join(", ")
            ) + texts
        }
    };
    Err(Failure::new(Kind::Data, message))
}

/// What to say about a name that is no data.
fn unknown(name: &str) -> Failure {
    let path = Path::new(name);
    if path.extension().is_some() || path.components().count() > 1 {
        let here =
            std::env::current_dir().map_or(String::new(), |p| format!(" in {}", p.display()));
        let relative = if path.is_relative() { here } else { String::new() };
        return Failure::new(Kind::Data, format!("{name}: no such file{relative}"));
    }
    let near = nearest(name, EMBEDDED.iter().copied());
    let guess = near.map_or(String::new(), |near| format!("; did you mean {near}?"));
    let accepted = "a recipe (.toml, .json, .yaml), a data file, a folder of IDX files";
    let sets = EMBEDDED.join(", ");
    let message = format!(
        "unknown data {name:?}{guess} (expected {accepted}, or an embedded data set: {sets})"
    );
    Failure::new(Kind::Usage, message)
}

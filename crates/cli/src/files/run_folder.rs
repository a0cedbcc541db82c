//! The folder of a run: the files that training writes.

use super::data_record::DataRecord;
use super::history::History;
use super::lock::{LOCK, Lock};
use super::metrics::Metrics;
use super::paths;
use super::run_files::{
    CHECKPOINT, CHECKPOINTS, DATA, FILES, METRICS, RESULT, STDIN, divergence, is_run, refuse_used,
    taken,
};
use super::spool::Spool;
use super::whereabouts::Whereabouts;
use crate::failure::{Failure, Kind};
use crate::input::revise::{Change, revise_comment};
use crate::recipe::{self, Draft, Format};
use serde::Serialize;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use tanren_network::{AtomicFile, TensorFile};
use tanren_plugin::{EpochRecord, Table};
use tanren_trainer::{Recipe, Setup};

/// A folder that belongs to one run: recipe, split, metrics, checkpoints, model.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    lock: Lock,
    /// Whether this process made the folder.
    made: bool,
}

/// Whether data are those a run began with.
pub(crate) enum Changes {
    /// They are.
    None,
    /// They differ, as is said here.
    Found(String),
    /// Nobody knows: the run was begun by a version that did not record it.
    Unknown,
}

impl Folder {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Why the folder is not locked, if so.
    pub(crate) fn note(&self) -> Option<&str> {
        self.lock.note.as_deref()
    }

    pub(crate) fn recipe(&self) -> PathBuf {
        self.path.join("recipe.toml")
    }

    fn split(&self) -> PathBuf {
        self.path.join("split.csv")
    }

    fn data(&self) -> PathBuf {
        self.path.join(DATA)
    }

    fn metrics(&self) -> PathBuf {
        self.path.join(METRICS)
    }

    pub(crate) fn checkpoint(&self) -> PathBuf {
        self.path.join(CHECKPOINTS).join(CHECKPOINT)
    }

    pub(crate) fn model(&self) -> PathBuf {
        self.path.join("model.safetensors")
    }

    /// Makes the folder and writes all that is known before training, which proves that it can
    /// be written to. Data that came by standard input become a file of the run.
    pub(crate) fn create(
        out: Option<&Path>,
        setup: &mut Setup,
        comment: &str,
        stdin: Option<&Spool>,
    ) -> Result<Self, Failure> {
        let recipe = |setup: &Setup| recipe::write(&setup.recipe, Format::Toml, comment);
        recipe(setup)?; // before there is a folder
        let folder = match out {
            Some(path) => Self::at(path)?,
            None => Self::next(Path::new("runs"), &setup.table.name)?,
        };
        // Whoever makes the recipe file has the folder, of two runs at once. It is there whole or not at
        // all, and after the lock and the data: a run that is killed can be resumed, or has left no more
        // than these.
        stdin.map_or(Ok(()), |stdin| stdin.keep(&folder.path, setup))?;
        let claimed = recipe(setup).and_then(|text| {
            write_new(&folder.recipe(), &text).map_err(|e| match e.kind() {
                ErrorKind::AlreadyExists => taken(&folder.path),
                _ => Failure::output(&folder.recipe(), e),
            })
        });
        if let Err(failure) = claimed {
            if stdin.is_some() && !folder.recipe().exists() {
                drop(fs::remove_file(folder.path.join(STDIN)));
            }
            return Err(failure);
        }
        let written = folder.begin(setup, None);
        written.inspect_err(|_| folder.withdraw()).map(|()| folder)
    }

    /// Removes what a new run wrote before it turned out that no run comes of it, so that its folder does
    /// not look as if it held one.
    pub(crate) fn withdraw(&self) {
        let remove = |name: &str| drop(fs::remove_file(self.path.join(name)));
        FILES.iter().filter(|name| **name != LOCK).for_each(|name| remove(name));
        drop(fs::remove_dir(self.path.join(CHECKPOINTS)));
        if self.made {
            remove(LOCK); // with its folder
            drop(fs::remove_dir(&self.path)); // if nothing else is in it
        }
    }

    /// Writes all that a run without a checkpoint has beside its recipe. Its source names the files as they
    /// were `found`, where these are not what the recipe names from the current folder.
    pub(crate) fn begin(&self, setup: &Setup, found: Option<&Value>) -> Result<(), Failure> {
        let checkpoints = self.path.join(CHECKPOINTS);
        fs::create_dir_all(&checkpoints).map_err(|e| Failure::output(&checkpoints, e))?;
        self.write_data(setup, found, false)?;
        paths::write(&self.metrics(), "")
    }

    /// The folder the user named, locked, which may hold other files, but none that the run would
    /// overwrite.
    fn at(path: &Path) -> Result<Self, Failure> {
        if path.is_file() {
            let message = format!("--out {}: expected a folder, found a file", path.display());
            return Err(Failure::new(Kind::Usage, message));
        }
        let made = !path.exists();
        fs::create_dir_all(path).map_err(|e| Failure::output(path, e))?;
        // Another run may have taken the folder between the first look and the lock.
        refuse_used(path)?;
        let folder = Self { path: path.to_owned(), lock: Lock::take(path)?, made };
        refuse_used(path).map(|()| folder)
    }

    /// The first free `NAME-N` in `runs`. Making a folder is atomic, so two runs never share one.
    fn next(runs: &Path, data: &str) -> Result<Self, Failure> {
        fs::create_dir_all(runs).map_err(|e| Failure::output(runs, e))?;
        let name = file_name(data);
        for n in 1_u64.. {
            let path = runs.join(format!("{name}-{n}"));
            match fs::create_dir(&path) {
                Ok(()) => return Self::at(&path).map(|folder| Self { made: true, ..folder }),
                Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
                Err(e) => return Err(Failure::output(&path, e)),
            }
        }
        Err(Failure::output(runs, "no free name for the folder of the run"))
    }

    /// A run to go on with, locked, and its recipe.
    pub(crate) fn open(path: &Path) -> Result<(Self, Draft), Failure> {
        let recipe = path.join("recipe.toml");
        if !recipe.is_file() {
            let message =
                format!("{} is not the folder of a run: it has no recipe.toml", path.display());
            return Err(Failure::new(Kind::Usage, message));
        }
        if !is_run(path) {
            let message = format!(
                "{} is not the folder of a run: it has a recipe.toml, but no other file of a run; to \
                 train by it: {} train {}",
                path.display(),
                paths::program(),
                paths::quoted(&recipe)
            );
            return Err(Failure::new(Kind::Usage, message));
        }
        let folder = Self { path: path.to_owned(), lock: Lock::take(path)?, made: false };
        let draft = Draft::read(&recipe)?;
        Ok((folder, draft))
    }

    /// How the data differ from those the run began with, if they do, and whether that is known.
    pub(crate) fn changes(&self, table: &Table) -> Result<Changes, Failure> {
        let Some(then) = DataRecord::read(&self.data())? else { return Ok(Changes::Unknown) };
        let difference = then.difference(&DataRecord::of(table, table.weights.as_deref()));
        Ok(difference.map_or(Changes::None, Changes::Found))
    }

    /// Records that the run goes on with other data, whose files were `found`.
    pub(crate) fn replace_data(&self, setup: &Setup, found: &Value) -> Result<(), Failure> {
        self.write_data(setup, Some(found), true)
    }

    /// Writes what the data are and how they are split; `split_anew` says that they were split otherwise
    /// before.
    fn write_data(
        &self,
        setup: &Setup,
        found: Option<&Value>,
        split_anew: bool,
    ) -> Result<(), Failure> {
        // What cannot be written names no files.
        let named = serde_json::to_value(&setup.recipe.data.source).unwrap_or_default();
        let found = found.unwrap_or(&named).clone();
        let files = Whereabouts::of(named, found, &self.path);
        let mut record = DataRecord::of(&setup.table, setup.given_weights.as_deref());
        record.files = files;
        record.split_anew = split_anew;
        record.write(&self.data())?;
        paths::write(&self.split(), &split_text(setup))
    }

    /// Writes a changed recipe, below the comment of the old one.
    pub(crate) fn replace_recipe(
        &self,
        recipe: &Recipe,
        changes: &[Change],
    ) -> Result<(), Failure> {
        let old = fs::read_to_string(self.recipe()).unwrap_or_default();
        let comment = revise_comment(&recipe::leading_comment(&old), changes, recipe);
        paths::write(&self.recipe(), &recipe::write(recipe, Format::Toml, &comment)?)
    }

    /// Refuses to go on when the same data no longer divide as they did.
    pub(crate) fn check_split(&self, setup: &Setup) -> Result<(), Failure> {
        match fs::read_to_string(self.split()) {
            Ok(text) if text == split_text(setup) => Ok(()),
            Ok(_) => {
                let split = self.split();
                let message = format!(
                    "the rows are not split as in {}: did the seed or the settings of the split change?",
                    split.display()
                );
                Err(Failure::new(Kind::Data, message))
            }
            Err(_) => Ok(()), // an older run may have none
        }
    }

    /// Writes the split where there is none.
    pub(crate) fn keep_split(&self, setup: &Setup) -> Result<(), Failure> {
        match self.split().exists() {
            true => Ok(()),
            false => paths::write(&self.split(), &split_text(setup)),
        }
    }

    /// The epochs the checkpoint has seen, or `None` when the run ended before its first one.
    pub(crate) fn history(&self) -> Result<Option<Vec<EpochRecord>>, Failure> {
        #[derive(serde::Deserialize)]
        struct Seen {
            history: Vec<EpochRecord>,
        }
        let path = self.checkpoint();
        let diverged = divergence(&self.path);
        if !path.exists() && diverged.is_none() && !self.model().exists() {
            return Ok(None);
        }
        if let Some(message) = diverged.filter(|_| !path.exists()) {
            let run = paths::quoted(&self.path);
            let message = format!(
                "{run} has no checkpoint to go on from: {message}\n  help: train a new run with a lower \
                 learning rate; the settings are in {run}/recipe.toml"
            );
            return Err(Failure::new(Kind::Diverged, message));
        }
        let fail = |e: &dyn std::fmt::Display| Failure::new(Kind::Checkpoint, e);
        let file = TensorFile::read(&path).map_err(|e| fail(&format!("checkpoint {e}")))?;
        let text = file.entries.get("state").map_or("", String::as_str);
        let seen: Seen = serde_json::from_str(text)
            .map_err(|e| fail(&format!("checkpoint {}: {e}", path.display())))?;
        Ok(Some(seen.history))
    }

    /// The learning curve, holding exactly `history` and open for more.
    pub(crate) fn history_from(
        &self,
        setup: &Setup,
        history: &[EpochRecord],
    ) -> Result<History, Failure> {
        let scores = match setup.rows.validation.is_empty() {
            true => Vec::new(),
            false => setup.scoring()?.names().map(str::to_owned).collect(),
        };
        History::open(self.path.join("history.csv"), scores, history)
    }

    /// Where the result of the run is written when it ends.
    fn result(&self) -> PathBuf {
        self.path.join(RESULT)
    }

    /// Writes the result of the run.
    pub(crate) fn write_result(&self, result: &impl Serialize) -> Result<(), Failure> {
        let path = self.result();
        let text = serde_json::to_string_pretty(result).map_err(|e| Failure::output(&path, e))?;
        paths::write(&path, &(text + "\n"))
    }

    /// What came of cross-validation before the run, as its last result has it.
    pub(crate) fn cross_validation(&self) -> Option<Value> {
        let text = fs::read_to_string(self.result()).ok()?;
        let result: Value = serde_json::from_str(&text).ok()?;
        result.get("cross_validation").cloned()
    }

    /// Removes the result of the run's last part, which is about to go on.
    pub(crate) fn remove_result(&self) {
        drop(fs::remove_file(self.result())); // it need not be there
    }

    /// The metrics file, holding exactly `history` and open for more.
    pub(crate) fn metrics_from(&self, history: &[EpochRecord]) -> Result<Metrics, Failure> {
        Metrics::open(self.metrics(), history)
    }
}

fn split_text(setup: &Setup) -> String {
    let mut text = String::from("row,part\n");
    for (row, part) in setup.parts.iter().enumerate() {
        let number = setup.table.number(row);
        // What counts nothing takes part in nothing, such as a forecast that looks into the next part.
        let _ = match setup.table.weights.as_ref().is_some_and(|weights| weights[row] == 0.0) {
            true => writeln!(text, "{number},none"),
            false => writeln!(text, "{number},{part}"),
        };
    }
    text
}

/// Writes a file whole, where none may stand.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = AtomicFile::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.commit()
}

/// A name any file system takes.
fn file_name(name: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' };
    let name: String = name.chars().map(safe).take(40).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "run".into() } else { name.to_lowercase() }
}

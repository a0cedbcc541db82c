//! `Guard`: what a command may write. A file that exists is overwritten only by `--force`, and an input
//! of the command, a model or a file of a run never is, whatever the name it goes by.

use super::known_data::places_of_data;
use super::paths;
use super::run_files;
use super::whereabouts::visit;
use crate::args;
use crate::failure::{Failure, Kind};
use crate::output::console::{Console, part};
use same_file::{Handle, is_same_file};
use serde_json::Value;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read as _, Write};
use std::path::{Path, PathBuf};
use tanren_network::{AtomicFile, Model};

/// The name of standard output.
const STDOUT: &str = "-";

/// Entries of a folder that are looked at, at most: a folder of data has a few files.
const ENTRIES: usize = 10_000;

/// Where a verb writes its result, and what it must not overwrite.
pub(crate) struct Guard {
    /// The option that names the file.
    option: &'static str,
    /// The file to write; `None` for standard output.
    file: Option<PathBuf>,
    force: bool,
    /// Files and folders that the command reads, and what they are to it.
    inputs: Vec<(PathBuf, &'static str)>,
    /// Whether it reads standard input, which may be a file.
    stdin: bool,
}

impl Guard {
    /// For what `--output` names.
    pub(crate) fn new(to: &args::Output) -> Self {
        Self::of("--output", to.output.as_deref(), to.force)
    }

    /// For what another option names.
    pub(crate) fn of(option: &'static str, path: Option<&Path>, force: bool) -> Self {
        let stdout = |path: &Path| path == Path::new(STDOUT) || path == Path::new("/dev/stdout");
        let file = path.filter(|path| !stdout(path)).map(Path::to_owned);
        Self { option, file, force, inputs: Vec::new(), stdin: false }
    }

    /// The file to write, unless it is standard output.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Adds a file or a folder that the command reads. It need not exist.
    pub(crate) fn input(&mut self, path: impl AsRef<Path>, what: &'static str) {
        self.inputs.push((path.as_ref().to_owned(), what));
    }

    /// Adds standard input, where the command has read it.
    pub(crate) fn stdin(&mut self, console: &Console<'_>) {
        self.stdin = console.stdin.is_some();
    }

    /// Adds all files that a source names: what is a path, and any other text that is the name of a file,
    /// since nobody knows what a source from outside reads.
    pub(crate) fn source(&mut self, source: &Value) {
        visit(&mut source.clone(), &mut |text, path| {
            if path || Path::new(text).is_file() {
                self.input(&*text, "the data");
            }
        });
    }

    /// Adds the data of the run to which a file belongs, wherever they are, if it belongs to one.
    pub(crate) fn data_of_run(&mut self, file: &Path) {
        let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
        let places = file.parent().map_or_else(Vec::new, places_of_data);
        places.iter().for_each(|place| self.input(place, "the data"));
    }

    /// Adds a model file or the folder of a run, and the data that the model was trained on.
    pub(crate) fn model(&mut self, path: &Path, model: &Model) {
        let file = paths::model_file(path);
        self.input(&file, "the model");
        self.data_of_run(&file);
        let recipe = model.notes.get("recipe").map_or(Value::Null, |text| {
            serde_json::from_str(text).unwrap_or_default() // a damaged recipe names no files
        });
        self.source(&recipe["data"]["source"]);
    }

    /// Refuses a file that must not be overwritten.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let Some(file) = &self.file else { return Ok(()) };
        match self.objection(file) {
            Some(objection) => Err(Failure::new(Kind::Usage, objection)),
            None => Ok(()),
        }
    }

    /// Writes the result, after another look.
    pub(crate) fn deliver(&self, text: &str, console: &mut Console<'_>) -> Result<(), Failure> {
        let mut delivery = self.begin()?;
        delivery.write(text, console.out)?;
        delivery.finish()
    }

    /// Begins to write the result part by part, after another look.
    pub(crate) fn begin(&self) -> Result<Delivery, Failure> {
        self.check()?;
        let Some(file) = &self.file else { return Ok(Delivery::Stdout) };
        // What a link points to is written, as a shell does it, and the link stays.
        let path = fs::canonicalize(file).unwrap_or_else(|_| file.clone());
        let begun = match self.force {
            true => AtomicFile::create(&path),
            false => AtomicFile::create_new(&path),
        };
        match begun {
            Ok(file) => Ok(Delivery::File(file, path)),
            Err(error) => Err(unwritten(&path, &error)),
        }
    }

    /// Why a file may not be written.
    fn objection(&self, file: &Path) -> Option<String> {
        let facts = fs::metadata(file).ok();
        let (option, name) = (self.option, file.display());
        if facts.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Some(format!("{option} {name}: expected a file, found a folder"));
        }
        let refused = |what: String| {
            Some(format!("{option} {name} would overwrite {what}: choose another file"))
        };
        if let Some((run, exists)) = run_files::run_of(file) {
            let run = paths::quoted(&run);
            if exists {
                return refused(format!("a file of the run {run}"));
            }
            let message = "is the name of a file that the run";
            return Some(format!("{option} {name} {message} {run} writes: choose another file"));
        }
        if facts.is_none() && fs::symlink_metadata(file).is_ok() {
            return Some(format!(
                "{option} {name}: expected a file, found a link that leads nowhere"
            ));
        }
        // A pipe or a device is written to, not replaced.
        let facts = facts.filter(fs::Metadata::is_file)?;
        for (input, what) in &self.inputs {
            if let Some(found) = same(file, input) {
                let (found, given) = (found.display().to_string(), name.to_string());
                let also = if found == given { String::new() } else { format!(" {found}") };
                return refused(format!("{what}{also}"));
            }
        }
        let given = || Some(Handle::stdin().ok()? == Handle::from_path(file).ok()?);
        if self.stdin && given() == Some(true) {
            return refused("the data, which come by standard input".into());
        }
        if is_model(file) {
            return refused("a model or a checkpoint".into());
        }
        match names(&facts) {
            // The other names may be those of anything.
            n if n > 1 => Some(format!(
                "{name} is one file under {n} names (hard links), which may be data or a model \
                 elsewhere: choose another file"
            )),
            _ if self.force => None,
            _ => Some(format!("{name} already exists; use --force to overwrite it")),
        }
    }
}

/// A result on its way. A file that is not finished is gone, and what stood in its place is as it was.
pub(crate) enum Delivery {
    Stdout,
    File(AtomicFile, PathBuf),
}

impl Delivery {
    /// Writes the next part. `false` when nobody reads on.
    pub(crate) fn write(
        &mut self,
        text: &str,
        stdout: &mut (dyn Write + Send),
    ) -> Result<bool, Failure> {
        match self {
            Self::Stdout => part(stdout, text),
            Self::File(file, path) => {
                let written = file.write_all(text.as_bytes()).map(|()| true);
                written.map_err(|error| Failure::output(path, error))
            }
        }
    }

    /// Puts the file in its place.
    pub(crate) fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Stdout => Ok(()),
            Self::File(file, path) => file.commit().map_err(|error| unwritten(&path, &error)),
        }
    }
}

/// Why a file cannot be put in its place.
fn unwritten(path: &Path, error: &io::Error) -> Failure {
    if error.kind() != ErrorKind::AlreadyExists {
        return Failure::output(path, error);
    }
    let message =
        "another program wrote it in the meantime, and it was left as it is; choose another file";
    Failure::output(path, message)
}

/// The file at or in `input` that is this very file, whatever they are called.
fn same(file: &Path, input: &Path) -> Option<PathBuf> {
    let facts = fs::metadata(input).ok()?;
    if facts.is_file() {
        return is_same_file(file, input).unwrap_or(false).then(|| input.to_owned());
    }
    if !facts.is_dir() {
        return None;
    }
    let entries = fs::read_dir(input).ok()?.take(ENTRIES).filter_map(Result::ok);
    let mut files = entries.map(|entry| entry.path()).filter(|path| !path.is_dir());
    files.find_map(|path| same(file, &path))
}

/// Whether a file begins as a model does: with the length of a header, and the header's brace.
fn is_model(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    read.is_ok() && begins_like_a_model(&head)
}

/// Bytes that tell a model file from a text.
pub(crate) const HEAD: u64 = 9;

/// Whether these are the first bytes of a model: the length of a header, and the header's brace.
pub(crate) fn begins_like_a_model(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{') && bytes.get(5..8) == Some(&[0, 0, 0])
}

/// Under how many names a file stands, as far as that is known.
#[cfg(unix)]
fn names(facts: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(facts)
}

/// Under how many names a file stands, as far as that is known.
#[cfg(not(unix))]
fn names(_: &fs::Metadata) -> u64 {
    1
}

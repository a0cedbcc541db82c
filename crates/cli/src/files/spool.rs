//! `Spool`: standard input as a file, for data that the command line calls `-`. Readers go through their
//! data more than once, and what flows by is gone the second time.

use super::run_files::STDIN;
use super::whereabouts::visit;
use crate::args::{Data, Subject, Verb};
use crate::failure::{Failure, Kind};
use crate::interrupt;
use std::fs::{self, File};
use std::io::{self, ErrorKind, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};
use tanren_network::AtomicFile;
use tanren_trainer::Setup;
use tempfile::TempDir;

/// The name of standard input.
const NAME: &str = "-";

/// Bytes read at a time.
const BUFFER: usize = 1 << 16;

/// All of standard input, in a folder that is removed with this.
#[derive(Debug)]
pub(crate) struct Spool {
    path: PathBuf,
    _folder: TempDir,
}

impl Spool {
    /// Reads standard input where the command line wants it as data, and puts the file in its place there.
    ///
    /// # Errors
    /// When it is wanted twice, or for what must last, it is a terminal, or it cannot be kept.
    pub(crate) fn of(verb: &mut Verb) -> Result<Option<Self>, Failure> {
        let refuse = |message: &str| Err(Failure::new(Kind::Usage, message));
        let lasts = match verb {
            Verb::Init(_) => true,
            Verb::Sweep(sweep) => sweep.written.to.output.is_some(),
            _ => false,
        };
        let wanted: Vec<_> = places(verb).into_iter().filter(|name| **name == NAME).collect();
        let place = match <[&mut String; 1]>::try_from(wanted) {
            Ok([place]) => place,
            Err(none) if none.is_empty() => return Ok(None),
            Err(_) => {
                return refuse("standard input (-) is given twice, but it can be read only once");
            }
        };
        if lasts {
            return refuse(
                "a recipe names the file of its data, and standard input (-) has no name: save the data \
                 to a file first",
            );
        }
        if io::stdin().is_terminal() {
            return refuse(
                "- reads data from standard input, which is a terminal here; pipe data into the \
                 command, as in: cat data.csv | tanren …",
            );
        }
        let folder = interrupt::temporary_folder().map_err(|e| not_kept(&e))?;
        let path = folder.path().join(STDIN);
        read(&path)?;
        place.clone_from(&path.display().to_string());
        Ok(Some(Self { path, _folder: folder }))
    }

    /// Puts the file into the folder of a run, whose recipe names it from now on, or changes nothing.
    pub(crate) fn keep(&self, run: &Path, setup: &mut Setup) -> Result<(), Failure> {
        let kept = run.join(STDIN);
        let fail = |e: serde_json::Error| Failure::new(Kind::Recipe, e);
        let mut source = serde_json::to_value(&setup.recipe.data.source).map_err(fail)?;
        visit(&mut source, &mut |text, path| {
            if path && Path::new(text) == self.path {
                *text = kept.display().to_string();
            }
        });
        let source = serde_json::from_value(source).map_err(fail)?;
        // Where there is a file of the name, it stays.
        let put = fs::hard_link(&self.path, &kept).or_else(|_| copy(&self.path, &kept));
        put.map_err(|e| Failure::output(&kept, e))?;
        setup.recipe.data.source = source;
        Ok(())
    }

    /// A message that calls the file what it was before.
    pub(crate) fn named(&self, message: &str) -> String {
        message.replace(&*self.path.to_string_lossy(), STDIN)
    }
}

/// Copies a file to another disk, as a folder for what is temporary may be on one of its own.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let mut whole = AtomicFile::create_new(to)?;
    io::copy(&mut File::open(from)?, &mut whole)?;
    whole.commit()
}

/// Where the command line names data.
fn places(verb: &mut Verb) -> Vec<&mut String> {
    fn of(subject: &mut Subject) -> Vec<&mut String> {
        let Data { path, test, validation, .. } = &mut subject.data;
        [&mut subject.what, path, test, validation].into_iter().flatten().collect()
    }
    match verb {
        Verb::Train(args) => of(&mut args.subject),
        Verb::Check(args) => of(&mut args.subject),
        Verb::Sweep(args) => of(&mut args.subject),
        Verb::Init(args) => of(&mut args.subject),
        Verb::Eval(args) => args.data.iter_mut().collect(),
        Verb::Predict(args) => args.data.iter_mut().collect(),
        Verb::Inspect(args) => vec![&mut args.what],
        Verb::Resume(_)
        | Verb::Render(_)
        | Verb::Bench(_)
        | Verb::Plugins(_)
        | Verb::Sample(_)
        | Verb::Completions(_) => Vec::new(),
    }
}

/// Writes all of standard input to a file.
fn read(path: &Path) -> Result<(), Failure> {
    let not_kept = |error| not_kept(&error);
    let mut file = File::create_new(path).map_err(not_kept)?;
    let (mut stdin, mut buffer) = (io::stdin().lock(), vec![0; BUFFER]);
    loop {
        match stdin.read(&mut buffer) {
            Ok(0) => return file.flush().map_err(not_kept),
            Ok(count) => {
                file.write_all(buffer.get(..count).unwrap_or_default()).map_err(not_kept)?
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                let message = format!("standard input cannot be read: {error}");
                return Err(Failure::new(Kind::Data, message));
            }
        }
    }
}

/// Why there is no file.
fn not_kept(error: &io::Error) -> Failure {
    let folder = std::env::temp_dir();
    let folder = folder.display();
    Failure::new(Kind::Output, format!("cannot keep standard input in {folder}: {error}"))
}

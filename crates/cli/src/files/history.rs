//! `history.csv`: the learning curve of a run, one row per epoch.

use crate::failure::Failure;
use crate::files::paths;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use tanren_plugin::{EpochRecord, Number, Phase};

/// The learning curve of a run, open for more.
pub(crate) struct History {
    file: fs::File,
    path: PathBuf,
    /// The validation scores it has columns for.
    scores: Vec<String>,
}

impl History {
    /// The file at `path`, holding exactly the epochs of `history`. The learning rates of earlier
    /// epochs stand only in this file, so they are read from there.
    pub(crate) fn open(
        path: PathBuf,
        scores: Vec<String>,
        history: &[EpochRecord],
    ) -> Result<Self, Failure> {
        let old = fs::read_to_string(&path).unwrap_or_default();
        let mut text = header(&scores) + "\n";
        let mut lines = old.lines().skip(1);
        for record in history {
            let rate = lines.next().and_then(|line| rate_of(line, record));
            text.push_str(&row(record, &scores, rate));
        }
        paths::write(&path, &text)?;
        let file = fs::OpenOptions::new().append(true).open(&path);
        Ok(Self { file: file.map_err(|e| Failure::output(&path, e))?, path, scores })
    }

    /// Appends an epoch, whose last step had this length.
    pub(crate) fn append(&mut self, record: &EpochRecord, rate: f64) -> Result<(), Failure> {
        let row = row(record, &self.scores, Some(rate));
        let written = self.file.write_all(row.as_bytes()).and_then(|()| self.file.flush());
        written.map_err(|e| Failure::output(&self.path, e))
    }
}

fn header(scores: &[String]) -> String {
    let scores: Vec<_> = scores.iter().map(|name| quoted(&format!("validation_{name}"))).collect();
    let scores = scores.iter().map(|name| format!("{name},")).collect::<String>();
    format!("phase,epoch,steps,train_loss,{scores}rate,seconds")
}

fn row(record: &EpochRecord, scores: &[String], rate: Option<f64>) -> String {
    let cell = |x: Option<f64>| x.map_or(String::new(), |x| format!("{x:?}"));
    let scores: String = scores
        .iter()
        .map(|name| cell(record.validation.get(name).map(|&Number(x)| x)) + ",")
        .collect();
    let loss = cell(record.loss.map(|Number(loss)| loss));
    format!("{},{loss},{scores}{},{:.3}\n", key(record), cell(rate), record.seconds)
}

/// What tells an epoch from the others.
fn key(record: &EpochRecord) -> String {
    let phase = match record.clock.phase {
        Phase::Training => "training".to_owned(),
        Phase::Pretraining(number) => format!("pretraining {number}"),
    };
    format!("{phase},{},{}", record.clock.epoch, record.clock.iteration)
}

/// The learning rate in an old row of this epoch. Its scores may be others than now, but the rate is
/// always the last cell but one.
fn rate_of(line: &str, record: &EpochRecord) -> Option<f64> {
    line.strip_prefix(&key(record))?.strip_prefix(',')?;
    line.rsplit(',').nth(1)?.parse().ok()
}

/// A cell, in quotes where it needs them.
pub(crate) fn quoted(cell: &str) -> String {
    let special = |c: char| matches!(c, ',' | '"' | '\n' | '\r');
    match cell.contains(special) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}

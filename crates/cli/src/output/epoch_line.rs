//! `EpochLine`: an epoch in one line, with the scores that matter or with all.

use super::figures::{BETWEEN, duration, fitting, short};
use std::collections::BTreeSet;
use tanren_plugin::{EpochRecord, Number};
use tanren_trainer::{Keep, Scoring, Setup, TrainError};

/// How the epochs of a run are told.
pub(crate) struct EpochLine {
    epochs: u64,
    /// The validation scores to show, by name.
    shown: Vec<String>,
    /// Whether every epoch is told, with all scores and the time it took.
    pub(crate) verbose: bool,
}

impl EpochLine {
    pub(crate) fn new(setup: &Setup, verbose: bool) -> Result<Self, TrainError> {
        let shown = match verbose {
            true => setup.scoring()?.names().map(str::to_owned).collect(),
            false => shown(setup)?,
        };
        Ok(Self { epochs: setup.recipe.training.epochs, shown, verbose })
    }

    /// The line, with so many rows per second. What does not fit into so many columns is dropped.
    pub(crate) fn text(&self, record: &EpochRecord, speed: f64, columns: usize) -> String {
        let (epoch, epochs) = (record.clock.epoch, self.epochs);
        let width = epochs.to_string().len();
        let mut parts = vec![format!("epoch {epoch:>width$}/{epochs}")];
        parts.extend(self.scores(record, "validation"));
        parts.push(format!("{} rows/s", short(speed)));
        if self.verbose {
            parts.push(format!("{} so far", duration(record.seconds)));
        }
        parts[..fitting(columns, &parts).max(1)].join(BETWEEN)
    }

    /// Training loss and validation scores of an epoch.
    pub(crate) fn scores(&self, record: &EpochRecord, validation: &str) -> Vec<String> {
        let loss = record.loss.map(|Number(x)| format!("loss {x:.4}"));
        let found = self.shown.iter();
        let found = found.filter_map(|name| Some((name, record.validation.get(name)?.0)));
        let scores = found.enumerate().map(|(i, (name, score))| match i {
            0 => format!("{validation} {name} {score:.4}"),
            _ => format!("{name} {score:.4}"),
        });
        loss.into_iter().chain(scores).collect()
    }
}

/// The validation scores that are shown after each epoch: the most usual one, the one by which the
/// best epoch is kept, and the metrics of the recipe.
fn shown(setup: &Setup) -> Result<Vec<String>, TrainError> {
    let Setup { recipe, network, spec, .. } = setup;
    let usual = Scoring::new(network, spec, &[])?;
    let usual: Vec<_> = usual.names().collect();
    let scoring = setup.scoring()?;
    let main = ["accuracy", "rmse", "loss"].into_iter().find(|name| usual.contains(name));
    let kept = match &recipe.training.keep {
        Keep::Best(name) if name != "loss" => Some(name.as_str()),
        _ => None,
    };
    let more = scoring.names().filter(|name| !usual.contains(name));
    let mut seen = BTreeSet::new();
    let names = main.into_iter().chain(kept).chain(more);
    Ok(names.filter(|name| seen.insert(*name)).map(str::to_owned).collect())
}

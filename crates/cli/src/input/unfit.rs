//! What a person should hear about a learning rate, or an average, that does not fit the length of the run.
//!
//! A schedule is looked at as it runs, so that nothing depends on which one it is. Only the advice reads how
//! long it lasts, from its setting `over`.

use super::noticed::idle_pace;
use super::steps::Steps;
use serde_json::Value;
use tanren_plugin::Unit;
use tanren_trainer::{Setup, TrainingSpec};

/// Epochs that are looked at, and updates in each; of more than that some are left out.
const EPOCHS: u64 = 10_000;
const UPDATES: u64 = 50;

/// The notes on training and on the phases before it, about the epochs after the first `done` of training.
pub(crate) fn unfit(setup: &Setup, done: u64) -> Vec<String> {
    let rows = Some(setup.rows.train.len());
    let before = setup.recipe.pretraining.iter().enumerate();
    let phases = before.map(|(at, phase)| (format!("pretraining.{at}"), phase, 0));
    let phases = phases.chain([("training".to_owned(), &setup.recipe.training, done)]);
    let of_phases = phases.flat_map(|(path, phase, done)| of_phase(&path, phase, rows, done));
    of_phases.chain(idle_pace(setup)).collect()
}

fn of_phase(path: &str, training: &TrainingSpec, rows: Option<usize>, done: u64) -> Vec<String> {
    let json = serde_json::to_value(training).unwrap_or_default();
    let steps = Steps::of(training, rows);
    let rate =
        Lasting { json: &json["search"]["rate"], path: format!("{path}.search.rate"), start: 0 };
    let still = still(training, &steps, done).map(|(from, to)| rate.still((from, to), &steps));
    let unfinished = rate.unfinished(&steps).filter(|_| still.is_none());
    let updaters = json["updaters"].as_array().into_iter().flatten().enumerate();
    let averages = updaters.filter_map(|(at, updater)| {
        never_averages(updater, &format!("{path}.updaters.{at}"), &steps)
    });
    still.into_iter().chain(unfinished).chain(averages).collect()
}

/// The last epochs in a row, numbered from 1, in which the rate is 0 at every update.
fn still(training: &TrainingSpec, steps: &Steps, done: u64) -> Option<(u64, u64)> {
    let stride = steps.epochs.div_ceil(EPOCHS).max(1);
    let zero = |epoch: u64| {
        steps.within(epoch, UPDATES).all(|clock| training.search.rate(clock) == Some(0.0))
    };
    let mut found: Option<(u64, u64)> = None;
    for epoch in (done..steps.epochs).step_by(usize::try_from(stride).unwrap_or(1)) {
        if zero(epoch) {
            let next =
                found.filter(|(_, to)| to + stride > epoch).map_or(epoch + 1, |(from, _)| from);
            found = Some((next, epoch + 1));
        }
    }
    found
}

/// A schedule as it is written, where it stands, and from when on it counts.
struct Lasting<'a> {
    json: &'a Value,
    path: String,
    start: u64,
}

impl<'a> Lasting<'a> {
    fn name(&self) -> &'a str {
        self.json["type"].as_str().unwrap_or("a schedule")
    }

    fn unit(&self) -> Unit {
        serde_json::from_value(self.json["unit"].clone()).unwrap_or_default()
    }

    fn over(&self) -> Option<u64> {
        self.json["over"].as_u64()
    }

    /// The schedule inside that comes to its end last: what a warm-up leads to, the last of several.
    fn inner(&self) -> Option<Self> {
        if self.json["then"].is_object() {
            let path = format!("{}.then", self.path);
            return Some(Self { json: &self.json["then"], path, start: self.start });
        }
        let (last, before) = self.json["parts"].as_array()?.split_last()?;
        let start = before.iter().filter_map(|part| part["over"].as_u64()).sum();
        let path = format!("{}.parts.{}.value", self.path, before.len());
        last["value"].is_object().then(|| Self { json: &last["value"], path, start })
    }

    /// The note on epochs at rate 0.
    fn still(&self, (from, to): (u64, u64), steps: &Steps) -> String {
        let epochs = match from == to {
            true => format!("in epoch {from}"),
            false => format!("in the epochs {from} to {to}"),
        };
        let path = &self.path;
        let what = format!("{path}: the learning rate is 0 {epochs}, in which nothing is learnt");
        if from == 1 {
            return format!("{what}: let {} begin with a value above 0", self.name());
        }
        let mut schedule = Self { json: self.json, path: path.clone(), start: self.start };
        while let Some(inner) = schedule.inner() {
            schedule = inner;
        }
        let fitting = steps.count(schedule.unit()).saturating_sub(schedule.start);
        match schedule.over().filter(|&over| to == steps.epochs && over < fitting) {
            Some(over) => format!(
                "{what}: {} is over after {over} {}; with --set {}.over={fitting} it lasts as long as the run",
                schedule.name(),
                schedule.unit(),
                schedule.path
            ),
            None => what,
        }
    }

    /// The note on a warm-up or a cycle that the run does not come to the end of.
    fn unfinished(&self, steps: &Steps) -> Option<String> {
        let (name, unit) = (self.name(), self.unit());
        let run = steps.count(unit).saturating_sub(self.start);
        if let Some(over) = self.over().filter(|&over| over > run)
            && ["one-cycle", "warm-up"].contains(&name)
        {
            let fitting = match name {
                "warm-up" => (run / 10).max(1),
                _ => run.max(1),
            };
            let path = &self.path;
            return Some(format!(
                "{path}: the run ends after {run} of the {over} {unit} that {name} takes; \
                 --set {path}.over={fitting} would fit"
            ));
        }
        self.inner()?.unfinished(steps)
    }
}

/// The note on an average that the run ends before.
fn never_averages(updater: &Value, path: &str, steps: &Steps) -> Option<String> {
    let (start, every) = (updater["start"].as_u64()?, updater["every"].as_u64()?);
    let unit: Unit = serde_json::from_value(updater["by"].clone()).ok()?;
    let run = steps.count(unit);
    if updater["type"] != "swa" || start.saturating_add(every) <= run {
        return None;
    }
    let advice = match run.checked_sub(every) {
        Some(latest) => format!("--set {path}.start={}", latest.min(run - run / 4)),
        None => format!("--set {path}.start=0 --set {path}.every=1"),
    };
    Some(format!(
        "{path}: swa averages for the first time after {} {unit}, and the run has {run}, so that it never \
         does; {advice} would fit",
        start.saturating_add(every)
    ))
}

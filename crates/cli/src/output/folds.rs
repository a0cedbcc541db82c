//! Cross-validation as it goes on, and its result: as a table for people and as JSON for scripts.

use super::figures::{counted, duration};
use super::report::{ByName, SCHEMA_VERSION};
use super::summary::{chosen, number};
use crate::automatic::Choice;
use crate::interrupt;
use crate::verbs::train::folds::Turn;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::io::Write;
use std::ops::ControlFlow;
use std::sync::Mutex;
use tanren_plugin::{Clock, Event, Observer, Reason, Wants};
use tanren_trainer::{CrossValidation, Setup, Trained};

/// Scores of a fold that its line shows.
const SHOWN: usize = 3;

/// How the progress of all folds together is shown.
pub(crate) struct Progress<'a> {
    folds: usize,
    bar: ProgressBar,
    /// Where a line per fold is written; without it, above the bar, or nowhere.
    lines: Option<Mutex<&'a mut (dyn Write + Send)>>,
}

impl<'a> Progress<'a> {
    /// Shows the progress of `folds` folds of so many epochs: as a bar, as lines, or not at all.
    pub(crate) fn new(
        (folds, epochs): (usize, u64),
        bar: bool,
        lines: Option<&'a mut (dyn Write + Send)>,
    ) -> Self {
        let total = epochs.saturating_mul(folds as u64);
        let bar = match bar {
            true => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{msg} [{wide_bar}] {pos}/{len} epochs") {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(counted(folds, "fold"));
        Self { folds, bar, lines: lines.map(Mutex::new) }
    }

    /// What watches a fold.
    pub(crate) fn observer(&self) -> impl Observer + Send {
        Count(self.bar.clone())
    }

    /// Shows what came of fold `k`, from 0.
    pub(crate) fn done(&self, k: usize, turn: &Turn, trained: &Trained) {
        // An epoch that was not needed is done as well.
        let left = turn.epochs.saturating_sub(trained.history.len() as u64);
        self.bar.inc(left);
        let line = line((k, self.folds), trained);
        match &self.lines {
            // Nobody reading the progress is no reason to stop.
            Some(err) => err.lock().map_or((), |mut err| drop(writeln!(err, "{line}"))),
            None => self.bar.println(line),
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// Counts the epochs of a fold, and ends it on a signal.
struct Count(ProgressBar);

impl Observer for Count {
    /// A signal ends a fold after the update in which it comes.
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }

    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        if let Event::Epoch(_) = event {
            self.0.inc(1);
        }
        match interrupt::caught() {
            Some(signal) => ControlFlow::Break(Reason(signal.words().into())),
            None => ControlFlow::Continue(()),
        }
    }
}

/// A fold in one line.
fn line((k, folds): (usize, usize), trained: &Trained) -> String {
    let width = folds.to_string().len();
    let mut text = format!("fold {:>width$}/{folds}  ", k + 1);
    let scores = trained.test.iter().flat_map(|test| test.iter()).take(SHOWN);
    for (name, score) in scores {
        let _ = write!(text, "{name} {}  ", number(score));
    }
    let epochs = counted(trained.history.len(), "epoch");
    let _ = write!(text, "{epochs}, best {}  {}", trained.best_epoch, duration(trained.seconds));
    text
}

/// What is printed before the first fold.
pub(crate) fn before(setup: &Setup, folds: usize, choices: &[Choice]) -> String {
    let rows = setup.rows.train.len() + setup.rows.validation.len() + setup.rows.test.len();
    let mut text = format!(
        "{}: {} in {folds} folds; {}\n",
        setup.table.name,
        counted(rows, "row"),
        counted(setup.network.layout().len(), "parameter"),
    );
    chosen(&mut text, choices);
    text.push('\n');
    text
}

/// The table: a line per score.
pub(crate) fn table(result: &CrossValidation) -> String {
    let spreads = result.spreads();
    let tested: usize = result.folds.iter().map(|fold| usize::from(fold.test.is_some())).sum();
    let mut text = format!("On the rows that each of {} held out\n\n", counted(tested, "fold"));
    let width = spreads.iter().map(|spread| spread.name.chars().count()).max().unwrap_or(0).max(9);
    text.push_str(&" ".repeat(width));
    for head in ["mean", "std", "lowest", "highest", "baseline"] {
        let _ = write!(text, "{head:>12}");
    }
    text.push('\n');
    let mut undefined = Vec::new();
    for spread in &spreads {
        let defined = || spread.scores.iter().copied().filter(|score| !score.is_nan());
        let count = defined().count();
        if count < spread.scores.len() {
            undefined.push((&spread.name, count));
        }
        let (low, high) = (defined().reduce(f64::min), defined().reduce(f64::max));
        let shown = [Some(spread.mean), Some(spread.deviation), low, high, Some(spread.trivial)];
        let _ = write!(text, "{:width$}", spread.name);
        for value in shown {
            let value = value.filter(|value| !value.is_nan());
            let _ = write!(text, "{:>12}", value.map_or("-".into(), number));
        }
        text.push('\n');
    }
    for (name, count) in undefined {
        let _ = writeln!(text, "{name} is defined in {} only", counted(count, "fold"));
    }
    text
}

/// The result as JSON. Scores that are not defined are null.
pub(crate) fn report(turns: &[Turn], result: &CrossValidation, notes: &[String]) -> Value {
    let fold = |(turn, trained): (&Turn, &Trained)| {
        json!({
            "status": turn.verdict.status,
            "rows": { "train": turn.rows[0], "validation": turn.rows[1], "test": turn.rows[2] },
            "epochs": trained.history.len(),
            "best_epoch": trained.best_epoch,
            "seconds": trained.seconds,
            "train": ByName(&trained.train),
            "validation": trained.validation.as_ref().map(ByName),
            "test": trained.test.as_ref().map(ByName),
        })
    };
    let spread = |spread: &tanren_trainer::Spread| {
        let value =
            json!({ "mean": spread.mean, "std": spread.deviation, "baseline": spread.trivial });
        (spread.name.clone(), value)
    };
    json!({
        "schema_version": SCHEMA_VERSION,
        "status": turns.iter().map(|turn| turn.verdict.status).find(|s| *s == "diverged").unwrap_or("completed"),
        "folds": turns.iter().zip(&result.folds).map(fold).collect::<Vec<_>>(),
        "scores": result.spreads().iter().map(spread).collect::<Map<_, _>>(),
        "epochs": result.epochs(),
        "findings": [],
        "notes": notes,
    })
}

/// What is said where no model of all rows is trained.
pub(crate) fn no_model(epochs: u64) -> String {
    let epochs = counted(epochs as usize, "epoch");
    format!("\nModel    none: --refit trains one on all rows, for {epochs}\n")
}

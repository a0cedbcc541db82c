//! A sweep as it goes on, and its result: curves and a table for people, JSON for scripts.

mod json;
mod table;

use super::figures::significant;
use super::plot::{Plot, canvas};
use crate::failure::{Failure, Kind};
use crate::interrupt;
use crate::verbs::sweep::axes::{Axis, Choice, shown};
use crate::verbs::sweep::noted::ordered;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Mutex;
use tanren_plugin::Reason;
use tanren_trainer::{Fate, RangeTested, SweepEvent, SweepOutcome};

/// What a sweep has found.
pub(crate) struct Found {
    pub(crate) outcome: SweepOutcome,
    pub(crate) axes: Vec<Axis>,
    pub(crate) choices: Vec<Choice>,
    /// Whether the first axis is the learning rate.
    pub(crate) has_rates: bool,
    /// What was noticed in the data.
    pub(crate) notes: Vec<String>,
    /// The recipe that was written.
    pub(crate) written: Option<PathBuf>,
}

impl Found {
    /// Why nothing was found, or written where it should be, if so.
    pub(crate) fn failure(&self, writes: bool) -> Option<Failure> {
        if let Some(signal) = interrupt::caught() {
            let message = format!("{}; the sweep is not finished", signal.words());
            return Some(Failure::new(signal.kind(), message));
        }
        if self.outcome.winner.is_some() {
            return None;
        }
        if !self.outcome.tied.is_empty() {
            let message = "no candidate is better than the others, so no recipe is written";
            return writes.then(|| Failure::new(Kind::Failure, message));
        }
        let tried = &self.outcome.tried;
        if tried.iter().all(|tried| matches!(tried.fate, Fate::Diverged(_))) {
            let message = "every candidate diverged: try smaller learning rates with --rates";
            return Some(Failure::new(Kind::Diverged, message));
        }
        let score = &self.outcome.score.0;
        let message =
            format!("the score {score} has no value on these rows; training.keep names it");
        Some(Failure::new(Kind::Failure, message))
    }

    /// What a setting is called: the last part of its path, as far as it tells it from the others.
    fn name(&self, axis: usize) -> &str {
        if self.has_rates && axis == 0 {
            return "rate";
        }
        let path = &self.axes[axis].path;
        let short = |path: &'_ str| path.rsplit('.').next().unwrap_or_default().to_owned();
        let last = short(path);
        let alike = self.axes.iter().filter(|axis| short(&axis.path) == last).count();
        if alike > 1 { path } else { &path[path.len() - last.len()..] }
    }

    /// The values of a candidate, with the names of the settings where there are several.
    fn called(&self, candidate: usize) -> String {
        let values = &self.choices[candidate].values;
        let named = values.iter().enumerate().map(|(k, value)| format!("{} {value}", self.name(k)));
        match values.as_slice() {
            [value] => value.clone(),
            _ => named.collect::<Vec<_>>().join(", "),
        }
    }

    /// The axes at whose end the winner lies, of at least three numbers, and whether that is the upper one.
    /// Where the recipe takes nothing beyond it, it is no such end.
    fn edges(&self) -> Vec<(usize, bool)> {
        let Some(winner) = self.outcome.winner else { return Vec::new() };
        let Choice { draft, values } = &self.choices[winner];
        let edge = |(k, axis): (usize, &Axis)| {
            let numbers = axis.numbers().filter(|numbers| numbers.len() > 2)?;
            let best: f64 = values[k].parse().ok()?;
            let upper = match numbers {
                all if all.iter().all(|&x| x <= best) => true,
                all if all.iter().all(|&x| x >= best) => false,
                _ => return None,
            };
            let axis = std::slice::from_ref(axis);
            let taken = || Choice::new(draft, axis, vec![beyond(&values[k], upper)?]).ok();
            (ordered(&axis[0]) && taken().is_some()).then_some((k, upper))
        };
        self.axes.iter().enumerate().filter_map(edge).collect()
    }

    /// What all candidates are worse than, or no better: the score of the trivial prediction.
    fn nothing_learnt(&self) -> Option<f64> {
        let (trivial, better) = (self.outcome.trivial, self.outcome.score.1);
        let mut scores = self.outcome.tried.iter().map(|tried| tried.score);
        let none = scores.all(|score| !better.than(score, trivial));
        (none && !trivial.is_nan() && self.outcome.interrupted.is_none()).then_some(trivial)
    }
}

/// The next number above or below another: 1 away from a whole number, 1 % from any other.
fn beyond(value: &str, upper: bool) -> Option<String> {
    if let Ok(whole) = value.parse::<i64>() {
        let next = if upper { whole.checked_add(1) } else { whole.checked_sub(1) };
        return next.map(|next| next.to_string());
    }
    let number: f64 = value.parse().ok()?;
    let step = if number == 0.0 { 1e-3 } else { 0.01 * number.abs() };
    Some(format!("{:?}", if upper { number + step } else { number - step }))
}

/// How the progress of a sweep is shown.
pub(crate) struct Progress<'a> {
    bar: ProgressBar,
    /// Where a line per event is written; without it, above the bar, or nowhere.
    lines: Option<Mutex<&'a mut (dyn Write + Send)>>,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(bar: bool, lines: Option<&'a mut (dyn Write + Send)>) -> Self {
        let bar = match bar {
            true => ProgressBar::with_draw_target(Some(1), ProgressDrawTarget::stderr()),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{msg} [{wide_bar}] {pos}/{len} updates") {
            bar.set_style(style.progress_chars("=> "));
        }
        Self { bar, lines: lines.map(Mutex::new) }
    }

    /// Shows an event, and ends the sweep on a signal.
    pub(crate) fn watch(&self, event: &SweepEvent<'_>) -> ControlFlow<Reason> {
        match event {
            SweepEvent::Rung { rung: (rung, rungs), candidates, updates } => {
                let message = match candidates {
                    1 => format!("rung {}/{rungs}: 1 candidate", rung + 1),
                    n => format!("rung {}/{rungs}: {n} candidates", rung + 1),
                };
                // In this order, or the old count would be shown with the new length.
                self.bar.set_position(0);
                self.bar.set_length(*updates);
                if let Some(err) = &self.lines {
                    // Nobody reading the progress is no reason to stop.
                    let _ = err.lock().map(|mut err| writeln!(err, "{message}"));
                }
                self.bar.set_message(message);
            }
            // Those of pretraining are not counted beforehand.
            SweepEvent::Update
                if self.bar.length().is_some_and(|all| self.bar.position() < all) =>
            {
                self.bar.inc(1);
            }
            SweepEvent::Out { label, fate } => {
                let what = match fate {
                    Fate::Diverged(diverged) => format!("diverged in update {}", diverged.update),
                    Fate::Cut { rung } => format!("cut in rung {}", rung + 1),
                    Fate::Interrupted | Fate::Finished => "ended".into(),
                };
                let line = format!("  {label}: {what}");
                match &self.lines {
                    Some(err) => err.lock().map_or((), |mut err| drop(writeln!(err, "{line}"))),
                    None => self.bar.println(line),
                }
            }
            _ => {}
        }
        match interrupt::caught() {
            Some(signal) => ControlFlow::Break(Reason(signal.words().into())),
            None => ControlFlow::Continue(()),
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

/// The smoothed loss of a range test over the logarithm of the rate. What is far above the start is cut
/// off, or nothing else could be seen.
pub(crate) fn range_curve(found: &RangeTested, columns: Option<usize>) -> String {
    /// The highest loss that is drawn, as a multiple of the first one.
    const TOP: f64 = 1.25;
    let points = &found.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let top = if first.smoothed > 0.0 { TOP * first.smoothed } else { f64::INFINITY };
    let at = |share: f64| {
        let index = (share * (points.len() - 1) as f64).round() as usize;
        points[index.min(points.len() - 1)].smoothed.min(top)
    };
    let (width, unicode) = canvas(columns);
    let rate = |rate: f64| shown(significant(rate).parse().unwrap_or(rate));
    let (from, to) = (rate(first.rate), rate(last.rate));
    let unit = "learning rate (logarithmic)";
    let plot = Plot { value: &at, ends: [&from, &to], unit, width, unicode };
    let cut = points.iter().any(|point| point.smoothed > top);
    let cut = if cut { ", cut off at the top" } else { "" };
    format!("Smoothed loss{cut}\n{}", plot.draw())
}

#[cfg(test)]
mod tests {
    use super::{Progress, beyond};
    use tanren_trainer::SweepEvent;

    #[test]
    fn progress_never_counts_more_than_there_is() {
        let progress = Progress::new(false, None);
        for (rung, updates) in [(0, 5), (1, 2)] {
            let begin = SweepEvent::Rung { rung: (rung, 2), candidates: 1, updates };
            // A signal that another test has sent may end it; what is shown is the same.
            let _ = progress.watch(&begin);
            assert_eq!((progress.bar.position(), progress.bar.length()), (0, Some(updates)));
            for _ in 0..9 {
                let _ = progress.watch(&SweepEvent::Update);
                assert!(progress.bar.position() <= updates);
            }
        }
    }

    #[test]
    fn what_lies_beyond_an_edge_is_close_to_it() {
        for (value, upper, next) in [
            ("16", true, Some("17")),
            ("0", false, Some("-1")),
            ("0.5", true, Some("0.505")),
            ("0.0", false, Some("-0.001")),
            ("adam", true, None),
        ] {
            assert_eq!(beyond(value, upper).as_deref(), next, "{value}");
        }
    }
}

//! `Watcher`: the observer of a run. It writes the metrics, shows progress and stops on a signal.

use crate::failure::Failure;
use crate::files::history::History;
use crate::files::run_folder::Metrics;
use crate::interrupt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tanren_plugin::{Clock, EpochRecord, Event, Number, Observer, Reason, Wants};
use tanren_trainer::{Keep, Scoring, Setup, TrainError};

/// How often the text of the progress bar changes.
const TICK: Duration = Duration::from_millis(100);

/// How progress is shown.
pub(crate) enum Show<'a> {
    /// Not at all.
    Nothing,
    /// A line per epoch.
    Lines(&'a mut (dyn Write + Send)),
    /// A bar on the terminal.
    Bar,
}

/// The observer of a run.
pub(crate) struct Watcher<'a> {
    metrics: Metrics,
    history: History,
    /// The length of the last step: the learning rate, or what the search found.
    rate: f64,
    show: Show<'a>,
    bar: ProgressBar,
    epochs: u64,
    /// Examples in the whole run.
    total: u64,
    started: Instant,
    told: Instant,
    /// Examples seen at the first step that was watched.
    first: Option<u64>,
    scores: String,
    /// The validation scores to show, by name.
    shown: Vec<String>,
    /// Why the metrics could not be written, if so.
    pub(crate) failure: Option<Failure>,
}

impl<'a> Watcher<'a> {
    /// Watches a run.
    pub(crate) fn new(
        (metrics, history): (Metrics, History),
        show: Show<'a>,
        setup: &Setup,
    ) -> Result<Self, Failure> {
        let epochs = setup.recipe.training.epochs;
        let total = epochs.saturating_mul(setup.rows.train.len() as u64);
        let bar = match &show {
            Show::Bar => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()),
            _ => ProgressBar::hidden(),
        };
        let style = ProgressStyle::with_template("{prefix} [{wide_bar}] {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("=> "));
        let (started, scores) = (Instant::now(), String::new());
        let (told, first, failure) = (started, None, None);
        let shown = shown(setup)?;
        Ok(Self {
            metrics,
            history,
            rate: f64::NAN,
            show,
            bar,
            epochs,
            total,
            started,
            told,
            first,
            scores,
            shown,
            failure,
        })
    }

    /// Removes the progress bar.
    pub(crate) fn finish(&mut self) {
        self.bar.finish_and_clear();
    }

    /// Examples per second since the start.
    fn speed(&self, clock: Clock) -> f64 {
        let seen = clock.samples - self.first.unwrap_or(clock.samples).min(clock.samples);
        seen as f64 / self.started.elapsed().as_secs_f64().max(1e-9)
    }

    fn tell(&mut self, clock: Clock) {
        let width = self.epochs.to_string().len();
        let epoch = (clock.epoch + 1).min(self.epochs);
        let speed = self.speed(clock);
        let left = self.total.saturating_sub(clock.samples) as f64 / speed.max(1e-9);
        self.bar.set_prefix(format!("epoch {epoch:>width$}/{}", self.epochs));
        let eta = if speed > 0.0 { duration(left) } else { "?".into() };
        self.bar.set_message(format!("{}{} rows/s  {eta} left", self.scores, short(speed)));
        self.bar.set_position(clock.samples);
    }

    fn step(&mut self, clock: Clock) {
        self.first.get_or_insert(clock.samples);
        if matches!(self.show, Show::Bar) && self.told.elapsed() >= TICK {
            self.told = Instant::now();
            self.tell(clock);
        }
    }

    fn epoch(&mut self, record: &EpochRecord) {
        self.scores = scores(record, &self.shown, "val"); // short, for 80 columns
        let speed = short(self.speed(record.clock));
        match &mut self.show {
            Show::Nothing => {}
            Show::Bar => self.tell(record.clock),
            Show::Lines(err) => {
                let width = self.epochs.to_string().len();
                let (epoch, epochs) = (record.clock.epoch, self.epochs);
                let scores = scores(record, &self.shown, "validation");
                // Nobody reading the progress is no reason to stop.
                drop(writeln!(err, "epoch {epoch:>width$}/{epochs}  {scores}{speed} rows/s"));
            }
        }
    }
}

impl Observer for Watcher<'_> {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }

    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        match event {
            Event::Step { clock, outcome, .. } => {
                self.rate = outcome.rate;
                self.step(*clock);
            }
            Event::Epoch(record) => {
                self.epoch(record);
                let written = self.metrics.append(record);
                if let Err(failure) = written.and_then(|()| self.history.append(record, self.rate))
                {
                    let reason = Reason(failure.message.clone());
                    self.failure = Some(failure);
                    return ControlFlow::Break(reason);
                }
            }
            _ => {}
        }
        match interrupt::caught() {
            Some(signal) => ControlFlow::Break(Reason(signal.words().into())),
            None => ControlFlow::Continue(()),
        }
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
    let mut shown: Vec<String> = Vec::new();
    for name in main.into_iter().chain(kept).chain(more) {
        if !shown.iter().any(|known| known == name) {
            shown.push(name.to_owned());
        }
    }
    Ok(shown)
}

/// Training loss and validation scores of an epoch.
fn scores(record: &EpochRecord, shown: &[String], validation: &str) -> String {
    let mut text = record.loss.map_or(String::new(), |Number(x)| format!("loss {x:.4}  "));
    let found = shown.iter().filter_map(|name| Some((name, record.validation.get(name)?.0)));
    for (i, (name, score)) in found.enumerate() {
        let part = if i == 0 { format!("{validation} ") } else { String::new() };
        text.push_str(&format!("{part}{name} {score:.4}  "));
    }
    text
}

/// A count in at most six characters: 950, 12.3k, 4.56M.
fn short(x: f64) -> String {
    match x {
        x if x < 1e3 => format!("{x:.0}"),
        x if x < 1e6 => format!("{:.1}k", x / 1e3),
        x => format!("{:.2}M", x / 1e6),
    }
}

/// A duration in words: 12 s, 3 min, 5 h.
fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 100.0 => format!("{s:.0} s"),
        s if s < 6000.0 => format!("{:.0} min", s / 60.0),
        s => format!("{:.0} h", s / 3600.0),
    }
}

//! `Watcher`: the observer of a run. It writes the metrics, shows progress and stops on a signal.

use super::epoch_line::EpochLine;
use super::figures::{BETWEEN, duration, fitting, short, significant};
use crate::failure::Failure;
use crate::files::history::History;
use crate::files::metrics::Metrics;
use crate::interrupt;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::Write;
use std::ops::ControlFlow;
use std::time::{Duration, Instant};
use tanren_plugin::{Clock, EpochRecord, Event, Observer, Reason, Wants};
use tanren_trainer::Setup;

/// How often the text of the progress bar changes.
const TICK: Duration = Duration::from_millis(100);

/// Epochs that stay on a terminal, about: more are thinned out.
const STAY: u64 = 20;

/// How progress is shown.
pub(crate) enum Show<'a> {
    /// Not at all.
    Nothing,
    /// A line per epoch.
    Lines(&'a mut (dyn Write + Send)),
    /// A bar on the terminal, below the lines of epochs.
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
    line: EpochLine,
    epochs: u64,
    /// Examples in the whole run.
    total: u64,
    started: Instant,
    told: Instant,
    /// Examples seen at the first step that was watched.
    first: Option<u64>,
    /// The scores of the last epoch, for the bar.
    scores: Vec<String>,
    /// The last epoch, if its line does not stay.
    passed: Option<String>,
    /// Why the metrics could not be written, if so.
    pub(crate) failure: Option<Failure>,
}

impl<'a> Watcher<'a> {
    /// Watches a run.
    pub(crate) fn new(
        (metrics, history): (Metrics, History),
        show: Show<'a>,
        setup: &Setup,
        verbose: bool,
    ) -> Result<Self, Failure> {
        let epochs = setup.recipe.training.epochs;
        let total = epochs.saturating_mul(setup.rows.train.len() as u64);
        let bar = match &show {
            Show::Bar => ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr()),
            _ => ProgressBar::hidden(),
        };
        let started = Instant::now();
        let watcher = Self {
            metrics,
            history,
            rate: f64::NAN,
            show,
            bar,
            line: EpochLine::new(setup, verbose)?,
            epochs,
            total,
            started,
            told: started,
            first: None,
            scores: Vec::new(),
            passed: None,
            failure: None,
        };
        watcher.outside("normalizing the data");
        Ok(watcher)
    }

    /// Shows what is done before the first step, or after the last one.
    fn outside(&self, what: &'static str) {
        if let (Show::Bar, Ok(style)) = (&self.show, ProgressStyle::with_template("{msg}")) {
            self.bar.set_style(style);
            self.bar.set_message(what);
        }
    }

    /// Removes the progress bar. The last epoch stays.
    pub(crate) fn finish(&mut self) {
        if let Some(line) = self.passed.take() {
            self.bar.println(line);
        }
        self.bar.finish_and_clear();
    }

    /// Examples per second since the start.
    fn speed(&self, clock: Clock) -> f64 {
        let seen = clock.samples - self.first.unwrap_or(clock.samples).min(clock.samples);
        seen as f64 / self.started.elapsed().as_secs_f64().max(1e-9)
    }

    fn tell(&mut self, clock: Clock) {
        let speed = self.speed(clock);
        let left = self.total.saturating_sub(clock.samples) as f64 / speed.max(1e-9);
        let left = if speed > 0.0 { format!("{} left", duration(left)) } else { "? left".into() };
        let width = self.epochs.to_string().len();
        let epoch = (clock.epoch + 1).min(self.epochs);
        let epoch = format!("epoch {epoch:>width$}/{}", self.epochs);
        let mut parts = self.scores.clone();
        parts.extend([left, format!("{} rows/s", short(speed))]);
        let (template, message) = with_bar(columns(), epoch.len(), &parts);
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        // The words before the bar, which would be drawn beside what was said before.
        self.bar.set_message(message);
        self.bar.set_prefix(epoch);
        self.bar.set_style(style.progress_chars("=> "));
        self.bar.set_position(clock.samples);
    }

    fn step(&mut self, clock: Clock) {
        self.first.get_or_insert(clock.samples);
        if matches!(self.show, Show::Bar) && self.told.elapsed() >= TICK {
            self.told = Instant::now();
            self.tell(clock);
        }
    }

    /// Says that scores changed the learning rate.
    fn pace(&mut self, clock: Clock, factor: f64, rate: Option<f64>) {
        let rate = rate.map_or(String::new(), |rate| format!(": {}", significant(rate)));
        let (factor, epoch) = (significant(factor), clock.epoch + 1);
        let line = format!("learning rate times {factor} from epoch {epoch} on{rate}");
        match &mut self.show {
            Show::Nothing => {}
            Show::Lines(err) => drop(writeln!(err, "{line}")),
            Show::Bar => self.bar.println(line),
        }
    }

    fn epoch(&mut self, record: &EpochRecord) {
        let speed = self.speed(record.clock);
        match &mut self.show {
            Show::Nothing => {}
            Show::Lines(err) => {
                // Nobody reading the progress is no reason to stop.
                drop(writeln!(err, "{}", self.line.text(record, speed, usize::MAX)));
            }
            Show::Bar => {
                let line = self.line.text(record, speed, columns());
                self.scores = self.line.scores(record, "val");
                let every = self.epochs.div_ceil(STAY);
                let stays = self.line.verbose || record.clock.epoch.is_multiple_of(every);
                self.passed = if stays || record.clock.epoch == 1 {
                    self.bar.println(line);
                    None
                } else {
                    Some(line)
                };
                self.tell(record.clock);
            }
        }
    }
}

/// The columns of the terminal.
fn columns() -> usize {
    usize::from(console::Term::stderr().size().1)
}

/// The template of the bar and its message for a terminal of so many columns. What does not fit is
/// dropped, so that no line is ever wrapped: the last part, then the bar, then parts from the end.
fn with_bar(columns: usize, prefix: usize, parts: &[String]) -> (&'static str, String) {
    /// The narrowest bar, with its brackets and the blanks around it.
    const BAR: usize = 12;
    let room = columns.saturating_sub(prefix + BAR);
    let most = fitting(room, parts);
    if most + 1 >= parts.len() {
        return ("{prefix} [{wide_bar}] {msg}", parts[..most].join(BETWEEN));
    }
    let most = fitting(columns.saturating_sub(prefix + BETWEEN.len()), parts);
    ("{prefix}  {msg}", parts[..most].join(BETWEEN))
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
            Event::Pace { clock, factor, rate } => self.pace(*clock, *factor, *rate),
            Event::End(_) => self.outside("computing the scores"),
            _ => {}
        }
        match interrupt::caught() {
            Some(signal) => ControlFlow::Break(Reason(signal.words().into())),
            None => ControlFlow::Continue(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::with_bar;

    #[test]
    fn what_does_not_fit_is_dropped() {
        let parts = ["loss 0.1234", "val accuracy 0.9876", "3 s left", "12.3k rows/s"];
        let parts = parts.map(str::to_owned);
        let prefix = "epoch 12/30";
        let shown = |columns| {
            let (template, message) = with_bar(columns, prefix.len(), &parts);
            (template.contains("bar"), message)
        };
        assert_eq!(shown(100), (true, parts.join("  ")));
        assert_eq!(shown(70), (true, parts[..3].join("  ")));
        assert_eq!(shown(60), (false, parts[..3].join("  ")));
        assert_eq!(shown(40), (false, parts[..1].join("  ")));
        assert_eq!(shown(10), (false, String::new()));
        for columns in 12..120 {
            let (bar, message) = shown(columns);
            let used = prefix.len() + 2 + message.len() + if bar { 10 } else { 0 };
            assert!(message.is_empty() || used <= columns, "{columns}: {message}");
        }
    }
}

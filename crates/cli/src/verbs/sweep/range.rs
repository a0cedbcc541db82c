//! `sweep --range-test`: a rate that grows with every update, and the one it suggests.

use super::axes::{as_given, shown};
use super::rate::Rate;
use super::{about, failure, write};
use crate::failure::{Failure, Kind};
use crate::files::guard::Guard;
use crate::input::choose::Chosen;
use crate::output::console::Console;
use crate::output::report::{SCHEMA_VERSION, line};
use crate::output::sweep::{Progress, range_curve};
use crate::recipe::Format;
use crate::verbs::train;
use crate::{args, interrupt};
use serde_json::json;
use std::fmt::Write as _;
use std::io::Write;
use tanren_trainer::{RangeTested, SweepEvent};

/// The first and the last rate.
const FROM: f64 = 1e-7;
const TO: f64 = 10.0;

pub(super) fn range_test(
    args: &args::Sweep,
    mut chosen: Chosen,
    (guard, format): (&Guard, Option<Format>),
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    let rates = args.rates.as_ref().map_or(vec![FROM, TO], |rates| rates.0.clone());
    let low = rates.iter().copied().fold(f64::INFINITY, f64::min);
    let high = rates.iter().copied().fold(0.0, f64::max);
    if low >= high {
        let message = "--rates: expected a range for the range test, such as 1e-7..10";
        return Err(Failure::new(Kind::Usage, message));
    }
    let rate = Rate::of(&chosen.draft.recipe)?;
    rate.note().iter().for_each(|note| console.note(note));
    let path = rate.path;
    let setup = chosen.prepare(console)?;
    let notes = train::notes(&setup, chosen.advice(), None);
    notes.iter().for_each(|note| console.note(note));
    let failed = |error| failure(error, &chosen.draft);
    let updates = match args.updates {
        Some(updates) => updates,
        None => setup.range_updates().map_err(failed)?,
    };
    let mut rising = chosen.draft.clone();
    let factor = (high / low).powf(1.0 / (updates.max(2) - 1) as f64);
    let set = format!(
        "training.search.rate={{ type = \"exponential\", value = {low:e}, factor = {factor:?}, end = \
         {high:e}, unit = \"iterations\" }}"
    );
    let given = format!("--rates {}..{}", shown(low), shown(high));
    let changed = rising.set(std::slice::from_ref(&set)).and_then(|()| rising.check());
    changed.map_err(|failure| as_given(failure, &set, &given))?;
    interrupt::listen();
    let threads = args.threads.map_or(0, usize::from);
    let lines: Option<&mut (dyn Write + Send)> = match args.quiet || console.terminal {
        true => None,
        false => Some(&mut *console.err),
    };
    let progress = Progress::new(!args.quiet && console.terminal, lines);
    let watch = |event: &SweepEvent<'_>| progress.watch(event);
    let found = setup.range_test(&rising.recipe, updates, threads, &watch).map_err(failed)?;
    progress.finish();
    drop(progress);
    let signal = interrupt::caught();
    let rate = found.suggestion().filter(|_| signal.is_none()).map(rounded);
    let mut written = None;
    if let (Some(rate), Some(_)) = (&rate, &args.written.to.output) {
        let changes = [format!("{path}={rate}")];
        let mut draft = chosen.draft.clone();
        draft.set(&changes)?;
        write((&draft, &changes), &mut chosen.choices, (guard, format), console)?;
        if guard.file().is_none() {
            return Ok(0);
        }
        written = guard.file();
    }
    let failure = match signal {
        Some(signal) => Some(Failure::new(signal.kind(), signal.words())),
        None if rate.is_none() && args.written.to.output.is_some() => {
            let message = "no clear suggestion, so no recipe is written";
            Some(Failure::new(Kind::Failure, message))
        }
        None => None,
    };
    let status = match signal {
        Some(_) => "interrupted",
        None if failure.is_some() => "failed",
        None => "completed",
    };
    let text = match args.json {
        true => line(&json!({
            "schema_version": SCHEMA_VERSION,
            "status": status,
            "points": found.points.iter().map(|p| json!([p.rate, p.loss, p.smoothed])).collect::<Vec<_>>(),
            "begins": found.begins,
            "nearly": found.nearly,
            "lowest": found.lowest,
            "ended": found.ended,
            "suggestion": rate.as_ref().and_then(|rate| rate.parse::<f64>().ok()),
            "setting": path,
            "recipe": written.map(|path| path.display().to_string()),
            "findings": [],
            "notes": notes,
        })),
        false => {
            let mut text = about(&setup) + "\n\n";
            text.push_str(&range_curve(&found, console.columns));
            text.push_str(&told(&found, rate.as_deref(), &path));
            if let Some(file) = written {
                let _ = writeln!(text, "Recipe      {}", crate::files::paths::quoted(file));
            }
            text
        }
    };
    console.result(&text)?;
    let Some(failure) = failure else { return Ok(0) };
    console.say(format_args!("error: {}", failure.message));
    Ok(failure.kind.code())
}

/// Two digits: the curve says no more.
fn rounded(rate: f64) -> String {
    shown(format!("{rate:.1e}").parse().unwrap_or(rate))
}

/// What was found, in words.
fn told(found: &RangeTested, rate: Option<&str>, path: &str) -> String {
    let mut text = String::from("\n");
    if let (Some(nearly), Some(lowest)) = (found.nearly, found.lowest) {
        let _ = writeln!(text, "Fallen      at {}: by 95% of all it falls", rounded(nearly));
        let _ = writeln!(text, "Lowest      at {}", rounded(lowest));
    }
    let end = found.points.last().map(|point| rounded(point.rate)).unwrap_or_default();
    if found.ended {
        let _ = writeln!(
            text,
            "Too large   from {end} on: the loss is four times the lowest one, or no number"
        );
    }
    let _ = match rate {
        Some(rate) => writeln!(
            text,
            "Suggestion  {rate}: where the loss has fallen, at most a quarter of the lowest\n\
             Next        train with --set {path}={rate}\n\
                         \x20           or try its neighbors with --rates"
        ),
        None => writeln!(
            text,
            "Suggestion  no clear suggestion: the loss does not fall by more than its noise\n\
             Next        more updates with --updates, other rates with --rates A..B"
        ),
    };
    text
}

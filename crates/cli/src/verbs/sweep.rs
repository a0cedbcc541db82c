//! `sweep`: trains with several learning rates, or values of any setting, for a short while side by side,
//! and names the best.

pub(crate) mod axes;
pub(crate) mod noted;
mod range;
mod rate;

use super::{render, train};
use crate::failure::{Failure, Kind};
use crate::files::guard::Guard;
use crate::files::paths;
use crate::input::choose;
use crate::input::revise::{Change, revise, revise_comment};
use crate::output::advice::Advice;
use crate::output::console::Console;
use crate::output::report::line;
use crate::output::sweep::{Found, Progress};
use crate::recipe::{Draft, Format};
use crate::{args, automatic, interrupt, recipe};
use axes::{Axis, Choice, axes, grid, sets, shown};
use std::io::Write;
use std::path::Path;
use tanren_trainer::{Setup, Sweep, SweepEvent, SweepSettings, TrainError, between};

/// Runs the verb and returns the exit code.
pub(crate) fn sweep(args: &args::Sweep, console: &mut Console<'_>) -> Result<u8, Failure> {
    let mut guard = guard(args);
    let format = render::format(&args.written, &guard)?;
    let to_stdout = args.written.to.output.is_some() && guard.file().is_none();
    if to_stdout && args.json {
        let message = "--output - and --json: only one of them can be on standard output";
        return Err(Failure::new(Kind::Usage, message));
    }
    let mut chosen = choose(&args.subject, console)?;
    guard.source(&chosen.draft.source());
    guard.check()?;
    if args.range_test {
        return range::range_test(args, chosen, (&guard, format), console);
    }
    let (mut axes, has_rates) = axes(args, &chosen.draft, console)?;
    let mut choices = grid(&chosen.draft, &axes)?;
    let setup = chosen.prepare(console)?;
    let notes = train::notes(&setup, chosen.advice(), None);
    notes.iter().for_each(|note| console.note(note));
    let settings = SweepSettings {
        updates: args.updates,
        seeds: args.seeds,
        threads: args.threads.map_or(0, usize::from),
        ..SweepSettings::default()
    };
    interrupt::listen();
    let failed = |error| failure(error, &chosen.draft);
    let mut sweep = Sweep::new(&setup, settings).map_err(failed)?;
    let score = sweep.outcome().score.0;
    noted::noted(&axes, &score).iter().for_each(|note| console.note(note));
    let lines: Option<&mut (dyn Write + Send)> = match args.quiet || console.terminal {
        true => None,
        false => Some(&mut *console.err),
    };
    let progress = Progress::new(!args.quiet && console.terminal, lines);
    let watch = |event: &SweepEvent<'_>| progress.watch(event);
    let mut round = |choices: &[Choice]| {
        let candidates = choices.iter().map(Choice::candidate).collect();
        sweep.round(candidates, &watch).map(|()| sweep.outcome())
    };
    let mut outcome = round(&choices).map_err(failed)?;
    let refines = has_rates && !args.no_refine && outcome.interrupted.is_none();
    if let (true, Some(winner)) = (refines, outcome.winner) {
        let more = refined(&chosen.draft, &mut axes, &choices[winner])?;
        if !more.is_empty() {
            choices.extend(more.iter().cloned());
            outcome = round(&more).map_err(failed)?;
        }
    }
    progress.finish();
    drop(progress);
    let mut found = Found { outcome, axes, choices, has_rates, notes, written: None };
    let failure = found.failure(args.written.to.output.is_some());
    let winner = found.outcome.winner.filter(|_| failure.is_none());
    if let (Some(winner), Some(_)) = (winner, &args.written.to.output) {
        let (draft, values) = (&found.choices[winner].draft, &found.choices[winner].values);
        let changes = sets(&found.axes, values);
        write((draft, &changes), &mut chosen.choices, (&guard, format), console)?;
        found.written = guard.file().map(Path::to_owned);
    }
    if !to_stdout {
        let text = match args.json {
            true => line(&found.json(failure.as_ref())),
            false => found.text(&setup, console.columns),
        };
        console.result(&text)?;
    }
    let Some(failure) = failure else { return Ok(0) };
    console.say(format_args!("error: {}", failure.message));
    Ok(failure.kind.code())
}

/// What may be written: nothing that is read.
fn guard(args: &args::Sweep) -> Guard {
    let args::Subject { what, data, transfer, .. } = &args.subject;
    let mut guard = Guard::new(&args.written.to);
    match what.as_deref().filter(|what| Format::of_recipe(Path::new(what)).is_some()) {
        Some(recipe) => {
            guard.input(recipe, "the recipe");
            guard.data_of_run(Path::new(recipe));
        }
        None => what.iter().for_each(|what| guard.input(what, "the data")),
    }
    let named = [&data.path, &data.test, &data.validation].into_iter().flatten();
    named.for_each(|path| guard.input(path, "the data"));
    if let Some(model) = &transfer.start {
        guard.input(paths::model_file(model), "the model");
    }
    guard
}

/// Candidates with more rates, between that of the winner and its neighbours.
fn refined(base: &Draft, axes: &mut [Axis], winner: &Choice) -> Result<Vec<Choice>, Failure> {
    let (Some(rates), Ok(best)) = (axes[0].numbers(), winner.values[0].parse()) else {
        return Ok(Vec::new());
    };
    let rates: Vec<String> = between(&rates, best).into_iter().map(shown).collect();
    let more = rates.iter().map(|rate| {
        let values = [std::slice::from_ref(rate), &winner.values[1..]].concat();
        Choice::new(base, axes, values)
    });
    let more = more.collect::<Result<_, _>>()?;
    axes[0].values.extend(rates);
    Ok(more)
}

/// A failure of the engine.
fn failure(error: TrainError, draft: &Draft) -> Failure {
    let source = draft.source();
    Failure::training(error, &source, Advice::of_recipe(&source))
}

/// Writes a recipe with what the sweep has found.
fn write(
    (draft, sets): (&Draft, &[String]),
    choices: &mut Vec<automatic::Choice>,
    (guard, format): (&Guard, Option<Format>),
    console: &mut Console<'_>,
) -> Result<(), Failure> {
    let changes = sets.iter().map(|set| Change { option: "sweep", set: set.clone() });
    let changes: Vec<Change> = changes.collect();
    let comment = match choices.is_empty() {
        true => {
            let comment = recipe::leading_comment(draft.text());
            let comment = if comment.trim().is_empty() { recipe::comment(&[]) } else { comment };
            revise_comment(&comment, &changes, &draft.recipe)
        }
        false => {
            revise(choices, &changes, &draft.recipe);
            recipe::comment(choices)
        }
    };
    let text = recipe::write(&draft.recipe, format.unwrap_or(Format::Toml), &comment)?;
    guard.deliver(&text, console)
}

/// How the data are called, and how many rows there are.
pub(crate) fn about(setup: &Setup) -> String {
    use crate::output::figures::{counted, grouped};
    format!(
        "{}: {} train, {} validation; {}",
        setup.table.name,
        counted(setup.rows.train.len(), "row"),
        grouped(setup.rows.validation.len()),
        counted(setup.network.layout().len(), "parameter"),
    )
}

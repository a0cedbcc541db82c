//! `--folds`: cross-validation, and the recipe that trains a model on all rows after it.

use super::verdict::Verdict;
use crate::automatic::Choice;
use crate::failure::{Failure, Kind};
use crate::files::run_files::refuse_used;
use crate::input::revise::{value, without_validation};
use crate::output::advice::Advice;
use crate::output::console::Console;
use crate::output::folds::{Progress, before, no_model, report, table};
use crate::output::report::line;
use crate::recipe::Draft;
use crate::{args, interrupt};
use serde_json::{Value, json};
use std::io::Write;
use tanren_data::RandomSplit;
use tanren_trainer::{CrossValidation, Keep, Options, Setup, TrainError, Trained};

/// What came of one fold.
pub(crate) struct Turn {
    pub(crate) verdict: Verdict,
    /// Rows to train on, for validation and for testing.
    pub(crate) rows: [usize; 3],
    /// Epochs that the recipe allows.
    pub(crate) epochs: u64,
}

/// What came of all folds.
pub(crate) struct Validated {
    /// The result as JSON.
    pub(crate) report: Value,
    /// How many epochs a model of all rows should train for.
    epochs: u64,
    folds: usize,
    /// Why there should be no such model, if so.
    failure: Option<Failure>,
}

/// Trains in every fold and prints the result, unless it is wanted as JSON.
pub(crate) fn cross_validate(
    args: &args::Train,
    folds: u64,
    setup: &Setup,
    (choices, notes): (&[Choice], &[String]),
    console: &mut Console<'_>,
) -> Result<Validated, Failure> {
    if args.out.is_some() && !args.refit {
        let message =
            "--out: cross-validation alone writes no run; add --refit to train a model on all rows";
        return Err(Failure::new(Kind::Usage, message));
    }
    if let Some(out) = args.out.as_deref() {
        refuse_used(out)?; // before hours are spent
    }
    let folds = usize::try_from(folds).unwrap_or(usize::MAX);
    let watch = &args.watch;
    if !watch.json {
        let mut choices = choices.to_vec();
        if let Some(choice) = choices.iter_mut().find(|choice| choice.what == "split") {
            choice.value = format!("{folds} folds");
        }
        console.result(&before(setup, folds, &choices))?;
    }
    interrupt::listen();
    let source = serde_json::to_value(&setup.recipe.data.source).unwrap_or_default();
    let lines: Option<&mut (dyn Write + Send)> = match watch.quiet || console.terminal {
        true => None,
        false => Some(&mut *console.err),
    };
    let epochs = setup.recipe.training.epochs;
    let progress = Progress::new((folds, epochs), !watch.quiet && console.terminal, lines);
    let ended = || interrupt::caught().map(|signal| Failure::new(signal.kind(), signal.words()));
    let train = |k: usize, fold: &Setup, options: &Options| -> Result<_, TrainError> {
        if let Some(failure) = ended() {
            return Ok(Err(failure)); // those before it ended by the same signal
        }
        let trained = fold.train(&mut progress.observer(), options)?;
        if let Some(failure) = ended() {
            return Ok(Err(failure));
        }
        let rows = [&fold.rows.train, &fold.rows.validation, &fold.rows.test].map(Vec::len);
        Ok(Verdict::of(fold, &trained).map(|verdict| {
            let turn = Turn { verdict, rows, epochs };
            progress.done(k, &turn, &trained);
            (turn, trained)
        }))
    };
    let threads = watch.threads.map_or(0, usize::from);
    let turns = setup.each_fold(folds, threads, &train);
    progress.finish();
    drop(progress);
    let turns =
        turns.map_err(|error| Failure::training(error, &source, Advice::of_recipe(&source)))?;
    let turns = turns.into_iter().collect::<Result<Vec<_>, Failure>>()?;
    let (turns, trained): (Vec<Turn>, Vec<Trained>) = turns.into_iter().unzip();
    let failed =
        turns.iter().enumerate().find_map(|(k, turn)| Some((k, turn.verdict.failure.clone()?)));
    let failure = failed.map(|(k, failure)| {
        Failure::new(failure.kind, format!("fold {} of {folds}: {}", k + 1, failure.message))
    });
    let result = CrossValidation { folds: trained };
    if !watch.json {
        console.result(&table(&result))?;
    }
    let (report, epochs) = (report(&turns, &result, notes), result.epochs());
    Ok(Validated { report, epochs, folds, failure })
}

impl Validated {
    /// Whether a model of all rows is to be trained; if not, the end of the output.
    pub(crate) fn goes_on(
        &self,
        args: &args::Train,
        console: &mut Console<'_>,
    ) -> Result<bool, Failure> {
        match (&self.failure, args.refit) {
            (None, true) => {
                let end = if args.watch.json { "" } else { "\n" };
                return console.result(end).map(|()| true);
            }
            (Some(failure), _) if args.watch.json => {
                let mut report = self.report.clone();
                report["error"] =
                    json!({ "kind": failure.kind.name(), "message": failure.message });
                console.result(&line(&report))?;
            }
            (None, false) if args.watch.json => console.result(&line(&self.report))?,
            (None, false) => console.result(&no_model(self.epochs))?,
            (Some(_), _) => {}
        }
        Ok(false)
    }

    /// The exit code, where no model of all rows is trained.
    pub(crate) fn end(self, console: &mut Console<'_>) -> u8 {
        let Some(failure) = self.failure else { return 0 };
        console.say(format_args!("error: {}", failure.message));
        failure.kind.code()
    }

    /// Changes a recipe to train on all rows, and prepares it.
    pub(crate) fn refit(
        &self,
        draft: &mut Draft,
        setup: Setup,
        choices: &mut [Choice],
    ) -> Result<Setup, Failure> {
        let training = &mut draft.recipe.training;
        draft.recipe.data.split = RandomSplit { test: 0.0, validation: 0.0 }.into();
        training.epochs = self.epochs;
        // Without validation rows, what watches scores has nothing to tell; limits stay.
        training.stopping.retain(|rule| rule.scores().is_empty());
        training.pace.retain(|rule| rule.scores().is_empty());
        training.keep = Keep::Last;
        let setup = draft.prepare(Some(setup.table))?;
        without_validation(choices, &setup);
        for choice in choices {
            match choice.what.as_str() {
                "epochs" => {
                    choice.value = value("epochs", &setup.recipe);
                    choice.why = format!("the median of the best epochs of {} folds", self.folds);
                }
                "split" => {
                    choice.value = "all rows train".into();
                    choice.why = "by --refit".into();
                }
                _ => {}
            }
        }
        Ok(setup)
    }
}

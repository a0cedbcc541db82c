//! `resume`: continues a run from its last checkpoint, with the result of an uninterrupted run.

use super::train::Job;
use crate::args;
use crate::failure::{Failure, Kind};
use crate::files::run_folder::Folder;
use crate::output::console::Console;

/// Runs the verb and returns the exit code.
pub(crate) fn resume(args: &args::Resume, console: &mut Console<'_>) -> Result<u8, Failure> {
    let (folder, mut draft) = Folder::open(&args.run)?;
    let epochs = args.epochs.unwrap_or(draft.recipe.training.epochs);
    let changed = epochs != draft.recipe.training.epochs;
    draft.recipe.training.epochs = epochs;
    let setup = draft.prepare(None)?;
    folder.check_split(&setup)?;
    let history = folder.history()?;
    if history.is_none() && !args.watch.quiet {
        console.say("note: the run has no checkpoint yet: training starts from the beginning");
    }
    let made = history.as_ref().map_or(0, Vec::len);
    if (made as u64) > epochs {
        let message = format!(
            "{made} epochs are already trained; --epochs is the total number and must be at least \
             {made}, found {epochs}"
        );
        return Err(Failure::new(Kind::Usage, message));
    }
    if changed {
        folder.replace_recipe(&draft.recipe)?;
    }
    let (resume, history) = (history.is_some(), history.unwrap_or_default());
    let job = Job { setup: &setup, folder: &folder, choices: &[], history: &history, resume };
    job.run(&args.watch, console)
}

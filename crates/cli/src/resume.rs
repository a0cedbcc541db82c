//! `resume`: goes on with a run from its last checkpoint, to the bit.

use crate::args;
use crate::console::Console;
use crate::failure::{Failure, Kind};
use crate::folder::Folder;
use crate::train::Job;

/// Runs the verb; the exit code.
pub(crate) fn resume(args: &args::Resume, console: &mut Console<'_>) -> Result<u8, Failure> {
    let (folder, mut draft) = Folder::open(&args.run)?;
    let epochs = args.epochs.unwrap_or(draft.recipe.training.epochs);
    let changed = epochs != draft.recipe.training.epochs;
    draft.recipe.training.epochs = epochs;
    let setup = draft.prepare(None)?;
    folder.check_split(&setup)?;
    let history = folder.history()?;
    if history.is_none() && !args.watch.quiet {
        console.say("the run ended before its first checkpoint: starting from the beginning");
    }
    let made = history.as_ref().map_or(0, Vec::len);
    if (made as u64) > epochs {
        let message = format!("{made} epochs are already made: expected more, found {epochs}");
        return Err(Failure::new(Kind::Usage, message));
    }
    if changed {
        folder.replace_recipe(&draft.recipe)?;
    }
    let (resume, history) = (history.is_some(), history.unwrap_or_default());
    let job = Job { setup: &setup, folder: &folder, choices: &[], history: &history, resume };
    job.run(&args.watch, console)
}

//! `render`: a recipe with every default filled in, in any format.

mod curves;

use crate::args;
use crate::failure::{Failure, Kind};
use crate::files::guard::Guard;
use crate::input::choose;
use crate::input::revise::{Change, revise_comment};
use crate::output::console::Console;
use crate::recipe::{self, Draft, Format};

/// Runs the verb and returns the exit code.
pub(crate) fn render(args: &args::Render, console: &mut Console<'_>) -> Result<u8, Failure> {
    if args.plot {
        let draft = drawn(args, console)?;
        let text = curves::curves(&draft, console)?;
        return console.result(&text).map(|()| 0);
    }
    let mut guard = Guard::new(&args.written.to);
    guard.input(&args.recipe, "the recipe");
    guard.data_of_run(&args.recipe);
    let format = format(&args.written, &guard)?;
    let mut draft = Draft::read(&args.recipe)?;
    draft.set(&args.changes.set)?;
    draft.replaced().into_iter().for_each(|note| console.note(note));
    draft.check()?;
    guard.source(&draft.source());
    let format = format.or_else(|| Format::of(&args.recipe)).unwrap_or(Format::Toml);
    let said = Format::of(&args.recipe).is_some_and(Format::has_comments);
    let comment = recipe::leading_comment(if said { draft.text() } else { "" });
    let comment = if comment.trim().is_empty() { recipe::comment(&[]) } else { comment };
    let comment = revise_comment(&comment, &Change::all(&args.changes.set), &draft.recipe);
    let text = recipe::write(&draft.recipe, format, &comment)?;
    guard.deliver(&text, console).map(|()| 0)
}

/// The recipe whose schedules are drawn: that of a file, that of a run, or the one that `init` would write for
/// some data.
fn drawn(args: &args::Render, console: &mut Console<'_>) -> Result<Draft, Failure> {
    let of_run = args.recipe.join("recipe.toml");
    let path = if of_run.is_file() { &of_run } else { &args.recipe };
    let draft = match Format::of_recipe(path) {
        Some(_) => {
            let mut draft = Draft::read(path)?;
            draft.set(&args.changes.set)?;
            draft.replaced().into_iter().for_each(|note| console.note(note));
            draft
        }
        None => {
            let changes = args::Changes { set: args.changes.set.clone() };
            let what = Some(path.display().to_string());
            let subject = args::Subject { what, changes, ..args::Subject::default() };
            let chosen = choose(&subject, console).map_err(|mut failure| {
                failure.message += "\n  help: `init` takes the options of data and writes a recipe, which can be drawn";
                failure
            });
            chosen?.draft
        }
    };
    draft.check()?;
    Ok(draft)
}

/// The format that was asked for, by name or by the ending of the file to write, which may be written.
pub(crate) fn format(written: &args::Written, guard: &Guard) -> Result<Option<Format>, Failure> {
    guard.check()?;
    let Some(output) = guard.file() else { return Ok(written.format) };
    match written.format.or_else(|| Format::of(output)) {
        Some(format) => Ok(Some(format)),
        None => {
            let (output, endings) = (output.display(), Format::ENDINGS);
            let message = format!(
                "{output}: the format is unknown; use --format, or a name that ends in {endings}"
            );
            Err(Failure::new(Kind::Usage, message))
        }
    }
}

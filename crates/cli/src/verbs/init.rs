//! `init`: writes the recipe that `train` would use for some data.

use super::render;
use crate::failure::{Failure, Kind};
use crate::files::guard::Guard;
use crate::files::paths;
use crate::input::across_batches::across_batches;
use crate::input::choose;
use crate::input::proportion::proportion;
use crate::input::unfit::unfit;
use crate::output::console::Console;
use crate::recipe::Format;
use crate::{args, recipe};
use std::path::Path;

/// Runs the verb and returns the exit code.
pub(crate) fn init(args: &args::Init, console: &mut Console<'_>) -> Result<u8, Failure> {
    if let Some(what) =
        args.subject.what.as_deref().filter(|w| Format::of_recipe(Path::new(w)).is_some())
    {
        let render = format!("{} render {}", paths::program(), paths::quoted(Path::new(what)));
        let message = format!("{what} is already a recipe; to fill in its defaults: {render}");
        return Err(Failure::new(Kind::Usage, message));
    }
    let args::Subject { what, data, .. } = &args.subject;
    let mut guard = Guard::new(&args.written.to);
    let named = [what, &data.path, &data.test].into_iter().flatten().chain(&data.target);
    named.for_each(|path| guard.input(path, "the data"));
    if let Some(model) = &args.subject.transfer.start {
        guard.input(paths::model_file(model), "the model");
    }
    let format = render::format(&args.written, &guard)?.unwrap_or(Format::Toml);
    let mut chosen = choose(&args.subject, console)?;
    guard.source(&chosen.draft.source());
    let text = recipe::write(&chosen.draft.recipe, format, &recipe::comment(&chosen.choices))?;
    // The network that is chosen for the data is in proportion to them. A recipe that cannot be prepared
    // is written all the same: whoever edits it may still be at it.
    if !args.subject.changes.set.is_empty()
        && let Ok(setup) = chosen.prepare(console)
    {
        let notes = [proportion(&setup), across_batches(&setup)];
        let notes = notes.into_iter().flatten().chain(unfit(&setup, 0));
        notes.for_each(|note| console.note(note));
    }
    guard.deliver(&text, console).map(|()| 0)
}

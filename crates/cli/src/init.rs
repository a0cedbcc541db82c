//! `init`: the recipe that `train` would follow, to be changed and kept.

use crate::choose::{Chosen, choose};
use crate::console::Console;
use crate::failure::{Failure, Kind};
use crate::recipe::Format;
use crate::{args, place, recipe, render};
use std::path::Path;

/// Runs the verb; the exit code.
pub(crate) fn init(args: &args::Init, console: &mut Console<'_>) -> Result<u8, Failure> {
    if let Some(what) = args.subject.what.as_deref().filter(|w| Format::of(Path::new(w)).is_some())
    {
        let render = format!("{} render {}", place::program(), place::quoted(Path::new(what)));
        let message = format!("{what} is a recipe already; to fill in its defaults: {render}");
        return Err(Failure::new(Kind::Usage, message));
    }
    let format = render::format(&args.written)?.unwrap_or(Format::Toml);
    let Chosen { draft, choices, .. } = choose(&args.subject)?;
    let text = recipe::write(&draft.recipe, format, &recipe::comment(&choices))?;
    render::deliver(&text, &args.written, console)
}

//! `render`: a recipe with every default filled in, in any format.

use crate::args;
use crate::failure::{Failure, Kind};
use crate::files::paths;
use crate::output::console::Console;
use crate::recipe::{self, Draft, Format};

/// Runs the verb and returns the exit code.
pub(crate) fn render(args: &args::Render, console: &mut Console<'_>) -> Result<u8, Failure> {
    let format = format(&args.written)?;
    let mut draft = Draft::read(&args.recipe)?;
    draft.set(&args.changes.set)?;
    draft.check()?;
    let format = format.or_else(|| Format::of(&args.recipe)).unwrap_or(Format::Toml);
    let said = Format::of(&args.recipe).is_some_and(Format::has_comments);
    let comment = recipe::leading_comment(if said { draft.text() } else { "" });
    let comment = if comment.trim().is_empty() { recipe::comment(&[]) } else { comment };
    let text = recipe::write(&draft.recipe, format, &comment)?;
    deliver(&text, &args.written, console)
}

/// The format that was asked for, by name or by the ending of the file to write.
pub(crate) fn format(written: &args::Written) -> Result<Option<Format>, Failure> {
    let Some(output) = &written.output else { return Ok(written.format) };
    if output.exists() && !written.force {
        let message = format!("{} already exists; use --force to overwrite it", output.display());
        return Err(Failure::new(Kind::Usage, message));
    }
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

/// Writes a recipe to its file or to stdout, and returns the exit code.
pub(crate) fn deliver(
    text: &str,
    written: &args::Written,
    console: &mut Console<'_>,
) -> Result<u8, Failure> {
    match &written.output {
        Some(output) => paths::write(output, text)?,
        None => console.result(text)?,
    }
    Ok(0)
}

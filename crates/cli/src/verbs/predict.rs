//! `predict`: a prediction for every row, as CSV.

use crate::args;
use crate::failure::Failure;
use crate::files::guard::Guard;
use crate::files::paths;
use crate::input::data;
use crate::output::advice::Advice;
use crate::output::console::Console;
use crate::output::predictions;

/// Runs the verb and returns the exit code.
pub(crate) fn predict(args: &args::Predict, console: &mut Console<'_>) -> Result<u8, Failure> {
    let model = paths::model(&args.model)?;
    let mut guard = Guard::new(&args.to);
    guard.model(&args.model, &model);
    args.data.iter().for_each(|data| guard.input(data, "the data"));
    guard.check()?;
    let source = data::for_model((&model, &args.model), args.data.as_deref(), None)?;
    guard.source(&serde_json::to_value(&source).unwrap_or_default()); // else it names no files
    guard.check()?;
    let table = source
        .open_for(&model.spec().schema().without_targets())
        .map_err(|error| Failure::rows(&error))?;
    table.notes.iter().for_each(|note| console.note(Advice::Nothing.say(note)));
    let rows: Vec<usize> = (0..table.rows).collect();
    let predictions = model.predict(&table, &rows).map_err(|error| Failure::rows(&error))?;
    guard.deliver(&predictions::table(&model, &predictions), console).map(|()| 0)
}

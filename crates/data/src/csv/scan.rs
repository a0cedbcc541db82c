//! `scan`: the first pass over a file: what its columns are.

use super::cell::Words;
use super::layout::Layout;
use super::pass::{Pass, pass};
use super::records::Delimiter;
use super::tally::Tally;
use tanren_plugin::DataError;

/// The most bytes the levels of all columns may take.
const MAX_LEVELS: usize = 32 << 20;

/// A column to be looked at.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    pub(super) column: usize,
    /// The most levels to collect.
    pub(super) levels: usize,
    /// Whether to collect them even if the column begins with a number.
    pub(super) always: bool,
}

/// What the rows are that are kept, and for each watch its column.
///
/// # Errors
/// As [`pass`], when no row is kept, and when levels take too much memory.
pub(super) fn scan(
    layout: &Layout,
    words: &Words,
    needed: &[usize],
    watches: &[Watch],
) -> Result<(Pass, Vec<Tally>), DataError> {
    let commas = layout.delimiter == Delimiter::Byte(b';');
    let mut tallies: Vec<Tally> =
        watches.iter().map(|watch| Tally::new(watch.levels, watch.always)).collect();
    let mut budget = MAX_LEVELS;
    let pass = pass(layout, words, needed, |place, record| {
        for (watch, tally) in watches.iter().zip(&mut tallies) {
            let cell = record.cell(watch.column);
            if !words.missing(cell) && !tally.see(cell, place, commas, &mut budget) {
                let message = format!(
                    "the levels of its categories take more than {} MiB; name columns of free \
                     text in `ignore`",
                    MAX_LEVELS >> 20
                );
                let error = layout.error(message).line(place.line).row(place.row);
                return Err(error.column(layout.name(watch.column)));
            }
        }
        Ok(())
    })?;
    if pass.kept == 0 {
        let names: Vec<&str> = needed.iter().map(|&column| layout.name(column)).collect();
        let message =
            "expected rows with a target, found none: all values of the target are missing";
        return Err(layout.error(message).column(names.join(", ")));
    }
    Ok((pass, tallies))
}

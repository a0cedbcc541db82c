//! `scan`: the first pass over a file: what its columns are.

use super::cell::Words;
use super::evidence::{Commas, Evidence, FEW};
use super::layout::Layout;
use super::pass::{Need, Pass, pass};
use super::records::Delimiter;
use std::ops::ControlFlow;
use tanren_plugin::{DataError, Notation};

/// The most bytes the levels of all columns may take.
const MAX_LEVELS: usize = 32 << 20;

/// The same for the columns beside the inputs, whose levels may be as many as there are rows.
const MAX_BESIDE: usize = 256 << 20;

/// With more columns than this, no values of columns of numbers are collected.
const MANY: usize = 5000;

/// A column to be looked at.
#[derive(Clone)]
pub(super) struct Watch {
    pub(super) column: usize,
    /// The most levels to collect.
    pub(super) levels: usize,
    /// Whether to collect them even if the column begins with a number.
    pub(super) always: bool,
    /// How its numbers are written, where that is known.
    pub(super) said: Option<Notation>,
    /// Whether the column stands beside the inputs.
    pub(super) beside: bool,
}

/// What was found in a first pass.
pub(super) struct Scan {
    pub(super) pass: Pass,
    /// For each watch its column.
    pub(super) columns: Vec<Evidence>,
    /// Where the fractions of numbers follow commas.
    pub(super) commas: Commas,
}

/// What the rows are that are kept, of which `most` are looked at, and what the columns are.
///
/// # Errors
/// As [`pass`], when no row is kept, and when levels take too much memory.
pub(super) fn scan(
    layout: &Layout,
    words: &Words,
    needed: &[Need],
    watches: &[Watch],
    most: usize,
) -> Result<Scan, DataError> {
    // The values of very many columns of numbers, few as they are, would take too much memory.
    let few = if watches.len() > MANY { 0 } else { FEW };
    let evidence = |watch: &Watch| {
        Evidence::new(watch.levels, watch.always, few, watch.said.clone(), watches.len())
    };
    let mut columns: Vec<Evidence> = watches.iter().map(evidence).collect();
    let (mut budget, mut budget_beside, mut left) = (MAX_LEVELS, MAX_BESIDE, most);
    let pass = pass(layout, words, needed, |place, record| {
        for (watch, evidence) in watches.iter().zip(&mut columns) {
            let cell = record.cell(watch.column);
            let of_categories = "the levels of its categories";
            let (budget, most, what, help) = match watch.beside {
                true => (&mut budget_beside, MAX_BESIDE, "different texts", ""),
                false => (
                    &mut budget,
                    MAX_LEVELS,
                    of_categories,
                    "; name columns of free text in `ignore`",
                ),
            };
            if !words.missing(cell) && !evidence.see(cell, place, budget) {
                let most = most >> 20;
                let message = format!("{what} take more than {most} MiB{help}");
                let error = layout.error(message).line(place.line).row(place.row);
                return Err(error.column(layout.name(watch.column)));
            }
        }
        left = left.saturating_sub(1);
        Ok(if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    if pass.kept == 0 {
        let names: Vec<&str> = needed.iter().map(|need| layout.name(need.column)).collect();
        let message =
            "expected rows with a target, found none: all values of the target are missing";
        return Err(layout.error(message).column(names.join(", ")));
    }
    let commas = commas(layout, &columns);
    Ok(Scan { pass, columns, commas })
}

/// Where the fractions of numbers follow commas, as most columns show that show it at all.
fn commas(layout: &Layout, columns: &[Evidence]) -> Commas {
    let votes = |for_commas: bool| {
        columns.iter().filter(|column| column.votes_for_commas() == Some(for_commas)).count()
    };
    match (votes(true), votes(false)) {
        (commas, points) if commas > points => Commas::Sure,
        (_, 0) if layout.delimiter == Delimiter::Byte(b';') => Commas::Likely,
        _ => Commas::Unlikely,
    }
}

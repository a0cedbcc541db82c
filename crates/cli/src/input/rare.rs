//! Classes that no training row has, or so few that the accuracy says nothing about them, and how more of
//! their rows are found.

use crate::output::advice::Advice;
use crate::output::figures::{counted, grouped, percent};
use tanren_network::{Output, Target};
use tanren_plugin::{Field, Table, Values};
use tanren_trainer::Setup;

/// A class with less than this share of the training rows is rare …
const SHARE: f64 = 0.05;

/// … if the most frequent one has at least this many times as many.
const TIMES: usize = 10;

/// Classes that are named in a note, at most.
const SHOWN: usize = 5;

/// The setting of a loss, and the value that weighs nothing.
const WEIGHTS: (&str, &str) = ("class-weights", "equal");

/// Notes for every target with a class that is absent from the training rows, or rare there while its loss
/// does not weigh classes. `advice` tells whether settings can be changed; with
/// `folds`, all rows take turns in training.
pub(crate) fn rare(setup: &Setup, advice: Advice, folds: bool) -> Vec<String> {
    let outputs = setup.network.outputs().iter();
    outputs.flat_map(|output| of_output(setup, output, (advice, folds))).collect()
}

fn of_output(setup: &Setup, output: &Output, (advice, folds): (Advice, bool)) -> Vec<String> {
    let Target::Data(k) = output.from else { return Vec::new() };
    let Some(field) = setup.table.targets.get(k) else { return Vec::new() };
    // Each row is in the training rows of most folds.
    let all: Vec<usize> = (0..if folds { setup.table.rows } else { 0 }).collect();
    let (rows, noun) = if folds { (&all, "row") } else { (&setup.rows.train, "training row") };
    let Some(counts) = counts(&setup.table, field, rows) else { return Vec::new() };
    // Of the steps of sequences, as of the letters of a text, some are always rare.
    let rare = (!field.spec.shape.sequence)
        .then(|| rarest(setup, (output, field), (&counts, noun), advice))
        .flatten();
    absent(field, &counts).into_iter().chain(rare).collect()
}

/// Classes that no training row has.
fn absent(field: &Field, counts: &[usize]) -> Option<String> {
    let none = counts.iter().enumerate().filter(|&(_, &count)| count == 0);
    let names: Vec<String> = none.map(|(class, _)| name(field, class)).collect();
    let shown = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    let (what, target) = ("no training row, so nothing is learnt of", &field.spec.name);
    match names.len() {
        0 => None,
        1 => Some(format!("target {target}: class {shown} has {what} it")),
        n if n > SHOWN => Some(format!(
            "target {target}: classes {shown} and {} more have {what} them",
            n - SHOWN
        )),
        _ => Some(format!("target {target}: classes {shown} have {what} them")),
    }
}

/// What a class is called.
fn name(field: &Field, class: usize) -> String {
    field.spec.levels.get(class).cloned().unwrap_or_else(|| class.to_string())
}

fn rarest(
    setup: &Setup,
    (output, field): (&Output, &Field),
    (counts, noun): (&[usize], &str),
    advice: Advice,
) -> Option<String> {
    let all: usize = counts.iter().sum();
    let present = || counts.iter().copied().enumerate().filter(|&(_, count)| count > 0);
    let (class, fewest) = present().min_by_key(|&(_, count)| count)?;
    let (_, most) = present().max_by_key(|&(_, count)| count)?;
    let share = fewest as f64 / all as f64;
    let loss = serde_json::to_value(&output.loss).unwrap_or_default();
    let weighs = loss.get(WEIGHTS.0);
    if share >= SHARE || most / TIMES < fewest || weighs.is_some_and(|value| value != WEIGHTS.1) {
        return None;
    }
    let note = format!(
        "target {}: class {} has {} of {} ({}%), so the accuracy says little about it",
        field.spec.name,
        name(field, class),
        grouped(fewest),
        counted(all, noun),
        percent(share),
    );
    let changeable = weighs.is_some() && advice != Advice::Nothing;
    let Some(path) = changeable.then(|| path(setup, output)).flatten() else { return Some(note) };
    let set = format!("--set '{path}.{}=\"balanced\"'", WEIGHTS.0);
    let price = "with more false alarms and probabilities that are too high";
    Some(format!("{note}; {set} finds more of its rows, {price}"))
}

/// How many columns of `rows` have each class, those left out that count nothing; `None` where the target is a
/// number.
fn counts(table: &Table, field: &Field, rows: &[usize]) -> Option<Vec<usize>> {
    let Values::Indices(classes) = &field.values else { return None };
    let mut counts = vec![0; field.spec.shape.features];
    let columns = rows.iter().flat_map(|&row| field.columns(row));
    for column in columns.filter(|&column| table.step_weight(field, column) > 0.0) {
        *counts.get_mut(*classes.get(column)? as usize)? += 1;
    }
    Some(counts)
}

/// Where the recipe has the loss of an output.
fn path(setup: &Setup, output: &Output) -> Option<String> {
    let (network, node) = (&setup.recipe.network, setup.network.nodes().get(output.node)?);
    if network.loss.is_some() {
        return Some("network.loss".into());
    }
    let place = network.losses.iter().position(|loss| loss.output == node.name && loss.of_data());
    Some(format!("network.losses.{}.loss", place?))
}

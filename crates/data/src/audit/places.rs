//! The audit of data whose columns have places and no names: nothing is left out, because a model finds
//! its columns by their places. What cannot help, and what is suspicious, is said.

use super::columns::{Facts, facts};
use super::leak::{Leak, leak};
use super::{COMPARED, ENOUGH, SHOWN, equal, rare_classes};
use crate::file::notes::counted;
use tanren_plugin::{Field, Table};

/// Notes what is suspicious in the first input, unless it is one of pictures or very wide.
pub(crate) fn audit_places(table: &mut Table) {
    if table.rows < ENOUGH {
        return;
    }
    let mut notes: Vec<String> = table.targets.iter().flat_map(rare_classes).collect();
    if let Some(field) = table.inputs.first()
        && field.spec.shape.grid.is_none()
        && field.width() <= COMPARED
    {
        of_columns(field, table.targets.first(), &mut notes);
    }
    table.notes.extend(notes);
}

fn of_columns(field: &Field, target: Option<&Field>, notes: &mut Vec<String>) {
    let facts: Vec<Facts> = (0..field.width()).map(|at| facts(field, at)).collect();
    let varies: Vec<bool> = facts.iter().map(|facts| !facts.is_constant()).collect();
    let of = |what: &dyn Fn(usize) -> bool| -> Vec<usize> {
        (0..field.width()).filter(|&at| what(at)).collect()
    };
    let mut say = |columns: &[usize], one: &str, several: &str| {
        let names = columns.iter().take(SHOWN).map(|&at| field.spec.feature_name(at));
        let mut names = names.collect::<Vec<_>>().join(", ");
        if columns.len() > SHOWN {
            names.push_str(&format!(" and {}", counted(columns.len() - SHOWN, "more column")));
        }
        match columns.len() {
            0 => {}
            1 => notes.push(format!("column {names} {one}")),
            _ => notes.push(format!("columns {names} {several}")),
        }
    };
    say(
        &of(&|at| !varies[at]),
        "has the same value in every row: nothing can be learnt from it",
        "have the same value in every row: nothing can be learnt from them",
    );
    say(
        &of(&|at| varies[at] && facts[at].counts_rows && facts[at].starts_low()),
        "numbers the rows, which says nothing about other rows",
        "number the rows, which says nothing about other rows",
    );
    let found = |at: usize| match target.filter(|_| varies[at]) {
        Some(target) => leak(field, at, target),
        None => Leak::No,
    };
    let leaks: Vec<Leak> = (0..field.width()).map(found).collect();
    say(
        &of(&|at| leaks[at] == Leak::Copy),
        "is a copy of the target, which other rows will not have",
        "are copies of the target, which other rows will not have",
    );
    let known = "if that is not known when predictions are made, take it out of the file";
    say(
        &of(&|at| leaks[at] == Leak::Near),
        &format!("gives the target away in nearly every row; {known}"),
        &format!("give the target away in nearly every row; {known}"),
    );
    if field.spec.features.len() == field.width() {
        notes.extend(equal(&field.spec.features, &facts, &varies));
    }
}

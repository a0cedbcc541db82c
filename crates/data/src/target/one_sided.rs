//! Classes that only one part of the data has: a network learns nothing of a class that no
//! training row is of, and scores say nothing of one that no test row is of.

use tanren_plugin::{Part, Table, Values};

/// Classes that a note names.
const SHOWN: usize = 10;

/// What to say about the classes of the first target, where the table says which rows are for
/// testing.
pub(crate) fn notes(table: &Table) -> Vec<String> {
    let (Some(parts), Some(target)) = (&table.parts, table.targets.first()) else {
        return Vec::new();
    };
    let Values::Indices(classes) = &target.values else { return Vec::new() };
    let (mut train, mut test) = (vec![false; target.spec.levels.len()], Vec::new());
    test.clone_from(&train);
    for (&class, part) in classes.iter().zip(parts) {
        let seen = if *part == Part::Test { &mut test } else { &mut train };
        if let Some(seen) = seen.get_mut(class as usize) {
            *seen = true;
        }
    }
    let only = |here: &[bool], there: &[bool], what: &str| {
        let alone = here.iter().zip(there).zip(&target.spec.levels);
        let alone: Vec<&str> = alone
            .filter(|((here, there), _)| **here && !**there)
            .map(|(_, name)| &**name)
            .collect();
        let (classes, occur) = match alone.len() {
            0 => return None,
            1 => ("class", "occurs"),
            _ => ("classes", "occur"),
        };
        let shown = alone.get(..SHOWN).unwrap_or(&alone).join(", ");
        let more = match alone.len().saturating_sub(SHOWN) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        Some(format!("{classes} {shown}{more} {occur} only in the {what} files"))
    };
    let notes = [only(&train, &test, "training"), only(&test, &train, "test")];
    notes.into_iter().flatten().collect()
}

//! What whoever brought data should hear about them.

use tanren_plugin::{Field, Values};

/// How many notes of a kind are shown.
const SHOWN: usize = 10;

/// Appends notes about one column each; of many, the first, and of how many more `rest` is true.
pub(crate) fn append(notes: &mut Vec<String>, about: Vec<String>, rest: &str) {
    let more = about.len().saturating_sub(SHOWN);
    notes.extend(about.into_iter().take(SHOWN));
    if more > 0 {
        notes.push(format!("and {} {rest}", counted(more, "more column")));
    }
}

/// A number of things: "1 row", "3 rows".
pub(crate) fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// Appends how many values each column misses, of columns by name.
pub(crate) fn missing(notes: &mut Vec<String>, columns: impl IntoIterator<Item = (String, usize)>) {
    let columns = columns.into_iter().filter(|(_, missing)| *missing > 0);
    let note = |(name, missing)| format!("column {name}: {}", counted(missing, "missing value"));
    append(notes, columns.map(note).collect(), "with missing values");
}

/// Appends how many numbers each feature of a field misses.
pub(crate) fn missing_numbers(notes: &mut Vec<String>, field: &Field) {
    let counts = match &field.values {
        Values::Double(v) => count(v, field.width(), |x| x.is_nan()),
        Values::Single(v) => count(v, field.width(), |x| x.is_nan()),
        _ => return, // the others are whole
    };
    let counts = counts.into_iter().enumerate().filter(|(_, missing)| *missing > 0);
    missing(notes, counts.map(|(feature, missing)| (field.spec.feature_name(feature), missing)));
}

/// How often what is `counted` occurs in each column of rows of `width`.
fn count<T>(rows: &[T], width: usize, counted: impl Fn(&T) -> bool) -> Vec<usize> {
    let mut counts = vec![0; width];
    for row in rows.chunks(width.max(1)) {
        counts.iter_mut().zip(row).for_each(|(count, x)| *count += usize::from(counted(x)));
    }
    counts
}

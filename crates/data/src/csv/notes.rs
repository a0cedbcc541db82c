//! What whoever brought a file should hear about it.

/// How many notes of a kind are shown.
const SHOWN: usize = 10;

/// Appends notes about one column each; of many, the first, and of how many more `rest` is true.
pub(super) fn append(notes: &mut Vec<String>, about: Vec<String>, rest: &str) {
    let more = about.len().saturating_sub(SHOWN);
    notes.extend(about.into_iter().take(SHOWN));
    if more > 0 {
        notes.push(format!("and {} {rest}", counted(more, "more column")));
    }
}

/// A number of things: "1 row", "3 rows".
pub(super) fn counted(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

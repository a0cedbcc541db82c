//! Texts of fixed width: columns that are aligned by blanks, and cells that have blanks in them.

use super::lines::{Lines, MAX_RECORD, Text};
use tanren_plugin::DataError;

/// How many lines are looked at, and how few tell nothing.
const LOOK: usize = 50;
const FEWEST: usize = 5;

/// The longest line that is looked at, in characters.
const LONGEST: usize = 10_000;

/// Whether the first lines of a file have runs of blanks, and a place between texts where all of them
/// have a blank.
pub(super) fn is_aligned(text: &Text) -> Result<bool, DataError> {
    let (mut lines, mut line) = (Lines::open(text)?, Vec::new());
    let mut all: Option<Vec<bool>> = None;
    // Where the last line begins and the first one ends.
    let (mut start, mut end) = (0, usize::MAX);
    let mut count = 0;
    while count < LOOK && lines.next(MAX_RECORD, &mut line)? {
        let line = String::from_utf8_lossy(&line);
        let line = line.trim_end();
        if line.is_empty() || text.comment.is_some_and(|mark| line.as_bytes().starts_with(&[mark]))
        {
            continue;
        }
        if !line.trim_start().contains("  ") {
            return Ok(false);
        }
        let blanks: Vec<bool> = line.chars().take(LONGEST).map(|c| c == ' ').collect();
        start = start.max(blanks.iter().take_while(|blank| **blank).count());
        end = end.min(blanks.len());
        match &mut all {
            None => all = Some(blanks),
            Some(all) => all.iter_mut().zip(blanks).for_each(|(all, blank)| *all &= blank),
        }
        count += 1;
    }
    let between = all.unwrap_or_default().into_iter().take(end).skip(start).any(|blank| blank);
    Ok(count >= FEWEST && between)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_blank_in_one_place_of_all_lines() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file.txt");
        let aligned = |content: &str| {
            fs::write(&path, content).unwrap();
            let path = path.clone();
            let text = Text {
                path,
                encoding: None,
                skip: 0,
                comment: None,
                backslash: false,
                files: None,
            };
            is_aligned(&text).unwrap()
        };
        let rows = "Ann B    20  Rome      1\nJoe      21  New York  2\n".repeat(3);
        assert!(aligned(&rows));
        assert!(!aligned("Ann B    20  Rome      1\n"), "one line tells nothing");
        assert!(!aligned(&format!("{rows}one_text_across_the_others  and\n")));
        assert!(!aligned(&"one text\n".repeat(9)));
    }
}

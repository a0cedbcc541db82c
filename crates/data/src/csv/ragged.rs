//! The error a record is that has another number of cells than the others, and what may help.

use super::cell::{is_value, quoted};
use super::layout::Layout;
use super::records::{Delimiter, Records};
use tanren_plugin::DataError;

/// How many of the records that follow tell whether the table goes on.
const LOOK: usize = 20;

/// How far down a table may begin.
const NEAR: u64 = 20;

/// A record that is no row.
pub(super) struct Ragged {
    /// The line it begins in, from 1.
    pub(super) line: u64,
    /// Its text, as a message shows it.
    pub(super) text: String,
    /// How many cells it has.
    pub(super) found: usize,
    /// Whether it is the first below the header.
    pub(super) first: bool,
}

/// The records that follow, as far as they were looked at.
pub(super) struct After {
    /// How many cells each has.
    lengths: Vec<usize>,
    /// Whether each is a text in a cell of its own, and there are no more of them.
    remarks: bool,
}

impl After {
    pub(super) fn look(records: &mut Records) -> Self {
        let mut after = Self { lengths: Vec::new(), remarks: true };
        while after.lengths.len() < LOOK {
            match records.next() {
                Ok(None) => return after,
                Ok(Some(record)) => {
                    after.lengths.push(record.len());
                    after.remarks &= record.len() == 1 && !is_value(record.cell(0));
                }
                // What comes later is wrong as well.
                Err(_) => break,
            }
        }
        Self { remarks: false, ..after }
    }

    /// How many they are, if they are what programs write below a table: a few texts.
    pub(super) fn remarks(&self) -> Option<usize> {
        self.remarks.then_some(self.lengths.len())
    }
}

impl Ragged {
    /// What to say about it, by the records that follow.
    pub(super) fn error(&self, layout: &Layout, after: &After) -> DataError {
        let after = &after.lengths;
        let (expected, found) = (layout.names.len(), self.found);
        let cells = |count: usize| if count == 1 { "cell" } else { "cells" };
        if layout.header && self.first && !after.is_empty() && after.iter().all(|n| *n == found) {
            let names = if expected == 1 { "name" } else { "names" };
            let message = format!(
                "the header has {expected} {names}, but the rows have {found} {}: {}",
                cells(found),
                self.separated(layout)
            );
            return layout.error(message).line(self.line);
        }
        let separated = self.separated(layout);
        let help = match after.contains(&expected) || self.first {
            false => self.below(layout),
            true if self.line - layout.text.skip.min(self.line) <= NEAR => format!(
                "{separated}: set `delimiter` if that is wrong, or `skip` if the table begins further \
                 down; {}",
                self.mended(layout, expected)
            ),
            true => format!("{separated}: {}", self.mended(layout, expected)),
        };
        let text = quoted(&self.text);
        let message =
            format!("expected {expected} {}, found {found} in {text}; {help}", cells(expected));
        layout.error(message).line(self.line)
    }

    /// How to mend the line itself.
    fn mended(&self, layout: &Layout, expected: usize) -> String {
        match self.found < expected {
            true => match self.mark(layout) {
                Some(mark) => {
                    format!("if it is a remark, set `comment` to {mark:?} to leave out what begins so")
                }
                None => "if the row lacks cells, add the delimiters for them: an empty cell is a missing \
                         value"
                    .into(),
            },
            false => "if a text has the delimiter in it, put it in double quotes".into(),
        }
    }

    /// What separates the cells.
    fn separated(&self, layout: &Layout) -> String {
        match layout.delimiter {
            Delimiter::Byte(byte) => format!("the cells are separated by {:?}", char::from(byte)),
            Delimiter::Blanks => "the cells are separated by blanks".into(),
            Delimiter::None => "no delimiter was found".into(),
        }
    }

    /// The mark that the line begins with, if comments may begin so.
    fn mark(&self, layout: &Layout) -> Option<char> {
        let mark = self.text.chars().next().filter(|c| c.is_ascii_punctuation() && *c != '"');
        mark.filter(|mark| !"+-.(".contains(*mark) && layout.text.comment.is_none())
    }

    /// What helps where the table has ended.
    fn below(&self, layout: &Layout) -> String {
        match self.mark(layout) {
            Some(mark) => format!(
                "no row follows: remove the line, or set `comment` to {mark:?} to leave out what begins \
                 so"
            ),
            None => "no row follows: remove the line if it is none of the table".into(),
        }
    }
}

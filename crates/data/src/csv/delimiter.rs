//! Which delimiter a file has, by its first records.

use super::records::{Delimiter, Records};
use std::path::Path;
use tanren_plugin::DataError;

/// How many records are looked at.
const LOOK: usize = 20;

/// What is tried, in this order.
const MARKS: [Delimiter; 3] =
    [Delimiter::Byte(b','), Delimiter::Byte(b';'), Delimiter::Byte(b'\t')];

/// The delimiter that splits the first records into the same number of cells, more than one.
///
/// Blanks are one only where no comma and no semicolon is. Where nothing splits all records alike,
/// a mark that splits at least half of them as it does the first is meant to, and the others are
/// for the reader to complain about.
///
/// # Errors
/// When the file cannot be opened. What is wrong inside, the reader will find.
pub(super) fn find(path: &Path) -> Result<Delimiter, DataError> {
    let mut looks = Vec::with_capacity(MARKS.len());
    for mark in MARKS {
        looks.push((mark, Look::new(path, mark)?));
    }
    if let Some((mark, _)) = looks.iter().find(|(_, look)| look.splits(1, 1)) {
        return Ok(*mark);
    }
    let blanks = Look::new(path, Delimiter::Blanks)?;
    if blanks.splits(1, 1) && !blanks.marked {
        return Ok(Delimiter::Blanks);
    }
    let mark = looks.iter().find(|(_, look)| look.splits(1, 2));
    Ok(mark.map_or(Delimiter::None, |(mark, _)| *mark))
}

/// What the first records are like with some delimiter.
#[derive(Default)]
struct Look {
    /// Cells of the first record.
    cells: usize,
    records: usize,
    /// Records with as many cells as the first.
    alike: usize,
    /// Whether a comma or a semicolon is left in a cell.
    marked: bool,
}

impl Look {
    fn new(path: &Path, delimiter: Delimiter) -> Result<Self, DataError> {
        let mut records = Records::open(path, delimiter)?;
        let mut look = Self::default();
        while let Ok(Some(record)) = records.next() {
            if look.records == 0 {
                look.cells = record.len();
            }
            look.records += 1;
            look.alike += usize::from(record.len() == look.cells);
            look.marked |= record.text.contains([',', ';']);
            if look.records == LOOK {
                break;
            }
        }
        Ok(look)
    }

    /// Whether at least `part` of `whole` records have as many cells as the first, more than one.
    fn splits(&self, part: usize, whole: usize) -> bool {
        self.cells > 1 && self.alike * whole >= self.records * part
    }
}

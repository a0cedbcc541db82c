//! Which delimiter a file has, by its first records.

use super::cell::{Decimal, number};
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
/// When the file cannot be opened or not even its first record be read. What else is wrong inside,
/// the reader will find.
pub(super) fn find(path: &Path) -> Result<Delimiter, DataError> {
    let mut looks = Vec::with_capacity(MARKS.len());
    for mark in MARKS {
        looks.push((mark, Look::new(path, mark)?));
    }
    // Of several, the one that leaves most cells as numbers: in `1,5;2,5` the comma is a decimal one.
    let all = looks.iter().rev().filter(|(_, look)| look.splits_all());
    if let Some((mark, _)) = all.max_by(|a, b| a.1.share().total_cmp(&b.1.share())) {
        return Ok(*mark);
    }
    let blanks = Look::new(path, Delimiter::Blanks)?;
    if blanks.splits_all() && !blanks.marked {
        return Ok(Delimiter::Blanks);
    }
    if let Some((mark, _)) = looks.iter().find(|(_, look)| look.splits_half()) {
        return Ok(*mark);
    }
    match looks.into_iter().find_map(|(_, look)| look.error.filter(|_| look.records == 0)) {
        Some(error) => Err(error),
        None => Ok(Delimiter::None),
    }
}

/// What the first records are like with some delimiter.
#[derive(Default)]
struct Look {
    /// Cells of the first record.
    cells: usize,
    records: usize,
    /// Records with as many cells as the first.
    alike: usize,
    /// All cells, and those that are numbers, with a point or a comma.
    total: usize,
    numbers: usize,
    /// Whether a comma or a semicolon is left in a cell.
    marked: bool,
    /// What stopped the look.
    error: Option<DataError>,
}

impl Look {
    fn new(path: &Path, delimiter: Delimiter) -> Result<Self, DataError> {
        let mut records = Records::open(path, delimiter)?;
        let mut look = Self::default();
        while look.records < LOOK {
            let record = match records.next() {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(error) => {
                    look.error = Some(error);
                    break;
                }
            };
            if look.records == 0 {
                look.cells = record.len();
            }
            look.records += 1;
            look.total += record.len();
            let is_number = |cell: &&str| {
                number(cell, Decimal::Point).or_else(|| number(cell, Decimal::Comma)).is_some()
            };
            look.numbers += record.cells().filter(is_number).count();
            look.alike += usize::from(record.len() == look.cells);
            look.marked |= record.text.contains([',', ';']);
        }
        Ok(look)
    }

    /// Whether all records have the same number of cells, more than one.
    fn splits_all(&self) -> bool {
        self.cells > 1 && self.alike == self.records && self.error.is_none()
    }

    /// The share of the cells that are numbers.
    fn share(&self) -> f64 {
        self.numbers as f64 / self.total.max(1) as f64
    }

    /// Whether at least half of the records have as many cells as the first, more than one.
    fn splits_half(&self) -> bool {
        self.cells > 1 && self.alike * 2 >= self.records
    }
}

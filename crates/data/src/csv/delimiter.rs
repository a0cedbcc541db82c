//! Where the table of a file begins and what its cells are separated by, by the first records.

use super::cell::{is_number, is_value};
use super::fixed_width;
use super::lines::Text;
use super::records::{Delimiter, Records};
use tanren_plugin::DataError;

/// How many records are looked at.
const LOOK: usize = 50;

/// The most records of a heading above the table.
const MAX_HEADING: usize = 20;

/// What is tried, in this order.
const MARKS: [Delimiter; 4] =
    [Delimiter::Byte(b','), Delimiter::Byte(b';'), Delimiter::Byte(b'\t'), Delimiter::Byte(b'|')];

/// What is tried where none of these is meant.
const RARE: [u8; 4] = [0x01, b'~', b'^', b':'];

/// What was found about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) delimiter: Delimiter,
    /// How many lines stand above the table.
    pub(super) heading: u64,
    /// Whether the first record lacks a cell that all others have: the header of a table whose rows
    /// have names, as R writes it, or of one whose rows end in a delimiter.
    pub(super) short: bool,
    /// Whether few would expect this delimiter.
    pub(super) rare: bool,
}

impl Found {
    const fn at_once(delimiter: Delimiter) -> Self {
        Self { delimiter, heading: 0, short: false, rare: false }
    }
}

/// The delimiter that splits the first records into the same number of cells, more than one.
///
/// Blanks are one only where no other mark is. Where nothing splits all records alike, the first may
/// be a heading above the table, or a header that is one name short. Else a mark that splits at least
/// half of them as it does the first is meant to, and the others are for the reader to complain about.
///
/// # Errors
/// When the file cannot be opened or not even its first record be read, or its columns are aligned by
/// blanks alone. What else is wrong inside,
/// the reader will find.
pub(super) fn find(text: &Text, said: Option<Delimiter>) -> Result<Found, DataError> {
    let mut looks = Vec::with_capacity(MARKS.len());
    let marks = said.map_or(MARKS.to_vec(), |said| vec![said]);
    for &mark in &marks {
        looks.push((mark, Look::new(text, mark)?));
    }
    let blanks = match said {
        None => Some(Look::new(text, Delimiter::Blanks)?).filter(|look| !look.marked),
        Some(_) => None,
    };
    // Of several, the one that leaves most cells as numbers: in `1,5;2,5` the comma is a decimal one.
    let best = |fits: &dyn Fn(&Look) -> bool| {
        let fitting: Vec<_> = looks.iter().rev().filter(|(_, look)| fits(look)).collect();
        let is_meant = |(_, look): &&&(Delimiter, Look)| {
            !fitting.iter().any(|(_, better)| better.splits_what(look))
        };
        let fitting = fitting.iter().filter(is_meant);
        let marked = fitting.max_by(|a, b| a.1.share().total_cmp(&b.1.share()));
        let blanks = blanks.as_ref().filter(|look| fits(look));
        marked.map(|(mark, look)| (*mark, look)).or(blanks.map(|look| (Delimiter::Blanks, look)))
    };
    if let Some((delimiter, _)) = best(&Look::splits_all) {
        return Ok(Found::at_once(delimiter));
    }
    if let Some((delimiter, _)) = best(&Look::lacks_a_name) {
        return Ok(Found { short: true, ..Found::at_once(delimiter) });
    }
    let headed = |look: &Look| text.skip == 0 && look.heading().is_some();
    if let Some((delimiter, look)) = best(&headed)
        && delimiter != Delimiter::Blanks
        && let Some(heading) = look.heading()
    {
        return Ok(Found { heading, ..Found::at_once(delimiter) });
    }
    if let Some(said) = said {
        return Ok(Found::at_once(said));
    }
    let meant = |look: &Look| look.splits_half() || look.has_a_name_more();
    if let Some((mark, _)) = looks.iter().find(|(_, look)| meant(look)) {
        return Ok(Found::at_once(*mark));
    }
    for mark in RARE {
        let look = Look::new(text, Delimiter::Byte(mark))?;
        if look.splits_all() && (mark != b':' || look.lengths.len() > 1 && look.numbers > 0) {
            // A single column of times has a mark in each cell, too.
            let whole = Look::new(text, Delimiter::None)?;
            if !whole.valued.contains(&true) {
                return Ok(Found { rare: true, ..Found::at_once(Delimiter::Byte(mark)) });
            }
        }
    }
    match looks.into_iter().find_map(|(_, look)| look.error.filter(|_| look.lengths.is_empty())) {
        Some(error) => Err(error),
        None if fixed_width::is_aligned(text)? => Err(text.error(
            "expected cells with a delimiter between them, found columns that are aligned by blanks, \
             with blanks in the cells; save the data as CSV",
        )),
        None => Ok(Found::at_once(Delimiter::None)),
    }
}

/// What the first records are like with some delimiter.
#[derive(Default)]
struct Look {
    /// What separates them.
    mark: Option<Delimiter>,
    /// The cells of each record, and the line it begins in.
    lengths: Vec<(usize, u64)>,
    /// Whether the record has a number.
    numeric: Vec<bool>,
    /// Whether the record has a number in any notation, or a date.
    valued: Vec<bool>,
    /// In how many records which of the marks are left in a cell that is no number or date.
    left: [usize; MARKS.len()],
    /// All cells, and those that are numbers, with a point or a comma.
    total: usize,
    numbers: usize,
    /// Whether another mark is left in a cell.
    marked: bool,
    /// What stopped the look.
    error: Option<DataError>,
}

impl Look {
    fn new(text: &Text, delimiter: Delimiter) -> Result<Self, DataError> {
        let mut records = Records::open(text, delimiter)?;
        let mut look = Self { mark: Some(delimiter), ..Self::default() };
        while look.lengths.len() < LOOK {
            let record = match records.next() {
                Ok(Some(record)) => record,
                Ok(None) => break,
                Err(error) => {
                    look.error = Some(error);
                    break;
                }
            };
            let numbers = record.cells().filter(|cell| is_number(cell)).count();
            look.valued.push(record.cells().any(is_value));
            for (left, mark) in look.left.iter_mut().zip(MARKS) {
                let Delimiter::Byte(mark) = mark else { continue };
                let has = |cell: &str| cell.as_bytes().contains(&mark) && !is_value(cell);
                *left += usize::from(record.cells().any(has));
            }
            look.numeric.push(numbers > 0);
            look.lengths.push((record.len(), record.line));
            look.total += record.len();
            look.numbers += numbers;
            look.marked |= record.text.contains([',', ';', '|']);
        }
        Ok(look)
    }

    fn first(&self) -> usize {
        self.lengths.first().map_or(0, |(cells, _)| *cells)
    }

    fn last(&self) -> usize {
        self.lengths.last().map_or(0, |(cells, _)| *cells)
    }

    fn alike(&self) -> usize {
        self.lengths.iter().filter(|(cells, _)| *cells == self.first()).count()
    }

    /// Whether all records have the same number of cells, more than one.
    fn splits_all(&self) -> bool {
        self.first() > 1 && self.alike() == self.lengths.len() && self.error.is_none()
    }

    /// Where the last records begin that are all as long as the last one, longer than one cell.
    fn body(&self) -> Option<usize> {
        let last = self.last();
        let body = self.lengths.iter().rev().take_while(|(cells, _)| *cells == last).count();
        let enough = last > 1 && body >= 2 && self.error.is_none();
        enough.then(|| self.lengths.len() - body)
    }

    /// Whether the first record has names for all cells of the others but one.
    fn lacks_a_name(&self) -> bool {
        let short = self.first() > 1 && self.first() + 1 == self.last();
        // A second record without numbers may be the header, and the first stands above the table.
        let header = match *self.numeric.as_slice() {
            [first, second, ref rest @ ..] => !first && (second || !rest.contains(&true)),
            _ => false,
        };
        short && header && self.body() == Some(1)
    }

    /// How many lines stand above the table: of fewer cells each than its rows have.
    fn heading(&self) -> Option<u64> {
        let start = self.body().filter(|start| (1..=MAX_HEADING).contains(start))?;
        let (above, table) = self.lengths.split_at(start);
        let shorter = above.iter().all(|(cells, _)| *cells < self.last());
        let line = table.first().map(|(_, line)| line - 1)?;
        (shorter && table.len() > above.len()).then_some(line)
    }

    /// Whether this mark splits rows into more cells that another leaves whole, and not the other way
    /// round: `1.5.2024;rent;67,85` at the comma is half a row.
    fn splits_what(&self, other: &Self) -> bool {
        let (Some(start), Some(others)) = (self.body(), other.body()) else { return false };
        let place = |look: &Self| MARKS.iter().position(|mark| Some(*mark) == look.mark);
        let left = |look: &Self, mark: &Self| place(mark).and_then(|at| look.left.get(at)).copied();
        let rows = other.lengths.len() - start.max(others);
        self.last() > other.last()
            && left(other, self).is_some_and(|left| left >= rows)
            && left(self, other).is_some_and(|left| left < rows)
    }

    /// Whether the first record alone has a cell more than all others: a name too many.
    fn has_a_name_more(&self) -> bool {
        self.lengths.len() > 2 && self.body() == Some(1) && self.first() == self.last() + 1
    }

    /// The share of the cells that are numbers.
    fn share(&self) -> f64 {
        self.numbers as f64 / self.total.max(1) as f64
    }

    /// Whether at least half of the records have as many cells as the first, more than one.
    fn splits_half(&self) -> bool {
        self.first() > 1 && self.alike() * 2 >= self.lengths.len()
    }
}

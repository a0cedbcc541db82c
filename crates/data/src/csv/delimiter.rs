//! Where the table of a file begins and what its cells are separated by, by the first records.

use super::cell::is_number;
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

/// What is tried where nothing else splits the records.
const RARE: [Delimiter; 3] = [Delimiter::Byte(0x01), Delimiter::Byte(b'~'), Delimiter::Byte(b'^')];

/// What was found about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) delimiter: Delimiter,
    /// How many lines stand above the table.
    pub(super) heading: u64,
    /// Whether the first record lacks a cell that all others have: the header of a table whose rows
    /// have names, as R writes it, or of one whose rows end in a delimiter.
    pub(super) short: bool,
}

impl Found {
    const fn at_once(delimiter: Delimiter) -> Self {
        Self { delimiter, heading: 0, short: false }
    }
}

/// The delimiter that splits the first records into the same number of cells, more than one.
///
/// Blanks are one only where no other mark is. Where nothing splits all records alike, the first may
/// be a heading above the table, or a header that is one name short. Else a mark that splits at least
/// half of them as it does the first is meant to, and the others are for the reader to complain about.
///
/// # Errors
/// When the file cannot be opened or not even its first record be read. What else is wrong inside,
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
        let fitting = looks.iter().rev().filter(|(_, look)| fits(look));
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
    if let Some((mark, _)) = looks.iter().find(|(_, look)| look.splits_half()) {
        return Ok(Found::at_once(*mark));
    }
    for mark in RARE {
        if Look::new(text, mark)?.splits_all() {
            return Ok(Found::at_once(mark));
        }
    }
    match looks.into_iter().find_map(|(_, look)| look.error.filter(|_| look.lengths.is_empty())) {
        Some(error) => Err(error),
        None => Ok(Found::at_once(Delimiter::None)),
    }
}

/// What the first records are like with some delimiter.
#[derive(Default)]
struct Look {
    /// The cells of each record, and the line it begins in.
    lengths: Vec<(usize, u64)>,
    /// Whether the record has a number.
    numeric: Vec<bool>,
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
        let mut look = Self::default();
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

    /// The share of the cells that are numbers.
    fn share(&self) -> f64 {
        self.numbers as f64 / self.total.max(1) as f64
    }

    /// Whether at least half of the records have as many cells as the first, more than one.
    fn splits_half(&self) -> bool {
        self.first() > 1 && self.alike() * 2 >= self.lengths.len()
    }
}

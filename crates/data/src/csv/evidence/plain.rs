//! `Plain`: counts of the numbers that are written as programs write them.

use tanren_plugin::TimeOrder;

/// Numbers as programs write them.
#[derive(Default)]
pub(super) struct Plain {
    /// Without a point.
    pub(super) whole: usize,
    /// With a point that may be a mark between thousands: 1.234.
    pub(super) grouped: usize,
    /// With any other point.
    pub(super) pointed: usize,
    /// Whole ones of 1000 and more.
    pub(super) large: usize,
    /// Whole, with a zero before other digits, as codes have it: 01234.
    pub(super) padded: usize,
    /// Whole, of so many digits that the last ones are lost, and the first of them.
    pub(super) long: usize,
    pub(super) first_long: Option<String>,
    /// Dates of eight digits, and of fourteen with the time of day.
    pub(super) dates: usize,
    pub(super) long_dates: usize,
    /// The smallest and the largest.
    pub(super) range: Option<(f64, f64)>,
}

impl Plain {
    /// How many there are.
    pub(super) const fn count(&self) -> usize {
        self.whole + self.grouped + self.pointed
    }

    pub(super) fn see(&mut self, cell: &str, x: f64) {
        let (low, high) = self.range.unwrap_or((x, x));
        self.range = Some((low.min(x), high.max(x)));
        match cell.split_once('.') {
            None => {
                let all = [self.dates, self.long_dates].map(|dates| dates == self.whole);
                self.whole += 1;
                self.large += usize::from(x.abs() >= 1000.0);
                if cell.len() > EXACT && is_long(cell, x) {
                    self.long += 1;
                    self.first_long.get_or_insert_with(|| cell.to_owned());
                }
                self.padded += usize::from(cell.len() > 2 && cell.starts_with('0'));
                self.dates += usize::from(all[0] && is_date(cell, TimeOrder::Digits));
                self.long_dates += usize::from(all[1] && is_date(cell, TimeOrder::LongDigits));
            }
            Some((before, after)) => {
                let digits = before.trim_start_matches(['-', '+']);
                let all = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
                let group = (1..=3).contains(&digits.len()) && !digits.starts_with('0');
                match group && after.len() == 3 && all(digits) && all(after) {
                    true => self.grouped += 1,
                    false => self.pointed += 1,
                }
            }
        }
    }
}

/// So many digits of a whole number are kept, whatever they are.
const EXACT: usize = 15;

/// Whether the whole number that was read from a cell is another one than stands there.
fn is_long(cell: &str, x: f64) -> bool {
    let digits = cell.trim_start_matches(['-', '+']);
    let exact = digits.len() <= 30 && digits.parse() == Ok(x.abs() as u128);
    !exact && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Whether digits in this order are a date of the last or the next hundred years.
fn is_date(cell: &str, order: TimeOrder) -> bool {
    let year = cell.get(..4).and_then(|year| year.parse().ok());
    let near = year.is_some_and(|year: u32| (1900..2100).contains(&year));
    near && order.days(cell).is_some()
}

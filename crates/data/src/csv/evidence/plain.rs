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
    /// Dates of eight digits.
    pub(super) dates: usize,
    /// The smallest and the largest.
    pub(super) range: Option<(f64, f64)>,
}

impl Plain {
    pub(super) fn see(&mut self, cell: &str, x: f64) {
        let (low, high) = self.range.unwrap_or((x, x));
        self.range = Some((low.min(x), high.max(x)));
        match cell.split_once('.') {
            None => {
                let all = self.dates == self.whole;
                self.whole += 1;
                self.large += usize::from(x.abs() >= 1000.0);
                self.padded += usize::from(cell.len() > 2 && cell.starts_with('0'));
                self.dates += usize::from(all && is_date(cell));
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

/// Whether eight digits are a date of the last or the next hundred years.
fn is_date(cell: &str) -> bool {
    let year = cell.get(..4).and_then(|year| year.parse().ok());
    let near = year.is_some_and(|year: u32| (1900..2100).contains(&year));
    near && cell.len() == 8 && TimeOrder::Digits.days(cell).is_some()
}

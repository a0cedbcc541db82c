//! `Tally`: what the cells of one column are, over all rows.

use super::cell::{Decimal, clipped, number};
use super::level_set::LevelSet;
use super::pass::Place;
use std::collections::HashSet;
use tanren_plugin::DataError;

/// What somebody wants a column to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wish {
    /// What its cells say.
    #[default]
    Any,
    Category,
    Number,
}

/// What a column is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// All cells are missing.
    Empty,
    Number(Decimal),
    Category,
}

/// A cell that is no finite number.
pub(super) struct Odd {
    place: Place,
    text: String,
    infinite: bool,
}

impl Odd {
    /// The error this cell is in a column of numbers, with `advice` where it is text.
    pub(super) fn error(&self, source: impl std::fmt::Display, advice: &str) -> DataError {
        let text = &self.text;
        let message = match self.infinite {
            true => format!("expected a finite number, found {text:?}"),
            false => format!("expected a number, found {text:?}; {advice}"),
        };
        DataError::new(source, message).line(self.place.line).row(self.place.row)
    }
}

/// The cells of a column as numbers with one decimal mark.
#[derive(Default)]
struct Reading {
    /// How many are numbers, finite or not.
    numbers: usize,
    /// The first that is no finite number.
    odd: Option<Odd>,
    /// Whether some cell is a number with this decimal mark and no other.
    alone: bool,
}

impl Reading {
    fn see(&mut self, cell: &str, number: Option<f64>, place: Place) {
        self.numbers += usize::from(number.is_some());
        if self.odd.is_none() && !number.is_some_and(f64::is_finite) {
            self.odd = Some(Odd { place, text: clipped(cell), infinite: number.is_some() });
        }
    }
}

/// What the cells of a column are.
pub(super) struct Tally {
    pub(super) levels: LevelSet,
    /// The most levels to collect.
    limit: usize,
    /// Cells that are not missing.
    pub(super) present: usize,
    point: Reading,
    comma: Reading,
}

impl Tally {
    /// Collects no more than `limit` levels, and none of a column that begins with a number
    /// unless `always`: such columns are seldom categories, and have many values.
    pub(super) fn new(limit: usize, always: bool) -> Self {
        let levels = if always { LevelSet::Levels(HashSet::new()) } else { LevelSet::Unasked };
        let (point, comma) = (Reading::default(), Reading::default());
        Self { levels, limit, present: 0, point, comma }
    }

    /// Counts a cell that is not missing; `commas` where numbers may have decimal commas. `false`
    /// when the `budget` in bytes of all levels is spent.
    pub(super) fn see(
        &mut self,
        cell: &str,
        place: Place,
        commas: bool,
        budget: &mut usize,
    ) -> bool {
        let point = number(cell, Decimal::Point);
        let comma = if commas { number(cell, Decimal::Comma) } else { None };
        self.point.see(cell, point, place);
        if commas {
            self.comma.see(cell, comma, place);
            self.point.alone |= point.is_some() && comma.is_none();
            self.comma.alone |= comma.is_some() && point.is_none();
        }
        if self.present == 0
            && self.limit > 0
            && point.or(comma).is_none()
            && matches!(self.levels, LevelSet::Unasked)
        {
            self.levels = LevelSet::Levels(HashSet::new());
        }
        self.present += 1;
        self.levels.add(cell, self.limit, budget)
    }

    /// How the numbers of this column are written.
    pub(super) fn decimal(&self) -> Decimal {
        if self.comma.alone && !self.point.alone { Decimal::Comma } else { Decimal::Point }
    }

    /// Whether all cells are finite numbers, of which there is at least one.
    pub(super) fn all_numbers(&self) -> bool {
        self.present > 0 && self.reading().odd.is_none()
    }

    /// What the column is: numbers if all cells are, a category if fewer than 90 % are.
    ///
    /// # Errors
    /// The first cell that is no finite number in a column of numbers.
    pub(super) fn kind(&self, wish: Wish) -> Result<Kind, &Odd> {
        let reading = self.reading();
        let mostly = reading.numbers * 10 >= self.present * 9;
        match (&reading.odd, wish) {
            _ if self.present == 0 => Ok(Kind::Empty),
            (_, Wish::Category) => Ok(Kind::Category),
            (None, _) => Ok(Kind::Number(self.decimal())),
            (Some(_), Wish::Any) if !mostly => Ok(Kind::Category),
            (Some(odd), _) => Err(odd),
        }
    }

    /// The first cell that is no finite number.
    pub(super) fn odd(&self) -> Option<&str> {
        self.reading().odd.as_ref().map(|odd| odd.text.as_str())
    }

    /// How many of a hundred cells that are there are numbers, rounded down.
    pub(super) fn percent_numbers(&self) -> usize {
        self.reading().numbers * 100 / self.present.max(1)
    }

    fn reading(&self) -> &Reading {
        match self.decimal() {
            Decimal::Point => &self.point,
            Decimal::Comma => &self.comma,
        }
    }
}

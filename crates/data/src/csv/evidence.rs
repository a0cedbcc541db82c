//! `Evidence`: what the cells of one column look like, over all rows.

mod choice;
mod plain;

use super::cell::{clipped, is_currency};
use super::level_set::LevelSet;
use super::memo::Memo;
use super::pass::Place;
use plain::Plain;
use tanren_plugin::{Marks, Notation, Skeleton, TimeOrder};

/// A column of numbers is a category only if it has no more values than this, and words among them.
pub(super) const FEW: usize = 12;

/// How many equal cells show that a column does not vary.
const PROOF: usize = 10;

/// How many different affixes, choices of orders and words of a column are told apart.
const AFFIXES: usize = 8;
const KINDS: usize = 8;
const WORDS: usize = 16;

/// The longest cell that is looked at as a time.
const LONGEST_TIME: usize = 64;

/// How many cells are looked at as times before it is clear that they are none.
const PATIENCE: usize = 1000;

/// A cell, and where it is.
pub(super) struct Sample {
    pub(super) text: String,
    pub(super) place: Place,
}

impl Sample {
    fn new(cell: &str, place: Place) -> Self {
        Self { text: clipped(cell).into_owned(), place }
    }
}

/// Numbers with the same text before and after them.
struct Affix {
    prefix: String,
    suffix: String,
    /// Whether a blank stands before the suffix of all.
    apart: bool,
    /// How many of them are numbers with each of the marks.
    marks: [usize; Marks::ALL.len()],
    first: Sample,
}

/// In which orders a cell is a time.
type Order = [bool; TimeOrder::WRITTEN.len()];

/// What a text that is no plain number looks like.
#[derive(Clone, Copy, Default)]
struct Look {
    /// The place of its affix, and with which of the marks it is a number.
    affix: Option<(usize, [bool; Marks::ALL.len()])>,
    /// In which orders it is a time.
    orders: Order,
}

impl Look {
    /// Whether it is neither a number nor a time.
    fn is_word(&self) -> bool {
        self.affix.is_none() && !self.is_time()
    }

    /// Whether it is a time.
    fn is_time(&self) -> bool {
        self.orders.contains(&true)
    }
}

/// What the cells of a column are.
pub(super) struct Evidence {
    pub(super) levels: LevelSet,
    /// The most levels to collect, of a column that has words.
    limit: usize,
    /// Whether to collect them even if there are only numbers, and how many of these otherwise.
    always: bool,
    few: usize,
    /// Cells that are not missing.
    pub(super) present: usize,
    /// The notation that was said, and how many cells are so written.
    said: Option<(Notation, usize)>,
    /// The first cell that is not written as was said or, without that, is no plain number.
    odd: Option<Sample>,
    /// The first infinite number.
    pub(super) infinite: Option<Sample>,
    plain: Plain,
    affixes: Vec<Affix>,
    orders: [usize; TimeOrder::WRITTEN.len()],
    /// How many cells are times in some order, and the first in each choice of orders.
    timed: usize,
    kinds: Vec<(Order, Sample)>,
    /// Texts that are neither numbers nor times, as many as are told apart.
    pub(super) words: Vec<Sample>,
    pub(super) more_words: bool,
    /// How many cells are such texts.
    pub(super) worded: usize,
    stopped_early: bool,
    /// What texts look like that were met before, and are among the levels where these are known.
    met: Memo<Look>,
    /// The first cell, and whether another differs from it.
    first: Option<String>,
    varies: bool,
}

/// The number that a cell is as programs write it, infinite ones too.
fn plain_number(cell: &str) -> Option<f64> {
    // Most texts are told by their first character: `inf` and what has a sign are not.
    let may_be = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'i' | b'I');
    let number =
        cell.as_bytes().first().filter(|byte| may_be(byte)).and_then(|_| cell.parse().ok());
    number.filter(|x: &f64| !x.is_nan())
}

/// How likely commas stand before fractions, as the rest of the file has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Commas {
    /// Not.
    Unlikely,
    /// Cells are separated by semicolons.
    Likely,
    /// They do in other columns.
    Sure,
}

impl Evidence {
    /// Collects no more than `limit` levels, and few of a column that begins with numbers unless
    /// `always`: such columns are seldom categories, and have many values.
    /// What it remembers is room for one of `columns`.
    pub(super) fn new(
        limit: usize,
        always: bool,
        few: usize,
        said: Option<Notation>,
        columns: usize,
    ) -> Self {
        Self {
            levels: LevelSet::new(),
            limit,
            always,
            few,
            present: 0,
            said: said.map(|notation| (notation, 0)),
            odd: None,
            infinite: None,
            plain: Plain::default(),
            affixes: Vec::new(),
            orders: [0; TimeOrder::WRITTEN.len()],
            timed: 0,
            kinds: Vec::new(),
            words: Vec::new(),
            more_words: false,
            worded: 0,
            stopped_early: false,
            met: Memo::of_column(columns),
            first: None,
            varies: false,
        }
    }

    /// Counts a cell that is not missing. `false` when the `budget` in bytes of all levels is spent.
    pub(super) fn see(&mut self, cell: &str, place: Place, budget: &mut usize) -> bool {
        self.present += 1;
        match &self.first {
            None => self.first = Some(cell.to_owned()),
            Some(first) => self.varies = self.varies || first != cell,
        }
        let number = plain_number(cell);
        let collects = matches!(self.levels, LevelSet::Levels(_));
        if self.said.is_none()
            && (number.is_none() || collects)
            && let Some(look) = self.met.find(cell)
        {
            match number {
                Some(x) => self.plain.see(cell, x),
                None => self.count(&look),
            }
            return true;
        }
        if let Some((notation, fits)) = &mut self.said {
            match notation.value(cell).filter(|x| x.is_finite()) {
                Some(_) => *fits += 1,
                None if number.is_some_and(f64::is_infinite) => {
                    self.infinite.get_or_insert_with(|| Sample::new(cell, place));
                }
                None => {
                    self.odd.get_or_insert_with(|| Sample::new(cell, place));
                }
            }
        }
        let look = match number {
            Some(x) if x.is_infinite() => {
                self.infinite.get_or_insert_with(|| Sample::new(cell, place));
                None
            }
            Some(x) => {
                self.plain.see(cell, x);
                Some(Look::default()).filter(|_| collects)
            }
            None => Some(self.see_text(cell, place)),
        };
        if let Some(look) = look {
            self.met.keep(cell, look);
        }
        if !collects {
            return true;
        }
        let few = !self.always && self.affixes.is_empty() && self.words.is_empty();
        let limit = if few { self.limit.min(self.few) } else { self.limit };
        let fits = self.levels.add(cell, self.present, limit, budget);
        self.stopped_early |= few && matches!(self.levels, LevelSet::TooMany(_));
        fits
    }

    /// Counts a text that looks so.
    fn count(&mut self, look: &Look) {
        if look.is_word() {
            self.worded += 1;
            return;
        }
        let add = |(all, one): (&mut usize, bool)| *all += usize::from(one);
        if let Some((at, marks)) = look.affix
            && let Some(affix) = self.affixes.get_mut(at)
        {
            affix.marks.iter_mut().zip(marks).for_each(add);
        }
        self.orders.iter_mut().zip(look.orders).for_each(add);
        self.timed += usize::from(look.is_time());
    }

    /// Counts a cell that is no plain number and was not met before.
    fn see_text(&mut self, cell: &str, place: Place) -> Look {
        if self.said.is_none() {
            self.odd.get_or_insert_with(|| Sample::new(cell, place));
        }
        let look = match cell.bytes().any(|b| b.is_ascii_digit()) {
            true => Look { affix: self.affix(cell, place), orders: self.orders_of(cell) },
            false => Look::default(),
        };
        self.count(&look);
        let new = || self.kinds.iter().all(|(orders, _)| *orders != look.orders);
        if look.is_time() && self.kinds.len() < KINDS && new() {
            self.kinds.push((look.orders, Sample::new(cell, place)));
        }
        if look.is_word() && !self.more_words {
            let text = clipped(cell);
            if self.words.iter().all(|word| word.text != text) {
                match self.words.len() < WORDS {
                    true => self.words.push(Sample::new(cell, place)),
                    false => self.more_words = true,
                }
            }
        }
        look
    }

    /// Of a number with other marks, or with something before or after it, the place of its affix
    /// and the marks with which it is one.
    fn affix(&mut self, cell: &str, place: Place) -> Option<(usize, [bool; Marks::ALL.len()])> {
        let skeleton = Skeleton::of(cell)?;
        let Skeleton { prefix, suffix, apart, .. } = skeleton;
        if !(prefix.is_empty() || is_currency(prefix)) {
            return None;
        }
        let fits = Marks::ALL.map(|marks| skeleton.number(marks).is_some());
        if !fits.contains(&true) {
            return None;
        }
        let same = |affix: &Affix| affix.prefix == prefix && affix.suffix == suffix;
        let place = match self.affixes.iter().position(same) {
            Some(place) => {
                if let Some(affix) = self.affixes.get_mut(place) {
                    affix.apart &= apart;
                }
                place
            }
            None if self.affixes.len() == AFFIXES => return None,
            None => {
                let (prefix, suffix) = (prefix.to_owned(), suffix.to_owned());
                let first = Sample::new(cell, place);
                let marks = [0; Marks::ALL.len()];
                self.affixes.push(Affix { prefix, suffix, apart, marks, first });
                self.affixes.len() - 1
            }
        };
        Some((place, fits))
    }

    /// In which orders a cell is a time.
    fn orders_of(&self, cell: &str) -> Order {
        let none = self.present > PATIENCE && self.orders.iter().all(|count| *count == 0);
        if none || cell.len() > LONGEST_TIME {
            return [false; TimeOrder::WRITTEN.len()];
        }
        TimeOrder::WRITTEN.map(|order| order.days(cell).is_some())
    }

    /// Whether all cells have the same text, of which there are enough to say so.
    pub(super) fn is_constant(&self) -> bool {
        self.present >= PROOF && !self.varies
    }

    /// Whether levels were no longer collected because there were only numbers so far.
    pub(super) const fn has_stopped_early(&self) -> bool {
        self.stopped_early
    }

    /// The first cell.
    pub(super) fn first(&self) -> Option<&str> {
        self.first.as_deref()
    }

    /// Whether a notation was said.
    pub(super) const fn is_said(&self) -> bool {
        self.said.is_some()
    }
}

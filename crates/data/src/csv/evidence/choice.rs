//! How the numbers or times of a column are written, by all of its cells.

use super::plain::Plain;
use super::{Affix, Commas, Evidence, Sample};
use tanren_plugin::{Figures, Marks, Notation, TimeOrder};

impl Affix {
    /// Whether nothing stands before or after these numbers.
    const fn is_empty(&self) -> bool {
        self.prefix.is_empty() && self.suffix.is_empty()
    }

    /// How many are numbers with the marks at this place of [`Marks::ALL`].
    fn with(&self, at: usize) -> usize {
        self.marks.get(at).copied().unwrap_or(0)
    }
}

impl Evidence {
    /// The first cell that is no number in a notation.
    pub(in crate::csv) fn misfit(&self, notation: &Notation) -> Option<&Sample> {
        if self.said.is_some() {
            return self.odd.as_ref();
        }
        let fits = |sample: &&Sample| notation.value(&sample.text).is_none();
        let affixes = self.affixes.iter().map(|affix| &affix.first);
        let all = self.words.iter().chain(affixes).chain(&self.odd).filter(fits);
        all.min_by_key(|sample| sample.place.row)
    }

    /// A number with one unit and one with another, where there are such.
    pub(in crate::csv) fn units(&self) -> Option<(&str, &str)> {
        let mut units = self.affixes.iter().filter(|affix| !affix.suffix.is_empty());
        Some((&units.next()?.first.text, &units.next()?.first.text))
    }

    /// The notation in which most cells are numbers, and how many these are.
    pub(in crate::csv) fn numbers(&self, commas: Commas) -> (Notation, usize) {
        if let Some((notation, fits)) = &self.said {
            return (notation.clone(), *fits);
        }
        let mut best = (Figures::default(), 0);
        let Plain { whole, grouped, pointed, .. } = self.plain;
        if whole + grouped + pointed == self.present && (grouped == 0 || commas != Commas::Sure) {
            return (Notation::default(), self.present);
        }
        for at in self.preferred(commas) {
            let Some(&marks) = Marks::ALL.get(at) else { continue };
            let bare = self.bare(at);
            let mut offer = |figures: Figures, fits: usize| {
                if fits > best.1 {
                    best = (figures, fits);
                }
            };
            let none = || Figures { marks, ..Figures::default() };
            offer(none(), bare);
            let multiple = |a: &&Affix| {
                a.prefix.is_empty() && a.suffix.len() == 1 && Figures::multiple(&a.suffix).is_some()
            };
            let multiples = self.affixes.iter().filter(multiple);
            let multiples: usize = multiples.map(|affix| affix.with(at)).sum();
            if multiples > 0 {
                offer(Figures { multiples: true, ..none() }, multiples + bare);
            }
            for affix in self.affixed() {
                let (prefix, suffix) = (affix.prefix.clone(), affix.suffix.clone());
                let bare = if suffix == "%" { 0 } else { bare };
                // What most numbers do without is no unit of the others.
                let marked = affix.with(at);
                if marked >= bare {
                    offer(Figures { prefix, suffix, ..none() }, marked + bare);
                }
            }
        }
        (Notation::Number(best.0), best.1)
    }

    /// How many cells without anything before or after them are numbers with the marks at this
    /// place of [`Marks::ALL`].
    fn bare(&self, at: usize) -> usize {
        let Some(marks) = Marks::ALL.get(at) else { return 0 };
        let Plain { whole, grouped, pointed, .. } = self.plain;
        let bare = self.affixes.iter().find(|affix| affix.is_empty());
        let marked = bare.map_or(0, |affix| affix.with(at));
        let point = if marks.decimal == '.' { pointed } else { 0 };
        let either = marks.decimal == '.' || marks.group == Some('.');
        whole + point + if either { grouped } else { 0 } + marked
    }

    /// Numbers with something before or after them.
    fn affixed(&self) -> impl Iterator<Item = &Affix> {
        self.affixes.iter().filter(|affix| !affix.is_empty())
    }

    /// Places of [`Marks::ALL`], the likeliest first of those that fit as well.
    const fn preferred(&self, commas: Commas) -> [usize; Marks::ALL.len()] {
        match commas {
            Commas::Unlikely => [0, 2, 4, 6, 1, 3, 5],
            Commas::Likely => [0, 1, 3, 5, 2, 4, 6],
            Commas::Sure if self.plain.grouped > 0 => [3, 1, 5, 0, 2, 4, 6],
            Commas::Sure => [1, 3, 5, 0, 2, 4, 6],
        }
    }

    /// Whether this column shows that fractions follow commas, or that they follow points.
    pub(in crate::csv) fn votes_for_commas(&self) -> Option<bool> {
        let most = |decimal: char| {
            let marks = Marks::ALL.iter().enumerate().filter(|(_, marks)| marks.decimal == decimal);
            let fits = marks.map(|(at, _)| {
                self.bare(at) + self.affixed().map(|affix| affix.with(at)).max().unwrap_or(0)
            });
            fits.max().unwrap_or(0)
        };
        let (commas, points) = (most(','), most('.'));
        let numbers = 2 * commas.max(points) > self.present;
        (numbers && commas != points).then_some(commas > points)
    }

    /// The order in which most cells are times, how many these are, and whether day and month may
    /// be the other way round.
    pub(in crate::csv) fn times(&self, commas: Commas) -> (TimeOrder, usize, bool) {
        let of = |order: TimeOrder| {
            let at = TimeOrder::WRITTEN.iter().position(|written| *written == order);
            at.and_then(|at| self.orders.get(at)).copied().unwrap_or(0)
        };
        let most = TimeOrder::WRITTEN.into_iter().rev().max_by_key(|order| of(*order));
        let most = most.unwrap_or(TimeOrder::YearMonthDay);
        let (month, day) = (of(TimeOrder::MonthDayYear), of(TimeOrder::DayMonthYear));
        if most != TimeOrder::MonthDayYear || month != day {
            return (most, of(most), false);
        }
        // In America the month comes first, and fractions follow points.
        let written = self.first().unwrap_or_default();
        let named = written.contains(char::is_alphabetic);
        let day_first = written.contains('.') || commas != Commas::Unlikely;
        let order = if day_first { TimeOrder::DayMonthYear } else { TimeOrder::MonthDayYear };
        (order, month, !named)
    }

    /// The dates of eight digits, if all cells are such.
    pub(in crate::csv) fn all_dates(&self) -> bool {
        self.plain.dates > 2 && self.plain.dates == self.present && self.varies
    }

    /// Whether these are whole numbers, some of which begin with a zero.
    pub(in crate::csv) const fn looks_like_codes(&self) -> bool {
        self.plain.padded > 0 && self.plain.whole == self.present
    }

    /// The smallest and the largest plain number, where all cells are whole.
    pub(in crate::csv) fn whole_range(&self) -> Option<(f64, f64)> {
        self.plain.range.filter(|_| self.plain.whole == self.present)
    }
}

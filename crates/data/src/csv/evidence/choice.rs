//! How the numbers or times of a column are written, by all of its cells.

use super::plain::Plain;
use super::{Affix, Commas, Evidence, Order, Sample};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use tanren_plugin::{Figures, Marks, Notation, TimeOrder};

impl Affix {
    /// Whether nothing stands before or after these numbers.
    const fn is_empty(&self) -> bool {
        self.prefix.is_empty() && self.suffix.is_empty()
    }

    /// Whether these are thousands, millions and so on.
    fn is_multiple(&self) -> bool {
        !self.suffix.is_empty() && Figures::multiple(&self.suffix).is_some()
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
        let grouped = self.plain.grouped;
        let thousands = grouped > 0 && self.thousands(commas).is_some();
        let points = grouped == 0 || commas != Commas::Sure && !thousands;
        if self.plain.count() == self.present && points {
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
            let unit = self.has_letter_for_unit();
            for (prefix, multiples) in self.multiples(at).into_iter().filter(|_| !unit) {
                offer(Figures { prefix, multiples: true, ..none() }, multiples + bare);
            }
            for affix in self.affixed().filter(|affix| unit || !affix.is_multiple()) {
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

    /// Whether all cells are numbers with one and the same letter behind a blank, which may be a unit as
    /// well as a multiple: `282 K`. With multiples, some would have another or none.
    fn has_letter_for_unit(&self) -> bool {
        let [affix] = self.affixes.as_slice() else { return false };
        affix.apart && Figures::may_be_unit(&affix.suffix) && self.plain.count() == 0
    }

    /// The letter that multiplies the numbers of a column, `K` if there are several.
    pub(in crate::csv) fn letter(&self) -> Option<&str> {
        let mut letters = self.affixes.iter().filter(|affix| affix.is_multiple());
        let first = letters.next()?.suffix.as_str();
        Some(if letters.all(|affix| affix.suffix == first) { first } else { "K" })
    }

    /// Two cells that are times, but not in one order, where nearly all cells are times, and an order of
    /// the first: two dates, or where all dates are in one order a date and a time of day.
    pub(in crate::csv) fn two_orders(&self) -> Option<(&str, &str, TimeOrder)> {
        let differ = |one: &Order, other: &Order| !one.iter().zip(other).any(|(a, b)| *a && *b);
        let pairs =
            self.kinds.iter().enumerate().flat_map(|(at, one)| {
                self.kinds.iter().skip(at + 1).map(move |other| (one, other))
            });
        let order =
            |kind: &Order| TimeOrder::WRITTEN.into_iter().zip(*kind).find(|(_, fits)| *fits);
        let of_day = |kind: &Order| order(kind).is_some_and(|(order, _)| order == TimeOrder::Clock);
        let pairs = pairs.filter(|(one, other)| differ(&one.0, &other.0));
        let pairs =
            pairs.map(|(one, other)| if of_day(&one.0) { (other, one) } else { (one, other) });
        let (one, other) = pairs
            .min_by_key(|(_, other)| of_day(&other.0))
            .filter(|_| 10 * self.timed >= 9 * self.present)?;
        order(&one.0).map(|(order, _)| (one.1.text.as_str(), other.1.text.as_str(), order))
    }

    /// How many percent of the cells are times, and a text that is none, where that is no number either.
    pub(in crate::csv) fn times_among_texts(&self) -> Option<(usize, &str)> {
        let other = self.words.first()?;
        let share = 100 * self.timed / self.present.max(1);
        (share > 0).then_some((share, other.text.as_str()))
    }

    /// The prefixes of thousands, millions and so on, and how many numbers with the marks at this place of
    /// [`Marks::ALL`] have them, with a letter or without.
    fn multiples(&self, at: usize) -> BTreeMap<String, usize> {
        let mut multiples = BTreeMap::new();
        for affix in self.affixes.iter().filter(|affix| affix.is_multiple()) {
            *multiples.entry(affix.prefix.clone()).or_default() += affix.with(at);
        }
        let alone =
            self.affixes.iter().filter(|affix| affix.suffix.is_empty() && !affix.is_empty());
        for affix in alone {
            multiples.entry(affix.prefix.clone()).and_modify(|count| *count += affix.with(at));
        }
        multiples.retain(|_, count| *count > 0);
        multiples
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
    fn preferred(&self, commas: Commas) -> [usize; Marks::ALL.len()] {
        match (commas, self.thousands(commas)) {
            (_, Some('.')) => [3, 1, 5, 0, 2, 4, 6],
            (_, Some(_)) => [2, 0, 4, 6, 1, 3, 5],
            (Commas::Unlikely, None) => [0, 2, 4, 6, 1, 3, 5],
            (Commas::Likely, None) => [0, 1, 3, 5, 2, 4, 6],
            (Commas::Sure, None) if self.plain.grouped > 0 => [3, 1, 5, 0, 2, 4, 6],
            (Commas::Sure, None) => [1, 3, 5, 0, 2, 4, 6],
        }
    }

    /// The mark between thousands of a column in which three digits follow each mark, and no number
    /// without a mark reaches 1000: few fractions would have so many digits, and all of them.
    fn thousands(&self, commas: Commas) -> Option<char> {
        const ENOUGH: usize = 3;
        let Plain { whole, grouped, pointed, large, .. } = self.plain;
        if large > 0 || pointed > 0 || 20 * whole < self.present {
            return None;
        }
        let marked = |at: usize| {
            let bare = self.affixes.iter().find(|affix| affix.is_empty());
            bare.map_or(0, |affix| affix.with(at))
        };
        let (fraction, group) = (marked(1), marked(2));
        match commas {
            Commas::Likely | Commas::Sure if grouped >= ENOUGH && fraction == 0 => Some('.'),
            Commas::Likely if group >= ENOUGH && fraction == group && grouped == 0 => Some(','),
            _ => None,
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

    /// The order in which most cells are times, how many these are, and whether it may be another one.
    pub(in crate::csv) fn times(&self, commas: Commas) -> (TimeOrder, usize, bool) {
        let of = |order: TimeOrder| {
            let at = TimeOrder::WRITTEN.iter().position(|written| *written == order);
            at.and_then(|at| self.orders.get(at)).copied().unwrap_or(0)
        };
        let (month, day) = (of(TimeOrder::MonthDayYear), of(TimeOrder::DayMonthYear));
        let most = TimeOrder::WRITTEN.into_iter().rev().max_by_key(|order| of(*order));
        let most = most.unwrap_or(TimeOrder::YearMonthDay);
        if of(most) > month.max(day) || of(most) == 0 {
            return (most, of(most), false);
        }
        // A year of two digits may be a day as well, and seldom comes first.
        let year_first = of(TimeOrder::YearMonthDay) == of(most);
        let written = self.first().unwrap_or_default();
        let named = written.contains(char::is_alphabetic);
        // With slashes the month comes first, as in America, unless fractions follow commas.
        let month_first = written.contains('/') && commas == Commas::Unlikely;
        let order = match month.cmp(&day) {
            Ordering::Greater => TimeOrder::MonthDayYear,
            Ordering::Equal if month_first => TimeOrder::MonthDayYear,
            _ => TimeOrder::DayMonthYear,
        };
        let ambiguous = month == day || year_first && written.contains('-');
        (order, of(order), ambiguous && !named)
    }

    /// How dates of eight or fourteen digits are written, if all cells are such.
    pub(in crate::csv) fn all_dates(&self) -> Option<TimeOrder> {
        let Plain { dates, long_dates, .. } = self.plain;
        let orders = [(dates, TimeOrder::Digits), (long_dates, TimeOrder::LongDigits)];
        let all = |dates: usize| dates > 2 && dates == self.present && self.varies;
        orders.into_iter().find(|(dates, _)| all(*dates)).map(|(_, order)| order)
    }

    /// Whether these are whole numbers, some of which begin with a zero.
    pub(in crate::csv) const fn looks_like_codes(&self) -> bool {
        self.plain.padded > 0 && self.plain.whole == self.present
    }

    /// How many of these are whole numbers that lose their last digits, and the first of them.
    pub(in crate::csv) fn long_numbers(&self) -> Option<(usize, &str)> {
        self.plain.first_long.as_deref().map(|first| (self.plain.long, first))
    }

    /// The smallest and the largest number, where all cells are plain ones.
    pub(in crate::csv) fn plain_range(&self) -> Option<(f64, f64)> {
        self.plain.range.filter(|_| self.plain.count() == self.present)
    }
}

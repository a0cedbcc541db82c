//! Numbers that name columns: years, and columns that are counted.

use super::below::{Below, is_year};
use super::cell::{Words, is_placeholder, is_value};

/// Whether a first record with numbers in it is a header all the same.
///
/// Its numbers are years or count the columns, as those below do not, or lie far from these, below a
/// word for a column of numbers; or they are few beside such words. All else in it must be words that
/// do not occur below: a first row without a header may have a missing value or a category.
pub(super) fn are_names(first: &[String], below: &Below, words: &Words) -> bool {
    if below.rows < 2 {
        return false;
    }
    let (numbers, others): (Vec<usize>, Vec<usize>) =
        (0..first.len()).partition(|&column| is_value(&first[column]));
    let is_word = |&column: &usize| {
        let (cell, below) = (first[column].as_str(), below.columns.get(column));
        let is_name = !words.missing(cell) && !is_placeholder(cell);
        column == 0 && cell.is_empty() || is_name && below.is_none_or(|below| !below.as_first)
    };
    if !others.iter().all(is_word) {
        return false;
    }
    let others: Vec<usize> = others.into_iter().filter(|&c| !first[c].is_empty()).collect();
    let above = others.iter().filter(|&&column| below.has_numbers(column)).count();
    if above >= 3 && 4 * numbers.len() <= first.len() {
        return true;
    }

    let digits = |&column: &usize| {
        let cell = first[column].as_str();
        let plain = cell.bytes().all(|b| b.is_ascii_digit());
        cell.parse::<u32>().ok().filter(|_| plain)
    };
    let Some(counts) = numbers.iter().map(digits).collect::<Option<Vec<u32>>>() else {
        return false;
    };
    let years = numbers.iter().all(|&column| is_year(&first[column]));
    let consecutive = counts.windows(2).all(|pair| pair[1] == pair[0].saturating_add(1));
    let nameless = first.first().is_some_and(String::is_empty);
    let enough = match (others.is_empty(), years) {
        (false, _) => 2,
        (true, true) if nameless => 2,
        (true, true) => 3,
        (true, false) => 4,
    };
    let seldom = || {
        let of_years = |&column: &usize| below.columns.get(column).map_or(0, |c| c.years);
        numbers.iter().all(|column| 5 * of_years(column) <= below.rows)
    };
    let counts_on = 5 * below.runs > below.rows || years && !seldom();
    let starts = years || counts.first().is_some_and(|&first| first <= 1);
    if consecutive && starts && counts.len() >= enough && !counts_on {
        return true;
    }
    // How far a number is outside the range of those below, in widths of that range.
    let outside = |widths: f64| {
        numbers.iter().zip(&counts).all(|(&column, &count)| {
            let range = below.columns.get(column).and_then(|below| below.range);
            range.is_some_and(|(least, most)| {
                let (count, room) = (f64::from(count), widths * (most - least));
                count < least - room || count > most + room
            })
        })
    };
    !others.is_empty() && (years && seldom() && outside(0.0) || above > 0 && outside(1.0))
}

//! `times`: the places in time of texts, all of which are written in one way.

use crate::column_setting::format_of;
use tanren_plugin::{Notation, TimeOrder};

/// What each text of a column is in the one notation in which all are numbers or times.
///
/// # Errors
/// The place of a text that is neither, or that may be two times, and what to say of it.
pub(crate) fn times(
    who: &str,
    column: &str,
    texts: &[String],
) -> Result<Vec<f64>, (usize, String)> {
    let orders = TimeOrder::WRITTEN.into_iter().map(Notation::Time);
    let notations: Vec<Notation> = std::iter::once(Notation::default()).chain(orders).collect();
    let values = |notation: &Notation| -> Vec<Option<f64>> {
        texts.iter().map(|text| notation.value(text).filter(|x| x.is_finite())).collect()
    };
    let all: Vec<(Notation, Vec<Option<f64>>)> =
        notations.into_iter().map(|notation| (notation.clone(), values(&notation))).collect();
    let mut whole = all.iter().filter_map(|(notation, values)| {
        let values: Option<Vec<f64>> = values.iter().copied().collect();
        values.map(|values| (notation, values))
    });
    let Some((notation, times)) = whole.next() else { return Err(odd(who, texts, &all)) };
    // 01/02/2024 and 02/01/2024: two orders may put them differently.
    let other = whole.find(|(_, other)| !same_order(&times, other));
    match other {
        None => Ok(times),
        Some((other, values)) => {
            let place = times.iter().zip(&values).position(|(one, two)| one != two);
            let place = place.unwrap_or_default();
            let message = format!(
                "expected times, by which {who} puts rows in order, found {}, which may be written \
                 like {notation} or like {other}: say which, as in `{}`",
                shown(texts, place),
                format_of(column, other)
            );
            Err((place, message))
        }
    }
}

/// Whether numbers are in the same order as others.
fn same_order(one: &[f64], two: &[f64]) -> bool {
    let mut places: Vec<usize> = (0..one.len().min(two.len())).collect();
    places.sort_by(|&a, &b| one[a].total_cmp(&one[b]));
    places.windows(2).all(|pair| {
        let [a, b] = [pair[0], pair[1]];
        one[a].total_cmp(&one[b]) == two[a].total_cmp(&two[b])
    })
}

/// The first text that is not written as most are, and what to say of it.
fn odd(who: &str, texts: &[String], all: &[(Notation, Vec<Option<f64>>)]) -> (usize, String) {
    let fits = |values: &[Option<f64>]| values.iter().flatten().count();
    let best = all.iter().rev().max_by_key(|(_, values)| fits(values));
    let place = best.and_then(|(_, values)| values.iter().position(Option::is_none)).unwrap_or(0);
    let most = match best {
        Some((notation, values)) if fits(values) > 0 && !notation.is_plain() => {
            format!(", where others are written like {notation}")
        }
        _ => String::new(),
    };
    let message = format!(
        "expected a time or a number in every row, by which {who} puts rows in order, found {}{most}; \
         times are written like 2024-12-31, 31.12.2024, 12/31/2024, 2024-12, 2024-W05 or 23:59, one way in \
         the whole column",
        shown(texts, place)
    );
    (place, message)
}

fn shown(texts: &[String], place: usize) -> String {
    texts.get(place).map(|text| format!("{text:?}")).unwrap_or_default()
}

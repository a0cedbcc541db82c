//! What the values of one input column are like, and a field without some of its columns.

use std::collections::HashSet;
use tanren_plugin::{Feature, Field, Fingerprint, Moment, Notation, Values};
use tanren_tensor::Shape;

/// What the values of a column are like, over all rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// The same for columns that are equal in every row.
    pub(super) same: Fingerprint,
    /// Whether each value is the one before plus 1, or minus 1.
    pub(super) counts_rows: bool,
    /// Whether all are whole numbers and no two are equal.
    pub(super) all_differ: bool,
    /// Whether, as days since 1970, all are on the same day of the month.
    pub(super) same_day_of_month: bool,
    low: f64,
    high: f64,
}

impl Facts {
    /// Whether the values hardly change.
    pub(super) fn is_still(&self) -> bool {
        self.high - self.low < 1e-9
    }

    /// Whether all rows have the same value, or none.
    pub(super) fn is_constant(&self) -> bool {
        self.low >= self.high
    }

    /// Whether counting begins at 0 or 1.
    pub(super) fn starts_low(&self) -> bool {
        self.low == 0.0 || self.low == 1.0
    }
}

/// The values of the feature `at`, row by row.
pub(super) fn column(field: &Field, at: usize) -> impl Iterator<Item = f64> {
    let width = field.width().max(1);
    (at..field.values.len()).step_by(width).map(|place| field.values.number(place))
}

/// Looks at the feature `at`.
pub(super) fn facts(field: &Field, at: usize) -> Facts {
    let mut facts = Facts {
        same: Fingerprint::default(),
        counts_rows: true,
        all_differ: true,
        same_day_of_month: true,
        low: f64::INFINITY,
        high: f64::NEG_INFINITY,
    };
    let timed = field.spec.features.get(at).is_some_and(is_time);
    let (mut before, mut step, mut day): (Option<f64>, Option<f64>, Option<i64>) =
        (None, None, None);
    for x in column(field, at) {
        facts.same.add(x.to_bits());
        facts.low = facts.low.min(x);
        facts.high = facts.high.max(x);
        facts.all_differ &= x.fract() == 0.0;
        if let Some(before) = before.replace(x) {
            let now = x - before;
            facts.counts_rows &= now.abs() == 1.0 && step.is_none_or(|step| step == now);
            step = Some(now);
        }
        if timed && facts.same_day_of_month && !x.is_nan() {
            let now = day_of_month(Moment(x));
            facts.same_day_of_month = day.is_none_or(|day| day == now);
            day = Some(now);
        }
    }
    facts.all_differ = facts.all_differ && {
        let mut seen = HashSet::new();
        column(field, at).all(|x| seen.insert(x.to_bits()))
    };
    facts
}

/// Whether a feature is a time or its place in a cycle.
pub(super) fn is_time(feature: &Feature) -> bool {
    feature.origin.as_ref().is_some_and(|origin| matches!(origin.notation, Notation::Time(_)))
}

/// The day of the month, from 1.
fn day_of_month(moment: Moment) -> i64 {
    let (year, _) = moment.year_and_days();
    let first = (1..=12)
        .rev()
        .find_map(|month| Moment::of_date(year, month, 1).filter(|first| first.0 <= moment.0));
    first.map_or(0, |first| (moment.0 - first.0).floor() as i64 + 1)
}

/// Takes the features out that are not to be kept.
pub(super) fn retain(field: &mut Field, keep: &[bool]) {
    let Values::Double(values) = &mut field.values else { return };
    let mut of_row = keep.iter().cycle();
    values.retain(|_| of_row.next().copied().unwrap_or(true));
    let mut of_feature = keep.iter();
    field.spec.features.retain(|_| of_feature.next().copied().unwrap_or(true));
    field.spec.shape = Shape::vector(field.spec.features.len());
}

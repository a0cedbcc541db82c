//! `ColumnProfile`: what a column of data is like, for people who want to know before they train.

use crate::profile::each_feature;
use serde::Serialize;
use std::collections::HashSet;
use tanren_plugin::Field;
use tanren_tensor::Welford;

/// The most different numbers that are told apart.
pub const MAX_DISTINCT: usize = 10_000;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnKind {
    /// Measurements.
    Number,
    /// One of some levels.
    Category,
}

/// What one column is like: one feature of a field, or an index.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ColumnProfile {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Values that are there.
    pub count: usize,
    /// Values that are missing.
    pub missing: usize,
    /// Different values among those that are there; from [`MAX_DISTINCT`] on, at least so many.
    pub distinct: usize,
    /// The smallest number; NaN for a category or where there is none.
    pub min: f64,
    /// The largest number.
    pub max: f64,
    /// The mean of the numbers.
    pub mean: f64,
    /// Their standard deviation, with N in the denominator.
    pub std: f64,
    /// The levels of a category and how often each occurs.
    pub levels: Vec<(String, usize)>,
}

/// The profile of every column of a field over `rows`; for sequences, over all their steps.
///
/// # Panics
/// When a row is not in the field.
#[must_use]
pub fn column_profiles(field: &Field, rows: &[usize]) -> Vec<ColumnProfile> {
    let spec = &field.spec;
    let mut profiles = Vec::with_capacity(field.width());
    each_feature(field, rows, |feature, numbers| {
        let (name, levels) = match spec.shape.indices {
            true => (spec.name.clone(), level_names(&spec.levels, spec.shape.features)),
            false => {
                let feature_spec = spec.features.get(feature);
                let levels = feature_spec.map_or(&[][..], |f| &f.levels);
                (spec.feature_name(feature), levels.to_vec())
            }
        };
        profiles.push(column(name, levels, numbers));
    });
    profiles
}

/// The names of all levels of an index, numbered where they have none.
fn level_names(names: &[String], count: usize) -> Vec<String> {
    let count = count.min(names.len().max(MAX_DISTINCT));
    (0..count).map(|k| names.get(k).cloned().unwrap_or_else(|| k.to_string())).collect()
}

fn column(name: String, levels: Vec<String>, numbers: &[f64]) -> ColumnProfile {
    let there = || numbers.iter().copied().filter(|x| !x.is_nan());
    let count = there().count();
    let mut seen = HashSet::new();
    for x in there() {
        if seen.len() == MAX_DISTINCT {
            break;
        }
        seen.insert((x + 0.0).to_bits()); // adding 0 makes −0 the same as 0
    }
    let mut moments = Welford::default();
    let mut occurrences = vec![0_usize; levels.len()];
    match levels.is_empty() {
        true => moments.extend(there()),
        false => there().for_each(|x| {
            // What is no level is counted nowhere.
            if let Some(n) = occurrences.get_mut(x as usize).filter(|_| x >= 0.0) {
                *n += 1;
            }
        }),
    }
    let known = |x: f64| if moments.weight > 0.0 { x } else { f64::NAN };
    ColumnProfile {
        name,
        kind: if levels.is_empty() { ColumnKind::Number } else { ColumnKind::Category },
        count,
        missing: numbers.len() - count,
        distinct: seen.len(),
        min: known(moments.min),
        max: known(moments.max),
        mean: known(moments.mean),
        std: known(moments.std()),
        levels: levels.into_iter().zip(occurrences).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_plugin::Feature;

    #[test]
    fn numbers_and_categories_by_hand() {
        let levels = vec!["a".to_owned(), "b".to_owned()];
        let features = vec![Feature::number("x"), Feature::category("c", levels)];
        let no = f64::NAN;
        let values = vec![1.0, 0.0, 3.0, 1.0, no, 1.0, 3.0, no, 9e9, 0.0];
        let field = Field::numbers("inputs", features, values);
        let profiles = column_profiles(&field, &[0, 1, 2, 3]);
        let x = &profiles[0];
        assert_eq!((x.name.as_str(), x.count, x.missing, x.distinct), ("x", 3, 1, 2));
        assert_eq!((x.min, x.max), (1.0, 3.0));
        assert!((x.mean - 7.0 / 3.0).abs() < 1e-15);
        assert!((x.std - (8.0_f64 / 9.0).sqrt()).abs() < 1e-15);
        let c = &profiles[1];
        assert_eq!((c.kind, c.count, c.missing, c.distinct), (ColumnKind::Category, 3, 1, 2));
        assert_eq!(c.levels, [("a".into(), 1), ("b".into(), 2)]);
        assert!(c.mean.is_nan());
    }

    #[test]
    fn many_different_numbers_are_not_counted_to_the_end() {
        let values: Vec<f64> = (0..30_000).map(f64::from).collect();
        let field = Field::numbers("x", vec![Feature::number("x")], values);
        let rows: Vec<usize> = (0..30_000).collect();
        assert_eq!(column_profiles(&field, &rows)[0].distinct, MAX_DISTINCT);
    }
}

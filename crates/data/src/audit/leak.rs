//! `leak`: whether the target can be read off an input column.

use super::columns::column;
use std::collections::HashMap;
use tanren_plugin::{Field, Values};

/// What a column says about the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Leak {
    No,
    /// The target follows from it, but for few rows or a little noise.
    Near,
    /// It is the target.
    Copy,
}

/// A correlation that no two measurements have.
const CORRELATED: f64 = 0.999_99;

/// The share of rows beside those of the most frequent class whose class may not follow from as many
/// values as there are classes. Rows of that class prove nothing: any column gets them right.
const WRONG: f64 = 0.01;

/// Whether the target can be read off the feature `at`.
pub(super) fn leak(field: &Field, at: usize, target: &Field) -> Leak {
    let category = field.spec.is_category(at);
    match &target.values {
        Values::Indices(classes) => of_classes(field, at, classes, &target.spec.levels),
        Values::Double(values) if target.width() == 1 && !category => of_numbers(field, at, values),
        _ => Leak::No,
    }
}

/// Whether the classes follow from the values of a column.
fn of_classes(field: &Field, at: usize, classes: &[u32], levels: &[String]) -> Leak {
    let most = levels.len();
    // How often each value stands beside each class.
    let mut beside: HashMap<u64, HashMap<u32, usize>> = HashMap::new();
    for (x, &class) in column(field, at).zip(classes) {
        *beside.entry(x.to_bits()).or_default().entry(class).or_default() += 1;
        if beside.len() > most {
            return Leak::No; // other values than the classes have
        }
    }
    if beside.len() < most {
        return Leak::No;
    }
    let name = |bits: u64| match field.spec.features.get(at) {
        Some(feature) if feature.is_category() => {
            let level = f64::from_bits(bits);
            feature.levels.get(level as usize).cloned().unwrap_or_default()
        }
        _ => crate::target::shortest(f64::from_bits(bits)),
    };
    let called = |class: u32| levels.get(class as usize).map(String::as_str).unwrap_or_default();
    let mut right = 0;
    let mut copied = true;
    let mut counts = vec![0_usize; most];
    for (bits, classes) in beside {
        for (&class, count) in &classes {
            counts.get_mut(class as usize).into_iter().for_each(|sum| *sum += count);
        }
        let best = classes.iter().max_by_key(|(_, count)| **count);
        right += best.map_or(0, |(_, count)| *count);
        copied &= classes.len() == 1 && best.is_some_and(|(class, _)| called(*class) == name(bits));
    }
    let others = classes.len() - counts.into_iter().max().unwrap_or(0);
    match copied {
        true => Leak::Copy,
        // Where hardly a class has two rows, any column that differs in all rows tells them apart.
        false if classes.len() < 2 * most => Leak::No,
        false if ((classes.len() - right) as f64) <= WRONG * others as f64 => Leak::Near,
        false => Leak::No,
    }
}

/// Whether the numbers of a column are the target or a multiple of it, but for a constant.
fn of_numbers(field: &Field, at: usize, target: &[f64]) -> Leak {
    let pairs = || column(field, at).zip(target.iter().copied()).filter(|(x, _)| !x.is_nan());
    let count = pairs().count() as f64;
    if count * 2.0 < target.len() as f64 {
        return Leak::No;
    }
    if pairs().all(|(x, y)| x == y) {
        return Leak::Copy;
    }
    if correlation(pairs).abs() > CORRELATED { Leak::Near } else { Leak::No }
}

/// The correlation of the numbers of a column with a target that has one number per row; `None` with any
/// other target.
pub(super) fn trend(field: &Field, at: usize, target: &Field) -> Option<f64> {
    let Values::Double(values) = &target.values else { return None };
    let pairs = || column(field, at).zip(values.iter().copied()).filter(|(x, _)| !x.is_nan());
    (target.width() == 1).then(|| correlation(pairs))
}

/// The correlation of pairs; NaN where one of them does not vary.
fn correlation<I: Iterator<Item = (f64, f64)>>(pairs: impl Fn() -> I) -> f64 {
    let count = pairs().count() as f64;
    let means = pairs().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / count, b + y / count));
    let moment = |(xx, xy, yy): (f64, f64, f64), (x, y): (f64, f64)| {
        let (x, y) = (x - means.0, y - means.1);
        (xx + x * x, xy + x * y, yy + y * y)
    };
    let (xx, xy, yy) = pairs().fold((0.0, 0.0, 0.0), moment);
    xy / (xx * yy).sqrt()
}

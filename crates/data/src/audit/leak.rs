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

/// The share of rows whose class follows from as many values as there are classes.
const DETERMINED: f64 = 0.99;

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
    for (bits, classes) in beside {
        let best = classes.iter().max_by_key(|(_, count)| **count);
        right += best.map_or(0, |(_, count)| *count);
        copied &= classes.len() == 1 && best.is_some_and(|(class, _)| called(*class) == name(bits));
    }
    match copied {
        true => Leak::Copy,
        // Where hardly a class has two rows, any column that differs in all rows tells them apart.
        false if classes.len() < 2 * most => Leak::No,
        false if right as f64 >= DETERMINED * classes.len() as f64 => Leak::Near,
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
    let sums = pairs().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / count, b + y / count));
    let moment = |(xx, xy, yy): (f64, f64, f64), (x, y): (f64, f64)| {
        let (x, y) = (x - sums.0, y - sums.1);
        (xx + x * x, xy + x * y, yy + y * y)
    };
    let (xx, xy, yy) = pairs().fold((0.0, 0.0, 0.0), moment);
    let correlation = xy / (xx * yy).sqrt();
    if correlation.abs() > CORRELATED { Leak::Near } else { Leak::No }
}

//! Which whole numbers are names of classes when nobody says.

use super::{distinct, shortest};
use crate::Task;

/// Whole numbers are classes if there are two of them, or no more kinds than this, each with so many
/// rows …
const FEW: usize = 10;
const ROWS_EACH: usize = 5;

/// … or no more than this, each with so many.
const SEVERAL: usize = 20;
const MANY_ROWS_EACH: usize = 50;

/// What a target of numbers is. It is a class if its values are whole and so few that each has
/// several rows: two different ones, at most 10 with 5 rows each on average, or at most 20 with 50. So the
/// digits 0 to 9 are classes, and grades from 0 to 20 of 400 pupils are numbers to predict.
///
/// `values` are the different ones, none where they are too many to have been counted.
pub(crate) fn task(values: &[f64], rows: usize) -> Task {
    let kinds = values.len();
    let whole = kinds > 0 && values.iter().all(|x| x.fract() == 0.0);
    let two = kinds <= 2;
    let few = kinds <= FEW && rows >= ROWS_EACH * kinds;
    let several = kinds <= SEVERAL && rows >= MANY_ROWS_EACH * kinds;
    if whole && (two || few || several) { Task::Classification } else { Task::Regression }
}

/// The classes that finite numbers are when nobody says, in ascending order; `None` for
/// measurements.
pub(crate) fn classes(numbers: &[f64]) -> Option<Vec<f64>> {
    let values = distinct(numbers, SEVERAL).ok()?;
    (task(&values, numbers.len()) == Task::Classification).then_some(values)
}

/// What to say where it could have been decided otherwise: about whole numbers that are few.
pub(crate) fn note(name: &str, task: Task, values: &[f64], rows: usize) -> Option<String> {
    let kinds = values.len();
    let whole = (2..=50).contains(&kinds) && values.iter().all(|x| x.fract() == 0.0);
    let (first, last) = (shortest(*values.first()?), shortest(*values.last()?));
    let each = match rows / kinds.max(1) {
        0 | 1 => "hardly more than one row each".into(),
        each => format!("{each} rows each on average"),
    };
    let (what, otherwise) = match task {
        Task::Classification => ("classes", "`task = \"regression\"` predicts a number"),
        Task::Regression => ("numbers", "`task = \"classification\"` makes each value a class"),
    };
    whole.then(|| {
        format!(
            "target {name}: {kinds} whole numbers from {first} to {last}, {each}, are taken for {what}; {otherwise}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_whole_numbers_with_many_rows_are_classes() {
        let up_to = |n: u32| (0..n).map(f64::from).collect::<Vec<_>>();
        for (kinds, rows, expected) in [
            (2, 10, Task::Classification),
            (2, 3, Task::Classification),
            (2, 2, Task::Classification),
            (3, 14, Task::Regression),
            (3, 150, Task::Classification),   // iris
            (10, 1797, Task::Classification), // digits
            (6, 1599, Task::Classification),  // the quality of wines
            (18, 395, Task::Regression),      // grades
            (20, 1000, Task::Classification),
            (21, 100_000, Task::Regression),
            (5, 5, Task::Regression),
        ] {
            assert_eq!(task(&up_to(kinds), rows), expected, "{kinds} in {rows}");
        }
        assert_eq!(task(&[0.5, 1.0], 1000), Task::Regression);
        assert_eq!(task(&[], 1000), Task::Regression);
    }
}

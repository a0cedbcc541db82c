//! What every split must satisfy: one part for every row, and rows to train on.

use crate::failure::{self, Failure, ensure};
use tanren_plugin::{Feature, Field, Part, Split, Table};
use tanren_tensor::Stream;

/// Streams that are tried.
const SEEDS: u32 = 4;

/// A table of `rows` rows: two numbers, a class of three and, where it has `parts`, the part of
/// each row, of five rows three for training.
#[must_use]
pub fn table(seed: u64, rows: usize, parts: bool) -> Table {
    let mut draws = Stream::new(seed, "testkit/split").sample(0);
    let values = (0..2 * rows).map(|_| draws.normal()).collect();
    let classes = (0..rows).map(|_| draws.below(3) as u32).collect();
    let features = ["x", "y"].map(Feature::number).to_vec();
    let levels = ["a", "b", "c"].map(String::from).to_vec();
    let part = |row: usize| match row % 5 {
        2 => Part::Validation,
        4 => Part::Test,
        _ => Part::Train,
    };
    Table {
        name: "testkit".into(),
        rows,
        inputs: vec![Field::numbers("input", features, values)],
        targets: vec![Field::classes("class", levels, classes)],
        parts: parts.then(|| (0..rows).map(part).collect()),
        ..Table::default()
    }
}

/// Asserts that a split is right for `table`, such as [`table()`]; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn split(split: &dyn Split, table: &Table) {
    failure::assert(check(split, table));
}

/// Checks, on `table`, which it must be able to split, and on its first 0, 1, 2 and 3 rows, which it
/// may refuse:
///
/// * `every-row`: every row gets one part; `train`: of the parts it gives, that for training is not
///   empty;
/// * `pure`: the same table and stream give the same parts, whatever was asked before;
/// * `folds`: of three folds, if it knows any, each has a part or none for every row, rows to train on and
///   rows to test on, and no row tests twice;
/// * `place`: an error names the table and says something; nothing makes it panic.
///
/// # Errors
/// The first rule that is broken.
pub fn check(split: &dyn Split, table: &Table) -> Result<(), Failure> {
    failure::in_range(split)?;
    table.check().map_err(|error| Failure::new("table", error))?;
    let whole = one(split, table)?;
    folds(split, table)?;
    ensure(whole, "refuses", || {
        let error = split.split(table, stream(0)).map(drop);
        format!("the whole table is refused: {error:?}")
    })?;
    for rows in [0, 1, 2, 3].into_iter().filter(|&rows| rows <= table.rows) {
        let few = table.select(&(0..rows).collect::<Vec<_>>());
        one(split, &few).map_err(|f| f.at(format_args!("the first {rows} rows")))?;
    }
    Ok(())
}

/// Folds of cross-validation in the number that is tried.
const FOLDS: usize = 3;

fn folds(split: &dyn Split, table: &Table) -> Result<(), Failure> {
    for seed in 0..SEEDS {
        let give = || failure::caught(|| split.folds(table, FOLDS, stream(seed)));
        let (given, again) = (give()?, give()?);
        ensure(given == again, "pure", || "the same table and stream give other folds")?;
        let folds = match given {
            Ok(folds) => folds,
            Err(error) => {
                let said = error.source == table.name && !error.message.is_empty();
                let message = || format!("an error that does not name the table: `{error}`");
                ensure(said, "place", message)?;
                continue;
            }
        };
        ensure(folds.len() == FOLDS, "folds", || format!("{} folds of {FOLDS}", folds.len()))?;
        let mut tested = vec![false; table.rows];
        for fold in &folds {
            ensure(fold.len() == table.rows, "folds", || {
                format!("{} parts for {} rows", fold.len(), table.rows)
            })?;
            let has = |part| fold.contains(&Some(part));
            ensure(
                has(Part::Train) && has(Part::Test),
                "folds",
                || "a fold has no rows to train on, or none to test on",
            )?;
            for (tested, part) in tested.iter_mut().zip(fold) {
                let tests = *part == Some(Part::Test);
                ensure(!(tests && *tested), "folds", || "a row tests in two folds")?;
                *tested |= tests;
            }
        }
    }
    Ok(())
}

fn stream(seed: u32) -> Stream {
    Stream::new(seed.into(), "testkit/split")
}

/// Whether the table can be split.
fn one(split: &dyn Split, table: &Table) -> Result<bool, Failure> {
    let give = |seed| failure::caught(|| split.split(table, stream(seed)));
    let first = (0..SEEDS).map(give).collect::<Result<Vec<_>, _>>()?;
    for (seed, given) in (0..SEEDS).zip(&first).rev() {
        let again = give(seed)?;
        ensure(again == *given, "pure", || "the same table and stream give other parts")?;
        match given {
            Ok(parts) => {
                ensure(parts.len() == table.rows, "every-row", || {
                    format!("{} parts for {} rows", parts.len(), table.rows)
                })?;
                ensure(parts.contains(&Part::Train), "train", || {
                    format!("none of {} rows is for training, and that is no error", table.rows)
                })?;
            }
            Err(error) => {
                let said = error.source == table.name && !error.message.is_empty();
                ensure(said, "place", || {
                    format!("an error that does not name the table: `{error}`")
                })?;
            }
        }
    }
    Ok(first.iter().all(Result::is_ok))
}

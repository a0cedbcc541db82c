//! `Strata`: rows by class, shuffled, from which parts are taken that keep the shares of the classes.
//!
//! A part of k rows out of N takes from a class of n rows its share k·n / N, rounded down or up by
//! the method of the largest remainder: all shares are rounded down first, and the rows still
//! missing go to the classes with the largest fractions, the first class winning a tie. So the
//! total is exact and every class within one of its share.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use tanren_plugin::{DataError, Table, Values};
use tanren_tensor::Stream;

/// How many of `total` fall to each class of these sizes, by the largest remainder. A total above
/// the sum of the sizes is taken for the sum.
#[must_use]
pub fn counts(total: usize, sizes: &[usize]) -> Vec<usize> {
    let sum: u128 = sizes.iter().map(|&size| size as u128).sum();
    if sum == 0 {
        return vec![0; sizes.len()];
    }
    let total = (total as u128).min(sum);
    let share = |class: usize| total * sizes[class] as u128; // times 1 / sum
    let mut classes: Vec<usize> = (0..sizes.len()).collect();
    let mut counts: Vec<usize> = classes.iter().map(|&c| (share(c) / sum) as usize).collect();
    let missing = total as usize - counts.iter().sum::<usize>();
    classes.sort_by_key(|&class| Reverse(share(class) % sum));
    classes[..missing].iter().for_each(|&c| counts[c] += 1);
    counts
}

/// Rows by class, each class in random order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strata {
    classes: Vec<Vec<usize>>,
}

impl Strata {
    /// The given rows of a table, by the first target where that is an index, else all in one
    /// class. The order inside a class depends on the stream, the class and which rows it has.
    ///
    /// # Errors
    /// When the first target has no value for a row.
    pub fn new(
        table: &Table,
        rows: impl IntoIterator<Item = usize>,
        stream: Stream,
    ) -> Result<Self, DataError> {
        let mut classes: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for row in rows {
            classes.entry(class(table, row)?).or_default().push(row);
        }
        for (class, rows) in &mut classes {
            rows.sort_unstable();
            stream.named(&class.to_string()).sample(0).shuffle(rows);
        }
        let classes = classes.into_values().collect();
        Ok(Self { classes })
    }

    /// Rows that are left.
    #[must_use]
    pub fn len(&self) -> usize {
        self.classes.iter().map(Vec::len).sum()
    }

    /// Whether no row is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes `total` rows away, from each class its share.
    pub fn take(&mut self, total: usize) -> Vec<usize> {
        let sizes: Vec<usize> = self.classes.iter().map(Vec::len).collect();
        let classes = self.classes.iter_mut().zip(counts(total, &sizes));
        classes.flat_map(|(rows, count)| rows.split_off(rows.len() - count)).collect()
    }
}

/// The class of a row; 0 where the first target is not one index per row.
pub(crate) fn class(table: &Table, row: usize) -> Result<u32, DataError> {
    match table.targets.first() {
        Some(target) if target.spec.shape.indices && target.offsets.is_none() => {
            match &target.values {
                Values::Indices(classes) => classes.get(row).copied().ok_or_else(|| {
                    let found = classes.len();
                    let message = format!("expected a class for each row, found {found} classes");
                    let error = DataError::new(&table.name, message);
                    error.row(row).column(&target.spec.name)
                }),
                _ => Ok(0),
            }
        }
        _ => Ok(0),
    }
}

/// The number of rows a fraction of `rows` is, rounded, half up.
pub(crate) fn fraction_of(rows: usize, fraction: f64) -> usize {
    (fraction * rows as f64).round() as usize
}

/// Refuses to draw rows at random where they overlap in time.
pub(crate) fn refuse_windows(table: &Table) -> Result<(), DataError> {
    match table.spans {
        None => Ok(()),
        Some(_) => Err(DataError::new(
            &table.name,
            "the rows are windows over time, which overlap: a part of random ones knows the targets of the \
             others; divide them by `time`",
        )),
    }
}

/// Refuses a split that leaves no rows to train on.
pub(crate) fn refuse_empty(train: usize, table: &Table) -> Result<(), DataError> {
    if train == 0 {
        let message = format!("the split leaves no rows for training, of {} rows", table.rows);
        return Err(DataError::new(&table.name, message));
    }
    Ok(())
}

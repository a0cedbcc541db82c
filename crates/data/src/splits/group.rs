//! `group`: rows that belong together stay in one part.

use crate::csv::column_name;
use crate::splits::folds::{refuse_few, share, turn};
use crate::splits::key::find;
use crate::splits::strata::{class, fraction_of};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use tanren_plugin::{Checked, DataError, Fold, Part, Split, Table, typetag};
use tanren_tensor::Stream;

/// How many random choices of groups are compared.
const DRAWS: u64 = 16;

/// A random split of whole groups, such as all rows of one patient: none of them is in two parts.
///
/// Rows with the same value of `column` are a group, and so are those that miss it. Of N rows, the
/// groups for testing have together as near to `test · N` as groups allow, and as long as there are
/// others left for the other parts: at most the rows of the largest group more or less. Then the same
/// is done for `validation` among the rest. Of several draws, the one counts that misses these numbers
/// least, of rows and of rows of each class where the first target is an index. A part whose share is not 0 gets at least one group. Parts that
/// the source gave are ignored.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct GroupSplit {
    /// The column that says which group a row belongs to: an input, or one beside the inputs
    /// ([`Csv::beside`](crate::Csv)).
    #[serde(deserialize_with = "name")]
    #[setting(kind = column_name::name_kind)]
    pub column: String,
    /// Share of the rows for testing, in [0, 1).
    #[serde(default = "test")]
    #[setting(from = 0, below = 1)]
    pub test: f64,
    /// Share of the other rows for validation, in [0, 1).
    #[serde(default = "validation")]
    #[setting(from = 0, below = 1)]
    pub validation: f64,
}

fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let missing =
        || D::Error::custom("expected the name of a column or its position, found nothing");
    column_name::optional(from)?.ok_or_else(missing)
}

const fn test() -> f64 {
    0.2
}

const fn validation() -> f64 {
    0.1
}

impl GroupSplit {
    /// Groups by a column, with 20 % of the rows for testing, and 10 % of the others for validation.
    pub fn new(column: impl Into<String>) -> Self {
        Self { column: column.into(), test: test(), validation: validation() }
    }
}

#[typetag::serde(name = "group")]
impl Split for GroupSplit {
    fn split(&self, table: &Table, stream: Stream) -> Result<Vec<Part>, DataError> {
        let error = |message: String| DataError::new(&table.name, message);
        let mut groups = groups(table, &self.column)?;
        let (all, needed) = (groups.len(), 1 + self.shares(table.rows).len());
        if all < needed {
            let column = &self.column;
            return Err(error(format!(
                "the split needs a group for each of {needed} parts, found {all} in column {column:?}"
            )));
        }
        let mut parts = vec![Part::Train; table.rows];
        let shares = self.shares(table.rows);
        for (done, (part, fraction)) in shares.iter().enumerate() {
            let spare = groups.len() - (shares.len() - done);
            let rows: usize = groups.iter().map(|group| group.rows.len()).sum();
            let stream = stream.named(&part.to_string());
            let taken = take(&mut groups, fraction_of(rows, *fraction), spare, stream);
            taken.iter().for_each(|&row| parts[row] = *part);
        }
        Ok(parts)
    }

    /// Each group tests once. `test` is not used.
    fn folds(&self, table: &Table, folds: usize, stream: Stream) -> Result<Vec<Fold>, DataError> {
        let groups = groups(table, &self.column)?;
        let things = format!("groups in column {:?}", self.column);
        refuse_few(table, folds, groups.len(), &things)?;
        let mut left = groups.clone();
        let mut turns = Vec::with_capacity(folds);
        for k in 0..folds {
            let stream = stream.named(&format!("fold {k}"));
            let rows: usize = left.iter().map(|group| group.rows.len()).sum();
            // Each of the other folds needs a group as well.
            let spare = left.len() - (folds - k - 1);
            let test = take(&mut left, share(rows, folds - k), spare, stream);
            let tests: BTreeSet<usize> = test.iter().copied().collect();
            let trains = |group: &&Group| group.rows.iter().all(|row| !tests.contains(row));
            let mut train: Vec<Group> = groups.iter().filter(trains).cloned().collect();
            let wanted = fraction_of(table.rows - test.len(), self.validation);
            let validation = match wanted > 0 && train.len() > 1 {
                true => {
                    let spare = train.len() - 1;
                    take(&mut train, wanted, spare, stream.named("validation"))
                }
                false => Vec::new(),
            };
            turns.push(turn(table.rows, &test, &validation));
        }
        Ok(turns)
    }
}

impl GroupSplit {
    /// The parts beside the one to train on that get any of so many rows.
    fn shares(&self, rows: usize) -> Vec<(Part, f64)> {
        let test = fraction_of(rows, self.test);
        let validation = fraction_of(rows.saturating_sub(test), self.validation);
        let shares =
            [(Part::Test, test, self.test), (Part::Validation, validation, self.validation)];
        let some = shares.into_iter().filter(|(_, rows, _)| *rows > 0);
        some.map(|(part, _, fraction)| (part, fraction)).collect()
    }
}

/// Rows that belong together.
#[derive(Clone)]
struct Group {
    rows: Vec<usize>,
    /// How many of them each class has.
    classes: BTreeMap<u32, usize>,
}

/// The groups of a table, in the order of their values.
fn groups(table: &Table, name: &str) -> Result<Vec<Group>, DataError> {
    let column = find(table, "the split", name)?;
    let mut rows: Vec<(f64, usize)> = (0..table.rows).map(|row| (column.key(row), row)).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    let same = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).is_eq();
    let mut groups = Vec::new();
    for members in rows.chunk_by(same) {
        let mut classes = BTreeMap::new();
        for &(_, row) in members {
            *classes.entry(class(table, row)?).or_default() += 1;
        }
        groups.push(Group { rows: members.iter().map(|&(_, row)| row).collect(), classes });
    }
    Ok(groups)
}

/// Takes groups away that have together about `wanted` rows, at least one and at most `spare` of them.
/// The rows of these groups.
fn take(groups: &mut Vec<Group>, wanted: usize, spare: usize, stream: Stream) -> Vec<usize> {
    let mut taken = draw(groups, wanted, spare, stream).into_iter();
    let (taken, left) =
        std::mem::take(groups).into_iter().partition(|_| taken.next() == Some(true));
    *groups = left;
    let taken: Vec<Group> = taken;
    taken.into_iter().flat_map(|group| group.rows).collect()
}

/// Which groups to take to have `wanted` rows: at least one of them, at most `spare`.
fn draw(groups: &[Group], wanted: usize, spare: usize, stream: Stream) -> Vec<bool> {
    let all: usize = groups.iter().map(|group| group.rows.len()).sum();
    let share = wanted as f64 / all.max(1) as f64;
    let mut goal: BTreeMap<u32, f64> = BTreeMap::new();
    for (&class, &count) in groups.iter().flat_map(|group| &group.classes) {
        *goal.entry(class).or_default() += share * count as f64;
    }
    let mut best = (f64::INFINITY, vec![false; groups.len()]);
    for draw in 0..DRAWS {
        let mut order: Vec<usize> = (0..groups.len()).collect();
        stream.sample(draw).shuffle(&mut order);
        let taken = nearest(groups, &order, wanted, spare);
        let (mut rows, mut missed) = (0, goal.clone());
        for (group, _) in groups.iter().zip(&taken).filter(|(_, taken)| **taken) {
            rows += group.rows.len();
            for (class, &count) in &group.classes {
                missed.entry(*class).and_modify(|missed| *missed -= count as f64);
            }
        }
        let missed: f64 = missed.values().map(|missed| missed.abs()).sum();
        let missed = missed + rows.abs_diff(wanted) as f64;
        if missed < best.0 {
            best = (missed, taken);
        }
    }
    best.1
}

/// Takes each group, in this order, with which the number of rows is nearer to the one that is
/// wanted than without. So in the end it is off by at most half of the largest group, unless
/// `spare` ends it before, or even the smallest group is too large.
fn nearest(groups: &[Group], order: &[usize], wanted: usize, spare: usize) -> Vec<bool> {
    let (mut taken, mut rows, mut count) = (vec![false; groups.len()], 0_usize, 0);
    for &at in order {
        let more = rows + groups[at].rows.len();
        if count < spare && more.abs_diff(wanted) < rows.abs_diff(wanted) {
            (taken[at], rows, count) = (true, more, count + 1);
        }
    }
    if count == 0 {
        let smallest = order.iter().copied().min_by_key(|&at| groups[at].rows.len());
        smallest.into_iter().for_each(|at| taken[at] = true);
    }
    taken
}

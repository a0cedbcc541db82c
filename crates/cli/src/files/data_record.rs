//! `DataRecord`: what the data of a run were when it began, so that a run does not go on with others
//! unnoticed. It is the file `data.json` of the run's folder.

use super::paths;
use super::whereabouts::Whereabouts;
use crate::failure::{Failure, Kind};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::Path;
use tanren_plugin::{Field, Fingerprint, Table};

/// The version of the record.
const FORMAT: u32 = 1;

/// Fields of more numbers than this are recorded as a whole, not column by column.
const WIDE: usize = 2048;

/// Names that are shown in a message.
const SHOWN: usize = 8;

/// What the data of a run are.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct DataRecord {
    format: u32,
    rows: usize,
    /// Of all values and of what each row counts.
    fingerprint: String,
    columns: Vec<Column>,
    /// Where the files are; unknown in the record of an older version.
    #[serde(default)]
    pub(crate) files: Whereabouts,
    /// Whether rows that were trained on may be for validation or testing now, since the data changed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) split_anew: bool,
}

/// A column, or a field of many numbers.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Column {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    levels: Vec<String>,
    /// Of its values.
    fingerprint: String,
}

impl DataRecord {
    /// The record of a table with what its rows count by the data. Where its files are is for others to add.
    pub(crate) fn of(table: &Table, weights: Option<&[f64]>) -> Self {
        let columns = table.fields().flat_map(|field| columns(field, table.rows)).collect();
        let mut all = Fingerprint::default();
        all.add(table.fingerprint());
        weights.into_iter().flatten().for_each(|weight| all.add(weight.to_bits()));
        let (rows, fingerprint) = (table.rows, text(all));
        let files = Whereabouts::default();
        Self { format: FORMAT, rows, fingerprint, columns, files, split_anew: false }
    }

    /// Reads the record of a run; `None` where it was begun by a version that wrote none.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Failure> {
        if !path.exists() {
            return Ok(None);
        }
        let fail = |e: &dyn std::fmt::Display| {
            Failure::new(
                Kind::Checkpoint,
                format!("cannot read what the run knows of its data, {}: {e}", path.display()),
            )
        };
        let text = fs::read_to_string(path).map_err(|e| fail(&e))?;
        serde_json::from_str(&text).map(Some).map_err(|e| fail(&e))
    }

    pub(crate) fn write(&self, path: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|e| Failure::output(path, e))?;
        paths::write(path, &(text + "\n"))
    }

    /// What differs in the data of `now`; `None` where they are the same.
    pub(crate) fn difference(&self, now: &Self) -> Option<String> {
        let mut found = Vec::new();
        found.extend(self.names(now));
        found.extend(self.levels(now));
        if self.rows != now.rows {
            found.push(format!("there were {} rows, now {}", self.rows, now.rows));
        } else if let Some(values) = self.values(now) {
            found.push(values);
        }
        match found.is_empty() {
            false => Some(found.join("; ")),
            true if self.fingerprint == now.fingerprint => None,
            true => Some("the weights or the numbers of the rows changed".into()),
        }
    }

    fn named(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Columns that are gone, new, renamed or elsewhere.
    fn names(&self, now: &Self) -> Option<String> {
        let without = |a: &Self, b: &Self| -> Vec<String> {
            let gone = a.columns.iter().filter(|column| b.named(&column.name).is_none());
            gone.map(|column| column.name.clone()).collect()
        };
        let (gone, new) = (without(self, now), without(now, self));
        let list = |names: &[String]| {
            let more = if names.len() > SHOWN { ", …" } else { "" };
            format!("{}{more}", names[..names.len().min(SHOWN)].join(", "))
        };
        let all = |a: &Self| list(&a.columns.iter().map(|c| c.name.clone()).collect::<Vec<_>>());
        match (gone.is_empty(), new.is_empty()) {
            (true, true) => {
                let mut pairs = self.columns.iter().zip(&now.columns);
                let moved = pairs.any(|(then, now)| then.name != now.name);
                moved.then(|| format!("the columns were {}, now {}", all(self), all(now)))
            }
            (false, true) => Some(format!("missing: {}", list(&gone))),
            (true, false) => Some(format!("new: {}", list(&new))),
            (false, false) => Some(format!("missing: {}, new: {}", list(&gone), list(&new))),
        }
    }

    /// The first column with other levels.
    fn levels(&self, now: &Self) -> Option<String> {
        self.columns.iter().find_map(|then| {
            let now = now.named(&then.name).filter(|now| now.levels != then.levels)?;
            let side = |levels: &[String]| match levels.len() {
                0 => "a number".to_owned(),
                n if n > SHOWN => format!("{n} levels"),
                _ => format!("the levels {}", levels.join(", ")),
            };
            let (then, now, name) = (side(&then.levels), side(&now.levels), &then.name);
            Some(format!("column {name} had {then}, now {now}"))
        })
    }

    /// The first column with other values.
    fn values(&self, now: &Self) -> Option<String> {
        let changed = |then: &&Column| {
            now.named(&then.name).is_some_and(|now| now.fingerprint != then.fingerprint)
        };
        let mut changed = self.columns.iter().filter(changed);
        let first = &changed.next()?.name;
        Some(match changed.count() {
            0 => format!("the values of column {first} changed"),
            1 => format!("the values of column {first} and of another one changed"),
            n => format!("the values of column {first} and of {n} others changed"),
        })
    }
}

/// The columns of a field, or the field itself where it has many.
fn columns(field: &Field, rows: usize) -> Vec<Column> {
    let spec = &field.spec;
    let width = field.width();
    let whole = spec.shape.indices || width > WIDE;
    let mut hashes = vec![Fingerprint::default(); if whole { 1 } else { width }];
    let mut column = Vec::new();
    for row in 0..rows {
        let steps = field.columns(row);
        if spec.shape.sequence {
            hashes.iter_mut().for_each(|hash| hash.add(steps.len() as u64));
        }
        for at in steps {
            column.clear();
            field.read(at, &mut column);
            for (k, x) in column.iter().enumerate() {
                hashes[if whole { 0 } else { k }].add(x.to_bits());
            }
        }
    }
    let one = |(k, hash): (usize, &Fingerprint)| {
        let feature = spec.features.get(k).filter(|_| !whole);
        let name = match feature {
            Some(feature) => feature.name.clone(),
            None if whole || width == 1 => spec.name.clone(),
            None => format!("{} {k}", spec.name),
        };
        let levels = feature.map_or(&spec.levels, |feature| &feature.levels).clone();
        Column { name, levels, fingerprint: text(*hash) }
    };
    hashes.iter().enumerate().map(one).collect()
}

fn text(fingerprint: Fingerprint) -> String {
    format!("{:016x}", fingerprint.value())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_plugin::Feature;

    /// Names and values.
    type Columns<'a> = &'a [(&'a str, &'a [f64])];

    fn table(columns: Columns<'_>) -> DataRecord {
        let rows = columns[0].1.len();
        let features = columns.iter().map(|(name, _)| Feature::number(*name)).collect();
        let values = (0..rows).flat_map(|row| columns.iter().map(move |(_, v)| v[row])).collect();
        let inputs = vec![Field::numbers("inputs", features, values)];
        DataRecord::of(&Table { name: "t".into(), rows, inputs, ..Table::default() }, None)
    }

    /// Levels are small whole numbers, which differ in the highest bits of a double alone.
    #[test]
    fn every_change_of_levels_is_seen() {
        let columns = 3_u32.pow(9);
        let of = |column: u32| -> Vec<f64> {
            (0..9).map(|row| f64::from(column / 3_u32.pow(row) % 3)).collect()
        };
        let seen: std::collections::HashSet<String> = (0..columns)
            .map(|column| table(&[("a", &of(column))]).columns[0].fingerprint.clone())
            .collect();
        assert_eq!(seen.len(), columns as usize);
    }

    #[test]
    fn says_what_differs() {
        let (a, b): (&[f64], &[f64]) = (&[1.0, 2.0], &[3.0, 4.0]);
        let then = table(&[("a", a), ("b", b)]);
        let differs = |now: Columns<'_>| then.difference(&table(now));
        assert_eq!(differs(&[("a", a), ("b", b)]), None);
        let cases: [(Columns<'_>, &str); 6] = [
            (&[("b", b), ("a", a)], "the columns were a, b, now b, a"),
            (
                &[("b", a), ("a", b)],
                "the columns were a, b, now b, a; the values of column a and of another one changed",
            ),
            (&[("a", a), ("c", b)], "missing: b, new: c"),
            (&[("a", a), ("b", b), ("c", b)], "new: c"),
            (&[("a", a), ("b", a)], "the values of column b changed"),
            (&[("a", &[1.0]), ("b", &[3.0])], "there were 2 rows, now 1"),
        ];
        for (now, message) in cases {
            assert_eq!(differs(now).as_deref(), Some(message));
        }
    }
}

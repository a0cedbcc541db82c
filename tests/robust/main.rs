//! Files as people have them: clean columns, written in many messy ways, must be read as what they are.
//!
//! Each file is made by a seed: columns of known numbers, times, categories or nothing useful, each
//! written in one of some forty ways, in a file that is messy as a whole. Of all columns at least 99 in
//! 100 must get the right type and the right values, and of any other a note must speak.

mod column;
mod file;

use column::Truth;
use file::File;
use tanren::data::Csv;
use tanren::plugin::{Seed, Source, Table};

const FILES: u64 = 300;

/// What is wrong with what became of a column; `None` if nothing is.
fn wrong(table: &Table, name: &str, truth: &Truth) -> Option<String> {
    let input = &table.inputs[0];
    let feature = input.spec.features.iter().position(|feature| feature.name == name);
    let values = |feature: usize| -> Vec<f64> {
        let mut all = Vec::new();
        (0..table.rows).for_each(|row| input.read(row, &mut all));
        all.chunks(input.width()).map(|row| row[feature]).collect()
    };
    let levels = |feature: usize| &input.spec.features[feature].levels;
    match (truth, feature) {
        (Truth::Useless, None) => None,
        (Truth::Useless, Some(_)) => Some("it was kept".into()),
        (_, None) => Some("it was left out".into()),
        (Truth::Numbers(_), Some(at)) if !levels(at).is_empty() => Some("it is a category".into()),
        (Truth::Numbers(truth), Some(at)) => {
            let same = |(a, b): (&f64, &f64)| {
                (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-9 * b.abs().max(1.0)
            };
            let found = values(at);
            let first = found.iter().zip(truth).position(|pair| !same(pair));
            first.map(|row| format!("row {row}: expected {}, found {}", truth[row], found[row]))
        }
        (Truth::Levels(truth), Some(at)) => {
            let level = |x: f64| levels(at).get(x as usize).filter(|_| x >= 0.0).cloned();
            let found: Vec<Option<String>> = values(at).into_iter().map(level).collect();
            let first = found.iter().zip(truth).position(|(a, b)| a != b);
            first.map(|row| format!("row {row}: expected {:?}, found {:?}", truth[row], found[row]))
        }
    }
}

#[test]
fn columns_become_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.csv");
    let (mut columns, mut errors, mut silent) = (0, Vec::new(), Vec::new());
    for seed in 0..FILES {
        let file = File::make(Seed(seed));
        std::fs::write(&path, &file.bytes).unwrap();
        let table = Csv::new(&path).target("target").open();
        let table = table.unwrap_or_else(|error| panic!("{seed}, {}: {error}", file.how));
        table.check().unwrap();
        assert_eq!(table.rows, file.rows, "{seed}, {}: {:?}", file.how, table.notes);
        for (name, how, truth) in &file.columns {
            columns += 1;
            if let Some(what) = wrong(&table, name, truth) {
                let said = table.notes.iter().any(|note| note.contains(name.as_str()));
                let error = format!("seed {seed}, column {name} ({how}; {}): {what}", file.how);
                if said { &mut errors } else { &mut silent }.push(error);
            }
        }
    }
    assert!(columns > 1000);
    assert!(silent.is_empty(), "{} wrong without a note:\n{}", silent.len(), silent.join("\n"));
    let right = 1.0 - errors.len() as f64 / f64::from(columns);
    assert!(right >= 0.99, "{right:.4} of {columns} right:\n{}", errors.join("\n"));
}

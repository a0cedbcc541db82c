//! Every reader of files, with how to write a table for it. A new reader adds one line.

use std::fmt::Write as _;
use std::path::Path;
use tanren::data::{Csv, Idx, IdxArray, Npy, NpyArray, SvmLight};
use tanren::plugin::{Plugin, Source, Values};

/// Writes a table to a folder, with this behind its name, and gives a source that reads it.
pub(crate) type Reader = fn(&Sample, &Path, &str) -> Plugin<dyn Source>;

pub(crate) const READERS: &[(&str, Reader)] =
    &[("csv", csv), ("idx", idx), ("npy", npy), ("svmlight", svmlight)];

/// What kind of numbers a table holds, where its format has kinds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Bytes,
    Single,
    Double,
}

/// A table to write, with a target of two classes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) rows: usize,
    pub(crate) width: usize,
    pub(crate) kind: Kind,
}

impl Sample {
    /// `columns` small numbers per row, in the last of which the rows take turns with 0 and 1.
    fn values(&self, columns: usize) -> Values {
        let number = |at: usize| match at % columns {
            column if column + 1 == columns => (at / columns % 2) as u8,
            _ => (at % 7) as u8,
        };
        let numbers = (0..self.rows * columns).map(number);
        match self.kind {
            Kind::Bytes => Values::Bytes(numbers.collect()),
            Kind::Single => Values::Single(numbers.map(f32::from).collect()),
            Kind::Double => Values::Double(numbers.map(f64::from).collect()),
        }
    }
}

/// Text is never packed here: nothing of ours writes it.
fn csv(sample: &Sample, folder: &Path, _: &str) -> Plugin<dyn Source> {
    let (mut text, path) = (String::new(), folder.join("table.csv"));
    for row in 0..sample.rows {
        (0..sample.width).for_each(|column| write!(text, "{},", (row + column) % 7).unwrap());
        writeln!(text, "{}", row % 2).unwrap();
    }
    std::fs::write(&path, text).unwrap();
    Csv::new(path).target("-1").into()
}

fn idx(sample: &Sample, folder: &Path, end: &str) -> Plugin<dyn Source> {
    let path = |name: &str| folder.join(format!("{name}{end}"));
    let images =
        IdxArray { shape: vec![sample.rows, sample.width], values: sample.values(sample.width) };
    images.write(path("images")).unwrap();
    let labels = (0..sample.rows).map(|row| (row % 2) as u8).collect();
    let labels = IdxArray { shape: vec![sample.rows], values: Values::Bytes(labels) };
    labels.write(path("labels")).unwrap();
    Idx::new(path("images")).labels(path("labels")).into()
}

fn npy(sample: &Sample, folder: &Path, end: &str) -> Plugin<dyn Source> {
    let (columns, path) = (sample.width + 1, folder.join(format!("table.npy{end}")));
    let array = NpyArray { shape: vec![sample.rows, columns], values: sample.values(columns) };
    array.write(&path).unwrap();
    Npy::new(path).target(-1).into()
}

fn svmlight(sample: &Sample, folder: &Path, _: &str) -> Plugin<dyn Source> {
    let (mut text, path) = (String::new(), folder.join("table.svm"));
    for row in 0..sample.rows {
        writeln!(text, "{} {}:1", row % 2, sample.width).unwrap();
    }
    std::fs::write(&path, text).unwrap();
    SvmLight::new(path).into()
}

//! Gzip files: several members are one file, padding is nothing, and what is damaged is refused.

use crate::files::{Folder, numbers};
use flate2::{Compression, write::GzEncoder};
use std::io::Write as _;
use tanren_data::Csv;
use tanren_plugin::Source as _;

pub(crate) fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(content.as_ref()).unwrap();
    packed.finish().unwrap()
}

/// The first column of a packed CSV file, or what is wrong with it.
fn column(bytes: &[u8]) -> Result<Vec<f64>, String> {
    let folder = Folder::new();
    let csv = Csv::new(folder.write("x.csv.gz", bytes)).target("-1").header(true);
    match csv.open() {
        Ok(table) => Ok(numbers(&table.inputs[0])),
        error => Err(folder.error(error)),
    }
}

const TEXT: &str = "a,y\n1,0.5\n2,1.5\n";

#[test]
fn zeros_behind_the_data_mean_nothing() {
    for zeros in [0, 1, 511, 1 << 17] {
        let bytes = [gzip(TEXT), vec![0; zeros]].concat();
        assert_eq!(column(&bytes).unwrap(), [1.0, 2.0], "{zeros} zeros");
    }
}

#[test]
fn members_are_read_one_after_the_other() {
    let bytes = [gzip(TEXT), gzip(""), gzip("3,"), gzip("2.5\n"), vec![0; 9]].concat();
    assert_eq!(column(&bytes).unwrap(), [1.0, 2.0, 3.0]);
}

#[test]
fn other_bytes_behind_the_data_are_refused() {
    let says = "expected the end of the gzip data, found other bytes behind it";
    for after in [&b"garbage"[..], &[0, 0, 7], &[vec![0; 1 << 17], gzip(TEXT)].concat()] {
        let error = column(&[&gzip(TEXT), after].concat()).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
    // What begins as a member must be one.
    let error = column(&[&gzip(TEXT)[..], &[0x1f, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]].concat());
    assert!(error.unwrap_err().contains("gzip"));
}

#[test]
fn what_ends_too_early_is_refused() {
    let (first, second) = (gzip(TEXT), gzip("3,2.5\n"));
    let both = [&first[..], &second].concat();
    for end in (2..both.len()).filter(|&end| end != first.len()) {
        assert_eq!(column(&both[..end]).unwrap_err(), "x.csv.gz: the file ends too early", "{end}");
    }
    let mut damaged = first;
    let checksum = damaged.len() - 8;
    damaged[checksum] ^= 1;
    assert!(column(&damaged).is_err());
}

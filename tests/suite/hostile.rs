//! Model files that somebody broke on purpose: each is refused with a reason, none brings the
//! program down or asks for memory it has no use for.

use crate::harness::iris;
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use tanren::network::{Model, TensorFile, inspect};
use tanren::prelude::*;

/// A folder with a small model in it.
struct Place {
    folder: tempfile::TempDir,
    model: Model,
    bytes: Vec<u8>,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let setup = iris(Vec::new(), 1).prepare().unwrap();
        let mut model = setup.train(&mut (), &Options::default()).unwrap().model;
        model.notes.clear(); // short, so that every bit can be tried
        let path = folder.path().join("model.safetensors");
        model.save(&path).unwrap();
        let bytes = fs::read(&path).unwrap();
        Self { folder, model, bytes }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("model.safetensors")
    }

    /// What reading these bytes as a model says.
    fn load(&self, bytes: &[u8]) -> Result<Model, String> {
        fs::write(self.path(), bytes).unwrap();
        let seen = inspect(self.path());
        let read = Model::load(self.path()).map_err(|e| e.to_string());
        assert!(seen.is_ok() || read.is_err(), "what cannot be inspected cannot be loaded");
        read
    }

    /// The file with another header.
    fn header(&self, change: impl FnOnce(&str) -> String) -> Vec<u8> {
        let (header, data) = parts(&self.bytes);
        joined(&change(header), data)
    }

    /// The file with another entry, and the checksum that fits it.
    fn entry(&self, name: &str, text: impl Into<String>) -> Vec<u8> {
        fs::write(self.path(), &self.bytes).unwrap();
        let mut file = TensorFile::read(&self.path()).unwrap();
        file.entries.insert(name.into(), text.into());
        file.write(&self.path()).unwrap();
        fs::read(self.path()).unwrap()
    }
}

/// The header of a safetensors file and the data after it.
fn parts(bytes: &[u8]) -> (&str, &[u8]) {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    (std::str::from_utf8(&bytes[8..8 + length]).unwrap(), &bytes[8 + length..])
}

fn joined(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// Every cut is refused, and every flipped bit that changes anything.
#[test]
fn every_cut_and_every_flipped_bit() {
    let place = Place::new();
    for cut in 0..place.bytes.len() {
        assert!(place.load(&place.bytes[..cut]).is_err(), "cut at {cut}");
    }
    let longer = [place.bytes.as_slice(), &[0]].concat();
    assert!(place.load(&longer).is_err(), "one byte more");
    let header = 8 + parts(&place.bytes).0.len();
    let mut same = 0;
    for bit in 0..8 * place.bytes.len() {
        let mut flipped = place.bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        fs::write(place.path(), &flipped).unwrap();
        if let Ok(read) = Model::load(place.path()) {
            // One blank of the header may become another; all that is read must be the same.
            assert!(bit / 8 < header, "bit {bit} of the data");
            assert_eq!(read.parameters(), place.model.parameters(), "bit {bit}");
            assert_eq!(format!("{:?}", read.spec()), format!("{:?}", place.model.spec()));
            same += 1;
        }
    }
    assert!(same <= 16, "{same} flipped bits went unseen");
}

#[test]
fn sizes_that_cannot_be() {
    let place = Place::new();
    for length in [u64::MAX, u64::MAX / 2, 1 << 40, place.bytes.len() as u64, 0, 1] {
        let mut bytes = place.bytes.clone();
        bytes[..8].copy_from_slice(&length.to_le_bytes());
        assert!(place.load(&bytes).is_err(), "a header of {length} bytes");
    }
    for (from, to) in [
        ("\"shape\":[7]", "\"shape\":[18446744073709551615]"),
        ("\"shape\":[7]", "\"shape\":[18446744073709551615,18446744073709551615]"),
        ("\"shape\":[7]", "\"shape\":[-7]"),
        ("\"shape\":[7]", "\"shape\":[7.5]"),
        ("\"shape\":[7]", "\"shape\":[0]"),
        ("\"data_offsets\":[0,", "\"data_offsets\":[8,"),
        ("\"data_offsets\":[0,", "\"data_offsets\":[18446744073709551615,"),
        ("\"F32\"", "\"F64\""),
        ("\"F32\"", "\"I32\""),
        ("\"F32\"", "\"F128\""),
    ] {
        let bytes = place.header(|header| {
            assert!(header.contains(from), "{from} in {header}");
            header.replacen(from, to, 1)
        });
        assert!(place.load(&bytes).is_err(), "{from} became {to}");
    }
}

/// Two tensors may not share bytes, and no byte may belong to none.
#[test]
fn tensors_that_overlap_or_leave_gaps() {
    let place = Place::new();
    let offsets = |header: &str| -> Vec<(usize, usize)> {
        let json: serde_json::Value = serde_json::from_str(header).unwrap();
        let tensors = json.as_object().unwrap().values().filter_map(|t| t.get("data_offsets"));
        tensors.map(|t| serde_json::from_value(t.clone()).unwrap()).collect()
    };
    let mut ranges = offsets(parts(&place.bytes).0);
    ranges.sort_unstable();
    let text = |(a, b): (usize, usize)| format!("[{a},{b}]");
    for (i, pair) in ranges.windows(2).enumerate() {
        let (first, second) = (pair[0], pair[1]);
        let length = second.1 - second.0;
        let moved = (first.0, first.0 + length);
        for to in [moved, (second.0 - 4, second.1 - 4), (second.0 + 4, second.1 + 4)] {
            let bytes = place.header(|header| header.replacen(&text(second), &text(to), 1));
            assert!(place.load(&bytes).is_err(), "tensor {i} moved to {to:?}");
        }
    }
}

#[test]
fn headers_that_are_nested_or_no_json() {
    let place = Place::new();
    let (deep, data) = ("[".repeat(200_000), parts(&place.bytes).1);
    for header in [deep.as_str(), "", "{", "[]", "null", "{\"a\":1}", "\u{fffd}"] {
        let what: String = header.chars().take(8).collect();
        assert!(place.load(&joined(header, data)).is_err(), "{what}");
    }
    let objects = "{\"a\":".repeat(200_000);
    assert!(place.load(&joined(&objects, data)).is_err());
    // With a checksum that fits, what is inside must be looked at too.
    for entry in ["model", "notes", "format"] {
        for text in [deep.as_str(), objects.as_str(), "", "null", "{}", "[1]"] {
            let bytes = place.entry(entry, text);
            let read = place.load(&bytes);
            assert!(read.is_err() || (entry, text) == ("notes", "{}"), "{entry} is {text:.8}");
        }
    }
}

/// A network that promises more than the file holds is refused before memory is asked for it.
#[test]
fn promises_that_no_file_keeps() {
    let place = Place::new();
    let file = TensorFile::read(&place.path()).unwrap();
    let model = &file.entries["model"];
    for (from, to) in [
        ("\"units\":7", "\"units\":1000000000000"),
        ("\"units\":7", "\"units\":18446744073709551615"),
        ("\"units\":7", "\"units\":0"),
        ("\"units\":7", "\"units\":8"),
        ("\"features\":4", "\"features\":1152921504606846976"),
        ("\"features\":4", "\"features\":0"),
        ("\"features\":3", "\"features\":4294967296"),
        ("\"mean\":[", "\"mean\":[1.0,"),
        ("\"std\":[", "\"std\":[null,"),
        ("\"type\":\"standardized\"", "\"type\":\"one-hot-encoded\""),
    ] {
        assert!(model.contains(from), "{from} in {model}");
        let bytes = place.entry("model", model.replacen(from, to, 1));
        assert!(place.load(&bytes).is_err(), "{from} became {to}");
    }
}

#[test]
fn what_is_no_file_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let error = Model::load(folder.path()).unwrap_err().to_string();
    assert!(error.contains("found a folder"), "{error}");
    let error = Model::load(folder.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("none"), "{error}");
    if cfg!(unix) {
        // It never ends.
        let error = Model::load(Path::new("/dev/zero")).unwrap_err().to_string();
        assert!(error.contains("expected a file"), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), header in ".{0,200}") {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("model.safetensors");
        for bytes in [bytes.clone(), joined(&header, &bytes)] {
            fs::write(&path, bytes).unwrap();
            prop_assert!(Model::load(&path).is_err());
            prop_assert!(inspect(&path).is_err());
        }
    }
}

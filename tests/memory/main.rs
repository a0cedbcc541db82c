//! What reading data costs in memory: at most three times what is kept and 64 MB, whatever a file
//! promises. And what training and predicting cost: a step, or a row, nothing.
#![allow(clippy::unwrap_used)]
#![deny(unsafe_op_in_unsafe_fn)]

mod allocator; // the one place outside `tensor` that needs `unsafe`
mod bombs; // what to refuse with little work
mod counts; // the allocator's own tests
mod losses; // no loss allocates
mod predicting; // no prediction allocates
mod readers; // one line per reader
mod sequences;
mod training; // no step allocates

use allocator::{Alone, alone};
use proptest::prelude::*;
use readers::{Kind, READERS, Sample};
use tanren::data::Text;
use tanren::plugin::{DataError, Source, Table, Values};

/// What reading may take beside the numbers.
const SLACK: usize = 64 << 20;

/// Bytes of the numbers of a table.
fn decoded(table: &Table) -> usize {
    let bytes = |values: &Values| match values {
        Values::Bytes(v) => v.len(),
        Values::Single(v) => 4 * v.len(),
        Values::Indices(v) => 4 * v.len(),
        Values::Double(v) => 8 * v.len(),
        _ => 0,
    };
    table.inputs.iter().chain(&table.targets).map(|field| bytes(&field.values)).sum()
}

/// Opens a source; what it gives is right and was not too dear.
fn open(alone: &Alone, source: &dyn Source) -> Result<Table, DataError> {
    let (result, bytes) = alone.measure(|| source.open());
    let kept = result.as_ref().map_or(0, decoded);
    let allowed = 3 * kept + SLACK;
    assert!(bytes.peak <= allowed, "{bytes:?} for {kept}: {source:?}");
    // Whoever refuses copies nothing again and again either.
    assert!(result.is_ok() || bytes.total <= SLACK, "{bytes:?} to refuse {source:?}");
    result
}

#[test]
fn large_tables_are_read_within_their_bounds() {
    let alone = alone();
    for (rows, width, kind) in
        [(200, 80_000, Kind::Double), (400, 80_000, Kind::Single), (8_000_000, 1, Kind::Bytes)]
    {
        for (name, reader) in READERS {
            let folder = tempfile::tempdir().unwrap();
            let source = reader(&Sample { rows, width, kind }, folder.path(), "");
            let table = open(&alone, &*source).unwrap_or_else(|error| panic!("{name}: {error}"));
            table.check().unwrap();
            assert_eq!((table.rows, table.inputs[0].width()), (rows, width), "{name}");
        }
    }
}

#[test]
fn a_long_text_is_read_within_its_bounds() {
    let (alone, folder) = (alone(), tempfile::tempdir().unwrap());
    let path = folder.path().join("long.txt");
    std::fs::write(&path, "It was the best of times, it was the worst of times.\n".repeat(400_000))
        .unwrap();
    assert_eq!(open(&alone, &Text::new(path)).unwrap().rows, 21_200);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Small files, whole and damaged, plain and packed.
    #[test]
    fn small_files_cost_little(
        rows in 2_usize..200,
        width in 1_usize..50,
        kind in prop_oneof![Just(Kind::Double), Just(Kind::Single), Just(Kind::Bytes)],
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        header: bool,
        packed: bool,
    ) {
        let alone = alone();
        for (name, reader) in READERS {
            let folder = tempfile::tempdir().unwrap();
            let end = if packed { ".gz" } else { "" };
            let source = reader(&Sample { rows, width, kind }, folder.path(), end);
            prop_assert!(open(&alone, &*source).is_ok(), "{}", name);
            for entry in std::fs::read_dir(folder.path()).unwrap() {
                let path = entry.unwrap().path();
                let mut bytes = std::fs::read(&path).unwrap();
                let end = if header { bytes.len().min(80) } else { bytes.len() };
                for (place, byte) in &damage {
                    let place = place.index(end);
                    bytes[place] = *byte;
                }
                std::fs::write(&path, bytes).unwrap();
            }
            match open(&alone, &*source) {
                Ok(table) => prop_assert!(table.check().is_ok()),
                Err(error) => prop_assert!(!error.message.is_empty()),
            }
        }
    }
}

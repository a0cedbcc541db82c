//! Reading Parquet files: what their columns become, and that no file makes it panic.

use parquet::basic::{Compression, ZstdLevel};
use parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type, Int96,
    Int96Type,
};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::parser::parse_message_type;
use proptest::prelude::*;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use tanren_data::{Csv, FileOptions, file};
use tanren_plugin::{DataError, Source, Table, Values};

/// Writes the next column: values where the level is 1.
fn put<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    levels: &[i16],
) {
    let mut column = group.next_column().unwrap().unwrap();
    let levels = Some(levels).filter(|levels| !levels.is_empty());
    column.typed::<T>().write_batch(values, levels, None).unwrap();
    column.close().unwrap();
}

/// A file of this schema with as many groups as asked for, each written by `fill`.
fn written(
    schema: &str,
    properties: WriterProperties,
    groups: usize,
    fill: impl Fn(&mut SerializedRowGroupWriter<'_, Vec<u8>>),
) -> Vec<u8> {
    let schema = Arc::new(parse_message_type(&format!("message t {{ {schema} }}")).unwrap());
    let mut file = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).unwrap();
    for _ in 0..groups {
        let mut group = file.next_row_group().unwrap();
        fill(&mut group);
        group.close().unwrap();
    }
    file.into_inner().unwrap()
}

const MIXED: &str = "required double x; optional int64 n; required binary s (STRING); \
    optional boolean b; required int64 t (TIMESTAMP(NANOS,true)); required int32 d (DATE); \
    required int32 c (DECIMAL(9,2)); required group list (LIST) { repeated group list { optional \
    int32 element; } } required int96 old; required double y;";

/// Four rows of every kind of column, the nested one of which has one element per row.
fn mixed(properties: WriterProperties, groups: usize) -> Vec<u8> {
    const DAY: i64 = 86_400_000_000_000;
    let text = |text: &str| ByteArray::from(text);
    let julian = |days: u32| {
        let mut time = Int96::new();
        time.set_data(0, 0, 2_440_588 + days);
        time
    };
    written(MIXED, properties, groups, |group| {
        put::<DoubleType>(group, &[0.5, -1.25, 1.234, f64::NAN], &[]);
        put::<Int64Type>(group, &[7, 9_007_199_254_740_993, -3], &[1, 0, 1, 1]);
        put::<ByteArrayType>(group, &[text("a, \"b\"\n"), text("é"), text(""), text("é")], &[]);
        put::<BoolType>(group, &[true, false, true], &[1, 1, 1, 0]);
        put::<Int64Type>(group, &[0, DAY, DAY / 2, 3 * DAY], &[]);
        put::<Int32Type>(group, &[0, 31, 365, 1], &[]);
        put::<Int32Type>(group, &[125, -5, 1000, 0], &[]);
        let mut column = group.next_column().unwrap().unwrap();
        let levels = (&[2; 4][..], &[0; 4][..]);
        column.typed::<Int32Type>().write_batch(&[1; 4], Some(levels.0), Some(levels.1)).unwrap();
        column.close().unwrap();
        put::<Int96Type>(group, &[julian(1), julian(2), julian(4), julian(8)], &[]);
        put::<DoubleType>(group, &[1.0, 2.5, 3.0, 4.0], &[]);
    })
}

fn open(bytes: &[u8], settings: impl FnOnce(Csv) -> Csv) -> Result<Table, DataError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file.dat");
    fs::write(&path, bytes).unwrap();
    settings(Csv::new(path)).open()
}

/// The numbers of an input, −9 for what is missing.
fn column(table: &Table, name: &str) -> Vec<f64> {
    let spec = &table.inputs[0].spec;
    let at = spec.features.iter().position(|feature| feature.name == name).unwrap();
    let Values::Double(all) = &table.inputs[0].values else { panic!() };
    all.chunks(spec.features.len())
        .map(|row| if row[at].is_nan() { -9.0 } else { row[at] })
        .collect()
}

#[test]
fn every_kind_of_column_is_read() {
    let table = open(&mixed(WriterProperties::default(), 1), |csv| csv.target("y")).unwrap();
    assert_eq!(column(&table, "x"), [0.5, -1.25, 1.234, -9.0]);
    assert_eq!(column(&table, "n"), [7.0, -9.0, 9_007_199_254_740_992.0, -3.0]);
    assert_eq!(column(&table, "b"), [1.0, 0.0, 1.0, -9.0]);
    assert_eq!(column(&table, "t"), [0.0, 1.0, 0.5, 3.0]);
    assert_eq!(column(&table, "d"), [0.0, 31.0, 365.0, 1.0]);
    assert_eq!(column(&table, "c"), [1.25, -0.05, 10.0, 0.0]);
    assert_eq!(column(&table, "old"), [1.0, 2.0, 4.0, 8.0]);
    let levels = |name: &str| {
        let features = &table.inputs[0].spec.features;
        features.iter().find(|feature| feature.name == name).unwrap().levels.clone()
    };
    assert_eq!(levels("s"), ["a, \"b\"\n", "é"]);
    assert_eq!(levels("b"), ["false", "true"]);
    assert!(
        table.notes.contains(&"left out, as neither numbers nor texts: list".into()),
        "{:?}",
        table.notes
    );
    let Values::Double(target) = &table.targets[0].values else { panic!() };
    assert_eq!(*target, [1.0, 2.5, 3.0, 4.0]);
}

#[test]
fn pages_and_groups_are_rows_one_after_the_other() {
    let groups = 300;
    let expected = open(&mixed(WriterProperties::default(), 1), |csv| csv).unwrap();
    for compression in [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(parquet::basic::GzipLevel::default()),
        Compression::ZSTD(ZstdLevel::default()),
        Compression::LZ4_RAW,
    ] {
        for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
            let properties = WriterProperties::builder()
                .set_compression(compression)
                .set_writer_version(version)
                .set_dictionary_enabled(version == WriterVersion::PARQUET_1_0)
                .build();
            let table = open(&mixed(properties, groups), |csv| csv).unwrap();
            assert_eq!(table.rows, 4 * groups);
            assert_eq!(column(&table, "c"), column(&expected, "c").repeat(groups), "{compression}");
        }
    }
}

#[test]
fn settings_are_those_of_csv_and_the_file_is_told_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table");
    fs::write(&path, mixed(WriterProperties::default(), 2)).unwrap();
    let options = FileOptions { target: vec!["s".into()], ..FileOptions::default() };
    let source = file(&path, &options).unwrap();
    let table = source.open().unwrap();
    assert_eq!(table.targets[0].spec.levels, ["a, \"b\"\n", "é"]);
    assert_eq!(table.rows, 6); // two have no target
    // What is said about the layout of a text does not matter, since it is known.
    let csv = Csv::new(&path).target("y").delimiter(';').header(false).ignore(["t", "x"]);
    assert_eq!(csv.open().unwrap().rows, 8);
    // A model reads it as it reads a CSV file.
    let model = Csv::new(&path).ignore(["list"]).target("y").open();
    let said = model.unwrap_err().to_string();
    assert!(said.contains("`ignore`: no column \"list\""), "{said}");
}

#[test]
fn a_column_alone_keeps_its_nulls() {
    let file = written("optional double x;", WriterProperties::default(), 1, |group| {
        put::<DoubleType>(group, &[1.5, 2.5], &[1, 0, 1]);
    });
    assert_eq!(column(&open(&file, |csv| csv).unwrap(), "x"), [1.5, -9.0, 2.5]);
}

#[test]
fn what_has_no_rows_or_columns_is_refused() {
    let said = |bytes: &[u8]| open(bytes, |csv| csv).unwrap_err().message;
    let none = written("required double x;", WriterProperties::default(), 0, |_| {});
    assert_eq!(said(&none), "expected rows below the header, found none");
    let list = "required group l (LIST) { repeated group list { optional int32 element; } }";
    let nested = written(list, WriterProperties::default(), 0, |_| {});
    assert_eq!(
        said(&nested),
        "expected columns of numbers or texts, found none in this Parquet file"
    );
    assert!(said(b"PAR1").starts_with("damaged Parquet file"), "{}", said(b"PAR1"));
    assert!(said(b"PAR1,x\n1,2\n").starts_with("damaged Parquet file"));
}

#[test]
fn a_file_inside_gzip_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.parquet.gz");
    let packed = crate::packed::gzip(mixed(WriterProperties::default(), 1));
    fs::write(&path, packed).unwrap();
    let said = file(Path::new(&path), &FileOptions::default()).unwrap_err().to_string();
    assert!(said.contains("a Parquet file inside a gzip file; decompress it"), "{said}");
}

/// Every byte of what a small file says about itself, replaced by several others: numbers that are
/// negative, too large, of another kind.
#[test]
fn any_byte_may_be_wrong() {
    let text = |text: &str| ByteArray::from(text);
    let sound = written(
        "required double x; optional binary s (STRING);",
        WriterProperties::default(),
        2,
        |group| {
            put::<DoubleType>(group, &[0.5, -1.25, 2.0], &[]);
            put::<ByteArrayType>(group, &[text("a"), text("b")], &[1, 0, 1]);
        },
    );
    let table = open(&sound, |csv| csv).unwrap();
    assert_eq!(column(&table, "x"), [0.5, -1.25, 2.0, 0.5, -1.25, 2.0]);
    let mut refused = 0;
    for at in 4..sound.len() {
        let was = sound[at];
        for byte in [0, 1, 127, 128, 129, 255, was ^ 1, was ^ 16, was ^ 128] {
            let mut bytes = sound.clone();
            bytes[at] = byte;
            match open(&bytes, |csv| csv) {
                Ok(table) => table.check().unwrap(),
                Err(_) => refused += 1,
            }
        }
    }
    assert!(refused > sound.len(), "{refused}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A damaged file is an error or a table, whatever is damaged.
    #[test]
    fn damaged_files_are_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        end in any::<prop::sample::Index>(),
        cut in any::<bool>(),
        plain in any::<bool>(),
    ) {
        let compression = if plain { Compression::UNCOMPRESSED } else { Compression::SNAPPY };
        let properties = WriterProperties::builder().set_compression(compression).build();
        let mut bytes = mixed(properties, 2);
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if cut {
            bytes.truncate(end.index(bytes.len()));
        }
        let opened = open(&bytes, |csv| csv);
        if let Ok(table) = opened {
            table.check().unwrap();
        }
    }
}

//! npy files: what NumPy writes is read, targets become what they should, and nothing makes the
//! reader fall.
#![allow(clippy::unwrap_used)]

mod files;

use files::{Folder, features, numbers, schema, survives};
use proptest::prelude::*;
use tanren_data::{Npy, NpyArray, Task};
use tanren_plugin::{Plugin, Source, Values};
use tanren_tensor::Shape;

/// A file of version 1.0 as NumPy writes it: blanks up to a multiple of 64.
fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let length = (10 + header.len() + 1).next_multiple_of(64) - 10;
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{header:<width$}\n", width = length - 1).into_bytes());
    bytes.extend(data);
    bytes
}

/// A file of a type and a shape, such as `2, 3`.
fn array(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    npy(&format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}"), data)
}

/// A table of doubles.
fn table(folder: &Folder, rows: usize, values: &[f64]) -> Npy {
    let array = NpyArray {
        shape: vec![rows, values.len() / rows],
        values: Values::Double(values.to_vec()),
    };
    array.write(folder.path("x.npy")).unwrap();
    Npy::new(folder.path("x.npy"))
}

#[test]
fn files_of_numpy_are_read() {
    let folder = Folder::new();
    let read = |bytes: &[u8]| NpyArray::read(folder.write("x", bytes)).unwrap();
    // numpy 2.4: np.array([[1, -2, 300], [4, 5, -600]], dtype=">i2")
    let bytes = b"\x93NUMPY\x01\x00v\x00{'descr': '>i2', 'fortran_order': False, 'shape': (2, 3), }                                                          \n\x00\x01\xff\xfe\x01,\x00\x04\x00\x05\xfd\xa8";
    let expected = Values::Double(vec![1.0, -2.0, 300.0, 4.0, 5.0, -600.0]);
    assert_eq!(read(bytes), NpyArray { shape: vec![2, 3], values: expected });
    // np.asfortranarray(np.array([[1.5, -2, 0], [65504, 5.96e-8, np.nan]], dtype="<f2"))
    let bytes = b"\x93NUMPY\x01\x00v\x00{'descr': '<f2', 'fortran_order': True, 'shape': (2, 3), }                                                           \n\x00>\xff{\x00\xc0\x01\x00\x00\x00\x00~";
    let Values::Single(halves) = read(bytes).values else { panic!("expected single precision") };
    assert_eq!(halves[..5], [1.5, -2.0, 0.0, 65504.0, 1.0 / 16_777_216.0]);
    assert!(halves[5].is_nan());
    // np.lib.format.write_array(file, np.arange(3, dtype="f4"), version=(2, 0))
    let bytes = b"\x93NUMPY\x02\x00t\x00\x00\x00{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }                                                          \n\x00\x00\x00\x00\x00\x00\x80?\x00\x00\x00@";
    let expected = Values::Single(vec![0.0, 1.0, 2.0]);
    assert_eq!(read(bytes), NpyArray { shape: vec![3], values: expected });
    let mut third = bytes.to_vec();
    third[6] = 3;
    assert_eq!(read(&third), read(bytes));
    // np.asfortranarray(np.arange(24, dtype="|u1").reshape(2, 3, 4))
    let header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3, 4), }";
    let data =
        [0, 12, 4, 16, 8, 20, 1, 13, 5, 17, 9, 21, 2, 14, 6, 18, 10, 22, 3, 15, 7, 19, 11, 23];
    assert_eq!(read(&npy(header, &data)).values, Values::Bytes((0..24).collect()));
}

#[test]
fn every_type_is_read() {
    let folder = Folder::new();
    let read = |descr: &str, data: &[u8]| {
        NpyArray::read(folder.write("x", array(descr, "1,", data))).unwrap().values
    };
    assert_eq!(read("|b1", &[1]), Values::Bytes(vec![1]));
    assert_eq!(read("|u1", &[200]), Values::Bytes(vec![200]));
    assert_eq!(read("|i1", &[200]), Values::Double(vec![-56.0]));
    assert_eq!(read("<u2", &[1, 255]), Values::Double(vec![65281.0]));
    assert_eq!(read(">u4", &[255, 0, 0, 1]), Values::Indices(vec![0xff00_0001]));
    assert_eq!(read("<i4", &[254, 255, 255, 255]), Values::Double(vec![-2.0]));
    assert_eq!(read("<f4", &0.1_f32.to_le_bytes()), Values::Single(vec![0.1]));
    assert_eq!(read(">f8", &0.1_f64.to_be_bytes()), Values::Double(vec![0.1]));
    assert_eq!(
        read("<i8", &(-(1_i64 << 53)).to_le_bytes()),
        Values::Double(vec![-9007199254740992.0])
    );
    assert_eq!(read(">u8", &(1_u64 << 53).to_be_bytes()), Values::Double(vec![9007199254740992.0]));
}

#[test]
fn files_are_written_as_numpy_writes_them() {
    let folder = Folder::new();
    let written = |shape: &[usize], values| {
        NpyArray { shape: shape.to_vec(), values }.write(folder.path("x")).unwrap();
        std::fs::read(folder.path("x")).unwrap()
    };
    assert_eq!(written(&[3], Values::Bytes(vec![1, 0, 1])), array("|u1", "3,", &[1, 0, 1]));
    assert_eq!(
        written(&[2, 1], Values::Indices(vec![1, 2])),
        array("<u4", "2, 1", &[1, 0, 0, 0, 2, 0, 0, 0])
    );
    assert_eq!(
        written(&[1, 1, 1], Values::Single(vec![1.0])),
        array("<f4", "1, 1, 1", &[0, 0, 128, 63])
    );
    assert_eq!(
        written(&[1], Values::Double(vec![1.0])),
        array("<f8", "1,", &1.0_f64.to_le_bytes())
    );
    let wrong = NpyArray { shape: vec![2, 2], values: Values::Bytes(vec![1]) };
    assert_eq!(
        folder.error(wrong.write(folder.path("x"))),
        "x: expected 4 numbers for a shape of 2 × 2, found 1"
    );
}

#[test]
fn shapes_become_inputs() {
    let folder = Folder::new();
    let open = |shape: &str, count: u8| {
        let path = folder.write("x.npy", array("|u1", shape, &(0..count).collect::<Vec<u8>>()));
        Npy::new(path).open().unwrap()
    };
    let column = open("3,", 3);
    assert_eq!((column.name.as_str(), column.rows), ("x", 3));
    assert_eq!(column.inputs[0].spec.shape, Shape::vector(1));
    assert_eq!(column.inputs[0].spec.name, "features");
    let pictures = open("2, 2, 3", 12);
    assert_eq!(pictures.inputs[0].spec.shape, Shape::image(2, 3, 1));
    assert_eq!(features(&pictures.inputs[0])[5], "pixel_1_2");
    assert_eq!(pictures.inputs[0].values, Values::Bytes((0..12).collect()));
    let flat = open("2, 1, 2, 3", 12);
    assert_eq!(flat.inputs[0].spec.shape, Shape::vector(6));
    assert!(flat.targets.is_empty());
    let indices = folder.write("i", array("<u4", "1, 1", &[7, 0, 0, 0]));
    assert_eq!(Npy::new(indices).open().unwrap().inputs[0].values, Values::Double(vec![7.0]));
}

#[test]
fn a_column_is_the_target() {
    let folder = Folder::new();
    let source = table(&folder, 3, &[1.0, 2.5, -1.0, 3.0, 4.5, 10.0, 5.0, 6.5, -1.0]);
    let opened = source.clone().target(-1).open().unwrap();
    opened.check().unwrap();
    assert_eq!(features(&opened.inputs[0]), ["0", "1"]);
    assert_eq!(numbers(&opened.inputs[0]), [1.0, 2.5, 3.0, 4.5, 5.0, 6.5]);
    assert_eq!(opened.targets[0].spec.name, "2");
    assert_eq!(opened.targets[0].spec.levels, ["-1", "10"]);
    assert_eq!(opened.targets[0].values, Values::Indices(vec![0, 1, 0]));
    let first = source.clone().target(0).open().unwrap();
    assert_eq!(features(&first.inputs[0]), ["1", "2"]);
    let middle = source.clone().target("1").open().unwrap();
    assert_eq!(middle.targets[0].spec.shape, Shape::vector(1)); // 2.5 is no name of a class
    assert_eq!(numbers(&middle.targets[0]), [2.5, 4.5, 6.5]);
    let mut named = source.clone().target(1);
    named.task = Some(Task::Classification);
    assert_eq!(named.open().unwrap().targets[0].spec.levels, ["2.5", "4.5", "6.5"]);
    let mut measured = source.clone().target(2);
    measured.task = Some(Task::Regression);
    assert_eq!(numbers(&measured.open().unwrap().targets[0]), [-1.0, 10.0, -1.0]);

    let says = |source: Npy| folder.error(source.open());
    assert_eq!(
        says(source.clone().target(3)),
        "x.npy: expected a target column from -3 to 2, found 3"
    );
    assert_eq!(
        says(source.clone().target(-4)),
        "x.npy: expected a target column from -3 to 2, found -4"
    );
    let one = table(&folder, 2, &[1.0, 2.0]);
    assert_eq!(says(one.target(0)), "x.npy: expected a column beside the target, found none");
    let column = folder.write("c", array("|u1", "3,", &[1, 2, 3]));
    assert_eq!(
        says(Npy::new(column).target(0)),
        "c: expected rows × columns for a target column, found a shape of 3"
    );
}

#[test]
fn twenty_whole_numbers_are_classes_and_more_are_not() {
    let folder = Folder::new();
    let rows = |kinds: usize| (0..40).flat_map(|i| [0.0, (i % kinds) as f64]).collect::<Vec<_>>();
    let target =
        |kinds| table(&folder, 40, &rows(kinds)).target(1).open().map(|t| t.targets[0].spec.shape);
    assert_eq!(target(20), Ok(Shape::index(20)));
    assert_eq!(target(21), Ok(Shape::vector(1)));
    assert_eq!(
        folder.error(target(1)),
        "x.npy, column 1: expected at least two classes, found only 0"
    );
    let many: Vec<f64> = (0..10_001).flat_map(|i| [0.0, f64::from(i) / 2.0]).collect();
    let mut source = table(&folder, 10_001, &many).target(1);
    source.task = Some(Task::Classification);
    assert_eq!(
        folder.error(source.open()),
        "x.npy, row 10000, column 1: expected at most 10000 classes, found more"
    );
    let zeros = table(&folder, 3, &[0.0, 0.0, 0.0, -0.0, 0.0, 1.0]).target(1).open().unwrap();
    assert_eq!(zeros.targets[0].spec.levels, ["0", "1"]);
}

#[test]
fn rows_without_a_target_are_left_out() {
    let folder = Folder::new();
    let nan = f64::NAN;
    let source = table(&folder, 4, &[1.0, nan, 2.0, 7.0, nan, nan, 4.0, 8.0]).target(1);
    let opened = source.open().unwrap();
    opened.check().unwrap();
    assert_eq!((opened.rows, opened.numbers), (2, Some(vec![1, 3])));
    assert_eq!(opened.notes, ["2 rows left out: no target"]);
    assert_eq!(numbers(&opened.inputs[0]), [2.0, 4.0]);
    let all = table(&folder, 2, &[1.0, nan, 2.0, nan]).target(1);
    assert_eq!(
        folder.error(all.open()),
        "x.npy, column 1: expected a target in at least one row, found none"
    );
    let infinite = table(&folder, 2, &[1.0, nan, 2.0, f64::INFINITY]).target(1);
    assert_eq!(
        folder.error(infinite.open()),
        "x.npy, row 1, column 1: expected a finite number, found inf"
    );
    let input = table(&folder, 2, &[1.0, 0.0, f64::INFINITY, 1.0]).target(1);
    assert_eq!(
        folder.error(input.open()),
        "x.npy, row 1, column 0: expected a finite number, found inf"
    );
}

#[test]
fn another_file_is_the_target() {
    let folder = Folder::new();
    let source = table(&folder, 2, &[1.0, 2.0, 3.0, 4.0]);
    let labels = folder.write(
        "y.npy",
        array("<i8", "2,", &[[1, 0, 0, 0, 0, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0]].concat()),
    );
    let opened = source.clone().target(labels.display()).open().unwrap();
    assert_eq!(opened.targets[0].spec.name, "target");
    assert_eq!(opened.targets[0].spec.levels, ["1", "3"]);
    assert_eq!(features(&opened.inputs[0]), ["0", "1"]);
    let column = folder.write("y.npy", array("|u1", "2, 1", &[1, 3]));
    assert_eq!(source.clone().target(column.display()).open().unwrap().targets, opened.targets);
    folder.write("y.npy", array("|u1", "3,", &[1, 3, 1]));
    assert_eq!(
        folder.error(source.clone().target(labels.display()).open()),
        "y.npy: expected 2 targets, one for each row of x.npy, found a shape of 3"
    );
    // What is wrong with a target is wrong in its file.
    let values = Values::Double(vec![1.0, f64::INFINITY]);
    NpyArray { shape: vec![2], values }.write(&labels).unwrap();
    assert_eq!(
        folder.error(source.clone().target(labels.display()).open()),
        "y.npy, row 1, column target: expected a finite number, found inf"
    );
    folder.write("y.npy", array("|u1", "2,", &[3, 7]));
    assert_eq!(
        folder.error(source.clone().target(labels.display()).open_for(&schema(&opened, true))),
        "y.npy, row 1, column target: unknown label 7; the model knows 1, 3"
    );
    let none = source.target(folder.path("no").display());
    assert_eq!(folder.error(none.open()), "no: there is no such file");
    // Without a target wanted, its file is not looked for.
    assert_eq!(none.open_for(&schema(&opened, false)).unwrap().inputs, opened.inputs);
}

#[test]
fn a_model_gets_what_it_wants() {
    let folder = Folder::new();
    let source = table(&folder, 3, &[5.0, 1.0, 2.0, 6.0, 3.0, 4.0, 5.0, 5.0, 6.0]).target(-3);
    let opened = source.open().unwrap();
    assert_eq!(source.open_for(&schema(&opened, true)).unwrap(), opened);
    let unlabelled = source.open_for(&schema(&opened, false)).unwrap();
    assert_eq!((&unlabelled.inputs, unlabelled.targets.len()), (&opened.inputs, 0));
    // The same columns in a file without the one to predict.
    table(&folder, 3, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(source.open_for(&schema(&opened, false)).unwrap().inputs, opened.inputs);
    // One class alone is enough to evaluate, an unknown one is not.
    table(&folder, 1, &[6.0, 1.0, 2.0]);
    let one = source.open_for(&schema(&opened, true)).unwrap();
    assert_eq!(one.targets[0].values, Values::Indices(vec![1]));
    table(&folder, 2, &[6.0, 1.0, 2.0, 5.5, 1.0, 2.0]);
    assert_eq!(
        folder.error(source.open_for(&schema(&opened, true))),
        "x.npy, row 1, column 0: unknown label 5.5; the model knows 5, 6"
    );
    let mut unnamed = schema(&opened, true);
    unnamed.targets[0].levels.clear();
    unnamed.targets[0].shape = Shape::index(6);
    assert_eq!(
        folder.error(source.open_for(&unnamed)),
        "x.npy, row 0, column 0: unknown label 6; the model knows 0 to 5"
    );
    let untold = Npy::new(&source.path);
    assert_eq!(
        folder.error(untold.open_for(&schema(&opened, true))),
        "x.npy: expected a target: name its column or its file in `target`"
    );
    // With many classes the nearest is told instead of all.
    let many: Vec<f64> = (0..90).flat_map(|i| [0.0, f64::from(i % 30) * 3.0]).collect();
    let mut source = table(&folder, 90, &many).target(1);
    source.task = Some(Task::Classification);
    let known = schema(&source.open().unwrap(), true);
    table(&folder, 1, &[0.0, 44.0]);
    assert_eq!(
        folder.error(source.open_for(&known)),
        "x.npy, row 0, column 1: unknown label 44; nearest 45"
    );
}

#[test]
fn broken_files_say_what_is_wrong() {
    let folder = Folder::new();
    let says = |bytes: &[u8]| folder.error(NpyArray::read(folder.write("x", bytes)));
    let whole = array("<f8", "1,", &[0; 8]);
    assert_eq!(says(&[]), "x: expected a header of at least 8 bytes, found 0 bytes");
    assert_eq!(
        says(b"PK\x03\x04 an npz"),
        r#"x: expected an npy file, which begins with "\x93NUMPY", found "PK\x03\x04 a""#
    );
    assert_eq!(says(b"\x93NUMPY\x04\x00"), "x: expected version 1.0, 2.0 or 3.0, found 4.0");
    assert_eq!(
        says(b"\x93NUMPY\x02\x00\xff\xff\xff\xff"),
        "x: expected a header of at most 65536 bytes, found 4294967295"
    );
    assert_eq!(says(&whole[..100]), "x: expected a header of at least 128 bytes, found 100 bytes");
    assert_eq!(says(&whole[..130]), "x: expected 8 bytes of data, found 2");
    assert_eq!(says(&[&whole[..], &[0]].concat()), "x: expected 8 bytes of data, found more");
    let shape = |shape: &str| says(&array("<f8", shape, &[0; 8]));
    assert_eq!(shape(""), "x: expected rows, found a single number without dimensions");
    assert_eq!(shape("0, 3"), "x: expected at least 1 in every dimension, found 0 × 3");
    assert_eq!(
        shape("3, 99999999999999999999999"),
        "x: expected at most 8 GiB of numbers, found a shape of 3 × 18446744073709551615"
    );
    assert_eq!(
        shape("1073741825,"),
        "x: expected at most 8 GiB of numbers, found a shape of 1073741825"
    );
    assert_eq!(shape("1073741824,"), "x: expected 8589934592 bytes of data, found 8");
    let big = |descr, x: [u8; 8]| says(&array(descr, "2, 1", &[[0; 8], x].concat()));
    assert_eq!(
        big("<i8", (-(1_i64 << 53) - 1).to_le_bytes()),
        "x, row 1: expected an integer from -9007199254740992 to 9007199254740992, found -9007199254740993, which a double cannot hold exactly"
    );
    assert!(big("<u8", u64::MAX.to_le_bytes()).contains("found 18446744073709551615"));
}

#[test]
fn headers_are_read_strictly() {
    let folder = Folder::new();
    let says = |header: &str| {
        let error = folder.error(NpyArray::read(folder.write("x", npy(header, &[0; 8]))));
        error.strip_prefix("x: the header cannot be read: ").unwrap_or(&error).to_owned()
    };
    let types = "expected booleans (b1), integers (i1, i2, i4, i8, u1, u2, u4, u8) or floats (f2, f4, f8), found ";
    let descr = |descr: &str| {
        let text = says(&format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}"));
        text.strip_prefix(types).unwrap_or(&text).to_owned()
    };
    assert_eq!(descr("'|O'"), "\"|O\", Python objects");
    assert_eq!(descr("'<U2'"), "\"<U2\", text");
    assert_eq!(descr("'|S5'"), "\"|S5\", strings of bytes");
    assert_eq!(descr("'<c16'"), "\"<c16\", complex numbers");
    assert_eq!(descr("'<f16'"), "\"<f16\", floats of a precision that is not read");
    assert_eq!(descr("'<M8[ns]'"), "\"<M8[ns]\", dates");
    assert_eq!(descr("[('a', '<i4')]"), "a structured type");
    assert_eq!(descr("''"), "\"\"");
    assert_eq!(descr("'é4'"), "\"é4\"");
    assert_eq!(descr("'f8'"), "expected a type with its order of bytes, < or >, found \"f8\"");
    assert_eq!(says("{'descr"), "expected a closing quote, found its end");
    assert_eq!(says(""), "expected '{', found its end");
    assert_eq!(
        says("{'descr': '<f8', 'shape': (1,)}"),
        "expected descr, fortran_order and shape, found no fortran_order"
    );
    assert_eq!(says("{'descr': '<f8', 'descr': '<f8'}"), "expected descr once, found it twice");
    assert_eq!(says("{'type': 1}"), "expected descr, fortran_order and shape, found \"type\"");
    assert_eq!(says("{'fortran_order': 0}"), "expected True or False, found \"0}\"");
    assert_eq!(says("{'shape': (3)}"), "expected ',' behind a single dimension, found \")}\"");
    assert_eq!(says("{'shape': (-3,)}"), "expected the length of a dimension, found \"-3,)}\"");
    assert_eq!(
        says(&format!("{{'shape': ({})}}", "1,".repeat(65))),
        "expected at most 64 dimensions, found more"
    );
    assert_eq!(
        says("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x"),
        "expected its end, found \"x\""
    );
    // The order of keys, blanks and the last comma do not matter.
    let header = r#"{ "shape":(1 , ) ,"fortran_order":False,'descr':'<f8'}"#;
    assert!(NpyArray::read(folder.write("x", npy(header, &[0; 8]))).is_ok());
}

#[test]
fn settings_are_read_and_checked() {
    let read = |text: &str| serde_json::from_str::<Plugin<dyn Source>>(text);
    let written = r#"{"type":"npy","path":"a","target":"-1"}"#;
    for text in [written, r#"{"type":"npy","path":"a","target":-1}"#] {
        assert_eq!(serde_json::to_string(&read(text).unwrap()).unwrap(), written);
    }
    let wrong = read(r#"{"type":"npy","path":"a","target":""}"#).unwrap_err().to_string();
    assert_eq!(wrong, "target: expected a column or a file, found nothing");
    let wrong = read(r#"{"type":"npy","path":"a","target":1.5}"#).unwrap_err().to_string();
    assert_eq!(
        wrong,
        "invalid type: floating point `1.5`, expected the name of a column or its position at line 1 column 37"
    );
    let toml: Npy = toml::from_str("path = 'a'\ntarget = 3\ntask = 'classification'").unwrap();
    assert_eq!((toml.target.as_deref(), toml.task), (Some("3"), Some(Task::Classification)));
}

fn arrays() -> impl Strategy<Value = NpyArray> {
    let shape = prop::collection::vec(1_usize..5, 1..=5);
    (shape, 0..4, any::<u64>()).prop_map(|(shape, kind, seed)| {
        let count = shape.iter().product::<usize>() as u64;
        let words = (0..count).map(|i| (i + 1).wrapping_mul(seed | 1));
        let values = match kind {
            0 => Values::Bytes(words.map(|w| w as u8).collect()),
            1 => Values::Single(words.map(|w| w as u32 as f32 / 7.0).collect()),
            2 => Values::Indices(words.map(|w| w as u32).collect()),
            _ => Values::Double(words.map(|w| w as f64 / 7.0).collect()),
        };
        NpyArray { shape, values }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(array in arrays(), packed: bool) {
        let folder = Folder::new();
        let path = folder.path(if packed { "x.npy.gz" } else { "x.npy" });
        array.write(&path).unwrap();
        prop_assert_eq!(std::fs::read(&path).unwrap().starts_with(&[0x1f, 0x8b]), packed);
        prop_assert_eq!(NpyArray::read(&path).unwrap(), array);
    }

    /// An array of two dimensions is the same in either order.
    #[test]
    fn both_orders_are_read(rows in 1_usize..6, columns in 1_usize..6) {
        let folder = Folder::new();
        let shape = format!("({rows}, {columns})");
        let header = format!("{{'descr': '|u1', 'fortran_order': True, 'shape': {shape}}}");
        let at = |row: usize, column: usize| (10 * row + column) as u8;
        let down: Vec<u8> = (0..columns).flat_map(|c| (0..rows).map(move |r| at(r, c))).collect();
        let along: Vec<u8> = (0..rows).flat_map(|r| (0..columns).map(move |c| at(r, c))).collect();
        let read = NpyArray::read(folder.write("x", npy(&header, &down))).unwrap();
        prop_assert_eq!(read.values, Values::Bytes(along));
    }

    #[test]
    fn damaged_files_are_survived(
        array in arrays(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte: u8,
        target in prop::option::of(-3_i32..3),
    ) {
        let folder = Folder::new();
        array.write(folder.path("x")).unwrap();
        let mut bytes = std::fs::read(folder.path("x")).unwrap();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(cut.index(2 * bytes.len())); // half of them stay whole
        let mut source = Npy::new(folder.write("y", &bytes));
        source.target = target.map(|column: i32| column.to_string());
        survives(&source);
        source.target = Some(source.path.display().to_string());
        survives(&source);
    }

    #[test]
    fn any_header_is_survived(text in "[{}()\\[\\]:, '\"0-9a-z<>|é]{0,60}", whole: bool) {
        let folder = Folder::new();
        let text = if whole { format!("{{'descr':'<f8','shape':(1,),{text}}}") } else { text };
        survives(&Npy::new(folder.write("x", npy(&text, &[0; 8]))));
        survives(&Npy::new(folder.write("x", text)));
    }
}

//! IDX files: what they hold, what is wrong with them, and that nothing makes their reader fall.
#![allow(clippy::unwrap_used)]

mod files;

use files::{Folder, features, numbers, schema, survives};
use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use std::io::Write as _;
use tanren_data::{Idx, IdxArray, Task};
use tanren_plugin::{Part, Plugin, Source, Values};
use tanren_tensor::Shape;

/// A file of a type, with lengths of dimensions and then bytes.
fn idx(kind: u8, shape: &[u32], data: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, shape.len() as u8];
    shape.iter().for_each(|length| bytes.extend(length.to_be_bytes()));
    bytes.extend(data);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

/// Two pictures of 2 × 3 and their labels.
fn pictures(folder: &Folder) -> Idx {
    let data: Vec<u8> = (0..12).collect();
    let images = folder.write("a.idx3-ubyte", idx(8, &[2, 2, 3], &data));
    Idx::new(images).labels(folder.write("labels", idx(8, &[2], &[2, 0])))
}

#[test]
fn pictures_have_pixels_and_labels() {
    let folder = Folder::new();
    let table = pictures(&folder).open().unwrap();
    table.check().unwrap();
    assert_eq!((table.name.as_str(), table.rows), ("a", 2));
    assert_eq!(table.inputs[0].spec.name, "pixels");
    assert_eq!(table.inputs[0].spec.shape, Shape::image(2, 3, 1));
    assert_eq!(
        features(&table.inputs[0]),
        ["pixel_0_0", "pixel_0_1", "pixel_0_2", "pixel_1_0", "pixel_1_1", "pixel_1_2"]
    );
    assert_eq!(table.inputs[0].values, Values::Bytes((0..12).collect()));
    assert_eq!(table.targets[0].spec.name, "label");
    assert_eq!(table.targets[0].spec.levels, ["0", "1", "2"]); // 1 does not occur
    assert_eq!(table.targets[0].values, Values::Indices(vec![2, 0]));
    assert_eq!((table.parts, table.notes.len()), (None, 0));
}

#[test]
fn labels_may_be_absent_or_measurements() {
    let folder = Folder::new();
    let source = pictures(&folder);
    assert!(Idx::new(&source.path).open().unwrap().targets.is_empty());
    let mut measured = source.clone();
    measured.task = Some(Task::Regression);
    let table = measured.open().unwrap();
    assert_eq!(table.targets[0].spec.shape, Shape::vector(1));
    assert_eq!(numbers(&table.targets[0]), [2.0, 0.0]);
    measured.labels =
        Some(folder.write("half", idx(0x0d, &[2], &[0x3f, 0, 0, 0, 0x7f, 0xc0, 0, 0])));
    let table = measured.open().unwrap(); // 0.5 and NaN
    assert_eq!(numbers(&table.targets[0]), [0.5]);
    assert_eq!(table.inputs[0].values, Values::Bytes((0..6).collect()));
    assert_eq!(
        (table.numbers, table.notes),
        (Some(vec![0]), vec!["1 row left out: no target".into()])
    );
}

#[test]
fn every_type_is_read_with_its_sign_and_order() {
    let folder = Folder::new();
    let read = |kind, data: &[u8], bytes: usize| {
        let path = folder.write("x", idx(kind, &[(data.len() / bytes) as u32], data));
        IdxArray::read(path).unwrap().values
    };
    assert_eq!(read(0x08, &[0, 200], 1), Values::Bytes(vec![0, 200]));
    assert_eq!(read(0x09, &[0x80, 0x7f], 1), Values::Double(vec![-128.0, 127.0]));
    assert_eq!(read(0x0b, &[0x80, 0, 0x01, 0x02], 2), Values::Double(vec![-32768.0, 258.0]));
    let integers = [0xff, 0xff, 0xff, 0xfe, 0, 1, 0, 0];
    assert_eq!(read(0x0c, &integers, 4), Values::Double(vec![-2.0, 65536.0]));
    assert_eq!(read(0x0d, &1.5_f32.to_be_bytes(), 4), Values::Single(vec![1.5]));
    assert_eq!(read(0x0e, &(-0.1_f64).to_be_bytes(), 8), Values::Double(vec![-0.1]));
}

#[test]
fn other_shapes_become_what_they_can() {
    let folder = Folder::new();
    let open = |shape: &[u32]| {
        let data: Vec<u8> = (0..shape.iter().product::<u32>() as u8).collect();
        Idx::new(folder.write("x", idx(8, shape, &data))).open().unwrap()
    };
    let column = open(&[3]);
    assert_eq!((column.rows, column.inputs[0].spec.shape), (3, Shape::vector(1)));
    let rows = open(&[3, 2]);
    assert_eq!(rows.inputs[0].spec.name, "features");
    assert_eq!(rows.inputs[0].spec.shape, Shape::vector(2));
    assert_eq!(features(&rows.inputs[0]), ["0", "1"]);
    let colours = open(&[2, 1, 2, 3]);
    assert_eq!(colours.inputs[0].spec.shape, Shape::image(1, 2, 3));
    assert_eq!(features(&colours.inputs[0])[4], "pixel_0_1_1");
}

/// A folder of five training and two test pictures.
fn mnist() -> Folder {
    let folder = Folder::new();
    folder.write("train-images-idx3-ubyte.gz", gzip(&idx(8, &[5, 1, 1], &[1, 2, 3, 4, 5])));
    folder.write("train-labels.idx1-ubyte", idx(8, &[5], &[0, 1, 0, 1, 0]));
    folder.write("t10k-images.idx3-ubyte", idx(8, &[2, 1, 1], &[6, 7]));
    folder.write("t10k-labels-idx1-ubyte.gz", gzip(&idx(8, &[2], &[3, 1])));
    folder
}

#[test]
fn a_folder_trains_and_tests() {
    let folder = mnist();
    let source = Idx::new(folder.root());
    let table = source.open().unwrap();
    table.check().unwrap();
    assert_eq!(table.rows, 7);
    assert_eq!(numbers(&table.inputs[0]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    assert_eq!(table.targets[0].spec.levels, ["0", "1", "2", "3"]);
    assert_eq!(numbers(&table.targets[0]), [0.0, 1.0, 0.0, 1.0, 0.0, 3.0, 1.0]);
    let parts = table.parts.unwrap();
    assert_eq!(parts, [[Part::Train; 5].as_slice(), &[Part::Test; 2]].concat());

    std::fs::remove_file(folder.path("t10k-labels-idx1-ubyte.gz")).unwrap();
    assert_eq!(
        folder.error(source.open()),
        "folder: expected a file t10k-labels-idx1-ubyte, plain or .gz, found none"
    );
    std::fs::remove_file(folder.path("t10k-images.idx3-ubyte")).unwrap();
    let table = source.open().unwrap();
    assert_eq!((table.rows, table.parts), (5, None));
}

#[test]
fn a_model_gets_what_it_wants() {
    let folder = mnist();
    let source = Idx::new(folder.root());
    let table = source.open().unwrap();
    assert_eq!(source.open_for(&schema(&table, true)).unwrap(), table);
    // Without targets nobody looks for labels.
    std::fs::remove_file(folder.path("train-labels.idx1-ubyte")).unwrap();
    let unlabelled = source.open_for(&schema(&table, false)).unwrap();
    assert_eq!((unlabelled.rows, unlabelled.targets.len()), (7, 0));
    assert_eq!(unlabelled.inputs, table.inputs);

    let single = pictures(&folder);
    let known = schema(&single.open().unwrap(), true);
    let unlabelled = Idx::new(&single.path);
    assert_eq!(
        folder.error(unlabelled.open_for(&known)),
        "a.idx3-ubyte: expected labels: name the file that holds them in `labels`"
    );
    let other = unlabelled.labels(folder.write("other", idx(8, &[2], &[1, 7])));
    assert_eq!(
        folder.error(other.open_for(&known)),
        "other, row 1, column label: unknown label 7; the model knows 0, 1, 2"
    );
    let one = Idx::new(&single.path).labels(folder.write("one", idx(8, &[2], &[1, 1])));
    assert_eq!(one.open_for(&known).unwrap().targets[0].values, Values::Indices(vec![1, 1]));
    assert_eq!(one.open_for(&known).unwrap().targets[0].spec, known.targets[0]);
}

#[test]
fn broken_files_say_what_is_wrong() {
    let folder = Folder::new();
    let says = |bytes: &[u8]| folder.error(IdxArray::read(folder.write("x", bytes)));
    let whole = idx(8, &[2, 3], &[1, 2, 3, 4, 5, 6]);
    assert_eq!(says(&[]), "x: expected a header of at least 4 bytes, found 0 bytes");
    assert_eq!(
        says(b"\x89PNG"),
        "x: expected an IDX file, which begins with the bytes 00 00, found 89 50"
    );
    assert_eq!(
        says(&idx(0x0a, &[1], &[1])),
        "x: expected an element type of 08, 09, 0B, 0C, 0D or 0E, found 0A"
    );
    assert_eq!(says(&[0, 0, 8, 0]), "x: expected 1 to 4 dimensions, found 0");
    assert_eq!(says(&[0, 0, 8, 5]), "x: expected 1 to 4 dimensions, found 5");
    assert_eq!(says(&whole[..9]), "x: expected a header of at least 12 bytes, found 9 bytes");
    assert_eq!(says(&whole[..16]), "x: expected 6 bytes of data, found 4");
    assert_eq!(says(&[&whole[..], &[0]].concat()), "x: expected 6 bytes of data, found more");
    assert_eq!(says(&gzip(&whole[..16])), "x: expected 6 bytes of data, found 4");
    let twice = [gzip(&whole), gzip(&[0])].concat();
    assert_eq!(says(&twice), "x: expected 6 bytes of data, found more");
    assert_eq!(says(&[gzip(&whole), vec![7; 20]].concat()), "x: invalid gzip header");
    assert_eq!(says(&gzip(&whole)[..20]), "x: the file ends too early");
    assert_eq!(
        says(&idx(8, &[0, 28, 28], &[])),
        "x: expected at least 1 in every dimension, found 0 × 28 × 28"
    );
    assert_eq!(
        says(&idx(8, &[u32::MAX; 4], &[1])),
        "x: expected at most 8 GiB of numbers, found a shape of 4294967295 × 4294967295 × 4294967295 × 4294967295"
    );
    // As doubles these would be 16 GiB.
    assert_eq!(
        says(&idx(9, &[2, 1 << 30], &[1])),
        "x: expected at most 8 GiB of numbers, found a shape of 2 × 1073741824"
    );
    assert_eq!(
        says(&idx(8, &[1 << 23, 1 << 10], &[1])),
        "x: expected 8589934592 bytes of data, found 1"
    );
    assert_eq!(folder.error(IdxArray::read(folder.path("no"))), "no: there is no such file");
}

#[test]
fn files_that_do_not_belong_together_are_refused() {
    let folder = Folder::new();
    let source = pictures(&folder);
    let says = |kind, shape: &[u32], data: &[u8]| {
        let labels = folder.write("l", idx(kind, shape, data));
        folder.error(Idx::new(&source.path).labels(labels).open())
    };
    assert_eq!(
        says(8, &[3], &[0, 1, 2]),
        "l: expected 2 labels, one for each row of a.idx3-ubyte, found 3"
    );
    assert_eq!(
        says(8, &[2, 1], &[0, 1]),
        "l: expected labels in one dimension, found a shape of 2 × 1"
    );
    assert_eq!(
        says(9, &[2], &[0, 0xff]),
        "l, row 1, column label: expected a class from 0 to 9999, found -1; set `task = \"regression\"` if the labels are measurements"
    );
    assert_eq!(
        says(0x0b, &[2], &[0, 1, 0x27, 0x10]),
        "l, row 1, column label: expected a class from 0 to 9999, found 10000; set `task = \"regression\"` if the labels are measurements"
    );
    assert_eq!(
        says(8, &[2], &[4, 4]),
        "l, column label: expected at least two classes, found only 4"
    );
    let infinite = [1.0_f32, f32::NAN, f32::NEG_INFINITY, 0.0].map(f32::to_be_bytes).concat();
    assert_eq!(
        folder.error(Idx::new(folder.write("f", idx(0x0d, &[2, 2], &infinite))).open()),
        "f, row 1, column 0: expected a finite number, found -inf"
    );
    let folder = mnist();
    folder.write("t10k-images.idx3-ubyte", idx(8, &[1, 1, 2], &[6, 7]));
    folder.write("t10k-labels-idx1-ubyte.gz", gzip(&idx(8, &[1], &[3])));
    assert_eq!(
        folder.error(Idx::new(folder.root()).open()),
        "t10k-images.idx3-ubyte: expected rows of 1 × 1 as in the training files, found 1 × 2"
    );
    let labelled = Idx::new(folder.root()).labels("x");
    assert!(
        folder
            .error(labelled.open())
            .ends_with(": expected `labels` only where `path` is a single file, found a folder")
    );
    let empty = Folder::new();
    assert!(
        empty
            .error(Idx::new(empty.root()).open())
            .ends_with(": expected a file train-images-idx3-ubyte, plain or .gz, found none")
    );
}

#[test]
fn rows_of_a_folder_are_those_of_their_files() {
    let folder = mnist();
    let source = Idx::new(folder.root());
    let known = schema(&source.open().unwrap(), true);
    let says = || folder.error(source.open());
    let class = "column label: expected a class from 0 to 9999, found -1; set `task = \"regression\"` if the labels are measurements";
    let test = "t10k-labels-idx1-ubyte.gz";
    folder.write(test, idx(9, &[2], &[0, 0xff]));
    assert_eq!(says(), format!("{test}, row 1, {class}"));
    folder.write(test, idx(9, &[2], &[0xff, 0]));
    assert_eq!(says(), format!("{test}, row 0, {class}"));
    folder.write(test, idx(8, &[2], &[3, 9]));
    assert_eq!(
        folder.error(source.open_for(&known)),
        format!("{test}, row 1, column label: unknown label 9; the model knows 0, 1, 2, 3")
    );
    folder.write("train-labels.idx1-ubyte", idx(9, &[5], &[0, 1, 0, 1, 0xff]));
    assert_eq!(says(), format!("train-labels.idx1-ubyte, row 4, {class}"));
    // What is wrong with all labels is wrong in the folder.
    folder.write("train-labels.idx1-ubyte", idx(8, &[5], &[4; 5]));
    folder.write(test, idx(8, &[2], &[4; 2]));
    assert_eq!(says(), "folder, column label: expected at least two classes, found only 4");
    let picture = [1.0_f32, f32::INFINITY].map(f32::to_be_bytes).concat();
    folder.write("t10k-images.idx3-ubyte", idx(0x0d, &[2, 1, 1], &picture));
    assert_eq!(
        says(),
        "t10k-images.idx3-ubyte, row 1, column pixel_0_0: expected a finite number, found inf"
    );
    std::fs::remove_file(folder.path(test)).unwrap();
    std::fs::remove_file(folder.path("t10k-images.idx3-ubyte")).unwrap();
    assert_eq!(
        says(),
        "train-labels.idx1-ubyte, column label: expected at least two classes, found only 4"
    );
}

#[test]
fn settings_are_read_and_checked() {
    let text = r#"{"type":"idx","path":"a","labels":"b","task":"regression"}"#;
    let source: Plugin<dyn Source> = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&source).unwrap(), text);
    let error = serde_json::from_str::<Plugin<dyn Source>>(r#"{"type":"idx","path":""}"#);
    assert_eq!(error.unwrap_err().to_string(), "path: expected the name of a file, found nothing");
}

fn arrays() -> impl Strategy<Value = IdxArray> {
    let shape = prop::collection::vec(1_usize..5, 1..=4);
    (shape, 0..4, any::<u64>()).prop_map(|(shape, kind, seed)| {
        let count = shape.iter().product::<usize>() as u64;
        let words = (0..count).map(|i| (i + 1).wrapping_mul(seed | 1));
        let values = match kind {
            0 => Values::Bytes(words.map(|w| w as u8).collect()),
            1 => Values::Single(words.map(|w| w as u32 as f32 / 7.0).collect()),
            _ => Values::Double(words.map(|w| w as f64 / 7.0).collect()),
        };
        IdxArray { shape, values }
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read(array in arrays(), packed: bool) {
        let folder = Folder::new();
        let path = folder.path(if packed { "x.gz" } else { "x" });
        array.write(&path).unwrap();
        prop_assert_eq!(std::fs::read(&path).unwrap().starts_with(&[0x1f, 0x8b]), packed);
        prop_assert_eq!(IdxArray::read(&path).unwrap(), array);
        prop_assert_eq!(std::fs::read_dir(folder.root()).unwrap().count(), 1);
    }

    #[test]
    fn damaged_files_are_survived(
        array in arrays(),
        cut in any::<prop::sample::Index>(),
        at in any::<prop::sample::Index>(),
        byte: u8,
        packed: bool,
    ) {
        let folder = Folder::new();
        let path = folder.path(if packed { "x.gz" } else { "x" });
        array.write(&path).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        bytes.truncate(cut.index(2 * bytes.len())); // half of them stay whole
        survives(&Idx::new(folder.write("y", &bytes)));
        survives(&Idx::new(folder.path("y")).labels(folder.path("y")));
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..100), header: bool) {
        let folder = Folder::new();
        let bytes = if header { [&[0, 0, 8, 2][..], &bytes].concat() } else { bytes };
        survives(&Idx::new(folder.write("x", &bytes)));
    }
}

#[test]
fn what_cannot_be_written_is_refused() {
    let folder = Folder::new();
    let says = |shape: &[usize], values| {
        let array = IdxArray { shape: shape.to_vec(), values };
        folder.error(array.write(folder.path("x")))
    };
    let bytes = |n: usize| Values::Bytes(vec![0; n]);
    assert_eq!(says(&[], bytes(1)), "x: expected 1 to 4 dimensions, found 0");
    assert_eq!(says(&[2, 3], bytes(5)), "x: expected 6 numbers for a shape of 2 × 3, found 5");
    let big = Values::Indices(vec![1, u32::MAX]);
    assert_eq!(says(&[2], big), "x: expected indices up to 2147483647, found 4294967295");
    let array = IdxArray { shape: vec![2], values: Values::Indices(vec![1, 7]) };
    array.write(folder.path("x")).unwrap();
    assert_eq!(IdxArray::read(folder.path("x")).unwrap().values, Values::Double(vec![1.0, 7.0]));
    assert!(folder.error(array.write(folder.path("no/x"))).starts_with("no/x: "));
}

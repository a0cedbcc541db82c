//! What files hold: pictures, labels, every type and shape.

use super::{idx, pictures};
use crate::files::{Folder, features, numbers};
use tanren_data::{Idx, IdxArray, Task};
use tanren_plugin::{Source, Values};
use tanren_tensor::Shape;

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
    assert_eq!(table.targets[0].spec.levels, ["0", "2"]); // 1 does not occur
    assert_eq!(table.targets[0].values, Values::Indices(vec![1, 0]));
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
        (Some(vec![0]), vec!["1 row without a target left out".into()])
    );
}

/// Classes are those that occur: letters count from 1, and many data sets have gaps.
#[test]
fn labels_are_the_classes_that_occur() {
    let folder = Folder::new();
    let images = folder.write("a", idx(8, &[30, 1], &[0; 30]));
    let open = |labels: Vec<u8>| {
        let labels = folder.write("b", idx(9, &[labels.len() as u32], &labels));
        Idx::new(&images).labels(labels).open().unwrap().targets.remove(0)
    };
    let letters = open((1..=26).chain([26, 1, 26, 1]).collect());
    assert_eq!(letters.spec.shape, Shape::index(26));
    assert_eq!((&*letters.spec.levels[0], &*letters.spec.levels[25]), ("1", "26"));
    assert_eq!(numbers(&letters)[25..], [25.0, 25.0, 0.0, 25.0, 0.0]);
    let gaps = open([vec![0xff; 10], vec![7; 10], vec![100; 10]].concat());
    assert_eq!(gaps.spec.levels, ["-1", "7", "100"]);
    // More classes than a table of unknown numbers may have are classes here.
    let many = open((0..30).map(|row| row * 4).collect());
    assert_eq!(many.spec.levels.len(), 30);
    // Whole numbers in another type are classes, others are measurements.
    let floats = |x: f32| {
        let labels: Vec<u8> = (0..30).flat_map(|row| (row as f32 * x).to_be_bytes()).collect();
        let labels = folder.write("c", idx(0x0d, &[30], &labels));
        Idx::new(&images).labels(labels).open().unwrap().targets.remove(0)
    };
    assert_eq!(floats(2.0).spec.levels[1], "2");
    assert_eq!(floats(0.5).spec.shape, Shape::vector(1));
}

/// QMNIST has eight integers for each digit, of which the first is the class.
#[test]
fn the_first_of_eight_columns_is_the_class() {
    let folder = Folder::new();
    let images = folder.write("a", idx(8, &[2, 1], &[0, 1]));
    let ints = |rows: &[[i32; 8]]| {
        let data: Vec<u8> = rows.iter().flatten().flat_map(|x| x.to_be_bytes()).collect();
        folder.write("b", idx(0x0c, &[rows.len() as u32, 8], &data))
    };
    let labels = ints(&[[3, 0, 0, 24, 9, 9, 9, 0], [5, 1, 0, 24, 9, 9, 9, 0]]);
    let table = Idx::new(&images).labels(labels).open().unwrap();
    assert_eq!(table.targets[0].spec.levels, ["3", "5"]);
    assert_eq!(numbers(&table.targets[0]), [0.0, 1.0]);
    assert_eq!(table.notes, ["the class is the first of 8 columns of the labels"]);
    let column = folder.write("c", idx(8, &[2, 1], &[4, 6]));
    assert_eq!(Idx::new(&images).labels(column).open().unwrap().targets[0].spec.levels, ["4", "6"]);
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

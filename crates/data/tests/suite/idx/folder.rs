//! A folder with files to train on and files to test with.

use super::{idx, mnist};
use crate::files::{Folder, numbers, schema};
use tanren_data::{FileOptions, Idx, file};
use tanren_plugin::{Part, Source};

#[test]
fn a_folder_trains_and_tests() {
    let folder = mnist();
    let source = Idx::new(folder.root());
    let table = source.open().unwrap();
    table.check().unwrap();
    assert_eq!(table.rows, 7);
    assert_eq!(numbers(&table.inputs[0]), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    assert_eq!(table.targets[0].spec.levels, ["0", "1", "3"]); // of both parts
    assert_eq!(numbers(&table.targets[0]), [0.0, 1.0, 0.0, 1.0, 0.0, 2.0, 1.0]);
    assert_eq!(
        table.notes,
        ["class 0 occurs only in the training files", "class 3 occurs only in the test files"]
    );
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
fn rows_of_a_folder_are_those_of_their_files() {
    let folder = mnist();
    let source = Idx::new(folder.root());
    let known = schema(&source.open().unwrap(), true);
    let says = || folder.error(source.open());
    let test = "t10k-labels-idx1-ubyte.gz";
    let infinite = |labels: [f32; 2]| idx(0x0d, &[2], &labels.map(f32::to_be_bytes).concat());
    let number = "column label: expected a finite number, found inf";
    folder.write(test, infinite([0.0, f32::INFINITY]));
    assert_eq!(says(), format!("{test}, row 1, {number}"));
    folder.write(test, infinite([f32::INFINITY, 0.0]));
    assert_eq!(says(), format!("{test}, row 0, {number}"));
    folder.write(test, idx(8, &[2], &[3, 9]));
    assert_eq!(
        folder.error(source.open_for(&known)),
        format!(
            "{test}, row 1, column label: unknown label 9; the labels of the model are 0, 1, 3"
        )
    );
    let labels = [0.0, 1.0, 0.0, 1.0, f32::INFINITY].map(f32::to_be_bytes).concat();
    folder.write("train-labels.idx1-ubyte", idx(0x0d, &[5], &labels));
    assert_eq!(says(), format!("train-labels.idx1-ubyte, row 4, {number}"));
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

/// A set of pictures of one pixel each, of which the first is `pixel`.
fn set(folder: &Folder, names: [&str; 4], pixel: u8) {
    let [images, labels, test_images, test_labels] = names;
    folder.write(images, idx(8, &[3, 1, 1], &[pixel, 1, 2]));
    let int = labels.ends_with("int");
    let write = |name: &str, labels: &[u8]| {
        let rows = labels.len() as u32;
        let wide: Vec<u8> = labels.iter().flat_map(|&x| [[0, 0, 0, x], [9; 4]].concat()).collect();
        let wide = wide.chunks(8).flat_map(|pair| pair.repeat(4)).collect::<Vec<_>>();
        folder
            .write(name, if int { idx(0x0c, &[rows, 8], &wide) } else { idx(8, &[rows], labels) });
    };
    write(labels, &[1, 2, 1]);
    folder.write(test_images, idx(8, &[2, 1, 1], &[3, 4]));
    write(test_labels, &[2, 1]);
}

const LETTERS: [&str; 4] = [
    "emnist-letters-train-images-idx3-ubyte",
    "emnist-letters-train-labels-idx1-ubyte",
    "emnist-letters-test-images-idx3-ubyte",
    "emnist-letters-test-labels-idx1-ubyte",
];
const QMNIST: [&str; 4] = [
    "qmnist-train-images-idx3-ubyte",
    "qmnist-train-labels-idx2-int",
    "qmnist-test-images-idx3-ubyte",
    "qmnist-test-labels-idx2-int",
];
const MNIST: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];

#[test]
fn relatives_of_mnist_are_found_by_their_names() {
    for (pixel, names) in (10..).zip([LETTERS, QMNIST, MNIST]) {
        let folder = Folder::new();
        set(&folder, names, pixel);
        let table = Idx::new(folder.root()).open().unwrap();
        table.check().unwrap();
        assert_eq!(numbers(&table.inputs[0]), [f64::from(pixel), 1.0, 2.0, 3.0, 4.0], "{names:?}");
        assert_eq!(table.targets[0].spec.levels, ["1", "2"], "{names:?}");
        assert_eq!(numbers(&table.targets[0]), [0.0, 1.0, 0.0, 1.0, 0.0], "{names:?}");
        let parts = [[Part::Train; 3].as_slice(), &[Part::Test; 2]].concat();
        assert_eq!(table.parts, Some(parts), "{names:?}");
        // A single file has its labels beside it.
        let file =
            |name: &str| file(&folder.path(name), &FileOptions::default()).unwrap().open().unwrap();
        assert_eq!(numbers(&file(names[0]).targets[0]), [0.0, 1.0, 0.0], "{names:?}");
        assert_eq!(numbers(&file(names[2]).targets[0]), [1.0, 0.0], "{names:?}");
    }
}

#[test]
fn one_of_several_sets_is_chosen_by_name() {
    let folder = Folder::new();
    set(&folder, LETTERS, 10);
    set(&folder, QMNIST, 11);
    let first = |set: Option<&str>| -> Result<f64, String> {
        let set = set.map(String::from);
        match (Idx { set, ..Idx::new(folder.root()) }).open() {
            Ok(table) => Ok(numbers(&table.inputs[0])[0]),
            error => Err(folder.error(error)),
        }
    };
    assert_eq!(
        first(None).unwrap_err(),
        "folder: expected the files of one data set, found several: emnist-letters, qmnist; choose one with the setting `set`, such as `set = \"qmnist\"`"
    );
    for name in ["letters", "emnist-letters", "Letters"] {
        assert_eq!(first(Some(name)), Ok(10.0), "{name}");
    }
    assert_eq!(first(Some("qmnist")), Ok(11.0));
    assert_eq!(
        first(Some("qmnst")).unwrap_err(),
        "folder: `set`: no data set \"qmnst\" (did you mean \"qmnist\"?); the folder has emnist-letters, qmnist"
    );
    set(&folder, MNIST, 12);
    assert!(first(None).unwrap_err().contains("several: \"\" (files without the name of a set), "));
    assert_eq!(first(Some("")), Ok(12.0));
    for name in LETTERS {
        std::fs::copy(folder.path(name), folder.path(&name.replace("emnist", "kmnist"))).unwrap();
    }
    assert_eq!(
        first(Some("letters")).unwrap_err(),
        "folder: `set`: \"letters\" may mean emnist-letters or kmnist-letters"
    );
    // Another folder is read with the same choice where it has such a set.
    let letters = Idx { set: Some("letters".into()), ..Idx::new("x") };
    let other = Folder::new();
    set(&other, MNIST, 13);
    let opened = letters.at(other.root(), None).unwrap().unwrap().open().unwrap();
    assert_eq!(numbers(&opened.inputs[0])[0], 13.0);
    set(&other, LETTERS, 14);
    let opened = letters.at(other.root(), None).unwrap().unwrap().open().unwrap();
    assert_eq!(numbers(&opened.inputs[0])[0], 14.0);
    let file = Idx { path: folder.path(MNIST[0]), ..letters };
    assert_eq!(
        folder.error(file.open()),
        "train-images-idx3-ubyte: `set` cannot be set for a single file, only for a folder"
    );
}

#[test]
fn two_parts_for_testing_are_refused() {
    let folder = Folder::new();
    set(&folder, MNIST, 10);
    std::fs::copy(folder.path(MNIST[2]), folder.path("test-images-idx3-ubyte")).unwrap();
    assert_eq!(
        folder.error(Idx::new(folder.root()).open()),
        "folder: expected one of t10k-images-idx3-ubyte and test-images-idx3-ubyte, found both"
    );
}

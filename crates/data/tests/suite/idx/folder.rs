//! A folder with files to train on and files to test with.

use super::{idx, mnist};
use crate::files::{numbers, schema};
use tanren_data::Idx;
use tanren_plugin::{Part, Source};

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
fn rows_of_a_folder_are_those_of_their_files() {
    let folder = mnist();
    let source = Idx::new(folder.root());
    let known = schema(&source.open().unwrap(), true);
    let says = || folder.error(source.open());
    let class = "column label: expected a class from 0 to 9999, found -1; set `task = \"regression\"` if the labels are numbers to predict";
    let test = "t10k-labels-idx1-ubyte.gz";
    folder.write(test, idx(9, &[2], &[0, 0xff]));
    assert_eq!(says(), format!("{test}, row 1, {class}"));
    folder.write(test, idx(9, &[2], &[0xff, 0]));
    assert_eq!(says(), format!("{test}, row 0, {class}"));
    folder.write(test, idx(8, &[2], &[3, 9]));
    assert_eq!(
        folder.error(source.open_for(&known)),
        format!(
            "{test}, row 1, column label: unknown label 9; the labels of the model are 0, 1, 2, 3"
        )
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

//! What is said of files that are broken, do not belong together, or cannot be written.

use super::{gzip, idx, mnist, pictures};
use crate::files::Folder;
use tanren_data::{Idx, IdxArray};
use tanren_plugin::{Source, Values};

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
        says(&[3, 8, 0, 0, 2, 0, 0, 0]),
        "x: expected an IDX file, which begins with the bytes 00 00, found 03 08; its bytes are in reverse order, IDX files are big-endian"
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
    let after = says(&[gzip(&whole), vec![7; 20]].concat());
    assert!(
        after.starts_with("x: expected the end of the gzip data, found other bytes"),
        "{after}"
    );
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
    assert_eq!(folder.error(IdxArray::read(folder.path("no"))), "no: no such file");
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
        says(8, &[2, 8], &[0; 16]),
        "l: expected labels in one dimension, or integers in 8 columns as in QMNIST, found a shape of 2 × 8"
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
        "t10k-images.idx3-ubyte: expected images of 1 × 1, as in the training files, found 1 × 2"
    );
    let labelled = Idx::new(folder.root()).labels("x");
    assert!(
        folder
            .error(labelled.open())
            .ends_with(": `labels` cannot be set for a folder, only for a single file")
    );
    let empty = Folder::new();
    assert!(
        empty
            .error(Idx::new(empty.root()).open())
            .ends_with(": expected a file train-images-idx3-ubyte, plain or .gz, found none")
    );
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

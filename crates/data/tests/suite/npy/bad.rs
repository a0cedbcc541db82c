//! What is said of broken files and headers.

use super::{array, npy};
use crate::files::Folder;
use tanren_data::NpyArray;
use tanren_plugin::Values;

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
    assert_eq!(shape(""), "x: expected an array of rows, found a single number");
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
    assert_eq!(
        descr("'|O'"),
        "\"|O\", Python objects; if all are numbers, save them with `astype(float)`"
    );
    assert_eq!(descr("'<U2'"), "\"<U2\", text; save it as CSV");
    assert_eq!(descr("'|S5'"), "\"|S5\", strings of bytes; save them as CSV");
    assert_eq!(descr("'<c16'"), "\"<c16\", complex numbers");
    assert_eq!(descr("'<f16'"), "\"<f16\", floating-point numbers of an unsupported size");
    assert_eq!(descr("'<M8[ns]'"), "\"<M8[ns]\", dates");
    assert_eq!(
        descr("[('a', '<i4')]"),
        "a structured type; save its columns as one array of numbers, or as CSV"
    );
    assert_eq!(descr("''"), "\"\"");
    assert_eq!(descr("'é4'"), "\"é4\"");
    assert_eq!(says("{'descr"), "expected a closing quote, found its end");
    assert_eq!(says(""), "expected '{', found its end");
    assert_eq!(
        says("{'descr': '<f8', 'shape': (1,)}"),
        "expected descr, fortran_order and shape, found no fortran_order"
    );
    assert_eq!(says("{'descr': '<f8', 'descr': '<f8'}"), "descr occurs twice");
    assert_eq!(says("{'type': 1}"), "expected descr, fortran_order and shape, found \"type\"");
    assert_eq!(says("{'fortran_order': 0}"), "expected True or False, found \"0}\"");
    assert_eq!(says("{'shape': (3)}"), "expected a comma after a single dimension, found \")}\"");
    assert_eq!(says("{'shape': (np.int64(3,)}"), "expected ')', found \",)}\"");
    assert_eq!(
        says("{'shape': (int(3),)}"),
        "expected the length of a dimension, found \"int(3),)}\""
    );
    assert_eq!(says("{'shape': (-3,)}"), "expected the length of a dimension, found \"-3,)}\"");
    assert_eq!(
        says(&format!("{{'shape': ({})}}", "1,".repeat(65))),
        "expected at most 64 dimensions, found more"
    );
    assert_eq!(
        says("{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} x"),
        "expected its end, found \"x\""
    );
    // Python 2, careless writers and native types.
    for (descr, shape) in [
        ("<f8", "1L,"),
        ("<f8", "1L, 1L"),
        ("<f8", "np.int64(1), np.uint32(1)"),
        ("=f8", "1,"),
        ("f8", "1,"),
        ("|f8", "1,"),
    ] {
        let bytes = array(descr, shape, &1.5_f64.to_le_bytes());
        let array = NpyArray::read(folder.write("x", bytes)).unwrap();
        assert_eq!(array.values, Values::Double(vec![1.5]), "{descr} {shape}");
    }
    let truth = NpyArray::read(folder.write("x", array("?", "2,", &[0, 1]))).unwrap();
    assert_eq!(truth.values, Values::Bytes(vec![0, 1]));
    // The order of keys, blanks and the last comma do not matter.
    let header = r#"{ "shape":(1 , ) ,"fortran_order":False,'descr':'<f8'}"#;
    assert!(NpyArray::read(folder.write("x", npy(header, &[0; 8]))).is_ok());
}

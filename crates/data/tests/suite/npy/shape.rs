//! What NumPy writes is read, and shapes become inputs.

use super::{array, npy};
use crate::files::{Folder, features};
use tanren_data::{Npy, NpyArray};
use tanren_plugin::{Source, Values};
use tanren_tensor::Shape;

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

//! npy files: what NumPy writes is read, targets become what they should, and nothing makes the
//! reader fall.

mod bad;
mod model;
mod random;
mod settings;
mod shape;
mod target;

use crate::files::Folder;
use tanren_data::{Npy, NpyArray};
use tanren_plugin::Values;

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

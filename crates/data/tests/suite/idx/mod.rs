//! IDX files: what they hold, what is wrong with them, and that nothing makes their reader fall.

mod bad;
mod folder;
mod model;
mod random;
mod read;
mod settings;

use crate::files::Folder;
use flate2::{Compression, write::GzEncoder};
use std::io::Write as _;
use tanren_data::Idx;

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

/// A folder of five training and two test pictures.
fn mnist() -> Folder {
    let folder = Folder::new();
    folder.write("train-images-idx3-ubyte.gz", gzip(&idx(8, &[5, 1, 1], &[1, 2, 3, 4, 5])));
    folder.write("train-labels.idx1-ubyte", idx(8, &[5], &[0, 1, 0, 1, 0]));
    folder.write("t10k-images.idx3-ubyte", idx(8, &[2, 1, 1], &[6, 7]));
    folder.write("t10k-labels-idx1-ubyte.gz", gzip(&idx(8, &[2], &[3, 1])));
    folder
}

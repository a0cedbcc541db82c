//! `IdxArray`: a file of the IDX format, the one MNIST comes in.
//!
//! Two zero bytes, one for the type of the numbers (08 unsigned byte, 09 signed byte, 0B, 0C
//! integers of 16 and 32 bits, 0D, 0E floats of 32 and 64 bits), one for the count of dimensions;
//! the length of each dimension in 32 bits; the numbers, the last dimension varying fastest.
//! Everything is big-endian.

use crate::arrays::array;
use crate::arrays::element::{self, Element, Kind};
use crate::arrays::file::ArrayFile;
use crate::file::output;
use std::path::Path;
use tanren_plugin::{DataError, Values};

/// The most dimensions read and written.
const MAX_RANK: usize = 4;

/// An array as an IDX file holds it.
///
/// Unsigned bytes are [`Values::Bytes`], floats of 32 bits are [`Values::Single`], everything else
/// is [`Values::Double`].
#[derive(Clone, Debug, PartialEq)]
pub struct IdxArray {
    /// The length of each dimension, 1 to 4 of them, none of them 0. The first counts rows.
    pub shape: Vec<usize>,
    /// The numbers, the last dimension varying fastest.
    pub values: Values,
}

impl IdxArray {
    /// Reads a file, plain or gzip.
    ///
    /// # Errors
    /// When it is no IDX file, when its header promises other data than there are, and when they
    /// are more than [`MAX_BYTES`](crate::MAX_BYTES).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let mut file = ArrayFile::open(path.as_ref())?;
        let mut magic = [0; 4];
        file.header(&mut magic)?;
        let [0, 0, kind, rank] = magic else {
            let [a, b, ..] = magic;
            let why = match magic {
                [1..=4, 8..=14, 0, 0] => {
                    "; its bytes are in reverse order, IDX files are big-endian"
                }
                _ => "",
            };
            let message = format!(
                "expected an IDX file, which begins with the bytes 00 00, found {a:02X} {b:02X}{why}"
            );
            return Err(file.error(message));
        };
        let Some(element) = element_of(kind) else {
            let types = "08, 09, 0B, 0C, 0D or 0E";
            let message = format!("expected an element type of {types}, found {kind:02X}");
            return Err(file.error(message));
        };
        let rank = usize::from(rank);
        if rank == 0 || rank > MAX_RANK {
            return Err(file.error(format!("expected 1 to {MAX_RANK} dimensions, found {rank}")));
        }
        let mut shape = Vec::with_capacity(rank);
        for _ in 0..rank {
            let mut length = [0; 4];
            file.header(&mut length)?;
            shape.push(u32::from_be_bytes(length) as usize);
        }
        let width = array::width(&shape).max(1);
        let values = file.numbers(element, &shape, |at| at / width)?;
        Ok(Self { shape, values })
    }

    /// Writes a file, as gzip where its name ends in `.gz`. A file of that name is replaced once
    /// the new one is whole. Indices are written as integers of 32 bits.
    ///
    /// # Errors
    /// When the shape does not fit the numbers or the format, and when the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), DataError> {
        let path = path.as_ref();
        let error = |message: String| DataError::new(path.display(), message);
        array::fits(&self.shape, &self.values, MAX_RANK).map_err(error)?;
        let kind = match &self.values {
            Values::Bytes(_) => 0x08,
            Values::Single(_) => 0x0d,
            Values::Double(_) => 0x0e,
            Values::Indices(v) => match v.iter().position(|&x| i32::try_from(x).is_err()) {
                None => 0x0c,
                Some(at) => {
                    let message = format!("expected indices up to {}, found {}", i32::MAX, v[at]);
                    return Err(error(message));
                }
            },
            _ => {
                return Err(error(
                    "expected a number type that IDX supports, found another".into(),
                ));
            }
        };
        let mut header = vec![0, 0, kind, self.shape.len() as u8];
        for &length in &self.shape {
            let Ok(length) = u32::try_from(length) else {
                let message = format!("expected dimensions up to {}, found {length}", u32::MAX);
                return Err(error(message));
            };
            header.extend(length.to_be_bytes());
        }
        output::write(path, |out| {
            out.write_all(&header)?;
            element::write(&self.values, true, out)
        })
    }
}

/// The numbers of a type of the format.
const fn element_of(kind: u8) -> Option<Element> {
    let (kind, bytes) = match kind {
        0x08 => (Kind::Unsigned, 1),
        0x09 => (Kind::Signed, 1),
        0x0b => (Kind::Signed, 2),
        0x0c => (Kind::Signed, 4),
        0x0d => (Kind::Float, 4),
        0x0e => (Kind::Float, 8),
        _ => return None,
    };
    Some(Element { kind, bytes, big_endian: true })
}

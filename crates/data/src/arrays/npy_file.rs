//! `NpyArray`: a file of the npy format, in which NumPy saves one array.

use crate::arrays::array;
use crate::arrays::element;
use crate::arrays::file::ArrayFile;
use crate::arrays::npy_header::{Header, MAGIC};
use crate::file::output;
use crate::file::rows::reserve;
use std::path::Path;
use tanren_plugin::{DataError, Values};

/// The most dimensions written.
const MAX_RANK: usize = 64;

/// Numbers begin at a multiple of this in a file.
const ALIGNMENT: usize = 64;

/// An array as an npy file holds it.
///
/// Bytes and booleans are [`Values::Bytes`], unsigned integers of 32 bits are [`Values::Indices`],
/// floats of 16 and 32 bits are [`Values::Single`], everything else is [`Values::Double`].
#[derive(Clone, Debug, PartialEq)]
pub struct NpyArray {
    /// The length of each dimension, at least one of them, none of them 0. The first counts rows.
    pub shape: Vec<usize>,
    /// The numbers, the last dimension varying fastest.
    pub values: Values,
}

impl NpyArray {
    /// Reads a file, plain or gzip.
    ///
    /// # Errors
    /// When it is no npy file, when its type is not read, when it has no dimension, when its header
    /// promises other data than there are, when they are more than
    /// [`MAX_BYTES`](crate::MAX_BYTES), and for an integer that a double cannot hold exactly, with
    /// its row.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        let mut file = ArrayFile::open(path)?;
        let Header { element, fortran, shape } = Header::read(&mut file)?;
        let [rows, ..] = *shape else {
            return Err(file.error("expected an array of rows, found a single number"));
        };
        let width = array::width(&shape).max(1);
        let row = |at: usize| if fortran { at.checked_rem(rows).unwrap_or(0) } else { at / width };
        let values = file.numbers(element, &shape, row)?;
        let values = match values {
            values if !fortran || shape.len() < 2 => values,
            Values::Bytes(v) => Values::Bytes(turned(path, &v, &shape)?),
            Values::Indices(v) => Values::Indices(turned(path, &v, &shape)?),
            Values::Single(v) => Values::Single(turned(path, &v, &shape)?),
            Values::Double(v) => Values::Double(turned(path, &v, &shape)?),
            other => other,
        };
        Ok(Self { shape, values })
    }

    /// Writes a file of version 1.0, as gzip where its name ends in `.gz`. A file of that name is
    /// replaced once the new one is whole.
    ///
    /// # Errors
    /// When the shape does not fit the numbers, and when the file cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), DataError> {
        let path = path.as_ref();
        let error = |message: String| DataError::new(path.display(), message);
        array::fits(&self.shape, &self.values, MAX_RANK).map_err(error)?;
        let kind = match &self.values {
            Values::Bytes(_) => "|u1",
            Values::Indices(_) => "<u4",
            Values::Single(_) => "<f4",
            Values::Double(_) => "<f8",
            _ => {
                return Err(error(
                    "expected a number type that npy supports, found another".into(),
                ));
            }
        };
        // A tuple of one number needs the comma, and one of several may have it.
        let shape: String = self.shape.iter().map(|length| format!("{length}, ")).collect();
        let shape =
            if self.shape.len() == 1 { shape.trim_end() } else { shape.trim_end_matches(", ") };
        let mut header =
            format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape}), }}");
        let before = MAGIC.len() + 4; // the version and the length
        let end = (before + header.len() + 1).next_multiple_of(ALIGNMENT);
        header.extend(std::iter::repeat_n(' ', end - before - header.len() - 1));
        header.push('\n');
        let length = (header.len() as u16).to_le_bytes(); // 64 dimensions take 1.5 kB
        output::write(path, |out| {
            out.write_all(&MAGIC)?;
            out.write_all(&[1, 0])?;
            out.write_all(&length)?;
            out.write_all(header.as_bytes())?;
            element::write(&self.values, false, out)
        })
    }
}

/// An array whose first dimension varies fastest, with the last varying fastest instead.
fn turned<T: Copy>(path: &Path, values: &[T], shape: &[usize]) -> Result<Vec<T>, DataError> {
    let mut strides = Vec::with_capacity(shape.len());
    let mut step = 1;
    for &length in shape {
        strides.push(step);
        step *= length;
    }
    let mut turned = Vec::new();
    reserve(path, &mut turned, values.len())?;
    let (mut place, mut at) = (vec![0; shape.len()], 0);
    while let Some(&value) = values.get(at) {
        turned.push(value);
        if turned.len() == values.len() {
            break;
        }
        // Counts on like an odometer, and moves as its wheels do.
        for ((place, &length), &stride) in place.iter_mut().zip(shape).zip(&strides).rev() {
            *place += 1;
            at += stride;
            if *place < length {
                break;
            }
            at -= stride * length;
            *place = 0;
        }
    }
    Ok(turned)
}

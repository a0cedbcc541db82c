//! `ArrayFile`: a header and then numbers, read so that memory grows with the bytes really there.

use crate::arrays::array;
use crate::arrays::element::{Element, Kept};
use crate::file::input;
use crate::file::rows::reserve;
use std::io::{BufRead, Read};
use std::path::Path;
use tanren_plugin::{DataError, Values};

/// Bytes decoded at a time: a multiple of every element.
const CHUNK: usize = 1 << 16;

/// A file of an array being read.
pub(crate) struct ArrayFile<'a> {
    path: &'a Path,
    reader: Box<dyn BufRead>,
    /// Bytes of the header that were read.
    header: usize,
}

impl<'a> ArrayFile<'a> {
    pub(crate) fn open(path: &'a Path) -> Result<Self, DataError> {
        Ok(Self { path, reader: input::open(path)?, header: 0 })
    }

    /// An error in this file.
    pub(crate) fn error(&self, message: impl std::fmt::Display) -> DataError {
        DataError::new(self.path.display(), message)
    }

    /// The next bytes of the header.
    ///
    /// # Errors
    /// When the file ends before.
    pub(crate) fn header(&mut self, buffer: &mut [u8]) -> Result<(), DataError> {
        let found = self.fill(buffer)?;
        let (end, there) = (self.header + buffer.len(), self.header + found);
        self.header = end;
        if found == buffer.len() {
            return Ok(());
        }
        let message = format!("expected a header of at least {end} bytes, found {there} bytes");
        Err(self.error(message))
    }

    /// The numbers of an array of `shape`, in the order of the file, which must end with them.
    /// `row` gives the row of the nth number.
    ///
    /// # Errors
    /// When they are too many for memory, when the file ends too early or goes on, and for an
    /// integer that cannot be held exactly, with its row.
    pub(crate) fn numbers(
        mut self,
        element: Element,
        shape: &[usize],
        row: impl Fn(usize) -> usize,
    ) -> Result<Values, DataError> {
        let count = array::count(shape, element.largest()).map_err(|said| self.error(said))?;
        let bytes = element.bytes;
        let values = match element.kept() {
            Kept::Bytes => Values::Bytes(self.collect(count, bytes, &row, |chunk, all| {
                all.extend_from_slice(chunk);
                Ok(())
            })?),
            Kept::Indices => Values::Indices(self.collect(count, bytes, &row, |chunk, all| {
                all.extend(chunk.chunks_exact(bytes).map(|number| element.index(number)));
                Ok(())
            })?),
            Kept::Single => Values::Single(self.collect(count, bytes, &row, |chunk, all| {
                all.extend(chunk.chunks_exact(bytes).map(|number| element.single(number)));
                Ok(())
            })?),
            Kept::Double => Values::Double(self.collect(count, bytes, &row, |chunk, all| {
                for number in chunk.chunks_exact(bytes) {
                    all.push(element.double(number)?);
                }
                Ok(())
            })?),
        };
        let mut more = [0];
        if self.fill(&mut more)? > 0 {
            let message = format!("expected {} bytes of data, found more", count * bytes);
            return Err(self.error(message));
        }
        Ok(values)
    }

    /// `count` numbers of `bytes` each, which `append` decodes as far as it can.
    fn collect<T>(
        &mut self,
        count: usize,
        bytes: usize,
        row: &dyn Fn(usize) -> usize,
        append: impl Fn(&[u8], &mut Vec<T>) -> Result<(), String>,
    ) -> Result<Vec<T>, DataError> {
        let (mut all, mut buffer) = (Vec::new(), vec![0; CHUNK]);
        while all.len() < count {
            let left = count - all.len();
            let (chunk, _) = buffer.split_at_mut(CHUNK.min(left.saturating_mul(bytes)));
            let found = self.fill(chunk)?;
            if found < chunk.len() {
                let (expected, found) = (count * bytes, all.len() * bytes + found);
                let message = format!("expected {expected} bytes of data, found {found}");
                return Err(self.error(message));
            }
            if all.capacity() - all.len() < chunk.len() / bytes {
                // Doubling, but never beyond what was promised.
                let more = left.min(all.len().max(CHUNK));
                reserve(self.path, &mut all, more)?;
            }
            append(chunk, &mut all).map_err(|said| self.error(said).row(row(all.len())))?;
        }
        Ok(all)
    }

    /// Fills the buffer as far as the file goes.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<usize, DataError> {
        let mut found = 0;
        while let Some(rest) = buffer.get_mut(found..).filter(|rest| !rest.is_empty()) {
            match self.reader.read(rest) {
                Ok(0) => break,
                Ok(more) => found += more,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(input::failed(self.path, &error)),
            }
        }
        Ok(found)
    }
}

//! `Members`: gzip data as one stream, however many members they are in and whatever pads them.
//!
//! A gzip file is one member or several behind each other (RFC 1952). Tapes and block devices fill
//! the last block with zeros, which mean nothing. Other bytes behind the last member are refused:
//! nobody can say whether they are what is left of more data.

use flate2::bufread::GzDecoder;
use std::io::{self, BufRead, Read};

/// The first byte of every member.
const START: u8 = 0x1f;

/// The decompressed bytes of all members of a file.
pub(crate) struct Members<R> {
    at: Place<R>,
}

/// Where in the file the stream is.
enum Place<R> {
    /// In a member, or before its first byte.
    Inside(GzDecoder<R>),
    /// Behind a member.
    Behind(R),
    /// In the zeros behind the last member.
    Padding(R),
    /// At the end, or at an error that has been told.
    End,
}

impl<R: BufRead> Members<R> {
    /// The members of a stream that begins with one.
    pub(crate) fn new(packed: R) -> Self {
        Self { at: Place::Inside(GzDecoder::new(packed)) }
    }

    /// Goes on to the next member or to the end, if that can be told from the bytes at hand.
    fn advance(&mut self) -> io::Result<()> {
        self.at = match std::mem::replace(&mut self.at, Place::End) {
            Place::Inside(member) => Place::Behind(member.into_inner()),
            Place::Behind(mut rest) => match peek(&mut rest)? {
                [] => Place::End,
                [START, ..] => Place::Inside(GzDecoder::new(rest)),
                _ => Place::Padding(rest),
            },
            Place::Padding(mut rest) => match peek(&mut rest)? {
                [] => Place::End,
                zeros if zeros.iter().all(|&byte| byte == 0) => {
                    let read = zeros.len();
                    rest.consume(read);
                    Place::Padding(rest)
                }
                _ => {
                    return Err(io::Error::other(
                        "expected the end of the gzip data, found other bytes behind it, perhaps of \
                         data that are damaged; `gunzip` writes out what is before them",
                    ));
                }
            },
            Place::End => Place::End,
        };
        Ok(())
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match &mut self.at {
                Place::Inside(member) => match member.read(buffer)? {
                    0 => self.advance()?,
                    read => return Ok(read),
                },
                Place::Behind(_) | Place::Padding(_) => self.advance()?,
                Place::End => return Ok(0),
            }
        }
    }
}

/// The bytes that come next; none at the end.
fn peek(reader: &mut impl BufRead) -> io::Result<&[u8]> {
    // Asked twice, because the first answer cannot be kept while it may have to be asked for again.
    loop {
        match reader.fill_buf() {
            Ok(_) => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    reader.fill_buf()
}

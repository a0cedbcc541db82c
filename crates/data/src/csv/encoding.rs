//! `Encoding`: how the bytes of a file become text.

use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, Read};
use tanren_plugin::Checked;

/// How the bytes of a text file become text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8, with a mark at the beginning or without.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, in either order of bytes.
    #[serde(rename = "utf-16")]
    Utf16,
    /// Windows-1252, of which Latin-1 is a part.
    #[serde(rename = "latin-1", alias = "windows-1252")]
    Latin1,
}

/// What a file may begin with to say that it is UTF-16: the low byte first, or the high one.
const UTF_16: [[u8; 2]; 2] = [[0xff, 0xfe], [0xfe, 0xff]];

/// How many bytes tell whether a text without a mark is UTF-16.
const LOOK: usize = 4096;

/// Whether a text begins as UTF-16 does: with a mark, or with zeros in every second byte beside
/// characters of Latin-1.
pub(crate) fn is_utf_16(start: &[u8]) -> bool {
    UTF_16.iter().any(|mark| start.starts_with(mark)) || unmarked(start).is_some()
}

/// Whether the high byte comes first in a text of UTF-16 without a mark; `None` where it seems to be
/// none. The line that ends, if there is one, and a mark between cells are such characters.
fn unmarked(start: &[u8]) -> Option<bool> {
    let units = start.get(..start.len().min(LOOK)).unwrap_or_default().chunks_exact(2);
    let (mut high_first, mut low_first) = (0, 0);
    let is_text = |byte: u8| byte.is_ascii_graphic() || byte >= 0xa0 || b" \t\r\n".contains(&byte);
    let all = units.len();
    for unit in units {
        match *unit {
            [0, low] if is_text(low) => high_first += 1,
            [low, 0] if is_text(low) => low_first += 1,
            [_, 0] | [0, _] => return None,
            _ => {}
        }
    }
    match (high_first, low_first) {
        (0, low) if low >= 2 && 50 * low >= all => Some(false),
        (high, 0) if high >= 2 && 50 * high >= all => Some(true),
        _ => None,
    }
}

/// What Windows-1252 has where Latin-1 has control characters, from 0x80 on.
const WINDOWS: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Replaces the bytes of a text in Windows-1252 by its UTF-8.
pub(crate) fn latin_to_utf_8(line: &mut Vec<u8>) {
    let character = |byte: u8| match byte.checked_sub(0x80) {
        Some(high) => WINDOWS.get(usize::from(high)).copied().unwrap_or(char::from(byte)),
        None => char::from(byte),
    };
    let text: String = line.iter().map(|&byte| character(byte)).collect();
    *line = text.into_bytes();
}

/// A reader of UTF-16 that gives UTF-8. What is no character becomes `U+FFFD`.
pub(crate) struct FromUtf16<R> {
    inner: R,
    big: bool,
    /// UTF-8 that is not yet read, from `at` on.
    ready: Vec<u8>,
    at: usize,
    /// The first half of a pair.
    high: Option<u16>,
}

impl<R: BufRead> FromUtf16<R> {
    /// Reads on after the mark of the order of bytes; without one the low byte comes first, unless
    /// the zeros say otherwise.
    pub(crate) fn new(mut inner: R) -> io::Result<Self> {
        let start = inner.fill_buf()?;
        let (marked, big) = match start {
            [0xff, 0xfe, ..] => (true, false),
            [0xfe, 0xff, ..] => (true, true),
            [0, ..] => (false, true),
            start => (false, unmarked(start) == Some(true)),
        };
        inner.consume(if marked { 2 } else { 0 });
        Ok(Self { inner, big, ready: Vec::new(), at: 0, high: None })
    }

    /// Decodes some more; nothing is ready at the end of the file.
    fn decode(&mut self) -> io::Result<()> {
        self.ready.clear();
        self.at = 0;
        let mut put = |c: char| {
            let mut bytes = [0; 4];
            self.ready.extend_from_slice(c.encode_utf8(&mut bytes).as_bytes());
        };
        for _ in 0..4096 {
            let mut unit = [0; 2];
            match self.inner.read_exact(&mut unit) {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    if self.high.take().is_some() {
                        put(char::REPLACEMENT_CHARACTER);
                    }
                    break;
                }
                Err(error) => return Err(error),
            }
            let unit = if self.big { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) };
            let pair = self.high.take().into_iter().chain([unit]);
            for decoded in char::decode_utf16(pair) {
                match decoded {
                    Ok(c) => put(c),
                    // The first half of a pair waits for the second.
                    Err(half) if half.unpaired_surrogate() == unit && unit < 0xdc00 => {
                        self.high = Some(unit);
                    }
                    Err(_) => put(char::REPLACEMENT_CHARACTER),
                }
            }
        }
        Ok(())
    }
}

impl<R: BufRead> Read for FromUtf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.ready.len() {
            self.decode()?;
        }
        let ready = self.ready.get(self.at..).unwrap_or_default();
        let count = ready.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(ready) {
            *to = *from;
        }
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_in_both_orders() {
        for text in ["", "a,b\nü,€\n", "𝄞 clef\n", &"long 𝄞".repeat(3000)] {
            for big in [false, true] {
                let units = std::iter::once(0xfeff).chain(text.encode_utf16());
                let bytes: Vec<u8> = units
                    .flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() })
                    .collect();
                let mut read = String::new();
                FromUtf16::new(&bytes[..]).unwrap().read_to_string(&mut read).unwrap();
                assert_eq!(read, text);
            }
        }
    }

    #[test]
    fn halves_without_their_other_half_are_replaced() {
        let bytes: Vec<u8> =
            [0xfeff, 0xd834, 0x61, 0xdd1e, 0xd834].into_iter().flat_map(u16::to_le_bytes).collect();
        let mut read = String::new();
        FromUtf16::new(&bytes[..]).unwrap().read_to_string(&mut read).unwrap();
        assert_eq!(read, "\u{fffd}a\u{fffd}\u{fffd}");
    }

    #[test]
    fn windows_1252_has_the_euro() {
        let mut line = b"Gr\xf6\xdfe 5 \x80".to_vec();
        latin_to_utf_8(&mut line);
        assert_eq!(String::from_utf8(line).unwrap(), "Größe 5 €");
    }
}

//! The header of the npy format: a magic string, a version, and a dictionary of Python with the
//! type of the numbers, their order and their shape.

use crate::arrays::element::{Element, Kind};
use crate::arrays::file::ArrayFile;
use tanren_plugin::DataError;

/// The bytes every file begins with.
pub(crate) const MAGIC: [u8; 6] = *b"\x93NUMPY";

/// The longest dictionary read.
const MAX_BYTES: usize = 1 << 16;

/// The most dimensions: as many as NumPy has.
const MAX_RANK: usize = 64;

/// What the header of a file says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// How a number is stored.
    pub(crate) element: Element,
    /// Whether the first dimension varies fastest, rather than the last.
    pub(crate) fortran: bool,
    /// The length of each dimension.
    pub(crate) shape: Vec<usize>,
}

impl Header {
    /// Reads the header of a file, up to where its numbers begin.
    ///
    /// # Errors
    /// When it is no header, or one of an array that cannot be read.
    pub(crate) fn read(file: &mut ArrayFile<'_>) -> Result<Self, DataError> {
        let mut start = [0; 8];
        file.header(&mut start)?;
        let [magic @ .., major, minor] = start;
        if magic != MAGIC {
            let found = magic.escape_ascii();
            let message =
                format!(r#"expected an npy file, which begins with "\x93NUMPY", found "{found}""#);
            return Err(file.error(message));
        }
        let length = match (major, minor) {
            (1, 0) => {
                let mut length = [0; 2];
                file.header(&mut length)?;
                usize::from(u16::from_le_bytes(length))
            }
            (2 | 3, 0) => {
                let mut length = [0; 4];
                file.header(&mut length)?;
                u32::from_le_bytes(length) as usize
            }
            _ => {
                let message = format!("expected version 1.0, 2.0 or 3.0, found {major}.{minor}");
                return Err(file.error(message));
            }
        };
        if length > MAX_BYTES {
            let message = format!("expected a header of at most {MAX_BYTES} bytes, found {length}");
            return Err(file.error(message));
        }
        let mut text = vec![0; length];
        file.header(&mut text)?;
        let header =
            std::str::from_utf8(&text).map_err(|_| "expected text, found other bytes".into());
        header
            .and_then(Self::parse)
            .map_err(|message: String| file.error(format!("the header cannot be read: {message}")))
    }

    /// The dictionary.
    fn parse(text: &str) -> Result<Self, String> {
        let mut parser = Parser { rest: text };
        let (mut element, mut fortran, mut shape) = (None, None, None);
        parser.expect('{')?;
        while !parser.take('}') {
            let key = parser.text()?;
            parser.expect(':')?;
            let twice = match key {
                "descr" => element.replace(parser.element()?).is_some(),
                "fortran_order" => fortran.replace(parser.truth()?).is_some(),
                "shape" => shape.replace(parser.shape()?).is_some(),
                other => {
                    return Err(format!(
                        "expected descr, fortran_order and shape, found {other:?}"
                    ));
                }
            };
            if twice {
                return Err(format!("{key} occurs twice"));
            }
            if !parser.take(',') {
                parser.expect('}')?;
                break;
            }
        }
        parser.end()?;
        let missing =
            |key: &str| format!("expected descr, fortran_order and shape, found no {key}");
        Ok(Self {
            element: element.ok_or_else(|| missing("descr"))?,
            fortran: fortran.ok_or_else(|| missing("fortran_order"))?,
            shape: shape.ok_or_else(|| missing("shape"))?,
        })
    }
}

/// What is left of a dictionary.
struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    /// Whether a sign comes next; if so, passes it.
    fn take(&mut self, sign: char) -> bool {
        self.rest = self.rest.trim_start();
        let after = self.rest.strip_prefix(sign);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn expect(&mut self, sign: char) -> Result<(), String> {
        if self.take(sign) { Ok(()) } else { Err(self.found(&format!("{sign:?}"))) }
    }

    /// What comes next instead of what was expected.
    fn found(&self, expected: &str) -> String {
        match self.rest.trim() {
            "" => format!("expected {expected}, found its end"),
            rest => format!("expected {expected}, found {:?}", start(rest)),
        }
    }

    /// A string in single or double quotes, without any escapes.
    fn text(&mut self) -> Result<&'a str, String> {
        let quote = if self.take('\'') {
            '\''
        } else if self.take('"') {
            '"'
        } else {
            return Err(self.found("a string in quotes"));
        };
        let unfinished = || "expected a closing quote, found its end".to_owned();
        let (text, rest) = self.rest.split_once(quote).ok_or_else(unfinished)?;
        self.rest = rest;
        Ok(text)
    }

    fn truth(&mut self) -> Result<bool, String> {
        for (word, truth) in [("True", true), ("False", false)] {
            if let Some(rest) = self.rest.trim_start().strip_prefix(word) {
                self.rest = rest;
                return Ok(truth);
            }
        }
        Err(self.found("True or False"))
    }

    /// A whole number of digits. Python 2 may have written `L` behind it, and a program that gave
    /// NumPy numbers of NumPy's own `np.int64(…)` around it.
    fn length(&mut self) -> Result<usize, String> {
        self.rest = self.rest.trim_start();
        let begins = |word: &str| word.starts_with("np.int") || word.starts_with("np.uint");
        let typed = self.rest.split_once('(').filter(|(word, _)| begins(word));
        self.rest = typed.map_or(self.rest, |(_, rest)| rest);
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        if digits.is_empty() {
            return Err(self.found("the length of a dimension"));
        }
        self.rest = rest.strip_prefix('L').unwrap_or(rest);
        if typed.is_some() {
            self.expect(')')?;
        }
        // A length beyond the machine's word is as absurd as the largest that fits.
        Ok(digits.parse().unwrap_or(usize::MAX))
    }

    /// A tuple of numbers; one of a single number has a comma behind it.
    fn shape(&mut self) -> Result<Vec<usize>, String> {
        let mut shape = Vec::new();
        self.expect('(')?;
        while !self.take(')') {
            shape.push(self.length()?);
            if shape.len() > MAX_RANK {
                return Err(format!("expected at most {MAX_RANK} dimensions, found more"));
            }
            if !self.take(',') {
                if shape.len() == 1 {
                    return Err(self.found("a comma after a single dimension"));
                }
                self.expect(')')?;
                break;
            }
        }
        Ok(shape)
    }

    /// The type of the numbers. Without an order of bytes, it is the one of nearly all machines.
    fn element(&mut self) -> Result<Element, String> {
        self.rest = self.rest.trim_start();
        if self.rest.starts_with('[') {
            let advice = "; save its columns as one array of numbers, or as CSV";
            return Err(unread(&format!("a structured type{advice}")));
        }
        let text = self.text()?;
        let (order, kind) = match text.split_at_checked(1) {
            Some((order @ ("<" | ">" | "|" | "="), kind)) => (order, kind),
            _ => ("", text),
        };
        let (kind, bytes) = match kind {
            "?" | "b1" | "u1" => (Kind::Unsigned, 1),
            "i1" => (Kind::Signed, 1),
            "u2" => (Kind::Unsigned, 2),
            "i2" => (Kind::Signed, 2),
            "u4" => (Kind::Unsigned, 4),
            "i4" => (Kind::Signed, 4),
            "u8" => (Kind::Unsigned, 8),
            "i8" => (Kind::Signed, 8),
            "f2" => (Kind::Float, 2),
            "f4" => (Kind::Float, 4),
            "f8" => (Kind::Float, 8),
            other => return Err(unread(&format!("{:?}{}", start(text), meaning(other)))),
        };
        Ok(Element { kind, bytes, big_endian: order == ">" })
    }

    /// Nothing but blanks to the end.
    fn end(&self) -> Result<(), String> {
        if self.rest.trim().is_empty() { Ok(()) } else { Err(self.found("its end")) }
    }
}

/// The first characters of what may be long.
fn start(text: &str) -> &str {
    text.char_indices().nth(40).and_then(|(end, _)| text.get(..end)).unwrap_or(text)
}

fn unread(found: &str) -> String {
    format!(
        "expected booleans (b1), integers (i1, i2, i4, i8, u1, u2, u4, u8) \
         or floats (f2, f4, f8), found {found}"
    )
}

/// What a type that is not read is, for those who do not know its letter.
fn meaning(kind: &str) -> &'static str {
    match kind.chars().next() {
        Some('O') => ", Python objects; if all are numbers, save them with `astype(float)`",
        Some('S' | 'a') => ", strings of bytes; save them as CSV",
        Some('U') => ", text; save it as CSV",
        Some('V') => ", raw or structured data",
        Some('c') => ", complex numbers",
        Some('f') => ", floating-point numbers of an unsupported size",
        Some('M') => ", dates",
        Some('m') => ", time differences",
        _ => "",
    }
}

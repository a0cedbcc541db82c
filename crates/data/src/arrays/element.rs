//! `Element`: a number as files of arrays store it, an integer or float of 1 to 8 bytes in either
//! byte order.

use std::io::{self, Write};
use tanren_plugin::Values;

/// The largest integer below which a double holds every other.
const EXACT: u64 = 1 << 53;

/// What the bytes of a number mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An integer from 0 on.
    Unsigned,
    /// An integer in two's complement.
    Signed,
    /// A float of IEEE 754: half, single or double precision.
    Float,
}

/// How a file stores one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// What its bytes mean.
    pub(crate) kind: Kind,
    /// How many they are: 1, 2, 4 or 8.
    pub(crate) bytes: usize,
    /// Whether the most significant byte comes first.
    pub(crate) big_endian: bool,
}

/// How the numbers of one element are kept in memory: as compact as [`Values`] can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// As [`Values::Bytes`].
    Bytes,
    /// As [`Values::Indices`].
    Indices,
    /// As [`Values::Single`].
    Single,
    /// As [`Values::Double`].
    Double,
}

impl Element {
    /// How its numbers are kept in memory.
    pub(crate) const fn kept(self) -> Kept {
        match (self.kind, self.bytes) {
            (Kind::Unsigned, 1) => Kept::Bytes,
            (Kind::Unsigned, 4) => Kept::Indices,
            (Kind::Float, 2 | 4) => Kept::Single,
            _ => Kept::Double,
        }
    }

    /// Bytes per number in the file or in memory, whichever is more.
    pub(crate) const fn largest(self) -> usize {
        let kept = match self.kept() {
            Kept::Bytes => 1,
            Kept::Indices | Kept::Single => 4,
            Kept::Double => 8,
        };
        if kept > self.bytes { kept } else { self.bytes }
    }

    /// The bits of one number, in the low end of a word.
    fn bits(self, bytes: &[u8]) -> u64 {
        let join = |word, &byte: &u8| word << 8 | u64::from(byte);
        if self.big_endian { bytes.iter().fold(0, join) } else { bytes.iter().rev().fold(0, join) }
    }

    /// A number kept as [`Kept::Indices`].
    pub(crate) fn index(self, bytes: &[u8]) -> u32 {
        self.bits(bytes) as u32
    }

    /// A number kept as [`Kept::Single`].
    pub(crate) fn single(self, bytes: &[u8]) -> f32 {
        let bits = self.bits(bytes);
        if self.bytes == 2 { half(bits as u16) } else { f32::from_bits(bits as u32) }
    }

    /// A number kept as [`Kept::Double`].
    ///
    /// # Errors
    /// For an integer that a double does not hold exactly.
    pub(crate) fn double(self, bytes: &[u8]) -> Result<f64, String> {
        let bits = self.bits(bytes);
        let unused = 64_usize.saturating_sub(8 * self.bytes) as u32;
        let signed = (bits.wrapping_shl(unused) as i64).wrapping_shr(unused);
        match self.kind {
            Kind::Float => Ok(f64::from_bits(bits)),
            Kind::Unsigned if bits > EXACT => Err(inexact(bits)),
            Kind::Unsigned => Ok(bits as f64),
            Kind::Signed if signed.unsigned_abs() > EXACT => Err(inexact(signed)),
            Kind::Signed => Ok(signed as f64),
        }
    }
}

fn inexact(found: impl std::fmt::Display) -> String {
    format!(
        "expected an integer from -{EXACT} to {EXACT}, found {found}, \
         which a double cannot hold exactly"
    )
}

/// A float of half precision: 1 bit for the sign, 5 for the exponent, 10 for the fraction.
fn half(bits: u16) -> f32 {
    let (exponent, fraction) = (u32::from(bits >> 10 & 0x1f), u32::from(bits & 0x3ff));
    let size = match exponent {
        // Without the implied leading 1, in units of 2⁻²⁴.
        0 => fraction as f32 / 16_777_216.0,
        // Infinities and what is no number.
        0x1f => f32::from_bits(0xff << 23 | fraction << 13),
        // The exponent counts from −15 here and from −127 in single precision.
        _ => f32::from_bits((exponent + 112) << 23 | fraction << 13),
    };
    if bits >> 15 == 0 { size } else { -size }
}

/// Writes numbers in the precision they are kept in.
pub(crate) fn write(values: &Values, big_endian: bool, out: &mut dyn Write) -> io::Result<()> {
    match values {
        Values::Bytes(v) => out.write_all(v),
        Values::Indices(v) => v.iter().try_for_each(|x| put(out, x.to_le_bytes(), big_endian)),
        Values::Single(v) => v.iter().try_for_each(|x| put(out, x.to_le_bytes(), big_endian)),
        Values::Double(v) => v.iter().try_for_each(|x| put(out, x.to_le_bytes(), big_endian)),
        _ => Err(io::Error::other("this number type cannot be written")),
    }
}

fn put<const N: usize>(out: &mut dyn Write, mut bytes: [u8; N], reverse: bool) -> io::Result<()> {
    if reverse {
        bytes.reverse();
    }
    out.write_all(&bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_those_of_ieee_754() {
        let expected = [
            (0x0000, 0.0),
            (0x0001, 5.960_464_5e-8),
            (0x03ff, 6.097_555e-5),
            (0x0400, 6.103_515_6e-5),
            (0x3555, 0.333_251_95),
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0xfc00, f32::NEG_INFINITY),
        ];
        for (bits, number) in expected {
            assert_eq!(half(bits), number, "{bits:04x}");
        }
        assert!(half(0x7e00).is_nan());
        assert!(half(0x8000).is_sign_negative());
    }
}

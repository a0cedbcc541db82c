//! `digits`: 1,797 handwritten digits of 8 × 8 pixels, inside the library.
//!
//! The test part of E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI
//! Machine Learning Repository, DOI 10.24432/C50P49, CC BY 4.0; the same rows in the same order as
//! `load_digits` of scikit-learn.
//!
//! Format of `digits.bin`: records of 41 bytes, one per image. Byte 0 is the digit. Eight groups of
//! 5 bytes follow, one per row of pixels: a 40-bit little-endian integer whose bits 5c … 5c + 4 are
//! the pixel in column c.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Source, Table, Values, typetag,
};
use tanren_tensor::Shape;

const SIDE: usize = 8;
const BITS: usize = 5;
const BYTES: &[u8] = include_bytes!("../../sets/digits.bin");

/// Handwritten digits: input `pixels`, 8 × 8 whole numbers from 0 (white) to 16, row by row; target
/// `digit`.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Digits {}

#[typetag::serde(name = "digits")]
impl Source for Digits {
    fn open(&self) -> Result<Table, DataError> {
        let (pixels, digits) = decode(BYTES);
        let pixel = |i| Feature::number(format!("pixel_{}_{}", i / SIDE, i % SIDE));
        let features = (0..SIDE * SIDE).map(pixel).collect();
        let spec = FieldSpec { features, ..FieldSpec::new("pixels", Shape::image(SIDE, SIDE, 1)) };
        let levels = (0..10).map(|digit| digit.to_string()).collect();
        Ok(Table {
            name: "digits".into(),
            rows: digits.len(),
            inputs: vec![Field::new(spec, Values::Bytes(pixels))],
            targets: vec![Field::classes("digit", levels, digits)],
            ..Table::default()
        })
    }
}

/// The pixels and the digit of every whole record.
fn decode(bytes: &[u8]) -> (Vec<u8>, Vec<u32>) {
    let (mut pixels, mut digits) = (Vec::new(), Vec::new());
    for record in bytes.chunks_exact(1 + SIDE * BITS) {
        digits.push(u32::from(record[0]));
        for row in record[1..].chunks_exact(BITS) {
            let row = row.iter().rev().fold(0, |w, &b| w << 8 | u64::from(b));
            pixels.extend((0..SIDE).map(|c| (row >> (BITS * c)) as u8 & 0b1_1111));
        }
    }
    (pixels, digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_file_is_whole() {
        assert_eq!(BYTES.len(), 1797 * 41);
    }

    #[test]
    fn pixels_come_in_order() {
        let mut record = vec![7];
        let row = (0..8).fold(0_u64, |w, c| w | (c + 1) << (5 * c));
        for r in 0..8 {
            record.extend_from_slice(&(row * u64::from(r == 2)).to_le_bytes()[..5]);
        }
        let (pixels, digits) = decode(&record);
        assert_eq!(digits, [7]);
        assert_eq!(pixels[16..24], [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(pixels.iter().filter(|&&p| p > 0).count(), 8);
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let (pixels, digits) = decode(&bytes);
            prop_assert_eq!(digits.len(), bytes.len() / 41);
            prop_assert_eq!(pixels.len(), digits.len() * 64);
        }
    }
}

//! `Frame`: what the numbers of a target are relative to, row by row.

use std::ops::Range;

/// The way from the numbers of a target to its own units, where that differs from row to row: a forecast
/// that is counted from the last value that is known, in units of how much the values before it vary.
///
/// Number `i` of row `n` is `shift + scale · x` in its own units, with the shift and the scale of that
/// row and number; where `exponential`, e to the power of that. It is not fitted: the source works it out
/// from what a row knows before its target, so that it is there for new rows, too.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frame {
    /// One for each number of each row, row after row.
    pub shift: Vec<f64>,
    /// As many.
    pub scale: Vec<f64>,
    /// Whether the target is a logarithm before it is shifted and scaled.
    pub exponential: bool,
}

impl Frame {
    /// Takes the numbers of some steps of a row, each with as many numbers as the frame has for a row of
    /// `rows`, to their own units.
    ///
    /// # Panics
    /// When the row is not below `rows`, or there are no `rows`.
    pub fn to_own_units(&self, (row, rows): (usize, usize), numbers: &mut [f64]) {
        let width = self.shift.len() / rows;
        let place = row * width..(row + 1) * width;
        let (shift, scale) = (&self.shift[place.clone()], &self.scale[place]);
        for step in numbers.chunks_mut(width.max(1)) {
            for ((x, shift), scale) in step.iter_mut().zip(shift).zip(scale) {
                let linear = shift + scale * *x;
                *x = if self.exponential { linear.exp() } else { linear };
            }
        }
    }

    /// The same frame of some ranges of its numbers.
    pub(crate) fn select(&self, ranges: impl Iterator<Item = Range<usize>> + Clone) -> Self {
        let some = |all: &[f64]| ranges.clone().flat_map(|range| all[range].to_vec()).collect();
        Self { shift: some(&self.shift), scale: some(&self.scale), ..*self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_units_of_its_own() {
        let frame = Frame {
            shift: vec![1.0, 2.0, 0.0, 0.0],
            scale: vec![1.0, 2.0, 3.0, 4.0],
            exponential: false,
        };
        let mut numbers = [1.0, 1.0];
        frame.to_own_units((0, 2), &mut numbers);
        assert_eq!(numbers, [2.0, 4.0]);
        let mut steps = [1.0, 1.0, 2.0, 2.0];
        Frame { exponential: true, ..frame }.to_own_units((1, 2), &mut steps);
        assert_eq!(steps, [3f64, 4.0, 6.0, 8.0].map(f64::exp));
    }
}

//! `Field`: one input or target of every row, in memory.

use crate::{Feature, FieldSpec};
use std::ops::Range;
use tanren_tensor::Shape;

/// The numbers of a field, as compact as their source was: one column after the other.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Values {
    /// Double precision.
    Double(Vec<f64>),
    /// Single precision.
    Single(Vec<f32>),
    /// Bytes, such as pixels.
    Bytes(Vec<u8>),
    /// Indices below the number of levels.
    Indices(Vec<u32>),
}

impl Values {
    /// How many numbers.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Double(v) => v.len(),
            Self::Single(v) => v.len(),
            Self::Bytes(v) => v.len(),
            Self::Indices(v) => v.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The numbers at these ranges, one range after the other.
    fn select(&self, ranges: impl Iterator<Item = Range<usize>>) -> Self {
        fn copied<T: Copy>(all: &[T], ranges: impl Iterator<Item = Range<usize>>) -> Vec<T> {
            ranges.flat_map(|range| all[range].iter().copied()).collect()
        }
        match self {
            Self::Double(v) => Self::Double(copied(v, ranges)),
            Self::Single(v) => Self::Single(copied(v, ranges)),
            Self::Bytes(v) => Self::Bytes(copied(v, ranges)),
            Self::Indices(v) => Self::Indices(copied(v, ranges)),
        }
    }

    /// The number at this place.
    ///
    /// # Panics
    /// When there are not so many.
    #[must_use]
    pub fn number(&self, at: usize) -> f64 {
        match self {
            Self::Double(v) => v[at],
            Self::Single(v) => f64::from(v[at]),
            Self::Bytes(v) => f64::from(v[at]),
            Self::Indices(v) => f64::from(v[at]),
        }
    }

    /// Appends the numbers at `range` to `out`.
    pub fn read(&self, range: Range<usize>, out: &mut Vec<f64>) {
        match self {
            Self::Double(v) => out.extend_from_slice(&v[range]),
            Self::Single(v) => out.extend(v[range].iter().map(|&x| f64::from(x))),
            Self::Bytes(v) => out.extend(v[range].iter().map(|&x| f64::from(x))),
            Self::Indices(v) => out.extend(v[range].iter().map(|&x| f64::from(x))),
        }
    }
}

/// One input or target of every row.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// What it is called and what one row looks like.
    pub spec: FieldSpec,
    /// The numbers.
    pub values: Values,
    /// For sequences: where each row begins, in columns, and at last where the last row ends.
    pub offsets: Option<Vec<usize>>,
}

impl Field {
    /// Vectors of `features.len()` numbers, one after the other. NaN is a missing number.
    pub fn numbers(name: impl Into<String>, features: Vec<Feature>, values: Vec<f64>) -> Self {
        let spec = FieldSpec { features, ..FieldSpec::new(name, Shape::vector(1)) };
        let spec = FieldSpec { shape: Shape::vector(spec.features.len()), ..spec };
        Self::new(spec, Values::Double(values))
    }

    /// One class per row, as the number of its level.
    pub fn classes(name: impl Into<String>, levels: Vec<String>, values: Vec<u32>) -> Self {
        let spec = FieldSpec { levels, ..FieldSpec::new(name, Shape::index(1)) };
        let spec = FieldSpec { shape: Shape::index(spec.levels.len()), ..spec };
        Self::new(spec, Values::Indices(values))
    }

    /// A field without sequences.
    #[must_use]
    pub const fn new(spec: FieldSpec, values: Values) -> Self {
        Self { spec, values, offsets: None }
    }

    /// Numbers per column as they are stored: one for an index.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.spec.width()
    }

    /// The columns of `row`: one, or the steps of its sequence.
    #[must_use]
    pub fn columns(&self, row: usize) -> Range<usize> {
        self.offsets.as_ref().map_or(row..row + 1, |o| o[row]..o[row + 1])
    }

    /// The same field of these rows alone.
    ///
    /// # Panics
    /// When a row is not in the field.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        self.of_columns(&rows.iter().map(|&row| self.columns(row)).collect::<Vec<_>>())
    }

    /// The same field with rows of these columns alone.
    ///
    /// # Panics
    /// When a column is not in the field.
    #[must_use]
    pub fn of_columns(&self, rows: &[Range<usize>]) -> Self {
        let width = self.width();
        let numbers = |columns: &Range<usize>| columns.start * width..columns.end * width;
        let values = self.values.select(rows.iter().map(numbers));
        let offsets = self.offsets.as_ref().map(|_| {
            let lengths = rows.iter().map(Range::len);
            let ends = lengths.scan(0, |end, length| {
                *end += length;
                Some(*end)
            });
            std::iter::once(0).chain(ends).collect()
        });
        Self { spec: self.spec.clone(), values, offsets }
    }

    /// The same field of the features at `places` alone.
    ///
    /// # Panics
    /// When there is no feature at a place.
    #[must_use]
    pub fn features_at(&self, places: &[usize]) -> Self {
        let width = self.width();
        let columns = (0..self.values.len()).step_by(width.max(1));
        let numbers = |start| places.iter().map(move |&place| start + place..start + place + 1);
        let values = self.values.select(columns.flat_map(numbers));
        let (spec, offsets) = (self.spec.features_at(places), self.offsets.clone());
        Self { spec, values, offsets }
    }

    /// Appends the numbers of one column to `out`.
    pub fn read(&self, column: usize, out: &mut Vec<f64>) {
        self.values.read(column * self.width()..(column + 1) * self.width(), out);
    }
}

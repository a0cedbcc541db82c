//! `Table`: raw data in memory, field by field.

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
    /// Its name.
    pub name: String,
    /// What one row looks like.
    pub shape: Shape,
    /// The name of each feature; empty when they have none.
    pub features: Vec<String>,
    /// The name of each level of an index; empty when they have none.
    pub levels: Vec<String>,
    /// The numbers.
    pub values: Values,
    /// For sequences: where each row begins, in columns, and at last where the last row ends.
    pub offsets: Option<Vec<usize>>,
}

impl Field {
    /// Numbers per column as they are stored: one for an index.
    #[must_use]
    pub const fn width(&self) -> usize {
        if self.shape.indices { 1 } else { self.shape.features }
    }

    /// The columns of `row`: one, or the steps of its sequence.
    #[must_use]
    pub fn columns(&self, row: usize) -> Range<usize> {
        self.offsets.as_ref().map_or(row..row + 1, |o| o[row]..o[row + 1])
    }

    /// Appends the numbers of one column to `out`.
    pub fn read(&self, column: usize, out: &mut Vec<f64>) {
        self.values.read(column * self.width()..(column + 1) * self.width(), out);
    }
}

/// Raw data: what a source opens.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What to call it in messages.
    pub name: String,
    /// Rows of every field.
    pub rows: usize,
    /// The inputs of the network.
    pub inputs: Vec<Field>,
    /// The targets of its losses.
    pub targets: Vec<Field>,
    /// What each row counts; `None` for 1.
    pub weights: Option<Vec<f64>>,
    /// The part each row belongs to, when the source already says.
    pub parts: Option<Vec<crate::Part>>,
}

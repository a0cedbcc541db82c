//! `Table`: raw data in memory, field by field.

use crate::DataError;
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

impl Table {
    /// Checks that every field has what the table's number of rows promises, so that no reader
    /// can step outside.
    ///
    /// # Errors
    /// [`DataError`] with the field and what was expected and found.
    pub fn check(&self) -> Result<(), DataError> {
        let error = |message: String| DataError::new(&self.name, message);
        for field in self.inputs.iter().chain(&self.targets) {
            let place = |message: String| error(message).column(&field.name);
            if field.shape.indices != matches!(field.values, Values::Indices(_)) {
                let message = format!("expected values for {}, found others", field.shape);
                return Err(place(message));
            }
            if field.shape.sequence != field.offsets.is_some() {
                let say = if field.shape.sequence { "offsets, found none" } else { "no offsets" };
                return Err(place(format!("expected {say}")));
            }
            let columns = match &field.offsets {
                None => self.rows,
                Some(offsets) => {
                    let rising = offsets.windows(2).all(|pair| pair[0] < pair[1]);
                    if offsets.len() != self.rows + 1 || offsets[0] != 0 || !rising {
                        let message = "expected an offset per row, rising from 0, and the end";
                        return Err(place(message.into()));
                    }
                    offsets[self.rows]
                }
            };
            let (expected, found) = (columns.checked_mul(field.width()), field.values.len());
            if expected != Some(found) {
                let message =
                    format!("expected {} × {columns} numbers, found {found}", field.width());
                return Err(place(message));
            }
            if let Values::Indices(indices) = &field.values {
                let high = indices.iter().position(|&i| i as usize >= field.shape.features);
                if let Some(at) = high {
                    let message = format!("expected {}, found {}", field.shape, indices[at]);
                    return Err(place(message));
                }
            }
        }
        let rows = |what: &str, len: Option<usize>| match len {
            Some(len) if len != self.rows => {
                Err(error(format!("expected {what} for {} rows, found {len}", self.rows)))
            }
            _ => Ok(()),
        };
        rows("weights", self.weights.as_ref().map(Vec::len))?;
        rows("parts", self.parts.as_ref().map(Vec::len))?;
        let bad = |w: &f64| !(w.is_finite() && *w >= 0.0);
        match self.weights.as_ref().and_then(|w| w.iter().position(bad)) {
            Some(row) => Err(error("expected finite weights from 0 on".into()).row(row)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(values: Values, shape: Shape, offsets: Option<Vec<usize>>) -> Table {
        let (features, levels) = (Vec::new(), Vec::new());
        let field = Field { name: "x".into(), shape, features, levels, values, offsets };
        let (inputs, targets) = (vec![field], Vec::new());
        Table { name: "t".into(), rows: 2, inputs, targets, weights: None, parts: None }
    }

    #[test]
    fn inconsistent_tables_are_refused() {
        let dense = |n| Values::Double(vec![0.0; n]);
        let vector = Shape::vector(3);
        assert!(table(dense(6), vector, None).check().is_ok());
        assert!(table(dense(5), vector, None).check().is_err());
        let sequence = Shape::sequence(1);
        assert!(table(dense(5), sequence, Some(vec![0, 2, 5])).check().is_ok());
        assert!(table(dense(5), sequence, Some(vec![0, 6, 5])).check().is_err());
        assert!(table(dense(5), sequence, Some(vec![])).check().is_err());
        assert!(table(Values::Indices(vec![0, 4]), Shape::index(4), None).check().is_err());
        let mut weighted = table(dense(6), vector, None);
        weighted.weights = Some(vec![1.0, f64::NAN]);
        assert_eq!(weighted.check().unwrap_err().row, Some(1));
    }
}

//! `Columns`: the normalised columns of one port.

use crate::Steps;
use std::ops::Range;
use tanren_plugin::{DataError, Feature, Field, FieldSpec, Values};
use tanren_tensor::{Real, Shape, vectorized};

/// The columns of one port, normalised.
#[derive(Clone, Debug)]
pub(crate) struct Columns<T> {
    pub(crate) shape: Shape,
    pub(crate) dense: Vec<T>,
    pub(crate) indices: Vec<u32>,
    /// For sequences, where each row begins; at last where the last row ends.
    pub(crate) offsets: Option<Vec<usize>>,
}

/// Room for a column on its way through the normalisers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Room {
    pub(crate) column: Vec<f64>,
    pub(crate) spare: Vec<f64>,
}

impl<T: Real> Columns<T> {
    /// No columns yet.
    pub(crate) const fn new(shape: Shape) -> Self {
        Self { shape, dense: Vec::new(), indices: Vec::new(), offsets: None }
    }

    /// The columns of `row`.
    fn range(&self, row: usize) -> Range<usize> {
        self.offsets.as_ref().map_or(row..row + 1, |o| o[row]..o[row + 1])
    }

    /// Appends the columns of `row` to `out`.
    pub(crate) fn read(&self, row: usize, out: &mut Vec<f64>) {
        let range = self.range(row);
        if self.shape.indices {
            out.extend(self.indices[range].iter().map(|&i| f64::from(i)));
        } else {
            let width = self.shape.features;
            let range = range.start * width..range.end * width;
            out.extend(self.dense[range].iter().map(|x| x.f64()));
        }
    }

    /// The first number of `row` that is infinite in this precision or, unless numbers may be missing, NaN,
    /// and its feature.
    pub(crate) fn not_finite(&self, row: usize, missing: bool) -> Option<(usize, f64)> {
        let range = self.range(row);
        let width = if self.shape.indices { 0 } else { self.shape.features };
        let numbers = &self.dense[range.start * width..range.end * width];
        let at = numbers.iter().position(|x| {
            let x = x.f64();
            !(x.is_finite() || missing && x.is_nan())
        })?;
        Some((at % width, numbers[at].f64()))
    }

    /// Whether all numbers are finite: 0 times any other is no number.
    pub(crate) fn finite(&self) -> bool {
        vectorized(
            #[inline(always)]
            || self.dense.iter().fold(true, |all, &x| all & (x * T::ZERO == T::ZERO)),
        )
    }

    /// Forgets all columns.
    pub(crate) fn clear(&mut self) {
        self.dense.clear();
        self.indices.clear();
        self.offsets = None;
    }

    /// Replaces all columns by those of `rows` of a field, normalised.
    ///
    /// # Errors
    /// When they do not fit in memory, or a normaliser gives something else than it has promised.
    pub(crate) fn fill(
        &mut self,
        table: &str,
        field: &Field,
        rows: impl ExactSizeIterator<Item = usize> + Clone,
        steps: &Steps,
        room: &mut Room,
    ) -> Result<(), DataError> {
        let place = |message: String| DataError::new(table, message).column(&field.spec.name);
        let mut offsets = self.offsets.take();
        self.clear();
        let count = if let Some(from) = &field.offsets {
            let offsets = offsets.get_or_insert_default();
            offsets.clear();
            offsets.push(0);
            let ends = rows.clone().scan(0, |end, row| {
                *end += from[row + 1] - from[row];
                Some(*end)
            });
            offsets.extend(ends);
            offsets.last().copied().unwrap_or(0)
        } else {
            offsets = None;
            rows.len()
        };
        let shape = self.shape;
        if let (Values::Indices(indices), true) = (&field.values, steps.is_empty()) {
            rows.for_each(|row| self.indices.extend_from_slice(&indices[field.columns(row)]));
        } else {
            let numbers = if shape.indices { 0 } else { count.saturating_mul(shape.features) };
            self.dense.try_reserve_exact(numbers).map_err(|_| {
                place(format!("{count} rows of {shape} after normalization do not fit in memory"))
            })?;
            for column in rows.flat_map(|row| field.columns(row)) {
                room.column.clear();
                field.read(column, &mut room.column);
                self.push(steps, room).map_err(place)?;
            }
        }
        self.offsets = offsets;
        Ok(())
    }

    /// Normalises the column in `room` and appends it.
    ///
    /// # Errors
    /// When a normaliser gives something else than it has promised.
    pub(crate) fn push(&mut self, steps: &Steps, room: &mut Room) -> Result<(), String> {
        steps.apply(&mut room.column, &mut room.spare);
        let (shape, column) = (self.shape, room.column.as_slice());
        match column {
            &[index] if shape.indices => {
                if !(index >= 0.0 && index < shape.features as f64 && index.fract() == 0.0) {
                    return Err(format!("expected {shape} after normalization, found {index:?}"));
                }
                self.indices.push(index as u32);
            }
            numbers if !shape.indices && numbers.len() == shape.features => {
                self.dense.extend(numbers.iter().map(|&x| T::of(x)));
            }
            numbers => {
                let (expected, found) = (shape.features, numbers.len());
                return Err(match shape.indices {
                    true => format!("expected {shape} after normalization, found {numbers:?}"),
                    false => {
                        format!("expected {expected} numbers after normalization, found {found}")
                    }
                });
            }
        }
        Ok(())
    }
}

/// What is wrong with a number that is none.
pub(crate) fn expected_finite(found: f64) -> String {
    let hint = match found.is_nan() {
        true => "; the normalizer `impute` fills missing values",
        false => "",
    };
    format!("expected finite numbers after normalization, found {found}{hint}")
}

/// Whether the field that was `found` is the one a model was made for.
///
/// # Errors
/// With what was expected and found.
pub(crate) fn agree(table: &str, found: &FieldSpec, expected: &FieldSpec) -> Result<(), DataError> {
    let place = |message: String| DataError::new(table, message).column(&found.name);
    if found.shape != expected.shape {
        return Err(place(format!("expected {}, found {}", expected.shape, found.shape)));
    }
    let differ = |a: bool, b: bool, equal: bool| !a && !b && !equal;
    let (a, b) = (&expected.features, &found.features);
    if differ(a.is_empty(), b.is_empty(), a == b) {
        let names =
            |f: &[Feature]| f.iter().map(|f| f.name.as_str()).collect::<Vec<_>>().join(", ");
        let (expected, found) = (names(a), names(b));
        return Err(place(match expected == found {
            true => "expected the levels of its categories as in the training data".into(),
            false => format!("expected the features {expected}; found {found}"),
        }));
    }
    let (a, b) = (&expected.levels, &found.levels);
    if differ(a.is_empty(), b.is_empty(), a == b) {
        let (expected, found) = (a.join(", "), b.join(", "));
        return Err(place(format!("expected the levels {expected}; found {found}")));
    }
    Ok(())
}

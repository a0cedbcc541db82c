//! `Prepared`: normalised data in a run's own precision.

pub(crate) mod gather;
pub(crate) mod port;

use crate::PortSpec;
use tanren_plugin::{DataError, Feature, Field, Table, Values};
use tanren_tensor::{Real, Shape};

/// The columns of one port, normalised.
#[derive(Clone, Debug)]
pub(crate) struct Columns<T> {
    pub(crate) shape: Shape,
    pub(crate) dense: Vec<T>,
    pub(crate) indices: Vec<u32>,
    /// For sequences, where each row begins; at last where the last row ends.
    pub(crate) offsets: Option<Vec<usize>>,
}

impl<T: Real> Columns<T> {
    /// Appends the columns of `row`.
    fn read(&self, row: usize, out: &mut Vec<f64>) {
        let range = self.offsets.as_ref().map_or(row..row + 1, |o| o[row]..o[row + 1]);
        if self.shape.indices {
            out.extend(self.indices[range].iter().map(|&i| f64::from(i)));
        } else {
            let width = self.shape.features;
            let range = range.start * width..range.end * width;
            out.extend(self.dense[range].iter().map(|x| x.f64()));
        }
    }
}

/// All rows of a table, normalised as a model wants them.
#[derive(Clone, Debug)]
pub struct Prepared<T> {
    rows: usize,
    pub(crate) inputs: Vec<Columns<T>>,
    pub(crate) targets: Vec<Columns<T>>,
    /// The targets as they came, to score by.
    raw: Vec<Field>,
    pub(crate) weights: Option<Vec<T>>,
}

impl<T: Real> Prepared<T> {
    /// Normalises the fields of `table` for the ports of a model, of its targets the first ones.
    /// Give no targets to predict.
    ///
    /// # Errors
    /// When the table's fields are not the ones the model was made for, or a sequence does not
    /// have one length throughout its row.
    pub fn new(
        table: &Table,
        inputs: &[PortSpec],
        targets: &[PortSpec],
    ) -> Result<Self, DataError> {
        table.check()?;
        let both = |fields: &[Field], ports: &[PortSpec], what: &str| {
            if fields.len() != ports.len() {
                let message = format!("expected {} {what}, found {}", ports.len(), fields.len());
                return Err(DataError::new(&table.name, message));
            }
            fields.iter().zip(ports).map(|(f, p)| columns(&table.name, f, p)).collect()
        };
        let inputs: Vec<Columns<T>> = both(&table.inputs, inputs, "inputs")?;
        let used = &table.targets[..targets.len().min(table.targets.len())];
        let targets: Vec<Columns<T>> = both(used, targets, "targets")?;
        let raw = used.to_vec();
        let mut sequences = inputs.iter().chain(&targets).filter_map(|c| c.offsets.as_ref());
        if let Some(first) = sequences.next() {
            for other in sequences {
                if let Some(row) = (0..table.rows).find(|&r| length(first, r) != length(other, r)) {
                    let (a, b) = (length(first, row), length(other, row));
                    let message = format!("expected sequences of one length, found {a} and {b}");
                    return Err(DataError::new(&table.name, message).row(row));
                }
            }
        }
        let weights = table.weights.as_ref().map(|w| w.iter().map(|&w| T::of(w)).collect());
        Ok(Self { rows: table.rows, inputs, targets, raw, weights })
    }

    /// How many rows.
    #[must_use]
    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// The weight of a row.
    #[must_use]
    pub fn weight(&self, row: usize) -> f64 {
        self.weights.as_ref().map_or(1.0, |w| w[row].f64())
    }

    /// The input of `row` at port `k`, column by column: an index is one number.
    pub fn input(&self, k: usize, row: usize, out: &mut Vec<f64>) {
        self.inputs[k].read(row, out);
    }

    /// The target of `row` at port `k`, as [`input`](Self::input) otherwise.
    pub fn target(&self, k: usize, row: usize, out: &mut Vec<f64>) {
        self.targets[k].read(row, out);
    }

    /// The target of `row` at port `k` in its own units, as [`input`](Self::input) otherwise.
    pub fn raw_target(&self, k: usize, row: usize, out: &mut Vec<f64>) {
        let field = &self.raw[k];
        field.columns(row).for_each(|column| field.read(column, out));
    }

    /// The first port of `row` that holds NaN or infinity in this precision: its position among
    /// inputs, then targets, and the number.
    fn not_finite(&self, row: usize) -> Option<(usize, f64)> {
        self.inputs.iter().chain(&self.targets).enumerate().find_map(|(k, port)| {
            let range = port.offsets.as_ref().map_or(row..row + 1, |o| o[row]..o[row + 1]);
            let width = if port.shape.indices { 0 } else { port.shape.features };
            let numbers = &port.dense[range.start * width..range.end * width];
            numbers.iter().find(|x| !x.f64().is_finite()).map(|x| (k, x.f64()))
        })
    }

    /// Refuses rows with numbers that are none, of the `table` this was made from.
    ///
    /// # Errors
    /// [`DataError`] with the first such row and its field.
    pub fn check_finite(&self, table: &Table, rows: &[usize]) -> Result<(), DataError> {
        for &row in rows {
            if let Some((port, found)) = self.not_finite(row) {
                let hint = if found.is_nan() {
                    "; the normalizer `impute` fills missing values"
                } else {
                    ""
                };
                let message =
                    format!("expected finite numbers after normalization, found {found}{hint}");
                let field = table.inputs.iter().chain(&table.targets).nth(port);
                let error = DataError::new(&table.name, message).row(table.number(row));
                return Err(error.column(field.map_or("", |field| &field.spec.name)));
            }
        }
        Ok(())
    }

    /// Steps of a row: 1 without sequences.
    #[must_use]
    pub fn steps(&self, row: usize) -> usize {
        self.offsets().map_or(1, |offsets| length(offsets, row))
    }

    /// Where the sequence of each row begins, and where the last one ends; `None` without sequences.
    pub(crate) fn offsets(&self) -> Option<&[usize]> {
        self.inputs.iter().chain(&self.targets).find_map(|port| port.offsets.as_deref())
    }
}

pub(crate) fn length(offsets: &[usize], row: usize) -> usize {
    offsets[row + 1] - offsets[row]
}

/// Normalises one field.
fn columns<T: Real>(table: &str, field: &Field, port: &PortSpec) -> Result<Columns<T>, DataError> {
    let (found, expected) = (&field.spec, &port.field);
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
    let steps = port.steps().map_err(|e| place(e.to_string()))?;
    let shape = steps.output().shape;
    let mut columns =
        Columns { shape, dense: Vec::new(), indices: Vec::new(), offsets: field.offsets.clone() };
    if let (Values::Indices(indices), true) = (&field.values, port.normalizers.is_empty()) {
        columns.indices.clone_from(indices);
        return Ok(columns);
    }
    let count = field.values.len() / field.width();
    let numbers = if shape.indices { 0 } else { count.saturating_mul(shape.features) };
    columns.dense.try_reserve_exact(numbers).map_err(|_| {
        place(format!("{count} rows of {shape} after normalization do not fit in memory"))
    })?;
    let (mut raw, mut normal) = (Vec::new(), Vec::new());
    for column in 0..count {
        raw.clear();
        normal.clear();
        field.read(column, &mut raw);
        steps.apply(&mut raw, &mut normal);
        match (shape.indices, raw.as_slice()) {
            (false, numbers) => columns.dense.extend(numbers.iter().map(|&x| T::of(x))),
            (true, &[index]) if index >= 0.0 && index < shape.features as f64 => {
                columns.indices.push(index as u32);
            }
            (true, found) => {
                return Err(place(format!(
                    "expected {shape} after normalization, found {found:?}"
                )));
            }
        }
    }
    let expected = if shape.indices { count } else { count * shape.features };
    let found = columns.dense.len() + columns.indices.len();
    if expected != found {
        let message = format!("expected {expected} numbers after normalization, found {found}");
        return Err(place(message));
    }
    Ok(columns)
}

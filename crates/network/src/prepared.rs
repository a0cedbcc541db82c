//! `Prepared`: normalised data in a run's own precision.

pub(crate) mod columns;
pub(crate) mod gather;
pub(crate) mod port;
pub(crate) mod step;

use crate::network::Target;
use crate::{Network, PortSpec};
use columns::{Columns, Room, agree};
use tanren_plugin::{DataError, Field, FieldSpec, Frame, Reference, Table};
use tanren_tensor::{Real, Shape, ShapeError};

/// All rows of a table, normalised as a model wants them.
#[derive(Clone, Debug)]
pub struct Prepared<T> {
    rows: usize,
    pub(crate) inputs: Vec<Columns<T>>,
    pub(crate) targets: Vec<Columns<T>>,
    /// The targets as they came, to score by.
    raw: Vec<Field>,
    /// What inputs and targets are after normalization, to name their features by.
    specs: Vec<FieldSpec>,
    pub(crate) weights: Option<Vec<T>>,
    /// Of every step of every sequence, the weight of its row included.
    pub(crate) step_weights: Option<Vec<T>>,
    frames: Vec<Option<Frame>>,
    references: Vec<Reference>,
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
            fields.iter().zip(ports).map(|(f, p)| columns(table, f, p)).collect()
        };
        let normalized = |port: &PortSpec| {
            port.normalized().unwrap_or_else(|_| port.field.clone()) // `columns` refuses it
        };
        let specs = inputs.iter().chain(targets).map(normalized);
        let inputs: Vec<Columns<T>> = both(&table.inputs, inputs, "inputs")?;
        let used = &table.targets[..targets.len().min(table.targets.len())];
        let targets: Vec<Columns<T>> = both(used, targets, "targets")?;
        let raw = used.to_vec();
        let weights = table.weights.as_ref().map(|w| w.iter().map(|&w| T::of(w)).collect());
        let specs = specs.collect();
        let step_weights = table.step_weights.as_ref().map(|steps| {
            let row_of = |row: usize| table.weights.as_ref().map_or(1.0, |w| w[row]);
            let of =
                |row: usize| table.steps(row).map(move |step| T::of(row_of(row) * steps[step]));
            (0..table.rows).flat_map(of).collect()
        });
        let prepared = Self {
            rows: table.rows,
            inputs,
            targets,
            raw,
            specs,
            weights,
            step_weights,
            frames: table.frames.clone(),
            references: table.references.clone(),
        };
        let error = |row, message| DataError::new(&table.name, message).row(row);
        prepared.check_lengths(&error)?;
        Ok(prepared)
    }

    /// No rows yet of these inputs, and no targets.
    pub(crate) const fn empty(inputs: Vec<Columns<T>>) -> Self {
        Self {
            rows: 0,
            inputs,
            targets: Vec::new(),
            raw: Vec::new(),
            specs: Vec::new(),
            weights: None,
            step_weights: None,
            frames: Vec::new(),
            references: Vec::new(),
        }
    }

    /// How many rows its inputs are about to hold.
    pub(crate) const fn set_rows(&mut self, rows: usize) {
        self.rows = rows;
    }

    /// Whether all sequences of a row have one length.
    ///
    /// # Errors
    /// For the first row in which they do not.
    pub(crate) fn check_lengths(
        &self,
        error: &dyn Fn(usize, String) -> DataError,
    ) -> Result<(), DataError> {
        let columns = self.inputs.iter().chain(&self.targets);
        let mut sequences = columns.filter_map(|columns| columns.offsets.as_ref());
        let Some(first) = sequences.next() else { return Ok(()) };
        for other in sequences {
            if let Some(row) = (0..self.rows).find(|&r| length(first, r) != length(other, r)) {
                let (a, b) = (length(first, row), length(other, row));
                let message = format!("expected sequences of one length, found {a} and {b}");
                return Err(error(row, message));
            }
        }
        Ok(())
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
        let (field, start) = (&self.raw[k], out.len());
        field.columns(row).for_each(|column| field.read(column, out));
        self.to_own_units(k, row, &mut out[start..]);
    }

    /// Takes numbers of the target at port `k`, with all normalisers undone, from what they are
    /// relative to in `row` to its own units.
    pub fn to_own_units(&self, k: usize, row: usize, numbers: &mut [f64]) {
        if let Some(Some(frame)) = self.frames.get(k) {
            frame.to_own_units((row, self.rows), numbers);
        }
    }

    /// What simple rules predict, in the targets' own units.
    #[must_use]
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// What each column of `row` counts in a signal of this shape, the weight of the row included.
    pub fn column_weights(&self, shape: Shape, row: usize) -> impl Iterator<Item = f64> {
        let steps = self.step_weights.as_ref().filter(|_| shape.sequence);
        let first = self.offsets().map_or(row, |offsets| offsets[row]);
        let of = move |step: usize| steps.map_or(self.weight(row), |w| w[first + step].f64());
        (0..if shape.sequence { self.steps(row) } else { 1 }).map(of)
    }

    /// The first port of `row` that holds NaN or infinity in this precision: its position among
    /// inputs, then targets, its feature and the number. NaN may be in targets that are `masked`.
    fn not_finite(&self, row: usize, masked: &[bool]) -> Option<(usize, usize, f64)> {
        let inputs = self.inputs.iter().map(|port| (port, false));
        let masked = masked.iter().copied().chain(std::iter::repeat(false));
        let mut ports = inputs.chain(self.targets.iter().zip(masked)).enumerate();
        ports.find_map(|(k, (port, masked))| {
            port.not_finite(row, masked).map(|(feature, x)| (k, feature, x))
        })
    }

    /// Refuses rows with numbers that are none, of the `table` this was made from. A target may have
    /// missing numbers where every loss of the `network` that compares with it leaves them out.
    ///
    /// # Errors
    /// [`DataError`] with the first such row and its field.
    pub fn check_finite(
        &self,
        table: &Table,
        rows: &[usize],
        network: &Network,
    ) -> Result<(), DataError> {
        let masks = |k: usize| {
            let mut losses = network.outputs().iter().filter(|o| o.from == Target::Data(k));
            losses.all(|output| output.loss.masks())
        };
        let masked: Vec<bool> = (0..self.targets.len()).map(masks).collect();
        for &row in rows {
            if let Some((port, feature, found)) = self.not_finite(row, &masked) {
                let field = table.inputs.iter().chain(&table.targets).nth(port);
                let spec = self.specs.get(port);
                let name = spec.map_or(String::new(), |spec| match spec.features.is_empty() {
                    true => spec.name.clone(),
                    false => spec.feature_name(feature),
                });
                let before = field.and_then(|field| {
                    // What has the same name before is the same feature.
                    let at = (0..field.width()).find(|&at| field.spec.feature_name(at) == name)?;
                    let mut column = Vec::new();
                    field.columns(row).for_each(|c| field.read(c, &mut column));
                    column.into_iter().skip(at).step_by(field.width()).find(|x| x.is_finite())
                });
                let from = before.map_or(String::new(), |x| format!(", from {x:?}"));
                let message = columns::expected_finite(found) + &from;
                let error = DataError::new(&table.name, message).row(table.number(row));
                return Err(error.column(name));
            }
        }
        Ok(())
    }

    /// Steps of a row: 1 without sequences.
    #[must_use]
    pub fn steps(&self, row: usize) -> usize {
        self.offsets().map_or(1, |offsets| length(offsets, row))
    }

    /// The most steps of some rows; 1 without sequences.
    #[must_use]
    pub fn longest(&self, rows: &[usize]) -> usize {
        rows.iter().map(|&row| self.steps(row)).max().unwrap_or(1)
    }

    /// Where the sequence of each row begins, and where the last one ends; `None` without sequences.
    pub(crate) fn offsets(&self) -> Option<&[usize]> {
        self.inputs.iter().chain(&self.targets).find_map(|port| port.offsets.as_deref())
    }
}

pub(crate) fn length(offsets: &[usize], row: usize) -> usize {
    offsets[row + 1] - offsets[row]
}

/// Normalises all rows of one field.
fn columns<T: Real>(
    table: &Table,
    field: &Field,
    port: &PortSpec,
) -> Result<Columns<T>, DataError> {
    agree(&table.name, &field.spec, &port.field)?;
    let place = |e: ShapeError| DataError::new(&table.name, e).column(&field.spec.name);
    let steps = port.steps().map_err(place)?;
    let mut columns = Columns::new(steps.output().shape);
    columns.fill(&table.name, field, 0..table.rows, &steps, &mut Room::default())?;
    Ok(columns)
}

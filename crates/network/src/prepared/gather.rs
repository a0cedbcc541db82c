//! `Gather`: rows of prepared data, copied into a batch.

use crate::Prepared;
use crate::prepared::columns::Columns;
use crate::prepared::length;
use tanren_plugin::{Batch, Outline, Ports, Weights};
use tanren_tensor::{Cut, Extent, Indices, Input, Real, Signal, share, worth_sharing};

/// Buffers for one batch at a time, reused.
#[derive(Clone, Debug, Default)]
pub struct Gather<T> {
    dense: Vec<Vec<T>>,
    indices: Vec<Vec<u32>>,
    samples: Vec<u64>,
    examples: Vec<T>,
    columns: Vec<T>,
    mask: Vec<T>,
    steps: usize,
}

impl<T: Real> Gather<T> {
    /// Copies `rows` into a batch. Sequences are padded to the longest of them; padding has
    /// weight 0. A row's number is its identity for random streams.
    pub fn batch<'a>(&'a mut self, data: &Prepared<T>, rows: &[usize]) -> Batch<'a, T> {
        self.fill(data, rows);
        self.filled(data)
    }

    /// Copies `rows` into the buffers, for [`Gather::filled`].
    pub fn fill(&mut self, data: &Prepared<T>, rows: &[usize]) {
        let ports = data.inputs.len() + data.targets.len();
        self.dense.resize(ports, Vec::new());
        self.indices.resize(ports, Vec::new());
        let offsets = data.offsets();
        let steps_of = |row: usize| offsets.map_or(1, |offsets| length(offsets, row));
        let sequences = if offsets.is_some() { rows } else { &[] };
        let steps = sequences.iter().map(|&row| steps_of(row)).max().unwrap_or(1);
        let extent = Extent { examples: rows.len(), steps };
        self.steps = steps;
        self.samples.clear();
        self.samples.extend(rows.iter().map(|&row| row as u64));
        for (k, port) in data.inputs.iter().chain(&data.targets).enumerate() {
            let width = port.shape.features;
            if port.shape.indices {
                lay_out(&mut self.indices[k], port, &port.indices, 1, rows, extent);
            } else {
                lay_out(&mut self.dense[k], port, &port.dense, width, rows, extent);
            }
        }
        let ragged = sequences.iter().any(|&row| steps_of(row) != steps);
        self.examples.clear();
        self.columns.clear();
        self.mask.clear();
        if let Some(weights) = &data.weights {
            self.examples.extend(rows.iter().map(|&row| weights[row]));
        }
        if ragged || data.weights.is_some() || data.step_weights.is_some() {
            let first = |row: usize| offsets.map_or(row, |offsets| offsets[row]);
            for t in 0..steps {
                self.columns.extend(rows.iter().map(|&row| match t < steps_of(row) {
                    true => match (&data.step_weights, &data.weights) {
                        (Some(weights), _) => weights[first(row) + t],
                        (None, Some(weights)) => weights[row],
                        (None, None) => T::ONE,
                    },
                    false => T::ZERO,
                }));
            }
        }
        for t in (0..steps).filter(|_| ragged) {
            let here = |&row: &usize| if t < steps_of(row) { T::ONE } else { T::ZERO };
            self.mask.extend(rows.iter().map(here));
        }
    }

    /// The batch that was filled last, from the same data.
    #[must_use]
    pub fn filled(&self, data: &Prepared<T>) -> Batch<'_, T> {
        let extent = Extent { examples: self.samples.len(), steps: self.steps };
        let port = |(k, columns): (usize, &Columns<T>)| match columns.shape.indices {
            true => {
                Input::Indices(Indices { data: &self.indices[k], levels: columns.shape.features })
            }
            false => Input::Dense(Signal::new(&self.dense[k], columns.shape.features)),
        };
        let inputs: Ports<'_, T> = data.inputs.iter().enumerate().map(port).collect();
        let first = data.inputs.len();
        let targets = data.targets.iter().enumerate().map(|(k, c)| port((first + k, c))).collect();
        let Outline { weights, .. } = self.outline();
        Batch { extent, samples: &self.samples, inputs, targets, weights, segment: None }
    }

    /// How much was filled last, and what it counts.
    #[must_use]
    pub fn outline(&self) -> Outline<'_, T> {
        let extent = Extent { examples: self.samples.len(), steps: self.steps };
        let weights = Weights {
            examples: (!self.examples.is_empty()).then_some(self.examples.as_slice()),
            columns: (!self.columns.is_empty()).then_some(self.columns.as_slice()),
            mask: (!self.mask.is_empty()).then_some(self.mask.as_slice()),
        };
        Outline { extent, weights, segment: None }
    }
}

/// Copying a number from wherever its row lies takes as long as moving this many in a row.
const FAR: usize = 2;

/// Writes the columns of `rows` step by step: column `t · examples + n` is step `t` of row `n`.
fn lay_out<T: Sync, V: Copy + Default + Send + Sync>(
    out: &mut Vec<V>,
    port: &Columns<T>,
    values: &[V],
    width: usize,
    rows: &[usize],
    extent: Extent,
) {
    let steps = if port.shape.sequence { extent.steps } else { 1 };
    out.resize(steps * rows.len() * width, V::default());
    let from = (port.offsets.as_deref(), values, width);
    for (t, out) in out.chunks_mut((rows.len() * width).max(1)).enumerate() {
        share((out, rows), &|part| halves(part, width), &|(out, rows)| copy(out, from, rows, t));
    }
}

/// Some rows and where they go; or two halves of them, where they are many.
fn halves<'a, V>(
    (out, rows): (&'a mut [V], &'a [usize]),
    width: usize,
) -> Cut<(&'a mut [V], &'a [usize])> {
    if !worth_sharing(FAR * out.len()) || rows.len() < 2 {
        return Cut::One((out, rows));
    }
    let (rows, other_rows) = rows.split_at(rows.len() / 2);
    let (out, other) = out.split_at_mut(rows.len() * width);
    Cut::Two((out, rows), (other, other_rows))
}

/// Copies step `t` of `rows`.
fn copy<V: Copy + Default + Send + Sync>(
    out: &mut [V],
    from: (Option<&[usize]>, &[V], usize),
    rows: &[usize],
    t: usize,
) {
    let (offsets, values, width) = from;
    for (out, &row) in out.chunks_exact_mut(width.max(1)).zip(rows) {
        let (start, len) = offsets.map_or((row, 1), |o| (o[row], length(o, row)));
        match t < len {
            true => out.copy_from_slice(&values[(start + t) * width..][..width]),
            false => out.fill(V::default()),
        }
    }
}

//! `Worker`: the buffers in which a thread predicts some rows.

use crate::predictor::plan::{Given, Plan};
use crate::predictor::rows::Rows;
use crate::prepared::columns::{Columns, Room, expected_finite};
use crate::{CarryBuffers, Gather, Network, Prepared, Runner};
use tanren_plugin::{Batch, DataError, Ports, Precision, Weights};
use tanren_tensor::{Extent, Indices, Input, Real, Signal};

/// What rows are predicted with.
#[derive(Debug)]
pub(crate) struct Kit<'a, T> {
    pub(crate) network: &'a Network,
    pub(crate) parameters: &'a [T],
    pub(crate) plan: &'a Plan,
}

/// The buffers of one thread.
#[derive(Debug)]
pub(crate) struct Worker<T> {
    prepared: Prepared<T>,
    gather: Gather<T>,
    runner: Runner<T>,
    room: Room,
    /// 0, 1, 2 …
    samples: Vec<u64>,
    order: Vec<usize>,
    /// Where the numbers of each row go.
    places: Vec<usize>,
    carries: CarryBuffers<T>,
}

/// Steps of long sequences that are predicted at a time.
const STEPS: usize = 64;

impl<T: Precision> Worker<T> {
    pub(crate) fn new(kit: &Kit<'_, T>) -> Self {
        let shapes = kit.plan.inputs.iter().map(|steps| steps.output().shape);
        Self {
            prepared: Prepared::empty(shapes.map(Columns::new).collect()),
            gather: Gather::default(),
            runner: Runner::new(kit.network),
            room: Room::default(),
            samples: Vec::new(),
            order: Vec::new(),
            places: Vec::new(),
            carries: CarryBuffers::default(),
        }
    }

    /// Predicts a batch of rows into `out`: row after row, of each row output after output, of each
    /// output step after step.
    ///
    /// # Errors
    /// When a row does not hold what the model needs, or what is predicted is no number.
    pub(crate) fn predict(
        &mut self,
        kit: &Kit<'_, T>,
        rows: Rows<'_>,
        out: &mut [f64],
    ) -> Result<(), DataError> {
        self.begin(kit.network, rows.len());
        self.go_on(kit, rows, out)
    }

    /// Begins so many sequences.
    pub(crate) fn begin(&mut self, network: &Network, count: usize) {
        self.carries.begin(network, count, None);
    }

    /// What each node remembers, row after row.
    pub(crate) fn state(&self) -> &[Vec<T>] {
        &self.carries.incoming
    }

    /// The same, to be changed.
    pub(crate) fn state_mut(&mut self) -> &mut [Vec<T>] {
        &mut self.carries.incoming
    }

    /// Predicts as [`predict`](Self::predict) does what comes after the steps that were predicted last.
    ///
    /// # Errors
    /// As there. Where a row does not hold what the model needs, nothing has gone on.
    pub(crate) fn go_on(
        &mut self,
        kit: &Kit<'_, T>,
        rows: Rows<'_>,
        out: &mut [f64],
    ) -> Result<(), DataError> {
        let plan = kit.plan;
        self.prepare(plan, rows)?;
        let count = rows.len();
        self.samples.extend(self.samples.len() as u64..count as u64);
        self.order.extend(self.order.len()..count);
        self.places.clear();
        let mut next = 0;
        for n in 0..count {
            self.places.push(next);
            next += plan.len(if plan.sequences { rows.steps(n) } else { 1 });
        }
        let whole = match self.prepared.offsets() {
            Some(_) => self.gather.batch(&self.prepared, &self.order[..count]),
            None => batch(&self.prepared.inputs, &self.samples[..count]),
        };
        let (places, room) = (&self.places, &mut self.room);
        let mut failed = None;
        // A network that can go on from a state needs memory for some steps of long sequences only.
        let all = whole.extent.steps;
        let piece = if plan.segments { STEPS } else { all.max(1) };
        for first in (0..all).step_by(piece) {
            let batch = if piece < all { whole.cut(first..all.min(first + piece)) } else { whole };
            let here = batch.extent.steps;
            let carries = plan.segments.then_some((&mut self.carries, here));
            self.runner.infer(kit.network, kit.parameters, &batch, carries);
            self.carries.commit();
            self.runner.predictions(kit.network, batch.extent, &mut |k, _, signal| {
                let output = &plan.outputs[k];
                for (n, &place) in places.iter().enumerate() {
                    let steps = rows.steps(n);
                    let before = &plan.outputs[..k];
                    let place = place + before.iter().map(|o| o.len(steps)).sum::<usize>();
                    let ends = if output.sequence { steps.min(first + here) } else { 1 };
                    for t in first..ends {
                        let column = signal.column((t - first) * count + n);
                        let to = &mut out[place + t * output.features..][..output.features];
                        let written = write(output, column, to, room);
                        rows.to_own_units(n, output, to);
                        let error = match written.map(|()| to.iter().all(|x| x.is_finite())) {
                            Ok(true) => None,
                            Ok(false) => Some(rows.error(n, NOT_FINITE.into()).diverged()),
                            Err(message) => Some(rows.error(n, message)),
                        };
                        failed = failed.take().or_else(|| error.map(|e| e.column(&output.name)));
                    }
                }
            });
        }
        failed.map_or(Ok(()), Err)
    }

    /// Normalises rows.
    fn prepare(&mut self, plan: &Plan, rows: Rows<'_>) -> Result<(), DataError> {
        let Self { prepared, room, .. } = self;
        prepared.set_rows(rows.len());
        match rows {
            Rows::Table(table, numbers) => {
                let ports = prepared.inputs.iter_mut().zip(&table.inputs).zip(&plan.inputs);
                for ((columns, field), steps) in ports {
                    columns.fill(&table.name, field, numbers.iter().copied(), steps, room)?;
                }
                prepared.check_lengths(&|n, message| rows.error(n, message))?;
            }
            Rows::Numbers { numbers, width, .. } => {
                prepared.inputs.iter_mut().for_each(Columns::clear);
                for (n, mut row) in numbers.chunks_exact(width).enumerate() {
                    for (columns, steps) in prepared.inputs.iter_mut().zip(&plan.inputs) {
                        let (column, rest) = row.split_at(steps.input().width());
                        row = rest;
                        room.column.clear();
                        room.column.extend_from_slice(column);
                        let error = |message| rows.error(n, message).column(&steps.input().name);
                        columns.push(steps, room).map_err(error)?;
                    }
                }
            }
        }
        for (columns, steps) in prepared.inputs.iter().zip(&plan.inputs) {
            if columns.finite() {
                continue;
            }
            for n in 0..rows.len() {
                if let Some((feature, found)) = columns.not_finite(n, false) {
                    let names = &steps.output().features;
                    let name = names.get(feature).map_or(&steps.input().name, |f| &f.name);
                    return Err(rows.error(n, expected_finite(found)).column(name));
                }
            }
        }
        Ok(())
    }
}

/// Normalised columns without sequences as a batch.
fn batch<'a, T: Real>(inputs: &'a [Columns<T>], samples: &'a [u64]) -> Batch<'a, T> {
    let input = |columns: &'a Columns<T>| match columns.shape.indices {
        true => Input::Indices(Indices { data: &columns.indices, levels: columns.shape.features }),
        false => Input::Dense(Signal::new(&columns.dense, columns.shape.features)),
    };
    Batch {
        extent: Extent::examples(samples.len()),
        samples,
        inputs: inputs.iter().map(input).collect(),
        targets: Ports::default(),
        weights: Weights::NONE,
        segment: None,
    }
}

/// What the error says when a model predicts numbers that are none.
const NOT_FINITE: &str = "the model predicts NaN or infinite values: did its training diverge?";

/// Writes a column of an output, in the units of the data.
fn write<T: Real>(
    output: &Given,
    column: &[T],
    to: &mut [f64],
    room: &mut Room,
) -> Result<(), String> {
    match &output.back {
        None => to.iter_mut().zip(column).for_each(|(to, x)| *to = x.f64()),
        Some(back) => {
            room.column.clear();
            room.column.extend(column.iter().map(|x| x.f64()));
            if !back.invert(&mut room.column, &mut room.spare) || room.column.len() != to.len() {
                return Err("its normalizers cannot be inverted to the units of the data".into());
            }
            to.copy_from_slice(&room.column);
        }
    }
    Ok(())
}

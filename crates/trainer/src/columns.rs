//! `Columns`: predictions and targets of all rows of one output, side by side.

use crate::evaluate::Passed;
use crate::scoring::Judged;
use tanren_network::{Network, Output, PortSpec, Prepared, Target};
use tanren_plugin::{Comparison, Precision, Reference, Units};
use tanren_tensor::{Indices, Input, Shape, Signal};

/// What a comparison in one kind of units borrows.
struct Sides {
    predictions: Vec<f64>,
    width: usize,
    targets: Vec<f64>,
    /// The targets once more, where they are indices.
    indices: Vec<u32>,
    shape: Shape,
}

impl Sides {
    fn new(predictions: Vec<f64>, width: usize, targets: Vec<f64>, shape: Shape) -> Self {
        let indices = match shape.indices {
            true => targets.iter().map(|&index| index as u32).collect(),
            false => Vec::new(),
        };
        Self { predictions, width, targets, indices, shape }
    }

    /// Some of the columns.
    fn of(&self, columns: &[usize]) -> Self {
        let some = |values: &[f64], width: usize| -> Vec<f64> {
            let column = |&n: &usize| values.get(n * width..(n + 1) * width).unwrap_or_default();
            columns.iter().flat_map(|n| column(n).iter().copied()).collect()
        };
        let width = if self.shape.indices { 1 } else { self.shape.features };
        let (predictions, targets) =
            (some(&self.predictions, self.width), some(&self.targets, width));
        Self::new(predictions, self.width, targets, self.shape)
    }
}

/// The predictions and targets of all columns of one output.
pub(crate) struct Columns {
    weights: Vec<f64>,
    /// For sequences.
    offsets: Option<Vec<usize>>,
    /// `None` where no metric asks for them.
    network: Option<Sides>,
    /// `None` where no metric asks for them, or there is no way to the target's own units.
    own: Option<Sides>,
}

impl Columns {
    pub(crate) fn new<T: Precision>(
        (network, output): (&Network, &Output),
        data: &Prepared<T>,
        rows: &[usize],
        judged: &Judged,
        passed: &Passed,
    ) -> Self {
        let (mut weights, mut offsets) = (Vec::new(), vec![0]);
        for &row in rows {
            weights.extend(data.column_weights(network.nodes()[output.node].shape, row));
            offsets.push(weights.len());
        }
        let wants = |units| judged.metrics.iter().any(|(_, metric)| metric.units() == units);
        let (shape, predictions) = (output.target.shape, &passed.predictions);
        let network = wants(Units::Network).then(|| {
            let targets = targets(output, data, rows, passed);
            Sides::new(predictions.values.clone(), predictions.features, targets, shape)
        });
        let own = || {
            let port = &judged.port;
            let mut values = own_units(port, &predictions.values, predictions.features, shape)?;
            if let Target::Data(k) = output.from
                && predictions.features == shape.features
            {
                let width = values.len() / weights.len().max(1);
                let mut rest = values.as_mut_slice();
                for (&row, ends) in rows.iter().zip(offsets.windows(2)) {
                    let (numbers, others) = rest.split_at_mut((ends[1] - ends[0]) * width);
                    data.to_own_units(k, row, numbers);
                    rest = others;
                }
            }
            let width = values.len() / weights.len().max(1);
            let targets = match output.from {
                // As they came: there and back again would round them.
                Target::Data(i) => {
                    let mut raw = Vec::new();
                    rows.iter().for_each(|&row| data.raw_target(i, row, &mut raw));
                    raw
                }
                _ => own_units(port, &targets(output, data, rows, passed), shape.features, shape)?,
            };
            Some(Sides::new(values, width, targets, port.field.shape))
        };
        let own = wants(Units::Own).then(own).flatten();
        let offsets = shape.sequence.then_some(offsets);
        Self { offsets, network, own, weights }.complete()
    }

    /// What a simple rule predicts, in the target's own units alone.
    pub(crate) fn of_reference<T: Precision>(
        (network, output): (&Network, &Output),
        data: &Prepared<T>,
        rows: &[usize],
        judged: &Judged,
        reference: &Reference,
    ) -> Self {
        let each = reference.values.len() / data.rows().max(1);
        let (mut weights, mut offsets) = (Vec::new(), vec![0]);
        let (mut values, mut targets) = (Vec::new(), Vec::new());
        for &row in rows {
            weights.extend(data.column_weights(network.nodes()[output.node].shape, row));
            offsets.push(weights.len());
            values.extend_from_slice(&reference.values[row * each..(row + 1) * each]);
            data.raw_target(reference.target, row, &mut targets);
        }
        let shape = judged.port.field.shape;
        let own = Some(Sides::new(values, shape.features, targets, shape));
        let offsets = shape.sequence.then_some(offsets);
        Self { weights, offsets, network: None, own }.complete()
    }

    /// Those that count and whose target has no missing numbers: what a loss leaves out, no metric can
    /// compare.
    fn complete(mut self) -> Self {
        let mut kept: Vec<bool> = self.weights.iter().map(|&weight| weight > 0.0).collect();
        let sides = [&self.network, &self.own];
        if let Some(sides) = sides.into_iter().flatten().find(|sides| !sides.shape.indices) {
            for (kept, targets) in kept.iter_mut().zip(sides.targets.chunks(sides.shape.features)) {
                *kept &= targets.iter().all(|t| !t.is_nan());
            }
        }
        if !kept.contains(&false) {
            return self;
        }
        let columns: Vec<usize> = (0..kept.len()).filter(|&n| kept[n]).collect();
        for sides in [&mut self.network, &mut self.own].into_iter().flatten() {
            *sides = sides.of(&columns);
        }
        self.weights = columns.iter().map(|&n| self.weights[n]).collect();
        // How many are kept before each column.
        let (mut at, mut before) = (0, 0);
        for offset in self.offsets.iter_mut().flatten() {
            before += kept[at..*offset].iter().filter(|kept| **kept).count();
            at = std::mem::replace(offset, before);
        }
        self
    }

    /// The comparison in these units, if there is one.
    pub(crate) fn comparison<'a>(
        &'a self,
        judged: &'a Judged,
        units: Units,
        (loss, threshold): (f64, f64),
    ) -> Option<Comparison<'a>> {
        let sides = match units {
            Units::Own => self.own.as_ref()?,
            Units::Network => self.network.as_ref()?,
        };
        let shape = sides.shape;
        let targets = match shape.indices {
            true => Input::Indices(Indices { data: &sides.indices, levels: shape.features }),
            false => Input::Dense(Signal::new(&sides.targets, shape.features)),
        };
        let predictions = Signal::new(&sides.predictions, sides.width);
        let mut comparison =
            Comparison::new(&judged.port.field, predictions, targets, &self.weights);
        (comparison.loss, comparison.offsets) = (loss, self.offsets.as_deref());
        comparison.threshold = threshold;
        Some(comparison)
    }

    /// How many rows there are.
    pub(crate) fn rows(&self) -> usize {
        self.offsets.as_ref().map_or(self.weights.len(), |offsets| offsets.len().saturating_sub(1))
    }

    /// Numbers of a prediction.
    pub(crate) fn width(&self) -> usize {
        let sides = self.own.as_ref().or(self.network.as_ref());
        sides.map_or(0, |sides| sides.width)
    }

    /// Each row as often as `counts` says.
    pub(crate) fn resampled(&self, counts: &[u32]) -> Self {
        let columns = |row: usize| match &self.offsets {
            Some(offsets) => offsets[row]..offsets[row + 1],
            None => row..row + 1,
        };
        let drawn = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        let (mut kept, mut weights, mut offsets) = (Vec::new(), Vec::new(), vec![0]);
        for (row, &count) in drawn {
            kept.extend(columns(row));
            weights.extend(self.weights[columns(row)].iter().map(|w| w * f64::from(count)));
            offsets.push(kept.len());
        }
        let network = self.network.as_ref().map(|sides| sides.of(&kept));
        let own = self.own.as_ref().map(|sides| sides.of(&kept));
        Self { weights, offsets: self.offsets.as_ref().map(|_| offsets), network, own }
    }
}

/// What an output is compared with, in the units of the network.
fn targets<T: Precision>(
    output: &Output,
    data: &Prepared<T>,
    rows: &[usize],
    passed: &Passed,
) -> Vec<f64> {
    let mut targets = Vec::new();
    match output.from {
        Target::Data(i) => rows.iter().for_each(|&row| data.target(i, row, &mut targets)),
        Target::Input(i) => rows.iter().for_each(|&row| data.input(i, row, &mut targets)),
        Target::Node(_) => targets.clone_from(&passed.node.values),
        Target::Nothing => {}
    }
    targets
}

/// Columns of `width` numbers in the units of their target; `None` where a normaliser has no way
/// back, or where they are no normalised targets.
fn own_units(port: &PortSpec, values: &[f64], width: usize, target: Shape) -> Option<Vec<f64>> {
    if port.field.shape.indices || port.normalizers.is_empty() {
        return Some(values.to_vec());
    }
    (width == target.features).then(|| port.steps().ok()?.own_units(values, width)).flatten()
}

//! Targets, and predictions at some distance from them.

use crate::problems::normals;
use tanren_plugin::{Comparison, FieldSpec};
use tanren_tensor::{Indices, Input, Shape, Signal};

/// One row of a comparison: one column, or the steps of a sequence.
#[derive(Clone)]
struct Row {
    columns: usize,
    /// Numbers, or classes.
    targets: Vec<f64>,
    predictions: Vec<f64>,
    weight: f64,
}

pub(super) struct Case {
    spec: FieldSpec,
    /// Numbers of a prediction.
    width: usize,
    rows: Vec<Row>,
    flat: Flat,
}

/// The rows one after the other.
#[derive(Default)]
struct Flat {
    predictions: Vec<f64>,
    numbers: Vec<f64>,
    classes: Vec<u32>,
    weights: Vec<f64>,
    offsets: Vec<usize>,
    loss: f64,
}

impl Case {
    /// A distance at which no prediction is right.
    pub(super) const FAR: f64 = 10.0;

    /// `rows` rows of weight 1. Predictions of numbers are the targets and `distance` times a random
    /// direction; those of classes are probabilities, wrong from a distance of about a half on.
    pub(super) fn new(shape: Shape, rows: usize, distance: f64) -> Self {
        let row = |row: usize| {
            let columns = if shape.sequence { 1 + row % 3 } else { 1 };
            let (f, sample) = (shape.features, row as u64);
            let (targets, predictions): (Vec<f64>, Vec<f64>) = if shape.indices {
                let classes: Vec<usize> = (0..columns).map(|step| (row + step) % f).collect();
                // Rows become wrong one after the other, the last ones at a distance of 1.
                let moved = (distance * (0.5 + (row % 5) as f64 / 5.0)).min(1.0);
                // Where all is moved, the right class is the least probable one.
                let share = |class: usize, k: usize| match (k + f - class) % f {
                    0 => 1.0 - moved,
                    behind => moved * 2.0 * (f - behind) as f64 / (f * (f - 1)) as f64,
                };
                let shares = classes.iter().flat_map(|&c| (0..f).map(move |k| share(c, k)));
                (classes.iter().map(|&class| class as f64).collect(), shares.collect())
            } else {
                let targets = normals("testkit/metric", sample, columns * f, 1.0);
                let direction = normals("testkit/metric", 1000 + sample, columns * f, 1.0);
                let moved = targets.iter().zip(direction).map(|(t, d)| t + distance * d);
                let moved = moved.collect();
                (targets, moved)
            };
            Row { columns, targets, predictions, weight: 1.0 }
        };
        let spec = FieldSpec::new("target", shape);
        Self::of(spec, shape.features, (0..rows).map(row).collect())
    }

    fn of(spec: FieldSpec, width: usize, rows: Vec<Row>) -> Self {
        let mut flat = Flat { offsets: vec![0], ..Flat::default() };
        let (mut loss, mut total) = (0.0, 0.0);
        for row in &rows {
            flat.predictions.extend(&row.predictions);
            flat.weights.extend(vec![row.weight; row.columns]);
            flat.offsets.push(flat.weights.len());
            if spec.shape.indices {
                flat.classes.extend(row.targets.iter().map(|&class| class as u32));
            } else {
                flat.numbers.extend(&row.targets);
            }
            loss += row.weight * Self::loss(&spec, width, row);
            total += row.weight * row.columns as f64;
        }
        flat.loss = loss / total;
        Self { spec, width, rows, flat }
    }

    /// Half the squared distance from the targets, summed over the columns of a row.
    fn loss(spec: &FieldSpec, width: usize, row: &Row) -> f64 {
        let target = |i: usize| match (spec.shape.indices, row.targets.get(i)) {
            (true, _) => f64::from(u8::from(row.targets[i / width] as usize == i % width)),
            (false, target) => target.copied().unwrap_or_default(),
        };
        row.predictions.iter().enumerate().map(|(i, p)| 0.5 * (p - target(i)).powi(2)).sum()
    }

    fn changed(&self, change: impl FnMut(Row) -> Row) -> Self {
        Self::of(self.spec.clone(), self.width, self.rows.iter().cloned().map(change).collect())
    }

    /// The same rows with the weights 1, 2, 3, 1, 2, 3 …
    pub(super) fn weighted(&self) -> Self {
        let mut weights = [1.0, 2.0, 3.0].into_iter().cycle();
        self.changed(|row| Row { weight: weights.next().unwrap_or(1.0), ..row })
    }

    /// Every row as often as its weight says, each time with weight 1.
    pub(super) fn repeated(&self) -> Self {
        let copies = |row: &Row| vec![Row { weight: 1.0, ..row.clone() }; row.weight as usize];
        let rows = self.rows.iter().flat_map(copies).collect();
        Self::of(self.spec.clone(), self.width, rows)
    }

    /// `shift` is added to every number of the predictions; probabilities stay as they are.
    pub(super) fn shifted(&self, shift: f64) -> Self {
        let shift = if self.spec.shape.indices { 0.0 } else { shift };
        self.changed(|mut row| {
            row.predictions.iter_mut().for_each(|p| *p += shift);
            row
        })
    }

    /// The last row first.
    pub(super) fn reversed(&self) -> Self {
        Self::of(self.spec.clone(), self.width, self.rows.iter().rev().cloned().collect())
    }

    /// The first prediction of every other row is `odd`.
    pub(super) fn spoiled(&self, odd: f64) -> Self {
        let mut every = [true, false].into_iter().cycle();
        self.changed(|mut row| {
            if every.next() == Some(true) {
                row.predictions[0] = odd;
            }
            row
        })
    }

    /// Predictions of twice as many numbers, as of a mean and a spread.
    pub(super) fn wider(&self) -> Self {
        let double = |row: &Row| {
            let columns = row.predictions.chunks(self.width).flat_map(|p| [p, p].concat());
            Row { predictions: columns.collect(), ..row.clone() }
        };
        Self::of(self.spec.clone(), 2 * self.width, self.rows.iter().map(double).collect())
    }

    /// Predictions of one number, as the probability of the second of two classes.
    pub(super) fn narrow(&self) -> Self {
        let first = |row: &Row| {
            let columns = row.predictions.iter().step_by(self.width);
            Row { predictions: columns.copied().collect(), ..row.clone() }
        };
        Self::of(self.spec.clone(), 1, self.rows.iter().map(first).collect())
    }

    pub(super) fn comparison(&self) -> Comparison<'_> {
        let Flat { predictions, numbers, classes, weights, offsets, loss } = &self.flat;
        let targets = if self.spec.shape.indices {
            Input::Indices(Indices { data: classes, levels: self.spec.shape.features })
        } else {
            Input::Dense(Signal::new(numbers, self.spec.shape.features))
        };
        let predictions = Signal::new(predictions, self.width);
        let mut comparison = Comparison::new(&self.spec, predictions, targets, weights);
        comparison.loss = *loss;
        comparison.offsets = self.spec.shape.sequence.then_some(offsets);
        comparison
    }
}

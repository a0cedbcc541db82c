//! `Trivial`: the prediction that knows nothing of a row. What is not better has learnt nothing.

use crate::columns::Columns;
use crate::evaluate::Passed;
use crate::metrics::MeanLoss;
use crate::{Scores, Scoring};
use serde::{Deserialize, Serialize};
use tanren_network::{Network, Output, Predictions, Prepared, Target};
use tanren_plugin::{Link, Precision};
use tanren_tensor::{Indices, Input, Signal};

/// The same prediction for every row: of a class, how often each occurs among the training rows; of
/// numbers, their mean there. By output, in the units of the network; `None` for an output that is
/// compared with no data, or whose predictions are neither.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Trivial(Vec<Option<Vec<f64>>>);

impl Trivial {
    /// Fits it to the training rows.
    #[must_use]
    pub fn of<T: Precision>(network: &Network, data: &Prepared<T>, rows: &[usize]) -> Self {
        Self(network.outputs().iter().map(|output| constant(output, data, rows)).collect())
    }

    /// Its scores on `rows`, without those that are not defined there. The loss is one of them where the
    /// link of every loss can be inverted, and nothing but losses is minimised.
    #[must_use]
    pub fn scores<T: Precision>(
        &self,
        network: &Network,
        data: &Prepared<T>,
        rows: &[usize],
        scoring: &Scoring,
    ) -> Scores {
        let rows: Vec<usize> = rows.iter().copied().filter(|&row| data.weight(row) > 0.0).collect();
        let mut scores = Scores::default();
        let mut sum = if network.terms().count() == 0 { 0.0 } else { f64::NAN };
        let outputs = network.outputs().iter().zip(&scoring.outputs).zip(&self.0);
        for ((output, judged), constant) in outputs {
            let Some(constant) = constant.as_ref().filter(|c| c.len() == output.predictions) else {
                sum = f64::NAN;
                continue;
            };
            let columns: usize = rows.iter().map(|&row| network.columns(output, data, row)).sum();
            let mut passed = Passed::new(output);
            passed.predictions =
                Predictions { features: output.predictions, values: constant.repeat(columns) };
            let loss = loss(output, constant, data, &rows).unwrap_or(f64::NAN);
            sum += loss;
            let columns = Columns::new((network, output), data, &rows, judged, &passed);
            scores.add(judged, &columns, (loss, scoring.threshold));
        }
        scores.scores.insert(0, (MeanLoss::NAME.into(), sum));
        scores.scores.retain(|(_, score)| score.is_finite());
        scores
    }
}

/// What an output whose prediction is always the same adds to the loss. `None` where nobody knows which
/// numbers of a network would make that prediction, or what else the loss looks at.
fn loss<T: Precision>(
    output: &Output,
    constant: &[f64],
    data: &Prepared<T>,
    rows: &[usize],
) -> Option<f64> {
    let (Target::Data(k), shape) = (output.from, output.target.shape) else { return None };
    let ends: Vec<f64> = match output.loss.link() {
        Link::Identity => constant.to_vec(),
        Link::Sigmoid => constant.iter().map(|p| (p / (1.0 - p)).ln()).collect(),
        Link::Softmax | Link::Exp => constant.iter().map(|p| p.ln()).collect(),
        Link::ExpM1 => constant.iter().map(|p| p.ln_1p()).collect(),
        Link::Other(_) => return None,
    };
    if output.loss.outputs(shape) != Ok(ends.len()) {
        return None;
    }
    let kernel = output.loss.kernels().at::<f64>();
    let (mut total, mut weights, mut column) = (0.0, 0.0, Vec::new());
    for &row in rows {
        column.clear();
        data.target(k, row, &mut column);
        let steps = column.chunks_exact(if shape.indices { 1 } else { shape.features });
        // A loss that is infinite where it does not count would leave no number: 0 · ∞.
        let weighed = steps.zip(data.column_weights(shape, row));
        for (step, weight) in weighed.filter(|(_, weight)| *weight > 0.0) {
            let classes: Vec<u32> = step.iter().map(|&class| class as u32).collect();
            let target = match shape.indices {
                true => Input::Indices(Indices { data: &classes, levels: shape.features }),
                false => Input::Dense(Signal::new(step, shape.features)),
            };
            let mut value = [0.0];
            kernel.evaluate(Signal::new(&ends, ends.len()), target, &mut value, None);
            total += weight * value[0];
            weights += weight;
        }
    }
    Some(output.weight * total / weights)
}

/// The trivial prediction of one output.
fn constant<T: Precision>(output: &Output, data: &Prepared<T>, rows: &[usize]) -> Option<Vec<f64>> {
    let Target::Data(k) = output.from else { return None };
    let (shape, width) = (output.target.shape, output.predictions);
    let (mut sums, mut totals) = (vec![0.0; shape.features], vec![0.0; shape.features]);
    let mut column = Vec::new();
    for &row in rows {
        column.clear();
        data.target(k, row, &mut column);
        let mut weights = data.column_weights(shape, row);
        if shape.indices {
            for (&level, weight) in column.iter().zip(weights) {
                *sums.get_mut(level as usize)? += weight;
                totals.iter_mut().for_each(|total| *total += weight);
            }
        } else {
            for step in column.chunks_exact(shape.features) {
                let weight = weights.next().unwrap_or(0.0);
                let numbers = sums.iter_mut().zip(&mut totals).zip(step);
                // What is missing in a row is not part of the mean.
                for ((sum, total), x) in numbers.filter(|(_, x)| !x.is_nan()) {
                    *sum += weight * x;
                    *total += weight;
                }
            }
        }
    }
    sums.iter_mut().zip(totals).for_each(|(sum, total)| *sum /= total);
    match (shape.indices, width) {
        // One number is the probability of the second of two classes.
        (true, 1) if shape.features == 2 => sums.pop().map(|second| vec![second]),
        (_, width) if width == shape.features => Some(sums),
        _ => None,
    }
}

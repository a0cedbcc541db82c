//! `Trivial`: the prediction that knows nothing of a row. What is not better has learnt nothing.

use crate::evaluate::{Columns, Passed};
use crate::{Scores, Scoring};
use serde::{Deserialize, Serialize};
use tanren_network::{Network, Output, Predictions, Prepared, Target};
use tanren_plugin::Precision;

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

    /// Its scores on `rows`, without the loss and without those that are not defined there.
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
        let outputs = network.outputs().iter().zip(&scoring.outputs).zip(&self.0);
        for ((output, judged), constant) in outputs {
            let Some(constant) = constant.as_ref().filter(|c| c.len() == output.predictions) else {
                continue;
            };
            let columns: usize = rows.iter().map(|&row| network.columns(output, data, row)).sum();
            let mut passed = Passed::new(output);
            passed.predictions =
                Predictions { features: output.predictions, values: constant.repeat(columns) };
            let columns = Columns::new((network, output), data, &rows, judged, &passed);
            scores.add(judged, &columns, f64::NAN);
        }
        scores.scores.retain(|(_, score)| score.is_finite());
        scores
    }
}

/// The trivial prediction of one output.
fn constant<T: Precision>(output: &Output, data: &Prepared<T>, rows: &[usize]) -> Option<Vec<f64>> {
    let Target::Data(k) = output.from else { return None };
    let (shape, width) = (output.target.shape, output.predictions);
    let (mut sums, mut total) = (vec![0.0; shape.features], 0.0);
    let mut column = Vec::new();
    for &row in rows {
        let weight = data.weight(row);
        column.clear();
        data.target(k, row, &mut column);
        if shape.indices {
            for &level in &column {
                *sums.get_mut(level as usize)? += weight;
                total += weight;
            }
        } else {
            for step in column.chunks_exact(shape.features) {
                sums.iter_mut().zip(step).for_each(|(sum, x)| *sum += weight * x);
                total += weight;
            }
        }
    }
    sums.iter_mut().for_each(|sum| *sum /= total);
    match (shape.indices, width) {
        // One number is the probability of the second of two classes.
        (true, 1) if shape.features == 2 => sums.pop().map(|second| vec![second]),
        (_, width) if width == shape.features => Some(sums),
        _ => None,
    }
}

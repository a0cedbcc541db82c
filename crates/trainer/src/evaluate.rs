//! Evaluation: loss and scores on rows that may not be trained on.

use crate::columns::Columns;
use crate::metrics::{Confusion, MeanLoss};
use crate::scoring::{Judged, Scoring};
use crate::{Scores, TrainError};
use tanren_network::{
    BatchObjective, CarryBuffers, Gather, Network, Output, Predictions, Prepared, Runner, Target,
    ZeroWeight,
};
use tanren_plugin::{Ask, Clock, Objective as _, Precision, Seed, Units};

/// Rows evaluated at a time, at most.
const CHUNK: usize = 256;
/// Steps evaluated at a time, where the network can go on from a state: memory does not grow with sequences.
const STEPS: usize = 64;
/// Columns evaluated at a time, unless a single row has more.
const COLUMNS: usize = 8192;

/// The scores of `rows` with these parameters, in inference mode. What `runner`, which is one of this
/// network, holds is overwritten.
///
/// # Errors
/// [`TrainError::ZeroWeight`] when no row counts. Rows of weight 0 are left out.
pub fn evaluate<T: Precision>(
    network: &Network,
    runner: &mut Runner<T>,
    parameters: &[T],
    data: &Prepared<T>,
    rows: &[usize],
    scoring: &Scoring,
) -> Result<Scores, TrainError> {
    all((network, runner), parameters, data, rows, scoring).map(|(scores, _)| scores)
}

/// The scores of `rows`, and all that they were computed from, output by output.
pub(crate) fn all<T: Precision>(
    (network, runner): (&Network, &mut Runner<T>),
    parameters: &[T],
    data: &Prepared<T>,
    rows: &[usize],
    scoring: &Scoring,
) -> Result<(Scores, Vec<Columns>), TrainError> {
    let rows: Vec<usize> = rows.iter().copied().filter(|&row| data.weight(row) > 0.0).collect();
    if rows.is_empty() {
        return Err(ZeroWeight.into());
    }
    let (passed, terms) = pass((network, runner), parameters, data, &rows, scoring)?;
    let parts = passed.iter().map(|passed| passed.loss);
    let loss = parts.sum::<f64>() + terms.iter().sum::<f64>();
    let mut scores = Scores { scores: vec![(MeanLoss::NAME.into(), loss)], confusion: Vec::new() };
    let mut compared = Vec::new();
    for ((judged, passed), output) in scoring.outputs.iter().zip(&passed).zip(network.outputs()) {
        let columns = Columns::new((network, output), data, &rows, judged, passed);
        scores.add(judged, &columns, (passed.loss, scoring.threshold));
        compared.push(columns);
    }
    scores.scores.extend(scoring.terms.iter().cloned().zip(terms));
    Ok((scores, compared))
}

/// What a pass over all rows leaves of one output.
pub(crate) struct Passed {
    /// What it adds to the loss.
    loss: f64,
    /// What it predicts, where that is scored.
    pub(crate) predictions: Predictions,
    /// What it is compared with, where that is the output of a node.
    pub(crate) node: Predictions,
}

impl Passed {
    pub(crate) fn new(output: &Output) -> Self {
        Self {
            loss: 0.0,
            predictions: Predictions::new(output.predictions),
            node: Predictions::new(output.target.shape.features),
        }
    }
}

/// One pass over all rows: what it leaves of every output, and what every node's own term adds to the
/// loss. Sums run over all chunks, so the size of a chunk changes nothing but rounding.
fn pass<T: Precision>(
    (network, runner): (&Network, &mut Runner<T>),
    parameters: &[T],
    data: &Prepared<T>,
    rows: &[usize],
    scoring: &Scoring,
) -> Result<(Vec<Passed>, Vec<f64>), TrainError> {
    let mut gather = Gather::default();
    let outputs = network.outputs();
    let mut passed: Vec<Passed> = outputs.iter().map(Passed::new).collect();
    let mut totals = vec![(0.0, 0.0); outputs.len() + network.terms().count()];
    let scored = |k: usize| scoring.outputs.get(k).is_some_and(|o| !o.metrics.is_empty());
    let longest = data.longest(rows);
    let segments = network.whole_sequences().is_none();
    let piece = if segments { longest.min(STEPS) } else { longest };
    let mut carries = CarryBuffers::default();
    for chunk in rows.chunks((COLUMNS / piece).clamp(1, CHUNK)) {
        let whole = gather.batch(data, chunk);
        let all = whole.extent.steps;
        carries.begin(network, whole.extent.examples, None);
        for first in (0..all).step_by(piece) {
            let batch = if piece < all { whole.cut(first..all.min(first + piece)) } else { whole };
            let (extent, clock) = (batch.extent, Clock::default());
            // A segment may count nothing: it carries states on.
            let _ = BatchObjective::open(network, runner, &batch);
            let objective = BatchObjective::again(network, runner, batch, clock, Seed::default());
            let mut objective = objective.inference();
            if segments {
                objective = objective.segment(&mut carries, extent.steps);
            }
            objective.evaluate(parameters, Ask { penalty: false, gradient: None });
            for (total, sum) in totals.iter_mut().zip(objective.sums()) {
                *total = (total.0 + sum.0, total.1 + sum.1);
            }
            let steps = |k| chunk.iter().map(move |&row| network.columns(&outputs[k], data, row));
            for k in (0..outputs.len()).filter(|k| scored(*k)) {
                if let Target::Node(i) = outputs[k].from {
                    let signal = objective.runner().signal(network, i, extent);
                    passed[k].node.append_segment(first, signal, steps(k));
                }
            }
            objective.runner().predictions(network, extent, &mut |k, _, signal| {
                if scored(k) {
                    passed[k].predictions.append_segment(first, signal, steps(k));
                }
            });
            carries.commit();
        }
    }
    if totals.iter().all(|(_, weight)| *weight <= 0.0) {
        return Err(ZeroWeight.into());
    }
    for ((passed, output), (loss, weight)) in passed.iter_mut().zip(outputs).zip(&totals) {
        passed.loss = quotient(output.weight * loss, *weight);
    }
    let terms = network.terms().zip(&totals[outputs.len()..]);
    let terms =
        terms.map(|((_, counts), &(value, weight))| quotient(counts * value, weight)).collect();
    Ok((passed, terms))
}

/// What a part of the loss adds: nothing where none of its columns count, as in training.
fn quotient(sum: f64, weight: f64) -> f64 {
    if weight > 0.0 { sum / weight } else { 0.0 }
}

impl Scores {
    /// Adds the scores of one output.
    pub(crate) fn add(
        &mut self,
        judged: &Judged,
        columns: &Columns,
        (loss, threshold): (f64, f64),
    ) {
        let compare = |units| columns.comparison(judged, units, (loss, threshold));
        for (name, metric) in &judged.metrics {
            let score = compare(metric.units()).map_or(f64::NAN, |c| metric.score(&c));
            self.scores.push((name.clone(), score));
        }
        let confusion = match judged.port.field.shape.indices {
            true => compare(Units::Own).and_then(|comparison| Confusion::of(&comparison)),
            false => None,
        };
        self.confusion.push(confusion);
    }
}

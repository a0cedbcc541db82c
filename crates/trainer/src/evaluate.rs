//! Evaluation: loss and scores on rows that may not be trained on.

use crate::metrics::{Confusion, MeanLoss};
use crate::scoring::{Judged, Scoring};
use crate::{Scores, TrainError};
use tanren_network::{
    BatchObjective, Gather, Network, Output, PortSpec, Predictions, Prepared, Runner, Target,
    ZeroWeight,
};
use tanren_plugin::{Ask, Clock, Comparison, Objective as _, Precision, Seed, Units};
use tanren_tensor::{Indices, Input, Shape, Signal};

/// Rows evaluated at a time.
const CHUNK: usize = 256;

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
    let rows: Vec<usize> = rows.iter().copied().filter(|&row| data.weight(row) > 0.0).collect();
    if rows.is_empty() {
        return Err(ZeroWeight.into());
    }
    let (passed, terms) = pass((network, runner), parameters, data, &rows, scoring)?;
    let parts = passed.iter().map(|passed| passed.loss);
    let loss = parts.sum::<f64>() + terms.iter().sum::<f64>();
    let mut scores = Scores { scores: vec![(MeanLoss::NAME.into(), loss)], confusion: Vec::new() };
    for ((judged, passed), output) in scoring.outputs.iter().zip(&passed).zip(network.outputs()) {
        let columns = Columns::new((network, output), data, &rows, judged, passed);
        scores.add(judged, &columns, passed.loss);
    }
    scores.scores.extend(scoring.terms.iter().cloned().zip(terms));
    Ok(scores)
}

/// What a pass over all rows leaves of one output.
pub(crate) struct Passed {
    /// What it adds to the loss.
    loss: f64,
    /// What it predicts, where that is scored.
    pub(crate) predictions: Predictions,
    /// What it is compared with, where that is the output of a node.
    node: Predictions,
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
    for chunk in rows.chunks(CHUNK) {
        let batch = gather.batch(data, chunk);
        let (extent, clock) = (batch.extent, Clock::default());
        let objective = BatchObjective::new(network, runner, batch, clock, Seed::default())?;
        let mut objective = objective.inference();
        objective.evaluate(parameters, Ask { penalty: false, gradient: None });
        for (total, sum) in totals.iter_mut().zip(objective.sums()) {
            *total = (total.0 + sum.0, total.1 + sum.1);
        }
        let steps = |k| chunk.iter().map(move |&row| network.columns(&outputs[k], data, row));
        for k in (0..outputs.len()).filter(|k| scored(*k)) {
            if let Target::Node(i) = outputs[k].from {
                let signal = objective.runner().signal(network, i, extent);
                passed[k].node.append(signal, steps(k));
            }
        }
        objective.runner().predictions(network, extent, &mut |k, _, signal| {
            if scored(k) {
                passed[k].predictions.append(signal, steps(k));
            }
        });
    }
    for ((passed, output), (loss, weight)) in passed.iter_mut().zip(outputs).zip(&totals) {
        passed.loss = output.weight * loss / weight;
    }
    let terms = network.terms().zip(&totals[outputs.len()..]);
    let terms = terms.map(|((_, counts), (value, weight))| counts * value / weight).collect();
    Ok((passed, terms))
}

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
            let columns = network.columns(output, data, row);
            weights.extend(std::iter::repeat_n(data.weight(row), columns));
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
            let values = own_units(port, &predictions.values, predictions.features, shape)?;
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
        Self { offsets: shape.sequence.then_some(offsets), network, own, weights }
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

impl Scores {
    /// Adds the scores of one output.
    pub(crate) fn add(&mut self, judged: &Judged, columns: &Columns, loss: f64) {
        let compare = |units: Units| {
            let sides = match units {
                Units::Own => columns.own.as_ref()?,
                Units::Network => columns.network.as_ref()?,
            };
            let shape = sides.shape;
            let targets = match shape.indices {
                true => Input::Indices(Indices { data: &sides.indices, levels: shape.features }),
                false => Input::Dense(Signal::new(&sides.targets, shape.features)),
            };
            let predictions = Signal::new(&sides.predictions, sides.width);
            let field = &judged.port.field;
            let mut comparison = Comparison::new(field, predictions, targets, &columns.weights);
            (comparison.loss, comparison.offsets) = (loss, columns.offsets.as_deref());
            Some(comparison)
        };
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

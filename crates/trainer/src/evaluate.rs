//! Evaluation: loss and scores on rows that may not be trained on.

use crate::{Classification, Regression, Scores, TrainError};
use tanren_network::{
    BatchObjective, Gather, Network, PortSpec, Prepared, Runner, ZeroWeight, predict,
};
use tanren_plugin::{Ask, Clock, Metric, Objective as _, Plugin, Precision, Seed};
use tanren_tensor::{Indices, Input, Signal};

/// Rows evaluated at a time.
const CHUNK: usize = 256;

/// The mean loss of `rows` in inference mode, each row counting its weight. Sums run over all
/// chunks, so the size of a chunk changes nothing but rounding.
fn loss<T: Precision>(
    network: &Network,
    parameters: &[T],
    data: &Prepared<T>,
    rows: &[usize],
) -> Result<f64, TrainError> {
    let (mut runner, mut gather) = (Runner::new(network), Gather::default());
    let mut totals = vec![(0.0, 0.0); network.outputs().len()];
    for chunk in rows.chunks(CHUNK) {
        let batch = gather.batch(data, chunk);
        let objective =
            BatchObjective::new(network, &mut runner, batch, Clock::default(), Seed::default())?;
        let mut objective = objective.inference();
        objective.evaluate(parameters, Ask { penalty: false, gradient: None });
        for (total, sum) in totals.iter_mut().zip(objective.sums()) {
            *total = (total.0 + sum.0, total.1 + sum.1);
        }
    }
    let parts = network.outputs().iter().zip(totals);
    Ok(parts.map(|(output, (loss, weight))| output.weight * loss / weight).sum())
}

/// Columns a row has in the first output.
fn columns<T: Precision>(network: &Network, data: &Prepared<T>, row: usize) -> f64 {
    let sequence =
        network.outputs().first().is_some_and(|o| network.nodes()[o.node].shape.sequence);
    if sequence { data.steps(row) as f64 } else { 1.0 }
}

/// The target and the prediction of every column of the first output, with its weight.
struct Columns {
    targets: Vec<f64>,
    target_width: usize,
    predictions: Vec<f64>,
    width: usize,
    weights: Vec<f64>,
}

impl Columns {
    fn new<T: Precision>(
        network: &Network,
        parameters: &[T],
        data: &Prepared<T>,
        rows: &[usize],
    ) -> Option<Self> {
        let first = predict(network, parameters, data, rows).into_iter().next()?;
        let (mut targets, mut weights) = (Vec::new(), Vec::new());
        for &row in rows {
            data.target(0, row, &mut targets);
            let columns = columns(network, data, row) as usize;
            weights.extend(std::iter::repeat_n(data.weight(row), columns));
        }
        let target_width = targets.len() / weights.len().max(1);
        let (predictions, width) = (first.values, first.features);
        Some(Self { targets, target_width, predictions, width, weights })
    }
}

/// Loss and scores of `rows` with these parameters. Several outputs add up to one loss; the other
/// scores are those of the first, NaN when its predictions are no guesses of the targets, number by
/// number: those of a mixture density, say.
///
/// # Errors
/// [`TrainError::ZeroWeight`] when no row counts. Rows of weight 0 are left out.
pub fn evaluate<T: Precision>(
    network: &Network,
    parameters: &[T],
    data: &Prepared<T>,
    rows: &[usize],
    targets: &[PortSpec],
) -> Result<Scores, TrainError> {
    let rows: Vec<usize> = rows.iter().copied().filter(|&row| data.weight(row) > 0.0).collect();
    if rows.is_empty() {
        return Err(ZeroWeight.into());
    }
    let rows = rows.as_slice();
    let loss = loss(network, parameters, data, rows)?;
    let columns = Columns::new(network, parameters, data, rows);
    let (Some(columns), Some(port)) = (columns, targets.first()) else {
        return Ok(Scores::Regression(Regression::of(loss, 1, &[])));
    };
    if port.field.shape.indices {
        let classes = port.field.shape.features;
        let truth = columns.targets.chunks(columns.target_width).map(class);
        let predicted = columns.predictions.chunks(columns.width).map(class);
        let weights = columns.weights.iter().copied();
        let rows = truth.zip(predicted).zip(weights).map(|((t, p), w)| (t, p, w));
        return Ok(Scores::Classification(Classification::of(loss, classes, rows)));
    }
    if columns.width != columns.target_width {
        return Ok(Scores::Regression(Regression::of(loss, 1, &[])));
    }
    let own_units = |values: &[f64], width: usize| -> Option<Vec<f64>> {
        let mut all = Vec::new();
        for column in values.chunks(width) {
            let mut column = column.to_vec();
            all.append(port.invert(&mut column).then_some(&mut column)?);
        }
        Some(all)
    };
    let Some(predicted) = own_units(&columns.predictions, columns.width) else {
        return Ok(Scores::Regression(Regression::of(loss, 1, &[]))); // no way back to own units
    };
    // As they came: there and back again would round them.
    let mut truth = Vec::with_capacity(predicted.len());
    rows.iter().for_each(|&row| data.raw_target(0, row, &mut truth));
    let width = port.field.shape.features;
    let weights = columns.weights.iter().flat_map(|&w| std::iter::repeat_n(w, width));
    let pairs: Vec<_> =
        truth.into_iter().zip(predicted).zip(weights).map(|((t, p), w)| (t, p, w)).collect();
    Ok(Scores::Regression(Regression::of(loss, width, &pairs)))
}

/// The class a column stands for: an index, a probability of the second of two, or one number per
/// class.
fn class(column: &[f64]) -> usize {
    match column {
        [x] if x.fract() == 0.0 => *x as usize,
        [p] => usize::from(*p >= 0.5),
        many => {
            let best = many.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            best.map_or(0, |(k, _)| k)
        }
    }
}

/// The scores of further metrics on the first output, by name.
pub(crate) fn metrics<T: Precision>(
    metrics: &[Plugin<dyn Metric>],
    network: &Network,
    parameters: &[T],
    data: &Prepared<T>,
    rows: &[usize],
) -> Vec<(String, f64)> {
    if metrics.is_empty() {
        return Vec::new();
    }
    let Some(columns) = Columns::new(network, parameters, data, rows) else { return Vec::new() };
    let predictions = Signal::new(&columns.predictions, columns.width);
    let indices: Vec<u32> = columns.targets.iter().map(|&x| x as u32).collect();
    let shape = network.outputs()[0].target.shape;
    let targets = match shape.indices {
        true => Input::Indices(Indices { data: &indices, levels: shape.features }),
        false => Input::Dense(Signal::new(&columns.targets, columns.target_width)),
    };
    let score = |m: &Plugin<dyn Metric>| m.score(predictions, targets, &columns.weights);
    metrics.iter().map(|m| (m.name().to_owned(), score(m))).collect()
}

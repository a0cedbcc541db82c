//! What is worth knowing of predictions beside their scores: how sure the scores are, and whether
//! probabilities can be believed.

use crate::columns::Columns;
use crate::evaluate::all;
use crate::metrics::Calibration;
use crate::scoring::Judged;
use crate::{Scores, Scoring, TrainError};
use std::collections::BTreeMap;
use tanren_network::{Network, Prepared, Runner};
use tanren_plugin::{FieldSpec, Precision, Seed, Units};

/// Ranges of a reliability diagram.
const BINS: usize = 10;
/// Samples of rows that are drawn, and the fewest that are worth it.
const SAMPLES: usize = 1000;
const FEW: usize = 100;
/// The most numbers that are copied for them.
const WORK: usize = 200_000_000;

/// What is worth knowing of the predictions of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// What it is compared with, as the data have it.
    pub target: FieldSpec,
    /// Whether probabilities are right, where predictions are such.
    pub calibration: Option<Calibration>,
    /// Of each score, by name, the bounds within which it is on 95 % of samples of as many rows, drawn
    /// with replacement; none for the loss, for scores that are not defined on all samples, and where
    /// there are so many rows that drawing takes too long. Source: Efron (1979), *Bootstrap methods:
    /// another look at the jackknife*.
    pub intervals: BTreeMap<String, (f64, f64)>,
}

/// The scores of `rows` as [`evaluate`](crate::evaluate()) gives them, with the details of every output.
///
/// # Errors
/// [`TrainError::ZeroWeight`] when no row counts.
pub fn evaluate_in_full<T: Precision>(
    network: &Network,
    runner: &mut Runner<T>,
    parameters: &[T],
    data: &Prepared<T>,
    rows: &[usize],
    scoring: &Scoring,
) -> Result<(Scores, Vec<Details>), TrainError> {
    let (scores, columns) = all((network, runner), parameters, data, rows, scoring)?;
    let details = |(judged, columns): (&Judged, &Columns)| {
        let comparison = columns.comparison(judged, Units::Own, (f64::NAN, scoring.threshold));
        Details {
            target: judged.port.field.clone(),
            calibration: comparison.and_then(|comparison| Calibration::of(&comparison, BINS)),
            intervals: intervals(judged, columns, scoring.threshold),
        }
    };
    let details = scoring.outputs.iter().zip(&columns).map(details).collect();
    Ok((scores, details))
}

/// The bounds of each score, from samples of the rows.
fn intervals(judged: &Judged, columns: &Columns, threshold: f64) -> BTreeMap<String, (f64, f64)> {
    let rows = columns.rows();
    let samples = SAMPLES.min(WORK / (rows * (columns.width() + 1)).max(1));
    if rows < 2 || samples < FEW {
        return BTreeMap::new();
    }
    let stream = Seed::default().stream("intervals");
    let mut drawn: Vec<Vec<f64>> = vec![Vec::with_capacity(samples); judged.metrics.len()];
    let mut counts = vec![0; rows];
    for sample in 0..samples {
        let mut draws = stream.sample(sample as u64);
        counts.fill(0);
        (0..rows).for_each(|_| counts[draws.below(rows as u64) as usize] += 1);
        let columns = columns.resampled(&counts);
        for ((_, metric), drawn) in judged.metrics.iter().zip(&mut drawn) {
            // The loss of a sample is not known: losses are computed by the network.
            let comparison = columns.comparison(judged, metric.units(), (f64::NAN, threshold));
            drawn.push(comparison.map_or(f64::NAN, |comparison| metric.score(&comparison)));
        }
    }
    let names = judged.metrics.iter().map(|(name, _)| name.clone());
    let bounds = names.zip(drawn).filter_map(|(name, mut drawn)| {
        drawn.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| drawn[((samples - 1) as f64 * share).round() as usize];
        let defined = drawn.iter().all(|score| !score.is_nan());
        defined.then(|| (name, (at(0.025), at(0.975))))
    });
    bounds.collect()
}

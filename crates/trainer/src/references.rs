//! The scores of what simple rules predict, which the data bring along.

use crate::columns::Columns;
use crate::{Scores, Scoring};
use tanren_network::{Network, Prepared, Target};
use tanren_plugin::Precision;

/// The scores on `rows` of each [`Reference`](tanren_plugin::Reference) of the data, by its name: those that
/// compare in the target's own units. A rule has no loss.
#[must_use]
pub fn reference_scores<T: Precision>(
    network: &Network,
    data: &Prepared<T>,
    rows: &[usize],
    scoring: &Scoring,
) -> Vec<(String, Scores)> {
    let rows: Vec<usize> = rows.iter().copied().filter(|&row| data.weight(row) > 0.0).collect();
    let scored = data.references().iter().filter_map(|reference| {
        let outputs = network.outputs().iter().zip(&scoring.outputs);
        let mut judging = outputs.filter(|(o, _)| o.from == Target::Data(reference.target));
        let (output, judged) = judging.next()?;
        let columns = Columns::of_reference((network, output), data, &rows, judged, reference);
        let mut scores = Scores::default();
        scores.add(judged, &columns, (f64::NAN, scoring.threshold));
        scores.scores.retain(|(_, score)| score.is_finite());
        scores.confusion.clear();
        Some((reference.name.clone(), scores))
    });
    scored.filter(|(_, scores)| !scores.scores.is_empty()).collect()
}

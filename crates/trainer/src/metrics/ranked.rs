//! Columns in the order of a score, for what depends on their order alone.

use super::counts::yes;
use super::mean::mean;
use super::over::place;
use tanren_plugin::Comparison;
use tanren_tensor::Input;

/// The weight of what is true and of what is not among all columns of one score.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    /// The score.
    pub(super) score: f64,
    /// The weight of what is true.
    pub(super) truth: f64,
    /// The weight of what is not.
    pub(super) other: f64,
}

/// A measure of one ranking, from the highest score to the lowest; with classes, of the question about
/// each class. Of two classes the second one is asked for, or the class of this name; of several, the
/// mean over all is taken. NaN where a measure is.
pub(super) fn over_questions(
    comparison: &Comparison<'_>,
    class: Option<&str>,
    measure: impl Fn(&[Level]) -> f64,
) -> f64 {
    let questions = match comparison.targets {
        Input::Indices(indices) => indices.levels,
        Input::Dense(targets) => targets.features(),
    };
    let two = comparison.target.shape.indices && questions == 2;
    let asked = match class {
        Some(name) => match place(comparison, name) {
            Some(place) => place..place + 1,
            None => return f64::NAN,
        },
        None if two => 1..2,
        None => 0..questions,
    };
    let of = |k| levels(comparison, k).map_or(f64::NAN, |levels| measure(&levels));
    mean(asked.map(|k| (of(k), 1.0)))
}

/// The ranking of one question; `None` where predictions or targets are no answers to it.
fn levels(comparison: &Comparison<'_>, k: usize) -> Option<Vec<Level>> {
    let truth: Vec<bool> = match comparison.targets {
        Input::Indices(indices) => indices.data.iter().map(|&class| class as usize == k).collect(),
        Input::Dense(targets) => targets.iter().map(|t| yes(t[k])).collect::<Option<_>>()?,
    };
    let scores = comparison.scores_of(k)?;
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_unstable_by(|&a, &b| scores[b].total_cmp(&scores[a]));
    let mut levels: Vec<Level> = Vec::new();
    for n in order {
        let (score, weight) = (scores[n], comparison.weights[n]);
        if score.is_nan() {
            return None;
        }
        let last = levels.last().is_some_and(|level| level.score == score);
        if !last {
            levels.push(Level { score, truth: 0.0, other: 0.0 });
        }
        let level = levels.last_mut()?;
        *if truth[n] { &mut level.truth } else { &mut level.other } += weight;
    }
    Some(levels)
}

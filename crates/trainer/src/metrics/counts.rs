//! `Counts`: how often a question was answered rightly with yes, wrongly with yes, and so on.

use super::Confusion;
use tanren_plugin::Comparison;
use tanren_tensor::Input;

/// The weight of columns by truth and prediction of one question: is it this class?
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Counts {
    /// True and predicted.
    pub(super) hits: f64,
    /// Predicted and not true.
    pub(super) false_alarms: f64,
    /// True and not predicted.
    pub(super) misses: f64,
    /// Neither.
    pub(super) rejections: f64,
}

impl Counts {
    /// The weight of what is true.
    pub(super) fn truth(&self) -> f64 {
        self.hits + self.misses
    }

    /// The weight of what is predicted.
    pub(super) fn predicted(&self) -> f64 {
        self.hits + self.false_alarms
    }

    /// (1 + β²) hits / ((1 + β²) hits + β² misses + false alarms).
    pub(super) fn f_beta(&self, beta: f64) -> f64 {
        let square = beta * beta;
        let hits = (1.0 + square) * self.hits;
        hits / (hits + square * self.misses + self.false_alarms)
    }

    /// One question for each class of the target or, where the target is several answers of 0 or 1, for
    /// each of these. `None` where the target or the prediction is no answer.
    pub(super) fn of(comparison: &Comparison<'_>) -> Option<Vec<Self>> {
        match comparison.targets {
            Input::Indices(_) => Confusion::of(comparison).map(|confusion| of_classes(&confusion)),
            Input::Dense(targets) => {
                let mut counts = vec![Self::default(); targets.features()];
                for (target, prediction, weight) in comparison.numbers()? {
                    for ((counts, &t), &p) in counts.iter_mut().zip(target).zip(prediction) {
                        let cell = match (yes(t)?, p >= comparison.threshold) {
                            (true, true) => &mut counts.hits,
                            (true, false) => &mut counts.misses,
                            (false, true) => &mut counts.false_alarms,
                            (false, false) => &mut counts.rejections,
                        };
                        *cell += weight;
                    }
                }
                Some(counts)
            }
        }
    }
}

fn of_classes(confusion: &Confusion) -> Vec<Counts> {
    let mut counts = vec![Counts::default(); confusion.classes()];
    for (truth, predicted, weight) in confusion.pairs() {
        if truth == predicted {
            counts[truth].hits += weight;
        } else {
            counts[truth].misses += weight;
            counts[predicted].false_alarms += weight;
        }
    }
    let total = confusion.total();
    for counts in &mut counts {
        counts.rejections = total - counts.truth() - counts.false_alarms;
    }
    counts
}

/// The answer that a target of 0 or 1 is.
pub(super) fn yes(target: f64) -> Option<bool> {
    match target {
        0.0 => Some(false),
        1.0 => Some(true),
        _ => None,
    }
}

//! `Comparison`: the predictions of one output beside its targets, as a metric sees them.

use crate::FieldSpec;
use std::ops::Range;
use tanren_tensor::{Input, Signal};

/// The predictions of one output of a network beside its targets: one column per row or, for
/// sequences, one column per step.
///
/// There is no padding and therefore no mask: the steps of a sequence stand side by side, those of
/// the next row follow, and [`rows`](Self::rows) says which columns belong together. Rows of weight
/// 0 are left out.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Comparison<'a> {
    /// The target as the data describe it: its name, its shape, the names of its classes.
    pub target: &'a FieldSpec,
    /// What the network predicts, after the link of its loss: probabilities for classes.
    pub predictions: Signal<'a, f64>,
    /// What it should have predicted.
    pub targets: Input<'a, f64>,
    /// What each column counts; above 0.
    pub weights: &'a [f64],
    /// What this output adds to the loss of the network on these rows: its mean loss times the
    /// weight of the output. NaN where it was not computed.
    pub loss: f64,
    /// Where each row begins, in columns, and at last where the last row ends; `None` when every
    /// column is a row of its own.
    pub offsets: Option<&'a [usize]>,
    /// How probable the second of two classes must be to be predicted.
    pub threshold: f64,
}

impl<'a> Comparison<'a> {
    /// Predictions and targets with a weight per column. Every column is a row of its own, and the
    /// loss is unknown, unless [`offsets`](Self::offsets) and [`loss`](Self::loss) are set; the
    /// threshold is ½.
    #[must_use]
    pub const fn new(
        target: &'a FieldSpec,
        predictions: Signal<'a, f64>,
        targets: Input<'a, f64>,
        weights: &'a [f64],
    ) -> Self {
        let (loss, offsets, threshold) = (f64::NAN, None, 0.5);
        Self { target, predictions, targets, weights, loss, offsets, threshold }
    }

    /// The columns of each row.
    pub fn rows(&self) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let (offsets, columns) = (self.offsets, self.weights.len());
        let rows = offsets.map_or(columns, |offsets| offsets.len().saturating_sub(1));
        (0..rows).map(move |row| offsets.map_or(row..row + 1, |at| at[row]..at[row + 1]))
    }

    /// The class, the predicted class and the weight of every column.
    pub fn classes(&self) -> impl Iterator<Item = (usize, usize, f64)> + use<'a> {
        let (targets, threshold) = (self.targets, self.threshold);
        let truth = move |n: usize| match targets {
            Input::Indices(indices) => indices.data[n] as usize,
            Input::Dense(signal) => predicted_class(signal.column(n), 0.5),
        };
        let predicted =
            self.predictions.iter().map(move |p| predicted_class(p, threshold)).enumerate();
        predicted.zip(self.weights).map(move |((n, class), &weight)| (truth(n), class, weight))
    }

    /// The probability that was given to a class in one column; `None` where predictions are no
    /// probabilities of the target's classes.
    #[must_use]
    pub fn probability(&self, column: usize, class: usize) -> Option<f64> {
        let p = match (self.predictions.column(column), self.target.shape.features) {
            ([p], 2) => [1.0 - p, *p].get(class).copied(),
            (many, classes) if many.len() == classes => many.get(class).copied(),
            _ => None,
        };
        p.filter(|p| (0.0..=1.0 + 1e-6).contains(p)).map(|p| p.min(1.0))
    }

    /// What was predicted for one class or, where targets are numbers, for one feature, column by
    /// column: numbers of any kind that are larger the surer the prediction is. `None` where
    /// predictions are none of these.
    #[must_use]
    pub fn scores_of(&self, k: usize) -> Option<Vec<f64>> {
        let (asked, width) = (self.target.shape, self.predictions.features());
        let of = |p: &[f64]| match p {
            [p] if asked.indices && k == 0 => -p,
            [p] if asked.indices => *p,
            many => many[k],
        };
        let fits = width == asked.features || (asked.indices && asked.features == 2 && width == 1);
        (fits && k < asked.features).then(|| self.predictions.iter().map(of).collect())
    }

    /// The target, the prediction and the weight of every column of numbers; `None` when
    /// predictions are not as wide as targets, and so no guesses of them.
    pub fn numbers(&self) -> Option<impl Iterator<Item = (&'a [f64], &'a [f64], f64)> + use<'a>> {
        let (predictions, weights) = (self.predictions, self.weights);
        match self.targets {
            Input::Dense(targets) if targets.features() == predictions.features() => {
                let pairs = targets.iter().zip(predictions.iter()).zip(weights);
                Some(pairs.map(|((target, prediction), &weight)| (target, prediction, weight)))
            }
            _ => None,
        }
    }
}

/// The class that a prediction stands for: the most probable one, of equally probable ones the
/// last. Of two classes it is the second one where that is at least as probable as `threshold`, which is
/// ½ unless someone wants it otherwise. A single number is the probability of the second of two classes
/// or, if it is whole, the class itself.
#[must_use]
pub fn predicted_class(column: &[f64], threshold: f64) -> usize {
    match column {
        [x] if x.fract() == 0.0 => *x as usize,
        [p] => usize::from(*p >= threshold),
        [_, p] if threshold != 0.5 => usize::from(*p >= threshold),
        many => {
            let best = many.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
            best.map_or(0, |(k, _)| k)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tanren_tensor::{Indices, Shape};

    #[test]
    fn a_class_is_the_most_probable_one() {
        assert_eq!(predicted_class(&[0.2, 0.5, 0.3], 0.5), 1);
        assert_eq!(predicted_class(&[0.4, 0.2, 0.4], 0.5), 2);
        assert_eq!(predicted_class(&[0.49], 0.5), 0);
        assert_eq!(predicted_class(&[0.5], 0.5), 1);
        assert_eq!(predicted_class(&[1.0], 0.5), 1);
        assert_eq!(predicted_class(&[0.3], 0.2), 1);
        assert_eq!(predicted_class(&[0.3, 0.7], 0.8), 0);
    }

    #[test]
    fn columns_belong_to_rows() {
        let spec = FieldSpec::new("y", Shape::index(2));
        let indices = Indices { data: &[0, 1, 1], levels: 2 };
        let predictions = Signal::new(&[0.9, 0.1, 0.7], 1);
        let weights = [1.0, 1.0, 2.0];
        let mut comparison = Comparison::new(&spec, predictions, Input::Indices(indices), &weights);
        assert_eq!(comparison.rows().collect::<Vec<_>>(), [0..1, 1..2, 2..3]);
        comparison.offsets = Some(&[0, 2, 3]);
        assert_eq!(comparison.rows().collect::<Vec<_>>(), [0..2, 2..3]);
        let classes: Vec<_> = comparison.classes().collect();
        assert_eq!(classes, [(0, 1, 1.0), (1, 0, 1.0), (1, 1, 2.0)]);
        assert!(comparison.numbers().is_none());
    }
}

//! `Calibration`: whether what is said to be 80 % probable happens in 80 % of all cases.

use tanren_plugin::{Comparison, predicted_class};
use tanren_tensor::Input;

/// The columns whose predicted class had a probability in one range.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// The weight of the columns.
    pub weight: f64,
    /// The mean probability of the predicted class.
    pub confidence: f64,
    /// The share of the columns whose class it is.
    pub accuracy: f64,
}

/// A reliability diagram: columns by the probability of the class that was predicted, in equal ranges
/// from 0 to 1. Source: Guo et al. (2017), *On calibration of modern neural networks*.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    /// The ranges, from the lowest; each has its upper end.
    pub bins: Vec<Bin>,
}

impl Calibration {
    /// Sorts the columns of a comparison of classes into so many ranges; `None` where predictions are
    /// no probabilities.
    #[must_use]
    pub fn of(comparison: &Comparison<'_>, bins: usize) -> Option<Self> {
        let Input::Indices(targets) = comparison.targets else { return None };
        let mut all = vec![Bin::default(); bins.max(1)];
        for (n, (&class, &weight)) in targets.data.iter().zip(comparison.weights).enumerate() {
            let predicted = predicted_class(comparison.predictions.column(n), 0.5);
            let confidence = comparison.probability(n, predicted)?;
            let place = (confidence * all.len() as f64).ceil().max(1.0) as usize - 1;
            let bin = all.get_mut(place)?;
            bin.weight += weight;
            bin.confidence += weight * confidence;
            bin.accuracy += if predicted == class as usize { weight } else { 0.0 };
        }
        for bin in all.iter_mut().filter(|bin| bin.weight > 0.0) {
            bin.confidence /= bin.weight;
            bin.accuracy /= bin.weight;
        }
        Some(Self { bins: all })
    }

    /// The expected calibration error: the mean over columns of |accuracy − confidence| of their
    /// range.
    #[must_use]
    pub fn error(&self) -> f64 {
        let all: f64 = self.bins.iter().map(|bin| bin.weight).sum();
        let off = self.bins.iter().map(|bin| bin.weight * (bin.accuracy - bin.confidence).abs());
        off.sum::<f64>() / all
    }
}

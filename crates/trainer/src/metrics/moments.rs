//! Second moments of targets and predictions, for what is a quotient of them.

use super::mean::mean;
use tanren_plugin::Comparison;

/// Means and central second moments of one target and its prediction, with weights.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Moments {
    weight: f64,
    target_mean: f64,
    prediction_mean: f64,
    /// Σ w (t − mean t)².
    pub(super) target: f64,
    /// Σ w (p − mean p)².
    pub(super) prediction: f64,
    /// Σ w (t − mean t) (p − mean p).
    pub(super) both: f64,
    /// Σ w (p − t)².
    pub(super) error: f64,
}

impl Moments {
    /// One more pair, by the update of Welford (1962) for weights.
    fn add(&mut self, t: f64, p: f64, w: f64) {
        self.weight += w;
        let share = w / self.weight;
        let (dt, dp) = (t - self.target_mean, p - self.prediction_mean);
        self.target_mean += share * dt;
        self.prediction_mean += share * dp;
        self.target += w * dt * (t - self.target_mean);
        self.prediction += w * dp * (p - self.prediction_mean);
        self.both += w * dt * (p - self.prediction_mean);
        self.error += w * (p - t) * (p - t);
    }

    /// The mean over targets of a measure of their moments.
    pub(super) fn mean_of(comparison: &Comparison<'_>, measure: impl Fn(&Self) -> f64) -> f64 {
        let mut each = vec![Self::default(); comparison.predictions.features()];
        for (target, prediction, weight) in comparison.numbers().into_iter().flatten() {
            for ((moments, t), p) in each.iter_mut().zip(target).zip(prediction) {
                moments.add(*t, *p, weight);
            }
        }
        mean(each.iter().map(|moments| (measure(moments), 1.0)))
    }
}

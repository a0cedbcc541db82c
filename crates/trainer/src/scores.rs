//! `Scores`: how good predictions are.

use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use tanren_plugin::Number;
use tanren_tensor::Welford;

/// Scores of a classifier.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Classification {
    /// Mean loss.
    pub loss: Number,
    /// Share of rows whose class was predicted.
    pub accuracy: Number,
    /// F1 = 2·precision·recall / (precision + recall), averaged over the classes that occur among
    /// the targets or the predictions.
    pub f1_macro: Number,
    /// Weight of rows by true class (outer) and predicted class (inner).
    #[serde(skip)]
    pub confusion: Vec<Vec<f64>>,
}

/// Scores of a regression, in the target's own units.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Regression {
    /// Mean loss, in the units the network is trained in.
    pub loss: Number,
    /// Mean squared error.
    pub mse: Number,
    /// Its root.
    pub rmse: Number,
    /// Mean absolute error.
    pub mae: Number,
    /// 1 − (squared error) / (squared distance from the mean target); NaN when all targets are
    /// equal. With several targets, the mean over them.
    pub r2: Number,
}

/// Scores of one part of the data.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Scores {
    /// For classes.
    Classification(Classification),
    /// For numbers.
    Regression(Regression),
}

impl Classification {
    /// From the true and the predicted class of each row and its weight.
    #[must_use]
    pub fn of(loss: f64, classes: usize, rows: impl Iterator<Item = (usize, usize, f64)>) -> Self {
        let mut confusion = vec![vec![0.0; classes]; classes];
        let mut lost = false;
        for (truth, predicted, weight) in rows {
            match confusion.get_mut(truth).and_then(|row| row.get_mut(predicted)) {
                Some(count) => *count += weight,
                None => lost = true,
            }
        }
        if lost {
            // Predictions that are no guesses of a class have no accuracy.
            let undefined = Number(f64::NAN);
            return Self {
                loss: Number(loss),
                accuracy: undefined,
                f1_macro: undefined,
                confusion,
            };
        }
        let total: f64 = confusion.iter().flatten().sum();
        let hits = |k: usize| confusion[k][k];
        let f1: Vec<f64> = (0..classes)
            .filter_map(|k| {
                let true_k: f64 = confusion[k].iter().sum();
                let predicted_k: f64 = confusion.iter().map(|row| row[k]).sum();
                (true_k + predicted_k > 0.0).then(|| 2.0 * hits(k) / (true_k + predicted_k))
            })
            .collect();
        Self {
            loss: Number(loss),
            accuracy: Number((0..classes).map(hits).sum::<f64>() / total),
            f1_macro: Number(f1.iter().sum::<f64>() / f1.len() as f64),
            confusion,
        }
    }
}

impl Regression {
    /// From pairs of target and prediction with a weight, target by target: `width` of them. Without
    /// any, all scores but the loss are NaN.
    #[must_use]
    pub fn of(loss: f64, width: usize, pairs: &[(f64, f64, f64)]) -> Self {
        let (mut squared, mut absolute) = (Welford::default(), Welford::default());
        let mut each = vec![(Welford::default(), Welford::default()); width];
        for (i, &(target, prediction, weight)) in pairs.iter().enumerate() {
            let error = prediction - target;
            squared.add(error * error, weight);
            absolute.add(error.abs(), weight);
            each[i % width].0.add(error * error, weight);
            each[i % width].1.add(target, weight);
        }
        // With one value the variance is 0 and 1 − x/0 = −∞; undefined is what is meant.
        let r2 = |(error, target): &(Welford, Welford)| match target.variance() {
            v if v > 0.0 => 1.0 - error.mean / v,
            _ => f64::NAN,
        };
        let mean = |w: Welford| if w.weight > 0.0 { w.mean } else { f64::NAN };
        Self {
            loss: Number(loss),
            mse: Number(mean(squared)),
            rmse: Number(mean(squared).sqrt()),
            mae: Number(mean(absolute)),
            r2: Number(each.iter().map(r2).sum::<f64>() / width as f64),
        }
    }
}

impl Scores {
    /// Names and values, the loss first.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, f64)> {
        match self {
            Self::Classification(s) => {
                vec![("loss", s.loss.0), ("accuracy", s.accuracy.0), ("f1_macro", s.f1_macro.0)]
            }
            Self::Regression(s) => vec![
                ("loss", s.loss.0),
                ("mse", s.mse.0),
                ("rmse", s.rmse.0),
                ("mae", s.mae.0),
                ("r2", s.r2.0),
            ],
        }
    }

    /// The loss.
    #[must_use]
    pub const fn loss(&self) -> f64 {
        match self {
            Self::Classification(s) => s.loss.0,
            Self::Regression(s) => s.loss.0,
        }
    }

    /// The accuracy of a classifier.
    #[must_use]
    pub const fn accuracy(&self) -> Option<f64> {
        match self {
            Self::Classification(s) => Some(s.accuracy.0),
            Self::Regression(_) => None,
        }
    }

    /// Names and values, for a record.
    #[must_use]
    pub fn to_map(&self) -> BTreeMap<String, Number> {
        self.pairs().into_iter().map(|(name, value)| (name.to_owned(), Number(value))).collect()
    }
}

impl fmt::Display for Scores {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, value)) in self.pairs().into_iter().enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            write!(f, "{comma}{name} {value:.4}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the definitions, worked by hand.
    #[test]
    fn classification_by_hand() {
        let rows = [(0, 0, 1.0), (0, 1, 1.0), (1, 1, 1.0), (2, 1, 1.0)];
        let scores = Classification::of(0.5, 4, rows.into_iter());
        assert_eq!(scores.accuracy.0, 0.5);
        // Class 0: 2·1/(2+1), class 1: 2·1/(1+3), class 2: 0, class 3 does not occur.
        assert!((scores.f1_macro.0 - (2.0 / 3.0 + 0.5) / 3.0).abs() < 1e-15);
    }

    #[test]
    fn regression_by_hand() {
        let pairs = [(1.0, 2.0, 1.0), (3.0, 3.0, 1.0), (5.0, 3.0, 1.0)];
        let scores = Regression::of(0.0, 1, &pairs);
        assert!((scores.mse.0 - 5.0 / 3.0).abs() < 1e-15);
        assert!((scores.mae.0 - 1.0).abs() < 1e-15);
        assert!((scores.r2.0 - (1.0 - 5.0 / 8.0)).abs() < 1e-15);
        assert!(Regression::of(0.0, 1, &[(1.0, 2.0, 1.0)]).r2.0.is_nan());
        let nothing = Regression::of(0.5, 1, &[]);
        assert!(nothing.mse.0.is_nan() && nothing.mae.0.is_nan() && nothing.loss.0 == 0.5);
    }
}

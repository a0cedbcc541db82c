//! Running count, mean, variance and range, merged without loss.

/// Weighted moments of a stream of numbers.
///
/// Update by Welford (1962), weighted after West (1979); [`Welford::merge`] by Chan, Golub and
/// LeVeque (1979), so that parts of the data can be summed apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Welford {
    /// Sum of the weights.
    pub weight: f64,
    /// Weighted mean; 0 while there is nothing.
    pub mean: f64,
    /// Smallest value of positive weight; +∞ while there is nothing.
    pub min: f64,
    /// Largest value of positive weight; −∞ while there is nothing.
    pub max: f64,
    /// Σ w (x − mean)².
    squares: f64,
}

impl Default for Welford {
    fn default() -> Self {
        let (min, max) = (f64::INFINITY, f64::NEG_INFINITY);
        Self { weight: 0.0, mean: 0.0, min, max, squares: 0.0 }
    }
}

impl Welford {
    /// Takes in `x` with `weight ≥ 0`. A weight of zero changes nothing, whatever `x` is.
    pub fn add(&mut self, x: f64, weight: f64) {
        if weight == 0.0 {
            return;
        }
        self.weight += weight;
        let delta = x - self.mean;
        self.mean += delta * weight / self.weight;
        self.squares += weight * delta * (x - self.mean);
        self.min = self.min.min(x);
        self.max = self.max.max(x);
    }

    /// The moments of both streams together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        if self.weight == 0.0 || other.weight == 0.0 {
            return if self.weight == 0.0 { other } else { self };
        }
        let weight = self.weight + other.weight;
        let delta = other.mean - self.mean;
        Self {
            weight,
            mean: self.mean + delta * other.weight / weight,
            squares: self.squares
                + other.squares
                + delta * delta * self.weight * other.weight / weight,
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    /// The variance, divided by the sum of the weights; 0 while there is nothing.
    #[must_use]
    pub fn variance(&self) -> f64 {
        if self.weight > 0.0 { self.squares / self.weight } else { 0.0 }
    }

    /// The square root of the variance.
    #[must_use]
    pub fn std(&self) -> f64 {
        self.variance().sqrt()
    }
}

impl Extend<f64> for Welford {
    fn extend<I: IntoIterator<Item = f64>>(&mut self, values: I) {
        values.into_iter().for_each(|x| self.add(x, 1.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_large_offset_does_not_cancel() {
        let mut w = Welford::default();
        w.extend([1e9 + 4.0, 1e9 + 7.0, 1e9 + 13.0, 1e9 + 16.0]);
        assert_eq!((w.mean, w.variance()), (1e9 + 10.0, 22.5));
        assert_eq!((w.min, w.max), (1e9 + 4.0, 1e9 + 16.0));
    }

    proptest! {
        #[test]
        fn parts_merge_to_the_whole(x in prop::collection::vec(-1e3..1e3f64, 2..80), cut in 0.0..1.0f64) {
            let cut = (cut * x.len() as f64) as usize;
            let of = |x: &[f64]| { let mut w = Welford::default(); w.extend(x.iter().copied()); w };
            let (whole, parts) = (of(&x), of(&x[..cut]).merge(of(&x[cut..])));
            prop_assert!((whole.mean - parts.mean).abs() < 1e-9);
            prop_assert!((whole.variance() - parts.variance()).abs() < 1e-6);
            prop_assert_eq!((whole.min, whole.max, whole.weight), (parts.min, parts.max, parts.weight));
        }
    }
}

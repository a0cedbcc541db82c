//! Where the loss of a range test falls beyond noise, and how far.
//!
//! The losses l_i fluctuate from batch to batch by σ² = mean (l_(i+1) − l_i)² / 2, taken over the first
//! quarter, where the rate is too small to change much; differences of neighbours do not see a slow descent
//! (von Neumann 1941, *Distribution of the ratio of the mean square successive difference to the
//! variance*). An exponential average of them with the factor β fluctuates by σ · √((1 − β) / (1 + β)).
//!
//! An average of the past lags behind the losses by β / (1 − β) updates, in which the rate grows. The curve
//! is therefore smoothed from both sides: s_i is the mean of the average of the losses up to i and that of
//! the losses from i on. Both end at the lowest value of the first one, so that no loss counts that has
//! already grown.

/// How much of an average is kept with every update.
const BETA: f64 = 0.9;
/// The variance of an average of independent numbers of variance 1.
const SMOOTH: f64 = (1.0 - BETA) / (1.0 + BETA);
/// So many standard deviations are no noise: of a thousand updates none gets there by chance.
const BEYOND: f64 = 5.0;
/// What rounding makes of a loss.
const ROUNDING: f64 = 1e-6;
/// So many are the wiggles of a curve that stays where it is.
const WIGGLE: f64 = 3.0;
/// The share of the descent after which the rate is large enough, or less where the rest is noise. The last
/// of it comes from having trained longer.
const SHARE: f64 = 0.95;
/// The fewest updates of which the start is the mean.
const FEW: usize = 10;

/// A descent, by indices of updates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fall {
    /// From here on the loss is below that of the start beyond noise.
    pub(super) begins: usize,
    /// Here nearly all of the descent is made.
    pub(super) nearly: usize,
    /// Here the average of the past is lowest.
    pub(super) lowest: usize,
}

/// Finds the descent in these losses, if there is one beyond noise.
pub(super) fn fall(losses: &[f64]) -> Option<Fall> {
    let few = (losses.len() / 10).max(FEW);
    let past = averages(losses.iter().copied());
    let at = |i: usize| past[i].value();
    let lowest = (few..past.len()).min_by(|&a, &b| at(a).total_cmp(&at(b)))?;
    let until = losses.get(..=lowest)?;
    let future = averages(until.iter().rev().copied());
    let sides = past.iter().zip(future.iter().rev());
    let curve: Vec<f64> = sides.map(|(past, future)| past.with(future).value()).collect();

    let start = mean(losses.iter().take(few).copied());
    let first = deviation(losses.get(..few.max(losses.len() / 4))?);
    let noise = first * (SMOOTH + 1.0 / few as f64).sqrt();
    let below = start - (BEYOND * noise).max(ROUNDING * start.abs());
    let least = curve.iter().copied().skip(few).fold(f64::INFINITY, f64::min);
    if least.is_nan() || least >= below {
        return None;
    }
    let begins = curve.iter().rposition(|&s| s >= below).map_or(0, |last| last + 1).min(lowest);
    let last = deviation(until.get(lowest.saturating_sub(few)..)?) * SMOOTH.sqrt();
    let goal = least + ((1.0 - SHARE) * (start - least)).max(WIGGLE * last);
    let nearly = (begins..lowest).find(|&i| curve[i] <= goal).unwrap_or(lowest);
    Some(Fall { begins, nearly, lowest })
}

/// The exponential average after every number.
fn averages(numbers: impl Iterator<Item = f64>) -> Vec<Average> {
    let mut average = Average::default();
    numbers
        .map(|x| {
            average.take(x);
            average
        })
        .collect()
}

/// An exponential average without bias: m_i / (1 − β^i), where m_i = β · m_(i−1) + (1 − β) · x_i.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Average {
    sum: f64,
    /// 1 − β^i.
    weights: f64,
}

impl Average {
    /// Takes one more number in.
    pub(super) fn take(&mut self, x: f64) {
        self.sum = BETA * self.sum + (1.0 - BETA) * x;
        self.weights = BETA * self.weights + (1.0 - BETA);
    }

    pub(super) fn value(&self) -> f64 {
        self.sum / self.weights
    }

    /// The average of both; each counts as much as it knows.
    fn with(&self, other: &Self) -> Self {
        Self { sum: self.sum + other.sum, weights: self.weights + other.weights }
    }
}

/// The standard deviation σ of losses from one batch to the next.
fn deviation(losses: &[f64]) -> f64 {
    mean(losses.windows(2).map(|pair| (pair[1] - pair[0]).powi(2) / 2.0)).sqrt()
}

fn mean(numbers: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = numbers.fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
    sum / count
}

#[cfg(test)]
mod tests {
    use super::{Fall, fall};
    use tanren_tensor::Stream;

    const COUNT: usize = 800;

    /// Rates from 1e-7 to 10.
    fn rate(i: usize) -> f64 {
        10f64.powf(i as f64 / 100.0 - 7.0)
    }

    /// Noise of this size around a loss that depends on the logarithm of the rate.
    fn losses(seed: u64, noise: f64, loss: impl Fn(f64) -> f64) -> Vec<f64> {
        let mut draws = Stream::new(seed, "noise").sample(0);
        (0..COUNT).map(|i| loss(rate(i).log10()) + noise * draws.normal()).collect()
    }

    /// Falls from 3 to 1 around 1e-4, stays, and grows from 1e-1 on.
    fn usual(x: f64) -> f64 {
        2.0 - ((x + 4.0) * 2.0).tanh() + if x > -1.0 { 10.0 * (x + 1.0) } else { 0.0 }
    }

    #[test]
    fn a_descent_is_found_at_the_same_place_with_any_noise() {
        for seed in 0..20 {
            for noise in [0.03, 0.1, 0.3] {
                let Fall { begins, nearly, lowest } = fall(&losses(seed, noise, usual)).unwrap();
                let [begins, nearly, lowest] = [begins, nearly, lowest].map(rate);
                assert!((1e-6..2e-4).contains(&begins), "{seed} {noise}: {begins}");
                assert!((2e-4..5e-2).contains(&nearly), "{seed} {noise}: {nearly}");
                assert!((3e-4..2e-1).contains(&lowest), "{seed} {noise}: {lowest}");
            }
        }
    }

    #[test]
    fn noise_is_no_descent() {
        let flat = |_: f64| 1.0;
        let found = (0..200).filter(|&seed| fall(&losses(seed, 0.3, flat)).is_some()).count();
        assert_eq!(found, 0);
        // Nor is a loss that only grows, or a descent that is smaller than the noise.
        assert_eq!(fall(&losses(0, 0.3, |x| x + 7.0)), None);
        assert_eq!(fall(&losses(0, 0.3, |x| 1.0 - 0.01 * x)), None);
        for short in 0..12 {
            assert_eq!(fall(&vec![1.0; short]), None);
        }
    }

    #[test]
    fn what_grows_again_is_not_looked_at() {
        // A second valley beyond the first, which is deeper only in one loss.
        let mut dented = losses(3, 0.0, usual);
        dented[700] = 0.5;
        assert_eq!(fall(&dented), fall(&losses(3, 0.0, usual)));
    }
}

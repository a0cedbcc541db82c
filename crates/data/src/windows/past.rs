//! `Past`: the last seasons of a series before a time, and what they forecast: s_k of `windows`.

/// The last seasons of a series, which is a function from its steps to its values.
pub(super) struct Past<Z> {
    z: Z,
    origin: usize,
    period: usize,
    seasons: usize,
    /// By how much the level of the last season is above that of all: ℓ_0 − 1/J Σ ℓ_j.
    rise: f64,
}

impl<Z: Fn(usize) -> f64> Past<Z> {
    /// So many seasons of `period` steps, the last of which ends with the step `origin`.
    pub(super) fn new(z: Z, origin: usize, period: usize, seasons: usize) -> Self {
        let level = |seasons: usize| {
            let steps = seasons * period;
            (origin + 1 - steps..=origin).map(&z).sum::<f64>() / steps as f64
        };
        let rise = if seasons == 1 { 0.0 } else { level(1) - level(seasons) };
        Self { z, origin, period, seasons, rise }
    }

    /// The value at the place in the period of the step `lead` steps ahead, `back` seasons before the last.
    fn at(&self, lead: usize, back: usize) -> f64 {
        let seasons = lead.div_ceil(self.period) + back;
        (self.z)(self.origin + lead - self.period * seasons)
    }

    /// The seasonal naive forecast.
    pub(super) fn last(&self, lead: usize) -> f64 {
        self.at(lead, 0)
    }

    /// The forecast by the mean of all seasons, at the level of the last.
    pub(super) fn mean(&self, lead: usize) -> f64 {
        let sum: f64 = (0..self.seasons).map(|back| self.at(lead, back)).sum();
        sum / self.seasons as f64 + self.rise
    }
}

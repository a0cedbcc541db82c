//! `Numbers`: what is written for each window, one after the other: the equations of `windows`.

use crate::file::input::MAX_BYTES;
use crate::file::rows::reserve;
use crate::windows::fill::Place;
use crate::windows::inner::Inner;
use crate::windows::past::Past;
use crate::windows::{Relative, Windows};
use std::path::Path;
use tanren_plugin::{DataError, Frame};

/// The numbers of the windows so far.
pub(super) struct Numbers<'a> {
    windows: &'a Windows,
    inner: &'a Inner,
    pub(super) inputs: Vec<f64>,
    pub(super) targets: Vec<f64>,
    /// From the targets to their own units.
    pub(super) frame: Frame,
    /// What the persistence forecast is, in own units, and the seasonal naive one.
    pub(super) last: Vec<f64>,
    pub(super) season: Vec<f64>,
    /// What each window counts.
    pub(super) weights: Vec<f64>,
    /// μ and σ of each target in the window at hand.
    moments: Vec<(f64, f64)>,
}

impl<'a> Numbers<'a> {
    /// No window yet, and room for so many.
    ///
    /// # Errors
    /// When they would take more memory than a table may.
    pub(super) fn new(
        windows: &'a Windows,
        inner: &'a Inner,
        count: usize,
    ) -> Result<Self, DataError> {
        let targets = inner.targets.len();
        let width = windows.own_width(targets).saturating_add(inner.width());
        let per_window = windows.length.saturating_mul(width);
        let ahead = windows.horizon.saturating_mul(targets);
        let all = per_window.saturating_add(ahead.saturating_mul(5)).saturating_mul(count);
        if all as u64 > MAX_BYTES / 8 {
            let message = format!(
                "expected at most {} GiB of numbers, found {count} windows of {} steps × {width} numbers; a \
                 larger `stride` makes fewer",
                MAX_BYTES >> 30,
                windows.length
            );
            return Err(DataError::new(&inner.table.name, message));
        }
        let (mut inputs, path) = (Vec::new(), Path::new(&inner.table.name));
        reserve(path, &mut inputs, count.saturating_mul(per_window))?;
        let frame = Frame { exponential: windows.log, ..Frame::default() };
        let (targets, last, season) = (Vec::new(), Vec::new(), Vec::new());
        let (weights, moments) = (Vec::new(), Vec::new());
        Ok(Self { windows, inner, inputs, targets, frame, last, season, weights, moments })
    }

    /// Adds a window and, where it is known, its target.
    pub(super) fn add(&mut self, place: &Place<'_>, with_target: bool) {
        let Self { windows, inner, .. } = *self;
        let (rows, t) = (&place.series.rows, place.origin);
        let first = t + 1 - windows.length;
        self.moments.clear();
        for z in &inner.targets {
            let window = rows[first..=t].iter().map(|&row| z[row]);
            self.moments.push(if windows.scale { moments(window) } else { (0.0, 1.0) });
        }
        for step in first..=t {
            let row = rows[step];
            let both = || inner.targets.iter().zip(&self.moments);
            self.inputs.extend(both().map(|(z, (mean, deviation))| (z[row] - mean) / deviation));
            for (z, (_, deviation)) in both() {
                let change = |lag: &usize| (z[row] - z[rows[step - lag]]) / deviation;
                self.inputs.extend(windows.difference.iter().map(change));
            }
            inner.table.inputs.iter().for_each(|field| field.read(row, &mut self.inputs));
        }
        for (z, &(mean, deviation)) in inner.targets.iter().zip(&self.moments) {
            let step = |step: usize| z[rows[step]];
            let past = windows.period.map(|period| Past::new(step, t, period, windows.seasons));
            for k in windows.leads() {
                let season = past.as_ref().map(|past| past.last(k));
                let shift = match (windows.relative, &past) {
                    (Relative::Last, _) => z[rows[t]],
                    (Relative::Season, Some(past)) => past.mean(k),
                    // There is a period for a season: `check` asks for it.
                    (Relative::None | Relative::Season, _) => mean,
                };
                if with_target {
                    self.targets.push((z[rows[t + k]] - shift) / deviation);
                }
                self.frame.shift.push(shift);
                self.frame.scale.push(deviation);
                let own = |z: f64| if windows.log { z.exp() } else { z };
                self.last.push(own(z[rows[t]]));
                self.season.extend(season.map(own));
            }
        }
        if let Some(weights) = inner.table.weights.as_ref().filter(|_| with_target) {
            let ahead = windows.leads().map(|k| weights[rows[t + k]]);
            self.weights.push(ahead.sum::<f64>() / windows.horizon as f64);
        }
    }
}

/// Mean and standard deviation; 1 for that of numbers that are all the same.
fn moments(numbers: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = numbers.clone().count() as f64;
    let first = numbers.clone().next().unwrap_or_default();
    if numbers.clone().all(|x| x == first) {
        return (first, 1.0);
    }
    let mean = numbers.clone().sum::<f64>() / count;
    let variance = numbers.map(|x| (x - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

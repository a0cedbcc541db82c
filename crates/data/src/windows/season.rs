//! The season of series: after how many steps they repeat, and how many of the last repetitions forecast best.
//!
//! Is there a season of L steps in a series? Without its line, y, it is foretold step by step in two ways:
//!
//! ```text
//! no season       e_t = y_t − φ y_{t−1}
//! L steps         e_t = w_t − mean of all w at the place t mod L,     w_t = y_t − φ_L y_{t−1}
//! share           1 − Var_L / Var_0                                   variances of e, by degrees of freedom
//! ```
//!
//! φ is the correlation of neighbours in y, φ_L that in y less its mean at each place. The errors of a random walk are
//! those of white noise then, so that it has no season, however much it looks like waves. (Waves that come from the
//! last two steps, an AR(2) process, may be taken for a season.) D. Cochrane, G. Orcutt,
//! *Application of least squares regression to relationships containing auto-correlated error terms*, Journal of
//! the American Statistical Association 44 (1949).

use crate::windows::past::Past;
use std::ops::RangeInclusive;

/// A season must explain at least this share of the errors …
const CLEAR: f64 = 0.2;

/// … and so many standard deviations of what chance explains.
const SURE: f64 = 4.5;

/// Multiples of a season explain as much. The first is it that explains so much of what the best does …
const NEARLY: f64 = 0.95;

/// … or comes within so many standard deviations of it.
const SAME: f64 = 3.0;

/// The longest season that is sought.
const LONGEST: usize = 1500;

/// Steps that are looked at, the last ones of each series, but at least so many of each, and the most series.
const STEPS: usize = 20_000;
const LEAST: usize = 3 * LONGEST;
const SERIES: usize = 20;

/// Degrees of freedom that the line and φ take from a series.
const LOST: f64 = 3.0;

/// After how many steps series repeat, if they do: the same period for all of them. None shorter than 2 or
/// longer than a third of a series is found.
pub fn season_length(series: &[Vec<f64>]) -> Option<usize> {
    let count = (STEPS / series.len().clamp(1, SERIES)).max(LEAST);
    let last = |values: &Vec<f64>| Plain::of(&values[values.len().saturating_sub(count)..]);
    let plain: Vec<Plain> = series.iter().filter_map(last).take(SERIES).collect();
    let most = plain.iter().map(Plain::longest).max()?.min(LONGEST);
    let mut room = Room::default();
    let shares: Vec<Share> =
        (0..=most + 1).map(|period| Share::of(&plain, period, &mut room)).collect();
    let peak = |&period: &usize| {
        let (before, at, after) = (shares[period - 1], shares[period], shares[period + 1]);
        let clear = at.explained > CLEAR.max(SURE * at.deviation);
        clear && at.explained >= before.explained && at.explained > after.explained
    };
    let peaks: Vec<usize> = (2..=most).filter(peak).collect();
    let best = peaks.iter().map(|&period| shares[period]);
    let best = best.max_by(|a, b| a.explained.total_cmp(&b.explained))?;
    let by_chance = SAME * best.deviation * (1.0 - best.explained);
    let enough = (NEARLY * best.explained).min(best.explained - by_chance);
    peaks.into_iter().find(|&period| shares[period].explained >= enough)
}

/// Room for the numbers of one season, which are wanted again and again.
#[derive(Default)]
struct Room {
    means: Vec<f64>,
    errors: Vec<f64>,
}

/// A series without its line, and the variance of its errors without a season.
struct Plain {
    y: Vec<f64>,
    variance: f64,
}

impl Plain {
    /// None if the series is a line already, or has too few steps.
    fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let (middle, mean) = ((count - 1.0) / 2.0, values.iter().sum::<f64>() / count);
        let from_middle = |t: usize| t as f64 - middle;
        let all = || values.iter().enumerate();
        let slope = all().map(|(t, z)| from_middle(t) * (z - mean)).sum::<f64>()
            / all().map(|(t, _)| from_middle(t).powi(2)).sum::<f64>();
        let y: Vec<f64> = all().map(|(t, z)| z - mean - slope * from_middle(t)).collect();
        let size = values.iter().fold(0.0, |most: f64, z| most.max(z.abs()));
        let phi = neighbours(&y);
        let errors = y.windows(2).map(|pair| (pair[1] - phi * pair[0]).powi(2)).sum::<f64>();
        let variance = errors / (count - 1.0 - LOST);
        // What is left of a line is rounding.
        (values.len() > 6 && variance.sqrt() > 1e-9 * size).then_some(Self { y, variance })
    }

    /// The longest season that can be found: it must come three times.
    fn longest(&self) -> usize {
        self.y.len() / 3
    }

    /// How many one-step errors it has.
    fn errors(&self) -> f64 {
        (self.y.len() - 1) as f64
    }

    /// The sum of the squares of errors with a season.
    fn squares(&self, period: usize, Room { means, errors }: &mut Room) -> f64 {
        means.resize(period, 0.0);
        place_means(&self.y, means);
        errors.clear();
        errors.extend(self.y.iter().zip(means.iter().cycle()).map(|(y, mean)| y - mean));
        let phi = neighbours(errors);
        errors.clear();
        errors.extend(self.y.windows(2).map(|pair| pair[1] - phi * pair[0]));
        place_means(errors, means);
        errors.iter().zip(means.iter().cycle()).map(|(w, mean)| (w - mean).powi(2)).sum()
    }
}

/// The correlation φ of each number with the one before it.
fn neighbours(y: &[f64]) -> f64 {
    let (mut both, mut before) = (0.0, 0.0);
    for pair in y.windows(2) {
        both += pair[0] * pair[1];
        before += pair[0] * pair[0];
    }
    if before > 0.0 { (both / before).clamp(-1.0, 1.0) } else { 0.0 }
}

/// The mean at each place of a season, the first number being at the first.
fn place_means(numbers: &[f64], means: &mut [f64]) {
    means.fill(0.0);
    for season in numbers.chunks(means.len()) {
        means.iter_mut().zip(season).for_each(|(sum, number)| *sum += number);
    }
    let (whole, more) = (numbers.len() / means.len(), numbers.len() % means.len());
    for (place, mean) in means.iter_mut().enumerate() {
        *mean /= (whole + usize::from(place < more)) as f64;
    }
}

/// What a season explains of the errors, and the standard deviation of what chance would.
#[derive(Clone, Copy)]
struct Share {
    explained: f64,
    deviation: f64,
}

impl Share {
    /// Of all series, each of which counts by its steps. Nothing is explained of one in which the season does not come
    /// three times, so that what longer seasons explain of fewer series is not more.
    fn of(all: &[Plain], period: usize, room: &mut Room) -> Self {
        let (mut squares, mut free, mut count, mut means) = (0.0, 0.0, 0.0, 0.0);
        for plain in all {
            let of_line = plain.errors() - LOST;
            if period < 2 || period > plain.longest() + 1 {
                squares += of_line; // as many as there are degrees of freedom, in units of the variance
                free += of_line;
                continue;
            }
            squares += plain.squares(period, room) / plain.variance;
            free += of_line - period as f64;
            count += plain.errors();
            means += period as f64;
        }
        match means > 0.0 && count > means {
            true => Self {
                explained: 1.0 - squares / free,
                deviation: (2.0 * means / (count * (count - means))).sqrt(),
            },
            false => Self { explained: 0.0, deviation: 0.0 },
        }
    }
}

/// The most seasons that a pattern is learnt from.
const MOST: usize = 8;

/// An average over fewer seasons is preferred to one whose error is less than so much smaller.
const CLEARLY: f64 = 0.98;

/// Times at which forecasts are tried.
const TRIES: usize = 500;

/// Of how many of the last seasons the mean forecasts series best, `horizon` steps from each time on: one where the
/// pattern changes, several where it stays and values vary by chance. The last fifth of a series is not looked at.
pub fn seasons_to_average(series: &[Vec<f64>], period: usize, horizon: usize) -> usize {
    if period == 0 || horizon == 0 {
        return 1;
    }
    let early = series.iter().map(|z| &z[..z.len() - z.len() / 5]);
    // One season at least is left to try forecasts in.
    let seasons = |z: &&[f64]| (z.len().saturating_sub(horizon) / period).saturating_sub(1);
    let long: Vec<&[f64]> =
        early.filter(|z| seasons(z) > 1 && z.len() > horizon).take(SERIES).collect();
    let Some(fewest) = long.iter().map(seasons).min() else { return 1 };
    let mut errors = vec![0.0; fewest.min(MOST)];
    for z in long {
        let origins = errors.len() * period - 1..=z.len() - 1 - horizon;
        let error = |count| error(z, (period, count), horizon, origins.clone());
        let of_one = error(1);
        for (count, sum) in (1..).zip(&mut errors) {
            *sum += if of_one > 0.0 { error(count) / of_one } else { 1.0 };
        }
    }
    let clearly_better = |best: usize, count: usize| {
        if errors[count] < CLEARLY * errors[best] { count } else { best }
    };
    1 + (1..errors.len()).fold(0, clearly_better)
}

/// The mean distance of forecasts from what came, from some of these times on.
fn error(
    z: &[f64],
    (period, count): (usize, usize),
    horizon: usize,
    origins: RangeInclusive<usize>,
) -> f64 {
    let tries = origins.end().saturating_sub(*origins.start());
    let (mut sum, mut number) = (0.0, 0.0);
    for origin in origins.step_by(tries / TRIES + 1) {
        let past = Past::new(|step| z[step], origin, period, count);
        for lead in 1..=horizon {
            sum += (z[origin + lead] - past.mean(lead)).abs();
            number += 1.0;
        }
    }
    if number > 0.0 { sum / number } else { 0.0 }
}

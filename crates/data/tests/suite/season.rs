//! Seasons that are found where there are some, and of how many the mean is the better forecast.

use std::f64::consts::TAU;
use tanren_data::{season_length, seasons_to_average};
use tanren_tensor::{Draws, Stream};

fn draws(seed: u64) -> Draws {
    Stream::new(seed, "season").sample(0)
}

/// A series of values at times from 0 on.
fn series(count: usize, value: impl FnMut(usize) -> f64) -> Vec<f64> {
    (0..count).map(value).collect()
}

fn wave(t: usize, period: usize) -> f64 {
    (t as f64 * TAU / period as f64).sin()
}

/// White noise and the sums of it, a random walk.
fn noise(count: usize, seed: u64) -> Vec<f64> {
    let mut draws = draws(seed);
    series(count, |_| draws.normal())
}

fn sums(steps: &[f64]) -> Vec<f64> {
    let sum = |sum: &mut f64, step: &f64| {
        *sum += step;
        Some(*sum)
    };
    steps.iter().scan(0.0, sum).collect()
}

#[test]
fn a_season_is_found_however_smooth_or_noisy() {
    for period in [12, 24, 48, 52] {
        for deviation in [0.0, 0.01, 0.5, 1.0, 5.0, 10.0] {
            for seed in 0..5 {
                let mut draws = draws(seed);
                let all =
                    series(800, |t| 50.0 + 20.0 * wave(t, period) + deviation * draws.normal());
                assert_eq!(season_length(&[all]), Some(period), "noise {deviation}, seed {seed}");
            }
        }
    }
    let growing = series(120, |t| 100.0 + t as f64 + 20.0 * wave(t, 12));
    assert_eq!(season_length(&[growing]), Some(12));
    let weekend = series(90, |t| f64::from(u8::from(t % 7 > 4)));
    assert_eq!(season_length(&[weekend]), Some(7));
    for seed in 0..20 {
        let pattern = noise(12, 100 + seed);
        let walk = sums(&noise(200, seed));
        let both = series(200, |t| walk[t] + 3.0 * pattern[t % 12]);
        assert_eq!(season_length(&[both]), Some(12), "on a walk, seed {seed}");
    }
}

#[test]
fn no_season_is_found_where_there_is_none() {
    for seed in 0..20 {
        for count in [9, 20, 40, 100, 400] {
            let noise = noise(count, seed);
            let (walk, smooth) = (sums(&noise), sums(&sums(&noise)));
            assert_eq!(season_length(&[noise]), None, "noise of {count}, seed {seed}");
            assert_eq!(season_length(&[walk]), None, "walk of {count}, seed {seed}");
            if count < 200 {
                assert_eq!(season_length(&[smooth]), None, "smooth of {count}, seed {seed}");
            }
        }
    }
    // Neighbours that differ are no season, either.
    for seed in 0..20 {
        let mut turns = noise(100, seed);
        (1..turns.len()).for_each(|t| turns[t] -= 0.8 * turns[t - 1]);
        assert_eq!(season_length(&[turns]), None, "turns, seed {seed}");
    }
    let logistic = |t: usize| 1.0 / (1.0 + (-(t as f64 - 100.0) / 20.0).exp());
    let shapes: [&dyn Fn(usize) -> f64; 5] =
        [&|t| t as f64, &|_| 0.1, &logistic, &|t| (t as f64 / 50.0).exp(), &|t| {
            (t as f64 / 100.0 - 1.0).powi(3)
        }];
    for (number, shape) in shapes.into_iter().enumerate() {
        assert_eq!(season_length(&[series(200, shape)]), None, "shape {number}");
    }
    for few in [vec![], vec![1.0], vec![1.0, 2.0], vec![0.0, 1.0, 0.0, 1.0, 0.0, 1.0]] {
        assert_eq!(season_length(&[few]), None);
    }
    assert_eq!(season_length(&[]), None);
    // Numbers that are none are refused elsewhere, and do no harm here.
    assert_eq!(season_length(&[vec![f64::NAN; 50], vec![f64::INFINITY; 50]]), None);
}

/// A series that is too short for a long season does not make it look better by being left out.
#[test]
fn a_series_without_the_season_changes_nothing() {
    let mut all: Vec<Vec<f64>> = (0..3)
        .map(|store| {
            let mut draws = draws(store);
            series(700, |t| [5.0, 1.0, 0.0, 0.0, 1.0, 3.0, 9.0][t % 7] + draws.normal())
        })
        .collect();
    all.push(noise(400, 9));
    assert_eq!(season_length(&all), Some(7));
}

/// What several series have in common is clearer than in each of them.
#[test]
fn series_are_asked_together() {
    let all: Vec<Vec<f64>> = (0..6)
        .map(|store| {
            let mut draws = draws(store);
            series(40, |t| (10 * store) as f64 + 2.0 * wave(t, 12) + draws.normal())
        })
        .collect();
    assert_eq!(season_length(&all[..1]), None);
    assert_eq!(season_length(&all), Some(12));
}

#[test]
fn a_pattern_that_stays_is_the_mean_of_several_seasons() {
    let pattern = noise(24, 7);
    let stays = noise(24 * 60, 1);
    let stays = series(stays.len(), |t| 3.0 * pattern[t % 24] + stays[t]);
    let several = seasons_to_average(&[stays], 24, 24);
    assert!(several > 3, "{several}");
    // Where each season begins with what the one before was, that one tells all.
    let mut changes = noise(24 * 60, 2);
    (24..changes.len()).for_each(|t| changes[t] += changes[t - 24]);
    assert_eq!(seasons_to_average(&[changes], 24, 24), 1);
    // Too short for more than one, or not there at all.
    let short = series(40, |t| wave(t, 12));
    assert_eq!(seasons_to_average(&[short], 12, 12), 1);
    assert_eq!(seasons_to_average(&[], 12, 12), 1);
    assert_eq!(seasons_to_average(&[vec![1.0; 100]], 12, 1000), 1);
}

//! Numbers spread evenly on a logarithmic scale.

/// `count` numbers from `from` to `to`, both above 0, with equal ratios, in ascending or descending order
/// as these are. They have as many digits as it takes to tell them apart, two at least.
#[must_use]
pub fn log_spaced(from: f64, to: f64, count: usize) -> Vec<f64> {
    let ratio = (to / from).ln().abs() / count.saturating_sub(1).max(1) as f64;
    /// From here on, the logarithm of a ratio is worth no more than two digits.
    const WIDE: f64 = 1.0;
    let digits = match ratio {
        ratio if ratio > WIDE => 2.0,
        ratio => 2.0 + (-ratio.log10()).ceil().clamp(1.0, 14.0),
    };
    spaced(from, to, count, digits as usize)
}

/// The same, with so many digits.
fn spaced(from: f64, to: f64, count: usize, digits: usize) -> Vec<f64> {
    let share = |i: usize| i as f64 / (count - 1) as f64;
    (0..count)
        .map(|i| match i {
            0 => from,
            i if i + 1 == count => to,
            i => round(from * (to / from).powf(share(i)), digits).clamp(from.min(to), from.max(to)),
        })
        .collect()
}

/// Numbers worth trying between `best` and its neighbours among those tried: up to three in each gap, at
/// equal ratios, and none where the neighbour is no more than twice as large or small.
#[must_use]
pub fn between(tried: &[f64], best: f64) -> Vec<f64> {
    let below = tried.iter().copied().filter(|&x| x > 0.0 && x < best).reduce(f64::max);
    let above = tried.iter().copied().filter(|&x| x > best).reduce(f64::min);
    let inside = |low: f64, high: f64| {
        let doublings = ((high / low).log2().round() as usize).saturating_sub(1);
        let count = doublings.min(3);
        // Nobody needs more than two digits of a learning rate.
        let all = spaced(low, high, count + 2, 2);
        all[1..=count].to_vec()
    };
    let mut found = below.map_or_else(Vec::new, |below| inside(below, best));
    found.extend(above.into_iter().flat_map(|above| inside(best, above)));
    found
}

/// So many significant digits.
fn round(x: f64, digits: usize) -> f64 {
    format!("{x:.*e}", digits - 1).parse().unwrap_or(x)
}

#[cfg(test)]
mod tests {
    use super::{between, log_spaced};

    #[test]
    fn ratios_are_equal() {
        assert_eq!(log_spaced(1e-6, 1e0, 4), [1e-6, 1e-4, 1e-2, 1e0]);
        assert_eq!(log_spaced(1.0, 0.1, 3), [1.0, 0.32, 0.1]);
        assert_eq!(log_spaced(0.1, 0.3, 2), [0.1, 0.3]);
        assert_eq!(log_spaced(0.1, 0.3, 1), [0.1]);
        assert!(log_spaced(0.1, 0.3, 0).is_empty());
    }

    #[test]
    fn digits_tell_numbers_apart() {
        assert_eq!(log_spaced(16.0, 256.0, 5), [16.0, 32.0, 64.0, 128.0, 256.0]);
        assert_eq!(log_spaced(0.104, 0.11, 5), [0.104, 0.1055, 0.107, 0.1085, 0.11]);
        for (from, to) in [(0.994, 0.996), (0.126, 0.1264), (1.26, 9.0), (8e-5, 7.9999e-5)] {
            for count in 2..40 {
                let all = log_spaced(from, to, count);
                assert!(all.windows(2).all(|p| (p[0] < p[1]) == (from < to)), "{all:?}");
                assert!(all.iter().all(|x| (from.min(to)..=from.max(to)).contains(x)), "{all:?}");
            }
        }
    }

    #[test]
    fn gaps_beside_the_best_are_filled() {
        let guide = [1e-1, 1e-3, 1e-6];
        assert_eq!(between(&guide, 1e-3), [5.6e-6, 3.2e-5, 0.00018, 0.0032, 0.01, 0.032]);
        assert_eq!(between(&guide, 1e-1), [0.0032, 0.01, 0.032]);
        assert_eq!(between(&[0.1, 0.2, 0.05], 0.1), [0.0; 0]);
        assert_eq!(between(&[0.3, 0.1], 0.1), [0.17]);
    }
}

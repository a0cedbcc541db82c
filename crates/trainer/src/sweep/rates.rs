//! Numbers spread evenly on a logarithmic scale.

/// `count` numbers from `from` to `to`, both above 0, with equal ratios, in ascending or descending order
/// as these are.
#[must_use]
pub fn log_spaced(from: f64, to: f64, count: usize) -> Vec<f64> {
    let ratio = |i: usize| i as f64 / (count - 1) as f64;
    (0..count)
        .map(|i| match i {
            0 => from,
            i if i + 1 == count => to,
            i => round(from * (to / from).powf(ratio(i))),
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
        let all = log_spaced(low, high, count + 2);
        all[1..=count].to_vec()
    };
    let mut found = below.map_or_else(Vec::new, |below| inside(below, best));
    found.extend(above.into_iter().flat_map(|above| inside(best, above)));
    found
}

/// Two significant digits: nobody needs more of a learning rate.
fn round(x: f64) -> f64 {
    format!("{x:.1e}").parse().unwrap_or(x)
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
    fn gaps_beside_the_best_are_filled() {
        let guide = [1e-1, 1e-3, 1e-6];
        assert_eq!(between(&guide, 1e-3), [5.6e-6, 3.2e-5, 0.00018, 0.0032, 0.01, 0.032]);
        assert_eq!(between(&guide, 1e-1), [0.0032, 0.01, 0.032]);
        assert_eq!(between(&[0.1, 0.2, 0.05], 0.1), [0.0; 0]);
        assert_eq!(between(&[0.3, 0.1], 0.1), [0.17]);
    }
}

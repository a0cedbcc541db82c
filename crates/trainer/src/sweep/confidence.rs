//! Whether one candidate is better than another beyond noise: paired differences, group by group of the
//! rows and seed by seed.
//!
//! d_g = s_g(winner) − s_g(other), with the sign that makes better positive. The 95 % interval of the
//! mean is d̄ ± t · s / √n, where s is the standard deviation of the n differences and t the quantile of
//! Student's distribution with n − 1 degrees of freedom. Both candidates are scored on the same rows, so
//! what makes some rows hard for both cancels. Source: Student (1908), *The probable error of a mean*.

/// How much better the winner is than another candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// The other candidate.
    pub other: usize,
    /// By how much the winner's score is better, on average over groups of rows and over seeds.
    pub difference: f64,
    /// Half the width of its 95 % interval, for other rows and, where there are several seeds, for other
    /// seeds: the wider of both. NaN where too few rows are scored to tell.
    pub margin: f64,
}

impl Comparison {
    /// Whether the winner is better beyond noise: the interval lies above 0.
    #[must_use]
    pub fn clear(&self) -> bool {
        self.difference > self.margin
    }

    /// Compares scores by seed and group, of which `sign` times the greater is the better.
    pub(super) fn new(
        other: usize,
        (won, lost): (&[Vec<f64>], &[Vec<f64>]),
        sign: f64,
    ) -> Option<Self> {
        let seeds: Vec<Vec<f64>> = won
            .iter()
            .zip(lost)
            .map(|(a, b)| a.iter().zip(b).map(|(a, b)| sign * (a - b)).collect())
            .collect();
        let groups = seeds.first()?.len();
        // A score may not be defined in a group.
        let by_group = (0..groups).map(|g| mean(seeds.iter().map(|seed| seed[g])));
        let by_group: Vec<f64> = by_group.filter(|d| d.is_finite()).collect();
        let by_seed = seeds.iter().map(|seed| mean(seed.iter().copied().filter(|d| d.is_finite())));
        let by_seed: Vec<f64> = by_seed.collect();
        let of_rows = margin(&by_group).unwrap_or(f64::NAN);
        let margin = match margin(&by_seed) {
            Some(of_seeds) if of_seeds > of_rows => of_seeds,
            _ => of_rows,
        };
        Some(Self { other, difference: mean(by_group.into_iter()), margin })
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), x| (sum + x, count + 1.0));
    sum / count
}

/// Half the width of the 95 % interval of a mean; `None` for fewer than two numbers.
fn margin(values: &[f64]) -> Option<f64> {
    /// P(T ≤ t) = 0.975, for 1, 2 … degrees of freedom.
    const T: [f64; 19] = [
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
        2.145, 2.131, 2.120, 2.110, 2.101, 2.093,
    ];
    let n = values.len();
    let t = T.get(n.checked_sub(2)?.min(T.len() - 1))?;
    let middle = mean(values.iter().copied());
    let squares: f64 = values.iter().map(|x| (x - middle).powi(2)).sum();
    Some(t * (squares / (n - 1) as f64 / n as f64).sqrt())
}

#[cfg(test)]
mod tests {
    use super::Comparison;

    const REFERENCE: &str = include_str!("../../../../tests/reference/paired.json");

    #[test]
    fn the_interval_is_that_of_the_paired_t_test() {
        let reference: serde_json::Value = serde_json::from_str(REFERENCE).unwrap();
        for case in reference["cases"].as_array().unwrap() {
            let list = |name: &str| -> Vec<Vec<f64>> {
                vec![serde_json::from_value(case[name].clone()).unwrap()]
            };
            let found = Comparison::new(1, (&list("won"), &list("lost")), -1.0).unwrap();
            let [difference, margin] =
                ["difference", "margin"].map(|name| case[name].as_f64().unwrap());
            assert!((found.difference - difference).abs() < 1e-12, "{found:?}");
            // The quantiles have three decimals.
            assert!((found.margin / margin - 1.0).abs() < 3e-4, "{found:?} {margin}");
            let same = Comparison::new(1, (&list("won"), &list("won")), -1.0).unwrap();
            assert!(!same.clear(), "{same:?}");
        }
    }

    #[test]
    fn seeds_that_disagree_widen_it() {
        let won = vec![vec![0.3; 5], vec![0.5; 5]];
        let lost = vec![vec![0.4; 5], vec![0.5; 5]];
        let found = Comparison::new(0, (&won, &lost), -1.0).unwrap();
        assert!((found.difference - 0.05).abs() < 1e-12 && found.margin > 0.6, "{found:?}");
    }

    #[test]
    fn without_groups_nothing_is_clear() {
        let none = vec![Vec::new()];
        assert!(!Comparison::new(0, (&none, &none), 1.0).unwrap().clear());
    }
}

//! `Domain`: the targets a loss is defined for.

/// By how much so many shares may miss a sum of 1: each was perhaps rounded to two digits.
fn rounding(shares: usize) -> f64 {
    (0.005 * shares as f64).min(0.05) + 1e-4
}

/// The targets a loss is defined for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domain {
    /// Any number.
    Real,
    /// Numbers from 0 on.
    NonNegative,
    /// Numbers above −1.
    AboveMinusOne,
    /// Numbers from 0 to 1.
    Unit,
    /// Numbers that are 0 or 1.
    Binary,
    /// Numbers that are −1 or 1, or an index below 2, which stands for them.
    Signs,
    /// Columns of numbers from 0 to 1 that add up to 1, but for rounding to two digits, or a class
    /// index.
    Distribution,
}

impl Domain {
    /// What would have been in the domain, where these numbers of one column are not.
    #[must_use]
    pub fn refusal(self, column: &[f64]) -> Option<&'static str> {
        let all = |right: &dyn Fn(f64) -> bool| column.iter().all(|&t| right(t));
        let unit = |t: f64| (0.0..=1.0).contains(&t);
        let (inside, expected) = match self {
            Self::Real => (all(&f64::is_finite), "finite targets"),
            Self::NonNegative => (all(&|t| t.is_finite() && t >= 0.0), "targets of 0 or more"),
            Self::AboveMinusOne => (all(&|t| t.is_finite() && t > -1.0), "targets above -1"),
            Self::Unit => (all(&unit), "targets from 0 to 1"),
            Self::Binary => (all(&|t| t == 0.0 || t == 1.0), "targets that are 0 or 1"),
            Self::Signs => (all(&|t| t.abs() == 1.0), "targets that are -1 or 1"),
            Self::Distribution => {
                let off = (column.iter().sum::<f64>() - 1.0).abs();
                let sums = off < rounding(column.len());
                (all(&unit) && sums, "targets from 0 to 1 that add up to 1, but for rounding")
            }
        };
        (!inside).then_some(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::Domain;

    #[test]
    fn borders_belong_to_the_domain() {
        let cases: [(Domain, &[f64], &[f64]); 7] = [
            (Domain::Real, &[-1e9, 0.0], &[f64::INFINITY]),
            (Domain::NonNegative, &[0.0, 3.5], &[-1e-9]),
            (Domain::AboveMinusOne, &[-0.99, 0.0], &[-1.0]),
            (Domain::Unit, &[0.0, 0.3, 1.0], &[1.1]),
            (Domain::Binary, &[0.0, 1.0], &[0.5]),
            (Domain::Signs, &[-1.0, 1.0], &[0.0]),
            (Domain::Distribution, &[0.17, 0.17, 0.17, 0.17, 0.17, 0.17], &[0.5, 0.48]),
        ];
        for (domain, inside, outside) in cases {
            assert_eq!(domain.refusal(inside), None, "{domain:?}");
            let expected = domain.refusal(outside).unwrap();
            assert!(expected.contains("targets") && domain.refusal(&[f64::NAN]).is_some());
        }
    }
}

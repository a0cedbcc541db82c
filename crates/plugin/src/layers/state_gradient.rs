//! `StateGradient`: how much of the gradient reaches the state of a step.

/// The gradient at the state that a layer hands from one step to the next, at one step: sums of squares over units
/// and examples.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StateGradient {
    /// Of what the later steps contribute: ∂(their losses)/∂state.
    pub later: f64,
    /// Of all, with what the output of this step contributes.
    pub total: f64,
}

impl StateGradient {
    /// By how much the gradient has grown, or shrunk, on its way back through 0, 1, 2 … steps: 1 first, and
    /// from step to step times √(later / total of the step after).
    ///
    /// Where the loss is at the last step alone, this is the norm of the gradient at each time lag, over that at the
    /// end. Where there are losses at several steps, it tells what becomes of all of them together. Steps at the end
    /// to which no gradient comes are left out.
    pub fn by_lag(states: &[Self]) -> impl Iterator<Item = f64> {
        let first = states.iter().rposition(|state| state.total != 0.0).map_or(0, |last| last + 1);
        let mut after: Option<(f64, f64)> = None; // the total of the step after, and the product there
        states[..first].iter().rev().map(move |state| {
            let product = match after {
                None => 1.0,
                Some((total, product)) if total != 0.0 => product * (state.later / total).sqrt(),
                Some(_) => 0.0,
            };
            after = Some((state.total, product));
            product
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gradient_is_followed_from_the_last_step_that_has_one() {
        let at = |later, total| StateGradient { later, total };
        let lags = |states: &[StateGradient]| StateGradient::by_lag(states).collect::<Vec<_>>();
        assert!(lags(&[]).is_empty());
        assert!(lags(&[at(0.0, 0.0); 3]).is_empty());
        let end = [at(0.25, 0.25), at(1.0, 1.0), at(0.0, 4.0), at(0.0, 0.0)];
        assert_eq!(lags(&end), [1.0, 0.5, 0.25]);
        // A loss of its own adds to what arrives at a step, and that fades together.
        assert_eq!(lags(&[at(4.0, 4.0), at(1.0, 16.0), at(0.0, 4.0)]), [1.0, 0.5, 0.25]);
        assert_eq!(lags(&[at(0.0, 0.0), at(0.0, 0.0), at(0.0, 4.0)]), [1.0, 0.0, 0.0]);
        let lost = lags(&[at(f64::NAN, f64::NAN), at(f64::NAN, f64::NAN), at(0.0, 4.0)]);
        assert!(lost[0] == 1.0 && lost[1..].iter().all(|lag| lag.is_nan()), "{lost:?}");
    }
}

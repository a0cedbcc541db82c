//! The gradient check: curvature is no kink, an error is not excused by one, and objectives agree.

use tanren_plugin::{Ask, Evaluation, Layout, Objective, Offers};
use tanren_testkit::gradient::{Verdict, check, coordinate};
use tanren_testkit::{Problem, objective};

fn one(f: impl Fn(f64) -> f64, x: f64, slope: f64, smooth: bool) -> Result<Verdict, &'static str> {
    coordinate(&mut |x| f(x), x, slope, slope.abs(), smooth).map_err(|failure| failure.rule)
}

#[test]
fn strong_curvature_is_no_kink() {
    for k in [1.0_f64, 100.0, 1e4] {
        for x in [-1.0, -0.3, 0.0, 0.2] {
            let slope = (k * x).exp().min(1e300) * k;
            if slope < 1e3 {
                assert_eq!(one(|x| (k * x).exp(), x, slope, true), Ok(Verdict::Agrees), "{k} {x}");
            }
            assert_eq!(one(|x| k * x * x, x, 2.0 * k * x, true), Ok(Verdict::Agrees), "{k} {x}");
        }
    }
}

/// Kinks of every size, at every distance up to ε, also at ε/3, where one halving is deceived.
#[test]
fn every_kink_within_the_step_is_seen() {
    for jump in [0.01, 1.0, 50.0] {
        for c in [0.0, 1e-9, 1e-7, 1e-6, 2e-6, 1e-5 / 3.0, 4e-6, 5e-6, 7e-6, 9e-6] {
            for side in [-1.0, 1.0] {
                let f = |x: f64| 0.3 * x + x * x + jump * (side * x - c).max(0.0);
                assert_eq!(one(f, 0.0, 0.3, false), Ok(Verdict::Kink), "jump {jump} at {c}");
                if jump * (1.0 - c / 1e-5) > 2e-3 {
                    assert_eq!(one(f, 0.0, 0.3, true), Err("smooth"), "jump {jump} at {c}");
                }
            }
        }
    }
}

#[test]
fn a_kink_where_the_central_difference_is_right_is_still_seen() {
    assert_eq!(one(f64::abs, 0.0, 0.0, true), Err("smooth"));
    assert_eq!(one(f64::abs, 0.0, 0.0, false), Ok(Verdict::Agrees));
    assert_eq!(one(f64::abs, 0.0, 0.7, false), Ok(Verdict::Kink)); // a subgradient
}

#[test]
fn a_kink_excuses_no_error_beyond_it() {
    for wrong in [-1.01, 1.01, 3.0, f64::NAN] {
        assert_eq!(one(f64::abs, 0.0, wrong, false), Err("gradient"), "{wrong}");
    }
    // An error of 1e-3 beside a kink of jump 1e-4, one of 1 on a parabola.
    assert_eq!(one(|x| x + 1e-4 * x.max(0.0), 0.0, 1.001, false), Err("gradient"));
    assert_eq!(one(|x| 1e4 * x * x, 0.0, 1.0, false), Err("gradient"));
    assert_eq!(one(|x| 1e4 * x * x, 0.0, 1.0, true), Err("gradient"));
}

/// Softsign has a continuous derivative and a jump in the second one; the central difference is off
/// by ε there, which must not be held against it, and must not hide an error of that size.
#[test]
fn a_jump_of_the_second_derivative_is_told_from_an_error() {
    let softsign = |x: f64| x / (1.0 + x.abs());
    assert_eq!(one(softsign, 0.0, 1.0, true), Ok(Verdict::Agrees));
    assert_eq!(one(softsign, 0.0, 1.00004, true), Err("gradient"));
    let elu = |x: f64| if x > 0.0 { x } else { x.exp_m1() };
    assert_eq!(one(elu, 0.0, 1.0, true), Ok(Verdict::Agrees));
    assert_eq!(one(elu, 0.0, 0.9999, true), Err("gradient"));
}

#[test]
fn small_errors_are_found() {
    let f = |x: f64| x.sin();
    assert!(one(f, 0.5, 0.5f64.cos(), true).is_ok());
    assert_eq!(one(f, 0.5, 0.5f64.cos() * (1.0 + 3e-6), true), Err("gradient"));
}

#[test]
fn at_most_two_percent_are_kinks() {
    let mut f = |x: &[f64]| x.iter().map(|x| x.max(0.0)).sum();
    let at = |kinks: usize| (0..100).map(|i| if i < kinks { 0.0 } else { 1.0 }).collect::<Vec<_>>();
    let report = check(&mut f, &at(2), &[1.0; 100], false).unwrap();
    assert_eq!((report.kinks, report.coordinates), (vec![0, 1], 100));
    assert_eq!(check(&mut f, &at(3), &[1.0; 100], false).unwrap_err().rule, "kinks");
}

#[test]
fn problems_have_the_gradients_and_minima_they_say() {
    for mut problem in Problem::all(5) {
        let start = problem.start();
        objective(&mut problem, &start, true);
        let best = problem.minimizer();
        assert!(problem.gradient(&best).iter().all(|g| g.abs() < 1e-12));
        for i in 0..5 {
            for by in [-1e-3, 1e-3] {
                let mut near = best.clone();
                near[i] += by;
                assert!(problem.value(&near) > problem.minimum());
            }
        }
    }
}

/// A problem that forgets one derivative, or answers differently when asked again.
struct Spoiled {
    problem: Problem,
    forgets: bool,
    calls: u32,
}

impl Objective<f64> for Spoiled {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }
    fn layout(&self) -> &Layout {
        Objective::<f64>::layout(&self.problem)
    }
    fn evaluate(&mut self, parameters: &[f64], ask: Ask<'_, f64>) -> Evaluation {
        self.calls += 1;
        if let Some(out) = ask.gradient {
            let written = out.len() - usize::from(self.forgets);
            let g = self.problem.gradient(parameters);
            out[..written].copy_from_slice(&g[..written]);
        }
        let drift = if self.forgets { 0.0 } else { f64::from(self.calls) };
        Evaluation { loss: Some(self.problem.value(parameters) + drift), penalty: None }
    }
}

#[test]
fn spoiled_objectives_are_caught() {
    for (forgets, rule) in [(true, "written-whole"), (false, "repeatable")] {
        let mut spoiled = Spoiled { problem: Problem::sphere(3), forgets, calls: 0 };
        let failure =
            tanren_testkit::gradient::objective(&mut spoiled, &[0.1, 0.2, 0.3], true).unwrap_err();
        assert_eq!(failure.rule, rule);
    }
}

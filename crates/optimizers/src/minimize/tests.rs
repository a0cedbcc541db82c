//! How minimisations end, and what they say about it.

use super::{Ending, Minimizer};
use crate::{
    Backtracking, ConjugateGradient, HagerZhang, Lbfgs, LearningRate, Steepest, StrongWolfe,
};
use std::fmt::Write as _;
use tanren_tensor::nalgebra::DVector;

/// ½ Σ i (xᵢ − 1)², which counts its calls.
fn bowl<'a>(calls: &'a mut usize) -> impl FnMut(&DVector<f64>, &mut DVector<f64>) -> f64 + 'a {
    |x, gradient| {
        *calls += 1;
        let mut value = 0.0;
        for i in 0..x.len() {
            let (curvature, away) = ((i + 1) as f64, x[i] - 1.0);
            gradient[i] = curvature * away;
            value += 0.5 * curvature * away * away;
        }
        value
    }
}

#[test]
fn evaluations_are_calls() {
    for minimizer in [
        Minimizer::new(),
        Minimizer::new().search(HagerZhang::default()),
        Minimizer::new().search(Backtracking::default()),
        Minimizer::new().direction(ConjugateGradient::default()),
        Minimizer::new().direction(Steepest {}).search(LearningRate::constant(0.2)),
    ] {
        let mut calls = 0;
        let found = minimizer.minimize(vec![-1.0; 6], bowl(&mut calls));
        assert!(found.converged(), "{found}");
        assert_eq!(found.evaluations, calls);
        assert!(found.gradient.amax() <= 1e-5 && found.point.add_scalar(-1.0).amax() <= 1e-5);
    }
}

#[test]
fn a_gradient_by_differences_leads_to_the_same_minimum() {
    let mut calls = 0;
    let found = Minimizer::new().minimize_by_differences(vec![-1.0; 6], |x| {
        calls += 1;
        bowl(&mut 0)(x, &mut DVector::zeros(6))
    });
    assert!(found.converged() && found.point.add_scalar(-1.0).amax() <= 1e-5, "{found}");
    assert_eq!(found.evaluations, calls);
}

#[test]
fn the_minimum_itself_takes_no_step() {
    let mut calls = 0;
    let found = Minimizer::new().minimize(vec![1.0; 3], bowl(&mut calls));
    assert_eq!((found.steps, found.evaluations, found.ending), (0, 1, Ending::Converged));
    let nothing = Minimizer::new().minimize(Vec::new(), |_, _| 7.0);
    assert_eq!((nothing.value, nothing.ending), (7.0, Ending::Converged));
}

#[test]
fn limits_are_kept() {
    let mut calls = 0;
    let short = Minimizer::new().tolerance(0.0).steps(3);
    let found = short.minimize(vec![-1.0; 6], bowl(&mut calls));
    assert_eq!((found.steps, found.ending), (3, Ending::StepLimit));
    let few = Minimizer::new().tolerance(1e-12).evaluations(5);
    let found = few.minimize(vec![-1.0; 6], bowl(&mut calls));
    assert_eq!(found.ending, Ending::EvaluationLimit);
    assert!((5..50).contains(&found.evaluations));
}

#[test]
fn what_is_no_number_ends_it() {
    let found = Minimizer::new().minimize(vec![f64::NAN, 1.0], bowl(&mut 0));
    assert_eq!(found.ending, Ending::NotFinite);
    let slope = Minimizer::new().minimize(vec![1.0], |_, gradient| {
        gradient[0] = f64::INFINITY;
        0.0
    });
    assert_eq!(slope.ending, Ending::NotFinite);
    // A wall behind which there is no value is searched up to.
    let wall = Minimizer::new().minimize(vec![3.0], |x, gradient| {
        gradient[0] = 1.0 - 1.0 / x[0];
        x[0] - x[0].ln()
    });
    assert!(wall.converged() && (wall.point[0] - 1.0).abs() < 1e-4, "{wall}");
}

/// A gradient of the wrong sign, a kink, noise: there is an end, and advice.
#[test]
fn what_leads_nowhere_is_told() {
    let wrong = Minimizer::new().minimize(vec![2.0], |x, gradient| {
        gradient[0] = -2.0 * x[0];
        x[0] * x[0]
    });
    let kink = Minimizer::new().minimize(vec![1.0, 1.0], |x, gradient| {
        gradient.copy_from(&x.map(f64::signum));
        x.abs().sum()
    });
    let mut calls = 0.0_f64;
    let noise = Minimizer::new().tolerance(1e-12).minimize(vec![1.0], |x, gradient| {
        calls += 1.0;
        gradient[0] = x[0] + 1e-3 * (7.0 * calls).sin();
        0.5 * x[0] * x[0] + 1e-3 * (5.0 * calls).sin()
    });
    for found in [wrong, kink, noise] {
        let mut said = String::new();
        write!(said, "{found}").unwrap();
        let advice = found.ending.advice().expect(&said);
        assert!(!found.converged() && said.contains(advice), "{said}");
        assert!(found.evaluations < 2000, "{said}");
    }
    let endless = Minimizer::new().steps(50).minimize(vec![1.0], |x, gradient| {
        gradient[0] = -1.0;
        -x[0]
    });
    assert!(!endless.converged(), "{endless}");
}

#[test]
fn what_does_not_fit_is_refused_before_anything_is_evaluated() {
    let wrong = [
        Minimizer::new().direction(Lbfgs { memory: 0, ..Lbfgs::default() }),
        Minimizer::new().search(StrongWolfe { decrease: 2.0, ..StrongWolfe::default() }),
    ];
    for (minimizer, setting) in wrong.iter().zip(["direction.memory", "search.decrease"]) {
        let found = minimizer.minimize(vec![1.0, 2.0], |_, _| panic!("evaluated"));
        assert_eq!(found.ending, Ending::Refused);
        assert!(found.to_string().contains("Minimizer::check"), "{found}");
        assert_eq!(minimizer.check(2).unwrap_err().setting, setting);
    }
}

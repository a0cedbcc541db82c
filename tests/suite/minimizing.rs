//! Whole optimisers on standard functions, beside SciPy (`tests/reference/minimizing.py`).

mod runs;

use runs::{Case, both, count, evaluations, minimizer, reference};
use serde::Deserialize;
use tanren::optimizers::{
    Backtracking, Beta, ConjugateGradient, HagerZhang, Lbfgs, Minimizer, Steepest, StrongWolfe,
};
use tanren::plugin::{Plugin, Search};
use tanren_testkit::functions::{Function, collection, others};
use tanren_testkit::golden;

/// A function at its standard start.
#[derive(Deserialize)]
struct Place {
    name: String,
    start: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
}

#[test]
fn functions_are_those_of_the_reference() {
    let places = reference::<Place>();
    for (functions, cases) in [(collection(), places.collection), (others(), places.others)] {
        assert_eq!(functions.len(), cases.len());
        for (function, case) in functions.iter().zip(cases) {
            assert_eq!((function.name, &function.start), (&*case.name, &case.start));
            let mut gradient = vec![f64::NAN; case.start.len()];
            let value = function.at(&case.start, Some(&mut gradient));
            let scale = case.gradient.iter().fold(1.0, |most: f64, g| most.max(g.abs()));
            golden(&[value], &[case.value], 1e-11);
            let relative = |g: &[f64]| -> Vec<f64> { g.iter().map(|g| g / scale).collect() };
            golden(&relative(&gradient), &relative(&case.gradient), 1e-11);
        }
    }
}

/// L-BFGS solves every function from every start, with hardly more evaluations than SciPy.
#[test]
fn l_bfgs_solves_all() {
    let searches: [Plugin<dyn Search>; 2] =
        [StrongWolfe::default().into(), HagerZhang::default().into()];
    for search in searches {
        let minimizer = minimizer(Lbfgs::default(), search);
        let (mut ours, mut theirs) = (0, 0);
        for (function, case) in others().iter().zip(reference::<Case>().others) {
            let found = evaluations(&minimizer, function);
            assert_eq!(count(&found), 21, "{} with {:?}", function.name, minimizer.search);
            let (a, b) = both(found.iter().zip(&case.l_bfgs_b));
            (ours, theirs) = (ours + a, theirs + b);
        }
        assert!(5 * ours <= 6 * theirs, "{ours} evaluations, SciPy {theirs}");
    }
}

/// Conjugate gradients of every formula solve all but the two functions that take too long; steepest
/// descent those that are well conditioned.
#[test]
fn others_solve_what_they_can() {
    let betas = [
        Beta::PolakRibiere,
        Beta::FletcherReeves,
        Beta::HestenesStiefel,
        Beta::DaiYuan,
        Beta::HagerZhang,
    ];
    let solved =
        |minimizer: &Minimizer, function: &Function| count(&evaluations(minimizer, function)) == 21;
    for beta in betas {
        let minimizer = minimizer(ConjugateGradient::new(beta), StrongWolfe::default());
        for function in others() {
            let long = ["rosenbrock-1000", "quadratic-1e6"].contains(&function.name);
            assert!(long || solved(&minimizer, &function), "{} with {beta:?}", function.name);
        }
    }
    let steepest = minimizer(Steepest {}, Backtracking::default());
    let easy = ["booth", "himmelblau", "quadratic-1e2", "rastrigin", "logistic-regression"];
    for function in others().iter().filter(|function| easy.contains(&function.name)) {
        assert!(solved(&steepest, function), "{}", function.name);
    }
}

/// The wider collection: at least as many runs solved as SciPy solves.
#[test]
fn the_collection_is_solved_as_often_as_by_scipy() {
    let lbfgs = minimizer(Lbfgs::default(), StrongWolfe::default());
    let conjugate = minimizer(ConjugateGradient::default(), StrongWolfe::default());
    let (mut ours, mut theirs) = ([0; 2], [0; 2]);
    for (function, case) in collection().iter().zip(reference::<Case>().collection) {
        for (k, (minimizer, scipy)) in
            [(&lbfgs, &case.l_bfgs_b), (&conjugate, &case.cg)].into_iter().enumerate()
        {
            ours[k] += count(&evaluations(minimizer, function));
            theirs[k] += count(scipy);
        }
    }
    assert!(ours[0] >= theirs[0] && ours[1] >= theirs[1], "{ours:?} runs, SciPy {theirs:?}");
}

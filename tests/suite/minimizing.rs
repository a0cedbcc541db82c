//! Whole optimisers on standard functions, beside SciPy (`tests/reference/minimizing.py`).

use serde::Deserialize;
use tanren::optimizers::{
    Backtracking, Beta, ConjugateGradient, HagerZhang, Lbfgs, Minimizer, Minimum, Steepest,
    StrongWolfe,
};
use tanren::plugin::{Direction, Plugin, Search};
use tanren::tensor::nalgebra::DVector;
use tanren_testkit::functions::{Function, collection, others, scattered};
use tanren_testkit::golden;

/// A run has to solve its function within so many evaluations.
const EVALUATIONS: usize = 10_000;
/// It does where no number of the gradient is larger.
const TOLERANCE: f64 = 1e-5;

#[derive(Deserialize)]
struct Reference {
    collection: Vec<Case>,
    others: Vec<Case>,
}

/// Evaluations by start; none where the function was not solved.
#[derive(Deserialize)]
struct Case {
    name: String,
    start: Vec<f64>,
    value: f64,
    gradient: Vec<f64>,
    l_bfgs_b: Vec<Option<usize>>,
    cg: Vec<Option<usize>>,
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../reference/minimizing.json")).unwrap()
}

/// The standard start, and twenty scattered about it.
fn starts(standard: &[f64]) -> impl Iterator<Item = DVector<f64>> {
    (0..21).map(|k| {
        let away = |i: usize| if k == 0 { 0.0 } else { scattered(k, i as u32) };
        let moved = |(i, x): (usize, &f64)| x + (1.0 + x.abs()) / 2.0 * away(i);
        DVector::from_iterator(standard.len(), standard.iter().enumerate().map(moved))
    })
}

fn minimizer(
    direction: impl Into<Plugin<dyn Direction>>,
    search: impl Into<Plugin<dyn Search>>,
) -> Minimizer {
    Minimizer::new()
        .direction(direction)
        .search(search)
        .tolerance(TOLERANCE)
        .steps(EVALUATIONS)
        .evaluations(EVALUATIONS)
}

fn run(minimizer: &Minimizer, function: &Function, start: DVector<f64>) -> Minimum {
    minimizer
        .minimize(start, |x, gradient| function.at(x.as_slice(), Some(gradient.as_mut_slice())))
}

/// Evaluations by start; none where the function was not solved.
fn evaluations(minimizer: &Minimizer, function: &Function) -> Vec<Option<usize>> {
    let solved = |found: Minimum| {
        let within = found.evaluations <= EVALUATIONS;
        (found.converged() && within).then_some(found.evaluations)
    };
    starts(&function.start).map(|start| solved(run(minimizer, function, start))).collect()
}

#[test]
fn functions_are_those_of_the_reference() {
    let Reference { collection: cases, others: more } = reference();
    for (functions, cases) in [(collection(), cases), (others(), more)] {
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

fn count(evaluations: &[Option<usize>]) -> usize {
    evaluations.iter().flatten().count()
}

/// Sums of the evaluations of the runs that both solve.
fn both<'a>(
    pairs: impl IntoIterator<Item = (&'a Option<usize>, &'a Option<usize>)>,
) -> (usize, usize) {
    let solved = pairs.into_iter().filter_map(|(ours, theirs)| (*ours).zip(*theirs));
    solved.fold((0, 0), |(a, b), (ours, theirs)| (a + ours, b + theirs))
}

/// L-BFGS solves every function from every start, with hardly more evaluations than SciPy.
#[test]
fn l_bfgs_solves_all() {
    let searches: [Plugin<dyn Search>; 2] =
        [StrongWolfe::default().into(), HagerZhang::default().into()];
    for search in searches {
        let minimizer = minimizer(Lbfgs::default(), search);
        let (mut ours, mut theirs) = (0, 0);
        for (function, case) in others().iter().zip(reference().others) {
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
    for (function, case) in collection().iter().zip(reference().collection) {
        for (k, (minimizer, scipy)) in
            [(&lbfgs, &case.l_bfgs_b), (&conjugate, &case.cg)].into_iter().enumerate()
        {
            ours[k] += count(&evaluations(minimizer, function));
            theirs[k] += count(scipy);
        }
    }
    assert!(ours[0] >= theirs[0] && ours[1] >= theirs[1], "{ours:?} runs, SciPy {theirs:?}");
}

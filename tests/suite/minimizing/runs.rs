//! The runs that are compared with SciPy's: the starts, when one is solved, what SciPy needed.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tanren::optimizers::{Minimizer, Minimum};
use tanren::plugin::{Direction, Plugin, Search};
use tanren::tensor::nalgebra::DVector;
use tanren_testkit::functions::{Function, scattered};

/// A run has to solve its function within so many evaluations.
const EVALUATIONS: usize = 10_000;
/// It does where no number of the gradient is larger.
const TOLERANCE: f64 = 1e-5;

/// What `tests/reference/minimizing.py` wrote: something for each function of both lists.
#[derive(Deserialize)]
pub(crate) struct Reference<C> {
    pub(crate) collection: Vec<C>,
    pub(crate) others: Vec<C>,
}

/// By start; none where the function was not solved.
pub(crate) type Evaluations = Vec<Option<usize>>;

/// What SciPy needed.
#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) l_bfgs_b: Evaluations,
    pub(crate) cg: Evaluations,
}

pub(crate) fn reference<C: DeserializeOwned>() -> Reference<C> {
    serde_json::from_str(include_str!("../../reference/minimizing.json")).unwrap()
}

/// The standard start, and twenty scattered about it.
fn starts(standard: &[f64]) -> impl Iterator<Item = DVector<f64>> {
    (0..21).map(|k| {
        let away = |i: usize| if k == 0 { 0.0 } else { scattered(k, i as u32) };
        let moved = |(i, x): (usize, &f64)| x + (1.0 + x.abs()) / 2.0 * away(i);
        DVector::from_iterator(standard.len(), standard.iter().enumerate().map(moved))
    })
}

pub(crate) fn minimizer(
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

/// What the minimizer needs for each run of a function.
pub(crate) fn evaluations(minimizer: &Minimizer, function: &Function) -> Evaluations {
    let solved = |found: Minimum| {
        let within = found.evaluations <= EVALUATIONS;
        (found.converged() && within).then_some(found.evaluations)
    };
    starts(&function.start).map(|start| solved(run(minimizer, function, start))).collect()
}

/// Runs that are solved.
pub(crate) fn count(evaluations: &[Option<usize>]) -> usize {
    evaluations.iter().flatten().count()
}

/// Sums of the evaluations of the runs that both solve.
pub(crate) fn both<'a>(
    pairs: impl IntoIterator<Item = (&'a Option<usize>, &'a Option<usize>)>,
) -> (usize, usize) {
    let solved = pairs.into_iter().filter_map(|(ours, theirs)| (*ours).zip(*theirs));
    solved.fold((0, 0), |(a, b), (ours, theirs)| (a + ours, b + theirs))
}

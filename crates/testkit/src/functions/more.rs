//! Further functions that optimisers are usually tried on, convex ones and small models among them.
//!
//! Rosenbrock's is chained, f(x) = Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²; Booth's and Himmelblau's (1972),
//! *Applied nonlinear programming*; Rastrigin (1974), from a point in the valley of its least minimum.

use super::collection::{beale, brown_badly_scaled, extended_powell, wood};
use super::tape::Var;
use super::{Function, Residuals};
use std::f64::consts::PI;

/// Examples of the logistic regression.
const ROWS: u32 = 60;
/// Units of the network's hidden layer.
const HIDDEN: usize = 4;
/// Points that the network fits.
const POINTS: u32 = 21;

/// Twelve kinds of functions, some of them in several sizes.
#[must_use]
pub fn others() -> Vec<Function> {
    let alternating = |n: usize| [-1.2, 1.0].repeat(n / 2);
    let squares: [(&str, Vec<f64>, Residuals); 13] = [
        ("rosenbrock-2", alternating(2), chained_rosenbrock),
        ("rosenbrock-10", alternating(10), chained_rosenbrock),
        ("rosenbrock-100", alternating(100), chained_rosenbrock),
        ("rosenbrock-1000", alternating(1000), chained_rosenbrock),
        ("beale", vec![1.0, 1.0], beale),
        ("booth", vec![0.0, 0.0], booth),
        ("himmelblau", vec![0.0, 0.0], himmelblau),
        ("powell", vec![3.0, -1.0, 0.0, 1.0], extended_powell),
        ("wood", vec![-3.0, -1.0, -3.0, -1.0], wood),
        ("brown", vec![1.0, 1.0], brown_badly_scaled),
        ("quadratic-1e2", vec![-1.0; 50], quadratic_1e2),
        ("quadratic-1e6", vec![-1.0; 50], quadratic_1e6),
        ("network", weights(3 * HIDDEN as u32 + 1), network),
    ];
    let squares = squares.map(|(name, start, form)| Function::squares(name, start, form));
    let rastrigin = Function::plain("rastrigin", vec![0.2; 5], rastrigin);
    let logistic = Function::plain("logistic-regression", vec![0.0; 6], logistic);
    squares.into_iter().chain([rastrigin, logistic]).collect()
}

/// Numbers from −0.5 to 0.5 that look random: the same as in the script of the reference.
#[must_use]
pub fn scattered(k: u32, i: u32) -> f64 {
    (f64::from((7919 * (k + 1) * (i + 3) + 31 * i) % 1009) - 504.0) / 1008.0
}

fn weights(n: u32) -> Vec<f64> {
    (0..n).map(|i| scattered(99, i)).collect()
}

fn chained_rosenbrock<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    x.windows(2).flat_map(|x| [10.0 * (x[1] - x[0].square()), 1.0 - x[0]]).collect()
}

fn booth<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    vec![x[0] + 2.0 * x[1] - 7.0, 2.0 * x[0] + x[1] - 5.0]
}

fn himmelblau<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    vec![x[0].square() + x[1] - 11.0, x[0] + x[1].square() - 7.0]
}

/// ½ Σ λᵢ (xᵢ − 1)², with curvatures from 1 to `condition` in geometric steps.
fn quadratic<'t>(x: &[Var<'t>], condition: f64) -> Vec<Var<'t>> {
    let last = (x.len() - 1) as f64;
    let root = |i: usize| (condition.powf(i as f64 / last) / 2.0).sqrt();
    x.iter().enumerate().map(|(i, &x)| root(i) * (x - 1.0)).collect()
}

fn quadratic_1e2<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    quadratic(x, 1e2)
}

fn quadratic_1e6<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    quadratic(x, 1e6)
}

fn rastrigin<'t>(x: &[Var<'t>]) -> Var<'t> {
    let terms = x.iter().map(|&x| x.square() - 10.0 * (2.0 * PI * x).cos() + 10.0);
    terms.reduce(|a, b| a + b).unwrap_or(x[0])
}

/// Mean of ln(1 + e^(−y wᵀz)) over examples z with labels y of ±1, and 1e-3/2 |w|²; the last weight is
/// the bias.
fn logistic<'t>(w: &[Var<'t>]) -> Var<'t> {
    let features = w.len() - 1;
    let example = |row: u32| {
        let z = |i: usize| 4.0 * scattered(row, i as u32);
        let y = if z(0) - 0.5 * z(1) + scattered(row, 90) > 0.0 { 1.0 } else { -1.0 };
        let margin = (0..features).map(|i| w[i] * z(i)).fold(w[features], |a, b| a + b);
        (-y * margin).softplus() * (1.0 / f64::from(ROWS))
    };
    let penalty = w.iter().map(|w| w.square() * 0.5e-3);
    (0..ROWS).map(example).chain(penalty).reduce(|a, b| a + b).unwrap_or(w[0])
}

/// Σ aₖ tanh(bₖ t + cₖ) + d, fitted to sin 3t with a small penalty.
fn network<'t>(w: &[Var<'t>]) -> Vec<Var<'t>> {
    let at = |i: u32| {
        let t = f64::from(i) / 10.0 - 1.0;
        let unit = |k: usize| w[3 * k] * (w[3 * k + 1] * t + w[3 * k + 2]).tanh();
        let output = (0..HIDDEN).map(unit).fold(w[3 * HIDDEN], |a, b| a + b);
        output - (3.0 * t).sin()
    };
    let penalty = w.iter().map(|&w| w * 1e-2);
    (0..POINTS).map(at).chain(penalty).collect()
}

//! The thirty-five functions of Moré, Garbow and Hillstrom, in the order of their page.

use super::data::{BARD, GAUSSIAN, KOWALIK_OSBORNE, MEYER, OSBORNE_1, OSBORNE_2};
use super::tape::{Var, sum};
use super::{Function, Residuals};
use std::f64::consts::PI;

/// All of them; those of any size with the sizes that are usual.
#[must_use]
pub fn collection() -> Vec<Function> {
    let fixed: [(&str, &[f64], Residuals); 20] = [
        ("rosenbrock", &[-1.2, 1.0], extended_rosenbrock),
        ("freudenstein-roth", &[0.5, -2.0], freudenstein_roth),
        ("powell-badly-scaled", &[0.0, 1.0], powell_badly_scaled),
        ("brown-badly-scaled", &[1.0, 1.0], brown_badly_scaled),
        ("beale", &[1.0, 1.0], beale),
        ("jennrich-sampson", &[0.3, 0.4], jennrich_sampson),
        ("helical-valley", &[-1.0, 0.0, 0.0], helical_valley),
        ("bard", &[1.0, 1.0, 1.0], bard),
        ("gaussian", &[0.4, 1.0, 0.0], gaussian),
        ("meyer", &[0.02, 4000.0, 250.0], meyer),
        ("gulf", &[5.0, 2.5, 0.15], gulf),
        ("box", &[0.0, 10.0, 20.0], box_3d),
        ("powell-singular", &[3.0, -1.0, 0.0, 1.0], extended_powell),
        ("wood", &[-3.0, -1.0, -3.0, -1.0], wood),
        ("kowalik-osborne", &[0.25, 0.39, 0.415, 0.39], kowalik_osborne),
        ("brown-dennis", &[25.0, 5.0, -5.0, -1.0], brown_dennis),
        ("osborne-1", &[0.5, 1.5, -1.0, 0.01, 0.02], osborne_1),
        ("biggs", &[1.0, 2.0, 1.0, 1.0, 1.0, 1.0], biggs),
        ("osborne-2", &[1.3, 0.65, 0.65, 0.7, 0.6, 3.0, 5.0, 7.0, 2.0, 4.5, 5.5], osborne_2),
        ("watson", &[0.0; 9], watson),
    ];
    let grid = |n: usize, at: fn(f64, f64) -> f64| -> Vec<f64> {
        (1..=n).map(|j| at(j as f64, n as f64)).collect()
    };
    let boundary = |j: f64, n: f64| (j / (n + 1.0)) * (j / (n + 1.0) - 1.0);
    let sized: [(&str, Vec<f64>, Residuals); 15] = [
        ("extended-rosenbrock", [-1.2, 1.0].repeat(10), extended_rosenbrock),
        ("extended-powell", [3.0, -1.0, 0.0, 1.0].repeat(5), extended_powell),
        ("penalty-1", grid(10, |j, _| j), penalty_1),
        ("penalty-2", vec![0.5; 10], penalty_2),
        ("variably-dimensioned", grid(10, |j, n| 1.0 - j / n), variably_dimensioned),
        ("trigonometric", grid(10, |_, n| 1.0 / n), trigonometric),
        ("brown-almost-linear", vec![0.5; 10], brown_almost_linear),
        ("discrete-boundary-value", grid(10, boundary), discrete_boundary_value),
        ("discrete-integral", grid(10, boundary), discrete_integral),
        ("broyden-tridiagonal", vec![-1.0; 10], broyden_tridiagonal),
        ("broyden-banded", vec![-1.0; 10], broyden_banded),
        ("linear-full-rank", vec![1.0; 10], linear_full_rank),
        ("linear-rank-1", vec![1.0; 10], linear_rank_1),
        ("linear-rank-1-zeros", vec![1.0; 10], linear_rank_1_zeros),
        ("chebyquad", grid(8, |j, n| j / (n + 1.0)), chebyquad),
    ];
    let fixed = fixed.map(|(name, start, form)| Function::squares(name, start.to_vec(), form));
    let sized = sized.map(|(name, start, form)| Function::squares(name, start, form));
    fixed.into_iter().chain(sized).collect()
}

/// 1 and 21.
pub(super) fn extended_rosenbrock<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    x.chunks_exact(2).flat_map(|x| [10.0 * (x[1] - x[0].square()), 1.0 - x[0]]).collect()
}

fn freudenstein_roth<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let y = x[1];
    vec![x[0] + ((5.0 - y) * y - 2.0) * y - 13.0, x[0] + ((y + 1.0) * y - 14.0) * y - 29.0]
}

fn powell_badly_scaled<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    vec![1e4 * x[0] * x[1] - 1.0, (-x[0]).exp() + (-x[1]).exp() - 1.0001]
}

pub(super) fn brown_badly_scaled<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    vec![x[0] - 1e6, x[1] - 2e-6, x[0] * x[1] - 2.0]
}

pub(super) fn beale<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let y = [1.5, 2.25, 2.625].into_iter().zip(1..);
    y.map(|(y, i)| y - x[0] * (1.0 - x[1].powi(i))).collect()
}

fn jennrich_sampson<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let at = |i: u32| f64::from(i);
    (1..=10).map(|i| 2.0 + 2.0 * at(i) - ((at(i) * x[0]).exp() + (at(i) * x[1]).exp())).collect()
}

fn helical_valley<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let turn = (x[1] / x[0]).atan() * (0.5 / PI);
    let theta = if x[0].value > 0.0 { turn } else { turn + 0.5 };
    let radius = (x[0].square() + x[1].square()).sqrt();
    vec![10.0 * (x[2] - 10.0 * theta), 10.0 * (radius - 1.0), x[2]]
}

fn bard<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |(u, y): (u32, f64)| {
        let (u, v) = (f64::from(u), 16.0 - f64::from(u));
        y - (x[0] + u / (v * x[1] + u.min(v) * x[2]))
    };
    (1..).zip(BARD).map(term).collect()
}

fn gaussian<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let y = GAUSSIAN.into_iter().chain(GAUSSIAN.into_iter().rev().skip(1));
    let term = |(i, y): (u32, f64)| {
        let t = (8.0 - f64::from(i)) / 2.0;
        x[0] * (x[1] * (t - x[2]).square() * -0.5).exp() - y
    };
    (1..).zip(y).map(term).collect()
}

fn meyer<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |(i, y): (u32, f64)| x[0] * (x[1] / (x[2] + (45.0 + 5.0 * f64::from(i)))).exp() - y;
    (1..).zip(MEYER).map(term).collect()
}

fn gulf<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |i: u32| {
        let t = f64::from(i) / 100.0;
        let y = 25.0 + (-50.0 * t.ln()).powf(2.0 / 3.0);
        (-((y - x[1]).abs_powf(x[2]) / x[0])).exp() - t
    };
    (1..100).map(term).collect()
}

fn box_3d<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |i: u32| {
        let t = 0.1 * f64::from(i);
        (-t * x[0]).exp() - (-t * x[1]).exp() - x[2] * ((-t).exp() - (-10.0 * t).exp())
    };
    (1..=10).map(term).collect()
}

/// 13 and 22.
pub(super) fn extended_powell<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let terms = |x: &[Var<'t>]| {
        [
            x[0] + 10.0 * x[1],
            5f64.sqrt() * (x[2] - x[3]),
            (x[1] - 2.0 * x[2]).square(),
            10f64.sqrt() * (x[0] - x[3]).square(),
        ]
    };
    x.chunks_exact(4).flat_map(terms).collect()
}

pub(super) fn wood<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    vec![
        10.0 * (x[1] - x[0].square()),
        1.0 - x[0],
        90f64.sqrt() * (x[3] - x[2].square()),
        1.0 - x[2],
        10f64.sqrt() * (x[1] + x[3] - 2.0),
        (x[1] - x[3]) * 0.1f64.sqrt(),
    ]
}

fn kowalik_osborne<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |(y, u): (f64, f64)| y - x[0] * (u * u + u * x[1]) / (u * u + u * x[2] + x[3]);
    KOWALIK_OSBORNE.into_iter().map(term).collect()
}

fn brown_dennis<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |i: u32| {
        let t = f64::from(i) / 5.0;
        (x[0] + t * x[1] - t.exp()).square() + (x[2] + x[3] * t.sin() - t.cos()).square()
    };
    (1..=20).map(term).collect()
}

fn osborne_1<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |(i, y): (u32, f64)| {
        let t = 10.0 * f64::from(i);
        y - (x[0] + x[1] * (-t * x[3]).exp() + x[2] * (-t * x[4]).exp())
    };
    (0..).zip(OSBORNE_1).map(term).collect()
}

fn biggs<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |i: u32| {
        let t = 0.1 * f64::from(i);
        let y = (-t).exp() - 5.0 * (-10.0 * t).exp() + 3.0 * (-4.0 * t).exp();
        let fall = |x: Var<'t>| (-t * x).exp();
        x[2] * fall(x[0]) - x[3] * fall(x[1]) + x[5] * fall(x[4]) - y
    };
    (1..=13).map(term).collect()
}

fn osborne_2<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |(i, y): (u32, f64)| {
        let t = f64::from(i) / 10.0;
        let hill = |k: usize| x[k] * (-((t - x[k + 7]).square() * x[k + 4])).exp();
        y - (x[0] * (-t * x[4]).exp() + hill(1) + hill(2) + hill(3))
    };
    (0..).zip(OSBORNE_2).map(term).collect()
}

fn watson<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |i: u32| {
        let t = f64::from(i) / 29.0;
        let power = |j: usize| t.powi(j as i32);
        let slope = (1..x.len()).map(|j| x[j] * (j as f64 * power(j - 1)));
        let value = sum((0..x.len()).map(|j| x[j] * power(j)));
        Some(sum(slope)? - value?.square() - 1.0)
    };
    let last = [x[0], x[1] - x[0].square() - 1.0];
    (1..30).filter_map(term).chain(last).collect()
}

fn penalty_1<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let squares = sum(x.iter().map(|x| x.square()));
    let near = x.iter().map(|&x| 1e-5f64.sqrt() * (x - 1.0));
    near.chain(squares.map(|squares| squares - 0.25)).collect()
}

fn penalty_2<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let (n, a) = (x.len(), 1e-5f64.sqrt());
    let y = |i: usize| (i as f64 / 10.0).exp() + ((i as f64 - 1.0) / 10.0).exp();
    let tenth = |x: Var<'t>| (x * 0.1).exp();
    let pair = |i: usize| a * (tenth(x[i - 1]) + tenth(x[i - 2]) - y(i));
    let single = |i: usize| a * (tenth(x[i]) - (-0.1f64).exp());
    let all = sum((0..n).map(|j| (n - j) as f64 * x[j].square()));
    let first = std::iter::once(x[0] - 0.2);
    let pairs = (2..=n).map(pair);
    first.chain(pairs).chain((1..n).map(single)).chain(all.map(|all| all - 1.0)).collect()
}

fn variably_dimensioned<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let away: Vec<_> = x.iter().map(|&x| x - 1.0).collect();
    let all = sum((1..).zip(&away).map(|(j, &x)| f64::from(j) * x));
    away.into_iter().chain(all.into_iter().flat_map(|all| [all, all.square()])).collect()
}

fn trigonometric<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let n = x.len() as f64;
    let Some(cosines) = sum(x.iter().map(|x| x.cos())) else { return Vec::new() };
    let term = |(i, &x): (u32, &Var<'t>)| n - cosines + f64::from(i) * (1.0 - x.cos()) - x.sin();
    (1..).zip(x).map(term).collect()
}

fn brown_almost_linear<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let n = x.len();
    let product = x.iter().copied().reduce(|a, b| a * b);
    let all = sum(x.iter().copied());
    let terms =
        all.into_iter().flat_map(|all| (0..n - 1).map(move |i| x[i] + all - (n as f64 + 1.0)));
    terms.chain(product.map(|product| product - 1.0)).collect()
}

/// x at i − 1, i and i + 1, where those beyond the ends are 0.
fn neighbours<'t>(x: &[Var<'t>], i: usize) -> Var<'t> {
    let left = i.checked_sub(1).and_then(|i| x.get(i));
    let both = sum(left.into_iter().chain(x.get(i + 1)).copied());
    both.unwrap_or(x[i] * 0.0)
}

fn discrete_boundary_value<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let h = 1.0 / (x.len() as f64 + 1.0);
    let term = |i: usize| {
        let t = (i + 1) as f64 * h;
        2.0 * x[i] - neighbours(x, i) + (h * h / 2.0) * (x[i] + (t + 1.0)).powi(3)
    };
    (0..x.len()).map(term).collect()
}

fn discrete_integral<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let h = 1.0 / (x.len() as f64 + 1.0);
    let t = |i: usize| (i + 1) as f64 * h;
    let cube = |j: usize| (x[j] + (t(j) + 1.0)).powi(3);
    let term = |i: usize| {
        let weigh = |j: usize| if j <= i { (1.0 - t(i)) * t(j) } else { t(i) * (1.0 - t(j)) };
        let all = sum((0..x.len()).map(|j| (h / 2.0 * weigh(j)) * cube(j)));
        all.map(|all| x[i] + all)
    };
    (0..x.len()).filter_map(term).collect()
}

fn broyden_tridiagonal<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |i: usize| {
        let right = x.get(i + 1).map(|&right| 2.0 * right);
        let beside = i.checked_sub(1).map(|i| x[i]).into_iter().chain(right);
        (3.0 - 2.0 * x[i]) * x[i] - sum(beside).unwrap_or(x[i] * 0.0) + 1.0
    };
    (0..x.len()).map(term).collect()
}

fn broyden_banded<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let term = |i: usize| {
        let beside = (i.saturating_sub(5)..(i + 2).min(x.len())).filter(|&j| j != i);
        let beside = sum(beside.map(|j| x[j] * (1.0 + x[j])));
        x[i] * (2.0 + 5.0 * x[i].square()) + 1.0 - beside.unwrap_or(x[i] * 0.0)
    };
    (0..x.len()).map(term).collect()
}

/// With as many residuals as numbers.
fn linear_full_rank<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let Some(mean) = sum(x.iter().map(|&x| x * (2.0 / 10.0))) else { return Vec::new() };
    x.iter().map(|&x| x - mean - 1.0).collect()
}

fn linear_rank_1<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let all = sum((1..).zip(x).map(|(j, &x)| f64::from(j) * x));
    all.into_iter().flat_map(|all| (1..=10).map(move |i| f64::from(i) * all - 1.0)).collect()
}

fn linear_rank_1_zeros<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let n = x.len();
    let all = sum((2..n).map(|j| j as f64 * x[j - 1]));
    let at = |i: u32| if i == 1 || i == 10 { 0.0 } else { f64::from(i - 1) };
    all.into_iter().flat_map(|all| (1..=10).map(move |i| at(i) * all - 1.0)).collect()
}

fn chebyquad<'t>(x: &[Var<'t>]) -> Vec<Var<'t>> {
    let n = x.len();
    // Tᵢ of 2x − 1 for each x, two in a row.
    let z: Vec<Var<'t>> = x.iter().map(|&x| 2.0 * x - 1.0).collect();
    let (mut before, mut now): (Vec<_>, _) =
        (z.iter().map(|&z| z * 0.0 + 1.0).collect(), z.clone());
    let mut residuals = Vec::new();
    for i in 1..=n {
        let integral = if i % 2 == 0 { -1.0 / ((i * i) as f64 - 1.0) } else { 0.0 };
        residuals
            .extend(sum(now.iter().map(|&t| t * (1.0 / n as f64))).map(|mean| mean - integral));
        let next = (0..n).map(|j| 2.0 * z[j] * now[j] - before[j]).collect();
        before = std::mem::replace(&mut now, next);
    }
    residuals
}

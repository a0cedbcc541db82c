//! What every direction must satisfy: it goes down, and depends on what it is given alone.

use crate::Problem;
use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, double, finite, of, same_bits};
use tanren_plugin::{Clock, Direction, DirectionMemory, Evaluated, Precision};
use tanren_tensor::{Stream, dot, norm};

/// Asserts that a direction is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn direction(direction: &dyn Direction) {
    failure::assert(check(direction));
}

/// Checks:
///
/// * at a first call, with random gradients of 1 to 40 numbers and any scale: every number is
///   written and finite, the direction descends, and both precisions agree;
/// * on a quadratic with exact steps, as conjugate gradients and L-BFGS suppose: twenty calls in a
///   row descend;
/// * where it is [`Direction::conjugate`]: on such quadratics every direction is conjugate to all
///   before it, and the minimum is reached in as many steps as there are numbers;
/// * the same memory and gradient give the same bits; a cleared memory is a new one;
/// * a zero gradient gives nothing infinite.
///
/// # Errors
/// The first rule that is broken.
pub fn check(direction: &dyn Direction) -> Result<(), Failure> {
    failure::in_range(direction)?;
    let mut draws = Stream::new(1, "testkit/direction").sample(0);
    for n in [1, 2, 7, 40] {
        for scale in [1e-6, 1.0, 1e6] {
            let point: Vec<f64> = (0..n).map(|_| f64::from(draws.normal() as f32)).collect();
            let gradient: Vec<f64> = (0..n).map(|_| scale * draws.normal()).collect();
            let gradient = double(&of::<f32>(&gradient));
            let at = |f: Failure| f.at(format_args!("first call, {n} numbers of size {scale:e}"));
            first(direction, &point, &gradient).map_err(at)?;
        }
    }
    if direction.conjugate() {
        for (n, condition) in [(2, 100.0), (5, 30.0), (8, 100.0)] {
            conjugate(direction, &Problem::quadratic(n, condition)).map_err(|f| {
                f.at(format_args!("quadratic of {n} numbers, condition {condition}"))
            })?;
        }
    }
    quadratic(direction)?;
    let d = call::<f64>(direction, 0, &[1.0, 2.0], &[0.0, 0.0], &mut fresh(direction, 2));
    finite("finite", &d).map_err(|f| f.at("zero gradient"))
}

fn fresh<T: Precision>(direction: &dyn Direction, n: usize) -> DirectionMemory<T> {
    DirectionMemory::new(direction.memory(), n)
}

fn call<T: Precision>(
    direction: &dyn Direction,
    iteration: u64,
    point: &[T],
    gradient: &[T],
    memory: &mut DirectionMemory<T>,
) -> Vec<T> {
    let clock = Clock { iteration, ..Clock::default() };
    let mut out = vec![T::of(f64::NAN); point.len()];
    let kernel = direction.kernels().at::<T>();
    kernel.direction(&Evaluated::new(clock, point, gradient), memory, &mut out);
    out
}

fn first(direction: &dyn Direction, point: &[f64], gradient: &[f64]) -> Result<(), Failure> {
    let n = point.len();
    let double = call(direction, 0, point, gradient, &mut fresh(direction, n));
    finite("written-whole", &double)?;
    descends(&double, gradient)?;
    let single =
        call(direction, 0, &of::<f32>(point), &of::<f32>(gradient), &mut fresh(direction, n));
    let scale = double.iter().fold(0.0, |m: f64, d| m.max(d.abs()));
    let relative = |d: &[f64]| -> Vec<f64> { d.iter().map(|d| d / scale).collect() };
    let single = crate::golden::double(&single);
    compare("precision", &relative(&single), &relative(&double), 1e-4)
}

fn descends(d: &[f64], gradient: &[f64]) -> Result<(), Failure> {
    let slope = dot(d, gradient);
    ensure(slope < 0.0, "descent", || format!("slope dᵀg = {slope:e} is not below 0"))
}

/// Takes the exact step along `d` on a quadratic whose gradient at `x` is `g`; gives A d.
fn advance(problem: &Problem, x: &mut [f64], g: &[f64], d: &[f64]) -> Vec<f64> {
    // The gradient of a quadratic is affine, so A d = g(x + d) − g(x).
    let ahead: Vec<f64> = x.iter().zip(d).map(|(x, d)| x + d).collect();
    let ad: Vec<f64> = problem.gradient(&ahead).iter().zip(g).map(|(a, g)| a - g).collect();
    let alpha = -dot(d, g) / dot(d, &ad);
    x.iter_mut().zip(d).for_each(|(x, d)| *x += alpha * d);
    ad
}

/// Directions are conjugate, and n steps reach the minimum.
fn conjugate(direction: &dyn Direction, problem: &Problem) -> Result<(), Failure> {
    /// What rounding leaves of an inner product that is 0 and of a gradient that vanishes.
    const ROUNDING: f64 = 1e-6;
    let mut x = problem.start();
    let mut memory = fresh::<f64>(direction, x.len());
    let mut taken: Vec<(Vec<f64>, Vec<f64>)> = Vec::new(); // d and A d
    let first = norm(&problem.gradient(&x));
    for step in 0..x.len() {
        let g = problem.gradient(&x);
        if norm(&g) <= ROUNDING * first {
            return Ok(());
        }
        let d = call(direction, step as u64, &x, &g, &mut memory);
        let ad = advance(problem, &mut x, &g, &d);
        for (before, (e, ae)) in taken.iter().enumerate() {
            let cosine = dot(&d, ae) / (dot(&d, &ad) * dot(e, ae)).sqrt();
            ensure(cosine.abs() <= ROUNDING, "conjugate", || {
                format!("directions {before} and {step}, dᵀ A e / √(dᵀ A d · eᵀ A e) = {cosine:e}")
            })?;
        }
        taken.push((d, ad));
    }
    let left = norm(&problem.gradient(&x)) / first;
    ensure(left <= ROUNDING, "terminates", || {
        format!("after {} steps, {left:e} of the gradient is left", x.len())
    })
}

fn quadratic(direction: &dyn Direction) -> Result<(), Failure> {
    let problem = Problem::quadratic(8, 100.0);
    let mut x = problem.start();
    let mut memory = fresh::<f64>(direction, x.len());
    for step in 0..20 {
        let at = |f: Failure| f.at(format_args!("call {step} on a quadratic"));
        let g = problem.gradient(&x);
        if g.iter().all(|g| g.abs() < 1e-7) {
            break;
        }
        let mut again = memory.clone();
        let d = call(direction, step, &x, &g, &mut memory);
        let twin = call(direction, step, &x, &g, &mut again);
        same_bits("pure", &d, &twin).map_err(at)?;
        ensure(memory == again, "pure", || "the same call leaves another memory").map_err(at)?;
        finite("finite", &d).map_err(at)?;
        descends(&d, &g).map_err(at)?;
        advance(&problem, &mut x, &g, &d);
    }
    let spec = direction.memory();
    ensure(
        memory.vectors.len() == spec.vectors
            && memory.scalars.len() == spec.scalars
            && memory.vectors.iter().all(|v| v.len() == x.len()),
        "memory",
        || "the memory no longer has its declared size",
    )?;
    memory.clear();
    let g = problem.gradient(&problem.start());
    let cleared = call(direction, 0, &problem.start(), &g, &mut memory);
    let new = call(direction, 0, &problem.start(), &g, &mut fresh(direction, x.len()));
    same_bits("clear", &cleared, &new)
}

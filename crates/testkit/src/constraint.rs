//! What every constraint must satisfy: it moves a block to the nearest allowed point.

use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, finite, of, same_bits};
use crate::problems::{normals, weight};
use crate::threads;
use tanren_plugin::{Block, Constraint, Precision};

/// What rounding may change in a point that is projected once more, in each precision.
const ROUNDING: (f64, f64) = (1e-12, 1e-5);
/// Agreement of the precisions, relative to max(1, |x|).
const TOLERANCE: f64 = 1e-4;

/// Asserts that a constraint is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn constraint(constraint: &dyn Constraint) {
    failure::assert(check(constraint));
}

/// Checks, on weights of several shapes and sizes:
///
/// * `idempotent`: a point that was projected is allowed, so it stays where it is but for rounding;
/// * `inside`: a point that is not moved keeps its bits;
/// * `nearest`: no other allowed point that is tried is nearer, among them those on the way to the
///   origin and beyond;
/// * `pure`: projected again from the same point, it gives the same bits; `threads`: so do 1, 2, 3
///   and 8 threads; `precision`: both precisions agree;
/// * `finite`: zeros, huge and tiny numbers end in finite ones.
///
/// # Errors
/// The first rule that is broken, with the shape.
pub fn check(constraint: &dyn Constraint) -> Result<(), Failure> {
    failure::in_range(constraint)?;
    failure::caught(|| results(constraint))?
}

fn results(constraint: &dyn Constraint) -> Result<(), Failure> {
    for (sample, (rows, cols)) in (0..).zip([(7, 5), (1, 6), (6, 1), (1, 1)]) {
        let block = weight(rows, cols);
        for scale in [0.0, 1e-30, 1e15] {
            let point = normals("testkit/constraint", sample, rows * cols, scale);
            let at = |f: Failure| f.at(format_args!("{rows} × {cols} numbers of size {scale:e}"));
            finite("finite", &projected(constraint, &block, &point)).map_err(at)?;
            let single: Vec<f32> = of(&point);
            finite("finite", &projected(constraint, &block, &single)).map_err(at)?;
        }
        for scale in [0.1, 1.0, 10.0, 1e3] {
            let point = normals("testkit/constraint", sample, rows * cols, scale);
            one(constraint, &block, &point)
                .map_err(|f| f.at(format_args!("{rows} × {cols} numbers of size {scale}")))?;
        }
    }
    Ok(())
}

fn projected<T: Precision>(constraint: &dyn Constraint, block: &Block, point: &[T]) -> Vec<T> {
    let mut moved = point.to_vec();
    constraint.kernels().at::<T>().project(block, &mut moved);
    moved
}

fn one(constraint: &dyn Constraint, block: &Block, point: &[f64]) -> Result<(), Failure> {
    let moved = projected(constraint, block, point);
    finite("finite", &moved)?;
    same_bits("pure", &projected(constraint, block, point), &moved)?;
    for count in threads::COUNTS {
        let other = threads::with(count, || projected(constraint, block, point))?;
        same_bits("threads", &other, &moved).map_err(|f| f.at(format_args!("{count} threads")))?;
    }
    let again = projected(constraint, block, &moved);
    compare("idempotent", &again, &moved, ROUNDING.0).map_err(|f| f.at("projected twice"))?;
    let way = distance(point, &moved);
    if way <= ROUNDING.0 * distance(point, &vec![0.0; point.len()]) {
        same_bits("inside", &moved, point)?;
    }
    nearest(constraint, block, point, way)?;

    let single: Vec<f32> = of(point);
    let single = projected(constraint, block, &single);
    compare("precision", &single, &moved, TOLERANCE)?;
    let moved: Vec<f64> = single.iter().map(|&x| x.into()).collect();
    compare("idempotent", &projected(constraint, block, &single), &moved, ROUNDING.1)
        .map_err(|f| f.at("projected twice, in single precision"))
}

/// Allowed points are made by projecting others: multiples of this one, and random ones.
fn nearest(
    constraint: &dyn Constraint,
    block: &Block,
    point: &[f64],
    way: f64,
) -> Result<(), Failure> {
    let scaled = |k: i32| point.iter().map(|x| x * f64::from(k) / 20.0).collect::<Vec<_>>();
    let size = distance(point, &vec![0.0; point.len()]) / (point.len() as f64).sqrt();
    let random = (10..20).map(|sample| {
        let other = normals("testkit/constraint", sample, point.len(), size);
        point.iter().zip(other).map(|(x, y)| x + 0.5 * y).collect()
    });
    for candidate in (0..40).map(scaled).chain(random) {
        let allowed = projected(constraint, block, &candidate);
        let other = distance(point, &allowed);
        ensure(way <= other * (1.0 + 1e-9), "nearest", || {
            format!("moved by {way:e}, but an allowed point is {other:e} away")
        })?;
    }
    Ok(())
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

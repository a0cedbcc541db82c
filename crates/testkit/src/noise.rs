//! What every weight noise must satisfy: one disturbance for value and gradient, drawn from the pass
//! alone.

use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, finite, of, same_bits};
use crate::gradient;
use crate::problems::{normals, weight};
use tanren_plugin::{Batch, Block, Clock, Mode, Pass, Precision, WeightNoise};
use tanren_tensor::{Extent, Shape, Stream};

/// Agreement of the precisions, relative to max(1, |x|).
const TOLERANCE: f64 = 1e-4;
/// Disturbances whose mean is compared with the weights.
const DRAWS: u64 = 2000;
/// Standard errors by which the mean may be off. The numbers are the same in every run.
const ERRORS: f64 = 6.0;

/// Asserts that a weight noise is right; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn noise(noise: &dyn WeightNoise) {
    failure::assert(check(noise));
}

/// Checks, on a weight of 7 × 5 in training passes (in others it is not called):
///
/// * `pure`: the same pass gives the same bits, whatever was asked before;
/// * `stream`: a disturbance comes from the stream of the pass, so another stream gives another one;
/// * `gradient`: what `differentiate` makes of the gradient is that with respect to the true weights;
/// * `precision`: both precisions see the same disturbance; `finite`: results are;
/// * `mean`: where it is `unbiased`, the mean of 2000 disturbances is the weights, to six standard
///   errors.
///
/// # Errors
/// The first rule that is broken.
pub fn check(noise: &dyn WeightNoise) -> Result<(), Failure> {
    failure::in_range(noise)?;
    failure::caught(|| results(noise))?
}

/// Calls `work` with the pass of update `iteration`.
fn with<T: Precision, R>(iteration: u64, work: impl FnOnce(&Pass<'_, T>) -> R) -> R {
    let batch = Batch::new(Extent { examples: 2, steps: 1 }, &[5, 9]);
    let clock = Clock { epoch: iteration, iteration, ..Clock::default() };
    let stream = Stream::new(1, "testkit/noise").at(clock.phase.coordinate(), clock.epoch);
    let pass = Pass::new(&batch, Mode::Training, clock, stream);
    work(&pass.between(&[Shape::vector(5)], Shape::vector(7)))
}

fn disturbed<T: Precision>(noise: &dyn WeightNoise, block: &Block, at: u64, w: &[T]) -> Vec<T> {
    let mut w = w.to_vec();
    with(at, |pass| noise.kernels().at::<T>().disturb(pass, block, &mut w));
    w
}

fn differentiated<T: Precision>(
    noise: &dyn WeightNoise,
    block: &Block,
    at: u64,
    gradient: &[T],
) -> Vec<T> {
    let mut gradient = gradient.to_vec();
    with(at, |pass| noise.kernels().at::<T>().differentiate(pass, block, &mut gradient));
    gradient
}

fn results(noise: &dyn WeightNoise) -> Result<(), Failure> {
    let block = weight(7, 5);
    let n = block.rows * block.cols;
    let (w, r) = (normals("testkit/noise", 0, n, 1.0), normals("testkit/noise", 1, n, 1.0));
    let (single, single_r): (Vec<f32>, Vec<f32>) = (of(&w), of(&r));
    let first = disturbed(noise, &block, 0, &w);
    disturbed(noise, &block, 1, &w);
    same_bits("pure", &disturbed(noise, &block, 0, &w), &first)?;
    for at in 0..4 {
        let place = |f: Failure| f.at(format_args!("update {at}"));
        let (noisy, back) =
            (disturbed(noise, &block, at, &w), differentiated(noise, &block, at, &r));
        finite("finite", &noisy).map_err(place)?;
        finite("finite", &back).map_err(|f| place(f).at("gradient"))?;
        let mut sum = |w: &[f64]| -> f64 {
            disturbed(noise, &block, at, w).iter().zip(&r).map(|(w, r)| w * r).sum()
        };
        gradient::check(&mut sum, &w, &back, true).map_err(place)?;
        compare("precision", &disturbed(noise, &block, at, &single), &noisy, TOLERANCE)
            .map_err(place)?;
        compare("precision", &differentiated(noise, &block, at, &single_r), &back, TOLERANCE)
            .map_err(|f| place(f).at("gradient"))?;
        ensure(at == 0 || first == w || noisy != first, "stream", || {
            format!("updates 0 and {at} have other streams and the same disturbance")
        })?;
    }
    if noise.unbiased() { unbiased(noise, &block, &w) } else { Ok(()) }
}

fn unbiased(noise: &dyn WeightNoise, block: &Block, w: &[f64]) -> Result<(), Failure> {
    let (mut sum, mut squares) = (vec![0.0; w.len()], vec![0.0; w.len()]);
    for at in 0..DRAWS {
        for (i, (noisy, w)) in disturbed(noise, block, at, w).iter().zip(w).enumerate() {
            sum[i] += noisy - w;
            squares[i] += (noisy - w).powi(2);
        }
    }
    let count = DRAWS as f64;
    for (i, (sum, squares)) in sum.iter().zip(&squares).enumerate() {
        let (mean, error) = (sum / count, squares.sqrt() / count);
        ensure(mean.abs() <= ERRORS * error + 1e-12, "mean", || {
            format!(
                "weight {i} is {:e}, off by {mean:e} in the mean, with a standard error of {error:e}",
                w[i]
            )
        })?;
    }
    Ok(())
}

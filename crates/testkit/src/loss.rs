//! What every loss must satisfy: a right gradient, columns that do not meet, results that stay
//! finite, and predictions of the link it names.

mod case;

use crate::failure::{self, Failure, ensure};
use case::Case;
use tanren_plugin::Loss;
use tanren_tensor::{Draws, Shape, Stream};

/// How a loss is checked.
#[derive(Clone, Debug)]
pub struct LossOptions {
    /// Where all random numbers come from.
    pub seed: u64,
    /// Random batches.
    pub cases: u64,
    /// Outputs up to this size, either sign, must give finite values and gradients in single
    /// precision. Smaller for losses whose link overflows by nature.
    pub extreme: f64,
    /// Draws one number of a dense target, for losses that want more than their
    /// [`Domain`](tanren_plugin::Domain) says. `None`: from the domain.
    pub target: Option<fn(&mut Draws) -> f64>,
}

impl Default for LossOptions {
    fn default() -> Self {
        Self { seed: 1, cases: 6, extreme: 1e4, target: None }
    }
}

/// Asserts that a loss is right for targets of each of these shapes; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn loss(loss: &dyn Loss, targets: &[Shape]) {
    failure::assert(check(loss, targets, &LossOptions::default()));
}

/// [`loss()`] with options.
///
/// # Panics
/// When the loss is not right.
#[track_caller]
pub fn loss_with(loss: &dyn Loss, targets: &[Shape], options: &LossOptions) {
    failure::assert(check(loss, targets, options));
}

/// Random columns of numbers that a loss takes as its target, borders of its domain among them.
#[must_use]
pub fn targets(loss: &dyn Loss, shape: Shape, columns: usize, options: &LossOptions) -> Vec<f64> {
    let mut draws = Stream::new(options.seed, "testkit/targets").sample(0);
    (0..columns).flat_map(|_| case::dense(loss.domain(), shape, options, &mut draws)).collect()
}

/// Checks, on batches of 1 to 6 columns with random weights, zeros among them:
///
/// * the gradient of Σ weight · value with respect to the outputs, written whole, zero in columns
///   of weight 0, and the same values whether or not it is asked for;
/// * each column's value is what it is alone; an index counts as its one-hot column;
/// * of a separable loss, a column's value is the sum or the mean of its numbers' values, and a target that
///   is NaN adds nothing to it and has no gradient;
/// * both precisions agree to 1e-4;
/// * outputs of ±`extreme` give finite numbers in single precision;
/// * `predict` computes the link;
/// * a loss declared smooth has no kink where output and target are equal.
///
/// # Errors
/// The first rule that is broken, with target shape and case.
pub fn check(loss: &dyn Loss, targets: &[Shape], options: &LossOptions) -> Result<(), Failure> {
    failure::in_range(loss)?;
    for &target in targets {
        let at = |f: Failure| f.at(format_args!("target {target}"));
        let outputs = loss.outputs(target);
        let outputs = outputs.map_err(|e| at(Failure::new("outputs", e)))?;
        ensure(outputs > 0, "outputs", || "a loss of no outputs").map_err(at)?;
        for index in 0..options.cases {
            let case = Case::draw(loss, target, outputs, options, index);
            let here = |f: Failure| {
                f.at(format_args!("target {target}, case {index} of {} columns", case.n()))
            };
            case.check(loss, options).map_err(here)?;
        }
    }
    Ok(())
}

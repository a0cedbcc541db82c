//! Which way an updater goes: along the steps it is given, never against them.

use super::rig::{Cut, Rig};
use crate::failure::{Failure, ensure};
use tanren_tensor::dot;

/// Updates of one and the same step.
const CONSTANT: u64 = 6;
/// Updates on a quadratic.
const QUADRATIC: u64 = 20;

pub(super) fn check(rig: &Rig<'_>) -> Result<(), Failure> {
    constant(rig)?;
    quadratic(rig)
}

/// The same step again and again, from zero, where decay of the parameters does nothing: the way
/// covered in each block never leads against the step.
fn constant(rig: &Rig<'_>) -> Result<(), Failure> {
    let step = rig.random::<f64>(100, 0.1);
    for updates in 1..=CONSTANT {
        let start = vec![0.0; step.len()];
        let ended = rig.train(Cut::Blocks, start, 0..updates, &mut |_, _| step.clone())?;
        for block in rig.blocks() {
            let range = block.range.clone();
            let along = dot(&ended.parameters[range.clone()], &step[range]);
            ensure(along >= 0.0, "descent", || {
                let path = block.path();
                format!(
                    "after {updates} updates with one and the same step, block `{path}` went against it: inner product {along:e}"
                )
            })?;
        }
    }
    Ok(())
}

/// The value of ½ Σ (x − 1)² does not rise, from x = −1 on, with steps −(x − 1).
fn quadratic(rig: &Rig<'_>) -> Result<(), Failure> {
    let n = rig.random::<f64>(0, 1.0).len();
    let value = |x: &[f64]| 0.5 * x.iter().map(|x| (x - 1.0).powi(2)).sum::<f64>();
    let start = vec![-1.0; n];
    let before = value(&start);
    let mut step = |_, x: &[f64]| x.iter().map(|x| 1.0 - x).collect();
    let ended = rig.train(Cut::Blocks, start, 0..QUADRATIC, &mut step)?;
    for (which, x) in [("trained", &ended.parameters), ("evaluated", &ended.evaluated)] {
        let after = value(x);
        ensure(after <= before, "descent", || {
            format!(
                "½ Σ (x − 1)² of the {which} parameters rose from {before} to {after:e} in {QUADRATIC} updates"
            )
        })?;
    }
    Ok(())
}

//! The first step that a search tries.
//!
//! 1 where the direction knows its own length. Else from the last step α₋, so that the first-order change
//! is the same, α φ′(0) = α₋ φ′₋(0): Nocedal, Wright (2006), *Numerical optimization*, section 3.5; at
//! most a hundred times α₋, and at least a hundredth. Without a last step 1 / √−φ′(0), which down the gradient is
//! a step of length 1.

use tanren_plugin::{Line, SearchFailure};

/// The numbers that are kept: α₋ and φ′₋(0).
pub(super) const MEMORY: usize = 2;
/// The most that a first trial differs from the last step.
const FACTOR: f64 = 100.0;

/// The first trial.
///
/// # Errors
/// When the line does not go down at its start.
pub(super) fn first_trial(line: &dyn Line, memory: &[f64]) -> Result<f64, SearchFailure> {
    let slope = line.start().slope;
    if slope.is_nan() || slope >= 0.0 {
        return Err(SearchFailure::NoDescent { slope });
    }
    let step = match (line.trial(), memory) {
        (Some(trial), _) => trial,
        (None, &[step, last]) if step > 0.0 => {
            (step * (last / slope)).clamp(step / FACTOR, step * FACTOR)
        }
        _ => 1.0 / (-slope).sqrt(),
    };
    match step > 0.0 && step.is_finite() {
        true => Ok(step),
        false => Err(SearchFailure::NotFinite { step: 0.0 }),
    }
}

/// The share of the slope that a step usually leaves: little where the direction expects to be followed to
/// the minimum, as conjugate gradients do, and most of it where it knows its own length.
pub(super) fn usual_curvature(line: &dyn Line) -> f64 {
    if line.trial().is_some() { 0.9 } else { 0.1 }
}

/// Remembers the step that was accepted on a line.
pub(super) fn keep(memory: &mut [f64], line: &dyn Line, step: f64) {
    if let [last, slope] = memory {
        (*last, *slope) = (step, line.start().slope);
    }
}

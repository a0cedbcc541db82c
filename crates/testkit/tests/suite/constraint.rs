//! The constraint check: right ones pass, and each wrong one breaks the rule that is about its fault.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_tensor::{Real, mat_mut};
use tanren_testkit::constraint;

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    NonNegative,
    /// Rows that are too long are made shorter than they need to be.
    TooFar,
    /// Rows are shortened whether they are too long or not.
    Always,
    /// Allowed numbers are disturbed a little.
    Disturbs,
    /// Every row gets the norm, though shorter ones are allowed.
    Divides,
    Counts,
    Coarse,
}

/// ‖row‖ ≤ 2, or numbers from 0 on.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Short {
    fault: Fault,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Checked for Short {}

#[typetag::serde(name = "testkit/short")]
impl Constraint for Short {
    fn kernels(&self) -> ConstraintKernels<'_> {
        ConstraintKernels::of(self)
    }
}

impl<T: Real> ConstraintKernel<T> for Short {
    fn project(&self, block: &Block, parameters: &mut [T]) {
        let mut parameters = mat_mut(parameters, block.rows, block.cols);
        let count = self.asked.fetch_add(1, Ordering::Relaxed) as f64;
        for mut row in parameters.row_iter_mut() {
            let norm = row.iter().map(|w| w.f64() * w.f64()).sum::<f64>().sqrt();
            let long = if norm > 2.0 { 2.0 / norm } else { 1.0 };
            let factor = match self.fault {
                Fault::TooFar if norm > 2.0 => 1.0 / norm,
                Fault::Always => 0.9 * long,
                Fault::Disturbs => long * (1.0 - 1e-13),
                Fault::Divides => 2.0 / norm,
                Fault::Counts => long * (1.0 - 1e-14 * count),
                Fault::Coarse if T::NAME == "single" && norm > 2.0 => 1.99 / norm,
                _ => long,
            };
            if self.fault == Fault::NonNegative {
                row.iter_mut().for_each(|w| *w = w.max(T::ZERO));
            } else if factor != 1.0 {
                row.iter_mut().for_each(|w| *w = T::of(w.f64() * factor));
            }
        }
    }
}

fn short(fault: Fault) -> Short {
    Short { fault, ..Short::default() }
}

#[test]
fn right_constraints_pass() {
    constraint(&short(Fault::None));
    constraint(&short(Fault::NonNegative));
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::TooFar, "nearest"),
        (Fault::Always, "idempotent"),
        (Fault::Disturbs, "inside"),
        (Fault::Divides, "finite"),
        (Fault::Counts, "pure"),
        (Fault::Coarse, "precision"),
    ] {
        let outcome = tanren_testkit::constraint::check(&short(fault));
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

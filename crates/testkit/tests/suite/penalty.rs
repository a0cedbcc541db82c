//! The penalty check: right ones pass, and each wrong one breaks the rule that is about its fault.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_tensor::{Real, norm};
use tanren_testkit::penalty;

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    Kinked,
    KinkDeclaredSmooth,
    WrongSign,
    Half,
    Overwrites,
    LooksAtThePart,
    Negative,
    Shifted,
    Counts,
    Coarse,
    DividesByZero,
}

/// ½ Σ θ², or Σ |θ| where it has a kink.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Shrink {
    fault: Fault,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Shrink {
    fn kinked(&self) -> bool {
        matches!(self.fault, Fault::Kinked | Fault::KinkDeclaredSmooth)
    }
}

impl Checked for Shrink {}

#[typetag::serde(name = "testkit/shrink")]
impl Penalty for Shrink {
    fn smooth(&self) -> bool {
        self.fault != Fault::Kinked
    }
    fn kernels(&self) -> PenaltyKernels<'_> {
        PenaltyKernels::of(self)
    }
}

impl<T: Real> PenaltyKernel<T> for Shrink {
    fn value(&self, _: Clock, _: &Block, parameters: &[T]) -> f64 {
        let size = |x: &T| if self.kinked() { x.f64().abs() } else { 0.5 * x.f64() * x.f64() };
        let value = parameters.iter().map(size).sum::<f64>();
        match self.fault {
            Fault::Negative => -value,
            Fault::Shifted => value + 1.0,
            Fault::Counts => value + self.asked.fetch_add(1, Ordering::Relaxed) as f64 * 1e-13,
            _ => value,
        }
    }
    fn add_gradient(&self, _: Clock, _: &Block, parameters: &[T], gradient: &mut [T]) {
        let size = norm(parameters);
        for (g, &x) in gradient.iter_mut().zip(parameters) {
            let own = match self.fault {
                _ if self.kinked() => {
                    T::of(x.f64().partial_cmp(&0.0).map_or(0.0, |o| f64::from(o as i8)))
                }
                Fault::WrongSign | Fault::Negative => -x,
                Fault::Half => x * T::of(0.5),
                Fault::LooksAtThePart => x * T::of(1.0 + 1e-12 * size),
                Fault::Coarse if T::NAME == "single" => x * T::of(1.001),
                Fault::DividesByZero => x * x / x,
                _ => x,
            };
            *g = if self.fault == Fault::Overwrites { own } else { *g + own };
        }
    }
}

fn shrink(fault: Fault) -> Shrink {
    Shrink { fault, ..Shrink::default() }
}

#[test]
fn right_penalties_pass() {
    penalty(&shrink(Fault::None));
    penalty(&shrink(Fault::Kinked));
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::KinkDeclaredSmooth, "smooth"),
        (Fault::WrongSign, "gradient"),
        (Fault::Half, "gradient"),
        (Fault::Overwrites, "add"),
        (Fault::LooksAtThePart, "cutting"),
        (Fault::Negative, "value"),
        (Fault::Shifted, "value"),
        (Fault::Counts, "pure"),
        (Fault::Coarse, "precision"),
        (Fault::DividesByZero, "finite"),
    ] {
        let outcome = tanren_testkit::penalty::check(&shrink(fault));
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

//! The noise check: right ones pass, and each wrong one breaks the rule that is about its fault.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_tensor::Real;
use tanren_testkit::noise;

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    /// w + n instead of w · mask.
    Additive,
    ForgetsToDifferentiate,
    OtherMaskInGradient,
    /// Kept weights are not scaled, though it says that the mean stays.
    Unscaled,
    Fixed,
    Counts,
    Coarse,
    Infinite,
}

/// A quarter of the weights is dropped.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Drop {
    fault: Fault,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Checked for Drop {}

#[typetag::serde(name = "testkit/drop")]
impl WeightNoise for Drop {
    fn unbiased(&self) -> bool {
        true
    }
    fn kernels(&self) -> NoiseKernels<'_> {
        NoiseKernels::of(self)
    }
}

impl Drop {
    fn mask<T: Real>(&self, pass: &Pass<'_, T>, name: &str, values: &mut [T]) {
        let sample = match self.fault {
            Fault::Counts => self.asked.fetch_add(1, Ordering::Relaxed),
            _ => pass.clock.iteration,
        };
        let stream = match self.fault {
            Fault::Fixed => tanren_tensor::Stream::new(7, name).sample(0),
            _ => pass.stream.named(name).sample(sample),
        };
        let mut draws = stream;
        for value in values {
            let kept = draws.uniform() >= 0.25;
            let scale = if self.fault == Fault::Unscaled { 1.0 } else { 1.0 / 0.75 };
            let off = if self.fault == Fault::Infinite { f64::INFINITY } else { 0.0 };
            *value *= T::of(if kept { scale } else { off });
            if self.fault == Fault::Coarse && T::NAME == "single" {
                *value *= T::of(1.01);
            }
        }
    }
}

impl<T: Real> NoiseKernel<T> for Drop {
    fn disturb(&self, pass: &Pass<'_, T>, block: &Block, weights: &mut [T]) {
        if self.fault == Fault::Additive {
            let mut draws = pass.stream.sample(pass.clock.iteration);
            weights.iter_mut().for_each(|w| *w += T::of(draws.normal()));
        } else {
            self.mask(pass, &block.name, weights);
        }
    }
    fn differentiate(&self, pass: &Pass<'_, T>, block: &Block, gradient: &mut [T]) {
        match self.fault {
            Fault::Additive | Fault::ForgetsToDifferentiate => {}
            Fault::OtherMaskInGradient => self.mask(pass, "gradient", gradient),
            _ => self.mask(pass, &block.name, gradient),
        }
    }
}

fn drop(fault: Fault) -> Drop {
    Drop { fault, ..Drop::default() }
}

#[test]
fn right_noises_pass() {
    noise(&drop(Fault::None));
    noise(&drop(Fault::Additive));
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rules) in [
        (Fault::ForgetsToDifferentiate, &["gradient"][..]),
        (Fault::OtherMaskInGradient, &["gradient"]),
        (Fault::Unscaled, &["mean"]),
        (Fault::Fixed, &["stream"]),
        (Fault::Counts, &["pure", "gradient"]),
        (Fault::Coarse, &["precision"]),
        (Fault::Infinite, &["finite"]),
    ] {
        let outcome = tanren_testkit::noise::check(&drop(fault));
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert!(rules.contains(&failure.rule), "{fault:?}: {failure}");
    }
}

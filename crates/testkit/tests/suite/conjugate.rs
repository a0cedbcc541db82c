//! The direction check over conjugate gradients, right and with the usual faults.

use serde::{Deserialize, Serialize};
use tanren_plugin::*;
use tanren_tensor::{Real, dot};
use tanren_testkit::direction;

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    WrongSign,
    ThreeTimes,
    /// It keeps g where it should keep d.
    RemembersGradient,
    /// It keeps −g, which is d after the first step alone.
    RemembersDescent,
    /// β of the step before.
    Late,
}

/// d ← −g + β d, β = gᵀg / g₋₁ᵀg₋₁. Source: Fletcher, Reeves (1964), *Function minimization by
/// conjugate gradients*.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
struct FletcherReeves {
    fault: Fault,
}

impl Checked for FletcherReeves {}

#[typetag::serde(name = "testkit/fletcher-reeves")]
impl Direction for FletcherReeves {
    fn memory(&self) -> MemorySpec {
        MemorySpec { vectors: 1, scalars: 2 }
    }
    fn kernels(&self) -> DirectionKernels<'_> {
        DirectionKernels::of(self)
    }
}

impl<T: Real> DirectionKernel<T> for FletcherReeves {
    fn direction(
        &self,
        at: &Evaluated<'_, T>,
        memory: &mut DirectionMemory<T>,
        direction: &mut [T],
    ) -> Heading {
        let (last, [square, late]) = (&mut memory.vectors[0], &mut memory.scalars[..]) else {
            return Heading::unscaled();
        };
        let now = dot(at.gradient, at.gradient);
        let right = if *square > 0.0 { now / *square } else { 0.0 };
        let beta = match self.fault {
            Fault::WrongSign => -right,
            Fault::ThreeTimes => 3.0 * right,
            Fault::Late => *late,
            _ => right,
        };
        (*square, *late) = (now, right);
        for ((d, last), &g) in direction.iter_mut().zip(last).zip(at.gradient) {
            *d = T::of(beta) * *last - g;
            *last = match self.fault {
                Fault::RemembersGradient => g,
                Fault::RemembersDescent => -g,
                _ => *d,
            };
        }
        Heading::unscaled()
    }
}

#[test]
fn right_directions_pass() {
    direction(&FletcherReeves::default());
}

#[test]
fn each_fault_breaks_its_rule() {
    for fault in [
        Fault::WrongSign,
        Fault::ThreeTimes,
        Fault::RemembersGradient,
        Fault::RemembersDescent,
        Fault::Late,
    ] {
        let outcome = tanren_testkit::direction::check(&FletcherReeves { fault });
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, "conjugate", "{fault:?}: {failure}");
    }
}

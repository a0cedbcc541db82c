//! `acme/polak-ribiere`: d ← −g + β d, β = max(0, gᵀ(g − g₋₁) / g₋₁ᵀg₋₁).
//!
//! g gradient, g₋₁ that of the call before, d direction. Source: Polak, Ribière (1969), restarted
//! where β would be negative: Gilbert, Nocedal (1992). Proves a direction with a memory.

use crate::armijo::Armijo;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Direction, DirectionKernel, DirectionKernels, DirectionMemory, Evaluated, Heading,
    MemorySpec, Objective, Offers, Plugin, Stepper,
};
use tanren_tensor::{Real, Write, add_scaled, dot};
use tanren_testkit::{self as testkit, Problem};
use tanren_trainer::{State, TrainingSpec};

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PolakRibiere {}

impl Checked for PolakRibiere {}

#[typetag::serde(name = "acme/polak-ribiere")]
impl Direction for PolakRibiere {
    fn needs(&self) -> Offers {
        Offers::BOTH // it supposes good steps, which only a look at values gives
    }
    fn memory(&self) -> MemorySpec {
        MemorySpec { vectors: 2, scalars: 1 }
    }
    fn kernels(&self) -> DirectionKernels<'_> {
        DirectionKernels::of(self)
    }
}

impl<T: Real> DirectionKernel<T> for PolakRibiere {
    fn direction(
        &self,
        at: &Evaluated<'_, T>,
        memory: &mut DirectionMemory<T>,
        direction: &mut [T],
    ) -> Heading {
        let gradient = at.gradient;

        let DirectionMemory { vectors, scalars } = memory;
        let ([last, d], [square]) = (&mut vectors[..], &mut scalars[..]) else {
            return Heading::unscaled();
        };
        let now = dot(gradient, gradient);
        // Nothing is kept before the first call: then, as at a minimum, β = 0.
        let beta = if *square > 0.0 { (now - dot(gradient, last)) / *square } else { 0.0 };
        d.iter_mut().for_each(|d| *d *= T::of(beta.max(0.0)));
        add_scaled(Write::Add, -T::ONE, gradient, d);
        let restarted = dot(gradient, d) >= 0.0;
        if restarted {
            add_scaled(Write::Overwrite, -T::ONE, gradient, d); // after an inexact step
        }
        last.copy_from_slice(gradient);
        *square = now;
        direction.copy_from_slice(d);
        if restarted { Heading::restarted() } else { Heading::unscaled() }
    }
}

#[test]
fn conforms() {
    testkit::direction(&PolakRibiere {});
    testkit::round_trip(&Plugin::<dyn Direction>::from(PolakRibiere {}));
}

/// Steps until the gradient is small, at most 20000.
fn steps(mut problem: Problem, direction: Option<Plugin<dyn Direction>>) -> usize {
    let training = TrainingSpec { direction, ..TrainingSpec::new(Armijo::default()) };
    let start = problem.start();
    let mut state = State::start(start.clone(), start.len(), &training);
    let layout = Objective::<f64>::layout(&problem).clone();
    let (mut stepper, motion) = (Stepper::new(&layout), training.motion(&layout));
    for step in 0..20_000 {
        if tanren_tensor::norm(&problem.gradient(&state.parameters)) < 1e-5 {
            return step;
        }
        let at = stepper.evaluate(&mut problem, &motion, &state.moving(), false);
        stepper.advance(&mut problem, at, &motion, state.moving());
        state.clock.iteration += 1;
    }
    20_000
}

#[test]
fn memory_saves_steps() {
    for problem in [Problem::quadratic(6, 1e3), Problem::rosenbrock(2)] {
        let (with, without) =
            (steps(problem.clone(), Some(PolakRibiere {}.into())), steps(problem.clone(), None));
        assert!(2 * with < without, "{with} and {without} steps on {problem:?}");
    }
}

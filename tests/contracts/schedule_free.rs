//! `acme/schedule-free`: z ← z − γg;  x ← (1 − c)x + cz;  θ ← (1 − β)z + βx, c = 1/(t + 1).
//!
//! g gradient at θ, γ rate, z base sequence and x its average, both the initial parameters at the
//! start; t = 0, 1, … counts updates. Trained is θ, used is x. Source: Defazio and others (2024),
//! *The road less scheduled*. Proves slots that start as the parameters, the rate in the chain,
//! and parameters of evaluation that are not those of training.

use serde::{Deserialize, Serialize};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Checked, Objective, Plugin, SlotInit, SlotSpec, Slots, Stepper, UpdateAt, Updater,
    UpdaterKernel, UpdaterKernels, evaluation_parameters,
};
use tanren_tensor::Real;
use tanren_testkit::{self as testkit, Problem};
use tanren_trainer::{State, TrainingSpec};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ScheduleFree {
    beta: f64,
}

impl Default for ScheduleFree {
    fn default() -> Self {
        Self { beta: 0.9 }
    }
}

impl Checked for ScheduleFree {}

#[typetag::serde(name = "acme/schedule-free")]
impl Updater for ScheduleFree {
    fn slots(&self) -> Vec<SlotSpec> {
        ["z", "x"].map(|name| SlotSpec { name, init: SlotInit::Parameters }).to_vec()
    }
    fn averages(&self) -> bool {
        true
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for ScheduleFree {
    fn update(&self, at: &UpdateAt<'_>, parameters: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [z, x] = slots.array();
        let (rate, beta) = (T::of(at.rate), T::of(self.beta));
        let c = T::of(1.0 / (at.clock.iteration as f64 + 1.0));
        for (((z, x), p), &theta) in z.iter_mut().zip(x).zip(step).zip(parameters) {
            *z += rate * *p;
            *x += c * (*z - *x);
            let next = *z + beta * (*x - *z);
            // What the rate will make of it is next − θ.
            *p = if at.rate == 0.0 { T::ZERO } else { (next - theta) / rate };
        }
    }

    fn evaluation(&self, _: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        let [_, x] = slots.array();
        parameters.copy_from_slice(x);
    }
}

#[test]
fn conforms() {
    testkit::updater(&ScheduleFree::default());
    testkit::round_trip(&Plugin::<dyn Updater>::from(ScheduleFree::default()));
}

/// Against the three lines of the paper, written out.
#[test]
fn follows_the_paper() {
    let (mut problem, gamma, beta) = (Problem::quadratic(4, 10.0), 0.1, 0.9);
    let training = TrainingSpec::new(LearningRate::constant(gamma)).updater(ScheduleFree { beta });
    let start = problem.start();
    let mut state = State::start(start.clone(), start.len(), &training);
    let layout = Objective::<f64>::layout(&problem).clone();
    let (mut stepper, motion) = (Stepper::new(&layout), training.motion(&layout));
    let (mut z, mut x, mut y) = (start.clone(), start.clone(), start);
    for t in 0..200 {
        let at = stepper.evaluate(&mut problem, &motion, &state.moving(), false);
        stepper.advance(&mut problem, at, &motion, state.moving());
        state.clock.iteration += 1;
        let g = problem.gradient(&y);
        for i in 0..y.len() {
            z[i] -= gamma * g[i];
            let c = 1.0 / (t + 1) as f64;
            x[i] = (1.0 - c) * x[i] + c * z[i];
            y[i] = (1.0 - beta) * z[i] + beta * x[i];
        }
    }
    testkit::golden(&state.parameters, &y, 1e-12);
    let used = evaluation_parameters(&motion, &layout, &mut state.moving());
    testkit::golden(&used.unwrap(), &x, 1e-12);
    assert!(problem.value(&x) - problem.minimum() < 1e-2, "{}", problem.value(&x));
}

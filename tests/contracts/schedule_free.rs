//! Schedule-free steps train θ and use x: z ← z − γg;  x ← (1 − c)x + cz;  θ ← (1 − β)z + βx.
//!
//! Proves slots that start as the parameters, the rate in the chain, and parameters of evaluation that are
//! not those of training.

use tanren_optimizers::LearningRate;
use tanren_plugin::{Objective, Stepper, evaluation_parameters};
use tanren_testkit::{self as testkit, Problem};
use tanren_trainer::{State, TrainingSpec};
use tanren_updaters::ScheduleFree;

/// Against the three lines of the paper, written out.
#[test]
fn follows_the_paper() {
    let (mut problem, gamma, beta) = (Problem::quadratic(4, 10.0), 0.1, 0.9);
    let training = TrainingSpec::new(LearningRate::constant(gamma))
        .updater(ScheduleFree { beta, ..ScheduleFree::default() });
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

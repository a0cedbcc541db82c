//! A gradient that belongs to no function: g(θ) = (θ₀ + θ₁ − 1, θ₁ − θ₀ − 1), a game of two.
//!
//! Each player descends on a function of its own; there is no value to compare. Source: the
//! bilinear games of Mescheder, Nowozin, Geiger (2017), *The numerics of GANs*, with damping. It
//! is at rest in (0, 1). Proves that an objective states what it offers, and that algorithms that
//! want more are refused by name.

use crate::armijo::Armijo;
use crate::conjugate_gradient::PolakRibiere;
use tanren_optimizers::LearningRate;
use tanren_plugin::{Ask, Evaluation, Layout, Objective, Offers, OffersError, Stepper};
use tanren_tensor::Real;
use tanren_testkit::Problem;
use tanren_trainer::{State, TrainingSpec};

struct Game(Layout);

impl<T: Real> Objective<T> for Game {
    fn offers(&self) -> Offers {
        Offers::GRADIENT
    }
    fn layout(&self) -> &Layout {
        &self.0
    }
    fn evaluate(&mut self, parameters: &[T], ask: Ask<'_, T>) -> Evaluation {
        if let (Some(g), &[a, b]) = (ask.gradient, parameters) {
            g.copy_from_slice(&[a + b - T::ONE, b - a - T::ONE]);
        }
        Evaluation::default()
    }
}

fn game() -> Game {
    Game(Objective::<f64>::layout(&Problem::sphere(2)).clone())
}

#[test]
fn searches_that_look_are_refused_by_name() {
    let refused =
        |training: TrainingSpec| training.motion(&game().0).check::<f64>(&game()).unwrap_err();
    let error = refused(TrainingSpec::new(Armijo::default()));
    let said = error.to_string();
    let OffersError { algorithm, missing, .. } = error;
    assert_eq!((algorithm.as_str(), missing), ("acme/armijo", "a value"));
    assert!(said.contains("acme/armijo") && said.contains("gradient only"), "{said}");

    let mut training = TrainingSpec::new(LearningRate::constant(0.1));
    training.direction = Some(PolakRibiere {}.into());
    assert_eq!(refused(training).algorithm, "acme/polak-ribiere");
}

#[test]
fn a_learning_rate_is_accepted_and_comes_to_rest() {
    let (mut game, training) = (game(), TrainingSpec::new(LearningRate::constant(0.1)));
    let layout = game.0.clone();
    let motion = training.motion(&layout);
    motion.check::<f64>(&game).unwrap();
    let mut state = State::<f64>::start(vec![3.0, -2.0], 2, &training);
    let mut stepper = Stepper::new(&game.0);
    for _ in 0..300 {
        let at = stepper.evaluate(&mut game, &motion, &state.moving(), false);
        assert!(at.value().is_nan() && at.loss.is_none());
        stepper.advance(&mut game, at, &motion, state.moving());
        state.clock.iteration += 1;
    }
    let [a, b] = state.parameters[..] else { panic!() };
    assert!(a.abs() < 1e-6 && (b - 1.0).abs() < 1e-6, "({a}, {b})");
}

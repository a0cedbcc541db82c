//! `acme/remembering`: backtracking whose first trial is twice the step before.
//!
//! Source: Nocedal and Wright (2006), *Numerical Optimization*, section 3.5: first trials follow from
//! the last step. Proves that a search remembers from step to step, in plain numbers that a checkpoint
//! keeps; that a step needs no network and no trainer; and that what a search found last is not
//! evaluated again where the objective is fixed.

use crate::armijo::Uphill;
use crate::harness::same;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Aimed, Ask, Checked, Clock, Evaluation, Fallback, Layout, Line, Motion, MotionState, Moving,
    Objective, Offers, Plugin, Point, Search, SearchFailure, Stepper, Updater,
};
use tanren_testkit::{self as testkit, Problem};
use tanren_updaters::Momentum;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Remembering {
    pub(crate) first: f64,
}

impl Default for Remembering {
    fn default() -> Self {
        Self { first: 1.0 }
    }
}

impl Checked for Remembering {}

#[typetag::serde(name = "acme/remembering")]
impl Search for Remembering {
    fn needs(&self) -> Offers {
        Offers::BOTH
    }
    fn rate(&self, _: Clock) -> Option<f64> {
        None
    }
    fn memory(&self) -> usize {
        1
    }
    fn search(
        &self,
        _: Clock,
        line: &mut dyn Line,
        memory: &mut [f64],
    ) -> Result<Point, SearchFailure> {
        let start = line.start();
        if start.slope >= 0.0 || start.slope.is_nan() {
            return Err(SearchFailure::NoDescent { slope: start.slope });
        }
        let mut step = if memory[0] > 0.0 { 2.0 * memory[0] } else { self.first };
        for _ in 0..60 {
            let point = line.value_and_slope(step);
            if point.value <= start.value + 1e-4 * step * start.slope {
                memory[0] = step;
                return Ok(point);
            }
            step /= 2.0;
        }
        Err(SearchFailure::Exhausted { best: None })
    }
}

/// A problem that is the same at every step, and counts its evaluations.
struct Fixed(Problem);

impl Objective<f64> for Fixed {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }
    fn layout(&self) -> &Layout {
        Objective::<f64>::layout(&self.0)
    }
    fn evaluate(&mut self, parameters: &[f64], ask: Ask<'_, f64>) -> Evaluation {
        self.0.evaluate(parameters, ask)
    }
    fn fixed(&self) -> bool {
        true
    }
}

/// Twenty steps: the parameters, evaluations by step, what was given up, what is remembered.
fn run(
    objective: &mut dyn Objective<f64>,
    updaters: &[Aimed<dyn Updater>],
) -> (Vec<f64>, Vec<usize>, Vec<Option<Fallback>>, MotionState<f64>) {
    let search = Remembering::default().into();
    let motion = Motion::new(&search).updaters(updaters, objective.layout());
    let mut x = vec![-1.0; 6];
    let mut state = MotionState::new(&motion, &x);
    let mut stepper = Stepper::new(objective.layout());
    let (mut evaluations, mut fallbacks, mut clock) = (vec![], vec![], Clock::default());
    for _ in 0..20 {
        let moving = Moving { clock, parameters: &mut x, state: &mut state };
        let (_, outcome) = stepper.step(objective, &motion, moving);
        let known = objective.fixed() && clock.iteration > 0;
        assert_eq!(outcome.evaluations, usize::from(!known) + stepper.points.len());
        evaluations.push(stepper.points.len());
        fallbacks.push(outcome.fallback);
        clock.iteration += 1;
    }
    (x, evaluations, fallbacks, state)
}

#[test]
fn conforms() {
    testkit::search(&Remembering::default());
    testkit::round_trip(&Plugin::<dyn Search>::from(Remembering::default()));
}

#[test]
fn the_first_trial_follows_from_the_last_step() {
    let mut problem = Problem::quadratic(6, 300.0);
    let (x, looks, fallbacks, state) = run(&mut problem, &[]);
    assert!(fallbacks.iter().all(Option::is_none));
    assert!(problem.value(&x) < problem.value(&[-1.0; 6]));
    // From a first trial of 1 it takes nine looks to get below 2/300, later ones start near there.
    assert!(looks[0] > 5 && looks[10..].iter().all(|&n| n < 5), "{looks:?}");
    assert!(state.search[0] > 0.0 && state.search[0] < 0.1);
}

#[test]
fn what_is_known_is_not_evaluated_again() {
    let (mut problem, mut fixed) =
        (Problem::quadratic(6, 300.0), Fixed(Problem::quadratic(6, 300.0)));
    let (x, looks, ..) = run(&mut problem, &[]);
    let (y, ..) = run(&mut fixed, &[]);
    same(&x, &y);
    let all = looks.iter().sum::<usize>();
    assert_eq!((problem.evaluations, fixed.0.evaluations), (all + 20, all + 1));
}

/// A step that was given up takes with it what the updaters remember of it.
#[test]
fn slots_that_led_uphill_are_forgotten() {
    let updaters = [Momentum { momentum: 0.9.into() }.into(), Uphill {}.into()];
    let mut problem = Problem::quadratic(6, 300.0);
    let (x, _, fallbacks, state) = run(&mut problem, &updaters);
    assert!(
        fallbacks.iter().all(|f| matches!(f, Some(Fallback::Ascent { slope }) if *slope > 0.0))
    );
    assert!(state.slots.iter().flatten().flatten().all(|&s| s == 0.0));
    same(&x, &run(&mut Problem::quadratic(6, 300.0), &[]).0);
}

/// What is known belongs to a point: from another one, everything is evaluated.
#[test]
fn parameters_may_be_set_anew() {
    let mut fixed = Fixed(Problem::quadratic(6, 300.0));
    let search = Remembering::default().into();
    let motion = Motion::new(&search);
    let mut x = vec![-1.0; 6];
    let mut state = MotionState::new(&motion, &x);
    let mut stepper = Stepper::new(fixed.layout());
    for start in [-1.0, 2.0, 0.5] {
        x.fill(start);
        let moving = Moving { clock: Clock::default(), parameters: &mut x, state: &mut state };
        let (at, _) = stepper.step(&mut fixed, &motion, moving);
        assert_eq!(at.loss, Some(fixed.0.value(&[start; 6])));
    }
}

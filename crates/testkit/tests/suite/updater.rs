//! The updater check: right ones pass, wrong ones break the rule that is about their fault.

use serde::{Deserialize, Serialize};
use tanren_plugin::*;
use tanren_tensor::{Real, norm};
use tanren_testkit::updater::check;
use tanren_testkit::{Problem, UpdaterOptions, updater};

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    LooksAtThePiece,
    UndeclaredSlot,
    DividesByZero,
    SettlesUndeclared,
    /// It says that every second update does nothing.
    WorksAtRest,
    AveragesUndeclared,
    EvaluationWritesSlots,
    Coarse,
    Reversed,
    /// Right at first, reversed from the second update on.
    ReversedLater,
    /// Only biases go up.
    ReversedBias,
    SettlesUphill,
    EvaluatesUphill,
}

/// v ← 0.9 v + s, s ← v, with a fault; or, per block, s ← s/‖s‖.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Momentum {
    fault: Fault,
    normalized: bool,
}

impl Checked for Momentum {}

#[typetag::serde(name = "testkit/momentum")]
impl Updater for Momentum {
    fn scope(&self) -> Scope {
        if self.normalized { Scope::Block } else { Scope::Element }
    }
    fn slots(&self) -> Vec<SlotSpec> {
        if self.fault == Fault::UndeclaredSlot { vec![] } else { vec![SlotSpec::zero("v")] }
    }
    fn averages(&self) -> bool {
        matches!(self.fault, Fault::EvaluationWritesSlots | Fault::EvaluatesUphill)
    }
    fn settles(&self) -> bool {
        self.fault == Fault::SettlesUphill
    }
    fn rests(&self, clock: Clock) -> bool {
        self.fault == Fault::WorksAtRest && clock.iteration % 2 == 1
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Momentum {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [v] = slots.array();
        let size = norm(step);
        for (v, s) in v.iter_mut().zip(step.iter_mut()) {
            *v = T::of(0.9) * *v + *s;
            if self.fault == Fault::LooksAtThePiece || self.normalized {
                *s = T::of(s.f64() / (size + 1e-8));
            } else {
                *s = *v;
            }
            if self.fault == Fault::DividesByZero {
                *s /= s.abs().sqrt();
            }
            let bias = at.block.is_some_and(|block| block.kind == BlockKind::Bias);
            if match self.fault {
                Fault::Reversed => true,
                Fault::ReversedLater => at.clock.iteration > 0,
                Fault::ReversedBias => bias,
                _ => false,
            } {
                *s = -*s;
            }
            if self.fault == Fault::Coarse && T::NAME == "single" {
                *s *= T::of(1.01);
            }
        }
    }
    fn settle(&self, _: &UpdateAt<'_>, parameters: &mut [T], _: Slots<'_, T>) {
        if self.fault == Fault::SettlesUndeclared {
            parameters[0] *= T::of(0.5);
        }
        if self.fault == Fault::SettlesUphill {
            parameters.iter_mut().for_each(|p| *p *= T::of(1.5));
        }
    }
    fn evaluation(&self, _: &UpdateAt<'_>, parameters: &mut [T], slots: Slots<'_, T>) {
        match self.fault {
            Fault::EvaluatesUphill => parameters.iter_mut().for_each(|p| *p -= T::of(10.0)),
            Fault::AveragesUndeclared => parameters[0] = T::ONE,
            Fault::EvaluationWritesSlots => {
                let [v] = slots.array();
                v[0] = T::ONE;
            }
            _ => {}
        }
    }
}

#[test]
fn right_updaters_pass() {
    updater(&Momentum::default());
    updater(&Momentum { normalized: true, ..Momentum::default() });
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::LooksAtThePiece, "cutting"),
        (Fault::UndeclaredSlot, "panic"),
        (Fault::DividesByZero, "finite"),
        (Fault::SettlesUndeclared, "settles"),
        (Fault::WorksAtRest, "rests"),
        (Fault::AveragesUndeclared, "averages"),
        (Fault::EvaluationWritesSlots, "evaluation"),
        (Fault::Coarse, "precision"),
        (Fault::Reversed, "descent"),
        (Fault::ReversedLater, "descent"),
        (Fault::ReversedBias, "descent"),
        (Fault::SettlesUphill, "descent"),
        (Fault::EvaluatesUphill, "descent"),
    ] {
        let plugin = Momentum { fault, normalized: false };
        let outcome = check(&plugin, &UpdaterOptions::default());
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

/// Goes as far as it is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Rate(f64);

impl Checked for Rate {}

#[typetag::serde(name = "testkit/rate")]
impl Search for Rate {
    fn needs(&self) -> Offers {
        Offers::GRADIENT
    }
    fn rate(&self, _: Clock) -> Option<f64> {
        Some(self.0)
    }
    fn search(&self, _: Clock, line: &mut dyn Line, _: &mut [f64]) -> Result<Point, SearchFailure> {
        Ok(line.value(self.0))
    }
}

/// Made before the motion has its updaters, a state has no slots for them.
#[test]
#[should_panic(expected = "made for another number of updaters")]
fn the_state_of_another_motion_is_refused() {
    let (search, updaters) = (Rate(0.1).into(), [Momentum::default().into()]);
    let (mut problem, mut x) = (Problem::quadratic(2, 3.0), [1.0_f64; 2]);
    let layout = Objective::<f64>::layout(&problem).clone();
    let motion = Motion::new(&search);
    let mut state = MotionState::new(&motion, &x);
    let motion = motion.updaters(&updaters, &layout);
    let moving = Moving { clock: Clock::default(), parameters: &mut x, state: &mut state };
    Stepper::new(&layout).step(&mut problem, &motion, moving);
}

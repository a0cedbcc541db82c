//! The check of stopping rules: right ones pass, wrong ones break the rule that is about their fault.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_testkit::stopping;

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    /// Whatever the run says, lower is taken to be better.
    LowerIsBetter,
    /// An improvement is taken to be a reason to stop.
    Reversed,
    /// After a NaN nothing is an improvement.
    SpoiltByNan,
    PanicsOnNothing,
    StopsAtOnce,
    /// It also looks at a score that it does not name.
    LooksElsewhere,
    Counts,
    /// The verdict after an update depends on how often it was asked.
    CountsUpdates,
    Silent,
}

/// It waits three epochs for a better accuracy.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Wait {
    fault: Fault,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Checked for Wait {}

#[typetag::serde(name = "testkit/wait")]
impl Stopping for Wait {
    fn scores(&self) -> Vec<(Watched, &str)> {
        vec![(Watched::Validation, "accuracy")]
    }
    fn verdict(&self, history: History<'_>) -> Option<Reason> {
        let count = self.asked.fetch_add(1, Ordering::Relaxed);
        let last = history.epochs.last();
        assert!(self.fault != Fault::PanicsOnNothing || last.is_some(), "no epochs");
        let better = match self.fault {
            Fault::LowerIsBetter => Better::Lower,
            _ => history.better("accuracy")?,
        };
        let (mut best, mut waited) = (better.worst(), 0);
        for score in history.validation("accuracy") {
            let improves = match self.fault {
                Fault::Reversed => better.than(best, score),
                Fault::SpoiltByNan => better.than(score, best) || score.is_nan(),
                _ => better.than(score, best),
            };
            (best, waited) = if improves { (score, 0) } else { (best, waited + 1) };
        }
        let other = || history.validation("testkit/other").last().is_some_and(|x| x > 50.0);
        let stops = waited >= 3
            || (self.fault == Fault::StopsAtOnce && last.is_none())
            || (self.fault == Fault::LooksElsewhere && waited > 0 && other())
            || (self.fault == Fault::Counts && waited > 0 && count.is_multiple_of(3));
        let reason = if self.fault == Fault::Silent { "" } else { "no better accuracy" };
        stops.then(|| Reason(reason.into()))
    }
    fn after_update(&self, progress: Progress) -> Option<Reason> {
        let count = self.asked.fetch_add(1, Ordering::Relaxed);
        let stops = self.fault == Fault::CountsUpdates && progress.clock.iteration > 0;
        (stops && count.is_multiple_of(2)).then(|| Reason("every second time".into()))
    }
}

/// A goal instead of patience: it ends a run that is good enough.
#[derive(Debug, Serialize, Deserialize)]
struct Goal {}

impl Checked for Goal {}

#[typetag::serde(name = "testkit/goal")]
impl Stopping for Goal {
    fn verdict(&self, history: History<'_>) -> Option<Reason> {
        let loss = history.epochs.last()?.loss?.0;
        (loss <= 0.1).then(|| Reason("the loss is small enough".into()))
    }
}

fn wait(fault: Fault) -> Wait {
    Wait { fault, ..Wait::default() }
}

#[test]
fn right_rules_pass() {
    stopping(&wait(Fault::None));
    stopping(&Goal {});
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::LowerIsBetter, "improving"),
        (Fault::Reversed, "improving"),
        (Fault::SpoiltByNan, "nan"),
        (Fault::PanicsOnNothing, "panic"),
        (Fault::StopsAtOnce, "empty"),
        (Fault::LooksElsewhere, "scores"),
        (Fault::Counts, "pure"),
        (Fault::CountsUpdates, "updates"),
        (Fault::Silent, "reason"),
    ] {
        let outcome = tanren_testkit::stopping::check(&wait(fault));
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

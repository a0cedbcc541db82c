//! The check of initial schemes: right ones pass, wrong ones break the rule that is about their fault.

use serde::{Deserialize, Serialize};
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_tensor::Draws;
use tanren_testkit::{InitOptions, init_with};

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    ForgetsTheLast,
    Adds,
    Counts,
    /// The variance of the other fan.
    OtherFan,
    /// The standard deviation where the variance should stand.
    Deviation,
    /// Numbers from 0 on.
    Positive,
    Panics,
}

/// Normal numbers of variance 1 / in. Source: `LeCun`, Bottou, Orr, Müller (1998), *Efficient backprop*.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct LeCun {
    fault: Fault,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Checked for LeCun {}

#[typetag::serde(name = "testkit/le-cun")]
impl Init for LeCun {
    fn fill(&self, fan: Fan, rows: usize, draws: &mut Draws, values: &mut [f64]) {
        let units = if self.fault == Fault::OtherFan { fan.outputs } else { fan.inputs };
        let variance = 1.0 / units as f64;
        let deviation = if self.fault == Fault::Deviation { variance } else { variance.sqrt() };
        let count = self.asked.fetch_add(1, Ordering::Relaxed) as f64;
        assert!(self.fault != Fault::Panics || values.len() % rows == 1, "no such block");
        let last = values.len() - usize::from(self.fault == Fault::ForgetsTheLast);
        for value in &mut values[..last] {
            let drawn = deviation * draws.normal();
            *value = match self.fault {
                Fault::Adds if value.is_finite() => *value + drawn,
                Fault::Counts => drawn + 1e-9 * count,
                Fault::Positive => drawn.abs(),
                _ => drawn,
            };
        }
    }
}

fn options() -> InitOptions {
    InitOptions { variance: Some(|fan| 1.0 / fan.inputs as f64), ..InitOptions::default() }
}

fn le_cun(fault: Fault) -> LeCun {
    LeCun { fault, ..LeCun::default() }
}

#[test]
fn right_schemes_pass() {
    init_with(&le_cun(Fault::None), &options());
    tanren_testkit::init(&le_cun(Fault::Positive)); // who states no law need not keep one
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::ForgetsTheLast, "written-whole"),
        (Fault::Adds, "written-whole"),
        (Fault::Counts, "written-whole"),
        (Fault::OtherFan, "variance"),
        (Fault::Deviation, "variance"),
        (Fault::Positive, "variance"),
        (Fault::Panics, "panic"),
    ] {
        let outcome = tanren_testkit::init::check(&le_cun(fault), &options());
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

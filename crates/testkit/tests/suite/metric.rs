//! The metric check: right ones pass, and each wrong one breaks the rule that is about its fault.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::sync::atomic::{AtomicU64, Ordering};
use tanren_plugin::*;
use tanren_tensor::Shape;
use tanren_testkit::metric;

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    /// The share of right classes instead of the mean error.
    Classes,
    WrongDirection,
    IgnoresWeights,
    /// Later columns count more.
    Order,
    /// The best score is that of predictions beside the targets.
    Beside,
    /// The same score for everything.
    Constant,
    PanicsOnNothing,
    InfiniteOnNothing,
    PanicsOnNan,
    Nameless,
    Counts,
}

/// The mean absolute error, or the share of right classes.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Mean {
    fault: Fault,
    #[serde(skip)]
    asked: AtomicU64,
}

impl Checked for Mean {}

#[typetag::serde(name = "testkit/mean")]
impl Metric for Mean {
    fn name(&self) -> Cow<'_, str> {
        if self.fault == Fault::Nameless { "".into() } else { "mean".into() }
    }
    fn better(&self) -> Better {
        match self.fault {
            Fault::WrongDirection | Fault::Classes => Better::Higher,
            _ => Better::Lower,
        }
    }
    fn score(&self, comparison: &Comparison<'_>) -> f64 {
        let (mut sum, mut total) = (0.0, 0.0);
        if self.fault == Fault::Classes {
            for (truth, predicted, weight) in comparison.classes() {
                sum += f64::from(u8::from(truth == predicted)) * weight;
                total += weight;
            }
            return sum / total;
        }
        let Some(columns) = comparison.numbers() else { return f64::NAN };
        for (n, (target, prediction, weight)) in columns.enumerate() {
            let weight = match self.fault {
                Fault::IgnoresWeights => 1.0,
                Fault::Order => weight * (n + 1) as f64,
                _ => weight,
            };
            assert!(self.fault != Fault::PanicsOnNan || !prediction[0].is_nan(), "a NaN");
            let off = if self.fault == Fault::Beside { 0.1 } else { 0.0 };
            let error = |(t, p): (&f64, &f64)| (p - t - off).abs();
            sum += weight * target.iter().zip(prediction).map(error).sum::<f64>();
            total += weight;
        }
        assert!(self.fault != Fault::PanicsOnNothing || total > 0.0, "nothing");
        match self.fault {
            Fault::Constant => 1.0,
            Fault::InfiniteOnNothing => (sum + 1e-9) / total,
            Fault::Counts => sum / total + 1e-9 * self.asked.fetch_add(1, Ordering::Relaxed) as f64,
            _ => sum / total,
        }
    }
}

fn mean(fault: Fault) -> Mean {
    Mean { fault, ..Mean::default() }
}

#[test]
fn right_metrics_pass() {
    metric(&mean(Fault::None), &[Shape::vector(1), Shape::vector(3), Shape::sequence(2)]);
    let sequence = Shape { sequence: true, ..Shape::index(4) };
    metric(&mean(Fault::Classes), &[Shape::index(2), Shape::index(5), sequence]);
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::WrongDirection, "perfect"),
        (Fault::IgnoresWeights, "weights"),
        (Fault::Order, "weights"),
        (Fault::Beside, "perfect"),
        (Fault::Constant, "direction"),
        (Fault::PanicsOnNothing, "panic"),
        (Fault::InfiniteOnNothing, "empty"),
        (Fault::PanicsOnNan, "panic"),
        (Fault::Nameless, "name"),
        (Fault::Counts, "pure"),
    ] {
        let outcome = tanren_testkit::metric::check(&mean(fault), &[Shape::vector(1)]);
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

//! The loss check: right ones pass, wrong ones break the rule that is about their fault.

use serde::{Deserialize, Serialize};
use tanren_plugin::*;
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, log_sum_exp};
use tanren_testkit::loss::check;
use tanren_testkit::{LossOptions, loss};

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    Factor,
    IgnoresWeight,
    OtherColumns,
    NaiveExponential,
    NoLink,
    Unwritten,
    ValueOnlyWithGradient,
    IndexOffByOne,
}

/// l = −Σ t ln softmax(z), with a fault.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Entropy {
    fault: Fault,
}

impl Checked for Entropy {}

#[typetag::serde(name = "testkit/entropy")]
impl Loss for Entropy {
    fn link(&self) -> Link {
        Link::Softmax
    }
    fn domain(&self) -> Domain {
        Domain::Distribution
    }
    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        Ok(target.features)
    }
    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for Entropy {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        let k = outputs.features();
        for (n, z) in outputs.iter().enumerate() {
            let target = |i: usize| match &targets {
                Input::Dense(t) => t.column(n)[i].f64(),
                Input::Indices(t) => {
                    let off = usize::from(self.fault == Fault::IndexOffByOne);
                    f64::from(u8::from((t.data[n] as usize + off) % k == i))
                }
            };
            let all = if self.fault == Fault::NaiveExponential {
                z.iter().map(|z| z.f64().exp()).sum::<f64>().ln()
            } else {
                log_sum_exp(z)
            };
            values[n] = (0..k).map(|i| target(i) * (all - z[i].f64())).sum();
            if self.fault == Fault::OtherColumns {
                values[n] += outputs.column(0)[0].f64();
            }
            if self.fault == Fault::ValueOnlyWithGradient && gradient.is_none() {
                values[n] = 0.0;
            }
            let Some(LossGradient { weights, out }) = &mut gradient else { continue };
            let w = match self.fault {
                Fault::IgnoresWeight => weights[n].f64().max(1e-3),
                Fault::Factor => 2.0 * weights[n].f64(),
                _ => weights[n].f64(),
            };
            let last = if self.fault == Fault::Unwritten { k - 1 } else { k };
            for (i, g) in out.column(n).iter_mut().enumerate().take(last) {
                *g = T::of(w * ((z[i].f64() - all).exp() - target(i)));
            }
        }
    }
    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        for (z, p) in outputs.iter().zip(predictions.iter_mut()) {
            let all = if self.fault == Fault::NoLink { 0.0 } else { log_sum_exp(z) };
            for (z, p) in z.iter().zip(p) {
                *p = T::of((z.f64() - all).exp().min(1.0));
            }
        }
    }
}

const SHAPES: [Shape; 2] = [Shape::index(3), Shape::vector(3)];

#[test]
fn a_right_loss_passes() {
    loss(&Entropy::default(), &SHAPES);
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::Factor, "gradient"),
        (Fault::IgnoresWeight, "weight-0"),
        (Fault::OtherColumns, "gradient"),
        (Fault::NaiveExponential, "finite"),
        (Fault::NoLink, "link"),
        (Fault::Unwritten, "finite"),
        (Fault::ValueOnlyWithGradient, "values"),
        (Fault::IndexOffByOne, "one-hot"),
    ] {
        let outcome = check(&Entropy { fault }, &SHAPES, &LossOptions::default());
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

/// l = Σ |z − t|, which has kinks that random outputs never meet, and may lose missing targets.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
struct Absolute {
    smooth: bool,
    #[serde(skip)]
    separable: Option<Reduction>,
    masks: bool,
}

impl Default for Absolute {
    fn default() -> Self {
        Self { smooth: false, separable: None, masks: true }
    }
}

impl Checked for Absolute {}

#[typetag::serde(name = "testkit/absolute")]
impl Loss for Absolute {
    fn link(&self) -> Link {
        Link::Identity
    }
    fn domain(&self) -> Domain {
        Domain::Real
    }
    fn smooth(&self) -> bool {
        self.smooth
    }
    fn separable(&self) -> Option<Reduction> {
        self.separable
    }
    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        Ok(target.features)
    }
    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for Absolute {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        let targets = targets.dense();
        for (n, (z, t)) in outputs.iter().zip(targets.iter()).enumerate() {
            let here = |t: &T| !(self.masks && t.f64().is_nan());
            let terms = z.iter().zip(t).filter(|(_, t)| here(t));
            values[n] = terms.map(|(z, t)| (z.f64() - t.f64()).abs()).sum();
            if let Some(LossGradient { weights, out }) = &mut gradient {
                for ((g, z), t) in out.column(n).iter_mut().zip(z).zip(t) {
                    let d = *z - *t;
                    let none = d == T::ZERO || !here(t);
                    let sign = if none { T::ZERO } else { d.signum() };
                    *g = weights[n] * sign;
                }
            }
        }
    }
    fn predict(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>) {
        predictions.into_data().copy_from_slice(outputs.data());
    }
}

#[test]
fn a_kink_at_the_target_is_found() {
    loss(&Absolute::default(), &[Shape::vector(2)]);
    let smooth = Absolute { smooth: true, ..Absolute::default() };
    let outcome = check(&smooth, &[Shape::vector(2)], &LossOptions::default());
    assert_eq!(outcome.unwrap_err().rule, "smooth");
}

#[test]
fn terms_that_are_not_what_is_declared_are_found() {
    let of = |separable, masks| Absolute { separable: Some(separable), masks, smooth: false };
    loss(&of(Reduction::Sum, true), &[Shape::vector(2), Shape::sequence(3)]);
    for (wrong, rule) in
        [(of(Reduction::Mean, true), "separable"), (of(Reduction::Sum, false), "finite")]
    {
        let outcome = check(&wrong, &[Shape::vector(2)], &LossOptions::default());
        assert_eq!(outcome.unwrap_err().rule, rule);
    }
}

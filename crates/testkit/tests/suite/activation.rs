//! The activation check: right ones pass, wrong ones break the rule that is about their fault.

use serde::{Deserialize, Serialize};
use tanren_plugin::*;
use tanren_tensor::Real;
use tanren_testkit::activation::check;
use tanren_testkit::{activation, round_trip};

/// Functions with right and wrong derivatives and facts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Form {
    #[default]
    Softsign,
    WrongFarOut,
    WrongOnlyNegative,
    Ramp,
    RampDeclaredSmooth,
    HiddenKinkDeclaredSmooth,
    RangeTooNarrow,
    SaturationTooWide,
    WithheldInput,
    Overwrites,
    DependsOnPosition,
    Coarse,
}

#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Squash {
    form: Form,
}

impl Squash {
    fn ramp(&self) -> bool {
        use Form::*;
        matches!(self.form, Ramp | RampDeclaredSmooth | HiddenKinkDeclaredSmooth)
    }
    fn border(&self) -> f64 {
        if self.form == Form::HiddenKinkDeclaredSmooth { 1.234_567_8 } else { 1.0 }
    }
}

impl Checked for Squash {}

#[typetag::serde(name = "testkit/squash")]
impl Activation for Squash {
    fn facts(&self) -> Facts {
        let range = match self.form {
            Form::RangeTooNarrow => (-0.9, 0.9),
            _ if self.ramp() => (-self.border(), self.border()),
            _ => (-1.0, 1.0),
        };
        let saturation = (self.form == Form::SaturationTooWide).then_some((-0.1, 0.1));
        Facts { smooth: self.form != Form::Ramp, range, saturation, ..Facts::default() }
    }
    fn needs_input(&self) -> bool {
        self.form == Form::WrongFarOut
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl ScalarFunction for Squash {
    fn apply<T: Real>(&self, x: &mut [T]) {
        let (border, count) = (T::of(self.border()), x.len());
        for (i, x) in x.iter_mut().enumerate() {
            *x = if self.ramp() { x.max(-border).min(border) } else { *x / (T::ONE + x.abs()) };
            match self.form {
                Form::DependsOnPosition if count > 4 && i + 4 > count => *x *= T::of(1.0 + 1e-7),
                Form::Coarse if T::NAME == "single" => *x *= T::of(0.999),
                _ => {}
            }
        }
    }
    fn differentiate<T: Real>(&self, x: &[T], y: &[T], dy: &mut [T]) {
        let mut first = T::ZERO;
        if self.form == Form::WithheldInput && !x.is_empty() {
            first = x[0];
        }
        for (i, (dy, &y)) in dy.iter_mut().zip(y).enumerate() {
            let rest = T::ONE - y.abs();
            let mut slope = if !self.ramp() {
                rest * rest
            } else if y.abs() < T::of(self.border()) {
                T::ONE
            } else {
                T::ZERO
            };
            match self.form {
                Form::WrongFarOut if x[i].abs() > T::of(500.0) => slope = T::of(1e-3),
                Form::WrongOnlyNegative if y < T::ZERO => slope *= T::of(1.001),
                Form::WithheldInput if x.is_empty() => slope = T::ZERO,
                _ => {}
            }
            *dy = if self.form == Form::Overwrites { slope } else { *dy * slope } + first;
        }
    }
}

#[test]
fn right_activations_pass() {
    activation(&Squash::default());
    activation(&Squash { form: Form::Ramp });
    round_trip(&Plugin::<dyn Activation>::from(Squash { form: Form::Ramp }));
}

#[test]
fn each_fault_breaks_its_rule() {
    for (form, rule) in [
        (Form::WrongFarOut, "gradient"),
        (Form::WrongOnlyNegative, "gradient"),
        (Form::RampDeclaredSmooth, "smooth"),
        (Form::HiddenKinkDeclaredSmooth, "smooth"),
        (Form::RangeTooNarrow, "range"),
        (Form::SaturationTooWide, "saturation"),
        (Form::WithheldInput, "gradient"),
        (Form::Overwrites, "multiplies"),
        (Form::DependsOnPosition, "element-wise"),
        (Form::Coarse, "precision"),
    ] {
        let failure = check(&Squash { form }).expect_err(&format!("{form:?} passes"));
        assert_eq!(failure.rule, rule, "{form:?}: {failure}");
    }
}

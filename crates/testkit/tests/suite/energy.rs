//! The check of energy models: right ones pass, wrong ones break the rule that is about their fault.

use crate::layer::Nought;
use serde::{Deserialize, Serialize};
use tanren_plugin::tensor::{Extent, Input, Shape, ShapeError, Write, add_scaled};
use tanren_plugin::*;
use tanren_tensor::Real;
use tanren_testkit::energy;

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    /// A gradient only, though it says that there is a value.
    NoValue,
    /// A value, though it says that there is none.
    Value,
    Uphill,
    WrongGradient,
    IgnoresAdd,
    Unwritten,
    Scratch,
    FreeEnergyOfAll,
}

/// F(v) = ½ ‖v − a‖² − ½ ‖½ − a‖²: the second term stands for what the model holds possible. Its value
/// is the mean of F over the data.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(default)]
struct Center {
    fault: Fault,
    gradient_only: bool,
}

impl Checked for Center {}

#[typetag::serde(name = "testkit/energy")]
impl Layer for Center {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(inputs[0])
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let active = Active::Pretraining;
        let spec = ParamSpec::new("a", BlockKind::Bias, (inputs[0].features, 1), Nought {});
        vec![ParamSpec { active, ..spec }]
    }
    fn memory(&self, _: &[Shape], _: Extent) -> Memory {
        Memory { tape: 0, scratch: 1 }
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn energy(&self) -> Option<Energy<'_>> {
        let none = self.gradient_only || self.fault == Fault::Value;
        Some(Energy { value: !none, kernels: EnergyKernels::of(self) })
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Center {
    fn forward(&self, mut pass: Forward<'_, T>) {
        pass.output.data().copy_from_slice(pass.inputs[0].dense().data());
    }
    fn backward(&self, mut pass: Backward<'_, T>) {
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            add_scaled(write, T::ONE, pass.upstream.data(), dx.data());
        }
    }
}

fn free<T: Real>(v: &[T], a: &[T]) -> f64 {
    let each = v.iter().zip(a).map(|(v, a)| (v.f64() - a.f64()).powi(2) - (0.5 - a.f64()).powi(2));
    0.5 * each.sum::<f64>()
}

impl<T: Real> EnergyKernel<T> for Center {
    fn contrast(&self, pass: Contrast<'_, T>) -> Option<f64> {
        let (v, a) = (pass.visible.dense(), pass.params.slice(0));
        let each = v.iter().zip(pass.weights).map(|(v, w)| w.f64() * free(v, a));
        let mut value = each.sum::<f64>();
        if self.fault == Fault::Scratch {
            value += pass.scratch[0].f64();
        }
        let mut grads = pass.grads;
        if let Some((write, g)) = grads.as_mut().and_then(|grads| grads.slice(0)) {
            let adds = write == Write::Add && self.fault != Fault::IgnoresAdd;
            let factor = match self.fault {
                Fault::Uphill => -T::ONE,
                Fault::WrongGradient => T::of(0.9),
                _ => T::ONE,
            };
            for (k, g) in g.iter_mut().enumerate().skip(usize::from(self.fault == Fault::Unwritten))
            {
                // ∂F/∂a = −(v − a) + (½ − a)
                let own = v.iter().zip(pass.weights).map(|(v, &w)| w * (T::of(0.5) - v[k]));
                let own = factor * own.fold(T::ZERO, |sum, x| sum + x);
                *g = if adds { *g + own } else { own };
            }
        }
        (!self.gradient_only && self.fault != Fault::NoValue).then_some(value)
    }

    fn free_energy(
        &self,
        params: &Params<'_, T>,
        visible: Input<'_, T>,
        _: &mut [T],
        values: &mut [f64],
    ) {
        let columns = visible.dense();
        columns.iter().zip(&mut *values).for_each(|(v, value)| *value = free(v, params.slice(0)));
        if self.fault == Fault::FreeEnergyOfAll {
            values[0] = values.iter().sum();
        }
    }
}

#[test]
fn right_models_pass() {
    for gradient_only in [false, true] {
        energy(&Center { gradient_only, ..Center::default() }, Shape::vector(4));
    }
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, gradient_only, rule) in [
        (Fault::NoValue, false, "value"),
        (Fault::Value, false, "value"),
        (Fault::Uphill, true, "learns"),
        (Fault::Uphill, false, "gradient"),
        (Fault::WrongGradient, false, "gradient"),
        (Fault::IgnoresAdd, false, "add"),
        (Fault::Unwritten, false, "written-whole"),
        (Fault::Scratch, false, "written-whole"),
        (Fault::FreeEnergyOfAll, false, "independent"),
    ] {
        let outcome =
            tanren_testkit::energy::check(&Center { fault, gradient_only }, Shape::vector(4));
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

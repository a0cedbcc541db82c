//! The layer check of recurrent layers: a right one passes, and each leak breaks the rule about it.

use crate::layer::Nought;
use serde::{Deserialize, Serialize};
use tanren_plugin::tensor::{Extent, Shape, ShapeError, Write};
use tanren_plugin::*;
use tanren_tensor::{Real, Signal, add_scaled};
use tanren_testkit::layer::check;
use tanren_testkit::{LayerOptions, layer};

/// What is wrong with a [`Leaky`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Leak {
    #[default]
    None,
    IgnoresCarry,
    IgnoresAfter,
    IgnoresPadding,
    ForgetsTimeInGradient,
}

/// hₜ = a hₜ₋₁ + xₜ, feature by feature, where a column of weight 0 keeps h. Every step's output
/// is h.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Leaky {
    leak: Leak,
}

impl Checked for Leaky {}

#[typetag::serde(name = "testkit/leaky")]
impl Layer for Leaky {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(inputs[0])
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let n = inputs[0].features;
        vec![ParamSpec::new("a", BlockKind::Recurrent, (n, 1), Nought {})]
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        Memory { tape: 0, scratch: inputs[0].features * extent.examples }
    }
    fn carry(&self, inputs: &[Shape]) -> usize {
        inputs[0].features
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Leaky {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let x: Signal<'_, T> = pass.inputs[0].dense();
        let (f, examples) = (x.features(), pass.pass.extent.examples);
        let (width, a) = (f * examples, pass.params.slice(0));
        let h = pass.scratch;
        h.fill(T::ZERO);
        if let Some(carry) = pass.carry.as_ref().filter(|_| self.leak != Leak::IgnoresCarry) {
            tensor::mat_mut(h, f, examples).copy_from(&carry.incoming);
        }
        for t in 0..pass.pass.extent.steps {
            for (i, h) in h.iter_mut().enumerate() {
                let column = t * examples + i / f;
                let weight = pass.pass.weights.columns.map_or(T::ONE, |w| w[column]);
                if weight != T::ZERO || self.leak == Leak::IgnoresPadding {
                    *h = a[i % f] * *h + x.data()[t * width + i];
                }
            }
            pass.output.data()[t * width..(t + 1) * width].copy_from_slice(h);
            let now = |after| after == t + 1 || self.leak == Leak::IgnoresAfter;
            if let Some(carry) = pass.carry.as_mut().filter(|carry| now(carry.after)) {
                carry.outgoing.copy_from(&tensor::mat(h, f, examples));
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (f, examples) = (pass.output.features(), pass.pass.extent.examples);
        let width = f * examples;
        let dh = pass.scratch;
        dh.fill(T::ZERO);
        let a = pass.params.slice(0);
        if let Some((Write::Overwrite, g)) = pass.grads.slice(0) {
            g.fill(T::ZERO);
        }
        for t in (0..pass.pass.extent.steps).rev() {
            let mut dx = pass.downstream.get(0);
            let mut da = pass.grads.slice(0);
            for (i, dh) in dh.iter_mut().enumerate() {
                let k = t * width + i;
                *dh += pass.upstream.data()[k];
                let weight = pass.pass.weights.columns.map_or(T::ONE, |w| w[t * examples + i / f]);
                let live = weight != T::ZERO;
                if let Some((write, dx)) = &mut dx {
                    let g = if live { *dh } else { T::ZERO };
                    add_scaled(*write, T::ONE, &[g], &mut dx.data()[k..=k]);
                }
                if live {
                    let before = match (t, pass.carry) {
                        (0, None) => T::ZERO,
                        (0, Some(carry)) => carry[(i % f, i / f)],
                        _ => pass.output.data()[k - width],
                    };
                    if let Some((_, da)) = &mut da {
                        da[i % f] += *dh * before;
                    }
                    *dh *= a[i % f];
                    if self.leak == Leak::ForgetsTimeInGradient {
                        *dh = T::ZERO;
                    }
                }
            }
        }
    }
}

#[test]
fn a_right_recurrence_passes() {
    layer(&Leaky::default(), &[Shape::sequence(2)]);
}

#[test]
fn each_leak_breaks_its_rule() {
    for (leak, rule) in [
        (Leak::IgnoresCarry, "gradient"),
        (Leak::IgnoresAfter, "carry"),
        (Leak::ForgetsTimeInGradient, "gradient"),
    ] {
        let outcome = check(&Leaky { leak }, &[Shape::sequence(2)], &LayerOptions::default());
        let failure = outcome.expect_err(&format!("{leak:?} passes"));
        assert_eq!(failure.rule, rule, "{leak:?}: {failure}");
    }
    let options = LayerOptions { cases: 1, ..LayerOptions::default() };
    let outcome = check(&Leaky { leak: Leak::IgnoresPadding }, &[Shape::sequence(2)], &options);
    assert_eq!(outcome.expect_err("padding ignored").rule, "carry");
}

//! The layer check: right layers pass, and each wrong one breaks the rule that is about its fault.

use serde::{Deserialize, Serialize};
use tanren_plugin::tensor::{
    Extent, Shape, ShapeError, Write, add_columns, add_scaled, gemm, transposed,
};
use tanren_plugin::*;
use tanren_tensor::{Real, Signal};
use tanren_testkit::layer::check;
use tanren_testkit::{Failure, LayerOptions, layer, round_trip};

/// Zeros: the checks fill blocks themselves.
#[derive(Debug, Serialize, Deserialize)]
struct Nought {}

impl Checked for Nought {}

#[typetag::serde(name = "test/nought")]
impl Init for Nought {
    fn fill(&self, _: Fan, _: usize, _: &mut tanren_tensor::Draws, values: &mut [f64]) {
        values.fill(0.0);
    }
}

/// What is wrong with an [`Affine`].
#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Fault {
    #[default]
    None,
    Factor,
    Unwritten,
    UnwrittenGradient,
    IgnoresAdd,
    ReadsOverwrite,
    OtherColumns,
    KinkDeclaredSmooth,
    KinkDeclared,
    AssumesPlain,
    Single,
    Range,
    Greedy,
    Scratch,
}

/// y = W x + b, squashed or rectified, with a fault.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Affine {
    fault: Fault,
}

impl Checked for Affine {}

#[typetag::serde(name = "testkit/affine")]
impl Layer for Affine {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(inputs[0].with_features(3))
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let n = inputs[0].features;
        vec![
            ParamSpec::new("weight", BlockKind::Weight, (3, n), Nought {}),
            ParamSpec::new("bias", BlockKind::Bias, (3, 1), Nought {}),
        ]
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        Memory { tape: 0, scratch: 3 * extent.columns(inputs[0]) }
    }
    fn facts(&self) -> Facts {
        let range = if self.fault == Fault::Range { (0.0, 1.0) } else { Facts::default().range };
        Facts { smooth: self.fault != Fault::KinkDeclared, range, ..Facts::default() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl Affine {
    fn kinked(&self) -> bool {
        matches!(self.fault, Fault::KinkDeclaredSmooth | Fault::KinkDeclared)
    }
}

impl<T: Real> LayerKernel<T> for Affine {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let x = pass.inputs[0].dense();
        let w = if self.fault == Fault::AssumesPlain {
            tensor::mat(pass.params.slice(0), 3, x.features())
        } else {
            pass.params.matrix(0)
        };
        gemm(Write::Overwrite, w, x.matrix(), pass.output.matrix());
        for y in pass.output.iter_mut() {
            add_scaled(Write::Add, T::ONE, pass.params.slice(1), y);
        }
        let y = pass.output.data();
        match self.fault {
            Fault::OtherColumns => y[0] += y[y.len() - 1],
            Fault::Single if T::NAME == "single" => y[0] += T::of(0.01),
            Fault::Scratch => y[0] += pass.scratch[0],
            // Every output lies on its kink, 1e-6 beside it.
            _ if self.kinked() => {
                let beside = y.to_vec();
                for (y, b) in y.iter_mut().zip(beside) {
                    *y = (b * T::of(1e3)).round() / T::of(1e3) + (b - b.round()).abs();
                }
            }
            _ => {}
        }
        if self.fault == Fault::Unwritten {
            // As if one number had been forgotten: NaN stays, anything else stays.
            let garbage = pass.scratch[0];
            pass.output.data()[1] = garbage;
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let x = pass.inputs[0].dense();
        let factor = if self.fault == Fault::Factor { T::of(0.5) } else { T::ONE };
        pass.upstream.data().iter_mut().for_each(|g| *g *= factor);
        if self.fault == Fault::OtherColumns {
            let n = pass.upstream.data().len() - 1;
            let first = pass.upstream.data()[0];
            pass.upstream.data()[n] += first;
        }
        let changed = |write| match (self.fault, write) {
            (Fault::IgnoresAdd, _) => Write::Overwrite,
            (Fault::ReadsOverwrite, _) => Write::Add,
            (_, write) => write,
        };
        if self.fault == Fault::Greedy && pass.grads.matrix(1).is_none() {
            return;
        }
        if let Some((write, g)) = pass.grads.matrix(0) {
            gemm(changed(write), pass.upstream.read().matrix(), transposed(x.matrix()), g);
        }
        if let Some((write, g)) = pass.grads.slice(1) {
            add_columns(write, pass.upstream.read(), g);
            if self.fault == Fault::UnwrittenGradient {
                g[1] = T::of(f64::NAN);
            }
        }
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            let w = transposed(pass.params.matrix(0));
            gemm(write, w, pass.upstream.read().matrix(), dx.matrix());
        }
    }
}

fn broken(fault: Fault) -> Failure {
    let options = LayerOptions::default();
    match check(&Affine { fault }, &[Shape::vector(4)], &options) {
        Err(failure) => failure,
        Ok(()) => panic!("{fault:?} passes"),
    }
}

#[test]
fn a_right_layer_passes_with_and_without_time() {
    layer(&Affine::default(), &[Shape::vector(4)]);
    layer(&Affine::default(), &[Shape::sequence(2)]);
    round_trip(&Plugin::<dyn Layer>::from(Affine::default()));
}

#[test]
fn each_fault_breaks_its_rule() {
    for (fault, rule) in [
        (Fault::Factor, "gradient"),
        (Fault::Unwritten, "written-whole"),
        (Fault::UnwrittenGradient, "written-whole"),
        (Fault::Scratch, "written-whole"),
        (Fault::IgnoresAdd, "add"),
        (Fault::ReadsOverwrite, "written-whole"),
        (Fault::OtherColumns, "independent"),
        (Fault::AssumesPlain, "transposed"),
        (Fault::Single, "precision"),
        (Fault::Range, "range"),
        (Fault::Greedy, "written-whole"),
    ] {
        let failure = broken(fault);
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

#[test]
fn failures_name_the_place_and_the_numbers() {
    let text = broken(Fault::Factor).to_string();
    for part in ["case 0", "input 0", "`weight` at 4..16", "coordinate 0", "analytic", "numeric"] {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
}

#[test]
#[should_panic(expected = "rule `gradient` is broken")]
fn the_assertion_panics() {
    layer(&Affine { fault: Fault::Factor }, &[Shape::vector(4)]);
}

#[test]
fn kinks_are_not_excused_wholesale() {
    let failure = broken(Fault::KinkDeclaredSmooth);
    assert!(["smooth", "gradient"].contains(&failure.rule), "{failure}");
    let failure = broken(Fault::KinkDeclared);
    assert!(["kinks", "gradient"].contains(&failure.rule), "{failure}");
}

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

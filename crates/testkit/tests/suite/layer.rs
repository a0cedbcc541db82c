//! The layer check: right layers pass, and each wrong one breaks the rule that is about its fault.

use serde::{Deserialize, Serialize};
use tanren_plugin::tensor::{
    Extent, Shape, ShapeError, Write, add_columns, add_scaled, gemm, transposed,
};
use tanren_plugin::*;
use tanren_tensor::Real;
use tanren_testkit::layer::check;
use tanren_testkit::{Failure, LayerOptions, layer, round_trip};

/// Zeros: the checks fill blocks themselves.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Nought {}

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
    /// max(0, W x + b), declared smooth.
    RectifierDeclaredSmooth,
    /// A kink at 8, where few inputs come.
    CapDeclaredSmooth,
    AssumesPlain,
    OwnProduct,
    OwnTransposed,
    OwnOuter,
    Single,
    Range,
    /// Training gives other outputs than prediction.
    Disturbs,
    Greedy,
    Scratch,
    /// The tape is shorter than the backward pass takes it to be.
    Overruns,
    /// `check` refuses it.
    OutOfRange,
}

/// y = W x + b, squashed or rectified, with a fault.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Affine {
    fault: Fault,
}

impl Checked for Affine {
    fn check(&self) -> Result<(), SettingError> {
        let wrong = self.fault == Fault::OutOfRange;
        SettingError::unless(!wrong, "fault", "another one", "this one")
    }
}

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
        let plain = tensor::mat(pass.params.slice(0), 3, x.features());
        let w = if self.fault == Fault::AssumesPlain { plain } else { pass.params.matrix(0) };
        match self.fault {
            Fault::AssumesPlain | Fault::OwnProduct => {
                gemm(Write::Overwrite, w, x.matrix(), pass.output.matrix());
            }
            _ => pass.params.times(0, Write::Overwrite, x, &mut pass.output),
        }
        for y in pass.output.iter_mut() {
            add_scaled(Write::Add, T::ONE, pass.params.slice(1), y);
        }
        let y = pass.output.data();
        match self.fault {
            Fault::OtherColumns => y[0] += y[y.len() - 1],
            Fault::Single if T::NAME == "single" => y[0] += T::of(0.01),
            Fault::Disturbs if pass.pass.mode == Mode::Training => y[0] += T::of(0.5),
            Fault::Scratch => y[0] += pass.scratch[0],
            Fault::RectifierDeclaredSmooth => y.iter_mut().for_each(|y| *y = y.max(T::ZERO)),
            Fault::CapDeclaredSmooth => y.iter_mut().for_each(|y| *y = y.min(T::of(8.0))),
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
        if self.fault == Fault::Overruns {
            pass.tape[0] = T::ONE;
        }
        let factor = if self.fault == Fault::Factor { T::of(0.5) } else { T::ONE };
        pass.upstream.data().iter_mut().for_each(|g| *g *= factor);
        for (g, &y) in pass.upstream.data().iter_mut().zip(pass.output.data()) {
            if match self.fault {
                Fault::RectifierDeclaredSmooth => y == T::ZERO,
                Fault::CapDeclaredSmooth => y == T::of(8.0),
                _ => false,
            } {
                *g = T::ZERO;
            }
        }
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
            let (write, dy) = (changed(write), pass.upstream.read().matrix());
            match self.fault {
                Fault::OwnOuter => gemm(write, dy, transposed(x.matrix()), g),
                _ => pass.pass.outer(write, dy, x.matrix(), g),
            }
        }
        if let Some((write, g)) = pass.grads.slice(1) {
            add_columns(write, pass.upstream.read(), g);
            if self.fault == Fault::UnwrittenGradient {
                g[1] = T::of(f64::NAN);
            }
        }
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            let (w, dy) = (transposed(pass.params.matrix(0)), pass.upstream.read());
            match self.fault {
                Fault::OwnTransposed => gemm(write, w, dy.matrix(), dx.matrix()),
                _ => pass.params.transposed_times(0, write, dy, &mut dx),
            }
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
        (Fault::OwnProduct, "products"),
        (Fault::OwnTransposed, "products"),
        (Fault::OwnOuter, "products"),
        (Fault::Single, "precision"),
        (Fault::Range, "range"),
        (Fault::Disturbs, "disturbs"),
        (Fault::Greedy, "written-whole"),
        (Fault::RectifierDeclaredSmooth, "smooth"),
        (Fault::CapDeclaredSmooth, "smooth"),
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

/// A panic says where it was; a setting out of its range is said before anything is run.
#[test]
fn panics_have_a_place() {
    let failure = broken(Fault::Overruns);
    assert_eq!(failure.rule, "panic", "{failure}");
    let said = failure.message;
    assert!(said.contains("backward pass, with a tape of 0 and a scratch of 3 numbers"), "{said}");
    assert_eq!(broken(Fault::OutOfRange).rule, "settings");
}

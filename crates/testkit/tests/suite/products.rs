//! A layer of two weights that multiplies by the second itself is caught, and so is a term that is needed.

use crate::layer::Nought;
use serde::{Deserialize, Serialize};
use tanren_plugin::tensor::{Extent, Shape, ShapeError, Write, gemm, transposed};
use tanren_plugin::*;
use tanren_tensor::Real;
use tanren_testkit::layer::check;
use tanren_testkit::{LayerOptions, layer};

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    Times,
    Transposed,
    Outer,
    /// Without a place for its term it writes no output.
    Term,
}

/// y = W x + V x, with the term Σ y; what is wrong is with V.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
struct Twice {
    fault: Fault,
}

impl Checked for Twice {}

#[typetag::serde(name = "testkit/twice")]
impl Layer for Twice {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(inputs[0].with_features(3))
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let n = inputs[0].features;
        ["w", "v"].map(|w| ParamSpec::new(w, BlockKind::Weight, (3, n), Nought {})).into()
    }
    fn memory(&self, _: &[Shape], _: Extent) -> Memory {
        Memory::default()
    }
    fn term(&self) -> Option<f64> {
        Some(1.0)
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Twice {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let x = pass.inputs[0].dense();
        if self.fault == Fault::Term && pass.term.is_empty() {
            return pass.output.data().fill(T::ZERO);
        }
        pass.params.times(0, Write::Overwrite, x, &mut pass.output);
        match self.fault {
            Fault::Times => {
                gemm(Write::Add, pass.params.matrix(1), x.matrix(), pass.output.matrix());
            }
            _ => pass.params.times(1, Write::Add, x, &mut pass.output),
        }
        for (value, y) in pass.term.iter_mut().zip(pass.output.iter_mut()) {
            *value = y.iter().map(|y| y.f64()).sum();
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        for (dy, &w) in pass.upstream.iter_mut().zip(pass.term) {
            dy.iter_mut().for_each(|dy| *dy += w);
        }
        let (x, dy) = (pass.inputs[0].dense().matrix(), pass.upstream.read());
        for i in [0, 1] {
            if let Some((write, dw)) = pass.grads.matrix(i) {
                match (i, self.fault) {
                    (1, Fault::Outer) => gemm(write, dy.matrix(), transposed(x), dw),
                    _ => pass.pass.outer(write, dy.matrix(), x, dw),
                }
            }
        }
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            pass.params.transposed_times(0, write, dy, &mut dx);
            let v = transposed(pass.params.matrix(1));
            match self.fault {
                Fault::Transposed => gemm(Write::Add, v, dy.matrix(), dx.matrix()),
                _ => pass.params.transposed_times(1, Write::Add, dy, &mut dx),
            }
        }
    }
}

#[test]
fn each_fault_breaks_its_rule() {
    layer(&Twice::default(), &[Shape::vector(4)]);
    layer(&Twice::default(), &[Shape::sequence(2)]);
    for (fault, rule) in [
        (Fault::Times, "products"),
        (Fault::Transposed, "products"),
        (Fault::Outer, "products"),
        (Fault::Term, "inner"),
    ] {
        let outcome = check(&Twice { fault }, &[Shape::vector(4)], &LayerOptions::default());
        let failure = outcome.expect_err(&format!("{fault:?} passes"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
        assert!(fault == Fault::Term || failure.message.contains("`v`"), "{failure}");
    }
}

//! `acme/embedding`: yₙ = column xₙ of W, for indices x; ∂W gets ∂yₙ added to that column.
//!
//! W units × levels. Source: Bengio, Ducharme, Vincent, Jauvin (2003), *A neural probabilistic
//! language model*. Proves index inputs, with and without time, and scattered gradients.

use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, XavierNormal};
use tanren_losses::CrossEntropy;
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Backward, BlockKind, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, ParamSpec,
    Plugin,
};
use tanren_tensor::{Input, Real, Shape, ShapeError, Write};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Embedding {
    units: usize,
}

impl Checked for Embedding {}

#[typetag::serde(name = "acme/embedding")]
impl Layer for Embedding {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if x.indices => Ok(x.with_features(self.units)),
            _ => Err(ShapeError::new("one input of indices", format!("{inputs:?}"))),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let shape = (self.units, inputs[0].features);
        vec![ParamSpec::new("weight", BlockKind::Weight, shape, XavierNormal {})]
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Embedding {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (Input::Indices(x), w) = (pass.inputs[0], pass.params.matrix(0)) else { return };
        for (y, &i) in pass.output.iter_mut().zip(x.data) {
            y.iter_mut().zip(w.column(i as usize).iter()).for_each(|(y, &w)| *y = w);
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let Input::Indices(x) = pass.inputs[0] else { return };
        let Some((write, mut dw)) = pass.grads.matrix(0) else { return };
        if write == Write::Overwrite {
            dw.fill(T::ZERO);
        }
        for (dy, &i) in pass.upstream.read().iter().zip(x.data) {
            dw.column_mut(i as usize).iter_mut().zip(dy).for_each(|(dw, &dy)| *dw += dy);
        }
    }
}

#[test]
fn conforms() {
    let sequence = Shape { sequence: true, ..Shape::index(4) };
    for shape in [Shape::index(5), sequence] {
        testkit::layer(&Embedding { units: 3 }, &[shape]);
        assert!(Embedding { units: 3 }.output(&[shape.with_features(4)]).is_err());
        let target = Shape { sequence: shape.sequence, ..Shape::index(2) };
        let toy = Toy::new((4, if shape.sequence { 3 } else { 1 }), &[shape], &[target]);
        let spec = NetworkSpec::chain([Embedding { units: 3 }.into(), Dense::new(2).into()]);
        toy.check_gradient(&toy.network(&spec.loss(CrossEntropy::default())));
    }
    testkit::round_trip(&Plugin::<dyn Layer>::from(Embedding { units: 3 }));
}

//! `acme/prelu`: y = max(x, 0) + a · min(x, 0), a learned slope per feature.
//!
//! Source: He, Zhang, Ren, Sun (2015), *Delving deep into rectifiers*. Proves an activation with
//! parameters: a layer whose block is a gain, so that penalties and decay leave it alone.

use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::{Constant, Dense};
use tanren_losses::{L2, Mse};
use tanren_network::NetworkSpec;
use tanren_plugin::{Backward, BlockKind, Forward, Kernels, Layer, LayerKernel, ParamSpec, Plugin};
use tanren_tensor::{Real, Shape, ShapeError, Write};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Prelu {
    slope: f64,
}

impl Default for Prelu {
    fn default() -> Self {
        Self { slope: 0.25 }
    }
}

#[typetag::serde(name = "acme/prelu")]
impl Layer for Prelu {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if !x.indices => Ok(*x),
            _ => Err(ShapeError::new("one input of numbers", format!("{inputs:?}"))),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let (shape, init) = ((inputs[0].features, 1), Constant { value: self.slope });
        vec![ParamSpec::new("slope", BlockKind::Gain, shape, init)]
    }
    fn kernels(&self) -> Kernels<'_> {
        Kernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Prelu {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let a = pass.params.slice(0);
        for (x, y) in pass.inputs[0].dense().iter().zip(pass.output.iter_mut()) {
            for ((y, &x), &a) in y.iter_mut().zip(x).zip(a) {
                *y = x.max(T::ZERO) + a * x.min(T::ZERO);
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (a, x, dy) = (pass.params.slice(0), pass.inputs[0].dense(), pass.upstream.read());
        if let Some((write, da)) = pass.grads.slice(0) {
            if write == Write::Overwrite {
                da.fill(T::ZERO);
            }
            for (x, dy) in x.iter().zip(dy.iter()) {
                da.iter_mut().zip(x.iter().zip(dy)).for_each(|(da, (x, &dy))| {
                    *da += dy * x.min(T::ZERO);
                });
            }
        }
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            for ((dx, x), dy) in dx.iter_mut().zip(x.iter()).zip(dy.iter()) {
                for (i, dx) in dx.iter_mut().enumerate() {
                    let d = if x[i] > T::ZERO { dy[i] } else { a[i] * dy[i] };
                    *dx = if write == Write::Add { *dx + d } else { d };
                }
            }
        }
    }
}

#[test]
fn conforms() {
    for shape in [Shape::vector(3), Shape::sequence(2)] {
        testkit::layer(&Prelu::default(), &[shape]);
    }
    testkit::round_trip(&Plugin::<dyn Layer>::from(Prelu::default()));
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    let layers = [Dense::new(4).into(), Prelu::default().into(), Dense::new(2).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}).penalty(L2::default()));
    assert!(network.layout().blocks().iter().all(|b| b.node != "acme/prelu-1" || b.trainable()));
    toy.check_gradient(&network);
}

//! `acme/prelu`: y = max(x, 0) + a · min(x, 0), a learned slope per feature.
//!
//! Source: He, Zhang, Ren, Sun (2015), *Delving deep into rectifiers*. Proves that an activation may
//! have parameters, in whatever layer it is; their block is a gain, so that penalties and decay leave
//! it alone.

use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::{ActivationLayer, Constant, Dense};
use tanren_losses::{L2, Mse};
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Activation, ActivationKernel, ActivationKernels, BlockKind, Checked, Facts, Grads, Layer,
    ParamSpec, Params, Plugin,
};
use tanren_tensor::{Real, Shape, Signal, SignalMut, Write};
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

impl Checked for Prelu {}

#[typetag::serde(name = "acme/prelu")]
impl Activation for Prelu {
    fn facts(&self) -> Facts {
        Facts::default()
    }
    fn params(&self, features: usize) -> Vec<ParamSpec> {
        let init = Constant { value: self.slope };
        vec![ParamSpec::new("slope", BlockKind::Gain, (features, 1), init)]
    }
    fn needs_input(&self) -> bool {
        true
    }
    fn kernels(&self) -> ActivationKernels<'_> {
        ActivationKernels::of(self)
    }
}

impl<T: Real> ActivationKernel<T> for Prelu {
    fn forward(&self, params: Params<'_, T>, x: &mut SignalMut<'_, T>) {
        let a = params.slice(0);
        for x in x.iter_mut() {
            x.iter_mut().zip(a).for_each(|(x, &a)| *x = x.max(T::ZERO) + a * x.min(T::ZERO));
        }
    }

    fn backward(
        &self,
        params: Params<'_, T>,
        x: Signal<'_, T>,
        _: Signal<'_, T>,
        dy: &mut SignalMut<'_, T>,
        mut grads: Grads<'_, T>,
    ) {
        if let Some((write, da)) = grads.slice(0) {
            if write == Write::Overwrite {
                da.fill(T::ZERO);
            }
            for (x, dy) in x.iter().zip(dy.iter_mut()) {
                da.iter_mut().zip(x.iter().zip(dy)).for_each(|(da, (x, dy))| {
                    *da += *dy * x.min(T::ZERO);
                });
            }
        }
        let a = params.slice(0);
        for (x, dy) in x.iter().zip(dy.iter_mut()) {
            for ((dy, &x), &a) in dy.iter_mut().zip(x).zip(a) {
                *dy *= if x > T::ZERO { T::ONE } else { a };
            }
        }
    }
}

#[test]
fn conforms() {
    testkit::activation(&Prelu::default());
    for shape in [Shape::vector(3), Shape::sequence(2)] {
        testkit::layer(&Dense::new(2).activation(Prelu::default()), &[shape]);
        testkit::layer(&Dense::new(2).without_bias().activation(Prelu::default()), &[shape]);
        testkit::layer(&ActivationLayer::new(Prelu::default()), &[shape]);
    }
    testkit::round_trip(&Plugin::<dyn Activation>::from(Prelu::default()));
}

#[test]
fn slopes_are_blocks_of_the_layer_that_has_them() {
    let dense: Plugin<dyn Layer> =
        serde_json::from_str(r#"{ "type": "dense", "units": 4, "activation": "acme/prelu" }"#)
            .unwrap();
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    let layers = [dense, ActivationLayer::new(Prelu::default()).into(), Dense::new(2).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}).penalty(L2::default()));
    let slopes = network.layout().blocks().iter().filter(|block| block.name == "slope");
    let slopes: Vec<_> =
        slopes.map(|b| (b.path(), b.range.len(), b.trainable(), b.penalties.len())).collect();
    let expected = |node: &str| (format!("{node}.slope"), 4, true, 0);
    assert_eq!(slopes, ["dense-1", "activation-1"].map(expected));
    toy.check_gradient(&network);
    toy.check_memory(&network);
}

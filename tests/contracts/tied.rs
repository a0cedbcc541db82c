//! `acme/decoder`: Y = Wᵀ X + b, with the W of another layer: a tied autoencoder.
//!
//! W codes × numbers, owned by the encoder. Source: Vincent, Larochelle, Bengio, Manzagol (2008),
//! *Extracting and composing robust features with denoising autoencoders*. Proves shared blocks:
//! one in the layout, seen transposed, its gradient the sum of both uses.

use crate::harness::{SEED, Toy, same};
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Sigmoid};
use tanren_losses::{L2, Mse};
use tanren_network::{NetworkSpec, NodeSpec, Runner};
use tanren_plugin::{
    Ask, Backward, Checked, Clock, Facts, Forward, Layer, LayerKernel, LayerKernels,
    Objective as _, ParamSpec, Plugin,
};
use tanren_tensor::{Real, Shape, ShapeError, Write, add_scaled};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Decoder {
    encoder: String,
    units: usize,
}

impl Checked for Decoder {}

#[typetag::serde(name = "acme/decoder")]
impl Layer for Decoder {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if !x.indices => Ok(x.with_features(self.units)),
            _ => Err(ShapeError::new("one input of numbers", format!("{inputs:?}"))),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let shape = (self.units, inputs[0].features);
        let weight = ParamSpec::weight("weight", shape);
        let weight = weight.shared(&self.encoder, "weight", true);
        vec![weight, ParamSpec::bias("bias", self.units)]
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Decoder {
    fn forward(&self, mut pass: Forward<'_, T>) {
        pass.params.repeat(1, &mut pass.output);
        pass.params.times(0, Write::Add, pass.inputs[0].dense(), &mut pass.output);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        pass.outer_product(0, 0);
        let dy = pass.upstream.read();
        pass.grads.add_columns(1, dy);
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            pass.params.transposed_times(0, write, dy, &mut dx);
        }
    }
}

/// An autoencoder of four numbers in two.
pub(crate) fn autoencoder() -> (Toy, NetworkSpec) {
    let mut toy = Toy::new((6, 1), &[Shape::vector(4)], &[Shape::vector(4)]);
    *toy.target(0) = toy.input(0).clone();
    let encoder = Dense::new(2).activation(Sigmoid {});
    let decoder = Decoder { encoder: "encoder".into(), units: 4 };
    let spec = NetworkSpec::graph([
        NodeSpec::new("encoder", &["input"], encoder),
        NodeSpec::new("decoder", &["encoder"], decoder),
    ]);
    (toy, spec.loss(Mse {}).penalty(L2 { strength: 0.01.into() }))
}

#[test]
fn conforms() {
    let decoder = Decoder { encoder: "encoder".into(), units: 3 };
    testkit::layer(&decoder, &[Shape::vector(2)]);
    testkit::round_trip(&Plugin::<dyn Layer>::from(decoder));
}

#[test]
fn one_block_whose_gradient_is_the_sum() {
    let (toy, spec) = autoencoder();
    let network = toy.network(&spec);
    let paths: Vec<String> = network.layout().blocks().iter().map(|b| b.path()).collect();
    assert_eq!(paths, ["encoder.weight", "encoder.bias", "decoder.bias"]);
    toy.check_gradient(&network);
}

/// A block is handed out when its last use is over, so that it may be changed on the spot.
#[test]
fn sweeping_is_evaluating_and_stepping() {
    let (toy, spec) = autoencoder();
    let network = toy.network(&spec);
    let mut runner = Runner::new(&network);
    let mut objective = toy.objective(&network, &mut runner, Clock::default());
    let mut parameters: Vec<f64> = network.initialize(SEED);
    let (mut gradient, mut stepped) = (vec![f64::NAN; parameters.len()], parameters.clone());
    objective.evaluate(&parameters, Ask { penalty: false, gradient: Some(&mut gradient) });
    add_scaled(Write::Add, -0.1, &gradient, &mut stepped);
    let (mut swept, mut blocks) = (vec![f64::NAN; parameters.len()], Vec::new());
    objective.sweep(&mut parameters, &mut swept, &mut |_| true, &mut |ready| {
        blocks.push(ready.block);
        let (parameters, gradient) = ready.whole(network.layout(), Clock::default());
        add_scaled(Write::Add, -0.1, gradient, parameters);
    });
    same(&swept, &gradient);
    same(&parameters, &stepped);
    blocks.sort_unstable();
    assert_eq!(blocks, [0, 1, 2]);
}

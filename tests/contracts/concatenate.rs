//! `acme/stack`: Y = X₁ above X₂ above …, vectors repeated at every step beside sequences.
//!
//! Proves that one contract serves layers and vertices: several inputs of different kinds, in a
//! graph with two inputs and two losses, one of which judges a node that others read too.

use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::{LossSpec, NetworkSpec, NodeSpec};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Plugin};
use tanren_tensor::{Real, Shape, ShapeError, Write, add_scaled};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stack {}

impl Checked for Stack {}

#[typetag::serde(name = "acme/stack")]
impl Layer for Stack {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        if inputs.is_empty() || inputs.iter().any(|s| s.indices) {
            return Err(ShapeError::new("inputs of numbers", format!("{inputs:?}")));
        }
        let features = inputs.iter().map(|s| s.features).sum();
        let sequence = inputs.iter().any(|s| s.sequence);
        Ok(Shape { sequence, ..Shape::vector(features) })
    }
    fn facts(&self) -> Facts {
        Facts::smooth()
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Stack {
    fn forward(&self, mut pass: Forward<'_, T>) {
        for (c, mut y) in pass.output.iter_mut().enumerate() {
            for x in pass.inputs.iter().map(|x| x.dense()) {
                let (part, rest) = y.split_at_mut(x.features());
                part.copy_from_slice(x.column(c % x.columns())); // step by step, so n = c mod N
                y = rest;
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (dy, mut start) = (pass.upstream.read(), 0);
        for (i, x) in pass.inputs.iter().map(|x| x.dense()).enumerate() {
            let rows = start..start + x.features();
            start = rows.end;
            let Some((write, mut dx)) = pass.downstream.get(i) else { continue };
            for (c, dy) in dy.iter().enumerate() {
                let write = if c < x.columns() { write } else { Write::Add };
                add_scaled(write, T::ONE, &dy[rows.clone()], dx.column(c % x.columns()));
            }
        }
    }
}

#[test]
fn conforms() {
    let (s, v) = (Shape::sequence, Shape::vector);
    for inputs in [vec![v(2), v(3)], vec![s(2), s(1), s(3)]] {
        testkit::layer(&Stack {}, &inputs);
    }
    testkit::round_trip(&Plugin::<dyn Layer>::from(Stack {}));
}

/// Two inputs, one of them sequences of several lengths, and two losses, one on a node in between.
pub(crate) fn branched() -> (Toy, NetworkSpec) {
    let (s, v) = (Shape::sequence, Shape::vector);
    let toy = Toy::new((3, 4), &[s(2), v(3)], &[s(1), v(2)]).ragged(&[4, 1, 3]);
    let loss = |output: &str, weight| LossSpec { weight, ..LossSpec::new(output, Mse {}) };
    let spec = NetworkSpec {
        losses: vec![loss("end", 1.0), loss("code", 0.5)],
        ..NetworkSpec::graph([
            NodeSpec::new("end", &["stack"], Dense::new(1)), // any order will do
            NodeSpec::new("code", &["x1"], Dense::new(2)),
            NodeSpec::new("steps", &["x0"], Dense::new(2).activation(Tanh {})),
            NodeSpec::new("stack", &["steps", "code", "x0", "code"], Stack {}),
        ])
    };
    (toy, spec)
}

#[test]
fn two_inputs_two_losses() {
    let (toy, spec) = branched();
    toy.check_gradient(&toy.network(&spec));
    let weighted = Toy { examples: Some(vec![1.0, 0.0, 2.5]), ..toy };
    weighted.check_gradient(&weighted.network(&spec));
}

//! Losses that compare with no target of the data: an autoencoder, a student and its teacher, and
//! `acme/spread`, l = ½ ‖z‖², which compares with nothing.
//!
//! Sources: Hinton and Salakhutdinov (2006), *Reducing the dimensionality of data with neural
//! networks*; Hinton, Vinyals, Dean (2015), *Distilling the knowledge in a neural network*. Proves
//! that a loss takes its target from the data, an input, a node or nowhere.

use crate::harness::{SEED, Toy};
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Sigmoid, Tanh};
use tanren_losses::{BinaryCrossEntropy, Mse};
use tanren_network::{LossSpec, Network, NetworkSpec, NodeSpec, Port, Runner, TargetSpec};
use tanren_plugin::{
    Ask, Checked, Clock, Domain, Link, Loss, LossGradient, LossKernel, LossKernels, Objective,
    Plugin,
};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Spread {}

impl Checked for Spread {}

#[typetag::serde(name = "acme/spread")]
impl Loss for Spread {
    fn link(&self) -> Link {
        Link::Identity
    }
    fn domain(&self) -> Domain {
        Domain::Real
    }
    fn supervised(&self) -> bool {
        false
    }
    fn outputs(&self, output: Shape) -> Result<usize, ShapeError> {
        Ok(output.features)
    }
    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for Spread {
    fn evaluate(
        &self,
        z: Signal<'_, T>,
        _: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    ) {
        for (value, z) in values.iter_mut().zip(z.iter()) {
            *value = 0.5 * tanren_tensor::dot(z, z);
        }
        let Some(LossGradient { weights, mut out }) = gradient else { return };
        for ((dz, z), &w) in out.iter_mut().zip(z.iter()).zip(weights) {
            dz.iter_mut().zip(z).for_each(|(dz, &z)| *dz = w * z);
        }
    }
    fn predict(&self, z: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(z.data());
    }
}

fn chain(losses: Vec<LossSpec>) -> NetworkSpec {
    let layers = [Dense::new(2).activation(Tanh {}).into(), Dense::new(4).into()];
    NetworkSpec { losses, ..NetworkSpec::chain(layers) }
}

fn loss(objective: &mut dyn Objective<f64>, parameters: &[f64]) -> f64 {
    objective.evaluate(parameters, Ask { penalty: false, gradient: None }).value()
}

#[test]
fn an_autoencoder_needs_no_targets() {
    let toy = Toy::new((6, 1), &[Shape::vector(4)], &[]).weighted(&[1.0, 2.0, 0.5, 0.0, 1.0, 3.0]);
    let input = TargetSpec::Input("input".into());
    let network = toy.network(&chain(vec![LossSpec::new("dense-2", Mse {}).against(input)]));
    toy.check_gradient(&network);

    // The same as with its inputs given as targets.
    let mut both = toy.clone();
    both.targets = toy.inputs.clone();
    let plain = both.network(&chain(vec![LossSpec::new("dense-2", Mse {})]));
    let parameters: Vec<f64> = network.initialize(SEED);
    let (mut one, mut other) = (Runner::new(&network), Runner::new(&plain));
    let own = loss(&mut toy.objective(&network, &mut one, Clock::default()), &parameters);
    let given = loss(&mut both.objective(&plain, &mut other, Clock::default()), &parameters);
    assert_eq!(own.to_bits(), given.to_bits());
}

/// A loss without a target beside one that has the data's first.
#[test]
fn a_loss_may_compare_with_nothing() {
    testkit::round_trip(&Plugin::<dyn Loss>::from(Spread {}));
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[Shape::vector(4)]);
    let spread = LossSpec { weight: 0.1, ..LossSpec::new("dense-1", Spread {}) };
    let spec = chain(vec![spread, LossSpec::new("dense-2", Mse {})]);
    toy.check_gradient(&toy.network(&spec));
}

/// No gradient flows into the teacher: what it computes is a number like a target of the data.
#[test]
fn a_student_learns_from_a_teacher() {
    let toy = Toy::new((5, 1), &[Shape::vector(3)], &[]);
    let nodes = [
        NodeSpec::new("student", &["input"], Dense::new(2)),
        NodeSpec::new("teacher", &["input"], Dense::new(2).activation(Tanh {})).frozen(),
    ];
    let teacher = TargetSpec::Node("teacher".into());
    let losses = vec![LossSpec::new("student", Mse {}).against(teacher)];
    let network = toy.network(&NetworkSpec { losses, ..NetworkSpec::graph(nodes) });
    assert_eq!(network.layout().trainable(), 3 * 2 + 2);
    toy.check_gradient(&network);
}

#[test]
fn targets_that_are_not_there_are_refused_with_what_is() {
    let inputs = [Port::new("pixels", Shape::vector(4))];
    let refused = |target: TargetSpec| {
        let spec = chain(vec![LossSpec::new("dense-2", Mse {}).against(target)]);
        Network::assemble(&spec, &inputs, &[]).unwrap_err().to_string()
    };
    let said = refused(TargetSpec::Input("pixel".into()));
    assert!(said.contains("one of pixels") && said.contains("\"pixel\""), "{said}");
    let said = refused(TargetSpec::Node("dense".into()));
    assert!(said.contains("dense-1, dense-2"), "{said}");
    let text = "output = \"a\"\nloss = \"mse\"\ntarget = { input = \"pixels\" }";
    let spec: LossSpec = toml::from_str(text).unwrap();
    assert_eq!(spec.target, Some(TargetSpec::Input("pixels".into())));
}

/// A teacher with a loss of its own keeps its link, because the student is compared with what comes
/// out of it.
#[test]
fn a_teacher_that_learns_keeps_its_link() {
    let inputs = [Port::new("x", Shape::vector(3))];
    let targets = [Port::new("t", Shape::vector(2))];
    let assemble = |target: TargetSpec| {
        let nodes = [
            NodeSpec::new("student", &["x"], Dense::new(2)),
            NodeSpec::new("teacher", &["x"], Dense::new(2).activation(Sigmoid {})),
        ];
        let losses = vec![
            LossSpec::new("teacher", BinaryCrossEntropy::default()),
            LossSpec::new("student", Mse {}).against(target),
        ];
        Network::assemble(&NetworkSpec { losses, ..NetworkSpec::graph(nodes) }, &inputs, &targets)
    };
    let said = assemble(TargetSpec::Node("teacher".into())).unwrap_err().to_string();
    assert!(said.contains("node teacher") && said.contains("link"), "{said}");
}

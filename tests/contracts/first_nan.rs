//! A recorder that names the node and the step of the first number that is not finite.
//!
//! Source: the reports of Baydin and others on anomaly detection in automatic differentiation, as
//! `torch.autograd.detect_anomaly` does it; here the run itself shows the step whole when it diverges.
//! Proves that observation is complete without being paid for: nothing is wanted, nothing is computed,
//! and yet the bad step is seen.

use crate::harness::same;
use crate::table::{Rows, parameters, recipe};
use std::ops::ControlFlow;
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{Ending, Event, Observer, Reason};
use tanren_trainer::{Options, TrainingSpec};
use tanren_updaters::Momentum;

#[derive(Default)]
struct FirstNan {
    step: Option<u64>,
    node: Option<String>,
    parameter: Option<String>,
    gradients: usize,
    end: bool,
}

impl Observer for FirstNan {
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        match event {
            Event::Diverged { clock, .. } => self.step = Some(clock.iteration),
            Event::Activation { node, values, .. } if !values.iter().all(f64::is_finite) => {
                self.node.get_or_insert_with(|| (*node).to_owned());
            }
            Event::Gradient { .. } => self.gradients += 1,
            Event::Parameters { layout, values } => {
                let finite = |b: &&tanren_plugin::Block| {
                    values.iter().skip(b.range.start).take(b.range.len()).all(f64::is_finite)
                };
                let bad = layout.blocks().iter().find(|b| !finite(b));
                self.parameter = bad.map(tanren_plugin::Block::path);
            }
            Event::End(Ending::Diverged { .. }) => self.end = true,
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

#[test]
fn the_first_bad_node_is_named() {
    let training = TrainingSpec::new(LearningRate::constant(1e200)).updater(Momentum::default());
    let mut recipe = recipe(Rows::default(), training);
    recipe.training.epochs = 50;
    let layers =
        [Dense::new(6).activation(Tanh {}).into(), Dense::new(5).into(), Dense::new(2).into()];
    recipe.network = NetworkSpec::chain(layers).loss(Mse {});
    let setup = recipe.prepare().unwrap();
    let mut seen = FirstNan::default();
    let trained = setup.train(&mut seen, &Options::default()).unwrap();
    let Ending::Diverged { iteration, .. } = trained.ending else { panic!("{:?}", trained.ending) };
    assert_eq!(seen.step, Some(iteration));
    // Tanh keeps the first layer finite whatever its weights are; products of huge weights overflow
    // above it.
    assert!(matches!(seen.node.as_deref(), Some("dense-2" | "dense-3")), "{:?}", seen.node);
    assert_eq!(seen.gradients, 1);
    assert!(seen.end);
    let unwatched = setup.train(&mut (), &Options::default()).unwrap();
    same(&parameters(&trained), &parameters(&unwatched));
}

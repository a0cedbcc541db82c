//! An RBM above a dense layer: what an observer is shown while it is pretrained by its energy.

use crate::energy::{Rbm, recipe};
use std::ops::ControlFlow;
use tanren_layers::{Dense, Sigmoid};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_plugin::{Clock, Event, Metric, Observer, Phase, Plugin, Reason, Wants};
use tanren_trainer::Options;
use tanren_trainer::metrics::MeanLoss;

/// The nodes whose activations are shown in pretraining, and how many numbers each.
#[derive(Default)]
struct Below(Vec<(String, usize)>);

impl Observer for Below {
    fn wants(&self, at: Clock) -> Wants {
        if at.phase == Phase::Training { Wants::NOTHING } else { Wants::ACTIVATIONS }
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        if let Event::Activation { node, values, .. } = event {
            self.0.push(((*node).to_owned(), values.len()));
        }
        ControlFlow::Continue(())
    }
}

#[test]
fn what_an_energy_sees_is_shown() {
    let mut recipe = recipe();
    let below = Dense::new(5).activation(Sigmoid {});
    let layers = [below.into(), Rbm { hidden: 4 }.into(), Dense::new(1).into()];
    recipe.network = NetworkSpec::chain(layers).loss(Mse {});
    recipe.pretraining[0].epochs = 2;
    let (setup, mut seen) = (recipe.prepare().unwrap(), Below::default());
    setup.train(&mut seen, &Options::default()).unwrap();
    // Two epochs of four batches of 8 rows.
    assert_eq!(seen.0, vec![("dense-1".to_owned(), 5 * 8); 8]);
}

#[test]
fn an_energy_has_no_metrics_of_the_recipe() {
    let mut recipe = recipe();
    recipe.pretraining[0].metrics = vec![Plugin::<dyn Metric>::from(MeanLoss {})];
    let said = match recipe.prepare() {
        Err(error) => error.to_string(),
        Ok(setup) => setup.train(&mut (), &Options::default()).unwrap_err().to_string(),
    };
    assert!(said.contains("pretraining[0].metrics[0]") && said.contains("free_energy"), "{said}");
}

//! What our own phases train: a network by its losses, and one node by its energy.

mod energy;
mod supervised;

pub use energy::EnergyTask;
pub(crate) use energy::FREE_ENERGY;
pub use supervised::{Scored, Supervised};

use std::ops::Range;
use tanren_network::{Network, Runner};
use tanren_plugin::{Event, Precision};
use tanren_tensor::Extent;

/// Shows how far the gradient of the last way back reached at the nodes that hand a state on.
fn show_states<T: Precision>(
    (network, runner): (&Network, &Runner<T>),
    see: &mut dyn FnMut(&Event<'_>),
) {
    for (i, node) in network.nodes().iter().enumerate() {
        let gradient = runner.states(i);
        // A layer that is never told its state, such as a convolution, notes nothing.
        if gradient.iter().any(|state| state.total != 0.0) {
            see(&Event::States { node: &node.name, gradient });
        }
    }
}

/// Shows the signals of some nodes in the last pass, which had this extent.
fn show_activations<T: Precision>(
    (network, runner): (&Network, &Runner<T>),
    nodes: Range<usize>,
    extent: Extent,
    see: &mut dyn FnMut(&Event<'_>),
) {
    for i in nodes {
        let node = &network.nodes()[i];
        let values = T::slice(runner.signal(network, i, extent).data());
        see(&Event::Activation { node: &node.name, shape: node.shape, values });
    }
}

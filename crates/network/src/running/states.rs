//! How far gradients reach back in time: what recurrent nodes note on the way back, where it is wanted.

use crate::{Node, Runner};
use tanren_plugin::StateGradient;

/// The gradient at the states of each node in the last way back.
#[derive(Debug)]
pub(crate) struct States {
    nodes: Vec<Vec<StateGradient>>,
    wanted: bool,
}

impl States {
    /// Nothing of so many nodes.
    pub(crate) fn of(nodes: usize) -> Self {
        Self { nodes: vec![Vec::new(); nodes], wanted: false }
    }

    /// Makes room for node `i`, if it hands a state on and its gradient is wanted.
    pub(crate) fn begin(&mut self, node: &Node, i: usize, steps: usize) -> &mut [StateGradient] {
        let states = &mut self.nodes[i];
        states.clear();
        if self.wanted && node.carry > 0 {
            states.resize(steps, StateGradient::default());
        }
        states
    }
}

impl<T> Runner<T> {
    /// Says whether the next way back notes the gradient at the states of recurrent nodes.
    pub const fn watch_states(&mut self, wanted: bool) {
        self.states.wanted = wanted;
    }

    /// The gradient at the state of node `i` at each step of the last way back; nothing unless it was wanted, and
    /// the node hands a state on.
    #[must_use]
    pub fn states(&self, i: usize) -> &[StateGradient] {
        &self.states.nodes[i]
    }
}

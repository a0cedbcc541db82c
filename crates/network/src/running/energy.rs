//! `EnergyObjective`: one node of a network as an energy model, for unsupervised pretraining.

use crate::running::backward::{normalize, quotient, weigh};
use crate::running::runner::{BatchRun, port};
use crate::{Network, Runner};
use tanren_plugin::{
    Ask, Batch, Clock, Contrast, Energy, Evaluation, Grads, Layout, Mode, Objective, Offers,
    Params, Precision, Seed,
};
use tanren_tensor::{Input, sum};

/// The objective of a node by its own energy on one batch: the nodes below compute what is visible to it,
/// as they would to predict, and are not trained.
///
/// Σ w contrast, divided by Σ w as losses are, and the penalties on the node's blocks.
#[derive(Debug)]
pub struct EnergyObjective<'a, T> {
    network: &'a Network,
    node: usize,
    runner: &'a mut Runner<T>,
    run: BatchRun<'a, T>,
}

impl Network {
    /// The energy of a node, if it has one and takes one input.
    #[must_use]
    pub fn energy(&self, node: usize) -> Option<Energy<'_>> {
        let node = &self.nodes[node];
        (node.sources.len() == 1).then(|| node.layer.energy()).flatten()
    }

    /// What the energy of a node offers as an objective.
    #[must_use]
    pub fn offers(&self, node: usize) -> Offers {
        let value = self.energy(node).is_some_and(|energy| energy.value);
        Offers { value, gradient: true }
    }

    /// The same network with the blocks of one node to train, those of pretraining only too. What is
    /// frozen stays so.
    #[must_use]
    pub fn pretraining(&self, node: usize) -> Self {
        self.training(&|block| !block.frozen && self.uses(node, block))
    }
}

impl<'a, T: Precision> EnergyObjective<'a, T> {
    /// Makes room for a batch and computes what is visible to the node; Σ w of the batch. Once for each
    /// batch, since the nodes below do not change.
    pub fn open(
        network: &Network,
        node: usize,
        runner: &mut Runner<T>,
        batch: &Batch<'_, T>,
        parameters: &[T],
    ) -> f64 {
        runner.reserve(network, batch.extent, false);
        runner.clear(network, batch);
        let columns = batch.extent.columns(network.nodes[node].inputs[0]);
        if runner.weights.len() < columns {
            runner.weights.resize(columns, T::ZERO);
        }
        let (clock, seed) = (Clock::default(), Seed::default()); // inference draws no numbers
        let run = BatchRun { batch: *batch, mode: Mode::Inference, clock, seed };
        runner.run_until(network, node, parameters, &run, None);
        let shape = network.nodes[node].inputs[0];
        let count = batch.weights.of(shape).map_or(columns as f64, sum);
        runner.counts.clear();
        runner.counts.push(count);
        runner.divisors.clone_from(&runner.counts);
        count
    }

    /// The objective of the batch that was [opened](Self::open) last with this runner.
    #[must_use]
    pub const fn again(
        network: &'a Network,
        node: usize,
        runner: &'a mut Runner<T>,
        batch: Batch<'a, T>,
        clock: Clock,
        seed: Seed,
    ) -> Self {
        let run = BatchRun { batch, mode: Mode::Training, clock, seed };
        Self { network, node, runner, run }
    }

    /// The mean free energy of the batch, each column counting its weight.
    #[must_use]
    pub fn free_energy(&mut self, parameters: &[T]) -> Option<f64> {
        let Self { network, node, run, .. } = *self;
        let energy = network.energy(node)?;
        let node = &network.nodes[node];
        let columns = run.batch.extent.columns(node.inputs[0]);
        self.runner.products.prepare(&network.layout, parameters);
        let mut values = vec![0.0; columns];
        let mut scratch = std::mem::take(&mut self.runner.scratch);
        let kernel = energy.kernels.at::<T>();
        let own = &mut scratch[..self.runner.memory[self.node].scratch];
        let params = Params::new(parameters, &node.views).by(&*self.runner.products);
        kernel.free_energy(&params, self.visible(), own, &mut values);
        self.runner.scratch = scratch;
        let (weighted, sum) = weigh(&values, run.batch.weights.of(node.inputs[0]));
        Some(weighted / sum)
    }

    fn visible(&self) -> Input<'_, T> {
        let Self { network, node, runner, run } = self;
        let given = (&run.batch.inputs, runner.cleared.as_slice());
        let source = &network.nodes[*node].sources[0];
        port(source, given, network, &runner.signals, run.batch.extent)
    }

    /// What every column counts of the mean.
    fn normalize_weights(&mut self) -> usize {
        let shape = self.network.nodes[self.node].inputs[0];
        let columns = self.run.batch.extent.columns(shape);
        let weights = &mut self.runner.weights[..columns];
        let factor = quotient(1.0, self.runner.divisors[0]);
        normalize(factor, self.run.batch.weights.of(shape), weights);
        columns
    }
}

impl<T: Precision> Objective<T> for EnergyObjective<'_, T> {
    fn offers(&self) -> Offers {
        self.network.offers(self.node)
    }

    fn layout(&self) -> &Layout {
        self.network.layout()
    }

    fn evaluate(&mut self, parameters: &[T], ask: Ask<'_, T>) -> Evaluation {
        let columns = self.normalize_weights();
        self.runner.products.prepare(&self.network.layout, parameters);
        let (network, mut gradient) = (self.network, ask.gradient);
        let node = &network.nodes[self.node];
        let pass = self.run.pass(node).by(&*self.runner.products);
        // Taken out while the signals beside them are lent.
        let mut scratch = std::mem::take(&mut self.runner.scratch);
        let loss = network.energy(self.node).and_then(|energy| {
            let params = Params::new(parameters, &node.views);
            let weights = &self.runner.weights[..columns];
            let contrast = Contrast::new(&pass, params, self.visible(), weights)
                .scratch(&mut scratch[..self.runner.memory[self.node].scratch])
                .grads(gradient.as_deref_mut().map(|gradient| Grads::new(gradient, &node.views)));
            energy.kernels.at::<T>().contrast(contrast)
        });
        self.runner.scratch = scratch;
        if let Some(gradient) = gradient {
            let blocks = network.layout.blocks().iter().enumerate();
            for (index, block) in blocks.filter(|(_, block)| block.trainable()) {
                let range = block.range.clone();
                let (parameters, gradient) = (&parameters[range.clone()], &mut gradient[range]);
                network.add_penalties(self.run.clock, index, parameters, gradient);
            }
        }
        let penalty = ask.penalty.then(|| network.penalty(self.run.clock, parameters));
        Evaluation { loss, penalty }
    }
}

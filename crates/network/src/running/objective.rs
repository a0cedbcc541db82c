//! `BatchObjective`: loss and penalties of one mini-batch, as a function of the parameters.

use crate::running::backward::NodeBackward;
use crate::running::runner::BatchRun;
use crate::{CarryBuffers, Network, Runner};
use std::fmt;
use tanren_plugin::engine::{Deferred, Gradient, Ready};
use tanren_plugin::{
    Ask, Batch, Clock, Evaluation, Layout, Mode, Objective, Offers, Outline, Precision, Seed,
};
use tanren_tensor::{Real, sum};

/// A batch whose columns all count nothing: its mean is not defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZeroWeight;

impl fmt::Display for ZeroWeight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sample weights of a batch add up to 0: expected at least one sample with a weight above 0")
    }
}

impl std::error::Error for ZeroWeight {}

/// The objective of one mini-batch. All its evaluations see the same batch, the same clock and
/// therefore the same noise.
#[derive(Debug)]
pub struct BatchObjective<'a, T> {
    network: &'a Network,
    runner: &'a mut Runner<T>,
    run: BatchRun<'a, T>,
    carries: Option<(&'a mut CarryBuffers<T>, usize)>,
}

impl<'a, T: Precision> BatchObjective<'a, T> {
    /// The objective of `batch` in training mode.
    ///
    /// # Errors
    /// [`ZeroWeight`] when no column counts that a loss or a term judges.
    pub fn new(
        network: &'a Network,
        runner: &'a mut Runner<T>,
        batch: Batch<'a, T>,
        clock: Clock,
        seed: Seed,
    ) -> Result<Self, ZeroWeight> {
        Self::open(network, runner, &batch)?;
        Ok(Self::again(network, runner, batch, clock, seed))
    }

    /// Makes room for a batch and looks whether it counts anything: once for each batch.
    ///
    /// # Errors
    /// As [`BatchObjective::new`].
    pub fn open(
        network: &Network,
        runner: &mut Runner<T>,
        batch: &Batch<'_, T>,
    ) -> Result<(), ZeroWeight> {
        runner.clear(network, batch);
        Self::open_clean(network, runner, &batch.outline())
    }

    /// The same for a batch of which every column counts: nothing of its numbers has to be looked at.
    ///
    /// # Errors
    /// As [`BatchObjective::new`].
    pub fn open_clean(
        network: &Network,
        runner: &mut Runner<T>,
        batch: &Outline<'_, T>,
    ) -> Result<(), ZeroWeight> {
        runner.reserve(network, batch.extent, true);
        runner.counts.clear();
        runner.counts.extend(network.judged().map(|node| weight(network, node, batch)));
        runner.divisors.clone_from(&runner.counts);
        if runner.counts.iter().any(|&count| count > 0.0) { Ok(()) } else { Err(ZeroWeight) }
    }

    /// The objective of the batch that was [opened](Self::open) last with this runner.
    #[must_use]
    pub const fn again(
        network: &'a Network,
        runner: &'a mut Runner<T>,
        batch: Batch<'a, T>,
        clock: Clock,
        seed: Seed,
    ) -> Self {
        let run = BatchRun { batch, mode: Mode::Training, clock, seed };
        Self { network, runner, run, carries: None }
    }

    /// The same batch as one segment of longer sequences: starts from `carries` and leaves there
    /// what holds after `after` steps.
    #[must_use]
    pub const fn segment(mut self, carries: &'a mut CarryBuffers<T>, after: usize) -> Self {
        self.carries = Some((carries, after));
        self
    }

    /// The same batch as prediction sees it: no noise, stored statistics. Has no gradient.
    #[must_use]
    pub const fn inference(mut self) -> Self {
        self.run.mode = Mode::Inference;
        self
    }

    /// Σ w l and Σ w of every output in the last evaluation, then those of the nodes' own terms
    /// ([`Network::terms`]). The loss is the sum of their quotients, each times what it counts;
    /// a part that counts nothing adds nothing.
    #[must_use]
    pub fn sums(&self) -> &[(f64, f64)] {
        &self.runner.sums
    }

    /// The runner, with the signals of the last evaluation.
    #[must_use]
    pub const fn runner(&mut self) -> &mut Runner<T> {
        self.runner
    }

    fn forward(&mut self, parameters: &[T], training: bool) -> f64 {
        let carries = self.carries.as_mut().map(|(carries, after)| (&mut **carries, *after));
        self.runner.run(self.network, parameters, &self.run, carries);
        let losses = self.runner.losses(self.network, &self.run, training);
        losses + self.runner.terms(self.network)
    }

    fn node_backward(
        &mut self,
        i: usize,
        parameters: &[T],
        gradient: &mut [T],
        deferred: Option<&Deferred>,
    ) {
        let carry = self.carries.as_ref().map(|(c, _)| c.incoming[i].as_slice());
        let carry = carry.filter(|c| !c.is_empty());
        let (network, run) = (self.network, &self.run);
        let back = NodeBackward { parameters, gradient, carry, deferred };
        self.runner.node_backward(network, i, run, back);
    }

    /// Nodes with a backward pass, in its order.
    fn backward_order(&self) -> impl Iterator<Item = usize> + use<'a, T> {
        let network = self.network;
        (0..network.nodes.len()).rev().filter(|&i| network.nodes[i].trains)
    }
}

impl Network {
    /// Σ w over the columns that the first loss judges: what a batch counts beside others. Where that
    /// is 0, over those of the next one, and after the losses those of the terms.
    #[must_use]
    pub fn weight<T: Real>(&self, batch: &Outline<'_, T>) -> f64 {
        let mut counts = self.judged().map(|node| weight(self, node, batch));
        counts.find(|&count| count > 0.0).unwrap_or(0.0)
    }

    /// The nodes with a loss, then those with a term of their own.
    pub(crate) fn judged(&self) -> impl Iterator<Item = usize> {
        self.outputs.iter().map(|output| output.node).chain(self.terms().map(|(node, _)| node))
    }

    /// Adds the gradient of the penalties on a block at `clock`.
    pub(crate) fn add_penalties<T: Precision>(
        &self,
        clock: Clock,
        block: usize,
        parameters: &[T],
        gradient: &mut [T],
    ) {
        let block = &self.layout.blocks()[block];
        for penalty in &block.penalties {
            penalty.kernels().at::<T>().add_gradient(clock, block, parameters, gradient);
        }
    }

    /// The value of all penalties at `clock`.
    pub(crate) fn penalty<T: Precision>(&self, clock: Clock, parameters: &[T]) -> f64 {
        let mut total = 0.0;
        for block in self.layout.blocks().iter().filter(|b| b.trainable()) {
            for penalty in &block.penalties {
                let kernel = penalty.kernels().at::<T>();
                total += kernel.value(clock, block, &parameters[block.range.clone()]);
            }
        }
        total
    }
}

/// Σ w over the columns a node has in a batch.
fn weight<T: Real>(network: &Network, node: usize, batch: &Outline<'_, T>) -> f64 {
    let shape = network.nodes[node].shape;
    batch.weights.of(shape).map_or(batch.extent.columns(shape) as f64, sum)
}

/// Statistics keep their values unless a node writes the next ones.
fn keep_statistics<T: Real>(layout: &Layout, parameters: &[T], gradient: &mut [T]) {
    let statistics = layout.statistics();
    gradient[statistics.clone()].copy_from_slice(&parameters[statistics]);
}

impl<T: Precision> Objective<T> for BatchObjective<'_, T> {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }

    fn layout(&self) -> &Layout {
        &self.network.layout
    }

    fn evaluate(&mut self, parameters: &[T], ask: Ask<'_, T>) -> Evaluation {
        let loss = self.forward(parameters, ask.gradient.is_some());
        if let Some(gradient) = ask.gradient {
            keep_statistics(&self.network.layout, parameters, gradient);
            for i in self.backward_order() {
                self.node_backward(i, parameters, gradient, None);
                for &b in &self.network.nodes[i].completes {
                    let range = self.network.layout.blocks()[b].range.clone();
                    let (parameters, gradient) = (&parameters[range.clone()], &mut gradient[range]);
                    self.network.add_penalties(self.run.clock, b, parameters, gradient);
                }
            }
        }
        let penalty = ask.penalty.then(|| self.network.penalty(self.run.clock, parameters));
        Evaluation { loss: Some(loss), penalty }
    }

    /// Keeps the states the last evaluation left, in [`CarryBuffers::kept`].
    fn keep(&mut self) {
        if let Some((carries, _)) = &mut self.carries {
            let CarryBuffers { outgoing, kept, .. } = &mut **carries;
            std::mem::swap(outgoing, kept);
        }
    }

    fn sweep(
        &mut self,
        parameters: &mut [T],
        gradient: &mut [T],
        begin: &mut dyn FnMut(&Evaluation) -> bool,
        ready: &mut dyn FnMut(Ready<'_, T>),
    ) -> Evaluation {
        let loss = self.forward(parameters, true);
        let evaluation = Evaluation { loss: Some(loss), penalty: None };
        if !begin(&evaluation) {
            return evaluation;
        }
        keep_statistics(&self.network.layout, parameters, gradient);
        for i in self.backward_order() {
            let deferred = Deferred::default();
            self.node_backward(i, parameters, gradient, Some(&deferred));
            let node = &self.network.nodes[i];
            for &b in &node.completes {
                let range = self.network.layout.blocks()[b].range.clone();
                let (parameters, whole) = (&mut parameters[range.clone()], &mut gradient[range]);
                let outer = deferred.products().find(|outer| node.views[outer.view].block == b);
                let gradient = match outer {
                    None => {
                        self.network.add_penalties(self.run.clock, b, parameters, whole);
                        Gradient::Written(whole)
                    }
                    Some(outer) => {
                        let (left, right) = self.runner.operands(self.network, i, outer, &self.run);
                        Gradient::Product { left, right, whole }
                    }
                };
                ready(Ready { block: b, parameters, gradient });
            }
        }
        evaluation
    }
}

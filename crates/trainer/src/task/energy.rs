//! `EnergyTask`: one node of a network pretrained by its own energy.

use super::show_activations;
use crate::Rows;
use std::collections::BTreeMap;
use tanren_network::{EnergyObjective, Gather, Network, Prepared, Runner, ZeroWeight};
use tanren_plugin::engine::Products;
use tanren_plugin::{
    Ask, Batches, Better, Carries, Clock, Evaluation, Event, Layout, Load, Number, Objective,
    Offers, Precision, Seed, Task, TaskError, Wants, Watched,
};

/// Rows validated at a time.
const CHUNK: usize = 256;

/// The name of the only score.
pub(crate) const FREE_ENERGY: &str = "free_energy";

/// One node of a network and its energy on mini-batches of what the nodes below it compute.
#[derive(Debug)]
pub struct EnergyTask<'a, T, B> {
    network: &'a Network,
    node: usize,
    batches: B,
    seed: Seed,
    /// All parameters at the start of the phase: those of the nodes below stay as they are.
    below: Vec<T>,
    scored: Option<(&'a Prepared<T>, &'a Rows)>,
    runner: Runner<T>,
    clock: Clock,
    /// The epoch and the batch that are loaded, and Σ w of it.
    loaded: Option<(u64, usize, f64)>,
}

impl<'a, T: Precision, B: Batches<T>> EnergyTask<'a, T, B> {
    /// Pretrains `node` of a network that is [made for it](Network::pretraining), from these parameters
    /// on.
    #[must_use]
    pub fn new(
        network: &'a Network,
        node: usize,
        batches: B,
        seed: Seed,
        parameters: &[T],
    ) -> Self {
        Self {
            network,
            node,
            batches,
            seed,
            below: parameters.to_vec(),
            scored: None,
            runner: Runner::new(network),
            clock: Clock::default(),
            loaded: None,
        }
    }

    /// The same with the free energy of these rows after every epoch.
    #[must_use]
    pub const fn scored(mut self, data: &'a Prepared<T>, rows: &'a Rows) -> Self {
        self.scored = Some((data, rows));
        self
    }

    /// The same with products formed in this way.
    #[must_use]
    pub fn products(mut self, products: impl Products<T> + 'static) -> Self {
        self.runner = self.runner.products(products);
        self
    }

    fn objective(&mut self) -> EnergyObjective<'_, T> {
        let Self { network, node, batches, seed, runner, clock, .. } = self;
        EnergyObjective::again(network, *node, runner, batches.batch(), *clock, *seed)
    }
}

impl<T: Precision, B: Batches<T>> Objective<T> for EnergyTask<'_, T, B> {
    fn offers(&self) -> Offers {
        self.network.offers(self.node)
    }

    fn layout(&self) -> &Layout {
        self.network.layout()
    }

    fn evaluate(&mut self, parameters: &[T], ask: Ask<'_, T>) -> Evaluation {
        self.objective().evaluate(parameters, ask)
    }
}

impl<T: Precision, B: Batches<T>> Task<T> for EnergyTask<'_, T, B> {
    fn batches(&self) -> usize {
        self.batches.per_epoch()
    }

    fn seed(&self) -> Seed {
        self.seed
    }

    fn load(&mut self, clock: Clock, batch: usize, _: &Carries<T>) -> Result<Load, TaskError> {
        self.clock = clock;
        if self.loaded.is_none_or(|(epoch, index, _)| (epoch, index) != (clock.epoch, batch)) {
            self.batches.load(clock.epoch, batch);
            if self.batches.outline().segment.is_some() {
                let message = "pretraining by energy takes whole sequences, and these are segments";
                return Err(TaskError(message.into()));
            }
            let Self { network, node, batches, runner, below, .. } = self;
            let weight = EnergyObjective::open(network, *node, runner, &batches.batch(), below);
            self.loaded = Some((clock.epoch, batch, weight));
        }
        let weight = self.loaded.map_or(0.0, |(_, _, weight)| weight);
        Ok(Load { weight, samples: self.batches.batch().extent.examples as u64 })
    }

    fn carry(&mut self, _: &[T]) -> Result<(), TaskError> {
        Err(TaskError(format!("training data: {ZeroWeight}")))
    }

    fn show(&self, wants: Wants, see: &mut dyn FnMut(&Event<'_>)) {
        if wants.contains(Wants::ACTIVATIONS) {
            // What is visible to the node comes from those below it.
            let extent = self.batches.outline().extent;
            show_activations((self.network, &self.runner), 0..self.node, extent, see);
        }
    }

    fn counts(&self) -> &[f64] {
        self.runner.counts()
    }

    fn divide_by(&mut self, divisors: &[f64]) {
        self.runner.divide_by(divisors);
    }

    fn scores(&self) -> BTreeMap<String, Better> {
        [(FREE_ENERGY.to_owned(), Better::Lower)].into()
    }

    fn score(
        &mut self,
        rows: Watched,
        parameters: &[T],
    ) -> Result<BTreeMap<String, Number>, TaskError> {
        let rows = self.scored.map(|(data, parts)| (data, parts.watched(rows)));
        let Some((data, rows)) = rows.filter(|(_, rows)| !rows.is_empty()) else {
            return Ok(BTreeMap::new());
        };
        self.loaded = None;
        let (mut total, mut weight) = (0.0, 0.0);
        let mut gather = Gather::default();
        for rows in rows.chunks(CHUNK) {
            let batch = gather.batch(data, rows);
            let Self { network, node, seed, runner, clock, .. } = self;
            let counts = EnergyObjective::open(network, *node, runner, &batch, parameters);
            let mut objective =
                EnergyObjective::again(network, *node, runner, batch, *clock, *seed);
            total += counts * objective.free_energy(parameters).unwrap_or(f64::NAN);
            weight += counts;
        }
        Ok([(FREE_ENERGY.to_owned(), Number(total / weight))].into())
    }
}

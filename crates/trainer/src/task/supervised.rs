//! `Supervised`: a network trained by its losses, batch by batch.

use super::{show_activations, show_states};
use crate::{Rows, Scoring, evaluate};
use std::collections::BTreeMap;
use tanren_network::{BatchObjective, CarryBuffers, Network, Prepared, Runner, ZeroWeight};
use tanren_plugin::engine::{Products, Ready};
use tanren_plugin::{
    Ask, Batches, Better, Block, Carries, Clock, Evaluation, Event, Layout, Load, Number,
    Objective, Offers, Precision, Seed, Segment, Task, TaskError, Wants, Watched,
};

/// The most batches that make statistics anew.
const REFRESHING: usize = 100;

/// What a network is scored on.
#[derive(Clone, Copy, Debug)]
pub struct Scored<'a, T> {
    /// The data.
    pub data: &'a Prepared<T>,
    /// The rows of each part.
    pub rows: &'a Rows,
    /// The scores.
    pub scoring: &'a Scoring,
}

/// A network and its losses on mini-batches, or on segments of sequences.
#[derive(Debug)]
pub struct Supervised<'a, T, B> {
    network: &'a Network,
    batches: B,
    seed: Seed,
    scored: Option<Scored<'a, T>>,
    runner: Runner<T>,
    carries: CarryBuffers<T>,
    clock: Clock,
    /// The epoch and the batch that are loaded.
    loaded: Option<(u64, usize)>,
    /// Whether every column of the last batch counted, so that nothing of it had to be cleared.
    clean: bool,
    /// Whether that batch is a segment with columns, which leaves states behind.
    segment: bool,
}

impl<'a, T: Precision, B: Batches<T>> Supervised<'a, T, B> {
    /// Trains `network` on these batches.
    #[must_use]
    pub fn new(network: &'a Network, batches: B, seed: Seed) -> Self {
        Self {
            network,
            batches,
            seed,
            scored: None,
            runner: Runner::new(network),
            carries: CarryBuffers::default(),
            clock: Clock::default(),
            loaded: None,
            clean: false,
            segment: false,
        }
    }

    /// The same with scores after every epoch.
    #[must_use]
    pub const fn scored(mut self, scored: Scored<'a, T>) -> Self {
        self.scored = Some(scored);
        self
    }

    /// The same with products formed in this way, in training and validation.
    #[must_use]
    pub fn products(mut self, products: impl Products<T> + 'static) -> Self {
        self.runner = self.runner.products(products);
        self
    }

    /// The objective of the loaded batch.
    fn objective(&mut self) -> BatchObjective<'_, T> {
        let Self { network, batches, seed, runner, carries, clock, .. } = self;
        let batch = batches.batch();
        let segment = batch.segment;
        let objective = BatchObjective::again(network, runner, batch, *clock, *seed);
        match segment {
            Some(Segment { after, .. }) => objective.segment(carries, after),
            None => objective,
        }
    }
}

impl<T: Precision, B: Batches<T>> Objective<T> for Supervised<'_, T, B> {
    fn offers(&self) -> Offers {
        Offers::BOTH
    }

    fn layout(&self) -> &Layout {
        self.network.layout()
    }

    fn evaluate(&mut self, parameters: &[T], ask: Ask<'_, T>) -> Evaluation {
        self.objective().evaluate(parameters, ask)
    }

    /// The same batch as before, and nothing that differs from one update to the next.
    fn fixed(&self) -> bool {
        let same = self.clock.repeat > 0 || self.batches.per_epoch() == 1;
        same && !self.segment && self.network.steady()
    }

    fn keep(&mut self) {
        if self.segment {
            self.objective().keep();
        }
    }

    fn sweep(
        &mut self,
        parameters: &mut [T],
        gradient: &mut [T],
        begin: &mut dyn FnMut(&Evaluation) -> bool,
        ready: &mut dyn FnMut(Ready<'_, T>),
    ) -> Evaluation {
        self.objective().sweep(parameters, gradient, begin, ready)
    }
}

impl<T: Precision, B: Batches<T>> Task<T> for Supervised<'_, T, B> {
    fn batches(&self) -> usize {
        self.batches.per_epoch()
    }

    fn seed(&self) -> Seed {
        self.seed
    }

    fn load(
        &mut self,
        clock: Clock,
        batch: usize,
        carries: &Carries<T>,
    ) -> Result<Load, TaskError> {
        self.clock = clock;
        let fresh = self.loaded != Some((clock.epoch, batch));
        if fresh {
            self.batches.load(clock.epoch, batch);
        }
        let Self { network, batches, runner, .. } = self;
        let here = batches.outline();
        let empty = here.extent.is_empty();
        let weight = if empty { 0.0 } else { network.weight(&here) };
        if fresh {
            let clean = here.weights.examples.is_none() && here.weights.columns.is_none();
            // A batch that counts nothing is the loop's affair: see `carry`.
            let _ = match clean && self.clean {
                true => BatchObjective::open_clean(network, runner, &here),
                false => BatchObjective::open(network, runner, &batches.batch()),
            };
            self.clean = clean;
        }
        self.segment = here.segment.is_some() && !empty;
        let continues = here.segment.is_some_and(|segment| segment.continues());
        if here.segment.is_some() {
            let from = continues.then_some(carries.as_slice());
            self.carries.begin(network, here.extent.examples, from);
        }
        let begins = here.segment.is_none_or(|segment| segment.begins());
        let samples = if begins { here.extent.examples as u64 } else { 0 };
        let load = Load { weight, samples };
        self.loaded = Some((clock.epoch, batch));
        Ok(load)
    }

    fn carry(&mut self, parameters: &[T]) -> Result<(), TaskError> {
        match self.batches.outline().segment {
            None => return Err(TaskError(format!("training data: {ZeroWeight}"))),
            Some(segment) if !segment.labelled => {
                let message = "training data: no step counts of all the sequences of a batch";
                return Err(TaskError(message.into()));
            }
            // It may be one that only carries states on.
            Some(_) => {}
        }
        if self.segment {
            self.evaluate(parameters, Ask { penalty: false, gradient: None });
            self.keep();
        }
        Ok(())
    }

    fn commit(&mut self, carries: &mut Carries<T>) {
        if self.segment {
            carries.clone_from(&self.carries.kept);
        }
    }

    fn watch(&mut self, wants: Wants) {
        self.runner.watch_states(wants.contains(Wants::STATES));
    }

    fn show(&self, wants: Wants, see: &mut dyn FnMut(&Event<'_>)) {
        if wants.contains(Wants::ACTIVATIONS) {
            let (extent, nodes) = (self.batches.outline().extent, 0..self.network.nodes().len());
            show_activations((self.network, &self.runner), nodes, extent, see);
        }
        if wants.contains(Wants::STATES) {
            show_states((self.network, &self.runner), see);
        }
    }

    fn counts(&self) -> &[f64] {
        self.runner.counts()
    }

    fn divide_by(&mut self, divisors: &[f64]) {
        self.runner.divide_by(divisors);
    }

    /// One pass over the data, or over as much of it as is plenty. Averages whose start is not corrected go
    /// on from what they are: of that, batch norm keeps (1 − batch-share)ᵗ after t batches.
    fn refresh(&mut self, clock: Clock, parameters: &mut [T]) -> Result<(), TaskError> {
        let layout = self.network.layout();
        let (statistics, mut gradient) = (layout.statistics(), vec![T::ZERO; layout.len()]);
        let initial = self.network.initialize::<T>(self.seed);
        let own = |block: &&Block| block.fresh && statistics.contains(&block.range.start);
        for Block { range, .. } in layout.blocks().iter().filter(own) {
            parameters[range.clone()].copy_from_slice(&initial[range.clone()]);
        }
        let mut carries = Carries::default();
        for batch in 0..self.batches().min(REFRESHING) {
            let clock = Clock { iteration: clock.iteration + batch as u64, ..clock };
            if self.load(clock, batch, &carries)?.weight > 0.0 {
                let ask = Ask { penalty: false, gradient: Some(&mut gradient) };
                self.evaluate(parameters, ask);
                parameters[statistics.clone()].copy_from_slice(&gradient[statistics.clone()]);
                self.keep();
            } else {
                self.carry(parameters)?;
            }
            self.commit(&mut carries);
        }
        Ok(())
    }

    fn scores(&self) -> BTreeMap<String, Better> {
        self.scored.map(|scored| scored.scoring.directions().clone()).unwrap_or_default()
    }

    fn score(
        &mut self,
        rows: Watched,
        parameters: &[T],
    ) -> Result<BTreeMap<String, Number>, TaskError> {
        let Some(Scored { data, rows: parts, scoring }) = self.scored else {
            return Ok(BTreeMap::new());
        };
        let rows = parts.watched(rows);
        if rows.is_empty() {
            return Ok(BTreeMap::new());
        }
        // The runner is lent: the batch has to be loaded again.
        (self.loaded, self.clean) = (None, false);
        let scores = evaluate(self.network, &mut self.runner, parameters, data, rows, scoring);
        Ok(scores.map_err(|e| TaskError(e.to_string()))?.to_map())
    }
}

//! Workers that share a batch: a task around any other that has a value, which averages over all of them.
//!
//! f = Σₖ Σ w l / Wₖ, a part k for every judged node. Where each worker divides its sums by the mean of
//! the workers' Wₖ, the mean of their losses and gradients is that of the joined batch; a task without
//! such counts is averaged by its weight, Σ wᵢ fᵢ / Σ wᵢ. Source: Dean et al. (2012), *Large scale
//! distributed deep networks*, the synchronous form. Proves that the loop need not know of workers.

use crate::activity::activity;
use crate::harness::{SEED, Toy};
use std::collections::BTreeMap;
use std::sync::{Barrier, Mutex};
use tanren_layers::Dense;
use tanren_losses::{L2, Mse};
use tanren_network::{LossSpec, NetworkSpec, NodeSpec};
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Ask, Batch, Batches, Better, Carries, Clock, Evaluation, Event, Layout, Load, Number,
    Objective, Offers, Seed, Task, TaskError, Wants, Watched,
};
use tanren_tensor::{Extent, Shape};
use tanren_trainer::{State, Supervised, TrainingSpec, fit};
use tanren_updaters::Momentum;

/// What workers exchange: sums of counts, losses and gradients.
pub(crate) struct Exchange {
    workers: usize,
    barrier: Barrier,
    sum: Mutex<Vec<f64>>,
}

impl Exchange {
    pub(crate) fn between(workers: usize) -> Self {
        Self { workers, barrier: Barrier::new(workers), sum: Mutex::default() }
    }

    /// The sums over all workers of these numbers.
    fn sum(&self, numbers: &[f64]) -> Vec<f64> {
        {
            let mut sum = self.sum.lock().unwrap();
            sum.resize(numbers.len(), 0.0);
            sum.iter_mut().zip(numbers).for_each(|(s, x)| *s += x);
        }
        self.barrier.wait();
        let result = self.sum.lock().unwrap().clone();
        if self.barrier.wait().is_leader() {
            self.sum.lock().unwrap().clear();
        }
        self.barrier.wait();
        result
    }
}

/// A task of one worker whose losses and gradients are those of all.
pub(crate) struct Averaged<'a, K> {
    inner: K,
    exchange: &'a Exchange,
    /// What the worker's own loss and gradient count.
    share: f64,
    /// Its part of the weight of the batch.
    rows: f64,
}

impl<'a, K: Task<f64>> Averaged<'a, K> {
    pub(crate) fn new(inner: K, exchange: &'a Exchange) -> Self {
        Self { inner, exchange, share: 0.0, rows: 0.0 }
    }
}

impl<K: Task<f64>> Objective<f64> for Averaged<'_, K> {
    fn offers(&self) -> Offers {
        self.inner.offers()
    }
    fn layout(&self) -> &Layout {
        self.inner.layout()
    }
    fn evaluate(&mut self, parameters: &[f64], ask: Ask<'_, f64>) -> Evaluation {
        let Ask { penalty, gradient } = ask;
        let mut own = vec![0.0; parameters.len()];
        let at = self.inner.evaluate(parameters, Ask { penalty, gradient: Some(&mut own) });
        own.push(at.loss.unwrap());
        own.iter_mut().for_each(|x| *x *= self.share);
        let (statistics, rows) = (self.inner.layout().statistics(), self.rows / self.share);
        own[statistics].iter_mut().for_each(|x| *x *= rows); // next values, not gradients
        let mut all = self.exchange.sum(&own);
        let loss = all.pop();
        if let Some(gradient) = gradient {
            gradient.copy_from_slice(&all);
        }
        Evaluation { loss, ..at }
    }
    fn keep(&mut self) {
        self.inner.keep();
    }
}

impl<K: Task<f64>> Task<f64> for Averaged<'_, K> {
    fn batches(&self) -> usize {
        self.inner.batches()
    }

    fn seed(&self) -> Seed {
        self.inner.seed()
    }
    fn load(&mut self, clock: Clock, batch: usize, c: &Carries<f64>) -> Result<Load, TaskError> {
        let own = self.inner.load(clock, batch, c)?;
        let counts = self.inner.counts();
        let known = [&[own.weight, own.samples as f64], counts].concat();
        let all = self.exchange.sum(&known);
        let workers = self.exchange.workers as f64;
        self.rows = own.weight / all[0];
        self.share = if counts.is_empty() { self.rows } else { 1.0 / workers };
        let divisors: Vec<f64> = all[2..].iter().map(|count| count / workers).collect();
        self.inner.divide_by(&divisors);
        Ok(Load { weight: all[0], samples: all[1] as u64 })
    }
    fn carry(&mut self, parameters: &[f64]) -> Result<(), TaskError> {
        self.inner.carry(parameters)
    }
    fn commit(&mut self, carries: &mut Carries<f64>) {
        self.inner.commit(carries);
    }
    fn watch(&mut self, wants: Wants) {
        self.inner.watch(wants);
    }
    fn show(&self, wants: Wants, see: &mut dyn FnMut(&Event<'_>)) {
        self.inner.show(wants, see);
    }
    fn refresh(&mut self, clock: Clock, parameters: &mut [f64]) -> Result<(), TaskError> {
        self.inner.refresh(clock, parameters)?;
        let statistics = self.inner.layout().statistics();
        let sum = self.exchange.sum(&parameters[statistics.clone()]);
        let own = parameters[statistics].iter_mut().zip(sum);
        own.for_each(|(own, sum)| *own = sum / self.exchange.workers as f64);
        Ok(())
    }
    fn scores(&self) -> BTreeMap<String, Better> {
        self.inner.scores()
    }
    fn score(&mut self, rows: Watched, x: &[f64]) -> Result<BTreeMap<String, Number>, TaskError> {
        self.inner.score(rows, x)
    }
}

/// One batch, again and again.
struct Same(Toy);

impl Batches<f64> for Same {
    fn per_epoch(&self) -> usize {
        1
    }
    fn load(&mut self, _: u64, _: usize) {}
    fn batch(&self) -> Batch<'_, f64> {
        self.0.batch()
    }
}

/// Some examples of a batch.
fn part(toy: &Toy, examples: std::ops::Range<usize>) -> Toy {
    let (all, len) = (toy.extent.examples, examples.len());
    let mut part = Toy { extent: Extent { examples: len, ..toy.extent }, ..toy.clone() };
    let cut = |numbers: &[f64], width: usize| -> Vec<f64> {
        let steps = numbers.chunks(all * width);
        steps
            .flat_map(|step| &step[examples.start * width..examples.end * width])
            .copied()
            .collect()
    };
    let ports = toy.inputs.len();
    for i in 0..ports {
        let (input, target) = (toy.inputs[i].0.features, toy.targets[i].0.features);
        *part.input(i) = cut(toy.clone().input(i), input);
        *part.target(i) = cut(toy.clone().target(i), target);
    }
    part.columns = toy.columns.as_deref().map(|columns| cut(columns, 1));
    part.samples = toy.samples[examples].to_vec();
    part
}

/// A dense layer on sequences and one on vectors, each judged by a loss and a term of its own, with a
/// penalty.
fn spec() -> NetworkSpec {
    NetworkSpec {
        losses: vec![LossSpec::new("steps", Mse {}), LossSpec::new("rows", Mse {})],
        ..NetworkSpec::graph([
            NodeSpec::new("steps", &["x0"], activity(Dense::new(2))),
            NodeSpec::new("rows", &["x1"], activity(Dense::new(1))),
        ])
    }
    .penalty(L2 { strength: 0.01.into() })
}

/// The parameters after 40 updates on this batch, by as many workers as there are parts.
fn trained(toy: &Toy, spec: &NetworkSpec, parts: &[std::ops::Range<usize>]) -> Vec<Vec<f64>> {
    let network = toy.network(spec);
    let training = TrainingSpec::new(LearningRate::constant(0.1));
    let training = training.updater(Momentum { momentum: 0.5.into() }).epochs(40);
    let exchange = Exchange::between(parts.len());
    std::thread::scope(|scope| {
        let worker = |range: &std::ops::Range<usize>| {
            let supervised = Supervised::new(&network, Same(part(toy, range.clone())), SEED);
            let mut task = Averaged::new(supervised, &exchange);
            let mut state = State::new(&network, &training, SEED);
            fit(&training, &mut task, &mut state, &mut (), &mut |_| Ok(false)).unwrap();
            state.parameters
        };
        let workers: Vec<_> =
            parts.iter().map(|range| scope.spawn(move || worker(range))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect()
    })
}

/// Sequences of unlike lengths count unlike numbers of columns in the two losses: two workers are one
/// with the joined batch all the same, even where one of them has no step of a sequence. Equal to
/// rounding, since sums run in another order (1e-12 after 40 steps).
#[test]
fn two_workers_are_one_where_losses_count_unlike_columns() {
    let (mut steps, target) = (Shape::vector(3), Shape::vector(1));
    let (mut out, rows) = (Shape::vector(2), Shape::vector(2));
    (steps.sequence, out.sequence) = (true, true);
    for lengths in [[4, 1, 3, 2, 2], [0, 0, 3, 4, 1]] {
        let toy = Toy::new((5, 4), &[steps, rows], &[out, target]).ragged(&lengths);
        one_is_two(&toy, &spec());
    }
    // A worker without any step of the only loss.
    let toy = Toy::new((5, 4), &[steps], &[out]).ragged(&[0, 0, 3, 4, 1]);
    one_is_two(&toy, &NetworkSpec::chain([Dense::new(2).into()]).loss(Mse {}));
}

fn one_is_two(toy: &Toy, spec: &NetworkSpec) {
    let [one, other] = &trained(toy, spec, &[0..2, 2..5])[..] else { panic!() };
    assert_eq!(one, other);
    let alone = &trained(toy, spec, std::slice::from_ref(&(0..5)))[0];
    for (two, one) in one.iter().zip(alone) {
        assert!((two - one).abs() < 1e-12, "{two} and {one}");
    }
}

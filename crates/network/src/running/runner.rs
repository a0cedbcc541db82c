//! `Runner`: the memory of a batch, and the way forward through the network.

use crate::network::Origin;
use crate::running::backward::weigh;
use crate::running::states::States;
use crate::{CarryBuffers, Network, Node, Output};
use tanren_plugin::engine::{Plain, Products};
use tanren_plugin::{
    Batch, Carry, Clock, Forward, Memory, Mode, Params, Pass, Ports, Precision, Seed,
};
use tanren_tensor::{Extent, Input, Real, Shape, Signal, SignalMut, Write};

/// All buffers one batch needs, allocated once and grown only for a larger batch, and how products
/// are formed.
#[derive(Debug)]
pub struct Runner<T> {
    pub(crate) products: Box<dyn Products<T>>,
    pub(crate) signals: Vec<Vec<T>>,
    pub(crate) gradients: Vec<Vec<T>>,
    pub(crate) tapes: Vec<Vec<T>>,
    pub(crate) scratch: Vec<T>,
    /// What each node needs of both for batches of `extent`.
    pub(crate) memory: Vec<Memory>,
    extent: Extent,
    /// Disturbed weights of each noisy node, packed; empty elsewhere.
    pub(crate) noisy: Vec<Vec<T>>,
    /// Gradients of one noisy node, packed.
    pub(crate) noisy_gradient: Vec<T>,
    /// A second gradient for nodes judged by several losses.
    pub(crate) extra: Vec<T>,
    pub(crate) values: Vec<f64>,
    /// Σ w of every judged node in the batch that was opened last.
    pub(crate) counts: Vec<f64>,
    /// What the sums over the columns of every judged node are divided by: `counts`, unless several
    /// workers share the batch.
    pub(crate) divisors: Vec<f64>,
    /// Σ w l and Σ w of every output in the last pass, then those of the layers' own terms.
    pub(crate) sums: Vec<(f64, f64)>,
    /// Σ w v and Σ w of every layer's own term in the last pass.
    pub(crate) terms: Vec<(f64, f64)>,
    pub(crate) weights: Vec<T>,
    pub(crate) states: States,
    /// Network inputs without the NaN of columns that count nothing; empty where there is none.
    pub(crate) cleared: Vec<Vec<T>>,
}

/// How a batch is run: the part of a pass that is the same for all nodes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchRun<'a, T> {
    pub(crate) batch: Batch<'a, T>,
    pub(crate) mode: Mode,
    pub(crate) clock: Clock,
    pub(crate) seed: Seed,
}

impl<'a, T: Real> BatchRun<'a, T> {
    /// The pass through a node.
    pub(crate) fn pass<'b>(&self, node: &'b Node) -> Pass<'b, T>
    where
        'a: 'b,
    {
        let stream = self.seed.key(node.stream, self.clock);
        Pass::new(&self.batch, self.mode, self.clock, stream).between(&node.inputs, node.shape)
    }
}

/// The pass as the `k`-th noise of a block sees it: each has random numbers of its own.
pub(crate) fn disturbance<'a, T: Real>(pass: &Pass<'a, T>, k: usize) -> Pass<'a, T> {
    (0..k).fold(pass.named("noise"), |pass, _| pass.named("next"))
}

impl<T: Precision> Runner<T> {
    /// A runner without memory yet.
    #[must_use]
    pub fn new(network: &Network) -> Self {
        let empty = || vec![Vec::new(); network.nodes.len()];
        let noisy = |n: &Node| match n.noisy() {
            true => n.views.iter().map(|v| v.range.len()).sum(),
            false => 0,
        };
        let noisy: Vec<Vec<T>> = network.nodes.iter().map(|n| vec![T::ZERO; noisy(n)]).collect();
        Self {
            products: Box::new(Plain),
            signals: empty(),
            gradients: empty(),
            tapes: empty(),
            scratch: Vec::new(),
            memory: Vec::with_capacity(network.nodes.len()),
            extent: Extent::examples(0),
            noisy_gradient: vec![T::ZERO; noisy.iter().map(Vec::len).max().unwrap_or(0)],
            noisy,
            extra: Vec::new(),
            values: Vec::new(),
            counts: Vec::new(),
            divisors: Vec::new(),
            sums: Vec::with_capacity(network.judged().count()),
            terms: Vec::with_capacity(network.terms().count()),
            weights: Vec::new(),
            states: States::of(network.nodes.len()),
            cleared: vec![Vec::new(); network.inputs.len()],
        }
    }

    /// The same runner, which forms products in this way.
    #[must_use]
    pub fn products(mut self, products: impl Products<T> + 'static) -> Self {
        self.products = Box::new(products);
        self
    }

    /// Σ w of every node that a loss judges, then of those with a term of their own, in the batch that
    /// was opened last.
    #[must_use]
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// Divides the sums of that batch by these numbers instead of [`Runner::counts`]; see
    /// [`Task::divide_by`](tanren_plugin::Task::divide_by).
    ///
    /// # Panics
    /// When there are not as many as counts.
    pub fn divide_by(&mut self, divisors: &[f64]) {
        self.divisors.copy_from_slice(divisors);
    }

    /// Clears what is no number in columns of weight 0. Their gradient is 0, and 0 · NaN is not.
    pub(crate) fn clear(&mut self, network: &Network, batch: &Batch<'_, T>) {
        for ((cleared, input), port) in
            self.cleared.iter_mut().zip(batch.inputs.iter()).zip(&network.inputs)
        {
            cleared.clear();
            let (Input::Dense(x), Some(weights)) = (input, batch.weights.of(port.shape)) else {
                continue;
            };
            let bad = |n: usize| {
                weights[n] == T::ZERO && !x.column(n).iter().all(|x| x.f64().is_finite())
            };
            for n in (0..x.columns()).filter(|&n| bad(n)) {
                if cleared.is_empty() {
                    cleared.extend_from_slice(x.data());
                }
                cleared[n * x.features()..][..x.features()].fill(T::ZERO);
            }
        }
    }

    /// Makes room for a batch; for the backward pass too, if `training`.
    pub(crate) fn reserve(&mut self, network: &Network, extent: Extent, training: bool) {
        let grow = |buffer: &mut Vec<T>, len: usize| {
            if buffer.len() < len {
                buffer.resize(len, T::ZERO);
            }
        };
        if self.extent != extent {
            self.extent = extent;
            self.memory.clear();
            self.memory.extend(network.nodes.iter().map(|n| n.layer.memory(&n.inputs, extent)));
        }
        for (i, node) in network.nodes.iter().enumerate() {
            grow(&mut self.signals[i], extent.len(node.shape));
            grow(&mut self.tapes[i], self.memory[i].tape);
            grow(&mut self.scratch, self.memory[i].scratch);
            if training {
                grow(&mut self.gradients[i], extent.len(node.shape));
            }
        }
        for output in network.outputs.iter().filter(|output| output.write == Write::Add) {
            grow(&mut self.extra, extent.len(network.nodes[output.node].shape));
        }
        let columns = network.judged().map(|node| extent.columns(network.nodes[node].shape));
        let columns = columns.max().unwrap_or(0);
        grow(&mut self.weights, columns);
        self.values.resize(columns.max(self.values.len()), 0.0);
    }

    /// Runs a batch through all nodes and leaves the signals in place.
    pub(crate) fn run(
        &mut self,
        network: &Network,
        parameters: &[T],
        run: &BatchRun<'_, T>,
        carries: Option<(&mut CarryBuffers<T>, usize)>,
    ) {
        self.run_until(network, network.nodes.len(), parameters, run, carries);
    }

    /// Runs a batch through the nodes before node `end`.
    pub(crate) fn run_until(
        &mut self,
        network: &Network,
        end: usize,
        parameters: &[T],
        run: &BatchRun<'_, T>,
        mut carries: Option<(&mut CarryBuffers<T>, usize)>,
    ) {
        let extent = run.batch.extent;
        self.products.prepare(&network.layout, parameters);
        self.terms.clear();
        for (i, node) in network.nodes[..end].iter().enumerate() {
            let (before, rest) = self.signals.split_at_mut(i);
            let given = (&run.batch.inputs, self.cleared.as_slice());
            let inputs = ports(&node.sources, given, network, before, extent);
            let pass = run.pass(node).by(&*self.products);
            let mut params = Params::new(parameters, &node.views);
            if node.noisy() && run.mode == Mode::Training {
                let mut at = 0;
                for (view, noises) in node.views.iter().zip(&node.noise) {
                    let part = &mut self.noisy[i][at..at + view.range.len()];
                    part.copy_from_slice(&parameters[view.range.clone()]);
                    let block = &network.layout.blocks()[view.block];
                    for (k, noise) in noises.iter().enumerate() {
                        noise.kernels().at::<T>().disturb(&disturbance(&pass, k), block, part);
                    }
                    at += view.range.len();
                }
                params = params.packed(&self.noisy[i]);
            }
            let memory = self.memory[i];
            let carry = carries.as_mut().filter(|_| node.carry > 0).map(|(carries, after)| {
                let CarryBuffers { incoming, outgoing, .. } = &mut **carries;
                Carry::new(&incoming[i], &mut outgoing[i], extent.examples, *after)
            });
            let output = &mut rest[0][..extent.len(node.shape)];
            let output = SignalMut::new(output, node.shape.features);
            let columns = node.term.map_or(0, |_| extent.columns(node.shape));
            let values = &mut self.values[..columns];
            let forward = Forward::new(&pass, params, &inputs, output)
                .tape(&mut self.tapes[i][..memory.tape])
                .scratch(&mut self.scratch[..memory.scratch])
                .carry(carry)
                .term(values);
            node.layer.kernels().at::<T>().forward(forward);
            if node.term.is_some() {
                self.terms.push(weigh(values, run.batch.weights.of(node.shape)));
            }
        }
    }

    /// Predicts a batch in inference mode: calls `each` with every output and its predictions.
    pub fn predict(
        &mut self,
        network: &Network,
        parameters: &[T],
        batch: &Batch<'_, T>,
        each: &mut dyn FnMut(usize, &Output, Signal<'_, T>),
    ) {
        self.infer(network, parameters, batch, None);
        self.predictions(network, batch.extent, each);
    }

    /// Applies the links to the signals of the last pass, which must have had this extent: calls
    /// `each` with every output and its predictions.
    pub fn predictions(
        &mut self,
        network: &Network,
        extent: Extent,
        each: &mut dyn FnMut(usize, &Output, Signal<'_, T>),
    ) {
        for (k, output) in network.outputs.iter().enumerate() {
            let node = &network.nodes[output.node];
            let len = extent.len(output.prediction_shape(node));
            if self.extra.len() < len {
                self.extra.resize(len, T::ZERO);
            }
            let signal = signal(&self.signals[output.node], node.shape, extent);
            let predictions = SignalMut::new(&mut self.extra[..len], output.predictions);
            output.loss.kernels().at::<T>().predict(signal, predictions);
            each(k, output, Signal::new(&self.extra[..len], output.predictions));
        }
    }

    /// Runs a batch in inference mode, with or without a carry, and leaves the signals in place
    /// for [`Runner::signal`].
    pub fn infer(
        &mut self,
        network: &Network,
        parameters: &[T],
        batch: &Batch<'_, T>,
        carries: Option<(&mut CarryBuffers<T>, usize)>,
    ) {
        self.reserve(network, batch.extent, false);
        self.cleared.iter_mut().for_each(Vec::clear);
        // Inference draws no random numbers, so neither clock nor seed matters.
        let (clock, seed) = (Clock::default(), Seed::default());
        let run = BatchRun { batch: *batch, mode: Mode::Inference, clock, seed };
        self.run(network, parameters, &run, carries);
    }

    /// The output of `node` in the last pass, which must have had this extent.
    #[must_use]
    pub fn signal(&self, network: &Network, node: usize, extent: Extent) -> Signal<'_, T> {
        signal(&self.signals[node], network.nodes[node].shape, extent)
    }
}

/// The part of a buffer a batch uses, as a signal.
pub(crate) fn signal<T: Real>(buffer: &[T], shape: Shape, extent: Extent) -> Signal<'_, T> {
    Signal::new(&buffer[..extent.len(shape)], shape.features)
}

/// The inputs of a node: network inputs, cleared ones instead where there are, and signals of nodes
/// before it.
pub(crate) fn ports<'a, T: Real>(
    sources: &[Origin],
    given: (&Ports<'a, T>, &'a [Vec<T>]),
    network: &Network,
    signals: &'a [Vec<T>],
    extent: Extent,
) -> Ports<'a, T> {
    sources.iter().map(|source| port(source, given, network, signals, extent)).collect()
}

/// One of them.
pub(crate) fn port<'a, T: Real>(
    source: &Origin,
    (inputs, cleared): (&Ports<'a, T>, &'a [Vec<T>]),
    network: &Network,
    signals: &'a [Vec<T>],
    extent: Extent,
) -> Input<'a, T> {
    match *source {
        Origin::Input(i) if cleared[i].is_empty() => inputs[i],
        Origin::Input(i) => {
            Input::Dense(Signal::new(&cleared[i], network.inputs[i].shape.features))
        }
        Origin::Node(j) => Input::Dense(signal(&signals[j], network.nodes[j].shape, extent)),
    }
}

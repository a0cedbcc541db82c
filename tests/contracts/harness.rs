//! What the contract tests share: toy batches, and a few steps of training on one of them.

use crate::allocator::own_calls;
use tanren_network::{BatchObjective, Network, NetworkSpec, Port, Runner};
use tanren_optimizers::LearningRate;
use tanren_plugin::{Batch, Clock, Ports, Seed, StepOutcome, Stepper, Weights};
use tanren_tensor::{Extent, Indices, Input, Shape, Signal, Stream};
use tanren_testkit as testkit;
use tanren_trainer::{State, TrainingSpec};

pub(crate) const SEED: Seed = Seed(7);

/// The columns of one input or target.
#[derive(Clone, Debug)]
pub(crate) enum Columns {
    Dense(Vec<f64>),
    Indices(Vec<u32>),
}

/// A batch that owns its numbers.
#[derive(Clone, Debug)]
pub(crate) struct Toy {
    pub(crate) extent: Extent,
    pub(crate) inputs: Vec<(Shape, Columns)>,
    pub(crate) targets: Vec<(Shape, Columns)>,
    pub(crate) samples: Vec<u64>,
    pub(crate) examples: Option<Vec<f64>>,
    pub(crate) columns: Option<Vec<f64>>,
}

impl Toy {
    /// `examples` × `steps` of random inputs and targets.
    pub(crate) fn new(
        (examples, steps): (usize, usize),
        inputs: &[Shape],
        targets: &[Shape],
    ) -> Self {
        let extent = Extent { examples, steps };
        let mut draws = Stream::new(1, "toy").sample(0);
        let mut port = |&shape: &Shape| {
            let columns = extent.columns(shape);
            let columns = match shape.indices {
                true => Columns::Indices(
                    (0..columns).map(|_| draws.below(shape.features as u64) as u32).collect(),
                ),
                false => {
                    Columns::Dense((0..columns * shape.features).map(|_| draws.normal()).collect())
                }
            };
            (shape, columns)
        };
        let (inputs, targets) =
            (inputs.iter().map(&mut port).collect(), targets.iter().map(&mut port).collect());
        let samples = (0..examples as u64).collect();
        Self { extent, inputs, targets, samples, examples: None, columns: None }
    }

    /// The same batch with a weight per example, for sequences too.
    pub(crate) fn weighted(mut self, weights: &[f64]) -> Self {
        self.columns = Some(weights.repeat(self.extent.steps));
        self.examples = Some(weights.to_vec());
        self
    }

    /// The same batch with sequences of these lengths.
    pub(crate) fn ragged(mut self, lengths: &[usize]) -> Self {
        let weight = |t: usize, length: usize| if t < length { 1.0 } else { 0.0 };
        let steps = 0..self.extent.steps;
        let columns = steps.flat_map(|t| lengths.iter().map(move |&l| weight(t, l)));
        self.columns = Some(columns.collect());
        self
    }

    /// The numbers of input `i`.
    pub(crate) fn input(&mut self, i: usize) -> &mut Vec<f64> {
        dense(&mut self.inputs[i])
    }

    /// The numbers of target `i`.
    pub(crate) fn target(&mut self, i: usize) -> &mut Vec<f64> {
        dense(&mut self.targets[i])
    }

    pub(crate) fn batch(&self) -> Batch<'_, f64> {
        Batch {
            extent: self.extent,
            samples: &self.samples,
            inputs: ports(&self.inputs),
            targets: ports(&self.targets),
            weights: Weights {
                examples: self.examples.as_deref(),
                columns: self.columns.as_deref(),
                mask: self.columns.as_deref(),
            },
            segment: None,
        }
    }

    /// The network of `spec` for this batch. Inputs are called `x0`, `x1` …, targets `t0` ….
    pub(crate) fn network(&self, spec: &NetworkSpec) -> Network {
        let ports = |letter: &str, ports: &[(Shape, Columns)]| -> Vec<Port> {
            let named = ports.iter().enumerate();
            named.map(|(i, (shape, _))| Port::new(format!("{letter}{i}"), *shape)).collect()
        };
        Network::assemble(spec, &ports("x", &self.inputs), &ports("t", &self.targets)).unwrap()
    }

    /// The objective of this batch at `clock`.
    pub(crate) fn objective<'a>(
        &'a self,
        network: &'a Network,
        runner: &'a mut Runner<f64>,
        clock: Clock,
    ) -> BatchObjective<'a, f64> {
        BatchObjective::new(network, runner, self.batch(), clock, SEED).unwrap()
    }

    /// Checks the gradient of loss and penalties in all parameters, away from their initial values.
    pub(crate) fn check_gradient(&self, network: &Network) {
        let mut draws = Stream::new(2, "toy").sample(0);
        let mut parameters: Vec<f64> = network.initialize(SEED);
        parameters.iter_mut().for_each(|p| *p += 0.1 * draws.normal());
        let mut runner = Runner::new(network);
        let mut objective = self.objective(network, &mut runner, Clock::default());
        testkit::objective(&mut objective, &parameters, network.smooth());
    }

    /// Asserts that no step but the first allocates, whether taken on the spot or as a whole.
    pub(crate) fn check_memory(&self, network: &Network) {
        let training = TrainingSpec::new(LearningRate::constant(0.01));
        let motion = training.motion(network.layout());
        let mut state = State::new(network, &training, SEED);
        let (mut runner, mut stepper) = (Runner::new(network), Stepper::new(network.layout()));
        let calls = [0; 3].map(|_| {
            let before = own_calls();
            let mut objective = self.objective(network, &mut runner, state.clock);
            stepper.sweep(&mut objective, &motion, state.moving()).unwrap();
            let at = stepper.evaluate(&mut objective, &motion, &state.moving(), false);
            stepper.advance(&mut objective, at, &motion, state.moving());
            own_calls() - before
        });
        assert_eq!(calls[1..], [0, 0], "allocations of the second and the third step");
    }

    /// The first `updates` updates of `training` on this batch: the state they lead to, and loss
    /// and step of each.
    pub(crate) fn train(
        &self,
        network: &Network,
        training: &TrainingSpec,
        updates: u64,
    ) -> (State<f64>, Vec<(f64, StepOutcome)>) {
        let mut state = State::new(network, training, SEED);
        let (mut runner, mut stepper) = (Runner::new(network), Stepper::new(network.layout()));
        let motion = training.motion(network.layout());
        let mut taken = Vec::new();
        for _ in 0..updates {
            let mut objective = self.objective(network, &mut runner, state.clock);
            let at = stepper.evaluate(&mut objective, &motion, &state.moving(), false);
            let step = stepper.advance(&mut objective, at, &motion, state.moving());
            taken.push((at.loss.unwrap(), step));
            state.clock.iteration += 1;
        }
        (state, taken)
    }
}

fn ports(ports: &[(Shape, Columns)]) -> Ports<'_, f64> {
    let port = |port| {
        let (shape, columns): &(Shape, Columns) = port;
        match columns {
            Columns::Dense(x) => Input::Dense(Signal::new(x, shape.features)),
            Columns::Indices(data) => Input::Indices(Indices { data, levels: shape.features }),
        }
    };
    ports.iter().map(port).collect()
}

fn dense(port: &mut (Shape, Columns)) -> &mut Vec<f64> {
    match &mut port.1 {
        Columns::Dense(x) => x,
        Columns::Indices(_) => panic!("indices"),
    }
}

/// Asserts that two vectors have the same bits.
#[track_caller]
pub(crate) fn same(a: &[f64], b: &[f64]) {
    let bits = |x: &[f64]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(a), bits(b), "{a:?} and {b:?}");
}

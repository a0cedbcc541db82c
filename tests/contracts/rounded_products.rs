//! `Rounded`: C = Ã B̃, products of operands rounded to bfloat16 as matrix units of processors form
//! them.
//!
//! x̃ is x rounded to eight significant bits, to the even one of two that are equally near. Source:
//! Kalamkar et al. (2019), *A study of BFLOAT16 for deep learning training*. Proves that a network
//! forms its products as its runner is told, with weights prepared once per evaluation, and that no
//! layer knows.

use crate::allocator::own_calls;
use crate::harness::{SEED, Toy};
use crate::table::{Rows, recipe};
use tanren_layers::{Dense, Rnn, Tanh};
use tanren_losses::Mse;
use tanren_network::{BatchObjective, Network, NetworkSpec, Runner};
use tanren_optimizers::LearningRate;
use tanren_plugin::engine::{Operand, Products};
use tanren_plugin::{Ask, Batch, Clock, Layout, Objective as _, Phase, Ports, Stepper};
use tanren_tensor::{Input, Mat, MatMut, Shape, Signal, SignalMut, Write, gemm, mat, with_scratch};
use tanren_trainer::{Order, RowBatches, Scored, State, Supervised, TrainingSpec, evaluate, fit};

#[derive(Debug, Default)]
struct Rounded {
    /// All parameters of this evaluation, rounded.
    parameters: Vec<f32>,
}

/// x̃.
fn round(x: f32) -> f32 {
    let bits = x.to_bits();
    let even = (bits >> 16) & 1;
    if x.is_finite() { f32::from_bits((bits + 0x7fff + even) & 0xffff_0000) } else { x }
}

impl Products<f32> for Rounded {
    fn prepare(&mut self, _: &Layout, parameters: &[f32]) {
        self.parameters.clear();
        self.parameters.extend(parameters.iter().map(|&x| round(x)));
    }

    fn product(&self, write: Write, a: Mat<'_, f32>, b: Mat<'_, f32>, c: MatMut<'_, f32>) {
        let rounded = |from: Mat<'_, f32>, to: &mut [f32]| {
            to.iter_mut().zip(from.iter()).for_each(|(to, &x)| *to = round(x));
        };
        with_scratch(a.len(), |left| {
            with_scratch(b.len(), |right| {
                rounded(a, left);
                rounded(b, right);
                let (m, k, n) = (a.nrows(), a.ncols(), b.ncols());
                gemm(write, mat(left, m, k), mat(right, k, n), c);
            });
        });
    }

    fn times(
        &self,
        write: Write,
        w: Operand<'_, f32>,
        x: Signal<'_, f32>,
        z: &mut SignalMut<'_, f32>,
    ) {
        let prepared = w.within(&self.parameters).unwrap_or(w.matrix);
        with_scratch(x.data().len(), |right| {
            right.iter_mut().zip(x.data()).for_each(|(to, &x)| *to = round(x));
            gemm(write, prepared, mat(right, x.features(), x.columns()), z.matrix());
        });
    }
}

/// A batch in single precision.
struct Single {
    toy: Toy,
    x: Vec<f32>,
    t: Vec<f32>,
}

impl Single {
    fn new(mut toy: Toy) -> Self {
        let single = |x: &[f64]| x.iter().map(|&x| x as f32).collect();
        let (x, t) = (single(toy.input(0)), single(toy.target(0)));
        Self { toy, x, t }
    }

    fn objective<'a>(
        &'a self,
        network: &'a Network,
        runner: &'a mut Runner<f32>,
    ) -> BatchObjective<'a, f32> {
        let mut batch = Batch::new(self.toy.extent, &self.toy.samples);
        let port = |numbers: &'a [f32], shape: Shape| {
            Ports::from_iter([Input::Dense(Signal::new(numbers, shape.features))])
        };
        batch.inputs = port(&self.x, self.toy.inputs[0].0);
        batch.targets = port(&self.t, self.toy.targets[0].0);
        BatchObjective::new(network, runner, batch, Clock::default(), SEED).unwrap()
    }

    fn evaluate(&self, network: &Network, runner: &mut Runner<f32>) -> (f64, Vec<f32>) {
        let parameters: Vec<f32> = network.initialize(SEED);
        let mut gradient = vec![f32::NAN; parameters.len()];
        let ask = Ask { penalty: false, gradient: Some(&mut gradient) };
        let evaluation = self.objective(network, runner).evaluate(&parameters, ask);
        (evaluation.loss.unwrap(), gradient)
    }
}

/// Dense and recurrent weights.
fn deep() -> (Single, Network) {
    let toy = Toy::new((4, 3), &[Shape::sequence(5)], &[Shape::sequence(2)]);
    let hidden = Dense::new(6).activation(Tanh {});
    let layers = [hidden.into(), Rnn::new(4).into(), Dense::new(2).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}));
    (Single::new(toy), network)
}

#[test]
fn rounding_is_to_the_nearest_even() {
    let unit = f32::powi(2.0, -8); // half of what lies between 1 and the next number
    for (x, rounded) in [
        (1.0 + unit, 1.0),
        (1.0 + 1.01 * unit, 1.0 + 2.0 * unit),
        (1.0 + 3.0 * unit, 1.0 + 4.0 * unit),
        (-1.0 - unit, -1.0),
    ] {
        assert_eq!(round(x), rounded);
    }
    assert!(round(f32::NAN).is_nan());
}

/// y = W̃ x̃ + b and ∂W = ∂ỹ x̃ᵀ, ∂x = W̃ᵀ ∂ỹ, against the same formulas number by number.
#[test]
fn all_three_products_are_of_rounded_operands() {
    let toy = Toy::new((3, 1), &[Shape::vector(2)], &[Shape::vector(2)]);
    let layers = [Dense::new(2).into(), Dense::new(2).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}));
    let single = Single::new(toy);
    let (_, found) =
        single.evaluate(&network, &mut Runner::new(&network).products(Rounded::default()));
    let (_, plain) = single.evaluate(&network, &mut Runner::new(&network));

    let p: Vec<f32> = network.initialize(SEED);
    let blocks: Vec<_> = network.layout().blocks().iter().map(|b| b.range.clone()).collect();
    let at = |w: &[f32], o: usize, i: usize| f64::from(round(w[i * 2 + o])); // column-major, 2 × 2
    let layer = |w: &[f32], b: &[f32], x: &[f32]| -> Vec<f32> {
        let y = |o: usize| (0..2).map(|i| at(w, o, i) * f64::from(round(x[i]))).sum::<f64>();
        (0..2).map(|o| (y(o) + f64::from(b[o])) as f32).collect()
    };
    let [w1, b1, w2, b2] = [0, 1, 2, 3].map(|k| &p[blocks[k].clone()]);
    let mut expected = vec![0.0; p.len()];
    for (x, t) in single.x.chunks(2).zip(single.t.chunks(2)) {
        let h = layer(w1, b1, x);
        let y = layer(w2, b2, &h);
        // The loss is the mean square of six numbers.
        let dy: Vec<f32> = y.iter().zip(t).map(|(y, t)| 2.0 * (y - t) / 6.0).collect();
        let back = |i: usize| (0..2).map(|o| at(w2, o, i) * f64::from(round(dy[o]))).sum::<f64>();
        let dh = [0, 1].map(|i| back(i) as f32);
        for (o, i) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let product = |dz: &[f32], x: &[f32]| f64::from(round(dz[o])) * f64::from(round(x[i]));
            expected[blocks[0].start + i * 2 + o] += product(&dh, x);
            expected[blocks[2].start + i * 2 + o] += product(&dy, &h);
        }
    }
    for block in [&blocks[0], &blocks[2]] {
        for k in block.clone() {
            assert!((f64::from(found[k]) - expected[k]).abs() < 1e-3, "{found:?} {expected:?}");
        }
    }
    assert_ne!(found, plain);
}

/// A step on the spot leaves no product for later that would be formed otherwise.
#[test]
fn a_step_on_the_spot_is_as_a_whole() {
    let (single, network) = deep();
    let training = TrainingSpec::new(LearningRate::constant(0.1));
    let motion = training.motion(network.layout());
    let run = |swept: bool, mut runner: Runner<f32>| {
        let mut state = State::<f32>::new(&network, &training, SEED);
        let mut stepper = Stepper::new(network.layout());
        let mut losses = Vec::with_capacity(20);
        for _ in 0..20 {
            let before = own_calls();
            let mut objective = single.objective(&network, &mut runner);
            let at = if swept {
                stepper.sweep(&mut objective, &motion, state.moving()).unwrap().0
            } else {
                let at = stepper.evaluate(&mut objective, &motion, &state.moving(), false);
                stepper.advance(&mut objective, at, &motion, state.moving());
                at
            };
            assert!(losses.is_empty() || own_calls() == before, "a step allocates");
            losses.push(at.loss.unwrap());
        }
        (state.parameters, losses)
    };
    let rounded = || Runner::new(&network).products(Rounded::default());
    let (swept, losses) = run(true, rounded());
    assert_eq!(run(false, rounded()).0, swept);
    assert_ne!(run(true, Runner::new(&network)).0, swept);
    assert!(losses[19] < 0.9 * losses[0], "{losses:?}");
}

/// Training and validation alike.
#[test]
fn a_run_can_be_given_products() {
    let training = TrainingSpec::new(LearningRate::constant(0.05)).batch(8).epochs(3);
    let setup = recipe(Rows::default(), training.clone()).prepare().unwrap();
    let (data, scoring) = (setup.prepared::<f32>().unwrap(), setup.scoring().unwrap());
    let (network, held_out) = (&setup.network, &setup.rows.validation);
    let run = |rounded: bool| {
        let (rows, order) = (&setup.rows.train, Order::Fixed);
        let batches = RowBatches::new(&data, rows, 8, order, (SEED, Phase::Training));
        let scored = Scored { data: &data, rows: &setup.rows, scoring: &scoring };
        let task = Supervised::new(network, batches, SEED).scored(scored);
        let mut task = if rounded { task.products(Rounded::default()) } else { task };
        let mut state = State::<f32>::new(network, &training, SEED);
        fit(&training, &mut task, &mut state, &mut (), &mut |_| Ok(false)).unwrap();
        state
    };
    let state = run(true);
    let loss = |mut runner: Runner<f32>| {
        let scores = evaluate(network, &mut runner, &state.parameters, &data, held_out, &scoring);
        scores.unwrap().loss()
    };
    let last = state.history[2].validation["loss"].0;
    assert_eq!(last, loss(Runner::new(network).products(Rounded::default())));
    assert_ne!(last, loss(Runner::new(network)));
    assert_ne!(run(false).parameters, state.parameters);
}

//! `acme/rbm`: a binary restricted Boltzmann machine, E(v, h) = −hᵀWv − cᵀh − bᵀv.
//!
//! v visible, h hidden units, W hidden × visible, b, c biases. Forward: p(h = 1 | v) = σ(Wv + c).
//! F(v) = −bᵀv − Σ ln(1 + e^(Wv + c)). Source: Hinton (2002), *Training products of experts by
//! minimizing contrastive divergence*: ∂F(data) − ∂F(reconstruction) after one Gibbs step, CD-1.
//! Proves the energy door, an objective with a gradient only, and blocks of pretraining only.

use crate::harness::{SEED, Toy};
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, XavierNormal, Zero};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Active, Ask, Backward, Block, BlockKind, BlockView, Clock, Contrast, EnergyKernel,
    EnergyKernels, Evaluation, Facts, Forward, Grads, Kernels, Layer, LayerKernel, Layout, Memory,
    Mode, Objective, Offers, ParamSpec, Params, Pass, Phase, Plugin, Stepper, Weights,
};
use tanren_tensor::{
    Draws, Extent, Input, Mat, Real, Shape, ShapeError, Signal, Write, add_columns, add_scaled,
    gemm, mat, mat_mut, sigmoid, softplus_scalar, transposed,
};
use tanren_testkit as testkit;
use tanren_trainer::{State, TrainingSpec};

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rbm {
    hidden: usize,
}

#[typetag::serde(name = "acme/rbm")]
impl Layer for Rbm {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if !x.indices => Ok(x.with_features(self.hidden)),
            _ => Err(ShapeError::new("one input of numbers", format!("{inputs:?}"))),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let (hidden, visible) = (self.hidden, inputs[0].features);
        let block = |name, rows| ParamSpec::new(name, BlockKind::Bias, (rows, 1), Zero {});
        let weight =
            ParamSpec::new("weight", BlockKind::Weight, (hidden, visible), XavierNormal {});
        let visible = ParamSpec { active: Active::Pretraining, ..block("visible", visible) };
        vec![weight, block("hidden", hidden), visible]
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        // Reconstruction, and hidden units before and after.
        let columns = extent.columns(inputs[0]);
        Memory { tape: 0, scratch: columns * (inputs[0].features + 2 * self.hidden) }
    }
    fn facts(&self) -> Facts {
        Facts { range: (0.0, 1.0), ..Facts::smooth() }
    }
    fn energy(&self) -> Option<EnergyKernels<'_>> {
        Some(EnergyKernels::of(self))
    }
    fn kernels(&self) -> Kernels<'_> {
        Kernels::of(self)
    }
}

/// σ(W x + bias), column by column.
fn project<T: Real>(w: Mat<'_, T>, x: Mat<'_, T>, bias: &[T], y: &mut [T]) {
    y.chunks_exact_mut(bias.len()).for_each(|y| y.copy_from_slice(bias));
    gemm(Write::Add, w, x, mat_mut(y, bias.len(), x.ncols()));
    sigmoid(y);
}

impl<T: Real> LayerKernel<T> for Rbm {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (w, x) = (pass.params.matrix(0), pass.inputs[0].dense().matrix());
        project(w, x, pass.params.slice(1), pass.output.data());
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        for (dz, &y) in pass.upstream.data().iter_mut().zip(pass.output.data()) {
            *dz *= y * (T::ONE - y);
        }
        let (x, dz) = (pass.inputs[0].dense().matrix(), pass.upstream.read().matrix());
        if let Some((write, dw)) = pass.grads.matrix(0) {
            gemm(write, dz, transposed(x), dw);
        }
        if let Some((write, dc)) = pass.grads.slice(1) {
            add_columns(write, pass.upstream.read(), dc);
        }
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            gemm(write, transposed(pass.params.matrix(0)), dz, dx.matrix());
        }
    }
}

impl<T: Real> EnergyKernel<T> for Rbm {
    fn contrast(&self, mut pass: Contrast<'_, T>) {
        let (w, v0) = (pass.params.matrix(0), pass.visible.dense());
        let (visible, n) = (v0.features(), v0.columns());
        let (b, c) = (pass.params.slice(2), pass.params.slice(1));
        let (v1, rest) = pass.scratch.split_at_mut(visible * n);
        let (h0, h1) = rest.split_at_mut(self.hidden * n);
        project(w, v0.matrix(), c, h0);
        let stream = pass.pass.stream.named("gibbs").at(1, pass.pass.clock.iteration);
        for ((h1, h0), &sample) in
            h1.chunks_exact_mut(self.hidden).zip(h0.chunks(self.hidden)).zip(pass.pass.samples)
        {
            let mut draws: Draws = stream.sample(sample);
            let on = |p: T| if draws.uniform() < p.f64() { T::ONE } else { T::ZERO };
            h1.iter_mut().zip(h0.iter().copied().map(on)).for_each(|(h1, h)| *h1 = h);
        }
        project(transposed(w), mat(h1, self.hidden, n), b, v1);
        project(w, mat(v1, visible, n), c, h1);
        // Positive columns count −w, those of the reconstruction +w.
        for (k, &weight) in pass.weights.iter().enumerate() {
            h0[k * self.hidden..][..self.hidden].iter_mut().for_each(|h| *h *= -weight);
            h1[k * self.hidden..][..self.hidden].iter_mut().for_each(|h| *h *= weight);
        }
        if let Some((write, mut dw)) = pass.grads.matrix(0) {
            gemm(write, mat(h0, self.hidden, n), transposed(v0.matrix()), dw.as_view_mut());
            gemm(Write::Add, mat(h1, self.hidden, n), transposed(mat(v1, visible, n)), dw);
        }
        if let Some((write, dc)) = pass.grads.slice(1) {
            add_columns(write, Signal::new(h0, self.hidden), dc);
            add_columns(Write::Add, Signal::new(h1, self.hidden), dc);
        }
        if let Some((mut write, db)) = pass.grads.slice(2) {
            for ((v0, v1), &weight) in v0.iter().zip(v1.chunks(visible)).zip(pass.weights) {
                add_scaled(write, -weight, v0, db);
                add_scaled(Write::Add, weight, v1, db);
                write = Write::Add;
            }
        }
    }

    fn free_energy(
        &self,
        params: &Params<'_, T>,
        visible: Input<'_, T>,
        scratch: &mut [T],
        values: &mut [f64],
    ) {
        let v = visible.dense();
        let z = &mut scratch[..self.hidden * v.columns()];
        z.chunks_exact_mut(self.hidden).for_each(|z| z.copy_from_slice(params.slice(1)));
        let (hidden, n) = (self.hidden, v.columns());
        gemm(Write::Add, params.matrix(0), v.matrix(), mat_mut(z, hidden, n));
        for ((value, v), z) in values.iter_mut().zip(v.iter()).zip(z.chunks(hidden)) {
            let soft: f64 = z.iter().map(|&z| softplus_scalar(z).f64()).sum();
            *value = -tanren_tensor::dot(params.slice(2), v) - soft;
        }
    }
}

/// What a pretrainer does: the energy model alone, all its blocks trained.
struct Pretraining<'a> {
    layer: &'a dyn Layer,
    toy: &'a Toy,
    clock: Clock,
    layout: Layout,
    views: Vec<BlockView>,
}

impl<'a> Pretraining<'a> {
    fn new(layer: &'a dyn Layer, toy: &'a Toy) -> Self {
        let blocks = layer.params(&[toy.inputs[0].0]).into_iter().map(|spec| Block {
            node: "rbm".into(),
            name: spec.name.to_string(),
            kind: spec.kind,
            rows: spec.rows,
            cols: spec.cols,
            range: 0..0,
            fan: spec.fan,
            init: Some(spec.init),
            fixed: false,
        });
        let (layout, _) = Layout::place(blocks.collect());
        let view = |(block, b): (usize, &Block)| BlockView {
            block,
            range: b.range.clone(),
            rows: b.rows,
            cols: b.cols,
            transposed: false,
            write: Write::Overwrite,
            fixed: false,
            alone: true,
            kind: b.kind,
        };
        let views = layout.blocks().iter().enumerate().map(view).collect();
        let clock = Clock { phase: Phase::Pretraining(0), ..Clock::default() };
        Self { layer, toy, clock, layout, views }
    }

    fn scratch(&self) -> Vec<f64> {
        vec![f64::NAN; self.layer.memory(&[self.toy.inputs[0].0], self.toy.extent).scratch]
    }

    /// Mean free energy of some columns.
    fn free_energy(&self, parameters: &[f64], v: &[f64]) -> f64 {
        let mut values = vec![f64::NAN; self.toy.extent.examples];
        let visible = Input::Dense(Signal::new(v, self.toy.inputs[0].0.features));
        let params = Params::new(parameters, &self.views);
        let kernel = self.layer.energy().unwrap().at::<f64>();
        kernel.free_energy(&params, visible, &mut self.scratch(), &mut values);
        values.iter().sum::<f64>() / values.len() as f64
    }
}

impl Objective<f64> for Pretraining<'_> {
    fn offers(&self) -> Offers {
        Offers::GRADIENT
    }
    fn layout(&self) -> &Layout {
        &self.layout
    }
    fn evaluate(&mut self, parameters: &[f64], ask: Ask<'_, f64>) -> Evaluation {
        let batch = self.toy.batch();
        let Some(gradient) = ask.gradient else { return Evaluation::default() };
        let pass = Pass {
            mode: Mode::Training,
            clock: self.clock,
            stream: SEED.stream_at("node", self.clock).named("rbm"),
            samples: batch.samples,
            extent: batch.extent,
            weights: Weights::NONE,
        };
        self.layer.energy().unwrap().at::<f64>().contrast(Contrast {
            pass: &pass,
            params: Params::new(parameters, &self.views),
            visible: batch.inputs[0],
            weights: &vec![1.0 / batch.extent.examples as f64; batch.extent.examples],
            scratch: &mut self.scratch(),
            grads: Grads::new(gradient, &self.views),
        });
        Evaluation::default()
    }
}

/// Two patterns of six bits, and as many columns of other bits.
fn patterns() -> (Toy, Vec<f64>) {
    let mut toy = Toy::new((8, 1), &[Shape::vector(6)], &[Shape::vector(2)]);
    let bit = |k: usize| f64::from(u8::from((k / 6).is_multiple_of(2) == (k % 6 < 3)));
    toy.input(0).iter_mut().enumerate().for_each(|(k, v)| *v = bit(k));
    let other = (0..48).map(|k| f64::from(u8::from((k + k / 6) % 2 == 0))).collect();
    (toy, other)
}

#[test]
fn conforms() {
    testkit::layer(&Rbm { hidden: 3 }, &[Shape::vector(4)]);
    testkit::round_trip(&Plugin::<dyn Layer>::from(Rbm { hidden: 3 }));
}

#[test]
fn contrastive_divergence_parts_data_from_others() {
    let ((toy, other), rbm) = (patterns(), Rbm { hidden: 4 });
    let mut objective = Pretraining::new(&rbm, &toy);
    let training = TrainingSpec::new(LearningRate::constant(0.5));
    let mut parameters = vec![0.0; objective.layout.len()];
    for block in objective.layout.blocks() {
        let mut draws = SEED.stream("init").named(&block.path()).sample(0);
        block.init.as_ref().unwrap().fill(
            block.fan,
            block.rows,
            &mut draws,
            &mut parameters[block.range.clone()],
        );
    }
    let len = parameters.len();
    let mut state = State::start(parameters, len, &training);
    state.clock = objective.clock;
    let mut stepper = Stepper::new(objective.layout());
    let gap =
        |o: &Pretraining<'_>, p: &[f64]| o.free_energy(p, &other) - o.free_energy(p, data(&toy));
    let before = gap(&objective, &state.parameters);
    for _ in 0..200 {
        let at = stepper.evaluate(&mut objective, &training.motion(&[]), &state.moving(), false);
        assert!(at.loss.is_none());
        stepper.advance(&mut objective, at, &training.motion(&[]), state.moving());
        state.clock.iteration += 1;
        objective.clock = state.clock;
    }
    let after = gap(&objective, &state.parameters);
    assert!(after > before + 3.0, "free-energy gap {before} before, {after} after");
}

fn data(toy: &Toy) -> &[f64] {
    match toy.batch().inputs[0] {
        Input::Dense(x) => x.data(),
        Input::Indices(_) => unreachable!(),
    }
}

/// In the whole network the visible bias is kept in the file, but nothing moves it.
#[test]
fn the_visible_bias_is_out_of_fine_tuning() {
    let (toy, _) = patterns();
    let spec = NetworkSpec::chain([Rbm { hidden: 4 }.into(), Dense::new(2).into()]);
    let network = toy.network(&spec.loss(Mse {}));
    let block = network.layout().find("acme/rbm-1", "visible").unwrap();
    assert!(!block.trainable() && block.range.start >= network.layout().trainable());
    toy.check_gradient(&network);
    let training = TrainingSpec::new(LearningRate::constant(0.1));
    let (state, _) = toy.train(&network, &training, 3);
    assert!(state.parameters[block.range.clone()].iter().all(|&b| b == 0.0));
}

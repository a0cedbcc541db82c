//! `acme/rbm`: a binary restricted Boltzmann machine, E(v, h) = −hᵀWv − cᵀh − bᵀv.
//!
//! v visible, h hidden units, W hidden × visible, b, c biases. Forward: p(h = 1 | v) = σ(Wv + c).
//! F(v) = −bᵀv − Σ ln(1 + e^(Wv + c)). Source: Hinton (2002), *Training products of experts by
//! minimizing contrastive divergence*: ∂F(data) − ∂F(reconstruction) after one Gibbs step, CD-1.
//! Proves the energy door, objectives with a gradient only, pretraining as a
//! phase of a recipe, and blocks that only pretraining trains.

use crate::armijo::Armijo;
use crate::harness::{Toy, same};
use crate::table::{Every, parameters};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use tanren_layers::{Dense, XavierNormal, Zero};
use tanren_losses::{L2, Mse};
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Active, Backward, BlockKind, Checked, Clock, Contrast, DataError, Energy, EnergyKernel,
    EnergyKernels, Event, Facts, Field, FieldSpec, Forward, Layer, LayerKernel, LayerKernels,
    Memory, Observer, ParamSpec, Params, Phase, Plugin, Reason, Search, Select, Source, Table,
    Values, Wants,
};
use tanren_tensor::{
    Draws, Extent, Input, Real, Shape, ShapeError, Signal, SignalMut, Write, add_columns,
    add_scaled, mat, repeat_column, sigmoid, softplus_scalar,
};
use tanren_testkit as testkit;
use tanren_trainer::{Arithmetic, By, DataSpec, Ending, Options, Recipe, Trained, TrainingSpec};
use tanren_updaters::Momentum;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rbm {
    pub(crate) hidden: usize,
}

impl Checked for Rbm {}

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
    fn energy(&self) -> Option<Energy<'_>> {
        Some(Energy { value: false, kernels: EnergyKernels::of(self) })
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

/// σ(W x + c), column by column.
fn up<T: Real>(params: &Params<'_, T>, x: Signal<'_, T>, mut y: SignalMut<'_, T>) {
    repeat_column(params.slice(1), &mut y);
    params.times(0, Write::Add, x, &mut y);
    sigmoid(y.data());
}

/// σ(Wᵀ y + b), column by column.
fn down<T: Real>(params: &Params<'_, T>, y: Signal<'_, T>, mut x: SignalMut<'_, T>) {
    repeat_column(params.slice(2), &mut x);
    params.transposed_times(0, Write::Add, y, &mut x);
    sigmoid(x.data());
}

impl<T: Real> LayerKernel<T> for Rbm {
    fn forward(&self, pass: Forward<'_, T>) {
        up(&pass.params, pass.inputs[0].dense(), pass.output);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        for (dz, &y) in pass.upstream.data().iter_mut().zip(pass.output.data()) {
            *dz *= y * (T::ONE - y);
        }
        pass.outer_product(0, 0);
        if let Some((write, dc)) = pass.grads.slice(1) {
            add_columns(write, pass.upstream.read(), dc);
        }
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            pass.params.transposed_times(0, write, pass.upstream.read(), &mut dx);
        }
    }
}

impl<T: Real> EnergyKernel<T> for Rbm {
    fn contrast(&self, pass: Contrast<'_, T>) -> Option<f64> {
        let mut grads = pass.grads?;
        let v0 = pass.visible.dense();
        let (visible, n) = (v0.features(), v0.columns());
        let (v1, rest) = pass.scratch.split_at_mut(visible * n);
        let (h0, h1) = rest.split_at_mut(self.hidden * n);
        up(&pass.params, v0, SignalMut::new(h0, self.hidden));
        let stream = pass.pass.stream.named("gibbs").at(1, pass.pass.clock.iteration);
        for ((h1, h0), &sample) in
            h1.chunks_exact_mut(self.hidden).zip(h0.chunks(self.hidden)).zip(pass.pass.samples)
        {
            let mut draws: Draws = stream.sample(sample);
            let on = |p: T| if draws.uniform() < p.f64() { T::ONE } else { T::ZERO };
            h1.iter_mut().zip(h0.iter().copied().map(on)).for_each(|(h1, h)| *h1 = h);
        }
        down(&pass.params, Signal::new(h1, self.hidden), SignalMut::new(v1, visible));
        up(&pass.params, Signal::new(v1, visible), SignalMut::new(h1, self.hidden));
        // Positive columns count −w, those of the reconstruction +w.
        for (k, &weight) in pass.weights.iter().enumerate() {
            h0[k * self.hidden..][..self.hidden].iter_mut().for_each(|h| *h *= -weight);
            h1[k * self.hidden..][..self.hidden].iter_mut().for_each(|h| *h *= weight);
        }
        if let Some((write, mut dw)) = grads.matrix(0) {
            pass.pass.outer(write, mat(h0, self.hidden, n), v0.matrix(), dw.as_view_mut());
            pass.pass.outer(Write::Add, mat(h1, self.hidden, n), mat(v1, visible, n), dw);
        }
        if let Some((write, dc)) = grads.slice(1) {
            add_columns(write, Signal::new(h0, self.hidden), dc);
            add_columns(Write::Add, Signal::new(h1, self.hidden), dc);
        }
        if let Some((mut write, db)) = grads.slice(2) {
            for ((v0, v1), &weight) in v0.iter().zip(v1.chunks(visible)).zip(pass.weights) {
                add_scaled(write, -weight, v0, db);
                add_scaled(Write::Add, weight, v1, db);
                write = Write::Add;
            }
        }
        None
    }

    fn free_energy(
        &self,
        params: &Params<'_, T>,
        visible: Input<'_, T>,
        scratch: &mut [T],
        values: &mut [f64],
    ) {
        let v = visible.dense();
        let mut z = SignalMut::new(&mut scratch[..self.hidden * v.columns()], self.hidden);
        repeat_column(params.slice(1), &mut z);
        params.times(0, Write::Add, v, &mut z);
        for ((value, v), z) in values.iter_mut().zip(v.iter()).zip(z.read().iter()) {
            let soft: f64 = z.iter().map(|&z| softplus_scalar(z).f64()).sum();
            *value = -tanren_tensor::dot(params.slice(2), v) - soft;
        }
    }
}

/// Rows of six bits, in two patterns, with the pattern as target.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Patterns {}

impl Checked for Patterns {}

#[typetag::serde(name = "acme/patterns")]
impl Source for Patterns {
    fn open(&self) -> Result<Table, DataError> {
        let bit = |k: usize| f64::from(u8::from((k / 6).is_multiple_of(2) == (k % 6 < 3)));
        let field = |name: &str, shape, values| {
            Field::new(FieldSpec::new(name, shape), Values::Double(values))
        };
        Ok(Table {
            name: "acme/patterns".into(),
            rows: 40,
            inputs: vec![field("bits", Shape::vector(6), (0..240).map(bit).collect())],
            targets: vec![field("first", Shape::vector(1), (0..40).map(|n| bit(6 * n)).collect())],
            ..Table::default()
        })
    }
}

/// The RBM by its own energy, then the layer above it by the loss.
pub(crate) fn recipe() -> Recipe {
    let data = DataSpec::new(Patterns {}, Every::default());
    let layers = [Rbm { hidden: 4 }.into(), Dense::new(1).into()];
    let network = NetworkSpec::chain(layers).loss(Mse {}).penalty(L2 { strength: 1e-4.into() });
    let pretraining = TrainingSpec::new(LearningRate::constant(0.5))
        .updater(Momentum { momentum: 0.5.into() })
        .batch(8)
        .epochs(50);
    let training = TrainingSpec {
        nodes: vec!["dense-1".into()],
        ..TrainingSpec::new(LearningRate::constant(0.1)).epochs(40)
    };
    let recipe = Recipe::new(data, network, training).precision(Arithmetic::Double);
    recipe.pretrain(&["acme/rbm-1"], pretraining)
}

/// Notes the phases and the free energies of the validation rows; ends the run after so many updates of
/// pretraining.
#[derive(Default)]
struct Watch {
    phases: Vec<Phase>,
    trainable: Vec<usize>,
    energies: Vec<f64>,
    until: Option<u64>,
}

impl Observer for Watch {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STEP
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        match event {
            Event::Phase { clock, layout } => {
                self.phases.push(clock.phase);
                self.trainable.push(layout.trainable());
            }
            Event::Validation { scores, .. } => {
                self.energies.extend(scores.get("free_energy").map(|e| e.0));
            }
            Event::Step { clock, loss, .. } if clock.phase != Phase::Training => {
                assert!(loss.is_none(), "contrastive divergence has no value");
                if self.until == Some(clock.iteration + 1) {
                    return ControlFlow::Break(Reason("enough".into()));
                }
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

#[test]
fn conforms() {
    testkit::layer(&Rbm { hidden: 3 }, &[Shape::vector(4)]);
    testkit::energy(&Rbm { hidden: 3 }, Shape::vector(4));
    testkit::source(&Patterns {});
    testkit::round_trip(&Plugin::<dyn Layer>::from(Rbm { hidden: 3 }));
}

#[test]
fn pretraining_is_a_phase_and_its_numbers_stay() {
    let (recipe, mut watch) = (recipe(), Watch::default());
    let setup = recipe.prepare().unwrap();
    let trained = setup.train(&mut watch, &Options { threads: 1, ..Options::default() }).unwrap();
    assert_eq!(watch.phases, [Phase::Pretraining(0), Phase::Training]);
    // Weight, hidden and visible bias; then weight and bias of the layer above.
    assert_eq!(watch.trainable, [24 + 4 + 6, 4 + 1]);
    let [first, .., last] = watch.energies[..] else { panic!() };
    assert!(last < first - 3.0, "free energy {first} after one epoch, {last} at the end");
    assert_eq!((trained.history.len(), trained.steps), (90, 50 * 4 + 40));

    // What pretraining left is in the model: the same as after pretraining alone.
    let alone = Watch { until: Some(200), ..Watch::default() };
    let alone = setup.train(&mut { alone }, &Options::default()).unwrap();
    let block = |trained: &Trained, name: &str| {
        let range = setup.network.layout().find("acme/rbm-1", name).unwrap().range.clone();
        parameters(trained)[range].to_vec()
    };
    for name in ["weight", "hidden", "visible"] {
        assert!(block(&trained, name).iter().any(|&w| w != 0.0), "{name}");
        same(&block(&trained, name), &block(&alone, name));
    }
    assert!(trained.train.loss() < 0.2, "{:?}", trained.train);
}

#[test]
fn pretraining_resumes_in_its_middle() {
    let (setup, folder) = (recipe().prepare().unwrap(), tempfile::tempdir().unwrap());
    let checkpoint = Some(folder.path().join("state"));
    let whole = setup.train(&mut (), &Options::default()).unwrap();
    let options = Options { checkpoint, ..Options::default() };
    let mut watch = Watch { until: Some(70), ..Watch::default() };
    let first = setup.train(&mut watch, &options).unwrap();
    assert!(matches!(first.ending, Ending::Interrupted(_)) && first.steps == 70);
    let second = setup.train(&mut (), &Options { resume: true, ..options }).unwrap();
    same(&parameters(&second), &parameters(&whole));
    assert_eq!((second.steps, second.samples), (whole.steps, whole.samples));
}

#[test]
fn what_cannot_be_pretrained_is_refused_by_name() {
    let refused = |node: &str, by: Option<By>, search: Plugin<dyn Search>| {
        let mut recipe = recipe();
        let phase = &mut recipe.pretraining[0];
        (phase.nodes, phase.by, phase.search) = (vec![node.into()], by, search);
        match recipe.prepare() {
            Err(error) => error.to_string(),
            Ok(setup) => setup.train(&mut (), &Options::default()).unwrap_err().to_string(),
        }
    };
    let rate = || LearningRate::constant(0.1).into();
    let said = refused("rbm", None, rate());
    assert!(said.contains("pretraining[0].nodes") && said.contains("acme/rbm-1"), "{said}");
    let said = refused("dense-1", Some(By::Energy), rate());
    assert!(said.contains("with an energy") && said.contains("dense-1"), "{said}");
    let said = refused("acme/rbm-1", None, Armijo::default().into());
    assert!(said.contains("acme/armijo") && said.contains("gradient only"), "{said}");
}

/// What is frozen stays so in pretraining, blocks that only pretraining trains too.
#[test]
fn pretraining_leaves_what_is_frozen() {
    let frozen = |select: Select| {
        let mut recipe = recipe();
        recipe.network = recipe.network.freeze(select);
        let (setup, mut watch) = (recipe.prepare()?, Watch::default());
        setup.train(&mut watch, &Options::default()).map(|_| watch.trainable)
    };
    let rbm = Select::from("acme/rbm-1");
    assert_eq!(frozen(rbm.clone().kinds([BlockKind::Bias])).unwrap(), [24, 4 + 1]);
    let said = frozen(rbm).unwrap_err().to_string();
    assert!(said.contains("pretraining[0].nodes") && said.contains("not frozen"), "{said}");
}

/// In the whole network the visible bias is kept in the file, but nothing moves it.
#[test]
fn the_visible_bias_is_out_of_training() {
    let toy = Toy::new((8, 1), &[Shape::vector(6)], &[Shape::vector(2)]);
    let spec = NetworkSpec::chain([Rbm { hidden: 4 }.into(), Dense::new(2).into()]);
    let network = toy.network(&spec.loss(Mse {}));
    let block = network.layout().find("acme/rbm-1", "visible").unwrap();
    assert!(!block.trainable() && block.range.start >= network.layout().trainable());
    toy.check_gradient(&network);
    let training = TrainingSpec::new(LearningRate::constant(0.1));
    let (state, _) = toy.train(&network, &training, 3);
    assert!(state.parameters[block.range.clone()].iter().all(|&b| b == 0.0));
}

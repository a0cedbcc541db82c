//! `acme/dropout`: each number is kept with probability 1 − p and divided by it.
//!
//! Source: Srivastava and others (2014), *Dropout: a simple way to prevent neural networks from
//! overfitting*. Proves that random numbers of a layer belong to an example and a step of its sequence:
//! other ones at every step and for every repeated update, and the same however the sequences are cut.

use crate::harness::{SEED, Toy, same};
use serde::{Deserialize, Serialize};
use tanren_losses::Mse;
use tanren_network::{BatchObjective, NetworkSpec, Runner};
use tanren_plugin::{
    Ask, Backward, Batch, Checked, Clock, Facts, Forward, Layer, LayerKernel, LayerKernels, Mode,
    Objective as _, Pass, Plugin, Segment,
};
use tanren_tensor::{Real, Shape, ShapeError, SignalMut, Write, add_scaled};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dropout {
    drop: f64,
}

impl Checked for Dropout {}

#[typetag::serde(name = "acme/dropout")]
impl Layer for Dropout {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if !x.indices => Ok(*x),
            _ => Err(ShapeError::new("one input of numbers", format!("{inputs:?}"))),
        }
    }
    fn facts(&self) -> Facts {
        Facts { disturbs: true, ..Facts::smooth() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl Dropout {
    fn mask<T: Real>(&self, pass: &Pass<'_, T>, signal: &mut SignalMut<'_, T>) {
        if pass.mode == Mode::Inference {
            return;
        }
        let (examples, kept) = (pass.extent.examples, T::of(1.0 / (1.0 - self.drop)));
        for (c, column) in signal.iter_mut().enumerate() {
            let mut draws = pass.draws_at(c % examples, c / examples);
            for x in column {
                *x *= if draws.uniform() < self.drop { T::ZERO } else { kept };
            }
        }
    }
}

impl<T: Real> LayerKernel<T> for Dropout {
    fn forward(&self, mut pass: Forward<'_, T>) {
        pass.output.data().copy_from_slice(pass.inputs[0].dense().data());
        self.mask(pass.pass, &mut pass.output);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        self.mask(pass.pass, &mut pass.upstream);
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            match write {
                Write::Overwrite => dx.data().copy_from_slice(pass.upstream.data()),
                Write::Add => add_scaled(Write::Add, T::ONE, pass.upstream.data(), dx.data()),
            }
        }
    }
}

/// Features: so many that two masks are alike once in 10¹² pairs.
const WIDTH: usize = 40;

/// Ones, so that what comes out is the mask.
fn ones() -> (Toy, NetworkSpec) {
    let mut toy = Toy::new((3, 6), &[Shape::sequence(WIDTH)], &[Shape::sequence(WIDTH)]);
    toy.input(0).fill(1.0);
    (toy, NetworkSpec::chain([Dropout { drop: 0.5 }.into()]).loss(Mse {}))
}

/// The masks of a training pass over some steps.
fn masks(steps: std::ops::Range<usize>, clock: Clock) -> Vec<f64> {
    let (toy, spec) = ones();
    let network = toy.network(&spec);
    let mut part = toy.clone();
    part.extent.steps = steps.len();
    let width = WIDTH * toy.extent.examples;
    part.input(0).truncate(steps.len() * width);
    part.target(0).truncate(steps.len() * width);
    let segment = Some(Segment::new(steps.start, steps.len()));
    let batch = Batch { segment, ..part.batch() };
    let mut runner = Runner::new(&network);
    let objective = BatchObjective::new(&network, &mut runner, batch, clock, SEED);
    objective.unwrap().evaluate(&[], Ask { penalty: false, gradient: None });
    runner.signal(&network, 0, part.extent).data().to_vec()
}

#[test]
fn conforms() {
    for shape in [Shape::vector(4), Shape::sequence(2)] {
        testkit::layer(&Dropout { drop: 0.3 }, &[shape]);
    }
    testkit::round_trip(&Plugin::<dyn Layer>::from(Dropout { drop: 0.3 }));
}

#[test]
fn a_mask_belongs_to_example_and_step() {
    let whole = masks(0..6, Clock::default());
    let cut = [0..2, 2..5, 5..6].map(|steps| masks(steps, Clock::default())).concat();
    same(&whole, &cut);
    let columns: Vec<&[f64]> = whole.chunks(WIDTH).collect();
    for (i, a) in columns.iter().enumerate() {
        assert!(columns[..i].iter().all(|b| a != b), "two steps or examples share a mask");
    }
}

#[test]
fn every_repeated_update_has_its_own_masks() {
    let at = |repeat| masks(0..6, Clock { repeat, iteration: repeat, ..Clock::default() });
    let (first, second, third) = (at(0), at(1), at(2));
    assert!(first != second && second != third && first != third);
    // A search probes one update several times.
    same(&second, &at(1));
}

//! `acme/muon`: M ← μM + P;  P ← NS(M) · √max(1, rows/cols) for weights, momentum for the rest.
//!
//! P step, M momentum (0 at the start), NS five Newton–Schulz iterations X ← aX + (bA + cA²)X,
//! A = XXᵀ, from X = M/‖M‖, which bring all singular values near 1. Source: Jordan and others
//! (2024), *Muon: an optimizer for hidden layers in neural networks*. Proves block scope: an
//! updater that sees a matrix whole, with its kind, rows and columns.

use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    BlockKind, Checked, Plugin, Scope, SlotSpec, Slots, UpdateAt, Updater, UpdaterKernel,
    UpdaterKernels,
};
use tanren_tensor::nalgebra::DMatrix;
use tanren_tensor::{Real, Shape};
use tanren_testkit as testkit;
use tanren_trainer::TrainingSpec;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Muon {
    momentum: f64,
}

impl Default for Muon {
    fn default() -> Self {
        Self { momentum: 0.9 }
    }
}

impl Checked for Muon {}

#[typetag::serde(name = "acme/muon")]
impl Updater for Muon {
    fn scope(&self) -> Scope {
        Scope::Block
    }
    fn slots(&self) -> Vec<SlotSpec> {
        vec![SlotSpec::zero("momentum")]
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

/// NS(M) in double precision.
fn orthogonal(m: DMatrix<f64>) -> DMatrix<f64> {
    let (a, b, c) = (3.4445, -4.7750, 2.0315);
    let norm = m.norm() + 1e-40;
    let (tall, mut x) = (m.nrows() > m.ncols(), m / norm);
    if tall {
        x = x.transpose();
    }
    for _ in 0..5 {
        let square = &x * x.transpose();
        x = a * &x + (b * &square + c * &square * &square) * &x;
    }
    if tall { x.transpose() } else { x }
}

impl<T: Real> UpdaterKernel<T> for Muon {
    fn update(&self, at: &UpdateAt<'_>, _: &[T], slots: Slots<'_, T>, step: &mut [T]) {
        let [momentum] = slots.array();
        for (m, p) in momentum.iter_mut().zip(&mut *step) {
            *m = T::of(self.momentum) * *m + *p;
            *p = *m;
        }
        let Some(block) = at.block.filter(|b| b.kind == BlockKind::Weight) else { return };
        let (rows, cols) = (block.rows, block.cols);
        let m = DMatrix::from_iterator(rows, cols, momentum.iter().map(|m| m.f64()));
        let scale = (rows as f64 / cols as f64).max(1.0).sqrt();
        step.iter_mut().zip(orthogonal(m).iter()).for_each(|(p, &o)| *p = T::of(scale * o));
    }
}

#[test]
fn conforms() {
    testkit::updater(&Muon::default());
    testkit::round_trip(&Plugin::<dyn Updater>::from(Muon::default()));
}

#[test]
fn steps_of_weights_are_nearly_orthogonal() {
    let toy = Toy::new((9, 1), &[Shape::vector(5)], &[Shape::vector(3)]);
    let layers = [Dense::new(4).activation(Tanh {}).into(), Dense::new(3).into()];
    let network = toy.network(&NetworkSpec::chain(layers).loss(Mse {}));
    let training = TrainingSpec::new(LearningRate::constant(0.05)).updater(Muon::default());
    let before: Vec<f64> = network.initialize(crate::harness::SEED);
    let (after, _) = toy.train(&network, &training, 1);
    for block in network.layout().blocks().iter().filter(|b| b.kind == BlockKind::Weight) {
        let step = block.range.clone().map(|i| (after.parameters[i] - before[i]) / 0.05);
        let step = DMatrix::from_iterator(block.rows, block.cols, step);
        let scale = (block.rows as f64 / block.cols as f64).max(1.0).sqrt();
        for s in step.singular_values().iter() {
            assert!((0.4..1.6).contains(&(s / scale)), "{}: {s}", block.path());
        }
    }
    let (_, steps) = toy.train(&network, &training, 60);
    assert!(steps[59].0 < 0.5 * steps[0].0, "{} to {}", steps[0].0, steps[59].0);
}

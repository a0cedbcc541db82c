//! Loss, gradient and updates of whole networks against PyTorch (`tests/reference/network.py`).

use crate::harness::{assemble, field, prepared, table};
use serde::Deserialize;
use tanren::network::{BatchObjective, Gather, NetworkSpec, Runner};
use tanren::plugin::{Activation, Clock, Loss, Plugin, Precision, Seed, Stepper, Updater, Values};
use tanren::prelude::*;
use tanren::tensor::Shape;
use tanren::trainer::State;
use tanren_testkit::golden;

#[derive(Deserialize)]
struct Reference {
    sizes: Vec<usize>,
    l2: f64,
    rate: f64,
    cases: Vec<Case>,
}

/// Matrices are row by row, one per layer, then the biases.
#[derive(Deserialize)]
struct Case {
    loss: Plugin<dyn Loss>,
    updater: Plugin<dyn Updater>,
    activations: Vec<Plugin<dyn Activation>>,
    x: Vec<f64>,
    y: Vec<f64>,
    w: Vec<f64>,
    start: Vec<Vec<f64>>,
    output: Vec<f64>,
    gradient: Vec<Vec<f64>>,
    losses: Vec<f64>,
    after_one: Vec<Vec<f64>>,
    end: Vec<Vec<f64>>,
}

fn check<T: Precision>(reference: &Reference, case: &Case, tolerance: f64) {
    let sizes = &reference.sizes;
    let (rows, outputs) = (case.w.len(), sizes[3]);
    let index = case.y.len() == rows;
    let (shape, values) = if index {
        let indices = case.y.iter().map(|&y| y as u32).collect();
        (Shape::index(outputs), Values::Indices(indices))
    } else {
        (Shape::vector(outputs), Values::Double(case.y.clone()))
    };
    let x = field("x", Shape::vector(sizes[0]), Values::Double(case.x.clone()), None);
    let table = table(rows, x, field("y", shape, values, None), Some(case.w.clone()));
    let hidden = |k: usize| Dense::new(sizes[k + 1]).activation(case.activations[k].clone());
    let spec = NetworkSpec::chain([hidden(0).into(), hidden(1).into(), Dense::new(outputs).into()])
        .loss(case.loss.clone())
        .penalty(L2 { strength: reference.l2.into() });
    let network = assemble(&spec, &table);
    let data = prepared::<T>(&table);
    let mut training = TrainingSpec::new(LearningRate::constant(reference.rate));
    training.updaters.push(case.updater.clone().into());

    // Row-major matrices, layer by layer, into the flat vector and back.
    let names: Vec<(String, &str)> = ["weight", "bias"]
        .iter()
        .flat_map(|name| (1..=3).map(move |k| (format!("dense-{k}"), *name)))
        .collect();
    let layout = network.layout();
    let blocks: Vec<_> = names.iter().map(|(n, b)| layout.find(n, b).unwrap()).collect();
    let row_major = |flat: &[T], b: usize| -> Vec<T> {
        let block = blocks[b];
        let numbers = &flat[block.range.clone()];
        let at = |i: usize| numbers[(i % block.cols) * block.rows + i / block.cols];
        (0..numbers.len()).map(at).collect()
    };
    let mut state = State::<T>::new(&network, &training, Seed(1));
    for (block, values) in blocks.iter().zip(&case.start) {
        let out = &mut state.parameters[block.range.clone()];
        for (i, &value) in values.iter().enumerate() {
            out[(i % block.cols) * block.rows + i / block.cols] = T::of(value);
        }
    }

    let (mut runner, mut gather) = (Runner::new(&network), Gather::default());
    let (mut stepper, motion) = (Stepper::new(layout), training.motion(layout));
    let all: Vec<usize> = (0..rows).collect();
    for (step, &loss) in case.losses.iter().enumerate() {
        let batch = gather.batch(&data, &all);
        let extent = batch.extent;
        let (clock, seed) = (Clock { iteration: step as u64, ..state.clock }, Seed(1));
        state.clock = clock;
        let mut objective = BatchObjective::new(&network, &mut runner, batch, clock, seed).unwrap();
        let at = stepper.evaluate(&mut objective, &motion, &state.moving(), false);
        golden(&[at.value()], &[loss], tolerance);
        if step == 0 {
            golden(objective.runner().signal(&network, 2, extent).data(), &case.output, tolerance);
            for (b, want) in case.gradient.iter().enumerate() {
                golden(&row_major(&stepper.gradient, b), want, tolerance);
            }
        }
        stepper.advance(&mut objective, at, &motion, state.moving());
        let want = [(0, &case.after_one), (case.losses.len() - 1, &case.end)];
        for (_, want) in want.iter().filter(|(when, _)| *when == step) {
            for (b, want) in want.iter().enumerate() {
                golden(&row_major(&state.parameters, b), want, tolerance);
            }
        }
    }
}

#[test]
fn networks_agree_with_pytorch() {
    let reference: Reference =
        serde_json::from_str(include_str!("../reference/network.json")).unwrap();
    assert_eq!(reference.cases.len(), 4);
    for case in &reference.cases {
        check::<f64>(&reference, case, 1e-10);
        check::<f32>(&reference, case, 1e-5);
    }
}

//! Recurrent layers and causal convolutions on ragged batches against PyTorch
//! (`tests/reference/recurrent.py`).

use crate::passes::{Sequences, numbers, pass, stream};
use serde::Deserialize;
use std::collections::BTreeMap;
use tanren::plugin::{Batch, Clock, Layer, Mode, Pass, Plugin, Precision};
use tanren::tensor::{Extent, Shape};
use tanren_testkit::golden;

#[derive(Deserialize)]
struct Reference {
    steps: usize,
    examples: usize,
    inputs: usize,
    units: usize,
    kept: Vec<f64>,
    cases: Vec<Case>,
}

/// Signals step by step, matrices column by column, the first state above the second.
#[derive(Deserialize)]
struct Case {
    layer: Plugin<dyn Layer>,
    blocks: BTreeMap<String, Vec<f64>>,
    x: Vec<f64>,
    mask: Vec<f64>,
    start: Vec<f64>,
    dy: Vec<f64>,
    output: Vec<f64>,
    last: Vec<f64>,
    gradients: BTreeMap<String, Vec<f64>>,
    dx: Vec<f64>,
}

const SAMPLES: [u64; 4] = [3, 1, 2, 0];

impl Case {
    fn check<T: Precision>(&self, sizes: &Reference, padding: f64, tolerance: f64) {
        let &Reference { steps, examples, inputs: width, .. } = sizes;
        let (extent, shape) = (Extent { examples, steps }, Shape::sequence(width));
        let specs = self.layer.params(&[shape]);
        let names: Vec<&str> = specs.iter().map(|spec| &*spec.name).collect();
        assert_eq!(names.len(), self.blocks.len(), "{names:?}");
        let all = |of: &BTreeMap<String, Vec<f64>>| {
            names.iter().flat_map(|&name| of[name].clone()).collect::<Vec<_>>()
        };
        let mut x = numbers::<T>(&self.x);
        for (x, &mask) in x.chunks_mut(width).zip(&self.mask) {
            if mask == 0.0 {
                x.fill(T::of(padding)); // whatever stands there
            }
        }
        let batch = Sequences {
            extent,
            samples: SAMPLES.into(),
            x,
            mask: numbers(&self.mask),
            first: 0,
            start: numbers(&self.start),
            after: steps,
            dy: numbers(&self.dy),
        };
        let mut passed = pass::<T>(&*self.layer, shape, &numbers(&all(&self.blocks)), &batch);
        let units = self.output.len() / self.mask.len();
        for (y, &mask) in passed.y.chunks_mut(units).zip(&self.mask) {
            y.iter_mut().for_each(|y| *y *= T::of(mask));
        }
        golden(&passed.y, &self.output, tolerance);
        golden(&passed.last, &self.last, tolerance);
        golden(&passed.gradients, &all(&self.gradients), tolerance);
        golden(&passed.dx, &self.dx, tolerance);
    }
}

fn reference() -> Reference {
    serde_json::from_str(include_str!("../reference/recurrent.json")).unwrap()
}

#[test]
fn recurrent_layers_are_those_of_pytorch() {
    let reference = reference();
    for case in &reference.cases {
        for padding in [0.0, 1e3] {
            case.check::<f64>(&reference, padding, 1e-10);
            case.check::<f32>(&reference, padding, 1e-5);
        }
    }
}

/// The units that the reference keeps where a half of them drops are those that these samples draw.
#[test]
fn masks_of_the_reference_are_those_that_are_drawn() {
    let reference = reference();
    let batch = Batch::<f64>::new(Extent { examples: reference.examples, steps: 1 }, &SAMPLES);
    let pass = Pass::new(&batch, Mode::Training, Clock::default(), stream());
    let mut kept = vec![1.0; reference.examples * reference.units];
    for (n, kept) in kept.chunks_mut(reference.units).enumerate() {
        pass.draws(n).map_halves(kept, |_, half| if half < 1 << 15 { 0.0 } else { 1.0 });
    }
    assert_eq!(kept, reference.kept);
}

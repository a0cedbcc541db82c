//! Recurrent layers on ragged batches against PyTorch (`tests/reference/recurrent.py`).

use serde::Deserialize;
use std::collections::BTreeMap;
use tanren::plugin::{
    Backward, Batch, BlockView, Carry, Clock, Downstream, Forward, Grads, Layer, Mode, Params,
    Pass, Plugin, Precision, Weights,
};
use tanren::tensor::{Extent, Input, Shape, Signal, SignalMut, Stream, mat};
use tanren_testkit::golden;

#[derive(Deserialize)]
struct Reference {
    steps: usize,
    examples: usize,
    inputs: usize,
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

impl Case {
    fn check<T: Precision>(&self, sizes: &Reference, padding: f64, tolerance: f64) {
        let numbers = |x: &[f64]| x.iter().map(|&x| T::of(x)).collect::<Vec<_>>();
        let &Reference { steps, examples, inputs: width, .. } = sizes;
        let (layer, extent) = (&self.layer, Extent { examples, steps });
        let shapes = [Shape::sequence(width)];
        let output = layer.output(&shapes).unwrap();
        let units = output.features;
        let specs = layer.params(&shapes);
        let names: Vec<&str> = specs.iter().map(|spec| &*spec.name).collect();
        assert_eq!(names.len(), self.blocks.len(), "{names:?}");
        let all = |of: &BTreeMap<String, Vec<f64>>| {
            names.iter().flat_map(|&name| of[name].clone()).collect::<Vec<_>>()
        };
        let views = BlockView::all(&specs);
        let flat = numbers(&all(&self.blocks));
        let params = Params::new(&flat, &views);

        let mut x = numbers(&self.x);
        for (x, &mask) in x.chunks_mut(width).zip(&self.mask) {
            if mask == 0.0 {
                x.fill(T::of(padding)); // whatever stands there
            }
        }
        let (samples, mask) = ([0, 1, 2, 3], numbers(&self.mask));
        let weights = Weights { mask: Some(&mask), columns: Some(&mask), examples: None };
        let batch = Batch { weights, ..Batch::new(extent, &samples) };
        let stream = Stream::new(0, "reference");
        let pass = Pass::new(&batch, Mode::Training, Clock::default(), stream);
        let pass = pass.between(&shapes, output);

        let memory = layer.memory(&shapes, extent);
        let [mut tape, mut scratch] =
            [memory.tape, memory.scratch].map(|len| vec![T::of(f64::NAN); len]);
        let (start, mut last) = (numbers(&self.start), vec![T::ZERO; self.start.len()]);
        let mut y = vec![T::of(f64::NAN); extent.len(output)];
        let inputs = [Input::Dense(Signal::new(&x, width))];
        let kernel = layer.kernels().at::<T>();
        let forward = Forward::new(&pass, params, &inputs, SignalMut::new(&mut y, units));
        let carry = Carry::new(&start, &mut last, examples, steps);
        kernel.forward(forward.tape(&mut tape).scratch(&mut scratch).carry(Some(carry)));
        let mut seen = y.clone();
        for (y, &mask) in seen.chunks_mut(units).zip(&self.mask) {
            y.iter_mut().for_each(|y| *y *= T::of(mask));
        }
        golden(&seen, &self.output, tolerance);
        golden(&last, &self.last, tolerance);

        let mut dy = numbers(&self.dy);
        let (mut gradients, mut dx) = (vec![T::of(f64::NAN); flat.len()], numbers(&self.dx));
        dx.fill(T::of(f64::NAN));
        scratch.fill(T::of(f64::NAN));
        let rows = layer.carry(&shapes);
        let upstream = SignalMut::new(&mut dy, units);
        let y = Signal::new(&y, units);
        let backward = Backward::new(&pass, params, &inputs, y, upstream);
        let backward = backward.tape(&mut tape).scratch(&mut scratch);
        let carry = (rows > 0).then(|| mat(&start, rows, examples));
        let backward = backward.carry(carry);
        let backward = backward.downstream(Downstream::packed(&mut dx, &shapes, extent));
        kernel.backward(backward.grads(Grads::new(&mut gradients, &views)));
        golden(&gradients, &all(&self.gradients), tolerance);
        golden(&dx, &self.dx, tolerance);
    }
}

#[test]
fn recurrent_layers_are_those_of_pytorch() {
    let text = include_str!("../reference/recurrent.json");
    let reference: Reference = serde_json::from_str(text).unwrap();
    for case in &reference.cases {
        for padding in [0.0, 1e3] {
            case.check::<f64>(&reference, padding, 1e-10);
            case.check::<f32>(&reference, padding, 1e-5);
        }
    }
}

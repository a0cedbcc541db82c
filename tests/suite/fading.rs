//! How far gradients reach back in time: against differences, and as observers see it.

use crate::harness::{field, offsets, random};
use crate::passes::{Sequences, pass};
use std::ops::{ControlFlow, Range};
use tanren::layers::Identity;
use tanren::plugin::{Clock, Constant, Layer, StateGradient, Table};
use tanren::prelude::*;
use tanren::tensor::{Extent, Shape, Stream};

const STEPS: usize = 5;
const EXAMPLES: usize = 2;
const UNITS: usize = 3;
const INPUTS: usize = 2;
/// The second sequence has so many steps.
const SHORT: usize = 3;

/// Some steps of a ragged batch, from a state.
fn steps(steps: Range<usize>, start: Vec<f64>, x: &[f64], dy: &[f64]) -> Sequences<f64> {
    let part = |all: &[f64], width: usize| {
        all[steps.start * width * EXAMPLES..steps.end * width * EXAMPLES].to_vec()
    };
    let alive = |t: usize| [1.0, f64::from(u8::from(t < SHORT))];
    Sequences {
        extent: Extent { examples: EXAMPLES, steps: steps.len() },
        samples: vec![0, 1],
        x: part(x, INPUTS),
        mask: steps.clone().flat_map(alive).collect(),
        first: steps.start,
        start,
        after: steps.len(),
        dy: part(dy, UNITS),
    }
}

/// What is noted at each step is the gradient of the later losses with respect to the state, by central differences
/// of a segment that starts from it.
#[test]
fn the_gradient_at_a_state_is_what_differences_say() {
    let layers: [Plugin<dyn Layer>; 7] = [
        Rnn::new(UNITS).into(),
        Rnn::new(UNITS).with_layer_norm().into(),
        Gru::new(UNITS).with_layer_norm().into(),
        Gru::new(UNITS).into(),
        Gru::new(UNITS).reset_before().into(),
        Lstm::new(UNITS).with_peepholes().into(),
        Lstm::new(UNITS).with_layer_norm().into(),
    ];
    for layer in layers {
        let shape = Shape::sequence(INPUTS);
        let rows = layer.carry(&[shape]);
        let mut draws = Stream::new(3, "fading").sample(0);
        let mut normal = |len: usize| (0..len).map(|_| draws.normal()).collect::<Vec<f64>>();
        let sizes = layer.params(&[shape]).into_iter().map(|spec| spec.rows * spec.cols);
        let (parameters, start) = (normal(sizes.sum()), normal(rows * EXAMPLES));
        let x = normal(STEPS * EXAMPLES * INPUTS);
        let mut dy = normal(STEPS * EXAMPLES * UNITS);
        for t in SHORT..STEPS {
            dy[(t * EXAMPLES + 1) * UNITS..(t * EXAMPLES + 2) * UNITS].fill(0.0); // there is no such step
        }
        let run = |range: Range<usize>, start: Vec<f64>| {
            pass(&*layer, shape, &parameters, &steps(range, start, &x, &dy))
        };
        let noted = run(0..STEPS, start.clone()).states;
        for t in 0..STEPS {
            let state = run(0..t + 1, start.clone()).last;
            let loss = |state: Vec<f64>| -> f64 {
                let y = run(t + 1..STEPS, state).y;
                let behind = &dy[(t + 1) * EXAMPLES * UNITS..];
                y.iter().zip(behind).map(|(y, dy)| y * dy).sum()
            };
            let (mut later, mut total) = (0.0, 0.0);
            for i in 0..state.len() {
                let moved = |by: f64| {
                    let mut state = state.clone();
                    state[i] += by;
                    loss(state)
                };
                let slope = if t + 1 < STEPS { (moved(1e-5) - moved(-1e-5)) / 2e-5 } else { 0.0 };
                let (n, unit) = (i / rows, i % rows);
                let own = if unit < UNITS { dy[(t * EXAMPLES + n) * UNITS + unit] } else { 0.0 };
                (later, total) = (later + slope.powi(2), total + (slope + own).powi(2));
            }
            for (found, expected) in [(noted[t].later, later), (noted[t].total, total)] {
                let close = (found - expected).abs() <= 1e-7 * (1.0 + expected);
                assert!(close, "{layer:?}, step {t}: {found}, by differences {expected}");
            }
        }
    }
}

/// The gradient of every update, by lag.
#[derive(Default)]
struct Lags(Vec<(String, Vec<f64>)>);

impl Observer for Lags {
    fn wants(&self, _: Clock) -> Wants {
        Wants::STATES
    }
    fn observe(&mut self, event: &Event<'_>) -> ControlFlow<Reason> {
        if let Event::States { node, gradient } = event {
            self.0.push(((*node).to_owned(), StateGradient::by_lag(gradient).collect()));
        }
        ControlFlow::Continue(())
    }
}

/// A linear state that halves from step to step halves its gradient on the way back, in whatever segments.
#[test]
fn observers_see_how_a_gradient_fades() {
    let shape = Shape::sequence(1);
    let of = |name, seed| field(name, shape, random(shape, 12, seed), offsets(&[6, 6]));
    let (inputs, targets) = (vec![of("x", 1)], vec![of("y", 2)]);
    let table = Table { name: "test".into(), rows: 2, inputs, targets, ..Table::default() };
    let half = Constant { value: 0.5 };
    let layer = Rnn { activation: Identity {}.into(), recurrent_init: half.into(), ..Rnn::new(1) };
    let network = NetworkSpec::chain([layer.into(), Dense::new(1).into()]).loss(Mse {});
    let data = DataSpec::new(Iris {}, RandomSplit { test: 0.0, validation: 0.0 });
    let training = TrainingSpec::new(LearningRate::constant(1e-300)).epochs(1).batch(2);
    let mut recipe = Recipe::new(data, network, training).precision(Arithmetic::Double);
    for (truncation, lags) in [(None, vec![6]), (Some(Truncation::new(4)), vec![4, 2])] {
        recipe.training.truncation = truncation;
        let (mut seen, setup) = (Lags::default(), recipe.prepare_table(table.clone()).unwrap());
        setup.train(&mut seen, &Options::default()).unwrap();
        let lengths: Vec<usize> = seen.0.iter().map(|(_, lags)| lags.len()).collect();
        assert_eq!(lengths, lags);
        for (node, lags) in &seen.0 {
            assert_eq!(node, "rnn-1");
            for (k, lag) in lags.iter().enumerate() {
                assert!((lag - 0.5_f64.powi(k as i32)).abs() < 1e-12, "{lags:?}");
            }
        }
    }
}

//! Different ways to the same numbers: adding, transposing, gathering, stepping, stacking.

use super::harness::{Harness, Results, noise};
use crate::{ActivationLayer, Add, Concatenate, Dense, LeakyRelu, Relu, Sigmoid, Softmax, Tanh};
use tanren_plugin::{Activation, Layer, Link};
use tanren_tensor::{Extent, Indices, Input, Shape, Signal, Write};

const EXTENT: Extent = Extent { examples: 3, steps: 4 };

fn dense(data: &[f64], features: usize) -> Input<'_, f64> {
    Input::Dense(Signal::new(data, features))
}

/// Every layer under `Write::Add` gives what it gives under `Write::Overwrite`, plus what was there.
#[test]
fn gradients_are_added_or_replaced() {
    let dense_layer = Dense::new(3).activation(Tanh {});
    let function = ActivationLayer::new(Sigmoid {});
    let cases: [(&dyn Layer, usize); 5] =
        [(&dense_layer, 1), (&function, 1), (&Softmax {}, 1), (&Add {}, 3), (&Concatenate {}, 2)];
    for (layer, inputs) in cases {
        let shapes = vec![Shape::sequence(5); inputs];
        let data: Vec<Vec<f64>> = (0..inputs).map(|i| noise(i as u64, 60)).collect();
        let inputs: Vec<_> = data.iter().map(|x| dense(x, 5)).collect();
        let features = layer.output(&shapes).unwrap().features;
        let parameters: usize = layer.params(&shapes).iter().map(|p| p.len()).sum();
        let (p, dy) = (noise(8, parameters), noise::<f64>(9, 12 * features));
        let mut harness = Harness::new(layer, &shapes, EXTENT);
        let once = harness.run(&p, &inputs, &dy);
        harness.write = Write::Add;
        let added = harness.run(&p, &inputs, &dy);
        assert_eq!(once.y, added.y);
        let (once, added) = ((once.dx.concat(), once.dp), (added.dx.concat(), added.dp));
        let numbers = once.0.iter().chain(&once.1).zip(added.0.iter().chain(&added.1));
        for (once, added) in numbers {
            assert!((once + 1.0 - added).abs() < 1e-14, "{layer:?}");
        }
    }
}

#[test]
fn an_index_is_a_one_hot_column() {
    let indices = [1, 5, 0, 5, 2, 5, 1, 4, 0, 0, 3, 5];
    let mut hot = vec![0.0; 12 * 6];
    indices.iter().enumerate().for_each(|(n, &i)| hot[6 * n + i as usize] = 1.0);
    let input = Input::Indices(Indices { data: &indices, levels: 6 });
    let shape = Shape { sequence: true, ..Shape::index(6) };
    for layer in [Dense::new(3), Dense::new(3).without_bias()] {
        let (p, dy) = (noise(1, if layer.bias { 21 } else { 18 }), noise(2, 36));
        for write in [Write::Overwrite, Write::Add] {
            for transposed in [false, true] {
                let mut by_index = Harness::new(&layer, &[shape], EXTENT);
                let mut by_column = Harness::new(&layer, &[Shape::sequence(6)], EXTENT);
                (by_index.write, by_column.write) = (write, write);
                (by_index.transposed, by_column.transposed) = (transposed, transposed);
                let (a, b) =
                    (by_index.run(&p, &[input], &dy), by_column.run(&p, &[dense(&hot, 6)], &dy));
                assert_eq!(a.y, b.y);
                assert!(a.dp.iter().zip(&b.dp).all(|(a, b)| (a - b).abs() < 1e-14));
            }
        }
    }
}

#[test]
fn a_transposed_weight_is_the_same_weight() {
    let layer = Dense::new(3).without_bias().activation(Tanh {});
    let (x, dy, w) = (noise(1, 15), noise::<f64>(2, 9), noise::<f64>(3, 15));
    let flip = |w: &[f64], rows: usize, cols: usize| -> Vec<f64> {
        (0..rows).flat_map(|r| (0..cols).map(move |c| w[c * rows + r])).collect()
    };
    let mut harness = Harness::new(&layer, &[Shape::vector(5)], Extent::examples(3));
    let plain = harness.run(&w, &[dense(&x, 5)], &dy);
    harness.transposed = true;
    let shared = harness.run(&flip(&w, 3, 5), &[dense(&x, 5)], &dy);
    let numbers = |r: &Results<f64>, dp: &[f64]| [&r.y[..], &r.dx[0], dp].concat();
    let (plain, shared) = (numbers(&plain, &flip(&plain.dp, 3, 5)), numbers(&shared, &shared.dp));
    assert!(plain.iter().zip(shared).all(|(a, b)| (a - b).abs() < 1e-14));
}

#[test]
fn a_step_of_a_sequence_is_a_batch_of_its_own() {
    let layer = Dense::new(2).activation(Sigmoid {});
    let (p, x, dy) = (noise(1, 12), noise::<f64>(2, 60), noise::<f64>(3, 24));
    let whole = Harness::new(&layer, &[Shape::sequence(5)], EXTENT).run(&p, &[dense(&x, 5)], &dy);
    let mut dp = [0.0; 12];
    for t in 0..4 {
        let (x, dy) = (&x[15 * t..15 * (t + 1)], &dy[6 * t..6 * (t + 1)]);
        let harness = Harness::new(&layer, &[Shape::vector(5)], Extent::examples(3));
        let step = harness.run(&p, &[dense(x, 5)], dy);
        assert_eq!(step.y, whole.y[6 * t..6 * (t + 1)]);
        dp.iter_mut().zip(&step.dp).for_each(|(sum, g)| *sum += g);
    }
    assert!(dp.iter().zip(&whole.dp).all(|(a, b)| (a - b).abs() < 1e-13));
}

#[test]
fn a_frozen_layer_passes_gradients_on() {
    let layer = Dense::new(2);
    let (p, x, dy) = (noise(1, 12), noise(2, 15), noise::<f64>(3, 6));
    let mut harness = Harness::new(&layer, &[Shape::vector(5)], Extent::examples(3));
    let free = harness.run(&p, &[dense(&x, 5)], &dy);
    harness.frozen = true;
    let frozen = harness.run(&p, &[dense(&x, 5)], &dy);
    assert_eq!(free.dx, frozen.dx);
    assert!(frozen.dp.iter().all(|g| g.is_nan()), "untouched");
}

#[test]
fn vertices_add_and_stack() {
    let (a, b) = ([1.0, 2.0, 3.0, 4.0], [10.0, 20.0, 30.0, 40.0]);
    let dy = [1.0, 2.0, 3.0, 4.0];
    let harness = Harness::new(&Add {}, &[Shape::vector(2); 2], Extent::examples(2));
    let sum = harness.run(&[], &[dense(&a, 2), dense(&b, 2)], &dy);
    assert_eq!(sum.y, [11.0, 22.0, 33.0, 44.0]);
    assert_eq!(sum.dx, [dy, dy]);

    let (a, dy) = ([1.0, 2.0], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let shapes = [Shape::vector(1), Shape::vector(2)];
    let harness = Harness::new(&Concatenate {}, &shapes, Extent::examples(2));
    let stack = harness.run(&[], &[dense(&a, 1), dense(&b, 2)], &dy);
    assert_eq!(stack.y, [1.0, 10.0, 20.0, 2.0, 30.0, 40.0]);
    assert_eq!(stack.dx, [vec![1.0, 4.0], vec![2.0, 3.0, 5.0, 6.0]]);
}

/// A slope at or below 0 hides the sign of x in y, so x is kept.
#[test]
fn any_slope_has_the_right_derivative() {
    let x = [2.0, -2.0, 0.5, -0.5];
    for slope in [0.3, 0.0, -0.5] {
        let function = LeakyRelu { slope };
        assert_eq!(function.needs_input(), slope <= 0.0);
        let layer = Dense::new(1).without_bias().activation(function);
        let harness = Harness::new(&layer, &[Shape::vector(1)], Extent::examples(4));
        assert_eq!(layer.memory(&harness.shapes, harness.extent).tape > 0, slope <= 0.0);
        let got = harness.run(&[1.0], &[dense(&x, 1)], &[1.0; 4]);
        assert_eq!(got.y, [2.0, -2.0 * slope, 0.5, -0.5 * slope]);
        assert_eq!(got.dx[0], [1.0, slope, 1.0, slope]);
    }
}

#[test]
fn nothing_hides_a_nan() {
    let x = [f64::NAN, 1.0];
    let leaky = LeakyRelu::default();
    for function in [ActivationLayer::new(Relu {}), ActivationLayer::new(leaky)] {
        let harness = Harness::new(&function, &[Shape::vector(2)], Extent::examples(1));
        let got = harness.run(&[], &[dense(&x, 2)], &[f64::NAN, 1.0]);
        assert!(got.y[0].is_nan() && got.dx[0][0].is_nan(), "{function:?}");
    }
    let harness = Harness::new(&Softmax {}, &[Shape::vector(2)], Extent::examples(1));
    assert!(harness.run(&[], &[dense(&x, 2)], &[1.0; 2]).y.iter().all(|y| y.is_nan()));
}

#[test]
fn softmax_survives_large_numbers() {
    let x = [1e4_f32, 1e4, -1e4, -1e4, -1e4, -1e4];
    let harness = Harness::new(&Softmax {}, &[Shape::vector(3)], Extent::examples(2));
    let got =
        harness.run(&[], &[Input::Dense(Signal::new(&x, 3))], &[1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(got.y[..3], [0.5, 0.5, 0.0]);
    assert_eq!(got.dx[0][..3], [0.25, -0.25, 0.0]);
    assert!((got.y[3..].iter().sum::<f32>() - 1.0).abs() < 1e-6);
}

#[test]
fn a_link_can_be_taken_away() {
    let (x, p) = (noise(1, 15), noise(2, 12));
    let layer = Dense::new(2).activation(Sigmoid {});
    assert_eq!(layer.facts().link, Some(Link::Sigmoid));
    let linear = layer.linear().unwrap();
    let run = |layer: &dyn Layer| {
        let harness = Harness::new(layer, &[Shape::vector(5)], Extent::examples(3));
        harness.run(&p, &[dense(&x, 5)], &[1.0; 6]).y
    };
    assert_eq!(run(&*linear), run(&Dense::new(2)));
    assert!(linear.facts().unbounded() && linear.linear().is_none());
    assert!(Dense::new(2).activation(Tanh {}).linear().is_none());
    let end = ActivationLayer::new(Sigmoid {}).linear().unwrap();
    assert!(end.facts().unbounded() && Softmax {}.linear().unwrap().facts().unbounded());
    assert!(ActivationLayer::new(Tanh {}).linear().is_none());
}

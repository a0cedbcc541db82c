//! Batch norm and layer norm against PyTorch, and what PyTorch does not have.

use super::golden::{near, numbers};
use super::harness::{Harness, noise};
use crate::{BatchNorm, LayerNorm};
use serde_json::Value;
use tanren_plugin::{Layer, Mode, Precision};
use tanren_tensor::{Extent, Input, Shape, Signal, Write};

const REFERENCE: &str = include_str!("../../../../tests/reference/regularization.json");

/// Agreement in each precision.
fn tolerance<T: Precision>() -> f64 {
    if T::BYTES == 8 { 1e-12 } else { 1e-6 }
}

fn setting(case: &Value, name: &str) -> f64 {
    case[name].as_f64().unwrap()
}

fn size(case: &Value, name: &str) -> usize {
    case[name].as_u64().unwrap() as usize
}

/// All batches of a case in a row: the statistics that one leaves are those of the next.
fn batches<T: Precision>(case: &Value) {
    let layer = BatchNorm {
        epsilon: setting(case, "epsilon"),
        batch_share: setting(case, "share"),
        correct_start: false,
        ..BatchNorm::default()
    };
    let (features, columns) = (size(case, "features"), size(case, "columns"));
    let mut harness = Harness::new(&layer, &[Shape::vector(features)], Extent::examples(columns));
    let mut p = [numbers::<T>(&case["scale"]), numbers(&case["shift"])].concat();
    p.extend(vec![T::ZERO; features]);
    p.extend(vec![T::ONE; features]);
    let expected = case["expected"].as_array().unwrap();
    for (i, expected) in expected.iter().enumerate() {
        let inference = i + 1 == expected_batches(case);
        harness.mode = if inference { Mode::Inference } else { Mode::Training };
        let (x, dy) = (numbers::<T>(&case["x"][i]), numbers::<T>(&case["dy"][i]));
        let got = harness.run(&p, &[Input::Dense(Signal::new(&x, features))], &dy);
        let blocks: Vec<&[T]> = got.dp.chunks(features).collect();
        let found = [&got.y, &got.dx[0], blocks[0], blocks[1], blocks[2], blocks[3]];
        for (name, found) in
            ["y", "dx", "dscale", "dshift", "mean", "variance"].into_iter().zip(found)
        {
            near(&format!("batch {i}, {name}"), found, &expected[name], tolerance::<T>());
        }
        p[2 * features..].copy_from_slice(&got.dp[2 * features..]);
    }
}

fn expected_batches(case: &Value) -> usize {
    case["x"].as_array().unwrap().len()
}

fn images<T: Precision>(case: &Value) {
    let (channels, examples) = (size(case, "channels"), size(case, "examples"));
    let shape = Shape::image(2, 3, channels);
    let layer = BatchNorm { scale: false, shift: false, ..BatchNorm::default() };
    let harness = Harness::new(&layer, &[shape], Extent::examples(examples));
    let p = vec![T::ZERO; 2 * channels + 1];
    let (x, dy) = (numbers::<T>(&case["x"]), numbers::<T>(&case["dy"]));
    let got = harness.run(&p, &[Input::Dense(Signal::new(&x, shape.features))], &dy);
    near("y, images", &got.y, &case["expected"]["y"], tolerance::<T>());
    near("dx, images", &got.dx[0], &case["expected"]["dx"], tolerance::<T>());
}

fn columns<T: Precision>(case: &Value) {
    let layer = LayerNorm { epsilon: setting(case, "epsilon"), ..LayerNorm::default() };
    let (features, columns) = (size(case, "features"), size(case, "columns"));
    let harness = Harness::new(&layer, &[Shape::vector(features)], Extent::examples(columns));
    let p = [numbers::<T>(&case["scale"]), numbers(&case["shift"])].concat();
    let (x, dy) = (numbers::<T>(&case["x"]), numbers::<T>(&case["dy"]));
    let got = harness.run(&p, &[Input::Dense(Signal::new(&x, features))], &dy);
    let (dscale, dshift) = got.dp.split_at(features);
    let found = [&got.y, &got.dx[0], dscale, dshift];
    for (name, found) in ["y", "dx", "dscale", "dshift"].into_iter().zip(found) {
        let expected = &case["expected"][name];
        near(&format!("layer norm, {name}"), found, expected, tolerance::<T>());
    }
}

#[test]
fn agree_with_pytorch() {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    for case in reference["batch-norm"].as_array().unwrap() {
        batches::<f64>(case);
        batches::<f32>(case);
    }
    images::<f64>(&reference["batch-norm-images"]);
    images::<f32>(&reference["batch-norm-images"]);
    for case in reference["layer-norm"].as_array().unwrap() {
        columns::<f64>(case);
        columns::<f32>(case);
    }
}

/// A batch of three features through `layer`, from these parameters: output, gradient of the input,
/// gradients and next statistics.
fn three(
    layer: &BatchNorm,
    p: &[f64],
    x: &[f64],
    change: impl FnOnce(&mut Harness<'_>),
) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let mut harness = Harness::new(layer, &[Shape::vector(3)], Extent::examples(x.len() / 3));
    change(&mut harness);
    let dy = noise::<f64>(2, x.len());
    let mut got = harness.run(p, &[Input::Dense(Signal::new(x, 3))], &dy);
    (got.y, got.dx.remove(0), got.dp)
}

/// Scale, shift, mean, variance, what batches count.
fn start() -> Vec<f64> {
    [[1.0; 3], [0.0; 3], [0.0; 3], [1.0; 3]].concat().into_iter().chain([0.0]).collect()
}

/// With a corrected start the running statistics are averages of batches alone, with the weights that
/// an average without correction gives them.
#[test]
fn a_corrected_start_forgets_what_it_began_with() {
    let corrected = BatchNorm::default();
    let plain = BatchNorm { correct_start: false, ..BatchNorm::default() };
    let (mut p, mut q) = (start(), start()[..12].to_vec());
    for t in 1..=10 {
        let x = noise::<f64>(t, 15);
        (p, q) = (three(&corrected, &p, &x, |_| ()).2, three(&plain, &q, &x, |_| ()).2);
        let left = 0.9_f64.powi(t as i32); // of what it began with
        assert!((p[12] - (1.0 - left)).abs() < 1e-14);
        for i in 0..3 {
            assert!((p[6 + i] * (1.0 - left) - q[6 + i]).abs() < 1e-14);
            assert!((p[9 + i] * (1.0 - left) - (q[9 + i] - left)).abs() < 1e-14);
        }
        p[..6].copy_from_slice(&start()[..6]);
        q[..6].copy_from_slice(&start()[..6]);
    }
}

/// A single column has no variance: the running statistics serve it, and stay.
#[test]
fn one_column_is_normalised_by_the_running_statistics() {
    let mut p = start();
    p[6..12].copy_from_slice(&[0.5, -1.0, 2.0, 4.0, 0.25, 1.0]);
    p[12] = 0.3;
    let x = noise::<f64>(1, 3);
    let layer = BatchNorm::default();
    let (y, dx, next) = three(&layer, &p, &x, |_| ());
    let inferred = three(&layer, &p, &x, |harness| harness.mode = Mode::Inference);
    assert!(y == inferred.0 && dx == inferred.1 && next[6..] == p[6..]);
    assert!(dx.iter().all(|&dx| dx != 0.0));

    // So is a batch in which only one column counts anything.
    let x = noise::<f64>(1, 9);
    let weights = Some(vec![0.0, 2.0, 0.0]);
    let (y, _, next) = three(&layer, &p, &x, |harness| harness.weights = weights);
    assert!(next[6..] == p[6..]);
    assert_eq!(y, three(&layer, &p, &x, |harness| harness.mode = Mode::Inference).0);
}

/// Columns of weight 0 count nothing, doubled weights change nothing, and a column of weight 2 is two
/// columns but for the correction of the variance.
#[test]
fn weights_are_respected() {
    let (layer, p, x) = (BatchNorm::default(), start(), noise::<f64>(1, 12));
    let weighted = |x: &[f64], w: &[f64]| {
        let weights = Some(w.to_vec());
        three(&layer, &p, x, |harness| harness.weights = weights)
    };
    let plain = three(&layer, &p, &x, |_| ());
    assert_eq!(weighted(&x, &[1.0; 4]), plain);
    let doubled = weighted(&x, &[2.0; 4]);
    assert!(doubled.0 == plain.0 && doubled.2[6..] == plain.2[6..]);

    let mut longer = x.clone();
    longer.extend([1e9, f64::NAN, 7.0]);
    let padded = weighted(&longer, &[1.0, 1.0, 1.0, 1.0, 0.0]);
    assert!(padded.0[..12] == plain.0 && padded.2[6..] == plain.2[6..]);

    let twice = [&x[..], &x[..3]].concat();
    let (once, both) = (weighted(&x, &[2.0, 1.0, 1.0, 1.0]).0, three(&layer, &p, &twice, |_| ()).0);
    assert!(once.iter().zip(&both).all(|(a, b)| (a - b).abs() < 1e-13));
}

/// Frozen, training is inference, and the statistics stay.
#[test]
fn frozen_statistics_stay() {
    let mut p = start();
    p[6..12].copy_from_slice(&[0.5, -1.0, 2.0, 4.0, 0.25, 1.0]);
    let x = noise::<f64>(1, 15);
    let (layer, frozen) =
        (BatchNorm::default(), BatchNorm { frozen: true, ..BatchNorm::default() });
    let inferred = three(&layer, &p, &x, |harness| harness.mode = Mode::Inference);
    let trained = three(&frozen, &p, &x, |_| ());
    assert_eq!(trained, inferred);
    assert_eq!(trained.2[6..], p[6..]);
    assert!(trained.0 != three(&layer, &p, &x, |_| ()).0);
}

/// Statistics far from 0 keep their digits: there is no difference of squares.
#[test]
fn large_means_do_not_cancel() {
    let x: Vec<f32> = [4.0, 7.0, 13.0, 16.0].iter().map(|x| 1e6 + x).collect();
    let layer = BatchNorm { epsilon: 1e-12, ..BatchNorm::default() };
    let harness = Harness::new(&layer, &[Shape::vector(1)], Extent::examples(4));
    let got =
        harness.run(&[1.0, 0.0, 0.0, 1.0, 0.0], &[Input::Dense(Signal::new(&x, 1))], &[0.0_f32; 4]);
    let deviation = 22.5_f32.sqrt();
    for (y, x) in got.y.iter().zip([-6.0, -3.0, 3.0, 6.0]) {
        assert!((y - x / deviation).abs() < 1e-6, "{y}");
    }
    assert_eq!(got.dp[2..4], [1e6 + 10.0, 30.0]);
    let layer = LayerNorm { epsilon: 1e-12, ..LayerNorm::default() };
    let harness = Harness::new(&layer, &[Shape::vector(4)], Extent::examples(1));
    let p = [[1.0; 4], [0.0; 4]].concat();
    let column = harness.run(&p, &[Input::Dense(Signal::new(&x, 4))], &[0.0_f32; 4]);
    assert!(column.y.iter().zip(&got.y).all(|(a, b)| (a - b).abs() < 1e-6));
}

#[test]
fn gradients_are_added_where_asked() {
    let (x, dy) = (noise::<f64>(1, 12), noise::<f64>(2, 12));
    for layer in [&BatchNorm::default() as &dyn Layer, &LayerNorm::default()] {
        let mut harness = Harness::new(layer, &[Shape::vector(3)], Extent::examples(4));
        let p = &start()[..if layer.params(&harness.shapes).len() == 2 { 6 } else { 13 }];
        let input = [Input::Dense(Signal::new(&x, 3))];
        let plain = harness.run(p, &input, &dy);
        harness.write = Write::Add;
        let added = harness.run(p, &input, &dy);
        let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b - 1.0).abs() < 1e-13);
        assert!(near(&added.dx[0], &plain.dx[0]) && near(&added.dp[..6], &plain.dp[..6]));
        assert_eq!(added.dp[6..], plain.dp[6..]);
    }
}

#[test]
fn shapes_and_settings_out_of_range_are_refused() {
    let error = LayerNorm::default().output(&[Shape::vector(1)]).unwrap_err().to_string();
    assert!(error.contains("at least 2 features") && error.contains("1 features"), "{error}");
    let wrong: [(BatchNorm, &str); 3] = [
        (
            BatchNorm { epsilon: 0.0, ..BatchNorm::default() },
            "epsilon: expected a finite number above 0",
        ),
        (
            BatchNorm { batch_share: 0.0, ..BatchNorm::default() },
            "batch-share: expected a number above 0, up to 1",
        ),
        (BatchNorm { batch_share: f64::NAN, ..BatchNorm::default() }, "found NaN"),
    ];
    for (layer, part) in wrong {
        use tanren_plugin::Checked as _;
        let error = layer.check().unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
}

//! Activations, and layers without weights, against PyTorch.

use super::harness::{Harness, Results};
use crate::{ActivationLayer, Rrelu};
use serde_json::Value;
use tanren_plugin::{Activation, Layer, Plugin, Precision};
use tanren_tensor::{Extent, Input, Shape, Signal};

const REFERENCE: &str = include_str!("../../../../tests/reference/activations.json");

fn numbers<T: Precision>(value: &Value) -> Vec<T> {
    value.as_array().unwrap().iter().map(|x| T::of(x.as_f64().unwrap())).collect()
}

fn near<T: Precision>(what: &str, got: &[T], expected: &Value, tolerance: f64) {
    let expected = numbers::<f64>(expected);
    assert_eq!(got.len(), expected.len(), "{what}");
    for (at, (g, e)) in got.iter().zip(expected).enumerate() {
        let near = (g.f64() - e).abs() <= tolerance * e.abs().max(1.0);
        assert!(near, "{what}, number {at}, in {}: {g} is not {e}", T::NAME);
    }
}

/// Runs a layer over columns of `x`, from its initial parameters.
fn run<T: Precision>(layer: &dyn Layer, features: usize, x: &[T], dy: &[T]) -> Results<T> {
    let shape = Shape::vector(features);
    let mut parameters = Vec::new();
    for spec in layer.params(&[shape]) {
        let mut values = vec![0.0; spec.len()];
        let mut draws = tanren_tensor::Stream::new(1, "test").sample(0);
        spec.init.fill(spec.fan, spec.rows, &mut draws, &mut values);
        parameters.extend(values.iter().map(|&value| T::of(value)));
    }
    let harness = Harness::new(layer, &[shape], Extent::examples(x.len() / features));
    harness.run(&parameters, &[Input::Dense(Signal::new(x, features))], dy)
}

fn all<T: Precision>(tolerance: f64) {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    let x = numbers::<T>(&reference["x"]);
    let activations = reference["activations"].as_array().unwrap();
    assert_eq!(activations.len(), 26);
    for case in activations {
        let activation: Plugin<dyn Activation> =
            serde_json::from_value(case["activation"].clone()).unwrap();
        activation.check().unwrap();
        let layer = ActivationLayer::new(activation);
        let got = run(&layer, 1, &x, &vec![T::ONE; x.len()]);
        let name = &case["activation"];
        near(&format!("y, {name}"), &got.y, &case["y"], tolerance);
        near(&format!("slope, {name}"), &got.dx[0], &case["slope"], tolerance);
    }
    let features = reference["features"].as_u64().unwrap() as usize;
    let columns = numbers::<T>(&reference["columns"]);
    for case in reference["layers"].as_array().unwrap() {
        let layer: Plugin<dyn Layer> = serde_json::from_value(case["layer"].clone()).unwrap();
        let got = run(&*layer, features, &columns, &numbers(&case["dy"]));
        let name = &case["layer"];
        near(&format!("y, {name}"), &got.y, &case["y"], tolerance);
        near(&format!("dx, {name}"), &got.dx[0], &case["dx"], tolerance);
    }
}

#[test]
fn agree_with_pytorch() {
    all::<f64>(1e-12);
    all::<f32>(1e-6);
}

/// In training each slope is drawn from its interval anew; in inference it is the mean of the interval,
/// and no rectifier at another threshold.
#[test]
fn random_slopes_are_in_their_interval() {
    let layer = Rrelu::default();
    let x = vec![-1.0_f64; 3000];
    let got = run(&layer, 3000, &x, &vec![1.0; 3000]);
    assert!(got.y.iter().all(|y| (-1.0 / 3.0..=-1.0 / 8.0).contains(y)));
    assert!(got.y.iter().zip(&got.dx[0]).all(|(y, dx)| -y == *dx));
    let mean = got.y.iter().sum::<f64>() / 3000.0;
    let deviation = (1.0 / 3.0 - 1.0 / 8.0) / 12_f64.sqrt();
    assert!((mean + 11.0 / 48.0).abs() < 5.0 * deviation / 3000_f64.sqrt(), "{mean}");
}

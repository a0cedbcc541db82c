//! Dense, its activations and softmax against PyTorch.

use super::harness::{Harness, Results};
use crate::{ActivationLayer, Dense, Softmax, Tanh};
use serde_json::Value;
use tanren_plugin::{Activation, Plugin, Precision};
use tanren_tensor::{Extent, Indices, Input, Shape, Signal};

const REFERENCE: &str = include_str!("../../../../tests/reference/first_plugins.json");

pub(super) fn numbers<T: Precision>(value: &Value) -> Vec<T> {
    value.as_array().unwrap().iter().map(|x| T::of(x.as_f64().unwrap())).collect()
}

pub(super) fn near<T: Precision>(what: &str, got: &[T], expected: &Value, tolerance: f64) {
    let expected = numbers::<f64>(expected);
    assert_eq!(got.len(), expected.len(), "{what}");
    for (g, e) in got.iter().zip(expected) {
        let near = (g.f64() - e).abs() <= tolerance * e.abs().max(1.0);
        assert!(near, "{what} in {}: {g} is not {e}", T::NAME);
    }
}

fn dense<T: Precision>(case: &Value, tolerance: f64) {
    let size = |key: &str| case[key].as_u64().unwrap() as usize;
    let activation: Plugin<dyn Activation> =
        serde_json::from_value(case["activation"].clone()).unwrap();
    let (inputs, columns) = (size("inputs"), size("columns"));
    let parameters = [numbers::<T>(&case["w"]), numbers(&case["b"])].concat();
    let (x, dy) = (numbers::<T>(&case["x"]), numbers::<T>(&case["dy"]));
    let (expected, name) = (&case["expected"][T::NAME], case["activation"].to_string());

    let input = Input::Dense(Signal::new(&x, inputs));
    let layer = Dense::new(size("units")).activation(activation.clone());
    let harness = Harness::new(&layer, &[Shape::vector(inputs)], Extent::examples(columns));
    let Results { y, dx, dp } = harness.run(&parameters, &[input], &dy);
    let (dw, db) = dp.split_at(inputs * layer.units);
    near(&format!("y, {name}"), &y, &expected["y"], tolerance);
    near(&format!("dx, {name}"), &dx[0], &expected["dx"], tolerance);
    near(&format!("dw, {name}"), dw, &expected["dw"], tolerance);
    near(&format!("db, {name}"), db, &expected["db"], tolerance);

    // A linear layer and the activation as a layer of its own say the same, to the bit.
    let linear = Dense::new(layer.units);
    let harness = Harness::new(&linear, &[Shape::vector(inputs)], Extent::examples(columns));
    let z = harness.run(&parameters, &[input], &dy).y;
    let function = ActivationLayer::new(activation);
    let shape = [Shape::vector(layer.units)];
    let after = Harness::new(&function, &shape, Extent::examples(columns));
    let upper = after.run(&[], &[Input::Dense(Signal::new(&z, layer.units))], &dy);
    let lower = harness.run(&parameters, &[input], &upper.dx[0]);
    assert_eq!(Results { y: upper.y, ..lower }, Results { y, dx, dp });
}

fn embedding<T: Precision>(case: &Value, tolerance: f64) {
    let size = |key: &str| case[key].as_u64().unwrap() as usize;
    let indices: Vec<u32> = serde_json::from_value(case["indices"].clone()).unwrap();
    let (levels, layer) = (size("levels"), Dense::new(size("units")).activation(Tanh {}));
    let parameters = [numbers::<T>(&case["w"]), numbers(&case["b"])].concat();
    let extent = Extent::examples(indices.len());
    let harness = Harness::new(&layer, &[Shape::index(levels)], extent);
    let input = Input::Indices(Indices { data: &indices, levels });
    let Results { y, dp, .. } = harness.run(&parameters, &[input], &numbers(&case["dy"]));
    let (expected, (dw, db)) = (&case["expected"][T::NAME], dp.split_at(levels * layer.units));
    near("y, embedding", &y, &expected["y"], tolerance);
    near("dw, embedding", dw, &expected["dw"], tolerance);
    near("db, embedding", db, &expected["db"], tolerance);
}

fn softmax<T: Precision>(case: &Value, tolerance: f64) {
    let features = case["features"].as_u64().unwrap() as usize;
    let (x, dy) = (numbers::<T>(&case["x"]), numbers::<T>(&case["dy"]));
    let extent = Extent::examples(x.len() / features);
    let harness = Harness::new(&Softmax {}, &[Shape::vector(features)], extent);
    let got = harness.run(&[], &[Input::Dense(Signal::new(&x, features))], &dy);
    near("y, softmax", &got.y, &case["expected"][T::NAME]["y"], tolerance);
    near("dx, softmax", &got.dx[0], &case["expected"][T::NAME]["dx"], tolerance);
}

fn all<T: Precision>(tolerance: f64) {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    let cases = reference["dense"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    cases.iter().for_each(|case| dense::<T>(case, tolerance));
    embedding::<T>(&reference["embedding"], tolerance);
    softmax::<T>(&reference["softmax"], tolerance);
}

#[test]
fn agrees_with_pytorch() {
    all::<f64>(1e-10);
    all::<f32>(1e-5);
}

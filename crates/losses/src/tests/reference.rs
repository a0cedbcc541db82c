//! Losses against PyTorch, in both precisions.

use super::evaluate;
use serde_json::Value;
use tanren_plugin::{Loss, Plugin, Precision};
use tanren_tensor::{Indices, Input, Shape, Signal};

const FIRST: &str = include_str!("../../../../tests/reference/first_plugins.json");
const ALL: &str = include_str!("../../../../tests/reference/losses.json");

fn numbers<T: Precision>(value: &Value) -> Vec<T> {
    value.as_array().unwrap().iter().map(|x| T::of(x.as_f64().unwrap())).collect()
}

/// One case, of a target of this shape.
fn check<T: Precision>(case: &Value, shape: Shape, expected: &Value, tolerance: f64) {
    let loss: Plugin<dyn Loss> = serde_json::from_value(case["loss"].clone()).unwrap();
    loss.check().unwrap();
    let features = loss.outputs(shape).unwrap();
    let (outputs, weights) = (numbers::<T>(&case["outputs"]), numbers::<T>(&case["weights"]));
    assert_eq!(outputs.len(), features * weights.len());
    let (dense, indices): (Vec<T>, Vec<u32>);
    let targets = if shape.indices {
        indices = serde_json::from_value(case["indices"].clone()).unwrap();
        Input::Indices(Indices { data: &indices, levels: shape.features })
    } else {
        dense = numbers(&case["targets"]);
        Input::Dense(Signal::new(&dense, shape.features))
    };
    let got = evaluate(&*loss, (&outputs, features), targets, &weights);
    let (values, gradient, alone, predictions) = got;
    assert_eq!(values, alone, "the same bits with and without a gradient");
    let values: Vec<T> = values.into_iter().map(T::of).collect();
    let pairs = [("values", values), ("gradient", gradient), ("predictions", predictions)];
    for (what, got) in pairs {
        let expected = numbers::<f64>(&expected[what]);
        assert_eq!(got.len(), expected.len(), "{}, {what}", case["loss"]);
        for (g, e) in got.iter().zip(expected) {
            let near = (g.f64() - e).abs() <= tolerance * e.abs().max(1.0);
            assert!(near, "{}, {}, {what}: {g} is not {e}", case["loss"], T::NAME);
        }
    }
}

fn first<T: Precision>(precision: &str, tolerance: f64) {
    let reference: Value = serde_json::from_str(FIRST).unwrap();
    let cases = reference["losses"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let levels = case["levels"].as_u64().map(|levels| Shape::index(levels as usize));
        let dense = || Shape::vector(case["features"].as_u64().unwrap() as usize);
        let shape = levels.unwrap_or_else(dense);
        check::<T>(case, shape, &case["expected"][precision], tolerance);
    }
}

#[test]
fn the_first_ones_agree_with_pytorch() {
    first::<f64>("double", 1e-10);
    first::<f32>("single", 1e-5);
}

fn all<T: Precision>(tolerance: f64) {
    let reference: Value = serde_json::from_str(ALL).unwrap();
    let cases = reference["losses"].as_array().unwrap();
    assert_eq!(cases.len(), 3 * 51);
    for case in cases {
        let features = case["features"].as_u64().unwrap() as usize;
        let shape = match case.get("indices") {
            Some(_) => Shape::index(features),
            None => Shape::vector(features),
        };
        check::<T>(case, shape, case, tolerance);
    }
}

#[test]
fn all_agree_with_pytorch() {
    all::<f64>(1e-12);
    all::<f32>(1e-6);
}

/// The constant of the Poisson loss, without outputs: e⁰ − 0 more.
#[test]
fn factorials_agree_with_scipy() {
    let reference: Value = serde_json::from_str(ALL).unwrap();
    let loss: Plugin<dyn Loss> =
        serde_json::from_str(r#"{ "type": "poisson", "full": true }"#).unwrap();
    let expected = numbers::<f64>(&reference["ln-factorials"]);
    for (count, expected) in numbers::<f64>(&reference["counts"]).into_iter().zip(expected) {
        let targets = Input::Dense(Signal::new(std::slice::from_ref(&count), 1));
        let (values, ..) = evaluate(&*loss, (&[0.0], 1), targets, &[1.0]);
        let near = (values[0] - 1.0 - expected).abs() <= 1e-14 * expected.abs().max(1.0);
        assert!(near, "ln {count}!: {} is not {expected}", values[0] - 1.0);
    }
}

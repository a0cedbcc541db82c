//! Losses against PyTorch and at their limits, penalties against their derivatives.

mod constraints;

use crate::{BinaryCrossEntropy, CrossEntropy, Elastic, L1, L2, Mse};
use serde_json::Value;
use tanren_plugin::{Block, BlockKind, Constraint, Loss, LossGradient, Penalty, Plugin, Precision};
use tanren_tensor::{Indices, Input, Shape, Signal, SignalMut};

const REFERENCE: &str = include_str!("../../../tests/reference/first_plugins.json");

fn numbers<T: Precision>(value: &Value) -> Vec<T> {
    value.as_array().unwrap().iter().map(|x| T::of(x.as_f64().unwrap())).collect()
}

/// Values with a gradient asked for, the gradient, values without, predictions.
type Evaluated<T> = (Vec<f64>, Vec<T>, Vec<f64>, Vec<T>);

fn evaluate<T: Precision>(
    loss: &dyn Loss,
    (outputs, features): (&[T], usize),
    targets: Input<'_, T>,
    weights: &[T],
) -> Evaluated<T> {
    let kernel = loss.kernels().at::<T>();
    let nan = T::of(f64::NAN);
    let (mut values, mut alone) = (vec![f64::NAN; weights.len()], vec![f64::NAN; weights.len()]);
    let (mut out, mut predictions) = (vec![nan; outputs.len()], vec![nan; outputs.len()]);
    let signal = Signal::new(outputs, features);
    let gradient = LossGradient { weights, out: SignalMut::new(&mut out, features) };
    kernel.evaluate(signal, targets, &mut values, Some(gradient));
    kernel.evaluate(signal, targets, &mut alone, None);
    kernel.predict(signal, SignalMut::new(&mut predictions, features));
    (values, out, alone, predictions)
}

fn compare<T: Precision>(precision: &str, tolerance: f64) {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    let cases = reference["losses"].as_array().unwrap();
    assert_eq!(cases.len(), 5);
    for case in cases {
        let loss: Plugin<dyn Loss> = serde_json::from_value(case["loss"].clone()).unwrap();
        let features = case["features"].as_u64().unwrap() as usize;
        let (outputs, weights) = (numbers::<T>(&case["outputs"]), numbers::<T>(&case["weights"]));
        let (dense, indices): (Vec<T>, Vec<u32>);
        let (targets, shape) = if let Some(levels) = case["levels"].as_u64() {
            indices = serde_json::from_value(case["indices"].clone()).unwrap();
            let levels = levels as usize;
            (Input::Indices(Indices { data: &indices, levels }), Shape::index(levels))
        } else {
            dense = numbers(&case["targets"]);
            (Input::Dense(Signal::new(&dense, features)), Shape::vector(features))
        };
        assert_eq!(loss.outputs(shape).unwrap(), features);
        let got = evaluate(&*loss, (&outputs, features), targets, &weights);
        let (values, gradient, alone, predictions) = got;
        assert_eq!(values, alone, "the same bits with and without a gradient");
        let expected = &case["expected"][precision];
        let values: Vec<T> = values.into_iter().map(T::of).collect();
        let pairs = [("values", values), ("gradient", gradient), ("predictions", predictions)];
        for (what, got) in pairs {
            let expected = numbers::<f64>(&expected[what]);
            assert_eq!(got.len(), expected.len());
            for (g, e) in got.iter().zip(expected) {
                let near = (g.f64() - e).abs() <= tolerance * e.abs().max(1.0);
                assert!(near, "{}, {precision}, {what}: {g} is not {e}", case["loss"]);
            }
        }
    }
}

#[test]
fn agrees_with_pytorch() {
    compare::<f64>("double", 1e-10);
    compare::<f32>("single", 1e-5);
}

/// Outputs of ±1e4 give the exact limits, in each precision.
fn limits<T: Precision>() {
    let z = [1e4, -1e4, -1e4, 1e4].map(T::of);
    let weights = [T::ONE; 4];
    let list = |x: &[f64]| x.iter().map(|&x| T::of(x)).collect::<Vec<T>>();

    let answers = [1, 1, 0, 0];
    let targets = Input::Indices(Indices { data: &answers, levels: 2 });
    let got = evaluate(&BinaryCrossEntropy {}, (&z, 1), targets, &weights);
    let (values, gradient, _, predictions) = got;
    assert_eq!(values, [0.0, 1e4, 0.0, 1e4]);
    assert_eq!(gradient, list(&[0.0, -1.0, 0.0, 1.0]));
    assert_eq!(predictions, list(&[1.0, 0.0, 0.0, 1.0]));

    let classes = [0, 0];
    let targets = Input::Indices(Indices { data: &classes, levels: 2 });
    let got = evaluate(&CrossEntropy {}, (&z, 2), targets, &weights[..2]);
    let (values, gradient, _, predictions) = got;
    assert_eq!(values, [0.0, 2e4]);
    assert_eq!(gradient, list(&[0.0, 0.0, -1.0, 1.0]));
    assert_eq!(predictions, list(&[1.0, 0.0, 0.0, 1.0]));

    let shares = list(&[0.5, 0.5, 0.0, 1.0]);
    let targets = Input::Dense(Signal::new(&shares, 2));
    let (values, gradient, _, _) = evaluate(&CrossEntropy {}, (&z, 2), targets, &weights[..2]);
    assert_eq!(values, [1e4, 0.0]);
    assert_eq!(gradient, list(&[0.5, -0.5, 0.0, 0.0]));
}

#[test]
fn large_outputs_have_exact_limits() {
    limits::<f32>();
    limits::<f64>();
}

#[test]
fn a_confident_answer_keeps_its_digits() {
    let one = [1];
    let targets = Input::Indices(Indices { data: &one, levels: 2 });
    let (values, ..) = evaluate::<f32>(&BinaryCrossEntropy {}, (&[30.0], 1), targets, &[1.0]);
    assert!((values[0] / (-30f64).exp() - 1.0).abs() < 1e-5, "{}", values[0]);
}

/// Columns longer than a chunk: the value agrees with the definition and the column's order.
#[test]
fn wide_columns_are_summed_whole() {
    let z: Vec<f64> = (0..200).map(|i| (f64::from(i) * 0.7).sin() * 3.0).collect();
    let t: Vec<f64> = (0..200).map(|i| f64::from(i % 3) / 2.0).collect();
    let targets = Input::Dense(Signal::new(&t, 200));
    let (values, _, alone, _) = evaluate(&BinaryCrossEntropy {}, (&z, 200), targets, &[1.0]);
    let sigma = |z: f64| 1.0 / (1.0 + (-z).exp());
    let term = |(&z, &t): (&f64, &f64)| t * sigma(z).ln() + (1.0 - t) * (1.0 - sigma(z)).ln();
    let expected = -z.iter().zip(&t).map(term).sum::<f64>();
    assert!((values[0] - expected).abs() < 1e-9 && values == alone);

    let class = [150];
    let targets = Input::Indices(Indices { data: &class, levels: 200 });
    let (values, gradient, alone, p) = evaluate(&CrossEntropy {}, (&z, 200), targets, &[0.5]);
    let expected = z.iter().map(|z| z.exp()).sum::<f64>().ln() - z[150];
    assert!((values[0] - expected).abs() < 1e-12 && values == alone);
    assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert!(gradient.iter().sum::<f64>().abs() < 1e-12);
}

#[test]
fn nothing_hides_a_nan() {
    let (z, t, class) = ([1.0, f64::NAN], [0.5, 0.5], [0]);
    let dense = Input::Dense(Signal::new(&t, 2));
    let index = Input::Indices(Indices { data: &class, levels: 2 });
    let cases: [(&dyn Loss, Input<'_, f64>); 4] = [
        (&Mse {}, dense),
        (&BinaryCrossEntropy {}, dense),
        (&CrossEntropy {}, dense),
        (&CrossEntropy {}, index),
    ];
    for (loss, targets) in cases {
        let (values, gradient, alone, _) = evaluate(loss, (&z, 2), targets, &[1.0]);
        assert!(values[0].is_nan() && alone[0].is_nan() && gradient[1].is_nan(), "{loss:?}");
    }
}

#[test]
fn targets_that_do_not_fit_are_refused() {
    let refused = |loss: &dyn Loss, target: Shape, part: &str| {
        let error = loss.outputs(target).unwrap_err().to_string();
        assert!(error.contains(part) && error.contains(&target.to_string()), "{error}");
    };
    refused(&Mse {}, Shape::index(3), "cross-entropy, or one-hot targets");
    refused(&Mse {}, Shape::vector(0), "at least one");
    refused(&CrossEntropy {}, Shape::index(1), "at least 2 classes");
    refused(&CrossEntropy {}, Shape::vector(1), "binary-cross-entropy");
    refused(&BinaryCrossEntropy {}, Shape::index(3), "two classes as the target");
    refused(&BinaryCrossEntropy {}, Shape::vector(0), "at least one");
    assert_eq!(Mse {}.outputs(Shape::image(4, 4, 2)).unwrap(), 32);
    assert_eq!(CrossEntropy {}.outputs(Shape::sequence(5)).unwrap(), 5);
    assert_eq!(BinaryCrossEntropy {}.outputs(Shape::index(2)).unwrap(), 1);
}

fn block(kind: BlockKind) -> Block {
    Block::new("dense", "weight", kind, (5, 1))
}

#[test]
fn penalties_agree_with_their_definition_and_derivative() {
    let (block, theta) = (block(BlockKind::Weight), [1.5, -2.0, 0.0, 0.25, -1e-3]);
    let cases: [(&dyn Penalty, f64); 3] = [
        (&L2 { strength: 0.1 }, 0.05 * (2.25 + 4.0 + 0.0625 + 1e-6)),
        (&L1 { strength: 0.1 }, 0.1 * (1.5 + 2.0 + 0.25 + 1e-3)),
        (
            &Elastic { strength: 0.1, ratio: 0.3 },
            0.03 * (1.5 + 2.0 + 0.25 + 1e-3) + 0.035 * (2.25 + 4.0 + 0.0625 + 1e-6),
        ),
    ];
    for (penalty, expected) in cases {
        let kernel = penalty.kernels().at::<f64>();
        assert!((kernel.value(&block, &theta) - expected).abs() < 1e-15);
        let mut gradient = [1.0; 5]; // added to, not replaced
        kernel.add_gradient(&block, &theta, &mut gradient);
        for (i, g) in gradient.iter().enumerate() {
            let at = |h: f64| {
                let mut moved = theta;
                moved[i] += h;
                kernel.value(&block, &moved)
            };
            let slope = (at(1e-6) - at(-1e-6)) / 2e-6; // at a kink: the mean of both sides
            assert!((g - 1.0 - slope).abs() < 1e-8, "{penalty:?}, {i}");
        }
        let mut single = [0.0_f32; 5];
        penalty.kernels().at::<f32>().add_gradient(&block, &theta.map(|x| x as f32), &mut single);
        assert!(single.iter().zip(gradient).all(|(s, g)| (f64::from(*s) - g + 1.0).abs() < 1e-7));
    }
    assert!(L2::default().smooth() && !L1::default().smooth());
}

#[test]
fn biases_are_not_penalised() {
    for penalty in [&L2::default() as &dyn Penalty, &L1::default(), &Elastic::default()] {
        assert_eq!(penalty.kinds(), BlockKind::WEIGHTS);
    }
}

#[test]
fn a_recipe_names_what_it_does_not_know() {
    fn check<P: ?Sized>(name: &str)
    where
        Plugin<P>: serde::Serialize + serde::de::DeserializeOwned,
    {
        let bare: Plugin<P> = serde_json::from_str(&format!("{name:?}")).unwrap();
        let json = serde_json::to_string(&bare).unwrap();
        let again: Plugin<P> = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), json);
        let unknown = toml::from_str::<Plugin<P>>(&format!("type = {name:?}\nbogus = 1"));
        assert!(unknown.err().unwrap().to_string().contains("bogus"), "{name}");
    }
    for name in ["mse", "cross-entropy", "binary-cross-entropy"] {
        check::<dyn Loss>(name);
    }
    check::<dyn Penalty>("l1");
    check::<dyn Penalty>("l2");
    check::<dyn Penalty>("elastic");
    for name in ["max-norm", "min-max-norm", "unit-norm", "non-negative"] {
        check::<dyn Constraint>(name);
    }
}

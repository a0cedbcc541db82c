//! Losses against PyTorch and at their limits, penalties against their derivatives: what all share, and the
//! losses there were first.

mod borders;
mod constraints;
mod penalties;
mod reference;
mod settings;

use crate::{BinaryCrossEntropy, CrossEntropy, Mse};
use tanren_plugin::{Loss, LossGradient, Precision};
use tanren_tensor::{Indices, Input, Shape, Signal, SignalMut};

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
    let shape = match targets {
        Input::Dense(t) => Shape::vector(t.features()),
        Input::Indices(t) => Shape::index(t.levels),
    };
    let width = loss.predictions(shape, features);
    let (mut out, mut predictions) = (vec![nan; outputs.len()], vec![nan; weights.len() * width]);
    let signal = Signal::new(outputs, features);
    let gradient = LossGradient { weights, out: SignalMut::new(&mut out, features) };
    kernel.evaluate(signal, targets, &mut values, Some(gradient));
    kernel.evaluate(signal, targets, &mut alone, None);
    kernel.predict(signal, SignalMut::new(&mut predictions, width));
    (values, out, alone, predictions)
}

/// Outputs of ±1e4 give the exact limits, in each precision.
fn limits<T: Precision>() {
    let z = [1e4, -1e4, -1e4, 1e4].map(T::of);
    let weights = [T::ONE; 4];
    let list = |x: &[f64]| x.iter().map(|&x| T::of(x)).collect::<Vec<T>>();

    let answers = [1, 1, 0, 0];
    let targets = Input::Indices(Indices { data: &answers, levels: 2 });
    let got = evaluate(&BinaryCrossEntropy::default(), (&z, 1), targets, &weights);
    let (values, gradient, _, predictions) = got;
    assert_eq!(values, [0.0, 1e4, 0.0, 1e4]);
    assert_eq!(gradient, list(&[0.0, -1.0, 0.0, 1.0]));
    assert_eq!(predictions, list(&[1.0, 0.0, 0.0, 1.0]));

    let classes = [0, 0];
    let targets = Input::Indices(Indices { data: &classes, levels: 2 });
    let got = evaluate(&CrossEntropy::default(), (&z, 2), targets, &weights[..2]);
    let (values, gradient, _, predictions) = got;
    assert_eq!(values, [0.0, 2e4]);
    assert_eq!(gradient, list(&[0.0, 0.0, -1.0, 1.0]));
    assert_eq!(predictions, list(&[1.0, 0.0, 0.0, 1.0]));

    let shares = list(&[0.5, 0.5, 0.0, 1.0]);
    let targets = Input::Dense(Signal::new(&shares, 2));
    let (values, gradient, _, _) =
        evaluate(&CrossEntropy::default(), (&z, 2), targets, &weights[..2]);
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
    let (values, ..) =
        evaluate::<f32>(&BinaryCrossEntropy::default(), (&[30.0], 1), targets, &[1.0]);
    assert!((values[0] / (-30f64).exp() - 1.0).abs() < 1e-5, "{}", values[0]);
}

/// Columns longer than a chunk: the value agrees with the definition and the column's order.
#[test]
fn wide_columns_are_summed_whole() {
    let z: Vec<f64> = (0..200).map(|i| (f64::from(i) * 0.7).sin() * 3.0).collect();
    let t: Vec<f64> = (0..200).map(|i| f64::from(i % 3) / 2.0).collect();
    let targets = Input::Dense(Signal::new(&t, 200));
    let (values, _, alone, _) =
        evaluate(&BinaryCrossEntropy::default(), (&z, 200), targets, &[1.0]);
    let sigma = |z: f64| 1.0 / (1.0 + (-z).exp());
    let term = |(&z, &t): (&f64, &f64)| t * sigma(z).ln() + (1.0 - t) * (1.0 - sigma(z)).ln();
    let expected = -z.iter().zip(&t).map(term).sum::<f64>();
    assert!((values[0] - expected).abs() < 1e-9 && values == alone);

    let class = [150];
    let targets = Input::Indices(Indices { data: &class, levels: 200 });
    let (values, gradient, alone, p) =
        evaluate(&CrossEntropy::default(), (&z, 200), targets, &[0.5]);
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
        (&BinaryCrossEntropy::default(), dense),
        (&CrossEntropy::default(), dense),
        (&CrossEntropy::default(), index),
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
    refused(&CrossEntropy::default(), Shape::index(1), "at least 2 classes");
    refused(&CrossEntropy::default(), Shape::vector(1), "binary-cross-entropy");
    refused(&BinaryCrossEntropy::default(), Shape::index(3), "two classes as the target");
    refused(&BinaryCrossEntropy::default(), Shape::vector(0), "at least one");
    assert_eq!(Mse {}.outputs(Shape::image(4, 4, 2)).unwrap(), 32);
    assert_eq!(CrossEntropy::default().outputs(Shape::sequence(5)).unwrap(), 5);
    assert_eq!(BinaryCrossEntropy::default().outputs(Shape::index(2)).unwrap(), 1);
}

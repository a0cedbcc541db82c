//! Losses at the borders of what they are defined for: where other programs divide by 0, take the logarithm
//! of 0 or lose a target that is missing.

use super::evaluate;
use crate::{
    BinaryCrossEntropy, BpMll, Cosine, CrossEntropy, FMeasure, GaussianNll, Hinge, LogCosh, Mae,
    Mape, MixtureDensity, Msle, OutputWeights, Poisson, Quantile,
};
use tanren_plugin::{Loss, Plugin, Precision};
use tanren_tensor::{Indices, Input, Signal};

/// Value, gradient and predictions of one column that counts 1.
fn one<T: Precision>(loss: &dyn Loss, z: &[T], t: &[T]) -> (f64, Vec<T>, Vec<T>) {
    let targets = Input::Dense(Signal::new(t, t.len()));
    let (values, gradient, alone, predictions) = evaluate(loss, (z, z.len()), targets, &[T::ONE]);
    assert_eq!(values[0].to_bits(), alone[0].to_bits());
    (values[0], gradient, predictions)
}

#[test]
fn a_mean_is_divided_by_the_number_of_outputs() {
    let (value, gradient, _) = one(&Mae {}, &[1.0, 2.0, 3.0, 4.0], &[0.0; 4]);
    assert_eq!((value, gradient), (2.5, vec![0.25; 4]));
}

#[test]
fn a_percentage_of_nothing_is_finite() {
    let (value, gradient, _) = one(&Mape { floor: 0.5 }, &[0.25_f64, 2.0], &[0.0, -4.0]);
    assert_eq!((value, gradient), (50.0 * (0.5 + 1.5), vec![100.0, 12.5]));
}

#[test]
fn a_count_that_is_hardly_expected_has_an_exact_value() {
    let (value, gradient, predictions) = one(&Poisson::default(), &[-1e4, -1e4], &[3.0, 0.0]);
    assert_eq!((value, gradient, predictions), (3e4, vec![-3.0, 0.0], vec![0.0, 0.0]));
}

#[test]
fn predictions_of_logarithms_stay_above_minus_one() {
    let (value, _, predictions) = one(&Msle {}, &[-40.0_f64, -1e4], &[0.0, 0.0]);
    assert!(value.is_finite() && predictions.iter().all(|p| *p >= -1.0), "{predictions:?}");
}

#[test]
fn large_errors_of_log_cosh_are_lines_and_small_ones_keep_their_digits() {
    let (value, gradient, _) = one(&LogCosh {}, &[1e4_f64], &[0.0]);
    assert_eq!((value, gradient), (1e4 - std::f64::consts::LN_2, vec![1.0]));
    for d in [1e-9_f64, 1e-4, 0.0199, 0.0201] {
        let (value, ..) = one(&LogCosh {}, &[d], &[0.0]);
        // ln cosh d = ½ ln(1 + sinh² d)
        let exact = 0.5 * d.sinh().powi(2).ln_1p();
        assert!((value / exact - 1.0).abs() < 1e-11, "{d}: {value} is not {exact}");
    }
}

#[test]
fn the_angle_of_a_zero_vector_is_guarded() {
    let loss = Cosine { floor: 0.5 };
    let (value, gradient, _) = one(&loss, &[0.0, 0.0], &[3.0, 4.0]);
    assert_eq!(value, 1.0);
    let near = |g: &[f64], e: [f64; 2]| g.iter().zip(e).all(|(g, e)| (g - e).abs() < 1e-15);
    assert!(near(&gradient, [-1.2, -1.6]), "{gradient:?}"); // −t̂ / ε
    let (value, gradient, _) = one(&loss, &[3.0, 4.0], &[0.0, 0.0]);
    assert_eq!((value, gradient), (1.0, vec![0.0, 0.0]));
}

#[test]
fn a_row_without_pairs_of_labels_counts_nothing() {
    for t in [[0.0; 3], [1.0; 3]] {
        let (value, gradient, _) = one(&BpMll {}, &[0.5, -1.0, 2.0], &t);
        assert_eq!((value, gradient), (0.0, vec![0.0; 3]));
    }
    let far = [1e4_f64, -1e4, 1e4];
    let (value, gradient, _) = one(&BpMll {}, &far, &[1.0, 0.0, 1.0]);
    assert!((value - (-2.0_f64).exp()).abs() < 1e-15 && gradient.iter().all(|g| *g == 0.0));
}

#[test]
fn a_row_without_labels_learns_from_the_count() {
    let (value, gradient, _) = one(&FMeasure::default(), &[0.0_f64, 0.0], &[0.0, 0.0]);
    assert_eq!((value, gradient), (0.5, vec![0.0625; 2]));
    let none = FMeasure { count: 0.0, ..FMeasure::default() };
    let (value, gradient, _) = one(&none, &[-1e4_f64, -1e4], &[0.0, 0.0]);
    assert_eq!((value, gradient), (0.0, vec![0.0; 2]));
}

/// All finite numbers, whichever output is far away.
fn far<T: Precision>() {
    for z in [[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [1e4, 1e4, -1e4], [0.0, -1e4, 1e4]] {
        let (gaussian, mixture) = (GaussianNll::default(), MixtureDensity::default());
        let mixture = MixtureDensity { components: 1, ..mixture };
        let z = z.map(T::of);
        let (value, gradient, _) = one(&mixture, &z, &[T::of(0.5)]);
        assert!(value.is_finite() && gradient.iter().all(|g| g.f64().is_finite()), "{z:?}");
        let (value, gradient, _) = one(&gaussian, &z[..2], &[T::of(0.5)]);
        assert!(value.is_finite() && gradient.iter().all(|g| g.f64().is_finite()), "{z:?}");
        let focal = CrossEntropy { focal: 0.5, label_smoothing: 0.1, ..CrossEntropy::default() };
        let (value, gradient, _) = one(&focal, &z, &[T::ONE, T::ZERO, T::ZERO]);
        assert!(value.is_finite() && gradient.iter().all(|g| g.f64().is_finite()), "{z:?}");
    }
}

#[test]
fn outputs_far_away_give_finite_numbers() {
    far::<f32>();
    far::<f64>();
}

/// A variance at its floor: the density is that of a normal of this variance.
#[test]
fn a_target_met_exactly_does_not_end_in_infinity() {
    let (value, gradient, _) = one(&GaussianNll::default(), &[0.5, -1e4], &[0.5]);
    assert_eq!(gradient[1], 0.0);
    assert!((value - 0.5 * 1e-6_f64.ln()).abs() < 1e-12, "{value}");
}

#[test]
fn a_missing_target_has_no_term() {
    let nan = f64::NAN;
    let (value, gradient, _) = one(&Mae {}, &[1.0, 2.0, 3.0, 4.0], &[0.0, nan, 0.0, nan]);
    assert_eq!((value, gradient), (1.0, vec![0.25, 0.0, 0.25, 0.0]));
    let inner = OutputWeights { loss: Quantile::default().into(), weights: vec![2.0, 4.0] };
    let (value, gradient, _) = one(&inner, &[1.0, 2.0], &[nan, 0.0]);
    assert_eq!((value, gradient), (2.0, vec![0.0, 1.0]));
    let (value, gradient, _) = one(&GaussianNll::default(), &[1.0, 2.0, 0.5, 0.0], &[nan, 2.0]);
    let (alone, [of_mean, of_s]) = {
        let (value, gradient, _) = one(&GaussianNll::default(), &[2.0, 0.0], &[2.0]);
        (value, [gradient[0], gradient[1]])
    };
    assert_eq!((value, gradient), (alone, vec![0.0, of_mean, 0.0, of_s]));
    for loss in [
        Plugin::<dyn Loss>::from(BinaryCrossEntropy::default()),
        BinaryCrossEntropy { focal: 1.0, ..BinaryCrossEntropy::default() }.into(),
        Hinge {}.into(),
        Poisson { full: true }.into(),
    ] {
        let (value, gradient, _) = one(&*loss, &[0.5, -0.5], &[nan, nan]);
        assert_eq!((value, gradient), (0.0, vec![0.0; 2]), "{loss:?}");
        assert!(loss.masks());
    }
}

/// Columns longer than a block, and blocks of many columns: each column is what it is alone.
#[test]
fn columns_and_blocks_do_not_meet() {
    for (k, n) in [(1, 600), (3, 200), (255, 3), (256, 2), (257, 3), (700, 2)] {
        let number = |i: usize, by: f64| (i as f64 * by).sin() * 3.0;
        let z: Vec<f64> = (0..k * n).map(|i| number(i, 0.7)).collect();
        let t: Vec<f64> = (0..k * n).map(|i| number(i, 1.3)).collect();
        let weights: Vec<f64> = (0..n).map(|i| 0.5 + number(i, 0.1).abs()).collect();
        let targets = Input::Dense(Signal::new(&t, k));
        let (values, gradient, ..) = evaluate(&Mae {}, (&z, k), targets, &weights);
        for c in 0..n {
            let part = c * k..(c + 1) * k;
            let (value, alone, _) = one(&Mae {}, &z[part.clone()], &t[part.clone()]);
            assert_eq!(value, values[c]);
            let near = |(g, a): (&f64, &f64)| (g - weights[c] * a).abs() < 1e-15;
            assert!(gradient[part].iter().zip(&alone).all(near));
        }
    }
}

/// An answer of a class is a share of each of the two; which one is larger is the sign of the output.
#[test]
fn a_margin_decides_between_two_classes() {
    let classes = [0, 1, 1];
    let targets = Input::Indices(Indices { data: &classes, levels: 2 });
    let z = [-0.5_f64, 4.0, 0.0];
    let (values, gradient, _, shares) = evaluate(&Hinge {}, (&z, 1), targets, &[1.0; 3]);
    assert_eq!((values, gradient), (vec![0.5, 0.0, 1.0], vec![1.0, 0.0, -1.0]));
    assert_eq!(shares, [0.75, 0.25, 0.0, 1.0, 0.5, 0.5]);
}

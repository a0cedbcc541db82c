//! Powers of numbers of any size and sign, and the way back.

use super::*;
use proptest::prelude::*;

fn fitted(numbers: &[f64], standardize: bool) -> Feature {
    feature(&mut numbers.to_vec(), standardize).unwrap()
}

fn forward(feature: &Feature, x: f64) -> f64 {
    scaled(feature.power.value(x), feature.mean, feature.std)
}

#[test]
fn by_hand() {
    let power = |lambda| Power { lambda, pivot: 0.0 };
    assert_eq!(power(1.0).value(3.0), 3.0);
    assert!((power(2.0).value(1.0) - 1.5).abs() < 1e-15);
    assert_eq!(power(0.0).value(1.0), std::f64::consts::LN_2);
    assert_eq!(power(2.0).value(-1.0), -std::f64::consts::LN_2);
    assert_eq!(power(-1.0).back(2.0), f64::INFINITY); // beyond the end, which is 1
}

#[test]
fn odd_columns() {
    let nothing = fitted(&[], true);
    assert_eq!((forward(&nothing, 3.0), forward(&nothing, f64::NAN).is_nan()), (0.0, true));
    for constant in [0.0, 7.0, -1e300, 1e-300] {
        let feature = fitted(&[constant; 3], true);
        assert_eq!((feature.power.lambda, forward(&feature, 1e9)), (1.0, 0.0));
        assert!((feature.back(0.0) - constant).abs() <= 1e-15 * constant.abs());
        assert_eq!(fitted(&[constant], false).std, 1.0);
    }
}

/// Far from 0, an ordinary ψ has no digits left for what tells numbers apart.
#[test]
fn numbers_far_from_zero() {
    for sign in [1.0, -1.0] {
        let numbers: Vec<f64> = (0..50).map(|k| sign * 1e6 + (f64::from(k) / 25.0).exp()).collect();
        let feature = fitted(&numbers, true);
        let values: Vec<f64> = numbers.iter().map(|&x| forward(&feature, x)).collect();
        // There, ψ is exp (c x) with c = λ / 10⁶, of which SciPy's `minimize_scalar` finds the likeliest.
        let c = feature.power.lambda / 1e6;
        assert!((c + 0.241_95).abs() < 1e-4, "{c} {feature:?}");
        for (&x, &y) in numbers.iter().zip(&values) {
            assert!((feature.back(y) - x).abs() < 1e-12 * x.abs(), "{} {x}", feature.back(y));
        }
    }
}

#[test]
fn beyond_its_end_the_way_back_stays_near() {
    let numbers: Vec<f64> = (1..100).map(|k| (f64::from(k) / 10.0).exp()).collect();
    for sign in [1.0, -1.0] {
        let signed: Vec<f64> = numbers.iter().map(|x| sign * x).collect();
        let feature = Feature {
            power: Power { lambda: 1.0 - 2.0 * sign, pivot: 0.0 },
            ..fitted(&signed, false)
        };
        let width = feature.high - feature.low;
        let end = if sign > 0.0 { feature.high + width } else { feature.low - width };
        for beyond in [1.0, 2.0, 1e300] {
            assert_eq!(feature.back(sign * beyond), end);
        }
    }
}

/// Numbers of any size, of one sign or both.
fn numbers() -> impl Strategy<Value = Vec<f64>> {
    let size = (-1.0..1.0_f64, -9..9_i32);
    let number =
        move |shift: f64| size.clone().prop_map(move |(x, power)| (x + shift) * 10f64.powi(power));
    prop_oneof![
        proptest::collection::vec(number(0.0), 1..40),
        proptest::collection::vec(number(1.0), 1..40),
        proptest::collection::vec(number(-1.0), 1..40),
        (proptest::collection::vec(-1.0..1.0_f64, 2..40), -250..250_i32)
            .prop_map(|(x, power)| x.iter().map(|x| x * 10f64.powi(power)).collect()),
    ]
}

proptest! {
    #[test]
    fn always_finite_and_increasing(mut numbers in numbers()) {
        let feature = fitted(&numbers, true);
        numbers.sort_unstable_by(f64::total_cmp);
        let values: Vec<f64> = numbers.iter().map(|&x| forward(&feature, x)).collect();
        prop_assert!(values.iter().all(|y| y.is_finite()), "{:?} {:?}", values, feature);
        prop_assert!(values.windows(2).all(|pair| pair[0] <= pair[1] + 1e-9), "{:?}", values);
    }

    /// With exponents that leave digits, every number comes back.
    #[test]
    fn inverts(x in -1e3..1e3_f64, lambda in -1.0..3.0_f64, pivot in -3.0..3.0_f64) {
        let power = Power { lambda, pivot };
        let back = power.back(power.value(x));
        prop_assert!((back - x).abs() <= 1e-7 * x.abs().max(1.0), "{back} {x}");
        let small = power.back(power.value(x / 1e3));
        prop_assert!((small - x / 1e3).abs() <= 1e-12, "{small} {}", x / 1e3);
    }

    /// No power near the one that is found has a larger likelihood.
    #[test]
    fn nothing_near_is_likelier(numbers in proptest::collection::vec(-3.0..3.0_f64, 5..40)) {
        let mut ascending = numbers;
        ascending.sort_unstable_by(f64::total_cmp);
        let likelihood = |lambda: f64| {
            let power = Power { lambda, pivot: 0.0 };
            let mut values: Vec<f64> = ascending.iter().map(|&x| power.value(x)).collect();
            let (_, std) = moments(&mut values);
            let logs: f64 = ascending.iter().map(|x| x.abs().ln_1p().copysign(*x)).sum();
            -(ascending.len() as f64) * std.ln() + (lambda - 1.0) * logs
        };
        let best = best(&ascending, &mut Vec::new());
        for step in [1e-4, 1e-2, 1.0, 5.0] {
            for near in [best - step, best + step] {
                prop_assert!(likelihood(best) >= likelihood(near) - 1e-10, "{best} {near}");
            }
        }
    }
}

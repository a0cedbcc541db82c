//! Constraints and the elastic net against the formulas of Keras and scikit-learn, and at their limits.

use crate::{Elastic, MaxNorm, MinMaxNorm, NonNegative, Per, UnitNorm};
use serde_json::Value;
use tanren_plugin::{Block, BlockKind, Checked, Clock, Constraint, Penalty, Plugin, Precision};

const REFERENCE: &str = include_str!("../../../../tests/reference/regularization.json");

fn numbers<T: Precision>(value: &Value) -> Vec<T> {
    value.as_array().unwrap().iter().map(|x| T::of(x.as_f64().unwrap())).collect()
}

fn near<T: Precision>(what: &Value, got: &[T], expected: &Value, tolerance: f64) {
    let expected = numbers::<f64>(expected);
    assert_eq!(got.len(), expected.len(), "{what}");
    for (g, e) in got.iter().zip(expected) {
        let near = (g.f64() - e).abs() <= tolerance * e.abs().max(1.0);
        assert!(near, "{what} in {}: {g} is not {e}", T::NAME);
    }
}

fn all<T: Precision>(tolerance: f64) {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    let elastic = &reference["elastic"];
    let theta = numbers::<T>(&elastic["theta"]);
    let block = Block::new("dense", "weight", BlockKind::Weight, (theta.len(), 1));
    for case in elastic["cases"].as_array().unwrap() {
        let setting = |name: &str| case[name].as_f64().unwrap();
        let penalty = Elastic { strength: setting("strength").into(), ratio: setting("ratio") };
        let kernel = penalty.kernels().at::<T>();
        let mut gradient = vec![T::ZERO; theta.len()];
        kernel.add_gradient(Clock::default(), &block, &theta, &mut gradient);
        near(case, &gradient, &case["gradient"], tolerance);
        let value = kernel.value(Clock::default(), &block, &theta);
        assert!((value - setting("value")).abs() < 1e-12, "{case}: {value}");
    }

    let reference = &reference["constraints"];
    let shape = ["units", "inputs"].map(|name| reference[name].as_u64().unwrap() as usize);
    let block = Block::new("dense", "weight", BlockKind::Weight, shape.into());
    let cases = reference["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 9);
    for case in cases {
        let constraint: Plugin<dyn Constraint> =
            serde_json::from_value(case["constraint"].clone()).unwrap();
        let mut w = numbers::<T>(&reference["w"]);
        constraint.kernels().at::<T>().project(&block, &mut w);
        near(&case["constraint"], &w, &case["expected"], tolerance);
    }
}

#[test]
fn agree_with_their_formulas() {
    all::<f64>(1e-12);
    all::<f32>(1e-6);
}

fn projected<T: Precision>(
    constraint: &dyn Constraint,
    shape: (usize, usize),
    numbers: &[T],
) -> Vec<T> {
    let block = Block::new("dense", "weight", BlockKind::Weight, shape);
    let mut moved = numbers.to_vec();
    constraint.kernels().at::<T>().project(&block, &mut moved);
    moved
}

/// What has no direction gets equal numbers where its norm may not be 0.
#[test]
fn zeros_stay_or_become_equal_numbers() {
    let zeros = [0.0_f32; 8]; // two units of four inputs
    assert_eq!(projected(&MaxNorm::default(), (2, 4), &zeros), zeros);
    assert_eq!(projected(&MinMaxNorm::default(), (2, 4), &zeros), zeros);
    assert_eq!(projected(&UnitNorm::default(), (2, 4), &zeros), [0.5; 8]);
    let least = MinMaxNorm { min: 3.0, max: 4.0, ..MinMaxNorm::default() };
    assert_eq!(projected(&least, (2, 4), &zeros), [1.5; 8]);
    let block = UnitNorm { per: Per::Block };
    assert_eq!(projected(&block, (2, 2), &[0.0; 4]), [0.5; 4]);
}

/// Squares of these over- and underflow in single precision.
#[test]
fn the_smallest_and_largest_numbers_have_norms() {
    let numbers = [3e-30_f32, 3e30, 4e-30, 4e30]; // units (3, 4) · 10⁻³⁰ and (3, 4) · 10³⁰
    for per in [Per::Unit, Per::Block] {
        let moved = projected(&UnitNorm { per }, (2, 2), &numbers);
        let [small, large] = if per == Per::Unit { [0.6, 0.6] } else { [0.0, 0.6] };
        assert!((moved[0] - small).abs() < 1e-6 && (moved[1] - large).abs() < 1e-6, "{moved:?}");
    }
    // A number that is none is left for others to see, and spoils no other unit.
    let moved =
        projected(&MaxNorm { max: 1.0, per: Per::Unit }, (2, 2), &[f64::NAN, 3.0, 5.0, 4.0]);
    assert!(moved[0].is_nan() && moved[2] == 5.0);
    assert!((moved[1] - 0.6).abs() < 1e-15 && (moved[3] - 0.8).abs() < 1e-15);
    assert!(projected(&NonNegative {}, (1, 2), &[f64::NAN, -1.0])[0].is_nan());
}

/// So many numbers that threads share them: each unit as if it were alone.
#[test]
fn large_blocks_are_projected_unit_by_unit() {
    let (units, inputs) = (203, 401);
    let w: Vec<f32> = (0..units * inputs).map(|i| (i as f32 * 0.37).sin()).collect();
    let limit = MaxNorm { max: 2.0, per: Per::Unit };
    let moved = projected(&limit, (units, inputs), &w);
    for unit in 0..units {
        let row: Vec<f32> = w.iter().copied().skip(unit).step_by(units).collect();
        let alone = projected(&limit, (1, inputs), &row);
        let moved = moved.iter().skip(unit).step_by(units);
        assert!(moved.zip(&alone).all(|(a, b)| (a - b).abs() < 1e-6), "unit {unit}");
    }
}

#[test]
fn settings_out_of_range_are_refused() {
    let wrong: [(Plugin<dyn Constraint>, &str); 6] = [
        (MaxNorm { max: 0.0, per: Per::Unit }.into(), "max: expected a finite number above 0"),
        (MaxNorm { max: f64::INFINITY, per: Per::Unit }.into(), "max: expected"),
        (MinMaxNorm { min: -1.0, ..MinMaxNorm::default() }.into(), "min: expected"),
        (
            MinMaxNorm { min: 2.0, ..MinMaxNorm::default() }.into(),
            "a finite number from `min` on, found 1.0",
        ),
        (
            MinMaxNorm { rate: 0.0, ..MinMaxNorm::default() }.into(),
            "rate: expected a number above 0",
        ),
        (MinMaxNorm { rate: 1.5, ..MinMaxNorm::default() }.into(), "up to 1, found 1.5"),
    ];
    for (constraint, part) in wrong {
        let error = constraint.check().unwrap_err().to_string();
        assert!(error.contains(part), "{error}");
    }
    for (strength, ratio) in [(-1.0, 0.5), (1.0, 1.5), (1.0, f64::NAN)] {
        assert!(Elastic { strength: strength.into(), ratio }.check().is_err());
    }
    assert!(!Elastic::default().smooth() && Elastic { ratio: 0.0, strength: 1.0.into() }.smooth());
}

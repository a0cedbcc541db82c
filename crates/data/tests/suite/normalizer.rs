//! Normalisers agree with scikit-learn, invert, and stay calm on odd tables.

use proptest::prelude::*;
use serde_json::Value;
use tanren_data::{
    Distribution, Image, Log1p, MaxAbs, MinMax, OneHot, Pca, QuantileTransform, Robust,
    Standardize, YeoJohnson, embedded,
};
use tanren_plugin::{Feature, Field, FieldSpec, Fitted, Normalizer, Plugin, Values};
use tanren_tensor::Shape;

pub(crate) fn field(features: usize, values: Vec<f64>) -> Field {
    Field::numbers("x", (0..features).map(|i| Feature::number(format!("f{i}"))).collect(), values)
}

pub(crate) fn index(levels: usize, values: Vec<u32>) -> Field {
    Field::new(FieldSpec::new("x", Shape::index(levels)), Values::Indices(values))
}

/// Ours look at numbers alone.
pub(crate) fn described(numbers: &[f64]) -> FieldSpec {
    FieldSpec::new("x", Shape::vector(numbers.len()))
}

pub(crate) fn apply(fitted: &dyn Fitted, x: &[f64]) -> Vec<f64> {
    let mut y = Vec::new();
    fitted.apply(&described(x), x, &mut y);
    y
}

pub(crate) fn invert(fitted: &dyn Fitted, y: &[f64]) -> Vec<f64> {
    let mut x = Vec::new();
    assert!(fitted.invert(&described(y), y, &mut x));
    x
}

fn list(value: &Value) -> Vec<f64> {
    serde_json::from_value(value.clone()).unwrap()
}

fn assert_near(got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len());
    for (a, b) in got.iter().zip(expected) {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{a} {b}");
    }
}

#[test]
fn agrees_with_scikit_learn() {
    let reference: Value =
        serde_json::from_str(include_str!("../../../../tests/reference/data.json")).unwrap();
    for name in ["digits", "iris"] {
        let (table, expected) = (embedded(name).unwrap().open().unwrap(), &reference[name]);
        let (input, rows) = (&table.inputs[0], (0..table.rows).step_by(2).collect::<Vec<_>>());
        let standard = Standardize {}.fit(input, &rows).unwrap();
        let unit = MinMax::default().fit(input, &rows).unwrap();
        let wide = MinMax { min: -1.0, max: 3.0 }.fit(input, &rows).unwrap();

        let written = serde_json::to_value(&standard).unwrap();
        assert_near(&list(&written["mean"]), &list(&expected["mean"]));
        // scikit-learn divides a constant feature by 1, so that it is only centred.
        let std = list(&written["std"]);
        let or_one = |std: &f64| if *std == 0.0 { 1.0 } else { *std };
        assert_near(&std.iter().map(or_one).collect::<Vec<_>>(), &list(&expected["std"]));
        let written = serde_json::to_value(&unit).unwrap();
        assert_eq!(list(&written["low"]), list(&expected["low"]));
        assert_eq!(list(&written["high"]), list(&expected["high"]));

        for (i, row) in list(&expected["sample"]).into_iter().enumerate() {
            let mut x = Vec::new();
            input.read(row as usize, &mut x);
            let mut standardized = list(&expected["standardized"][i]);
            standardized
                .iter_mut()
                .zip(&std)
                .filter(|(_, std)| **std == 0.0)
                .for_each(|(y, _)| *y = 0.0);
            assert_near(&apply(&*standard, &x), &standardized);
            assert_near(&apply(&*unit, &x), &list(&expected["min_maxed"][i]));
            assert_near(&apply(&*wide, &x), &list(&expected["min_maxed_wide"][i]));
        }
    }
}

/// At least five columns of three features, around an offset and at any scale.
fn columns() -> impl Strategy<Value = Vec<f64>> {
    let columns = prop::collection::vec(-1.0..1.0f64, 15..60);
    (columns, -1e3..1e3f64, -3..6i32).prop_map(|(mut x, offset, scale)| {
        x.truncate(x.len() / 3 * 3);
        x.iter().map(|x| offset + x * 10f64.powi(scale)).collect()
    })
}

proptest! {
    #[test]
    fn inverting_gives_the_column_back(x in columns(), min in -5.0..0.0f64, width in 0.1..5.0f64) {
        let field = field(3, x.clone());
        let rows: Vec<usize> = (0..x.len() / 3).collect();
        let plugins: [Plugin<dyn Normalizer>; 2] =
            [Standardize {}.into(), MinMax { min, max: min + width }.into()];
        for plugin in plugins {
            let fitted = plugin.fit(&field, &rows).unwrap();
            let largest = x.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
            for column in x.chunks_exact(3) {
                let y = apply(&*fitted, column);
                for (back, x) in invert(&*fitted, &y).iter().zip(column) {
                    prop_assert!((back - x).abs() <= 1e-14 * largest, "{back} {x}");
                }
            }
        }
    }

    #[test]
    fn training_columns_become_normal(x in columns()) {
        let field = field(3, x.clone());
        let rows: Vec<usize> = (0..x.len() / 3).collect();
        let standard = Standardize {}.fit(&field, &rows).unwrap();
        let ranged = MinMax { min: -2.0, max: 2.0 }.fit(&field, &rows).unwrap();
        let y: Vec<f64> = x.chunks_exact(3).flat_map(|c| apply(&*standard, c)).collect();
        let z: Vec<f64> = x.chunks_exact(3).flat_map(|c| apply(&*ranged, c)).collect();
        for feature in 0..3 {
            let n = rows.len() as f64;
            let y = || y.iter().skip(feature).step_by(3);
            let mean = y().sum::<f64>() / n;
            let variance = y().map(|y| (y - mean).powi(2)).sum::<f64>() / n;
            prop_assert!(mean.abs() < 1e-6 && (variance - 1.0).abs() < 1e-6, "{mean} {variance}");
            let z = || z.iter().skip(feature).step_by(3).copied();
            prop_assert!((z().fold(f64::INFINITY, f64::min) + 2.0).abs() < 1e-12);
            prop_assert!((z().fold(f64::NEG_INFINITY, f64::max) - 2.0).abs() < 1e-12);
        }
    }

    #[test]
    fn one_hot_inverts(levels in 1..40usize, k: u32) {
        let k = k % levels as u32;
        let fitted = OneHot {}.fit(&index(levels, vec![k]), &[0]).unwrap();
        let y = apply(&*fitted, &[f64::from(k)]);
        prop_assert_eq!(y.len(), levels);
        prop_assert_eq!((y.iter().sum::<f64>(), y[k as usize]), (1.0, 1.0));
        prop_assert_eq!(invert(&*fitted, &y), [f64::from(k)]);
    }
}

#[test]
fn only_training_rows_count() {
    let field = field(1, vec![1.0, f64::NAN, 3.0, 1e9]);
    let fitted = Standardize {}.fit(&field, &[0, 2]).unwrap();
    assert_eq!(apply(&*fitted, &[4.0]), [2.0]);
    let fitted = MinMax::default().fit(&field, &[0, 2]).unwrap();
    assert_eq!(apply(&*fitted, &[4.0]), [1.5]); // beyond the training rows, beyond `max`
}

#[test]
fn constant_features_are_harmless() {
    // Equal but for rounding: the deviation is far below 1e-12 of the mean.
    let near = 1e9 * (1.0 + f64::EPSILON);
    let field = field(2, vec![7.0, 1e9, 7.0, near]);
    let fitted = Standardize {}.fit(&field, &[0, 1]).unwrap();
    // Whatever a new row has there, the network must not see it: its weight has learnt nothing.
    assert_eq!(apply(&*fitted, &[8e300, near]), [0.0, 0.0]);
    assert!(apply(&*fitted, &[f64::NAN, near])[0].is_nan());
    let back = invert(&*fitted, &[0.0, 0.0]);
    assert!(back[0] == 7.0 && (back[1] - 1e9).abs() < 1e-6, "{back:?}");
    let fitted = MinMax { min: -1.0, max: 1.0 }.fit(&field, &[0, 1]).unwrap();
    assert_eq!(apply(&*fitted, &[8.0, 1e9]), [-1.0, -1.0]);
    assert_eq!(invert(&*fitted, &[-1.0, -1.0]), [7.0, 1e9]);
}

#[test]
fn sequences_count_every_step() {
    let mut sequences = field(1, vec![1.0, 2.0, 3.0, 4.0, 100.0]);
    sequences.spec.shape = Shape::sequence(1);
    sequences.offsets = Some(vec![0, 1, 4, 5]); // rows of 1, 3 and 1 steps
    let fitted = Standardize {}.fit(&sequences, &[0, 1]).unwrap();
    let y = apply(&*fitted, &[2.5]);
    assert_eq!(y, [0.0]);
    assert!((apply(&*fitted, &[4.0])[0] - 1.5 / 1.25_f64.sqrt()).abs() < 1e-12);
    assert_eq!(fitted.output(&sequences.spec).unwrap(), sequences.spec);
    sequences.values = Values::Double(vec![1.0, 2.0, f64::INFINITY, 4.0, 5.0]);
    let error = Standardize {}.fit(&sequences, &[0, 1]).unwrap_err();
    assert_eq!((error.row, error.column.as_deref()), (Some(1), Some("f0")));
}

/// All that change single numbers.
pub(crate) fn numeric() -> Vec<Plugin<dyn Normalizer>> {
    let normal = Distribution::Normal;
    vec![
        Standardize {}.into(),
        MinMax::default().into(),
        Robust::default().into(),
        MaxAbs {}.into(),
        YeoJohnson::default().into(),
        YeoJohnson { standardize: false }.into(),
        QuantileTransform::default().into(),
        QuantileTransform { distribution: normal, ..QuantileTransform::default() }.into(),
    ]
}

/// A missing number teaches nothing and stays missing; where all are missing, so does that.
#[test]
fn what_is_missing_stays_missing() {
    let gap = f64::NAN;
    let with = field(2, vec![1.0, gap, gap, gap, 3.0, gap, 8.0, gap]);
    let without = field(1, vec![1.0, 3.0, 8.0]);
    let mut plugins = numeric();
    plugins.extend([Log1p {}.into(), Image::default().into()]);
    for plugin in &plugins {
        let fitted = plugin.fit(&with, &[0, 1, 2, 3]).unwrap();
        let alone = plugin.fit(&without, &[0, 1, 2]).unwrap();
        for x in [1.0, 3.0, 8.0, 5.0] {
            let y = apply(&*fitted, &[x, gap]);
            assert!(y[0] == apply(&*alone, &[x])[0] && y[1].is_nan(), "{plugin:?} {x} {y:?}");
            let back = invert(&*fitted, &y);
            assert!((back[0] - x).abs() <= 1e-12 * x && back[1].is_nan(), "{plugin:?} {back:?}");
        }
        let y = apply(&*fitted, &[gap, 2.0]);
        assert!(y[0].is_nan() && y[1].is_finite(), "{plugin:?} {y:?}");
    }
    let error = Pca::default().fit(&with, &[0, 1, 2, 3]).unwrap_err();
    assert!(
        error.to_string().contains("row 0, column f1: expected numbers in all rows"),
        "{error}"
    );
}

/// One row, two rows, equal rows, numbers near the ends of what there is.
#[test]
fn odd_tables_stay_finite() {
    let tables = [
        vec![7.0],
        vec![0.0],
        vec![-3.0, 4.0],
        vec![5.0; 6],
        vec![1e-300, 2e-300, 5e-300],
        vec![1e150, -3e149, 2e150],
        vec![0.0, 0.0, 0.0, 0.0, 1.0],
        vec![-1e9, 1.0, 1.0, 2.0, 1e9],
    ];
    for x in &tables {
        let rows: Vec<usize> = (0..x.len()).collect();
        for plugin in &numeric() {
            let fitted = plugin.fit(&field(1, x.clone()), &rows).unwrap();
            let largest = x.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
            for &x in x {
                let y = apply(&*fitted, &[x]);
                assert!(y[0].is_finite(), "{plugin:?} {x} {y:?}");
                // `standardize` takes numbers this small for equal: their squares are 0.
                let tiny = largest < 1e-150;
                let back = invert(&*fitted, &y)[0];
                assert!(tiny || (back - x).abs() <= 1e-12 * largest, "{plugin:?} {x} {back}");
            }
        }
    }
}

//! Normalisers agree with scikit-learn, invert, and refuse what they cannot normalise.

use proptest::prelude::*;
use serde_json::Value;
use std::collections::BTreeMap;
use tanren_data::{MinMax, MinMaxed, OneHot, OneHotEncoded, Standardize, Standardized, embedded};
use tanren_plugin::{Checked as _, Feature, Field, FieldSpec, Fitted, Normalizer, Plugin, Values};
use tanren_tensor::Shape;

fn field(features: usize, values: Vec<f64>) -> Field {
    Field::numbers("x", (0..features).map(|i| Feature::number(format!("f{i}"))).collect(), values)
}

fn index(levels: usize, values: Vec<u32>) -> Field {
    Field::new(FieldSpec::new("x", Shape::index(levels)), Values::Indices(values))
}

/// Ours look at numbers alone.
fn described(numbers: &[f64]) -> FieldSpec {
    FieldSpec::new("x", Shape::vector(numbers.len()))
}

fn apply(fitted: &dyn Fitted, x: &[f64]) -> Vec<f64> {
    let mut y = Vec::new();
    fitted.apply(&described(x), x, &mut y);
    y
}

fn invert(fitted: &dyn Fitted, y: &[f64]) -> Vec<f64> {
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
    sequences.values = Values::Double(vec![1.0, 2.0, f64::NAN, 4.0, 5.0]);
    let error = Standardize {}.fit(&sequences, &[0, 1]).unwrap_err();
    assert_eq!((error.row, error.column.as_deref()), (Some(1), Some("f0")));
}

#[test]
fn what_is_not_finite_is_located() {
    let plugins: [Plugin<dyn Normalizer>; 2] = [Standardize {}.into(), MinMax::default().into()];
    for plugin in &plugins {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let field = field(2, vec![1.0, 2.0, 3.0, bad, 5.0, 6.0]);
            let error = plugin.fit(&field, &[0, 2, 1]).unwrap_err();
            let hint = if bad.is_nan() {
                "; the normalizer `impute`, placed before this one, fills missing values"
            } else {
                ""
            };
            let expected =
                format!("x, row 1, column f1: expected a finite number, found {bad}{hint}");
            assert_eq!(error.to_string(), expected);
        }
        let error = plugin.fit(&field(1, vec![1.0]), &[]).unwrap_err();
        assert!(error.message.contains("found none"), "{error}");
        let error = plugin.fit(&index(3, vec![1]), &[0]).unwrap_err();
        assert!(error.message.contains("found an index below 3"), "{error}");
        let error = plugin.fit(&field(1, vec![-1.5e308, 1.5e308]), &[0, 1]).unwrap_err();
        assert_eq!(error.column.as_deref(), Some("f0"));
    }
    // A range may be finite where a variance is not.
    let large = field(1, vec![1e200, 3e200]);
    assert!(Standardize {}.fit(&large, &[0, 1]).is_err());
    let fitted = MinMax::default().fit(&large, &[0, 1]).unwrap();
    assert_eq!(apply(&*fitted, &[2e200]), [0.5]);
}

#[test]
fn impossible_ranges_are_refused() {
    for (min, max) in [(1.0, 1.0), (2.0, 1.0), (-f64::MAX, f64::MAX)] {
        let error = MinMax { min, max }.check().unwrap_err();
        assert_eq!(error.setting, "min");
        assert!(error.expected.contains(&format!("below max = {max}")), "{error}");
    }
    for (min, max, setting) in [(f64::NAN, 1.0, "min"), (0.0, f64::INFINITY, "max")] {
        let error = MinMax { min, max }.check().unwrap_err();
        assert_eq!((error.setting.as_str(), error.expected.as_str()), (setting, "a finite number"));
    }
    let read = serde_json::from_str::<Plugin<dyn Normalizer>>(r#"{"type": "min-max", "min": 2}"#);
    assert!(
        read.unwrap_err()
            .to_string()
            .contains("min: expected a finite number below max = 1, found 2.0")
    );
}

#[test]
fn one_hot_refuses_and_forgives() {
    let error = OneHot {}.fit(&field(2, vec![1.0, 2.0]), &[0]).unwrap_err();
    assert!(error.message.contains("expected an index or a category, found 2 features"), "{error}");
    let error = OneHot {}.fit(&index(3, vec![0, 3]), &[0, 1]).unwrap_err();
    assert_eq!(error.row, Some(1));
    let fitted = OneHotEncoded { levels: 3, features: None };
    for unseen in [3.0, -1.0, 0.5, f64::NAN, f64::INFINITY] {
        assert_eq!(apply(&fitted, &[unseen]), [0.0; 3]);
    }
    assert_eq!(invert(&fitted, &[0.2, f64::NAN, 0.4]), [2.0]);
    assert_eq!(invert(&fitted, &[0.4, 0.4, 0.2]), [0.0]);
    let nothing = [f64::NAN; 3];
    assert!(!fitted.invert(&described(&nothing), &nothing, &mut Vec::new()));
}

#[test]
fn only_the_fitted_shape_is_taken() {
    let spec = |shape| FieldSpec::new("x", shape);
    let image = spec(Shape::image(1, 2, 1));
    let standard = Standardized { mean: vec![0.0; 2], std: vec![1.0; 2] };
    let ranged = MinMaxed { min: 0.0, max: 1.0, low: vec![0.0; 2], high: vec![1.0; 2] };
    let uneven = Standardized { mean: vec![0.0; 2], std: vec![1.0; 1] };
    for fitted in [&standard as &dyn Fitted, &ranged] {
        assert_eq!(fitted.output(&image).unwrap(), image);
        assert!(fitted.output(&spec(Shape::vector(3))).is_err());
        assert!(fitted.output(&spec(Shape::index(2))).is_err());
    }
    assert!(uneven.output(&image).is_err());
    let hot = OneHotEncoded { levels: 4, features: None };
    assert_eq!(hot.output(&spec(Shape::index(4))).unwrap(), spec(Shape::vector(4)));
    let steps = Shape { sequence: true, ..Shape::index(4) };
    assert_eq!(hot.output(&spec(steps)).unwrap(), spec(Shape::sequence(4)));
    assert!(hot.output(&spec(Shape::index(5))).is_err());
    assert!(hot.output(&spec(Shape::vector(4))).is_err());
}

#[test]
fn specs_are_read_and_written() {
    for (text, expected) in [
        ("p = 'standardize'", r#"{"type":"standardize"}"#),
        ("p = { type = 'standardize' }", r#"{"type":"standardize"}"#),
        ("p = 'one-hot'", r#"{"type":"one-hot"}"#),
        ("p = 'min-max'", r#"{"type":"min-max","min":0.0,"max":1.0}"#),
        ("p = { type = 'min-max', min = -1 }", r#"{"type":"min-max","min":-1.0,"max":1.0}"#),
    ] {
        let recipe: BTreeMap<String, Plugin<dyn Normalizer>> = toml::from_str(text).unwrap();
        let again = toml::to_string(&recipe).unwrap();
        let again: BTreeMap<String, Plugin<dyn Normalizer>> = toml::from_str(&again).unwrap();
        let written = serde_json::to_string(&again["p"]).unwrap();
        assert_eq!(written, expected);
        let read: Plugin<dyn Normalizer> = serde_json::from_str(&written).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), expected);
        let unknown = written.replacen('{', r#"{"epsilon":1,"#, 1);
        let error = serde_json::from_str::<Plugin<dyn Normalizer>>(&unknown).unwrap_err();
        assert!(error.to_string().contains("unknown field `epsilon`"), "{error}");
    }
}

#[test]
fn fitted_values_are_read_and_written() {
    let x = vec![0.1, 1.0 / 3.0, -1e-300, 2e17, 5.0, 0.7];
    let (numbers, rows) = (field(3, x), [0, 1]);
    let fitted = [
        Standardize {}.fit(&numbers, &rows).unwrap(),
        MinMax::default().fit(&numbers, &rows).unwrap(),
        OneHot {}.fit(&index(3, vec![0, 2]), &rows).unwrap(),
    ];
    for fitted in fitted {
        let json = serde_json::to_string(&fitted).unwrap();
        let toml = toml::to_string(&fitted).unwrap();
        let from_json: Plugin<dyn Fitted> = serde_json::from_str(&json).unwrap();
        let from_toml: Plugin<dyn Fitted> = toml::from_str(&toml).unwrap();
        // `Debug` shows every digit of a number.
        assert_eq!(format!("{from_json:?}"), format!("{fitted:?}"));
        assert_eq!(format!("{from_toml:?}"), format!("{fitted:?}"));
        let unknown = json.replacen('{', r#"{"count":1,"#, 1);
        let error = serde_json::from_str::<Plugin<dyn Fitted>>(&unknown).unwrap_err();
        assert!(error.to_string().contains("unknown field `count`"), "{error}");
    }
    let missing =
        serde_json::from_str::<Plugin<dyn Fitted>>(r#"{"type":"standardized","mean":[]}"#);
    assert!(missing.unwrap_err().to_string().contains("missing field `std`"));
}

//! What normalisers refuse, and how they are written.

use crate::normalizer::{apply, described, field, index, invert, numeric};
use std::collections::BTreeMap;
use tanren_data::{
    Image, Log1p, MinMax, MinMaxed, OneHot, OneHotEncoded, Ordinal, Pca, Robust, Standardize,
    Standardized,
};
use tanren_plugin::{Checked as _, Feature, Field, FieldSpec, Fitted, Normalizer, Plugin};
use tanren_tensor::Shape;

#[test]
fn pixels_and_logarithms_refuse_what_they_are_not_for() {
    let x = field(2, vec![0.0, 10.0, 255.0, 3.0, 256.0, -1.0]);
    let fitted = Image { min: -1.0, ..Image::default() }.fit(&x, &[0, 1]).unwrap();
    assert_eq!(apply(&*fitted, &[0.0, 255.0]), [-1.0, 1.0]);
    let error = Image::default().fit(&x, &[0, 2]).unwrap_err().to_string();
    assert_eq!(error, "x, row 2, column f0: expected a pixel of 8 bits, from 0 to 255, found 256");
    let fitted = Log1p {}.fit(&x, &[0, 1]).unwrap();
    assert_eq!(apply(&*fitted, &[0.0, -2.0]), [0.0, f64::NEG_INFINITY]);
    let error = Log1p {}.fit(&x, &[2]).unwrap_err().to_string();
    assert_eq!(
        error,
        "x, row 2, column f1: expected a finite number above -1, for `log1p`, found -1"
    );
}

#[test]
fn ordinal_takes_an_order() {
    let levels = ["large", "medium", "small"].map(String::from).to_vec();
    let features = vec![Feature::number("x"), Feature::category("size", levels)];
    let sizes = Field::numbers("inputs", features, vec![1.5, 0.0, 2.5, 2.0]);
    let order = ["small", "medium", "large", "huge"].map(String::from).to_vec();
    let fitted = Ordinal { order: order.clone() }.fit(&sizes, &[0, 1]).unwrap();
    let output = fitted.output(&sizes.spec).unwrap();
    assert!(!output.is_category(1) && output.feature_name(1) == "size");
    for (x, y) in [(0.0, 2.0), (1.0, 1.0), (2.0, 0.0)] {
        assert_eq!(apply(&*fitted, &[0.5, x]), [0.5, y]);
        assert_eq!(invert(&*fitted, &[0.5, y + 0.3]), [0.5, x]);
    }
    for unknown in [-1.0, 3.0, f64::NAN] {
        assert!(apply(&*fitted, &[0.5, unknown])[1].is_nan());
    }
    let short = Ordinal { order: vec!["smal".into(), "medium".into(), "large".into()] };
    let error = short.fit(&sizes, &[0]).unwrap_err().to_string();
    assert!(error.contains("found \"small\"; did you mean \"smal\"?"), "{error}");
    let twice = Ordinal { order: vec!["a".into(), "b".into(), "a".into()] }.check().unwrap_err();
    assert_eq!(twice.to_string(), "order[2]: expected each level once, found \"a\" again");
    assert!(!Ordinal::default().fit(&index(3, vec![1]), &[0]).unwrap().invertible());
}

#[test]
fn components_are_counted() {
    // The third feature is the sum of the others.
    let x: Vec<f64> = (0..30)
        .flat_map(|k| {
            let (a, b) = (f64::from(k % 7), f64::from(k % 4));
            [a, b, a + b]
        })
        .collect();
    let (table, rows) = (field(3, x), (0..30).collect::<Vec<_>>());
    let all = Pca::default().fit(&table, &rows).unwrap();
    assert!(all.invertible() && all.output(&table.spec).unwrap().shape == Shape::vector(2));
    let one = Pca { components: Some(1), ..Pca::default() }.fit(&table, &rows).unwrap();
    assert!(!one.invertible() && apply(&*one, &[1.0, 2.0, 3.0]).len() == 1);
    let error = Pca { components: Some(3), ..Pca::default() }.fit(&table, &rows).unwrap_err();
    let expected = "training rows that vary in at least 3 directions, for `pca`; found 2";
    assert!(error.to_string().contains(expected), "{error}");
    let error = Pca::default().fit(&table, &[0]).unwrap_err();
    assert!(error.to_string().contains("at least 1 direction, for `pca`; found 0"), "{error}");
    let categories = Field::numbers("x", vec![Feature::category("c", vec!["a".into()])], vec![0.0]);
    let error = Pca::default().fit(&categories, &[0]).unwrap_err();
    assert!(error.to_string().contains("column c: expected numbers, found a category"), "{error}");
}

#[test]
fn what_is_not_finite_is_located() {
    for plugin in &numeric() {
        for bad in [f64::INFINITY, f64::NEG_INFINITY] {
            let field = field(2, vec![1.0, 2.0, 3.0, bad, 5.0, 6.0]);
            let error = plugin.fit(&field, &[0, 2, 1]).unwrap_err();
            let expected = format!("x, row 1, column f1: expected a finite number, found {bad}");
            assert_eq!(error.to_string(), expected);
        }
        let error = plugin.fit(&field(1, vec![1.0]), &[]).unwrap_err();
        assert!(error.message.contains("found none"), "{error}");
        let error = plugin.fit(&index(3, vec![1]), &[0]).unwrap_err();
        assert!(error.message.contains("found an index below 3"), "{error}");
    }
    let wide = field(1, vec![-1.5e308, 1.5e308]);
    let wide_is_refused: [Plugin<dyn Normalizer>; 3] = [
        Standardize {}.into(),
        MinMax::default().into(),
        Robust { low: 0.0, high: 1.0, ..Robust::default() }.into(),
    ];
    for plugin in &wide_is_refused {
        let error = plugin.fit(&wide, &[0, 1]).unwrap_err();
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

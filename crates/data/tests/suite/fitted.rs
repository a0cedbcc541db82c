//! What a model file says of its normalisers is checked: none may divide by nothing or miscount.

use tanren_data::{Impute, Imputed, MinMaxed, OneHotEncoded, Standardized};
use tanren_plugin::{Checked as _, Feature, Field, Fitted, Normalizer, Plugin};

/// What is said of a normaliser in a model file.
fn says(json: &str) -> String {
    serde_json::from_str::<Plugin<dyn Fitted>>(json).unwrap_err().to_string()
}

/// A normaliser of a model file that is as it should be.
fn reads(json: &str) {
    serde_json::from_str::<Plugin<dyn Fitted>>(json).unwrap();
}

#[test]
fn standardized_features_have_a_deviation() {
    let text =
        |mean: &str, std: &str| format!(r#"{{"type":"standardized","mean":{mean},"std":{std}}}"#);
    reads(&text("[0.5,-1e300]", "[1.0,5e-324]"));
    reads(&text("[0.5,1.0]", "[1.0,0.0]")); // a constant feature
    assert_eq!(
        says(&text("[0.5]", "[-2.0]")),
        "std[0]: expected a finite number, 0 or more, found -2.0"
    );
    assert_eq!(
        says(&text("[0.5,1.0]", "[1.0]")),
        "std: expected 2 numbers, as many as `mean` has, found 1"
    );
    // JSON has no such numbers, other formats do.
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let mean = Standardized { mean: vec![0.0, bad], std: vec![1.0; 2] };
        let found = mean.check().unwrap_err().to_string();
        assert_eq!(found, format!("mean[1]: expected a finite number, found {bad:?}"));
        let std = Standardized { mean: vec![0.0], std: vec![bad] };
        assert_eq!(std.check().unwrap_err().setting, "std[0]");
    }
}

#[test]
fn ranges_go_from_low_to_high() {
    let text = |bounds: &str, low: &str, high: &str| {
        format!(r#"{{"type":"min-maxed",{bounds},"low":{low},"high":{high}}}"#)
    };
    let unit = r#""min":0.0,"max":1.0"#;
    reads(&text(unit, "[1.0,-2.0]", "[1.0,3.0]")); // a constant feature is one, too
    assert_eq!(
        says(&text(r#""min":1.0,"max":1.0"#, "[0.0]", "[1.0]")),
        "min: expected a finite number below max = 1, found 1.0"
    );
    assert_eq!(
        says(&text(r#""min":-1e308,"max":1e308"#, "[0.0]", "[1.0]")),
        format!("min: expected a finite number below max = {}, found -1e308", 1e308)
    );
    assert_eq!(
        says(&text(unit, "[1.0,4.0]", "[1.0,3.0]")),
        "low[1]: expected at most high[1] = 3.0, at a finite distance, found 4.0"
    );
    assert_eq!(
        says(&text(unit, "[-1e308]", "[1e308]")),
        "low[0]: expected at most high[0] = 1e308, at a finite distance, found -1e308"
    );
    assert_eq!(
        says(&text(unit, "[1.0]", "[1.0,3.0]")),
        "high: expected 1 numbers, as many as `low` has, found 2"
    );
    for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let ranged = |low, high| MinMaxed { min: 0.0, max: 1.0, low: vec![low], high: vec![high] };
        let setting = |fitted: MinMaxed| fitted.check().unwrap_err().setting;
        assert_eq!(
            (setting(ranged(bad, 0.0)), setting(ranged(0.0, bad))),
            ("low[0]".into(), "high[0]".into())
        );
    }
}

#[test]
fn kept_levels_ascend() {
    let text = |levels: &str, rest: &str| {
        format!(r#"{{"type":"one-hot-encoded","levels":{levels}{rest}}}"#)
    };
    reads(&text("1", ""));
    reads(&text("3", r#","features":[[],[0,2],[1]]"#));
    assert_eq!(says(&text("0", "")), "levels: expected at least 1, found 0");
    assert_eq!(says(&text("0", r#","features":[[]]"#)), "levels: expected at least 1, found 0");
    assert_eq!(
        says(&text("3", r#","features":[[],[0,3]]"#)),
        "features[1]: expected levels below 3, found 3"
    );
    assert_eq!(
        says(&text("3", r#","features":[[2,1]]"#)),
        "features[0]: expected ascending levels, one above 2, found 1"
    );
    assert_eq!(
        says(&text("3", r#","features":[[1],[0,2,2]]"#)),
        "features[1]: expected ascending levels, one above 2, found 2"
    );
}

#[test]
fn imputed_numbers_are_finite() {
    reads(r#"{"type":"imputed","fill":[0.5,-1e300]}"#);
    let fitted = Imputed { fill: vec![0.0, f64::INFINITY] };
    let found = fitted.check().unwrap_err().to_string();
    assert_eq!(found, "fill[1]: expected a finite number, found inf");
    // What is infinite in a program's own table is no measurement.
    let field = Field::numbers("x", vec![Feature::number("x")], vec![f64::INFINITY, 2.0, f64::NAN]);
    let fitted = Impute {}.fit(&field, &[0, 1, 2]).unwrap();
    let mut filled = Vec::new();
    fitted.apply(&field.spec, &[f64::NAN], &mut filled);
    assert_eq!(filled, [2.0]);
}

#[test]
fn kept_levels_exist() {
    let levels = vec!["a".to_owned(), "b".to_owned()];
    let field = Field::numbers("x", vec![Feature::category("c", levels)], Vec::new());
    let fitted = |kept| OneHotEncoded { levels: 3, features: Some(vec![kept]) };
    assert_eq!(fitted(vec![0, 1]).output(&field.spec).unwrap().shape.features, 2);
    assert!(fitted(vec![0, 2]).output(&field.spec).is_err());
}

/// Each text has one mistake; what is said of it begins so.
#[test]
fn other_fitted_numbers_are_checked() {
    let yeo = |change: (&str, &str)| {
        let mut all = [
            ("lambda", "[1.0]"),
            ("pivot", "[0.0]"),
            ("mean", "[0.0]"),
            ("std", "[1.0]"),
            ("low", "[0.0]"),
            ("high", "[1.0]"),
        ];
        all.iter_mut().filter(|(key, _)| *key == change.0).for_each(|pair| pair.1 = change.1);
        let all: Vec<_> = all.iter().map(|(key, list)| format!(r#""{key}":{list}"#)).collect();
        format!(r#"{{"type":"yeo-johnson-transformed",{}}}"#, all.join(","))
    };
    let pca = |mean: &str, components: &str, scale: &str| {
        format!(
            r#"{{"type":"pca-projected","mean":{mean},"components":{components},"scale":{scale},"complete":true}}"#
        )
    };
    let mapped = |list: &str| {
        format!(r#"{{"type":"quantile-mapped","distribution":"normal","quantiles":{list}}}"#)
    };
    reads(&yeo(("lambda", "[1.5]")));
    reads(&pca("[0.0,1.0]", "[[0.6,0.8]]", "[2.0]"));
    reads(&mapped("[[],[1.0],[1.0,1.0,2.0]]"));
    for (text, start) in [
        (r#"{"type":"robust-scaled","median":[0.0],"range":[-1.0]}"#.into(), "range[0]: expected"),
        (
            r#"{"type":"robust-scaled","median":[0.0],"range":[]}"#.into(),
            "range: expected 1 numbers",
        ),
        (r#"{"type":"max-abs-scaled","largest":[-1.0]}"#.into(), "largest[0]: expected"),
        (r#"{"type":"image-scaled","image":{"bits":33}}"#.into(), "image.bits: expected"),
        (yeo(("lambda", "[1.0,2.0]")), "pivot: expected 2 numbers"),
        (yeo(("std", "[-1.0]")), "std[0]: expected"),
        (yeo(("low", "[2.0]")), "low[0]: expected at most high[0] = 1.0, found 2.0"),
        (mapped("[[],[1.0,0.5]]"), "quantiles[1]: expected ascending numbers"),
        (pca("[0.0]", "[[1.0,2.0]]", "[1.0]"), "components[0]: expected 1 numbers"),
        (pca("[0.0]", "[[1.0]]", "[0.0]"), "scale[0]: expected a finite number above 0"),
        (pca("[0.0]", "[]", "[]"), "components: expected 0 lists, at least 1"),
        (pca("[0.0]", "[[1.0]]", "[1.0,1.0]"), "components: expected 2 lists"),
        (r#"{"type":"ordinal-encoded","places":[[0.5]],"index":false}"#.into(), "places[0][0]: "),
        (
            r#"{"type":"ordinal-encoded","places":[],"index":true}"#.into(),
            "places: expected 1 list",
        ),
    ] {
        assert!(says(&text).starts_with(start), "{text}: {}", says(&text));
    }
}

//! Normalisers against scikit-learn and SciPy, on tables with ties, outliers, gaps, and odd sizes.

use serde_json::Value;
use tanren_data::{Distribution, MaxAbs, Pca, QuantileTransform, Robust, YeoJohnson};
use tanren_plugin::{Feature, Field, Fitted, Normalizer, Plugin};

/// The cases and their names.
fn cases() -> Vec<(String, Value)> {
    let text = include_str!("../../../../tests/reference/normalizers.json");
    let Value::Object(all) = serde_json::from_str(text).unwrap() else { panic!("no table") };
    all.into_iter().filter(|(_, case)| case.is_object()).collect()
}

/// Rows of numbers, NaN where they are null.
fn rows(value: &Value) -> Vec<Vec<f64>> {
    let number = |x: &Value| x.as_f64().unwrap_or(f64::NAN);
    let row = |row: &Value| row.as_array().unwrap().iter().map(number).collect();
    value.as_array().unwrap().iter().map(row).collect()
}

fn field(rows: &[Vec<f64>]) -> Field {
    let features = (0..rows[0].len()).map(|f| Feature::number(format!("f{f}"))).collect();
    Field::numbers("x", features, rows.concat())
}

/// A normaliser fitted to all rows of a table.
fn fit(plugin: &dyn Normalizer, train: &[Vec<f64>]) -> Plugin<dyn Fitted> {
    plugin.fit(&field(train), &(0..train.len()).collect::<Vec<_>>()).unwrap()
}

/// What rows become, and that they come back where nothing is cut off.
fn apply(fitted: &dyn Fitted, rows: &[Vec<f64>], back: bool) -> Vec<Vec<f64>> {
    let spec = field(rows).spec;
    let largest: Vec<f64> = (0..rows[0].len())
        .map(|f| rows.iter().fold(0.0, |most: f64, row| most.max(row[f].abs())))
        .collect();
    let one = |row: &Vec<f64>| {
        let (mut y, mut x) = (Vec::new(), Vec::new());
        fitted.apply(&spec, row, &mut y);
        assert!(fitted.invert(&spec, &y, &mut x) || !back);
        for (f, (x, expected)) in x.iter().zip(row).enumerate().filter(|_| back) {
            let near = (x - expected).abs() <= 1e-12 * largest[f];
            assert!(near || x.is_nan() && expected.is_nan(), "{x} {expected} {fitted:?}");
        }
        y
    };
    rows.iter().map(one).collect()
}

/// Asserts that numbers are equal to a tolerance, of their size or of 1.
fn near(name: &str, got: &[Vec<f64>], expected: &[Vec<f64>], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{name}");
    for (a, b) in got.concat().iter().zip(expected.concat()) {
        let equal = (a - b).abs() <= tolerance * b.abs().max(1.0) || a.is_nan() && b.is_nan();
        assert!(equal, "{name}: {a} where scikit-learn has {b}");
    }
}

/// What a case says of one normaliser, for training rows and for others.
fn agrees(name: &str, case: &Value, key: &str, fitted: &dyn Fitted, cut: bool, tolerance: f64) {
    let name = format!("{name}, {key}");
    for part in ["train", "other"] {
        let y = apply(fitted, &rows(&case[part]), !cut || part == "train");
        near(&name, &y, &rows(&case[key][part]), tolerance);
    }
}

fn list(fitted: &Plugin<dyn Fitted>, key: &str) -> Vec<f64> {
    serde_json::from_value(serde_json::to_value(fitted).unwrap()[key].clone()).unwrap()
}

#[test]
fn robust_and_max_abs() {
    for (name, case) in cases() {
        let train = rows(&case["train"]);
        let wide = Robust { low: 0.1, high: 0.95, unit_variance: true };
        for (key, plugin) in [("robust", Robust::default()), ("robust-wide", wide)] {
            let fitted = fit(&plugin, &train);
            for key_of in ["median", "range"] {
                let expected = serde_json::from_value(case[key][key_of].clone()).unwrap();
                near(key_of, &[list(&fitted, key_of)], &[expected], 1e-12);
            }
            agrees(&name, &case, key, &*fitted, false, 1e-12);
        }
        agrees(&name, &case, "max-abs", &*fit(&MaxAbs {}, &train), false, 1e-12);
    }
}

#[test]
fn quantiles() {
    for (name, case) in cases() {
        let train = rows(&case["train"]);
        for (distribution, word) in
            [(Distribution::Uniform, "uniform"), (Distribution::Normal, "normal")]
        {
            for quantiles in [7, 1000] {
                // scikit-learn counts rows where numbers are missing, too, and then interpolates more.
                if name == "missing" && quantiles == 1000 {
                    continue;
                }
                let plugin = QuantileTransform { quantiles, distribution };
                let fitted = fit(&plugin, &train);
                let key = format!("quantile-{word}-{quantiles}");
                agrees(&name, &case, &key, &*fitted, true, 1e-12);
            }
        }
    }
}

/// The same powers, as far as a maximum has digits, and never a smaller likelihood.
#[test]
fn powers_of_yeo_and_johnson() {
    for (name, case) in cases() {
        let train = rows(&case["train"]);
        let fitted = fit(&YeoJohnson::default(), &train);
        let ours = list(&fitted, "lambda");
        let theirs: Vec<f64> =
            serde_json::from_value(case["yeo-johnson"]["lambda"].clone()).unwrap();
        let reached: Vec<f64> =
            serde_json::from_value(case["yeo-johnson"]["likelihood"].clone()).unwrap();
        for (f, (&ours, &theirs)) in ours.iter().zip(&theirs).enumerate() {
            let numbers: Vec<f64> =
                train.iter().map(|row| row[f]).filter(|x| !x.is_nan()).collect();
            let (a, b) = (likelihood(ours, &numbers), likelihood(theirs, &numbers));
            let digits = 1e-12 * b.abs().max(1.0);
            assert!(a >= b - digits, "{name} {f}: {a} with {ours}, {b} with {theirs}");
            // The formula of the paper is the one that SciPy has reached.
            assert!((b - reached[f]).abs() <= 1e-6 * b.abs().max(1.0), "{b} {}", reached[f]);
        }
        if name != "sizes" && name != "outliers" {
            agrees(&name, &case, "yeo-johnson", &*fitted, false, 1e-6);
        }
    }
}

/// The likelihood as the paper writes it, of numbers whose powers have digits.
fn likelihood(lambda: f64, numbers: &[f64]) -> f64 {
    let psi = |x: f64, lambda: f64| match lambda == 0.0 {
        true => x.ln_1p(),
        false => (lambda * x.ln_1p()).exp_m1() / lambda,
    };
    let value = |x: f64| if x >= 0.0 { psi(x, lambda) } else { -psi(-x, 2.0 - lambda) };
    let values: Vec<f64> = numbers.iter().map(|&x| value(x)).collect();
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
    let logs: f64 = numbers.iter().map(|x| x.abs().ln_1p().copysign(*x)).sum();
    -count / 2.0 * variance.ln() + (lambda - 1.0) * logs
}

/// The sign by which each vector differs from another one: of equally large components, rounding says which
/// decides about it.
fn signs(ours: &[Vec<f64>], theirs: &[Vec<f64>]) -> Vec<f64> {
    let dot = |(a, b): (&Vec<f64>, &Vec<f64>)| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    ours.iter().zip(theirs).map(|pair| dot(pair).signum()).collect()
}

#[test]
fn principal_components() {
    for (name, case) in cases().into_iter().filter(|(_, case)| case["pca"].is_object()) {
        for (key, whiten) in [("pca", false), ("pca-whitened", true)] {
            let expected = &case[key];
            let standard = rows(&expected["standard"]);
            // A covariance holds squares: of the smallest deviation, in digits of the largest.
            let deviation: Vec<f64> =
                serde_json::from_value(expected["deviation"].clone()).unwrap();
            let ratio = deviation[0] / deviation[deviation.len() - 1];
            let digits = (4.0 * f64::EPSILON * ratio * ratio).max(1e-12);
            let fitted = fit(&Pca { whiten, ..Pca::default() }, &standard);
            let written = serde_json::to_value(&fitted).unwrap();
            let components = rows(&written["components"]);
            let theirs = rows(&expected["components"]);
            let signs = signs(&components, &theirs);
            let turned: Vec<Vec<f64>> = theirs
                .iter()
                .zip(&signs)
                .map(|(row, sign)| row.iter().map(|x| sign * x).collect())
                .collect();
            near(&format!("{name}, {key}"), &components, &turned, digits);
            for (x, y) in [("standard", "train"), ("standard-other", "other")] {
                let mut theirs = rows(&expected[y]);
                for row in &mut theirs {
                    row.iter_mut().zip(&signs).for_each(|(y, sign)| *y *= sign);
                }
                near(&name, &apply(&*fitted, &rows(&expected[x]), true), &theirs, digits);
            }
        }
        let standard = rows(&case["pca"]["standard"]);
        let share = fit(&Pca { variance: Some(0.8), ..Pca::default() }, &standard);
        let written = serde_json::to_value(&share).unwrap();
        let (ours, mut theirs) =
            (rows(&written["components"]), rows(&case["pca-share"]["components"]));
        for (row, sign) in
            theirs.iter_mut().zip(signs(&ours, &rows(&case["pca-share"]["components"])))
        {
            row.iter_mut().for_each(|x| *x *= sign);
        }
        near(&name, &ours, &theirs, 1e-12);
    }
}

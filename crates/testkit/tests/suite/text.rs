//! Round trips, normalisers and golden numbers: right plugins pass, wrong ones are caught.

use serde::{Deserialize, Serialize};
use tanren_plugin::*;
use tanren_tensor::ShapeError;
use tanren_testkit::golden::compare;
use tanren_testkit::normalizer::{categories, numbers};
use tanren_testkit::{golden, normalizer, round_trip};

/// Declares a schedule of a value whose text has some property.
macro_rules! schedule {
    ($(#[$attribute:meta])* $name:ident, $tag:literal, { $($fields:tt)* }) => {
        #[derive(Debug, Clone, Serialize, Deserialize)]
        $(#[$attribute])*
        struct $name { $($fields)* }

        impl Checked for $name {}
        #[typetag::serde(name = $tag)]
        impl Schedule for $name {
            fn at(&self, _: Clock) -> f64 { 0.0 }
        }
    };
}

schedule!(#[serde(deny_unknown_fields)] Required, "testkit/required", {
    value: f64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    points: Vec<(f64, f64)>,
    #[serde(default)]
    inner: Option<Plugin<dyn Schedule>>,
});
schedule!(
    #[serde(deny_unknown_fields)]
    Empty,
    "testkit/empty",
    {}
);
schedule!(Lax, "testkit/lax", { value: f64 });
schedule!(#[serde(deny_unknown_fields)] Lossy, "testkit/lossy", {
    #[serde(serialize_with = "rounded")]
    value: f64,
});

schedule!(#[serde(deny_unknown_fields)] Aimed, "testkit/aimed", { on: f64 });
schedule!(#[serde(deny_unknown_fields)] Snake, "testkit/snake", { half_life: f64 });
schedule!(
    #[serde(deny_unknown_fields)]
    Nested,
    "testkit/nested/name",
    {}
);

fn rounded<S: serde::Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(value + 1.0)
}

fn handle(schedule: impl Schedule + 'static) -> Plugin<dyn Schedule> {
    schedule.into()
}

fn required(inner: Option<Plugin<dyn Schedule>>) -> Plugin<dyn Schedule> {
    let points = vec![(0.1, 1e-300), (1.0 / 3.0, 1e300)];
    handle(Required { value: 0.1 + 0.2, name: Some("a \"b\": c".into()), points, inner })
}

#[test]
fn right_plugins_survive() {
    round_trip(&handle(Empty {}));
    round_trip(&required(None));
    round_trip(&required(Some(required(Some(handle(Empty {}))))));
    round_trip(&handle(Required { value: -0.0, name: None, points: vec![], inner: None }));
}

#[test]
fn wrong_plugins_are_caught() {
    let rule = |p| tanren_testkit::round_trip::check(&p).unwrap_err().rule;
    assert_eq!(rule(handle(Lax { value: 1.0 })), "unknown-key");
    assert_eq!(rule(required(Some(handle(Lax { value: 1.0 })))), "unknown-key");
    assert_eq!(rule(handle(Lossy { value: 1.0 })), "round-trip");
    assert_eq!(rule(handle(Aimed { on: 1.0 })), "names");
    assert_eq!(rule(handle(Snake { half_life: 1.0 })), "names");
    assert_eq!(rule(handle(Nested {})), "names");
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Fault {
    #[default]
    None,
    PeeksAtAllRows,
    WrongInverse,
    ForgetsToAppend,
    DividesByZero,
}

/// x ↦ (x − mean) / largest deviation, learned from the training rows.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Center {
    fault: Fault,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Centered {
    mean: Vec<f64>,
    scale: Vec<f64>,
    fault: Fault,
}

impl Checked for Center {}

#[typetag::serde(name = "testkit/center")]
impl Normalizer for Center {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let n = field.width();
        let every: Vec<usize> = (0..field.values.len() / n).collect();
        let rows = if self.fault == Fault::PeeksAtAllRows { &every } else { rows };
        let mut columns = Vec::new();
        rows.iter().for_each(|&row| field.read(row, &mut columns));
        let of = |f: usize| columns.iter().skip(f).step_by(n);
        let mean: Vec<f64> = (0..n).map(|f| of(f).sum::<f64>() / rows.len() as f64).collect();
        let largest = |f: usize| of(f).fold(0.0, |m: f64, x| m.max((x - mean[f]).abs()));
        let safe = |s: f64| if s > 0.0 || self.fault == Fault::DividesByZero { s } else { 1.0 };
        let scale = (0..n).map(|f| safe(largest(f))).collect();
        Ok(Centered { mean, scale, fault: self.fault }.into())
    }
}

impl Checked for Centered {}

#[typetag::serde(name = "testkit/centered")]
impl Fitted for Centered {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        Ok(input.clone())
    }
    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        if self.fault == Fault::ForgetsToAppend {
            output.clear();
        }
        let scaled = input.iter().zip(&self.mean).zip(&self.scale);
        output.extend(scaled.map(|((x, m), s)| (x - m) / s));
    }
    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        let off = if self.fault == Fault::WrongInverse { 1e-6 } else { 0.0 };
        let scaled = output.iter().zip(&self.mean).zip(&self.scale);
        input.extend(scaled.map(|((y, m), s)| y * s + m + off));
        true
    }
}

#[test]
fn normalizers() {
    normalizer(&Center::default(), &numbers(1, 12, 3));
    normalizer(&Center::default(), &categories(1, 12, 4));
    for (fault, rule) in [
        (Fault::PeeksAtAllRows, "training-rows-only"),
        (Fault::WrongInverse, "inverse"),
        (Fault::ForgetsToAppend, "appends"),
        (Fault::DividesByZero, "finite"),
    ] {
        let outcome = tanren_testkit::normalizer::check(&Center { fault }, &numbers(1, 12, 3));
        let failure = outcome.expect_err(&format!("{fault:?}"));
        assert_eq!(failure.rule, rule, "{fault:?}: {failure}");
    }
}

#[test]
fn golden_numbers() {
    golden(&[1.0_f32, 2e6], &[1.000_000_1, 2e6 + 1.0], 1e-6);
    golden(&[f64::INFINITY], &[f64::INFINITY], 0.0);
    let wrong = |got: &[f64], want: &[f64]| compare("golden", got, want, 1e-6).unwrap_err().message;
    let message = wrong(&[1.0, 2.0, 3.0], &[1.0, 2.1, 3.2]);
    assert!(message.starts_with("2 of 3 numbers differ; worst at 2: got 3e0"), "{message}");
    assert!(wrong(&[1.0], &[1.0, 2.0]).contains("1 numbers where 2"));
    wrong(&[f64::NAN], &[1.0]);
    wrong(&[1.0], &[f64::NAN]);
}

//! A hundred steps of each updater against PyTorch, optax, schedulefree or NumPy.

use super::rig::{Gradient, Run, given, quadratic, start};
use serde::Deserialize;
use tanren_plugin::{Aimed, Precision, Updater};

const REFERENCE: &str = include_str!("../../../../tests/reference/updaters.json");

#[derive(Deserialize)]
struct Reference {
    /// The updates after which numbers are given.
    shown: Vec<u64>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    chain: Vec<Aimed<dyn Updater>>,
    rate: f64,
    gradients: String,
    path: Vec<Vec<f64>>,
    #[serde(default)]
    evaluated: Vec<Vec<f64>>,
}

/// The largest difference, relative to what may differ: `tolerance` · max(|θ|, rate · steps).
fn worst<T: Precision>(case: &Case, shown: &[u64], tolerance: f64) -> f64 {
    let gradient: Gradient<'_> = if case.gradients == "given" { &given } else { &quadratic };
    let mut run = Run::<T>::new(&case.chain, case.rate, start, gradient);
    let (mut done, mut worst) = (0, 0.0_f64);
    let mut near = |got: &[T], expected: &[f64], steps: u64| {
        assert_eq!(got.len(), expected.len());
        for (g, &e) in got.iter().zip(expected) {
            let scale = e.abs().max(case.rate * steps as f64);
            worst = worst.max((g.f64() - e).abs() / (tolerance * scale));
            assert!(g.f64().is_finite());
        }
    };
    for (k, (&steps, expected)) in shown.iter().zip(&case.path).enumerate() {
        run.go(steps - done);
        done = steps;
        near(&run.theta, expected, steps);
        if let Some(expected) = case.evaluated.get(k) {
            near(&run.evaluated(), expected, steps);
        }
    }
    worst
}

fn compare<T: Precision>(tolerance: f64) {
    let reference: Reference = serde_json::from_str(REFERENCE).unwrap();
    assert!(!reference.cases.is_empty());
    for case in &reference.cases {
        let worst = worst::<T>(case, &reference.shown, tolerance);
        let chain = serde_json::to_string(&case.chain).unwrap();
        let (gradients, precision) = (&case.gradients, T::NAME);
        assert!(worst <= 1.0, "{chain}, {gradients}, {precision}: {worst} × the tolerance");
    }
}

#[test]
fn double_precision() {
    compare::<f64>(1e-10);
}

#[test]
fn single_precision() {
    compare::<f32>(1e-5);
}

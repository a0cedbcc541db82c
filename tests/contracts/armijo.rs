//! `acme/armijo`: the first α = α₀ ρᵏ with φ(α) ≤ φ(0) + c α φ′(0), a backtracking search.
//!
//! φ the objective along the step. Source: Armijo (1966), *Minimization of functions having
//! Lipschitz continuous first partial derivatives*. Proves a search that looks, and the way back
//! to steepest descent when an updater makes the step ascend.

use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::{Dense, Tanh};
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Checked, Clock, Fallback, Line, Offers, Plugin, Point, Search, SearchFailure, Slots, UpdateAt,
    Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, Shape};
use tanren_testkit as testkit;
use tanren_trainer::TrainingSpec;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Armijo {
    pub(crate) first: f64,
    pub(crate) shrink: f64,
    pub(crate) decrease: f64,
}

impl Default for Armijo {
    fn default() -> Self {
        Self { first: 1.0, shrink: 0.5, decrease: 1e-4 }
    }
}

impl Checked for Armijo {}

#[typetag::serde(name = "acme/armijo")]
impl Search for Armijo {
    fn needs(&self) -> Offers {
        Offers::BOTH
    }
    fn rate(&self, _: Clock) -> Option<f64> {
        None
    }
    fn search(&self, _: Clock, line: &mut dyn Line, _: &mut [f64]) -> Result<Point, SearchFailure> {
        let start = line.start();
        if start.slope >= 0.0 || start.slope.is_nan() {
            return Err(SearchFailure::NoDescent { slope: start.slope });
        }
        let mut step = self.first;
        for _ in 0..60 {
            let point = line.value(step);
            if point.value <= start.value + self.decrease * step * start.slope {
                return Ok(point);
            }
            step *= self.shrink;
        }
        Err(SearchFailure::Exhausted { best: None })
    }
}

/// Turns the step round: the worst that an updater can do.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Uphill {}

impl Checked for Uphill {}

#[typetag::serde(name = "acme/uphill")]
impl Updater for Uphill {
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Uphill {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, step: &mut [T]) {
        step.iter_mut().for_each(|s| *s = -*s);
    }
}

fn toy() -> (Toy, NetworkSpec) {
    let toy = Toy::new((8, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    let layers = [Dense::new(5).activation(Tanh {}).into(), Dense::new(2).into()];
    (toy, NetworkSpec::chain(layers).loss(Mse {}))
}

#[test]
fn conforms() {
    testkit::search(&Armijo::default());
    let uphill = testkit::updater::check(&Uphill {}, &testkit::UpdaterOptions::default());
    assert_eq!(uphill.unwrap_err().rule, "descent"); // as it is meant to
    testkit::round_trip(&Plugin::<dyn Search>::from(Armijo::default()));
    testkit::round_trip(&Plugin::<dyn Updater>::from(Uphill {}));
}

#[test]
fn every_step_goes_down() {
    let (toy, spec) = toy();
    let network = toy.network(&spec);
    let (_, steps) = toy.train(&network, &TrainingSpec::new(Armijo::default()), 20);
    assert!(steps.windows(2).all(|pair| pair[1].0 < pair[0].0), "{steps:?}");
    assert!(steps.iter().all(|(_, taken)| taken.fallback.is_none()));
}

/// The step that was turned round is given up: the run is that of steepest descent, and says so.
#[test]
fn an_ascending_step_falls_back_to_steepest_descent() {
    let (toy, spec) = toy();
    let network = toy.network(&spec);
    let plain = TrainingSpec::new(Armijo::default());
    let (steepest, _) = toy.train(&network, &plain, 5);
    let (fallen, steps) = toy.train(&network, &plain.clone().updater(Uphill {}), 5);
    crate::harness::same(&fallen.parameters, &steepest.parameters);
    for (_, taken) in steps {
        assert!(matches!(taken.fallback, Some(Fallback::Ascent { .. })));
    }
}

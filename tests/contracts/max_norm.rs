//! `acme/max-norm`: every row w of a weight is shortened to ‖w‖ ≤ c.
//!
//! A row holds what enters one unit. Source: Srebro, Rennie, Jaakkola (2005), *Maximum-margin
//! matrix factorization*. Proves constraints, and that a direction's memory sees the parameters
//! a step ended in, after constraints and `settle`: curvature pairs are those of settled points.

use crate::harness::{SEED, Toy, same};
use serde::{Deserialize, Serialize};
use tanren_layers::Dense;
use tanren_losses::Mse;
use tanren_network::NetworkSpec;
use tanren_optimizers::LearningRate;
use tanren_plugin::{
    Block, Checked, Constraint, ConstraintKernel, ConstraintKernels, Direction, DirectionKernel,
    DirectionKernels, DirectionMemory, Evaluated, Heading, MemorySpec, Plugin, Slots, UpdateAt,
    Updater, UpdaterKernel, UpdaterKernels,
};
use tanren_tensor::{Real, Shape, Write, add_scaled, map, vectorized, with_scratch};
use tanren_testkit as testkit;
use tanren_trainer::TrainingSpec;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct MaxNorm {
    pub(crate) norm: f64,
}

impl Default for MaxNorm {
    fn default() -> Self {
        Self { norm: 2.0 }
    }
}

impl Checked for MaxNorm {}

#[typetag::serde(name = "acme/max-norm")]
impl Constraint for MaxNorm {
    fn kernels(&self) -> ConstraintKernels<'_> {
        ConstraintKernels::of(self)
    }
}

impl<T: Real> ConstraintKernel<T> for MaxNorm {
    fn project(&self, block: &Block, weights: &mut [T]) {
        let most = T::of(self.norm * self.norm);
        with_scratch(block.rows, |rows: &mut [T]| {
            rows.fill(T::ZERO);
            vectorized(
                #[inline(always)]
                || {
                    for column in weights.chunks_exact(block.rows) {
                        rows.iter_mut().zip(column).for_each(|(s, &w)| *s = w.mul_add(w, *s));
                    }
                },
            );
            if rows.iter().all(|&squares| squares <= most) {
                return;
            }
            map(rows, |squares| T::of((self.norm / squares.f64().sqrt()).min(1.0)));
            vectorized(
                #[inline(always)]
                || {
                    for column in weights.chunks_exact_mut(block.rows) {
                        column.iter_mut().zip(&*rows).for_each(|(w, &by)| *w *= by);
                    }
                },
            );
        });
    }
}

/// Steepest descent that keeps the last point and the way from the one before.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairs {}

impl Checked for Pairs {}

#[typetag::serde(name = "acme/pairs")]
impl Direction for Pairs {
    fn memory(&self) -> MemorySpec {
        MemorySpec { vectors: 2, scalars: 0 }
    }
    fn conjugate(&self) -> bool {
        false // it goes down the gradient, whatever it remembers
    }
    fn kernels(&self) -> DirectionKernels<'_> {
        DirectionKernels::of(self)
    }
}

impl<T: Real> DirectionKernel<T> for Pairs {
    fn direction(
        &self,
        at: &Evaluated<'_, T>,
        memory: &mut DirectionMemory<T>,
        direction: &mut [T],
    ) -> Heading {
        let [last, way] = &mut memory.vectors[..] else { return Heading::unscaled() };
        way.copy_from_slice(at.point);
        add_scaled(Write::Add, -T::ONE, last, way);
        last.copy_from_slice(at.point);
        add_scaled(Write::Overwrite, -T::ONE, at.gradient, direction);
        Heading::unscaled()
    }
}

/// Rounds every parameter to a multiple of 1/64, after the step.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grid {}

impl Checked for Grid {}

#[typetag::serde(name = "acme/grid")]
impl Updater for Grid {
    fn settles(&self) -> bool {
        true
    }
    fn kernels(&self) -> UpdaterKernels<'_> {
        UpdaterKernels::of(self)
    }
}

impl<T: Real> UpdaterKernel<T> for Grid {
    fn update(&self, _: &UpdateAt<'_>, _: &[T], _: Slots<'_, T>, _: &mut [T]) {}
    fn settle(&self, _: &UpdateAt<'_>, parameters: &mut [T], _: Slots<'_, T>) {
        parameters.iter_mut().for_each(|p| *p = T::of((p.f64() * 64.0).trunc() / 64.0));
    }
}

#[test]
fn conforms() {
    testkit::constraint(&MaxNorm::default());
    testkit::round_trip(&Plugin::<dyn Constraint>::from(MaxNorm::default()));
    testkit::direction(&Pairs {});
    testkit::updater(&Grid {});
    testkit::round_trip(&Plugin::<dyn Direction>::from(Pairs {}));
}

fn toy() -> (Toy, NetworkSpec) {
    let mut toy = Toy::new((7, 1), &[Shape::vector(3)], &[Shape::vector(2)]);
    toy.target(0).iter_mut().for_each(|t| *t *= 10.0);
    (toy, NetworkSpec::chain([Dense::new(2).into()]).loss(Mse {}))
}

#[test]
fn rows_stay_short_and_biases_free() {
    let (toy, mut spec) = toy();
    let training = TrainingSpec::new(LearningRate::constant(0.2));
    let longest = |spec: &NetworkSpec| {
        let network = toy.network(spec);
        let (state, _) = toy.train(&network, &training, 30);
        let w =
            &state.parameters[network.layout().find("dense-1", "weight").unwrap().range.clone()];
        (0..2).map(|o| w[o].hypot(w[2 + o]).hypot(w[4 + o])).fold(0.0, f64::max)
    };
    assert!(longest(&spec) > 2.5);
    spec.constraints.push(MaxNorm::default().into());
    assert!((longest(&spec) - 2.0).abs() < 1e-12);
}

#[test]
fn curvature_pairs_are_those_of_settled_points() {
    let (toy, mut spec) = toy();
    spec.constraints.push(MaxNorm::default().into());
    let network = toy.network(&spec);
    let training = TrainingSpec {
        direction: Some(Pairs {}.into()),
        ..TrainingSpec::new(LearningRate::constant(0.2)).updater(Grid {})
    };
    let mut points = vec![network.initialize(SEED)];
    points.extend((1..6).map(|n| toy.train(&network, &training, n).0.parameters));
    let (state, _) = toy.train(&network, &training, 5);
    let way: Vec<f64> = points[4].iter().zip(&points[3]).map(|(a, b)| a - b).collect();
    same(&state.motion.direction.vectors[0], &points[4]);
    same(&state.motion.direction.vectors[1], &way);
    assert!(points[4].iter().all(|p| (p * 64.0).fract() == 0.0) && way.iter().any(|&w| w != 0.0));
}

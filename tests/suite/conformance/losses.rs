//! Every loss we have, with the targets on which it is checked.

use tanren::losses::{
    AbsoluteError, BpMll, ClassWeights, Cosine, FMeasure, GaussianNll, Hinge, Huber, KlDivergence,
    LogCosh, Mae, Mape, MixtureDensity, Msle, MultiClassHinge, Nll, OutputWeights, Poisson,
    Quantile, SquaredError, SquaredHinge, Wasserstein,
};
use tanren::plugin::{Loss, Plugin};
use tanren::prelude::{BinaryCrossEntropy, CrossEntropy, Mse};
use tanren::tensor::Shape;
use tanren_testkit::LossOptions;

/// A loss, the targets on which it is checked, and how.
pub(crate) type LossCase = (Plugin<dyn Loss>, (Vec<Shape>, LossOptions));

/// Losses, with the targets on which each is checked and how.
pub(crate) fn losses() -> Vec<LossCase> {
    let (vector, index) = (Shape::vector(4), Shape::index(4));
    let (numbers, classes) = (vec![vector, Shape::vector(1)], vec![vector, index]);
    let answers = vec![vector, Shape::index(2)];
    let skewed = CrossEntropy {
        label_smoothing: 0.1,
        class_weights: ClassWeights::Given(vec![0.5, 2.0, 0.0, 1.0]),
        focal: 1.5,
    };
    let answer = BinaryCrossEntropy { label_smoothing: 0.1, positive_weight: 3.0, focal: 2.0 };
    let weighted =
        |loss: Plugin<dyn Loss>| OutputWeights { loss, weights: vec![1.0, 0.5, 0.0, 2.0] };
    let usual = |loss: Plugin<dyn Loss>, targets: &[Shape]| {
        (loss, (targets.to_vec(), LossOptions::default()))
    };
    // An exponential link overflows by nature.
    let exponential = |loss: Plugin<dyn Loss>, targets: &[Shape]| {
        (loss, (targets.to_vec(), LossOptions { extreme: 80.0, ..LossOptions::default() }))
    };
    // Of targets ±1 the second derivative jumps just where output and target are equal.
    let beside_the_margin = LossOptions {
        target: Some(|draws| if draws.below(2) == 0 { -0.75 } else { 0.75 }),
        ..LossOptions::default()
    };
    vec![
        usual(Mse {}.into(), &numbers),
        usual(SquaredError {}.into(), &numbers),
        usual(Mae {}.into(), &numbers),
        usual(AbsoluteError {}.into(), &numbers),
        usual(Huber::default().into(), &numbers),
        usual(Huber { delta: 0.3 }.into(), &[Shape::sequence(2)]),
        usual(LogCosh {}.into(), &numbers),
        usual(Quantile { q: 0.9 }.into(), &numbers),
        usual(Mape { floor: 0.5 }.into(), &numbers),
        exponential(Msle {}.into(), &numbers),
        exponential(Poisson::default().into(), &numbers),
        exponential(Poisson { full: true }.into(), &[vector]),
        usual(GaussianNll::default().into(), &numbers),
        usual(GaussianNll { floor: 0.1, full: true }.into(), &numbers),
        usual(MixtureDensity::default().into(), &numbers),
        usual(MixtureDensity { components: 1, floor: 0.1 }.into(), &[Shape::sequence(2)]),
        usual(Cosine::default().into(), &numbers),
        usual(CrossEntropy::default().into(), &classes),
        usual(skewed.into(), &classes),
        usual(KlDivergence {}.into(), &classes),
        exponential(Nll {}.into(), &classes),
        usual(MultiClassHinge {}.into(), &classes),
        usual(BinaryCrossEntropy::default().into(), &answers),
        usual(answer.into(), &answers),
        usual(Hinge {}.into(), &answers),
        (SquaredHinge {}.into(), (answers, beside_the_margin)),
        usual(Wasserstein {}.into(), &numbers),
        usual(FMeasure::default().into(), &[vector]),
        usual(FMeasure { beta: 2.0, count: 0.0 }.into(), &[vector]),
        usual(BpMll {}.into(), &[vector]),
        usual(weighted(Mae {}.into()).into(), &[vector]),
        usual(weighted(BinaryCrossEntropy::default().into()).into(), &[vector]),
    ]
}

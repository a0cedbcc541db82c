//! Generated losses.

use super::{positive, text};
use proptest::collection::vec;
use proptest::prelude::*;
use tanren_losses::{
    AbsoluteError, BinaryCrossEntropy, BpMll, ClassWeights, Cosine, CrossEntropy, FMeasure,
    GaussianNll, Hinge, Huber, KlDivergence, LogCosh, Mae, Mape, MixtureDensity, Mse, Msle,
    MultiClassHinge, Nll, OutputWeights, Poisson, Quantile, SquaredError, SquaredHinge,
    Wasserstein,
};
use tanren_plugin::{Loss, Plugin};

pub(super) fn loss() -> impl Strategy<Value = Plugin<dyn Loss>> {
    prop_oneof![
        Just(Mse {}.into()),
        Just(CrossEntropy::default().into()),
        (0.0..1.0, class_weights(), 0.0..9.0).prop_map(
            |(label_smoothing, class_weights, focal)| {
                CrossEntropy { label_smoothing, class_weights, focal }.into()
            }
        ),
        (0.0..1.0, positive(), 0.0..9.0).prop_map(|(label_smoothing, positive_weight, focal)| {
            BinaryCrossEntropy { label_smoothing, positive_weight, focal }.into()
        }),
        positive().prop_map(|delta| Huber { delta }.into()),
        (1e-9..1.0).prop_map(|q| Quantile { q }.into()),
        positive().prop_map(|floor| Mape { floor }.into()),
        any::<bool>().prop_map(|full| Poisson { full }.into()),
        (positive(), any::<bool>()).prop_map(|(floor, full)| GaussianNll { floor, full }.into()),
        (1..=65536_usize, positive()).prop_map(|(components, floor)| MixtureDensity {
            components,
            floor
        }
        .into()),
        positive().prop_map(|floor| Cosine { floor }.into()),
        (positive(), 0.0..9.0).prop_map(|(beta, count)| FMeasure { beta, count }.into()),
        vec(positive(), 1..4)
            .prop_map(|weights| OutputWeights { loss: Mae {}.into(), weights }.into()),
        plain_loss(),
    ]
}

fn class_weights() -> impl Strategy<Value = ClassWeights> {
    prop_oneof![
        Just(ClassWeights::Equal),
        Just(ClassWeights::Balanced),
        vec(positive(), 2..5).prop_map(ClassWeights::Given),
        proptest::collection::btree_map(text(), positive(), 0..3).prop_map(ClassWeights::Named),
    ]
}

/// Losses without settings.
fn plain_loss() -> impl Strategy<Value = Plugin<dyn Loss>> {
    proptest::sample::select(vec![
        SquaredError {}.into(),
        Mae {}.into(),
        AbsoluteError {}.into(),
        LogCosh {}.into(),
        Msle {}.into(),
        KlDivergence {}.into(),
        Nll {}.into(),
        MultiClassHinge {}.into(),
        Hinge {}.into(),
        SquaredHinge {}.into(),
        Wasserstein {}.into(),
        BpMll {}.into(),
    ])
}

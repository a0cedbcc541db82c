//! proptest strategies for what kernels are handed: shapes, extents, masks, vectors.

use proptest::prelude::*;
use proptest::sample::SizeRange;
use tanren_tensor::{Extent, Shape};

/// Dense shapes of 1 to 5 features, with or without time.
pub fn shapes() -> impl Strategy<Value = Shape> {
    (1..6usize, any::<bool>())
        .prop_map(|(features, sequence)| Shape { sequence, ..Shape::vector(features) })
}

/// Small pictures: 1 to 6 pixels a side, 1 to 3 channels.
pub fn images() -> impl Strategy<Value = Shape> {
    (1..7usize, 1..7usize, 1..4usize).prop_map(|(h, w, c)| Shape::image(h, w, c))
}

/// Batches of 1 to 6 examples and 1 to 5 steps.
pub fn extents() -> impl Strategy<Value = Extent> {
    (1..7usize, 1..6usize).prop_map(|(examples, steps)| Extent { examples, steps })
}

/// The weights of ragged sequences: 1 for the first steps of each example, at least one, then 0.
/// One number per column, step by step.
pub fn masks(extent: Extent) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(1..=extent.steps, extent.examples).prop_map(move |lengths| {
        let steps = 0..extent.steps;
        steps
            .flat_map(|t| lengths.iter().map(move |&length| f64::from(u8::from(t < length))))
            .collect()
    })
}

/// Weights from 0 to 2 with some zeros, of which at least one is positive.
pub fn weights(columns: usize) -> impl Strategy<Value = Vec<f64>> {
    let weight = prop_oneof![1 => Just(0.0), 3 => 0.1..2.0f64];
    (prop::collection::vec(weight, columns), 0..columns.max(1)).prop_map(|(mut w, keep)| {
        if w.iter().all(|&w| w == 0.0) && !w.is_empty() {
            w[keep] = 1.0;
        }
        w
    })
}

/// Numbers from −3 to 3.
pub fn vectors(len: impl Into<SizeRange>) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-3.0..3.0f64, len)
}

/// Numbers of very different sizes, with zeros of both signs, all finite.
pub fn wild_vectors(len: impl Into<SizeRange>) -> impl Strategy<Value = Vec<f64>> {
    let number = prop_oneof![
        Just(0.0),
        Just(-0.0),
        -1e-30..1e-30f64,
        -1.0..1.0f64,
        -1e4..1e4f64,
        -1e30..1e30f64,
    ];
    prop::collection::vec(number, len)
}

/// Seeds of runs.
pub fn seeds() -> impl Strategy<Value = u64> {
    any::<u64>()
}

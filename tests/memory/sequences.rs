//! No segment of a sequence allocates, and memory does not grow with the length of sequences.

use crate::allocator::alone;
use crate::training::no_step_allocates;
use tanren::data::Text;
use tanren::layers::{CausalConvolution, Embedding};
use tanren::plugin::{Layer, Plugin, Wants};
use tanren::prelude::*;
use tanren::trainer::Order;

/// A model of a text in rows of so many steps, of which the last one is shorter.
fn recipe(
    layer: impl Into<Plugin<dyn Layer>>,
    rows: usize,
    length: usize,
) -> (tempfile::TempDir, Recipe) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    let letters = (0..rows * length - length / 2).map(|n| char::from(b'a' + (n * n / 3 % 7) as u8));
    std::fs::write(&path, letters.collect::<String>()).unwrap();
    let split = TimeSplit { test: 0.0, validation: 0.0, ..TimeSplit::default() };
    let data = DataSpec::new(Text { length, ..Text::new(path) }, split);
    let layers: [Plugin<dyn Layer>; 3] =
        [Embedding::new(8).into(), layer.into(), Dense::new(6).into()];
    let network = NetworkSpec::chain(layers).loss(CrossEntropy::default());
    let training = TrainingSpec::new(LearningRate::constant(0.01)).updater(Adam::default());
    (folder, Recipe::new(data, network, training.batch(5)))
}

#[test]
fn no_segment_allocates() {
    let _alone = alone();
    let layers: [fn() -> Plugin<dyn Layer>; 6] = [
        || Lstm::new(16).into(),
        || Lstm::new(16).with_layer_norm().into(),
        || Gru::new(16).with_layer_norm().into(),
        || Gru::new(16).into(),
        || Rnn::new(16).into(),
        || CausalConvolution::new(16, 3).into(),
    ];
    for layer in layers {
        for truncation in [Truncation::new(7), Truncation::new(7).backward(12)] {
            let (_folder, mut recipe) = recipe(layer(), 17, 40);
            recipe.training.truncation = Some(truncation);
            recipe.training.epochs = u64::MAX;
            for threads in [1, 2] {
                for (order, wants) in
                    [(Order::Shuffled, Wants::STATES), (Order::ByLength, Wants::NOTHING)]
                {
                    recipe.training.order = order;
                    no_step_allocates(&recipe, threads, wants, &format!("{truncation:?}"));
                }
            }
        }
    }
}

#[test]
fn memory_is_flat_in_the_length() {
    let alone = alone();
    let peak = |length: usize| {
        let (_folder, mut recipe) = recipe(Lstm::new(64), 8, length);
        recipe.training.truncation = Some(Truncation::new(50));
        recipe.training.epochs = 1;
        let setup = recipe.prepare().unwrap();
        let (trained, bytes) = alone.measure(|| setup.train(&mut (), &Options::default()).unwrap());
        drop(trained);
        bytes.peak
    };
    let (short, long) = (peak(500), peak(4000));
    // What grows are the data, and what scores compare: 6 classes in double precision, a few times.
    let steps = 8 * (4000 - 500);
    assert!(long < short + steps * 6 * 8 * 6, "{short} bytes, then {long}");
}

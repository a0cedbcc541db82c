//! One row in a hundred is of the class that is looked for: what weights of classes give, and what they cost.

use crate::harness::{field, table};
use tanren::plugin::{Loss, Plugin, Seed, Table, Values};
use tanren::prelude::*;
use tanren::tensor::Shape;
use tanren::trainer::Options;

const ROWS: usize = 4000;
const FEATURES: usize = 6;
/// A run for each of these.
const SEEDS: std::ops::RangeInclusive<u64> = 1..=5;

/// Normal numbers, of which some are larger in the rare class: the classes overlap.
fn data(seed: u64) -> Table {
    let mut draws = Seed(seed).stream("rare class").sample(0);
    let (mut inputs, mut classes) = (Vec::new(), Vec::new());
    for row in 0..ROWS {
        let rare = row.is_multiple_of(100);
        classes.push(u32::from(rare));
        for feature in 0..FEATURES {
            let shift = if rare && feature < 4 { 1.0 } else { 0.0 };
            inputs.push(draws.normal() + shift);
        }
    }
    let input = field("x", Shape::vector(FEATURES), Values::Double(inputs), None);
    table(ROWS, input, field("y", Shape::index(2), Values::Indices(classes), None), None)
}

/// The recall of the rare class on the test rows, and the area under the curve of precision over recall.
fn scores(loss: &str, seed: u64) -> [f64; 2] {
    let loss: Plugin<dyn Loss> = serde_json::from_str(loss).unwrap();
    let data_spec = DataSpec::new(Iris {}, RandomSplit::default()).normalize(Standardize {});
    let network =
        NetworkSpec::chain([Dense::new(16).activation(Relu {}).into(), Dense::new(2).into()])
            .loss(loss)
            .penalty(L2 { strength: 1e-3.into() });
    let mut training = TrainingSpec::new(LearningRate::constant(0.005)).epochs(10);
    training.updaters = vec![Adam::default().into()];
    training.metrics = vec![serde_json::from_str(r#""pr_auc""#).unwrap()];
    let recipe = Recipe::new(data_spec, network, training).seed(seed);
    let setup = recipe.prepare_table(data(seed)).unwrap();
    let test = setup.train(&mut (), &Options::default()).unwrap().test.unwrap();
    let [Some(confusion)] = &test.confusion[..] else { panic!("classes") };
    let recall = confusion.get(1, 1) / (confusion.get(1, 0) + confusion.get(1, 1));
    [recall, test.get("pr_auc").unwrap()]
}

fn mean(loss: &str) -> [f64; 2] {
    let all: Vec<[f64; 2]> = SEEDS.map(|seed| scores(loss, seed)).collect();
    [0, 1].map(|k| all.iter().map(|scores| scores[k]).sum::<f64>() / all.len() as f64)
}

#[test]
fn balanced_weights_find_more_of_a_rare_class() {
    let [plain, area] = mean(r#""cross-entropy""#);
    let [weighted, weighted_area] =
        mean(r#"{ "type": "cross-entropy", "class-weights": "balanced" }"#);
    assert!(weighted > plain + 0.2, "recall {plain:.3}, with weights {weighted:.3}");
    // What the weights move is the threshold; the order of the rows, good before, stays good.
    let chance = 0.01;
    assert!(area.min(weighted_area) > 5.0 * chance, "{area:.3}, with weights {weighted_area:.3}");
}

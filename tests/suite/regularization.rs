//! Regularisation in whole networks: what a run does with noise, constraints, decay and normalisation.

use crate::harness::iris;
use tanren::layers::{
    ActivationLayer, AlphaDropout, DropConnect, GaussianNoise, Identity, NoiseForm,
    NormalWeightNoise, Selu,
};
use tanren::losses::{Elastic, MinMaxNorm, NonNegative, Per, UnitNorm};
use tanren::plugin::{Aimed, Constraint, Layer, Updater};
use tanren::prelude::*;

fn trained(recipe: &Recipe, threads: usize) -> Trained {
    let options = Options { threads, ..Options::default() };
    recipe.prepare().unwrap().train(&mut (), &options).unwrap()
}

/// The digits through a dense network with these layers between its two.
fn digits(between: Vec<Plugin<dyn Layer>>) -> Recipe {
    let data = DataSpec::new(Digits {}, RandomSplit::default()).normalize(MinMax::default());
    let hidden = Dense::new(150).activation(Relu {}).init(HeNormal {}).into();
    let layers = [vec![hidden], between, vec![Dense::new(10).into()]].concat();
    let mut training =
        TrainingSpec::new(LearningRate::constant(2e-3)).updater(Adam::default()).epochs(4);
    training.batch = 64;
    Recipe::new(data, NetworkSpec::chain(layers).loss(CrossEntropy::default()), training)
}

/// Everything at once, in a network wide enough for threads to share it.
fn everything() -> Recipe {
    let between = vec![
        BatchNorm::default().into(),
        Dropout::drop(0.3).into(),
        LayerNorm::default().into(),
        GaussianNoise::default().into(),
    ];
    let mut recipe = digits(between);
    recipe.data.inputs.push(Standardize {}.into());
    recipe.network.layers[0] = Dense::new(700).activation(Relu {}).init(HeNormal {}).into();
    recipe.network = recipe
        .network
        .noise(DropConnect::drop(0.2))
        .noise(NormalWeightNoise { std: 0.01.into(), form: NoiseForm::Multiplicative })
        .penalty(Elastic::default())
        .constraint(MaxNorm { max: 2.0, per: Per::Unit });
    recipe.training.updaters.push(WeightDecay { rate: 0.01.into() }.into());
    recipe
}

#[test]
fn threads_change_nothing() {
    for precision in [Arithmetic::Single, Arithmetic::Double] {
        let mut recipe = Recipe { precision, ..everything() };
        recipe.training.epochs = 1;
        let one = trained(&recipe, 1).model.parameters().clone();
        for threads in [2, 3] {
            assert_eq!(&one, trained(&recipe, threads).model.parameters(), "{threads} threads");
        }
    }
}

/// Each of the layers trains: far better than a guess, of which one in ten is right.
#[test]
fn networks_with_noise_and_normalisation_learn() {
    let between: [Vec<Plugin<dyn Layer>>; 5] = [
        vec![Dropout::keep(0.7).into()],
        vec![BatchNorm::default().into()],
        vec![LayerNorm::default().into(), Dropout::drop(0.2).into()],
        vec![Dense::new(50).activation(Selu {}).into(), AlphaDropout::drop(0.1).into()],
        vec![GaussianNoise { std: 0.2.into() }.into()],
    ];
    for between in between {
        let what = format!("{between:?}");
        let accuracy = trained(&digits(between), 1).test.unwrap().accuracy().unwrap();
        assert!(accuracy > 0.85, "{what}: {accuracy}");
    }
    let accuracy = trained(&everything(), 2).test.unwrap().accuracy().unwrap();
    assert!(accuracy > 0.85, "everything: {accuracy}");
}

/// Prediction has the true weights: a network with noise predicts what one without noise does from the
/// same parameters, and dropout does nothing.
#[test]
fn noise_is_off_in_prediction() {
    let mut noisy = digits(vec![Dropout::drop(0.5).into(), GaussianNoise::default().into()]);
    noisy.network = noisy.network.noise(DropConnect::keep(0.5)).noise(NormalWeightNoise::default());
    noisy.training.epochs = 1;
    let setup = noisy.prepare().unwrap();
    let model = setup.train(&mut (), &Options::default()).unwrap().model;

    let mut spec = model.spec().clone();
    spec.network.noise.clear();
    for layer in &mut spec.network.layers[1..=2] {
        *layer = ActivationLayer::new(Identity {}).into();
    }
    let quiet = Model::new(spec, model.parameters().clone()).unwrap();
    let rows: Vec<usize> = (0..100).collect();
    let [a, b] = [&model, &quiet].map(|model| model.predict(&setup.table, &rows).unwrap());
    assert!(a == b && a[0].values.len() == 1000);
}

/// The numbers of a block after training, column by column.
fn block(trained: &Trained, node: &str, name: &str) -> Vec<f64> {
    let block = trained.model.network().layout().find(node, name).unwrap();
    trained.model.parameters().to::<f64>()[block.range.clone()].to_vec()
}

/// The norm of what enters each of so many units.
fn norms(weight: &[f64], units: usize) -> Vec<f64> {
    let unit = |o: usize| weight.iter().skip(o).step_by(units);
    (0..units).map(|o| unit(o).map(|w| w * w).sum::<f64>().sqrt()).collect()
}

/// Iris trained with a constraint, in steps that go far.
fn constrained(constraint: impl Into<Aimed<dyn Constraint>>) -> Trained {
    let mut recipe = Recipe { precision: Arithmetic::Double, ..iris(vec![], 5) };
    recipe.network = recipe.network.constraint(constraint);
    recipe.training.search = LearningRate::constant(1.0).into();
    trained(&recipe, 1)
}

const NEAR: f64 = 1e-12;

#[test]
fn constraints_hold_after_training() {
    let free = trained(&iris(vec![], 5), 1);
    assert!(norms(&block(&free, "dense-1", "weight"), 7).iter().any(|&norm| norm > 0.8));

    let max = constrained(MaxNorm { max: 0.8, per: Per::Unit });
    assert!(norms(&block(&max, "dense-1", "weight"), 7).iter().all(|&norm| norm <= 0.8 + NEAR));
    let max = constrained(MaxNorm { max: 0.8, per: Per::Block });
    assert!(norms(&block(&max, "dense-1", "weight"), 1)[0] <= 0.8 + NEAR);
    let unit = constrained(UnitNorm::default());
    assert!(norms(&block(&unit, "dense-2", "weight"), 5).iter().all(|n| (n - 1.0).abs() < NEAR));
    let between = constrained(MinMaxNorm { min: 0.9, max: 1.1, ..MinMaxNorm::default() });
    let between = norms(&block(&between, "dense-2", "weight"), 5);
    assert!(between.iter().all(|n| (0.9 - NEAR..=1.1 + NEAR).contains(n)), "{between:?}");
    let positive = constrained(NonNegative {});
    assert!(block(&positive, "dense-3", "weight").iter().all(|&w| w >= 0.0));
    assert!(block(&positive, "dense-3", "bias").iter().any(|&b| b < 0.0), "biases are free");
}

/// By an aim a constraint works on all parameters, biases too; each bias is a unit of its own.
#[test]
fn a_constraint_can_hold_for_all_parameters() {
    let all = MaxNorm { max: 0.01, per: Per::Unit }
        .on(Select::default().kinds([BlockKind::Weight, BlockKind::Bias]));
    let held = constrained(all);
    for (node, units) in [("dense-1", 7), ("dense-2", 5), ("dense-3", 3)] {
        let weights = norms(&block(&held, node, "weight"), units);
        assert!(weights.iter().all(|&norm| norm <= 0.01 + NEAR), "{weights:?}");
        let biases = block(&held, node, "bias");
        assert!(biases.iter().all(|b| b.abs() <= 0.01 + NEAR), "{biases:?}");
    }
    let weights = constrained(MaxNorm { max: 0.01, per: Per::Unit });
    assert!(block(&weights, "dense-3", "bias").iter().any(|b| b.abs() > 0.01));
}

/// Decay takes the share rate · λ of a weight away at every step, and nothing of a bias.
#[test]
fn decay_is_multiplied_by_the_learning_rate() {
    let at = |updaters: Vec<Aimed<dyn Updater>>| {
        let mut recipe = Recipe { precision: Arithmetic::Double, ..iris(updaters, 1) };
        recipe.network.penalties.clear();
        // No gradient, so that decay alone moves anything.
        recipe.training.updaters.insert(0, Scale::new(0.0).into());
        recipe.training.search = LearningRate::constant(0.1).into();
        trained(&recipe, 1)
    };
    let (start, decayed) = (at(vec![]), at(vec![WeightDecay { rate: 0.5.into() }.into()]));
    let share = 0.95_f64.powi(7); // 108 training rows in batches of 16
    let pairs = block(&start, "dense-1", "weight").into_iter();
    for (before, after) in pairs.zip(block(&decayed, "dense-1", "weight")) {
        assert!((after - share * before).abs() < NEAR);
    }
    let aimed = at(vec![WeightDecay { rate: 0.5.into() }.on("dense-2")]);
    assert_eq!(block(&aimed, "dense-1", "weight"), block(&start, "dense-1", "weight"));
    assert_ne!(block(&aimed, "dense-2", "weight"), block(&start, "dense-2", "weight"));
}

/// Every form of the settings in a recipe.
#[test]
fn a_recipe_says_it_in_words() {
    let text = r#"
        [data]
        source = "iris"
        split = "random"

        [network]
        layers = [
            { type = "dense", units = 8, activation = "relu" },
            { type = "dropout", drop = 0.5 },
            "batch-norm",
            { type = "dense", units = 3 },
        ]
        loss = "cross-entropy"
        penalties = [{ type = "elastic", strength = 1e-4, ratio = 0.5 }]
        constraints = [{ type = "max-norm", max = 3, on = { kinds = ["weight", "bias"] } }]
        noise = [{ type = "drop-connect", keep = 0.9, on = "dense-1" }]

        [training]
        search = { type = "learning-rate", rate = { type = "constant", value = 0.01 } }
        updaters = ["adam", { type = "weight-decay", rate = 0.01 }]
        epochs = 2
    "#;
    let recipe: Recipe = toml::from_str(text).unwrap();
    recipe.check().unwrap();
    assert!(trained(&recipe, 1).test.is_some());
}

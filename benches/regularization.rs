//! What regularisation costs: `cargo bench -p tanren-benches --bench regularization` prints, for each kind, the
//! time of a run of 784-500-250-10 with batches of 32 over that of the same run without it.
//!
//! Whole runs of the training loop, Nesterov and no penalty, on one thread and on two; in turn, so that a
//! machine that slows down slows all of them down. A ratio is the median of those of all turns.
#![allow(clippy::unwrap_used, clippy::print_stdout)] // a program for the terminal

use tanren::layers::{
    AlphaDropout, DropConnect, GaussianDropout, GaussianNoise, NoiseForm, NormalWeightNoise,
};
use tanren::losses::{MinMaxNorm, NonNegative, UnitNorm};
use tanren::plugin::Layer;
use tanren::prelude::*;
use tanren::trainer::Setup;
use tanren_cli::Workload;

/// Turns of which each measures all.
const TURNS: usize = 9;

/// The network without regularisation.
fn plain() -> Recipe {
    let sizes = &[784, 500, 250, 10];
    let mut recipe = Workload::dense("regularization", sizes, 32, 9600).recipe();
    recipe.network.penalties.clear();
    recipe.training.epochs = 1;
    recipe
}

/// The same with a layer behind each hidden one.
fn layer(layer: impl Into<Plugin<dyn Layer>>) -> Recipe {
    let (recipe, layer) = (plain(), layer.into());
    let mut layers: Vec<Plugin<dyn Layer>> = Vec::new();
    for dense in &recipe.network.layers[..2] {
        layers.extend([dense.clone(), layer.clone()]);
    }
    layers.push(recipe.network.layers[2].clone());
    let network = NetworkSpec::chain(layers).loss(CrossEntropy::default());
    Recipe { network, ..recipe }
}

/// The same with another network.
fn network(change: impl Fn(NetworkSpec) -> NetworkSpec) -> Recipe {
    let recipe = plain();
    Recipe { network: change(recipe.network), ..recipe }
}

fn decayed() -> Recipe {
    let mut recipe = plain();
    recipe.training.updaters.push(WeightDecay::default().into());
    recipe
}

fn main() {
    let multiplied = NormalWeightNoise { std: 0.05.into(), form: NoiseForm::Multiplicative };
    let cases: Vec<(&str, Recipe)> = vec![
        ("plain", plain()),
        ("dropout", layer(Dropout::drop(0.5))),
        ("alpha-dropout", layer(AlphaDropout::drop(0.5))),
        ("gaussian-dropout", layer(GaussianDropout::drop(0.5))),
        ("gaussian-noise", layer(GaussianNoise::default())),
        ("batch-norm", layer(BatchNorm::default())),
        ("layer-norm", layer(LayerNorm::default())),
        ("drop-connect", network(|net| net.noise(DropConnect::drop(0.5)))),
        ("weight-noise", network(|net| net.noise(multiplied.clone()))),
        ("l1", network(|net| net.penalty(L1::default()))),
        ("l2", network(|net| net.penalty(L2::default()))),
        ("elastic", network(|net| net.penalty(Elastic::default()))),
        ("weight-decay", decayed()),
        ("max-norm", network(|net| net.constraint(MaxNorm::default()))),
        ("min-max-norm", network(|net| net.constraint(MinMaxNorm::default()))),
        ("unit-norm", network(|net| net.constraint(UnitNorm::default()))),
        ("non-negative", network(|net| net.constraint(NonNegative {}))),
    ];
    let setups: Vec<Setup> = cases.iter().map(|(_, recipe)| recipe.prepare().unwrap()).collect();
    println!("{:>20}{:>12}{:>12}{:>12}{:>12}", "", "us, 1", "ratio, 1", "us, 2", "ratio, 2");
    let both = [1, 2].map(|threads| measure(&setups, threads));
    for (i, (name, _)) in cases.iter().enumerate() {
        let [(one, ratio_one), (two, ratio_two)] = both.each_ref().map(|found| found[i]);
        println!("{name:>20}{one:>12.1}{ratio_one:>12.3}{two:>12.1}{ratio_two:>12.3}");
    }
}

/// For each setup the microseconds of a step, and the time over that of the first.
fn measure(setups: &[Setup], threads: usize) -> Vec<(f64, f64)> {
    let options = Options { threads, ..Options::default() };
    let step = |setup: &Setup| {
        let trained = setup.train(&mut (), &options).unwrap();
        trained.seconds * 1e6 / trained.steps as f64
    };
    let turns: Vec<Vec<f64>> = (0..TURNS).map(|_| setups.iter().map(step).collect()).collect();
    let over = |i: usize, base: Option<usize>| {
        let of = |turn: &Vec<f64>| turn[i] / base.map_or(1.0, |base| turn[base]);
        median(turns.iter().map(of).collect())
    };
    (0..setups.len()).map(|i| (over(i, None), over(i, Some(0)))).collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

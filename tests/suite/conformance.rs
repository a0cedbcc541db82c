//! Every plugin we have, by family: what `families` and `replay` go through. A new plugin adds one
//! line to one list.

mod layers;
mod losses;
mod optimizers;
mod updaters;

pub(crate) use layers::layers;
pub(crate) use losses::losses;
pub(crate) use optimizers::directions;
pub(crate) use updaters::updaters;

use std::path::Path;
use tanren::data::{
    Distribution, Image, Log1p, MaxAbs, Ordinal, Pca, QuantileTransform, Robust, Sequences, Steps,
    Text, Windows, YeoJohnson,
};
use tanren::layers::{
    Binomial, Constant, Cube, DropConnect, Elu, Gelu, GeluForm, HardSigmoid, HardSwish, HardTanh,
    Identity, IdentityMatrix, LecunNormal, LecunUniform, LogNormal, Mish, NoiseForm, Normal,
    NormalWeightNoise, Ones, Orthogonal, Prelu, RationalTanh, RectifiedTanh, Relu6, Selu,
    SigmoidUniform, Silu, Softplus, Softsign, Sparse, Stacked, ThresholdedRelu, TruncatedNormal,
    Uniform, VarianceScaling, Zero,
};
use tanren::losses::{MinMaxNorm, NonNegative, Per, UnitNorm};
use tanren::plugin::{
    Activation, Constraint, Fan, Field, FieldSpec, Init, Metric, Normalizer, Pace, Penalty, Plugin,
    Schedule, Search, Source, Split, Stopping, Table, Values, Watched, WeightNoise,
};
use tanren::prelude::*;
use tanren::tensor::Shape;
use tanren::trainer::metrics::{
    Accuracy, Auc, BalancedAccuracy, Brier, Ece, ExplainedVariance, F1Macro, FBeta, GMeasure,
    Kappa, LogLoss, MaxError, Mcc, MeanAbsoluteError, MeanAbsolutePercentageError, MeanLoss,
    MeanSquaredError, MeanSquaredLogError, Over, Pearson, PrAuc, Precision, RSquared, Recall,
    RelativeSquaredError, RootMeanSquaredError, Specificity, TopK,
};
use tanren_testkit::{self as testkit, InitOptions};

pub(crate) fn activations() -> Vec<Plugin<dyn Activation>> {
    let (leaky, steep) = (LeakyRelu::default(), LeakyRelu { slope: -0.5 });
    vec![
        Identity {}.into(),
        Relu {}.into(),
        leaky.into(),
        steep.into(),
        Prelu::default().into(),
        Prelu { slope: -0.5 }.into(),
        Relu6 {}.into(),
        ThresholdedRelu::default().into(),
        Elu::default().into(),
        Elu { alpha: 1.7 }.into(),
        Selu {}.into(),
        Gelu::default().into(),
        Gelu { form: GeluForm::Tanh }.into(),
        Silu::default().into(),
        Silu { beta: 1.7 }.into(),
        Mish {}.into(),
        HardSwish {}.into(),
        Softplus {}.into(),
        Cube {}.into(),
        Tanh {}.into(),
        HardTanh::default().into(),
        HardTanh { low: -2.1, high: 0.3 }.into(),
        RationalTanh {}.into(),
        RectifiedTanh {}.into(),
        Softsign {}.into(),
        Sigmoid {}.into(),
        HardSigmoid::default().into(),
    ]
}

pub(crate) fn searches() -> Vec<Plugin<dyn Search>> {
    optimizers::searches(step())
}

fn step() -> Step {
    serde_json::from_str(r#"{ "value": 0.1, "every": 3 }"#).unwrap()
}

pub(crate) fn schedules() -> Vec<Plugin<dyn Schedule>> {
    let texts = [
        r#"{ "type": "constant", "value": 0.1 }"#,
        r#"{ "type": "step", "value": 0.1, "every": 3 }"#,
        r#"{ "type": "exponential", "value": 0.1, "factor": 0.9 }"#,
        r#"{ "type": "exponential", "value": 0.1, "factor": 1.1, "end": 3, "unit": "samples" }"#,
        r#"{ "type": "inverse", "value": 0.1, "decay": 0.1, "power": 0.75 }"#,
        r#"{ "type": "polynomial", "value": 0.1, "end": 0.3, "power": 2, "over": 10 }"#,
        r#"{ "type": "sigmoid", "value": 0.1, "steepness": -0.5, "middle": 9 }"#,
        r#"{ "type": "sigmoid", "value": 0.1, "steepness": 0.5, "middle": 9 }"#,
        r#"{ "type": "table", "values": [[0, 0.1], [3, 0.3], [9, 0.2]], "interpolation": "linear" }"#,
        r#"{ "type": "linear", "value": 0.1, "end": -0.3, "over": 10, "unit": "iterations" }"#,
        r#"{ "type": "cosine", "value": 0.1, "over": 10 }"#,
        r#"{ "type": "warm-restarts", "value": 0.1, "over": 5, "factor": 2, "unit": "iterations" }"#,
        r#"{ "type": "one-cycle", "max": 0.1, "over": 11, "three-phase": true }"#,
        r#"{ "type": "cyclic", "base": 0.1, "max": 0.9, "up": 5, "mode": "triangular2" }"#,
        r#"{ "type": "cyclic", "base": 0.9, "max": 0.1, "up": 50, "down": 2, "mode": "exp-range",
             "gamma": 0.9, "unit": "samples" }"#,
        r#"{ "type": "warm-up", "over": 3, "unit": "iterations",
             "then": { "type": "cosine", "value": 0.1, "over": 10 } }"#,
        r#"{ "type": "joined", "parts": [{ "over": 3, "value": 0.1 }, { "over": 9, "value": {
             "type": "linear", "value": 0.1, "over": 9 } }, { "value": 0.05 }] }"#,
    ];
    texts.map(|text| serde_json::from_str(text).unwrap()).into()
}

pub(crate) fn normalizers() -> Vec<(Plugin<dyn Normalizer>, Field)> {
    vec![
        (Standardize {}.into(), testkit::normalizer::numbers(1, 40, 3)),
        (MinMax::default().into(), testkit::normalizer::numbers(2, 40, 3)),
        (OneHot {}.into(), testkit::normalizer::categories(3, 40, 4)),
        (OneHot {}.into(), testkit::normalizer::mixed(4, 40, false)),
        (Standardize {}.into(), testkit::normalizer::mixed(5, 40, false)),
        (MinMax::default().into(), testkit::normalizer::mixed(6, 40, false)),
        (Impute {}.into(), testkit::normalizer::mixed(7, 40, true)),
        (Robust::default().into(), testkit::normalizer::numbers(8, 40, 3)),
        (Robust::default().into(), testkit::normalizer::mixed(9, 40, false)),
        (MaxAbs {}.into(), testkit::normalizer::mixed(10, 40, false)),
        (Image::default().into(), pixels(40)),
        (Log1p {}.into(), pixels(30)),
        (YeoJohnson::default().into(), testkit::normalizer::numbers(11, 40, 3)),
        (YeoJohnson { standardize: false }.into(), testkit::normalizer::mixed(12, 40, false)),
        (QuantileTransform::default().into(), testkit::normalizer::numbers(13, 40, 3)),
        (
            QuantileTransform { quantiles: 9, distribution: Distribution::Normal }.into(),
            testkit::normalizer::mixed(14, 40, false),
        ),
        (Pca::default().into(), testkit::normalizer::numbers(15, 40, 3)),
        (Pca { components: Some(1), ..Pca::default() }.into(), pixels(20)),
        (Ordinal::default().into(), testkit::normalizer::categories(16, 40, 4)),
        (Ordinal::default().into(), testkit::normalizer::mixed(17, 40, false)),
    ]
}

/// Pictures of 2 × 2 pixels.
fn pixels(rows: u8) -> Field {
    let values = (0..4 * rows).map(|k| k.wrapping_mul(37)).collect();
    Field::new(FieldSpec::new("pixels", Shape::image(2, 2, 1)), Values::Bytes(values))
}

/// Initial schemes, with the variance that each states.
pub(crate) fn inits() -> Vec<(Plugin<dyn Init>, InitOptions)> {
    let stated = |law| InitOptions { variance: Some(law), ..InitOptions::default() };
    let xavier = stated(|fan: Fan| 2.0 / (fan.inputs + fan.outputs) as f64);
    let (lecun, free) = (stated(|fan: Fan| 1.0 / fan.inputs as f64), InitOptions::default());
    let he = stated(|fan: Fan| 2.0 / fan.inputs as f64);
    vec![
        (XavierNormal {}.into(), xavier),
        (XavierUniform {}.into(), xavier),
        (HeNormal {}.into(), he),
        (HeUniform {}.into(), he),
        (LecunNormal {}.into(), lecun),
        (LecunUniform {}.into(), lecun),
        (SigmoidUniform {}.into(), stated(|fan: Fan| 32.0 / (fan.inputs + fan.outputs) as f64)),
        (VarianceScaling::default().into(), lecun),
        (Orthogonal::default().into(), stated(|fan: Fan| 1.0 / fan.inputs.max(fan.outputs) as f64)),
        (Normal { mean: 0.0, std: 2.0 }.into(), stated(|_| 4.0)),
        (Uniform { low: -3.0, high: 3.0 }.into(), stated(|_| 3.0)),
        (TruncatedNormal { bound: 3.0, ..TruncatedNormal::default() }.into(), free),
        (LogNormal::default().into(), free),
        (Binomial { trials: 3, probability: 0.4 }.into(), free),
        (Sparse { connections: 3, std: 1.0 }.into(), free),
        (Stacked::new([XavierUniform {}.into(), XavierUniform {}.into()]).into(), xavier),
        (Stacked::new([Orthogonal::default().into(), Ones {}.into(), Zero {}.into()]).into(), free),
        (IdentityMatrix { scale: -0.5 }.into(), free),
        (Ones {}.into(), free),
        (Zero {}.into(), free),
        (Constant { value: 0.5 }.into(), free),
    ]
}

pub(crate) fn constraints() -> Vec<Plugin<dyn Constraint>> {
    let block = MinMaxNorm { min: 0.5, max: 1.5, per: Per::Block, ..MinMaxNorm::default() };
    vec![
        MaxNorm::default().into(),
        MaxNorm { max: 0.5, per: Per::Block }.into(),
        MinMaxNorm { min: 0.5, max: 1.5, ..MinMaxNorm::default() }.into(),
        block.into(),
        UnitNorm::default().into(),
        UnitNorm { per: Per::Block }.into(),
        NonNegative {}.into(),
    ]
}

pub(crate) fn noises() -> Vec<Plugin<dyn WeightNoise>> {
    let multiplied = NormalWeightNoise { form: NoiseForm::Multiplicative, std: 0.3.into() };
    vec![
        DropConnect::drop(0.3).into(),
        DropConnect::keep(0.5).into(),
        NormalWeightNoise::default().into(),
        multiplied.into(),
    ]
}

pub(crate) fn penalties() -> Vec<Plugin<dyn Penalty>> {
    vec![
        L1 { strength: 0.1.into() }.into(),
        L2 { strength: 0.1.into() }.into(),
        Elastic { strength: 0.1.into(), ratio: 0.3 }.into(),
        Elastic { strength: 0.1.into(), ratio: 0.0 }.into(),
    ]
}

/// Sources of files that lie in `folder`; see [`write_files`].
pub(crate) fn sources(folder: &Path) -> Vec<Plugin<dyn Source>> {
    let at = |name: &str| folder.join(name);
    vec![
        Digits {}.into(),
        Iris {}.into(),
        Csv::new(at("table.csv")).target("-1").into(),
        Idx::new(at("images")).labels(at("labels")).into(),
        Npy::new(at("array.npy")).target(-1).into(),
        SvmLight::new(at("rows.svm")).into(),
        Windows::new(Csv::new(at("series.csv")).target("y"), 3).into(),
        Sequences::new(Csv::new(at("series.csv")).target("y"), "x").into(),
        Steps::new(Csv::new(at("table.csv")).target("colour")).into(),
        Text { length: 5, ..Text::new(at("text.txt")) }.into(),
        TrainTest::new(Iris {}, Iris {}).into(),
        TrainTest::new(Csv::new(at("table.csv")), Csv::new(at("table.csv"))).into(),
    ]
}

/// A small file of each format, with missing values where the format has them.
pub(crate) fn write_files(folder: &Path) {
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write("table.csv", b"x,colour,y\n1,red,0.5\n,blue,1.5\n3,red,-2\n4,green,7\n");
    write("rows.svm", b"1 1:0.5 3:2\n-1 2:1\n1 1:1 2:2 3:3\n");
    write("series.csv", b"x,y\n1,0.5\n5,1.5\n1,-2\n4,7\n5,9.5\n");
    write("text.txt", "Der Töne Füße\n".as_bytes());
    // Unsigned bytes (8) of two dimensions and of one, their sizes, the numbers.
    write("images", &[0, 0, 8, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6]);
    write("labels", &[0, 0, 8, 1, 0, 0, 0, 3, 1, 0, 1]);
    let header = "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }";
    let header = format!("{header:<117}\n");
    let numbers = [1.0, 2.0, 0.5, 3.0, f64::NAN, 1.5, 5.0, 6.0, 2.5, 7.0, 8.0, 3.5];
    let mut npy = b"\x93NUMPY\x01\x00".to_vec();
    npy.extend((header.len() as u16).to_le_bytes());
    npy.extend(header.bytes());
    npy.extend(numbers.iter().flat_map(|x: &f64| x.to_le_bytes()));
    write("array.npy", &npy);
}

/// Splits, with a table that each can split.
pub(crate) fn splits() -> Vec<(Plugin<dyn Split>, Table)> {
    let [given, plain] = [true, false].map(|parts| testkit::split::table(1, 60, parts));
    let without = GivenSplit { validation: 0.0 };
    vec![
        (RandomSplit::default().into(), plain),
        (RandomSplit { test: 0.5, validation: 0.9 }.into(), given.clone()),
        (GivenSplit::default().into(), given.clone()),
        (without.into(), given.clone()),
        (TimeSplit::default().into(), given.clone()),
        (TimeSplit { column: Some("x".into()), ..TimeSplit::default() }.into(), given.clone()),
        (TimeSplit { test: 0.3, ..TimeSplit::default() }.into(), given.clone()),
        (GroupSplit::new("y").into(), given),
    ]
}

pub(crate) fn stopping() -> Vec<Plugin<dyn Stopping>> {
    let metric = "accuracy".to_owned();
    let accuracy = Patience { epochs: 3, tolerance: 0.01, metric, ..Patience::default() };
    let training = Patience { min_delta: 1e-3, rows: Watched::Train, ..Patience::default() };
    vec![
        Patience::default().into(),
        accuracy.into(),
        training.into(),
        TargetScore::new("accuracy", 0.99).into(),
        TargetScore { rows: Watched::Train, ..TargetScore::new("loss", 0.01) }.into(),
        TimeLimit { seconds: 60.0 }.into(),
        MaxLoss { loss: 1e3 }.into(),
    ]
}

pub(crate) fn paces() -> Vec<Plugin<dyn Pace>> {
    let metric = "accuracy".to_owned();
    let rows = Watched::Train;
    vec![
        Plateau { patience: 0, factor: 0.5, ..Plateau::default() }.into(),
        Plateau { patience: 1, cooldown: 2, metric, rows, ..Plateau::default() }.into(),
    ]
}

/// Metrics, with the shapes of targets that each accepts.
pub(crate) fn metrics() -> Vec<(Plugin<dyn Metric>, Vec<Shape>)> {
    let numbers = || vec![Shape::vector(1), Shape::vector(3), Shape::sequence(2)];
    let steps = Shape { sequence: true, ..Shape::index(3) };
    let classes = || vec![Shape::index(2), Shape::index(5), steps];
    vec![
        (MeanLoss {}.into(), [numbers(), classes()].concat()),
        (Accuracy {}.into(), classes()),
        (F1Macro {}.into(), classes()),
        (MeanSquaredError {}.into(), numbers()),
        (RootMeanSquaredError {}.into(), numbers()),
        (MeanAbsoluteError {}.into(), numbers()),
        (RSquared {}.into(), numbers()),
        (Precision::default().into(), classes()),
        (Precision { over: Over::Micro }.into(), classes()),
        (Recall::default().into(), classes()),
        (Recall { over: Over::Weighted }.into(), classes()),
        (Specificity::default().into(), classes()),
        (FBeta::default().into(), classes()),
        (FBeta { beta: 0.5, over: Over::Micro }.into(), classes()),
        (GMeasure::default().into(), classes()),
        (BalancedAccuracy {}.into(), classes()),
        (Mcc {}.into(), classes()),
        (Kappa {}.into(), classes()),
        (TopK { k: 1 }.into(), vec![Shape::index(2), Shape::index(5)]),
        (Auc::default().into(), classes()),
        (PrAuc::default().into(), classes()),
        (LogLoss {}.into(), classes()),
        (Brier {}.into(), classes()),
        (Ece::default().into(), classes()),
        (MeanAbsolutePercentageError {}.into(), numbers()),
        (MeanSquaredLogError {}.into(), vec![]),
        (MaxError {}.into(), numbers()),
        (RelativeSquaredError {}.into(), numbers()),
        (Pearson {}.into(), numbers()),
        (ExplainedVariance {}.into(), numbers()),
    ]
}

//! Generated recipes: every family of plugins, any text, numbers at their ends.

mod aims;
mod losses;
mod metrics;
mod optimizers;
mod schedules;
mod starts;
mod stopping;
mod updaters;

use aims::{aimed, of_columns, with_aims};
use losses::loss;
use metrics::metric;
use proptest::collection::vec;
use proptest::prelude::*;
use schedules::scheduled;
use serde::{Deserialize, Serialize};
use starts::starts;
use stopping::{pace, stopping};
use tanren_data::{
    Digits, Distribution, GivenSplit, GroupSplit, Image, Impute, Iris, Log1p, MaxAbs, MinMax,
    OneHot, Ordinal, Pca, QuantileTransform, RandomSplit, Robust, Standardize, TimeSplit,
    YeoJohnson,
};
use tanren_layers::{
    ActivationLayer, Add, AlphaDropout, BatchNorm, Binomial, Concatenate, Constant, Dense, Dropout,
    FanMode, Form, GaussianDropout, GaussianNoise, Gelu, GeluForm, HardTanh, HeNormal, HeUniform,
    Identity, LayerNorm, LeakyRelu, Normal, Relu, Sigmoid, Softmax, SpatialDropout, Tanh,
    VarianceScaling, XavierNormal, Zero,
};
use tanren_network::{LossSpec, NetworkSpec, NodeSpec, TargetSpec};
use tanren_plugin::{
    Activation, Checked, DataError, Init, Layer, Normalizer, Plugin, Source, Split, Table,
};
use tanren_trainer::{Arithmetic, DataSpec, Keep, Order, Recipe, TrainingSpec};
use updaters::updater;

/// A source with text in it, as files have: names, paths, a setting that may be absent.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Texts {
    path: String,
    names: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sign: Option<char>,
}

impl Checked for Texts {}

#[typetag::serde(name = "test/texts")]
impl Source for Texts {
    fn open(&self) -> Result<Table, DataError> {
        Err(DataError::new(&self.path, "only for tests"))
    }
}

fn positive() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        Just(0.1),
        Just(1e-300),
        Just(5e-324),
        Just(1e16),
        Just(f64::MAX),
        Just(1.0),
        1e-9..10.0
    ]
}

pub(super) fn text() -> impl Strategy<Value = String> {
    let odd = [
        "",
        " ",
        "no",
        "null",
        "~",
        "1e3",
        "0x10",
        "a: b",
        "- a",
        "#x",
        "é\u{301}",
        "'",
        "\"",
        "C:\\data",
        "a\nb\r\n",
        "\u{0}\u{7f}\u{85}\u{2028}\u{feff}",
        "😀",
        "{",
        "2020-01-01",
        ".5",
        "true",
        "\u{fffe}\u{ffff}",
        "\t",
        "*a",
        "&a",
        "!x",
        "%",
        "@",
        "`",
        "inf",
        ".nan",
    ];
    prop_oneof![proptest::sample::select(odd.to_vec()).prop_map(str::to_owned), ".{0,12}"]
}

fn source() -> impl Strategy<Value = Plugin<dyn Source>> {
    let texts = (text(), vec(text(), 0..3), proptest::option::of(any::<char>()));
    prop_oneof![
        Just(Iris {}.into()),
        Just(Digits {}.into()),
        texts.prop_map(|(path, names, sign)| Texts { path, names, sign }.into()),
    ]
}

fn split() -> impl Strategy<Value = Plugin<dyn Split>> {
    prop_oneof![
        (0.0..1.0, 0.0..1.0).prop_map(|(test, validation)| RandomSplit { test, validation }.into()),
        (0.0..1.0).prop_map(|validation| GivenSplit { validation }.into()),
        (0.0..1.0, proptest::option::of(text()), 0_usize..3).prop_map(|(test, column, gap)| {
            TimeSplit { test, validation: 0.0, column, gap }.into()
        }),
        (0.0..1.0, text()).prop_map(|(test, column)| GroupSplit {
            test,
            ..GroupSplit::new(column)
        }
        .into()),
    ]
}

fn normalizer() -> impl Strategy<Value = Plugin<dyn Normalizer>> {
    let bounds = || (-9.0..0.0, 0.1..9.0);
    let distribution = prop_oneof![Just(Distribution::Uniform), Just(Distribution::Normal)];
    let quantile = (2..=100_000_usize, distribution);
    let pca = (proptest::option::of(1..=usize::MAX >> 1), any::<bool>());
    prop_oneof![
        Just(Standardize {}.into()),
        Just(OneHot {}.into()),
        Just(Impute {}.into()),
        Just(MaxAbs {}.into()),
        Just(Log1p {}.into()),
        bounds().prop_map(|(min, max)| MinMax { min, max }.into()),
        (bounds(), 1..=32_u32).prop_map(|((min, max), bits)| Image { min, max, bits }.into()),
        (0.1..0.5, 0.5..1.0, any::<bool>()).prop_map(|(low, high, unit_variance)| Robust {
            low,
            high,
            unit_variance
        }
        .into()),
        any::<bool>().prop_map(|standardize| YeoJohnson { standardize }.into()),
        quantile.prop_map(|(quantiles, distribution)| QuantileTransform {
            quantiles,
            distribution
        }
        .into()),
        pca.prop_map(|(components, whiten)| Pca { components, variance: None, whiten }.into()),
        (0.1..1.0).prop_map(|share| Pca { variance: Some(share), ..Pca::default() }.into()),
        proptest::option::of(text())
            .prop_map(|level| Ordinal { order: level.into_iter().collect() }.into()),
    ]
}

fn activation() -> impl Strategy<Value = Plugin<dyn Activation>> {
    prop_oneof![
        Just(Identity {}.into()),
        Just(Relu {}.into()),
        Just(Tanh {}.into()),
        Just(Sigmoid {}.into()),
        (-1.0..1.0).prop_map(|slope| LeakyRelu { slope }.into()),
        any::<bool>().prop_map(|tanh| {
            let form = if tanh { GeluForm::Tanh } else { GeluForm::Exact };
            Gelu { form }.into()
        }),
        (-9.0..0.0, 0.1..9.0).prop_map(|(low, high)| HardTanh { low, high }.into()),
    ]
}

fn init() -> impl Strategy<Value = Plugin<dyn Init>> {
    prop_oneof![
        Just(HeNormal {}.into()),
        Just(HeUniform {}.into()),
        Just(XavierNormal {}.into()),
        Just(Zero {}.into()),
        (positive(), fan_mode(), form()).prop_map(|(scale, fan, form)| VarianceScaling {
            scale,
            fan,
            form
        }
        .into()),
        (-9.0..9.0, 0.0..9.0).prop_map(|(mean, std)| Normal { mean, std }.into()),
        (1..=1000_u32, 0.0..=1.0).prop_map(|(trials, probability)| Binomial {
            trials,
            probability
        }
        .into()),
        positive().prop_map(|value| Constant { value: -value }.into()),
    ]
}

fn fan_mode() -> impl Strategy<Value = FanMode> {
    prop_oneof![Just(FanMode::In), Just(FanMode::Out), Just(FanMode::Mean)]
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![Just(Form::Normal), Just(Form::TruncatedNormal), Just(Form::Uniform)]
}

fn layer() -> impl Strategy<Value = Plugin<dyn Layer>> {
    let dense = (1..=usize::MAX >> 1, activation(), init(), init(), any::<bool>());
    prop_oneof![
        dense.prop_map(|(units, activation, init, bias_init, bias)| {
            Dense { units, activation, init, bias_init, bias }.into()
        }),
        activation().prop_map(|function| ActivationLayer { function }.into()),
        Just(Softmax {}.into()),
        dropout(),
        normalization(),
        Just(Add {}.into()),
        Just(Concatenate {}.into()),
    ]
}

fn dropout() -> impl Strategy<Value = Plugin<dyn Layer>> {
    prop_oneof![
        (0.0..1.0).prop_map(|drop| Dropout::drop(drop).into()),
        (0.1..=1.0).prop_map(|keep| AlphaDropout::keep(keep).into()),
        (0.0..1.0).prop_map(|drop| GaussianDropout::drop(drop).into()),
        (0.1..=1.0).prop_map(|keep| SpatialDropout::keep(keep).into()),
        scheduled(positive()).prop_map(|std| GaussianNoise { std }.into()),
    ]
}

fn normalization() -> impl Strategy<Value = Plugin<dyn Layer>> {
    prop_oneof![
        (positive(), 0.1..=1.0, any::<[bool; 4]>()).prop_map(
            |(epsilon, batch_share, [correct_start, scale, shift, frozen])| {
                BatchNorm { epsilon, batch_share, correct_start, scale, shift, frozen }.into()
            }
        ),
        (positive(), any::<[bool; 2]>())
            .prop_map(|(epsilon, [scale, shift])| { LayerNorm { epsilon, scale, shift }.into() }),
    ]
}

fn network() -> impl Strategy<Value = NetworkSpec> {
    let node = (text(), vec(text(), 0..3), layer(), any::<bool>());
    let node = node.prop_map(|(name, inputs, layer, freeze)| NodeSpec {
        name,
        inputs,
        layer,
        freeze,
        noise: None,
    });
    let judged = (text(), loss(), positive());
    let target = prop_oneof![text().prop_map(TargetSpec::Input), text().prop_map(TargetSpec::Node)];
    let judged = (judged, proptest::option::of(target));
    let judged = judged.prop_map(|((output, loss, weight), target)| LossSpec {
        output,
        loss,
        target,
        weight,
    });
    let chain = vec(layer(), 1..4).prop_map(NetworkSpec::chain);
    let graph = vec(node, 1..4).prop_map(NetworkSpec::graph);
    let rest = (proptest::option::of(loss()), vec(judged, 0..3));
    let network = (prop_oneof![chain, graph], rest);
    with_aims(network.prop_map(|(network, (loss, losses))| NetworkSpec { loss, losses, ..network }))
}

fn training() -> impl Strategy<Value = TrainingSpec> {
    let keep = prop_oneof![Just(Keep::Last), Just(Keep::default()), text().prop_map(Keep::Best)];
    let metrics = vec(metric(), 0..3);
    let rules = (vec(stopping(), 0..2), vec(pace(), 0..2));
    let lists = (vec(aimed(updater()), 0..4), rules, metrics);
    let motion = (proptest::option::of(optimizers::direction()), optimizers::search());
    let order = prop_oneof![Just(Order::Shuffled), Just(Order::Fixed), Just(Order::ByLength)];
    (motion, lists, 1..=i64::MAX as u64, order, keep).prop_map(
        |((direction, search), (updaters, (stopping, pace), metrics), epochs, order, keep)| {
            let spec = TrainingSpec::new(search).epochs(epochs);
            TrainingSpec { updaters, pace, stopping, metrics, direction, order, keep, ..spec }
        },
    )
}

pub(super) fn recipe() -> impl Strategy<Value = Recipe> {
    let lists = (vec(of_columns(normalizer()), 0..3), vec(of_columns(normalizer()), 0..2));
    let data = (source(), split(), lists);
    let data = data.prop_map(|(source, split, (inputs, targets))| DataSpec {
        source,
        split,
        inputs,
        targets,
    });
    let seed = prop_oneof![Just(i64::MAX as u64), 0..=i64::MAX as u64];
    (data, (network(), starts()), training(), seed, any::<bool>()).prop_map(
        |(data, (network, start), training, seed, double)| {
            let precision = if double { Arithmetic::Double } else { Arithmetic::Single };
            let recipe = Recipe::new(data, network, training).seed(seed).precision(precision);
            Recipe { start, ..recipe }
        },
    )
}

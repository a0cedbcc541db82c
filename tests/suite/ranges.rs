//! Every setting out of its range: refused when read, and by name and path when a program made it.

use crate::harness::iris;
use serde::de::DeserializeOwned;
use tanren::layers::{ActivationLayer, Constant, Identity};
use tanren::plugin::{
    Activation, Checked, Constraint, Init, Layer, Named, Normalizer, Penalty, Schedule, Search,
    Source, Split, Stopping, Table, Updater, WeightNoise,
};
use tanren::prelude::*;
use tanren::trainer::TrainError;

/// Asserts that a plugin of this text is refused with the setting it names.
fn unread<P: ?Sized + Named>(text: &str, setting: &str)
where
    Box<P>: DeserializeOwned,
{
    let error = match serde_json::from_str::<Plugin<P>>(text) {
        Ok(_) => panic!("accepted: {text}"),
        Err(error) => error.to_string(),
    };
    assert!(error.contains(&format!("{setting}: expected ")), "{text}: {error}");
    assert!(error.contains(", found "), "{text}: {error}");
}

#[test]
fn from_text() {
    for bad in ["-0.1", "1", "1.5"] {
        let momentum = |name: &str| format!(r#"{{"type":"{name}","momentum":{bad}}}"#);
        unread::<dyn Updater>(&momentum("momentum"), "momentum");
        unread::<dyn Updater>(&momentum("nesterov"), "momentum");
        unread::<dyn Updater>(&format!(r#"{{"type":"adam","beta1":{bad}}}"#), "beta1");
        unread::<dyn Updater>(&format!(r#"{{"type":"adam","beta2":{bad}}}"#), "beta2");
        unread::<dyn Split>(&format!(r#"{{"type":"random","test":{bad}}}"#), "test");
        unread::<dyn Split>(&format!(r#"{{"type":"time","test":{bad}}}"#), "test");
        let group = format!(r#"{{"type":"group","column":"a","test":{bad}}}"#);
        unread::<dyn Split>(&group, "test");
        let validation = |name: &str| format!(r#"{{"type":"{name}","validation":{bad}}}"#);
        unread::<dyn Split>(&validation("random"), "validation");
        unread::<dyn Split>(&validation("given"), "validation");
        unread::<dyn Split>(&validation("time"), "validation");
        let group = format!(r#"{{"type":"group","column":"a","validation":{bad}}}"#);
        unread::<dyn Split>(&group, "validation");
    }
    for bad in ["0", "-1"] {
        unread::<dyn Updater>(&format!(r#"{{"type":"adam","epsilon":{bad}}}"#), "epsilon");
        unread::<dyn Search>(&format!(r#"{{"rate":{bad}}}"#), "rate");
        let step = format!(r#"{{"type":"step","value":{bad},"every":1}}"#);
        unread::<dyn Schedule>(&step, "value");
        let step = format!(r#"{{"type":"step","value":1,"factor":{bad},"every":1}}"#);
        unread::<dyn Schedule>(&step, "factor");
    }
    unread::<dyn Schedule>(r#"{"type":"step","value":1,"every":0}"#, "every");
    unread::<dyn Layer>(r#"{"type":"dense","units":0}"#, "units");
    unread::<dyn Penalty>(r#"{"type":"l1","strength":-1}"#, "strength");
    unread::<dyn Penalty>(r#"{"type":"l2","strength":-1}"#, "strength");
    unread::<dyn Penalty>(r#"{"type":"elastic","ratio":1.5}"#, "ratio");
    unread::<dyn Layer>(r#"{"type":"dropout"}"#, "drop");
    unread::<dyn Layer>(r#"{"type":"dropout","drop":0.5,"keep":0.5}"#, "drop");
    unread::<dyn Layer>(r#"{"type":"spatial-dropout","drop":1}"#, "drop");
    unread::<dyn Layer>(r#"{"type":"alpha-dropout","keep":0}"#, "keep");
    unread::<dyn Layer>(r#"{"type":"gaussian-noise","std":-1}"#, "std");
    unread::<dyn Layer>(r#"{"type":"batch-norm","epsilon":0}"#, "epsilon");
    unread::<dyn Layer>(r#"{"type":"batch-norm","batch-share":0}"#, "batch-share");
    unread::<dyn Layer>(r#"{"type":"layer-norm","epsilon":0}"#, "epsilon");
    unread::<dyn WeightNoise>(r#"{"type":"drop-connect","keep":1.5}"#, "keep");
    unread::<dyn WeightNoise>(r#"{"type":"weight-noise","std":-1}"#, "std");
    unread::<dyn Constraint>(r#"{"type":"max-norm","max":0}"#, "max");
    unread::<dyn Constraint>(r#"{"type":"min-max-norm","min":2}"#, "max");
    unread::<dyn Constraint>(r#"{"type":"min-max-norm","rate":0}"#, "rate");
    unread::<dyn Updater>(r#"{"type":"weight-decay","rate":-1}"#, "rate");
    unread::<dyn Updater>(r#"{"type":"adadelta","rho":1}"#, "rho");
    unread::<dyn Updater>(r#"{"type":"rprop","eta-plus":1}"#, "eta-plus");
    unread::<dyn Updater>(r#"{"type":"rprop","min-step":60}"#, "max-step");
    unread::<dyn Updater>(r#"{"type":"muon","ns-steps":0}"#, "ns-steps");
    unread::<dyn Updater>(r#"{"type":"lookahead","slow-step-size":0}"#, "slow-step-size");
    unread::<dyn Updater>(r#"{"type":"swa","every":0}"#, "every");
    unread::<dyn Updater>(r#"{"type":"clip-norm","max-norm":0}"#, "max-norm");
    unread::<dyn Updater>(r#"{"type":"adaptive-clip","epsilon":0}"#, "epsilon");
    unread::<dyn Stopping>(r#"{"type":"patience","epochs":0}"#, "epochs");
    unread::<dyn Stopping>(r#"{"type":"patience","tolerance":-0.1}"#, "tolerance");
    unread::<dyn Stopping>(r#"{"type":"patience","min-delta":-0.1}"#, "min-delta");
    unread::<dyn Stopping>(r#"{"type":"time-limit","seconds":0}"#, "seconds");
    unread::<dyn Normalizer>(r#"{"type":"min-max","min":2,"max":1}"#, "min");
    // JSON has no infinite numbers.
    for (text, setting) in [
        ("type = 'constant'\nvalue = inf", "value: expected a finite number"),
        ("type = 'constant'\nvalue = nan", "value: expected a finite number"),
    ] {
        let init = toml::from_str::<Plugin<dyn Init>>(text).unwrap_err();
        assert!(init.to_string().contains(setting), "{init}");
        let rate = toml::from_str::<Plugin<dyn Schedule>>(text).unwrap_err();
        assert!(rate.to_string().contains(setting), "{rate}");
    }
    let leaky = toml::from_str::<Plugin<dyn Activation>>("type = 'leaky-relu'\nslope = -inf");
    assert!(leaky.unwrap_err().to_string().contains("slope: expected a finite number"));
}

/// Changes a recipe that trains so that one setting is out of its range.
type Spoil = fn(&mut Recipe);

/// Changes, the setting each spoils, and what was found there.
const SPOILT: &[(&str, &str, Spoil)] = &[
    ("format", "2", |r| r.format = 2),
    ("data.split.test", "1.0", |r| {
        r.data.split = RandomSplit { test: 1.0, validation: 0.0 }.into();
    }),
    ("data.split.validation", "NaN", |r| {
        r.data.split = GivenSplit { validation: f64::NAN }.into();
    }),
    ("data.inputs[1].min", "1.0", |r| {
        r.data.inputs.push(MinMax { min: 1.0, max: 1.0 }.into());
    }),
    ("data.targets[0].min", "NaN", |r| {
        r.data.targets = vec![MinMax { min: f64::NAN, max: 1.0 }.into()];
    }),
    ("network.layers[1].units", "0", |r| r.network.layers[1] = Dense::new(0).into()),
    ("network.layers[0].activation.slope", "inf", |r| {
        let leaky = LeakyRelu { slope: f64::INFINITY };
        r.network.layers[0] = Dense::new(1).activation(leaky).into();
    }),
    ("network.layers[0].init.value", "inf", |r| {
        r.network.layers[0] = Dense::new(1).init(Constant { value: f64::INFINITY }).into();
    }),
    ("network.layers[0].bias-init.value", "NaN", |r| {
        r.network.layers[0] = Dense::new(1).bias_init(Constant { value: f64::NAN }).into();
    }),
    ("network.layers[2].function.slope", "NaN", |r| {
        let leaky = ActivationLayer::new(LeakyRelu { slope: f64::NAN });
        r.network.layers[2] = leaky.into();
    }),
    ("network.nodes[1].layer.units", "0", |r| {
        let first = NodeSpec::new("a", &["input"], ActivationLayer::new(Identity {}));
        let second = NodeSpec::new("b", &["a"], Dense::new(0));
        let loss = r.network.loss.clone();
        r.network = NetworkSpec { loss, ..NetworkSpec::graph([first, second]) };
    }),
    ("network.penalties[1].strength", "-1.0", |r| {
        r.network.penalties.push(L1 { strength: (-1.0).into() }.into());
    }),
    ("network.penalties[0].strength", "inf", |r| {
        r.network.penalties[0] = L2 { strength: f64::INFINITY.into() }.into();
    }),
    ("network.loss", "none", |r| r.network.loss = None),
    ("training.epochs", "0", |r| r.training.epochs = 0),
    ("training.batch", "0", |r| r.training.batch = 0),
    ("training.iterations", "0", |r| r.training.iterations = 0),
    ("training.updaters[1].momentum", "1.0", |r| {
        r.training.updaters =
            vec![Adam::default().into(), Momentum { momentum: 1.0.into() }.into()];
    }),
    ("network.layers[0].layer-norm", "true", |r| {
        r.network.layers[0] = Gru::new(3).reset_before().with_layer_norm().into();
    }),
    ("network.layers[0].units", "1", |r| {
        r.network.layers[0] = Lstm::new(1).with_layer_norm().into();
    }),
    ("network.layers[0].units", "1", |r| {
        r.network.layers[0] = Rnn::new(1).with_layer_norm().into();
    }),
    ("training.updaters[0].momentum", "-0.5", |r| {
        r.training.updaters = vec![Nesterov { momentum: (-0.5).into() }.into()];
    }),
    ("training.updaters[0].factor", "-1.0", |r| {
        r.training.updaters = vec![Scale { factor: (-1.0).into() }.on("dense-1")];
    }),
    ("training.updaters[0].beta1", "1.0", |r| {
        r.training.updaters = vec![Adam { beta1: 1.0.into(), ..Adam::default() }.into()];
    }),
    ("training.updaters[0].beta2", "NaN", |r| {
        r.training.updaters = vec![Adam { beta2: f64::NAN, ..Adam::default() }.into()];
    }),
    ("training.updaters[0].epsilon", "inf", |r| {
        r.training.updaters = vec![Adam { epsilon: f64::INFINITY, ..Adam::default() }.into()];
    }),
    ("training.search.rate", "0.0", |r| {
        r.training.search = LearningRate::constant(0.0).into();
    }),
    ("training.search.rate.factor", "inf", |r| {
        let every = 1.try_into().unwrap();
        r.training.search = LearningRate::new(Step::new(1.0, f64::INFINITY, every)).into();
    }),
    ("training.stopping[0].epochs", "0", |r| {
        r.training.stopping = vec![Patience { epochs: 0, ..Patience::default() }.into()];
    }),
    ("training.stopping[0].tolerance", "-1.0", |r| {
        r.training.stopping = vec![Patience { tolerance: -1.0, ..Patience::default() }.into()];
    }),
];

#[test]
fn from_a_program() {
    iris(Vec::new(), 1).prepare().unwrap();
    for (path, value, spoil) in SPOILT {
        let mut recipe = iris(Vec::new(), 1);
        spoil(&mut recipe);
        match recipe.prepare().unwrap_err() {
            TrainError::Setting { field, expected, found } => {
                assert_eq!((field.as_str(), found.as_str()), (*path, *value), "{expected}");
                assert!(!expected.is_empty());
            }
            other => panic!("{path}: {other}"),
        }
    }
}

/// A wrong setting is found before the data are opened.
#[test]
fn before_the_data() {
    #[derive(Debug, serde::Serialize, serde::Deserialize)]
    struct Closed {}
    impl Checked for Closed {}
    #[tanren::plugin::typetag::serde(name = "test/closed")]
    impl Source for Closed {
        fn open(&self) -> Result<Table, tanren::plugin::DataError> {
            panic!("opened")
        }
    }
    let mut recipe = iris(Vec::new(), 1);
    recipe.data.source = Closed {}.into();
    recipe.training.epochs = 0;
    assert!(recipe.prepare().unwrap_err().to_string().starts_with("training.epochs: "));
}

/// The smallest and the largest values that are right.
#[test]
fn the_ends_of_ranges_are_inside() {
    let updaters: [Plugin<dyn Updater>; 3] = [
        Momentum { momentum: 0.0.into() }.into(),
        Nesterov { momentum: (1.0 - f64::EPSILON).into() }.into(),
        Adam { beta1: 0.0.into(), beta2: 0.0, epsilon: f64::MIN_POSITIVE, ..Adam::default() }
            .into(),
    ];
    updaters.iter().for_each(|u| u.check().unwrap());
    RandomSplit { test: 0.0, validation: 0.0 }.check().unwrap();
    let none: Plugin<dyn Penalty> = L2 { strength: 0.0.into() }.into();
    none.check().unwrap();
    LearningRate::constant(f64::MIN_POSITIVE).check().unwrap();
    let patience: Plugin<dyn Stopping> = Patience { epochs: 1, ..Patience::default() }.into();
    patience.check().unwrap();
}

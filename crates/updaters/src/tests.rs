//! Five steps of each updater against PyTorch, and what a recipe may say.

mod clips;
mod ends;
mod paths;
mod rig;

use crate::{Adam, WeightDecay};
use serde_json::Value;
use tanren_plugin::{
    BlockKind, Checked as _, ClipCounter, Clock, Layout, Plugin, Precision, Seed, SlotInit,
    UpdateAt, Updater,
};

const REFERENCE: &str = include_str!("../../../tests/reference/first_plugins.json");

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
}

/// At the beginning of a vector without blocks.
fn somewhere<'a>(
    (clock, rate): (Clock, f64),
    layout: &'a Layout,
    clips: &'a ClipCounter,
) -> UpdateAt<'a> {
    UpdateAt { clock, rate, seed: Seed::default(), first: 0, block: None, layout, place: 0, clips }
}

/// The parameters after each step: θ ← θ + rate · step, the step starting as `sign` · gradient.
fn path<T: Precision>(updater: &dyn Updater, case: &Value, sign: f64) -> Vec<Vec<f64>> {
    let (rate, layout) = (case["rate"].as_f64().unwrap(), Layout::default());
    let mut theta: Vec<T> = numbers(&case["start"]).into_iter().map(T::of).collect();
    let mut slots: Vec<Vec<T>> = Vec::new();
    for spec in updater.slots() {
        assert_eq!(spec.init, SlotInit::Value(0.0), "{}", spec.name);
        slots.push(vec![T::ZERO; theta.len()]);
    }
    let (mut path, clips) = (Vec::new(), ClipCounter::default());
    for (iteration, gradient) in case["gradients"].as_array().unwrap().iter().enumerate() {
        let clock = Clock { iteration: iteration as u64, ..Clock::default() };
        let at = somewhere((clock, rate), &layout, &clips);
        let mut step: Vec<T> = numbers(gradient).into_iter().map(|g| T::of(sign * g)).collect();
        let cut = slots.iter_mut().map(Vec::as_mut_slice).collect();
        updater.kernels().at::<T>().update(&at, &theta, cut, &mut step);
        theta.iter_mut().zip(&step).for_each(|(t, &p)| *t += T::of(rate) * p);
        path.push(theta.iter().map(|t| t.f64()).collect());
    }
    path
}

fn compare<T: Precision>(precision: &str, tolerance: f64) {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    let cases = reference["updaters"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let updater: Plugin<dyn Updater> = serde_json::from_value(case["updater"].clone()).unwrap();
        let got = path::<T>(&*updater, case, -1.0);
        let expected = case["expected"][precision].as_array().unwrap();
        assert_eq!(got.len(), expected.len());
        for (step, (got, expected)) in got.iter().zip(expected).enumerate() {
            for (g, e) in got.iter().zip(numbers(expected)) {
                let near = (g - e).abs() <= tolerance * e.abs().max(1.0);
                assert!(near, "{}, {precision}, step {step}: {g} is not {e}", case["updater"]);
            }
        }
    }
}

#[test]
fn agrees_with_pytorch() {
    compare::<f64>("double", 1e-10);
    compare::<f32>("single", 1e-5);
}

#[test]
fn every_updater_is_odd_in_the_step() {
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    for case in reference["updaters"].as_array().unwrap() {
        let updater: Plugin<dyn Updater> = serde_json::from_value(case["updater"].clone()).unwrap();
        let (down, up) = (path::<f64>(&*updater, case, -1.0), path::<f64>(&*updater, case, 1.0));
        let start = numbers(&case["start"]);
        for ((down, up), start) in down.concat().iter().zip(up.concat()).zip(start.iter().cycle()) {
            assert!((down - start + (up - start)).abs() < 1e-12, "{}", case["updater"]);
        }
    }
}

#[test]
fn adam_of_a_constant_step_is_its_sign() {
    let case = serde_json::json!({
        "rate": 1.0, "start": [0.0, 0.0], "gradients": [[1e-3, -50.0], [1e-3, -50.0]],
    });
    let path = path::<f64>(&Adam::default(), &case, -1.0);
    assert!((path[1][0] + 2.0).abs() < 1e-4 && (path[1][1] - 2.0).abs() < 1e-4, "{path:?}");
}

/// Those that can do without settings.
const NAMES: [&str; 26] = [
    "none",
    "momentum",
    "nesterov",
    "adagrad",
    "adadelta",
    "rmsprop",
    "adam",
    "adamax",
    "nadam",
    "radam",
    "adabelief",
    "lion",
    "rprop",
    "lamb",
    "lars",
    "muon",
    "schedule-free",
    "lookahead",
    "ema",
    "swa",
    "clip-value",
    "clip-norm",
    "adaptive-clip",
    "gradient-normalization",
    "gradient-noise",
    "weight-decay",
];

#[test]
fn a_recipe_names_what_it_does_not_know() {
    for name in NAMES {
        let bare: Plugin<dyn Updater> = serde_json::from_str(&format!("{name:?}")).unwrap();
        let json = serde_json::to_string(&bare).unwrap();
        let again: Plugin<dyn Updater> = serde_json::from_str(&json).unwrap();
        assert_eq!(serde_json::to_string(&again).unwrap(), json);
        let unknown = format!("type = {name:?}\nbogus = 1");
        let error = toml::from_str::<Plugin<dyn Updater>>(&unknown).unwrap_err().to_string();
        assert!(error.contains("bogus"), "{error}");
    }
}

/// The parameters after each step of a chain of updaters.
fn chained<T: Precision>(chain: &[Plugin<dyn Updater>], case: &Value) -> Vec<Vec<f64>> {
    let (rate, layout) = (case["rate"].as_f64().unwrap(), Layout::default());
    let mut theta: Vec<T> = numbers(&case["start"]).into_iter().map(T::of).collect();
    let slots = |updater: &Plugin<dyn Updater>| -> Vec<Vec<T>> {
        updater.slots().iter().map(|_| vec![T::ZERO; theta.len()]).collect()
    };
    let mut slots: Vec<Vec<Vec<T>>> = chain.iter().map(slots).collect();
    let (mut path, clips) = (Vec::new(), ClipCounter::default());
    for (iteration, gradient) in (0..).zip(case["gradients"].as_array().unwrap()) {
        let clock = Clock { iteration, ..Clock::default() };
        let at = somewhere((clock, rate), &layout, &clips);
        let mut step: Vec<T> = numbers(gradient).into_iter().map(|g| T::of(-g)).collect();
        for (updater, slots) in chain.iter().zip(&mut slots) {
            let cut = slots.iter_mut().map(Vec::as_mut_slice).collect();
            updater.kernels().at::<T>().update(&at, &theta, cut, &mut step);
        }
        theta.iter_mut().zip(&step).for_each(|(t, &p)| *t += T::of(rate) * p);
        path.push(theta.iter().map(|t| t.f64()).collect());
    }
    path
}

fn decays<T: Precision>(tolerance: f64) {
    const REFERENCE: &str = include_str!("../../../tests/reference/regularization.json");
    let reference: Value = serde_json::from_str(REFERENCE).unwrap();
    let cases = reference["decay"].as_array().unwrap();
    assert_eq!(cases.len(), 4);
    for case in cases {
        let decay = WeightDecay { rate: case["decay"].as_f64().unwrap().into() };
        let updater = |name: &Value| match name.as_str() {
            Some("weight-decay") => decay.clone().into(),
            _ => serde_json::from_value(name.clone()).unwrap(),
        };
        let chain: Vec<Plugin<dyn Updater>> =
            case["chain"].as_array().unwrap().iter().map(updater).collect();
        let got = chained::<T>(&chain, case);
        let expected = case["expected"].as_array().unwrap();
        assert_eq!(got.len(), expected.len());
        for (g, e) in got.concat().iter().zip(expected.iter().flat_map(numbers)) {
            let near = (g - e).abs() <= tolerance * e.abs().max(1.0);
            assert!(near, "{} in {}: {g} is not {e}", case["chain"], T::NAME);
        }
    }
}

/// In front of an updater it is what `weight_decay` of SGD and Adam is, behind Adam that of AdamW.
#[test]
fn weight_decay_agrees_with_pytorch() {
    decays::<f64>(1e-12);
    decays::<f32>(1e-6);
}

#[test]
fn weight_decay_is_for_weights_and_in_range() {
    let decay = WeightDecay::default();
    assert!(decay.kinds() == BlockKind::WEIGHTS && decay.check().is_ok());
    for rate in [-0.1, f64::NAN, f64::INFINITY] {
        let error = WeightDecay { rate: rate.into() }.check().unwrap_err().to_string();
        assert!(error.starts_with("rate: expected a finite number from 0 on"), "{error}");
    }
}

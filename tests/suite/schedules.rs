//! Numbers that are schedules: in whole runs, wherever a setting may be one.

use crate::harness::iris;
use tanren::layers::{
    AlphaDropout, DropConnect, GaussianDropout, GaussianNoise, NoiseForm, NormalWeightNoise,
};
use tanren::losses::Elastic;
use tanren::optimizers::{Constant, Cosine, Interpolation, Table};
use tanren::plugin::{Clock, Layer, Penalty, Scheduled, Unit};
use tanren::prelude::*;

/// Puts a number at one setting of a recipe.
type Put = fn(&mut Recipe, Scheduled);

/// Every setting that may be a schedule, and a number for it.
const SETTINGS: &[(&str, f64, Put)] = &[
    ("rate", 0.02, |r, x| r.training.search = LearningRate::new(x).into()),
    ("momentum", 0.5, |r, x| r.training.updaters.push(Momentum { momentum: x }.into())),
    ("nesterov", 0.5, |r, x| r.training.updaters.push(Nesterov { momentum: x }.into())),
    ("weight-decay", 0.1, |r, x| r.training.updaters.push(WeightDecay { rate: x }.into())),
    ("scale", 0.5, |r, x| r.training.updaters.push(Scale { factor: x }.into())),
    ("l1", 0.01, |r, x| r.network.penalties.push(L1 { strength: x }.into())),
    ("l2", 0.01, |r, x| r.network.penalties.push(L2 { strength: x }.into())),
    ("elastic", 0.01, |r, x| {
        r.network.penalties.push(Elastic { strength: x, ratio: 0.5 }.into());
    }),
    ("dropout", 0.3, |r, x| between(r, Dropout::drop(x))),
    ("dropout keep", 0.6, |r, x| between(r, Dropout::keep(x))),
    ("alpha-dropout", 0.3, |r, x| between(r, AlphaDropout::drop(x))),
    ("gaussian-dropout", 0.3, |r, x| between(r, GaussianDropout::drop(x))),
    ("gaussian-noise", 0.3, |r, x| between(r, GaussianNoise { std: x })),
    ("drop-connect", 0.3, |r, x| r.network.noise.push(DropConnect::drop(x).into())),
    ("weight-noise", 0.3, |r, x| {
        let form = NoiseForm::Additive;
        r.network.noise.push(NormalWeightNoise { std: x, form }.into());
    }),
];

fn between(recipe: &mut Recipe, layer: impl Into<Plugin<dyn Layer>>) {
    recipe.network.layers.insert(1, layer.into());
}

/// The training losses of four epochs, and the parameters after them.
fn run(put: Put, x: Scheduled) -> (Vec<f64>, Vec<u8>) {
    let mut recipe = iris(Vec::new(), 4);
    recipe.training.keep = tanren::trainer::Keep::Last;
    put(&mut recipe, x);
    let trained = recipe.prepare().unwrap().train(&mut (), &Options::default()).unwrap();
    let losses = trained.history.iter().map(|epoch| epoch.loss.unwrap().0).collect();
    (losses, format!("{:?}", trained.model.parameters()).into_bytes())
}

/// A schedule that does not change is the number to the bit; one that changes after two epochs does
/// nothing before, and something afterwards.
#[test]
fn every_setting_follows_its_schedule() {
    for &(name, x, put) in SETTINGS {
        let plain = run(put, x.into());
        assert!(plain == run(put, Constant { value: x }.into()), "{name}: constant");
        let (losses, parameters) = run(put, Table::new([(0, x), (2, 0.5 * x)]).into());
        assert_eq!(losses[..2], plain.0[..2], "{name}: before it changes");
        assert!(losses[3] != plain.0[3] && parameters != plain.1, "{name}: after it has changed");
    }
}

/// A penalty has the value and the gradient of its clock, in the evaluation of a whole network, too.
#[test]
fn penalties_are_those_of_the_clock() {
    let over = 10.try_into().unwrap();
    let cosine = Cosine { value: 0.4, end: 0.2, over, unit: Unit::Iterations };
    type Make = fn(f64) -> Plugin<dyn Penalty>;
    let penalties: [(Plugin<dyn Penalty>, Make); 3] = [
        (L1 { strength: cosine.clone().into() }.into(), |x| L1 { strength: x.into() }.into()),
        (L2 { strength: cosine.clone().into() }.into(), |x| L2 { strength: x.into() }.into()),
        (Elastic { strength: cosine.clone().into(), ratio: 0.3 }.into(), |x| {
            Elastic { strength: x.into(), ratio: 0.3 }.into()
        }),
    ];
    let block = tanren::plugin::Block::new("a", "weight", BlockKind::Weight, (3, 1));
    let theta = [0.5, -2.0, 0.0];
    for (varying, constant) in penalties {
        for iteration in [0, 5, 10, 99] {
            let clock = Clock { iteration, ..Clock::default() };
            let constant = constant(tanren::plugin::Schedule::at(&cosine, clock));
            let of = |penalty: &Plugin<dyn Penalty>| {
                let mut gradient = [0.0; 3];
                let kernel = penalty.kernels().at::<f64>();
                kernel.add_gradient(clock, &block, &theta, &mut gradient);
                (kernel.value(clock, &block, &theta), gradient)
            };
            assert_eq!(of(&varying), of(&constant), "{varying:?} at {iteration}");
        }
    }
}

/// A pace changes a rate, so that a search without one is refused.
#[test]
fn a_pace_needs_a_rate() {
    let mut recipe = iris(Vec::new(), 1);
    recipe.training.pace = crate::conformance::paces();
    recipe.prepare().unwrap();
    recipe.training.search = StrongWolfe::default().into();
    assert_eq!(
        recipe.prepare().unwrap_err().to_string(),
        "training.search: expected a search with a rate, which the pace changes, found strong-wolfe, \
         which looks for its step"
    );
}

/// The range of a setting holds for all values of a schedule.
#[test]
fn a_schedule_that_leaves_the_range_is_refused() {
    let line = |values: [f64; 2]| {
        let values = vec![(0, values[0]), (9, values[1])];
        Table { values, interpolation: Interpolation::Linear, unit: Unit::Epochs }
    };
    let refused = |put: Put, values: [f64; 2], path: &str, found: &str| {
        let mut recipe = iris(Vec::new(), 1);
        put(&mut recipe, line(values).into());
        let error = recipe.prepare().unwrap_err().to_string();
        assert!(error.contains(path) && error.contains(found), "{error}");
    };
    let put = |name: &str| SETTINGS.iter().find(|(known, ..)| *known == name).unwrap().2;
    refused(put("momentum"), [0.5, 1.0], "training.updaters[0].momentum", "goes to 1.0");
    refused(put("rate"), [0.5, -0.1], "training.search.rate", "goes to -0.1");
    refused(put("dropout"), [0.5, 1.0], "network.layers[1].drop", "a schedule that goes to 1.0");
    refused(put("dropout keep"), [0.5, 0.0], "network.layers[1].keep", "goes to 0.0");
    refused(put("l2"), [-0.5, 0.0], "network.penalties[1].strength", "goes to -0.5");
    refused(put("gaussian-noise"), [0.5, -1.0], "network.layers[1].std", "goes to -1.0");
    refused(put("weight-noise"), [0.5, -1.0], "network.noise[0].std", "goes to -1.0");
}

//! The testkit over every plugin we have, family by family, and nothing is left out: neither a plugin
//! that is registered nor a family that there is.

use crate::conformance::{self, write_files};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use tanren::plugin::{
    Activation, BlockKind, Constraint, Direction, Field, Fitted, Init, Layer, Loss, Metric,
    Normalizer, Pace, ParamSpec, Penalty, Plugin, Schedule, Search, Source, Split, Stopping,
    Updater, WeightNoise,
};
use tanren::tensor::Shape;
use tanren_testkit::{self as testkit, LayerOptions};

/// Ours have no vendor in their names; those of tests do.
fn ours(name: &str) -> bool {
    !name.contains('/')
}

/// Plugins that need nothing else to be tested.
fn alone<P: ?Sized>(plugins: Vec<Plugin<P>>) -> Vec<(Plugin<P>, ())> {
    plugins.into_iter().map(|plugin| (plugin, ())).collect()
}

/// A test for each family, which goes through its list and compares it with what is registered.
macro_rules! families {
    ($($test:ident: dyn $family:ident, $plugins:expr, $conforms:expr;)*) => {
        const TESTED: &[&str] = &[$(stringify!($family)),*];

        $(
            #[test]
            fn $test() {
                testkit::family::<dyn $family, _>(&$plugins, ours, $conforms);
            }
        )*
    };
}

families! {
    activations: dyn Activation, alone(conformance::activations()), |p, ()| testkit::activation(p);
    constraints: dyn Constraint, alone(conformance::constraints()), |p, ()| testkit::constraint(p);
    directions: dyn Direction, alone(conformance::directions()), |p, ()| testkit::direction(p);
    fitted: dyn Fitted, fitted_normalizers(), |_, (normalizer, field)| {
        testkit::normalizer(&**normalizer, field);
    };
    inits: dyn Init, conformance::inits(), |p, options| testkit::init_with(p, options);
    layers: dyn Layer, conformance::layers(), |p, inputs| layer(p, inputs);
    losses: dyn Loss, conformance::losses(), |p, (targets, options)| {
        testkit::loss_with(p, targets, options);
    };
    metrics: dyn Metric, conformance::metrics(), |p, targets| testkit::metric(p, targets);
    noises: dyn WeightNoise, alone(conformance::noises()), |p, ()| testkit::noise(p);
    normalizers: dyn Normalizer, conformance::normalizers(), |p, field| testkit::normalizer(p, field);
    paces: dyn Pace, alone(conformance::paces()), |p, ()| testkit::pace(p);
    penalties: dyn Penalty, alone(conformance::penalties()), |p, ()| testkit::penalty(p);
    schedules: dyn Schedule, alone(conformance::schedules()), |p, ()| testkit::schedule(p);
    searches: dyn Search, alone(conformance::searches()), |p, ()| testkit::search(p);
    sources: dyn Source, sources_of_files(), |p, _| testkit::source(p);
    splits: dyn Split, conformance::splits(), |p, table| testkit::split(p, table);
    stopping: dyn Stopping, alone(conformance::stopping()), |p, ()| testkit::stopping(p);
    updaters: dyn Updater, alone(conformance::updaters()), |p, ()| testkit::updater(p);
}

/// A layer and, where it is one, an energy model. One that keeps statistics of batches may look at the
/// whole batch.
fn layer(layer: &dyn Layer, inputs: &[Shape]) {
    let statistic = |spec: &ParamSpec| spec.kind == BlockKind::Statistic;
    let independent = !layer.params(inputs).iter().any(statistic);
    testkit::layer_with(layer, inputs, &LayerOptions { independent, ..LayerOptions::default() });
    if layer.energy().is_some() {
        testkit::energy(layer, inputs[0]);
    }
}

/// A normaliser and what it is fitted on.
type Fitting = (Plugin<dyn Normalizer>, Field);

/// What each normaliser fits.
fn fitted_normalizers() -> Vec<(Plugin<dyn Fitted>, Fitting)> {
    let fit = |(normalizer, field): Fitting| {
        let rows: Vec<usize> = (0..field.values.len() / field.width()).collect();
        (normalizer.fit(&field, &rows).unwrap(), (normalizer, field))
    };
    conformance::normalizers().into_iter().map(fit).collect()
}

/// Sources beside the folder of their files, which is there as long as they are.
fn sources_of_files() -> Vec<(Plugin<dyn Source>, Arc<tempfile::TempDir>)> {
    let folder = Arc::new(tempfile::tempdir().unwrap());
    write_files(folder.path());
    let sources = conformance::sources(folder.path()).into_iter();
    sources.map(|source| (source, Arc::clone(&folder))).collect()
}

/// Sources of files refuse a folder where there are none, and files of nothing, with a place.
#[test]
fn missing_and_empty_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = conformance::sources(Path::new("a"))
        .into_iter()
        .filter(|source| source.open().is_ok())
        .count();
    for empty in [false, true] {
        if empty {
            write_files(folder.path());
            for file in std::fs::read_dir(folder.path()).unwrap() {
                std::fs::write(file.unwrap().path(), b"").unwrap();
            }
        }
        let mut refused = 0;
        for source in conformance::sources(folder.path()) {
            if source.open().is_err() {
                let error = testkit::source_refuses(&*source).to_string();
                assert!(error.contains(&*folder.path().to_string_lossy()), "{error}");
                refused += 1;
            }
        }
        assert_eq!(refused + embedded, conformance::sources(folder.path()).len());
    }
}

/// Every trait of plugins has its line above.
#[test]
fn no_family_is_left_out() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/plugin/src");
    let mut open = vec![folder];
    let mut families = BTreeSet::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            if line.starts_with("#[typetag::serde(tag") {
                let declared = lines.next().unwrap_or_default().trim_start_matches("pub trait ");
                let name: String = declared.chars().take_while(|c| c.is_alphanumeric()).collect();
                families.insert(name);
            }
        }
    }
    let tested: BTreeSet<String> = TESTED.iter().map(ToString::to_string).collect();
    assert_eq!(families, tested);
}

//! Every registered loss, normaliser and metric: `cargo bench -p tanren-benches --bench families`.
//!
//! None is named here, so that a new one is measured without being added. Losses take 256 columns of
//! ten outputs, with the gradient; normalisers are fitted on 10,000 rows of eight numbers and applied
//! to them; metrics score 10,000 rows of two classes, or of three numbers. One element is one column
//! or row. One thread.
#![allow(clippy::unwrap_used, missing_docs)] // benchmarks are tests; the macros make public items

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use tanren::plugin::engine::{example, names};
use tanren::plugin::{
    Comparison, Feature, Field, FieldSpec, Loss, LossGradient, Metric, Normalizer, Seed,
};
use tanren::tensor::{Indices, Input, Shape, Signal, SignalMut};
use tanren_testkit::LossOptions;

const COLUMNS: usize = 256;
const ROWS: usize = 10_000;

fn random(n: usize, name: &str) -> Vec<f64> {
    let mut draws = Seed(1).stream(name).sample(0);
    (0..n).map(|_| draws.normal()).collect()
}

fn losses(c: &mut Criterion) {
    let mut group = c.benchmark_group("loss");
    group.throughput(Throughput::Elements(COLUMNS as u64));
    for name in names::<dyn Loss>() {
        let loss = example::<dyn Loss>(name).unwrap();
        let shapes = [Shape::vector(10), Shape::vector(5), Shape::index(10), Shape::index(2)];
        let fits = shapes.into_iter().find_map(|shape| Some((shape, loss.outputs(shape).ok()?)));
        let Some((shape, k)) = fits.filter(|_| loss.check().is_ok()) else {
            continue; // it wraps another one
        };
        let outputs: Vec<f32> = random(k * COLUMNS, "outputs").iter().map(|x| *x as f32).collect();
        let dense = match shape.indices {
            true => Vec::new(),
            false => tanren_testkit::loss::targets(&*loss, shape, COLUMNS, &LossOptions::default()),
        };
        let dense: Vec<f32> = dense.iter().map(|x| *x as f32).collect();
        let classes: Vec<u32> = (0..COLUMNS).map(|n| (n % shape.features) as u32).collect();
        let (mut values, mut gradient) = (vec![0.0; COLUMNS], vec![0.0_f32; k * COLUMNS]);
        let weights = vec![1.0_f32 / COLUMNS as f32; COLUMNS];
        group.bench_function(name, |b| {
            b.iter(|| {
                let targets = match shape.indices {
                    true => Input::Indices(Indices { data: &classes, levels: shape.features }),
                    false => Input::Dense(Signal::new(&dense, shape.features)),
                };
                let out = SignalMut::new(&mut gradient, k);
                let wanted = Some(LossGradient { weights: &weights, out });
                let outputs = Signal::new(black_box(&outputs), k);
                loss.kernels().at::<f32>().evaluate(outputs, targets, &mut values, wanted);
            });
        });
    }
    group.finish();
}

fn normalizers(c: &mut Criterion) {
    let features: Vec<Feature> = (0..8).map(|i| Feature::number(format!("x{i}"))).collect();
    let values: Vec<f64> = random(8 * ROWS, "rows").iter().map(|x| x.abs()).collect();
    let field = Field::numbers("rows", features, values.clone());
    let rows: Vec<usize> = (0..ROWS).collect();
    let mut group = c.benchmark_group("normalizer");
    group.throughput(Throughput::Elements(ROWS as u64)).sample_size(20);
    for name in names::<dyn Normalizer>() {
        let normalizer = example::<dyn Normalizer>(name).unwrap();
        let Ok(fitted) = normalizer.fit(&field, &rows) else {
            continue; // categories
        };
        group.bench_function(format!("{name}_fit"), |b| {
            b.iter(|| normalizer.fit(black_box(&field), &rows).unwrap());
        });
        let mut output = Vec::new();
        group.bench_function(format!("{name}_apply"), |b| {
            b.iter(|| {
                output.clear();
                for row in values.chunks_exact(8) {
                    fitted.apply(&field.spec, black_box(row), &mut output);
                }
            });
        });
    }
    group.finish();
}

fn metrics(c: &mut Criterion) {
    let levels = ["no", "yes"].map(String::from).to_vec();
    let classes = FieldSpec { levels, ..FieldSpec::new("class", Shape::index(2)) };
    let numbers = FieldSpec::new("numbers", Shape::vector(3));
    let truth: Vec<u32> = (0..ROWS as u32).map(|row| u32::from(row * row % 7 < 2)).collect();
    let scores = random(ROWS, "scores");
    let p = scores.iter().zip(&truth).map(|(x, t)| 1.0 / (1.0 + (x - f64::from(*t)).exp()));
    let p: Vec<f64> = p.flat_map(|p| [p, 1.0 - p]).collect();
    let (targets, predictions) = (random(3 * ROWS, "targets"), random(3 * ROWS, "predictions"));
    let weights = vec![1.0; ROWS];
    let mut group = c.benchmark_group("metric");
    group.throughput(Throughput::Elements(ROWS as u64)).sample_size(20);
    for name in names::<dyn Metric>() {
        let metric = example::<dyn Metric>(name).unwrap();
        let comparison = match metric.accepts(classes.shape).is_ok() {
            true => {
                let truth = Input::Indices(Indices { data: &truth, levels: 2 });
                Comparison::new(&classes, Signal::new(&p, 2), truth, &weights)
            }
            false => {
                let targets = Input::Dense(Signal::new(&targets, 3));
                Comparison::new(&numbers, Signal::new(&predictions, 3), targets, &weights)
            }
        };
        group.bench_function(name, |b| b.iter(|| metric.score(black_box(&comparison))));
    }
    group.finish();
}

criterion_group!(benches, losses, normalizers, metrics);
criterion_main!(benches);

//! Noise on signals and weights: moments, masks, and that inference has none.

use super::harness::Harness;
use crate::share::Share;
use crate::{
    AlphaDropout, DropConnect, Dropout, GaussianDropout, GaussianNoise, NoiseForm,
    NormalWeightNoise, SpatialDropout,
};
use tanren_plugin::{
    Batch, Block, BlockKind, Checked, Clock, Layer, Mode, Pass, Plugin, WeightNoise,
};
use tanren_tensor::{Extent, Input, Shape, Signal, Stream, Welford};

/// Numbers that are drawn for moments.
const DRAWS: usize = 200_000;

/// Standard errors by which a moment may be off. The numbers are the same in every run.
const ERRORS: f64 = 5.0;

/// Output and gradient of a layer for `columns` columns of `x`, where ∂Y = X.
fn run(layer: &dyn Layer, shape: Shape, x: &[f64], mode: Mode, clock: Clock) -> [Vec<f64>; 2] {
    let columns = x.len() / shape.features;
    let (examples, steps) = if shape.sequence { (2, columns / 2) } else { (columns, 1) };
    let extent = Extent { examples, steps };
    let harness = Harness { mode, clock, ..Harness::new(layer, &[shape], extent) };
    let mut got = harness.run(&[], &[Input::Dense(Signal::new(x, shape.features))], x);
    [got.y, got.dx.remove(0)]
}

/// Asserts that a sample has this mean and this variance, of which `kurtosis` is the fourth moment in
/// units of the variance's square.
fn moments(what: &str, sample: &[f64], (mean, variance): (f64, f64), kurtosis: f64) {
    let mut found = Welford::default();
    found.extend(sample.iter().copied());
    let n = sample.len() as f64;
    let off = (found.mean - mean) / (variance / n).sqrt();
    assert!(off.abs() < ERRORS, "{what}: mean {}", found.mean);
    let off = (found.variance() - variance) / (variance * ((kurtosis - 1.0) / n).sqrt());
    assert!(off.abs() < ERRORS, "{what}: variance {}", found.variance());
}

/// The kurtosis of what is 1 with probability p, otherwise 0.
fn kurtosis(p: f64) -> f64 {
    (1.0 - 3.0 * p * (1.0 - p)) / (p * (1.0 - p))
}

fn normals(n: usize) -> Vec<f64> {
    let mut x = vec![0.0; n];
    Stream::new(3, "signal").sample(0).map_normals(&mut x, |_, n| n);
    x
}

#[test]
fn dropped_and_kept_numbers_are_as_many_as_said() {
    let ones = vec![1.0; DRAWS];
    for (layer, drop) in [(Dropout::drop(0.25), 0.25), (Dropout::keep(0.3125), 0.6875)] {
        let [y, dx] = run(&layer, Shape::vector(DRAWS), &ones, Mode::Training, Clock::default());
        let kept = 1.0 / (1.0 - drop);
        assert!(y.iter().all(|&y| y == 0.0 || (y - kept).abs() < 1e-15));
        assert_eq!(y, dx); // ∂Y is 1 as well: the gradient has the same mask
        moments("dropout", &y, (1.0, drop / (1.0 - drop)), kurtosis(drop));
    }
    let nothing = Dropout::drop(0.0);
    let [y, _] = run(&nothing, Shape::vector(DRAWS), &ones, Mode::Training, Clock::default());
    assert_eq!(y, ones);
}

#[test]
fn noise_has_the_moments_of_its_formula() {
    let ones = vec![1.0; DRAWS];
    let at = |layer: &dyn Layer, x: &[f64]| {
        run(layer, Shape::vector(DRAWS), x, Mode::Training, Clock::default())
    };
    let [y, dx] = at(&GaussianDropout::drop(0.2), &ones);
    moments("gaussian dropout", &y, (1.0, 0.25), 3.0);
    assert_eq!(y, dx);
    let [y, dx] = at(&GaussianNoise { std: 0.5.into() }, &ones);
    moments("gaussian noise", &y, (1.0, 0.25), 3.0);
    assert_eq!(dx, ones);
}

/// Of a signal with mean 0 and variance 1, and for any other mean by the formula of the paper.
#[test]
fn alpha_dropout_keeps_mean_and_variance() {
    let x = normals(DRAWS);
    for drop in [0.0625, 0.25, 0.5] {
        let layer = AlphaDropout::drop(drop);
        let [y, dx] = run(&layer, Shape::vector(DRAWS), &x, Mode::Training, Clock::default());
        moments("alpha dropout", &y, (0.0, 1.0), 4.0);
        let keep = 1.0 - drop;
        let alpha = -1.758_099_340_847_376_6_f64;
        let a = (keep + alpha * alpha * keep * drop).powf(-0.5);
        let b = -a * alpha * drop;
        for ((&x, &y), &dx) in x.iter().zip(&y).zip(&dx) {
            let kept = (y - (a * x + b)).abs() < 1e-12 && (dx - a * x).abs() < 1e-12;
            let dropped = (y - (a * alpha + b)).abs() < 1e-12 && dx == 0.0;
            assert!(kept || dropped, "{x} became {y}");
        }
    }
    let keep = AlphaDropout::keep(1.0);
    let [y, _] = run(&keep, Shape::vector(DRAWS), &x, Mode::Training, Clock::default());
    assert!(x.iter().zip(&y).all(|(x, y)| (x - y).abs() < 1e-15));
}

/// All steps of an example, and all pixels of an image, have one mask; examples have their own.
#[test]
fn spatial_masks_are_the_same_everywhere() {
    let (width, steps) = (40, 6);
    let ones = vec![1.0; width * 2 * steps];
    let layer = SpatialDropout::drop(0.5);
    let [y, dx] = run(&layer, Shape::sequence(width), &ones, Mode::Training, Clock::default());
    assert_eq!(y, dx);
    let columns: Vec<&[f64]> = y.chunks(width).collect();
    assert!(columns.iter().enumerate().all(|(c, column)| *column == columns[c % 2]));
    assert!(columns[0] != columns[1] && columns[0].contains(&0.0) && columns[0].contains(&2.0));

    let image = Shape::image(2, 3, width);
    let ones = vec![1.0; 2 * image.features];
    let [y, _] = run(&layer, image, &ones, Mode::Training, Clock::default());
    let pixels: Vec<&[f64]> = y.chunks(width).collect();
    assert!(pixels.iter().enumerate().all(|(p, pixel)| *pixel == pixels[p / 6 * 6]));
    assert!(pixels[0] != pixels[6] && pixels[0].contains(&0.0) && pixels[0].contains(&2.0));

    let error = layer.output(&[Shape::vector(5)]).unwrap_err().to_string();
    assert!(error.contains("a sequence or an image") && error.contains("`dropout`"), "{error}");
}

fn layers() -> Vec<Box<dyn Layer>> {
    vec![
        Box::new(Dropout::drop(0.5)),
        Box::new(AlphaDropout::drop(0.5)),
        Box::new(GaussianDropout::drop(0.5)),
        Box::new(GaussianNoise { std: 0.5.into() }),
        Box::new(SpatialDropout::drop(0.5)),
    ]
}

/// What is kept makes up for what is dropped at every rate: by the share that 16 bits draw.
#[test]
fn rates_are_drawn_with_16_bits() {
    for drop in [0.0, 1e-9, 0.1, 0.5, 0.9999, 1.0 - 1e-9] {
        let drawn = Share::drop(drop).rate(tanren_plugin::Clock::default()).drawn();
        assert!(
            (drawn.drop - drop).abs() <= 1.0 / 65_536.0 && drawn.keep > 0.0,
            "{drop}: {drawn:?}"
        );
        assert_eq!((drawn.drop * 65_536.0).fract(), 0.0);
        assert_eq!(drawn.drop > 0.0, drop > 0.0);
        let mut numbers = vec![1.0_f64; 1 << 20];
        Share::drop(drop)
            .rate(tanren_plugin::Clock::default())
            .apply(&mut Stream::new(1, "rate").sample(0), &mut numbers);
        let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
        let deviation = (drawn.drop / drawn.keep / numbers.len() as f64).sqrt();
        assert!((mean - 1.0).abs() <= 5.0 * deviation, "{drop}: {mean}");
    }
}

#[test]
fn inference_is_the_identity() {
    let x = normals(400);
    for layer in layers() {
        let sequence = Shape::sequence(20);
        let [y, dx] = run(&*layer, sequence, &x, Mode::Inference, Clock::default());
        assert!(y == x && dx == x, "{layer:?}");
    }
}

/// Other numbers in every epoch, for every repeated update and every example; the same however often a
/// search asks.
#[test]
fn no_mask_comes_back() {
    let x = vec![1.0; 400];
    for layer in layers() {
        let at = |epoch, repeat| {
            let clock = Clock { epoch, repeat, ..Clock::default() };
            run(&*layer, Shape::sequence(100), &x, Mode::Training, clock)
        };
        let all: Vec<_> = (0..4).map(|i| at(i % 2, i / 2)).collect();
        for (i, a) in all.iter().enumerate() {
            assert!(all[..i].iter().all(|b| a[0] != b[0]), "{layer:?}");
        }
        assert_eq!(at(1, 1), all[3], "{layer:?}");
        let examples: Vec<&[f64]> = all[0][0].chunks(100).collect();
        assert!(examples[0] != examples[1], "{layer:?}");
    }
}

/// Weights of 1 after the noise of update `iteration`, and a gradient of 1 on its way back.
fn disturbed(noise: &dyn WeightNoise, iteration: u64) -> [Vec<f64>; 2] {
    let block = Block::new("dense", "weight", BlockKind::Weight, (DRAWS / 2, 2));
    let batch = Batch::new(Extent::examples(1), &[0]);
    let clock = Clock { iteration, ..Clock::default() };
    let pass = Pass::new(&batch, Mode::Training, clock, Stream::new(4, "noise"));
    let (mut weights, mut gradient) = (vec![1.0; DRAWS], vec![1.0; DRAWS]);
    noise.kernels().at::<f64>().disturb(&pass, &block, &mut weights);
    noise.kernels().at::<f64>().differentiate(&pass, &block, &mut gradient);
    [weights, gradient]
}

#[test]
fn weights_are_dropped_and_rescaled() {
    for (noise, drop) in [(DropConnect::drop(0.25), 0.25), (DropConnect::keep(0.3125), 0.6875)] {
        let [w, gradient] = disturbed(&noise, 0);
        let kept = 1.0 / (1.0 - drop);
        assert!(w.iter().all(|&w| w == 0.0 || (w - kept).abs() < 1e-15));
        assert_eq!(w, gradient);
        moments("drop-connect", &w, (1.0, drop / (1.0 - drop)), kurtosis(drop));
        assert!(w != disturbed(&noise, 1)[0] && w == disturbed(&noise, 0)[0]);
    }
}

#[test]
fn weights_are_disturbed_by_normal_numbers() {
    let noise = |form| NormalWeightNoise { std: 0.3.into(), form };
    let [added, straight] = disturbed(&noise(NoiseForm::Additive), 0);
    let [multiplied, gradient] = disturbed(&noise(NoiseForm::Multiplicative), 0);
    moments("added", &added, (1.0, 0.09), 3.0);
    moments("multiplied", &multiplied, (1.0, 0.09), 3.0);
    assert!(straight.iter().all(|&g| g == 1.0) && gradient == multiplied);
}

#[test]
fn exactly_one_of_drop_and_keep_is_given() {
    let read = |text: &str| toml::from_str::<Plugin<dyn Layer>>(text);
    let refused = |text: &str, parts: [&str; 2]| {
        let error = read(text).unwrap_err().to_string();
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    };
    for name in ["dropout", "alpha-dropout", "gaussian-dropout", "spatial-dropout"] {
        let plugin = |settings: &str| format!("type = {name:?}\n{settings}");
        assert!(read(&plugin("drop = 0.5")).is_ok());
        assert!(read(&plugin("keep = 1.0")).is_ok());
        refused(&plugin(""), ["drop: expected the share that is dropped, or `keep`", "neither"]);
        refused(&plugin("drop = 0.5\nkeep = 0.5"), ["one of `drop` and `keep`", "drop = 0.5"]);
        refused(&plugin("drop = 1.0"), ["drop: expected a number from 0 to below 1", "1.0"]);
        refused(&plugin("keep = 0.0"), ["keep: expected a number above 0, up to 1", "0.0"]);
        refused(&plugin("keep = nan"), ["keep: expected a number above 0", "NaN"]);
    }
    assert!(Share::default().check().is_err());
    assert!(GaussianNoise { std: (-1.0).into() }.check().is_err());
    assert!(
        NormalWeightNoise { std: f64::NAN.into(), ..NormalWeightNoise::default() }.check().is_err()
    );
}

//! Initial values: moments, ranges, sizes of blocks.

use crate::{
    Binomial, Constant, Dense, FanMode, Form, HeNormal, HeUniform, IdentityMatrix, LecunNormal,
    LecunUniform, LogNormal, Normal, Ones, Orthogonal, SigmoidUniform, Sparse, TruncatedNormal,
    Uniform, VarianceScaling, XavierNormal, XavierUniform, Zero,
};
use tanren_plugin::{BlockKind, Fan, Init, Layer, Plugin};
use tanren_tensor::nalgebra::DMatrix;
use tanren_tensor::{Shape, Stream, Welford};

/// Numbers that are drawn of each scheme.
const DRAWS: usize = 1_000_000;

/// Standard errors by which moments may be off. The numbers are the same in every run.
const ERRORS: f64 = 5.0;

/// A scheme with the mean and the variance that its formula states, and the bounds of its numbers.
type Law = (Plugin<dyn Init>, f64, f64, (f64, f64));

/// Laws for units of 50 inputs and 150 outputs. Where a form has no bounds, few of so many normal numbers
/// are beyond 4.5 standard deviations, and none beyond 7.
fn laws() -> Vec<Law> {
    let scaled = |scale, fan, form| VarianceScaling { scale, fan, form }.into();
    let normal = |init: Plugin<dyn Init>, variance: f64| {
        let deviation = variance.sqrt();
        (init, 0.0, variance, (-deviation * 5.0, deviation * 5.0))
    };
    let uniform = |init: Plugin<dyn Init>, variance: f64| {
        let bound = (3.0 * variance).sqrt();
        (init, 0.0, variance, (-bound, bound))
    };
    // The deviation of what is left within ±b, √(1 − 2 b φ(b) / (2 Φ(b) − 1)), for b = 2 and 1.5.
    let (two, one_and_half) = (0.879_625_661_034_239_8_f64, 0.742_646_898_439_326_4_f64);
    let cut = |init: Plugin<dyn Init>, variance: f64| {
        let bound = 2.0 * variance.sqrt() / two;
        (init, 0.0, variance, (-bound, bound))
    };
    vec![
        normal(XavierNormal {}.into(), 0.01),
        uniform(XavierUniform {}.into(), 0.01),
        normal(HeNormal {}.into(), 0.04),
        uniform(HeUniform {}.into(), 0.04),
        normal(LecunNormal {}.into(), 0.02),
        uniform(LecunUniform {}.into(), 0.02),
        uniform(SigmoidUniform {}.into(), 0.16),
        cut(VarianceScaling::default().into(), 0.02),
        cut(scaled(2.0, FanMode::Mean, Form::TruncatedNormal), 0.02),
        normal(scaled(3.0, FanMode::Out, Form::Normal), 0.02),
        uniform(scaled(0.5, FanMode::In, Form::Uniform), 0.01),
        (Normal { mean: -2.0, std: 0.5 }.into(), -2.0, 0.25, (-4.5, 0.5)),
        (Uniform { low: -1.0, high: 3.0 }.into(), 1.0, 16.0 / 12.0, (-1.0, 3.0)),
        {
            let init = TruncatedNormal { mean: 1.0, std: 2.0, bound: 1.5 };
            (init.into(), 1.0, (2.0 * one_and_half).powi(2), (-2.0, 4.0))
        },
        {
            let init = LogNormal { mean: 0.5, std: 0.25 };
            let (mean, square) = ((0.5_f64 + 0.03125).exp(), 0.0625_f64);
            (init.into(), mean, mean * mean * (square.exp() - 1.0), (0.5, 5.5))
        },
        (Binomial { trials: 10, probability: 0.3 }.into(), 3.0, 2.1, (0.0, 10.0)),
    ]
}

#[test]
fn moments_and_bounds_are_those_of_the_papers() {
    let fan = Fan { inputs: 50, outputs: 150 };
    for (number, (init, mean, variance, (low, high))) in (0..).zip(laws()) {
        init.check().unwrap();
        let mut values = vec![f64::NAN; DRAWS];
        init.fill(fan, 200, &mut Stream::new(1, "init").sample(number), &mut values);
        let n = values.len() as f64;
        let found = values.iter().sum::<f64>() / n;
        let moment = |power| values.iter().map(|x| (x - found).powi(power)).sum::<f64>() / n;
        let (second, fourth) = (moment(2), moment(4));
        let error = (variance / n).sqrt();
        assert!((found - mean).abs() <= ERRORS * error, "{init:?}: mean {found}, not {mean}");
        let error = ((fourth - second * second) / n).sqrt();
        let off = (second - variance).abs();
        assert!(off <= ERRORS * error, "{init:?}: variance {second}, not {variance}");
        let least = values.iter().fold(f64::INFINITY, |m, &x| m.min(x));
        let most = values.iter().fold(f64::NEG_INFINITY, |m, &x| m.max(x));
        let width = high - low;
        assert!(least >= low - 0.2 * width && least <= low + 0.2 * width, "{init:?}: {least}");
        assert!(most <= high + 0.2 * width && most >= high - 0.2 * width, "{init:?}: {most}");
    }
}

/// Schemes with bounds keep them to the last bit, and come near to them.
#[test]
fn nothing_is_beyond_a_bound() {
    let fan = Fan { inputs: 50, outputs: 150 };
    let bounded = |init: &Plugin<dyn Init>| {
        let name = init.typetag_name();
        name.contains("uniform") || name.contains("truncated") || name == "variance-scaling"
    };
    let laws = laws().into_iter().filter(|(init, ..)| bounded(init));
    let laws: Vec<Law> =
        laws.filter(|(init, ..)| !format!("{init:?}").contains("form: Normal")).collect();
    assert_eq!(laws.len(), 9);
    for (init, _, _, (low, high)) in laws {
        let mut values = vec![f64::NAN; DRAWS];
        init.fill(fan, 200, &mut Stream::new(1, "init").sample(0), &mut values);
        let (slack, near) = (1e-12 * (high - low), 1e-3 * (high - low));
        assert!(values.iter().all(|&x| x >= low - slack && x <= high + slack), "{init:?}");
        assert!(values.iter().any(|&x| x < low + near), "{init:?}");
        assert!(values.iter().any(|&x| x > high - near), "{init:?}");
    }
}

#[test]
fn orthogonal_rows_or_columns_have_one_length() {
    for (rows, columns) in [(1, 1), (40, 40), (60, 20), (20, 60), (1, 7)] {
        let mut values = vec![f64::NAN; rows * columns];
        let fan = Fan { inputs: columns, outputs: rows };
        let init = Orthogonal { gain: 1.5 };
        init.fill(fan, rows, &mut Stream::new(1, "init").sample(0), &mut values);
        let w = DMatrix::from_column_slice(rows, columns, &values);
        let gram = if rows >= columns { w.transpose() * &w } else { &w * w.transpose() };
        let expected = DMatrix::identity(gram.nrows(), gram.ncols()) * 2.25;
        assert!((gram - expected).amax() < 1e-12, "{rows} × {columns}");
    }
}

/// Every orthogonal matrix is as likely as any other: an element has mean 0 and variance 1 / n. Without
/// the signs, the first element would never be above 0.
#[test]
fn orthogonal_matrices_are_uniform() {
    let (n, matrices) = (4, 20_000);
    let mut moments = vec![Welford::default(); n * n];
    let mut values = vec![0.0; n * n];
    for sample in 0..matrices {
        let mut draws = Stream::new(2, "init").sample(sample);
        Orthogonal::default().fill(Fan { inputs: n, outputs: n }, n, &mut draws, &mut values);
        moments.iter_mut().zip(&values).for_each(|(moments, &x)| moments.add(x, 1.0));
    }
    let error = (0.25 / matrices as f64).sqrt();
    for moments in moments {
        assert!(moments.mean.abs() < ERRORS * error, "{}", moments.mean);
        // Of x², n x² has the variance 2 (n − 1) / (n + 2).
        let error = (1.0_f64 / matrices as f64).sqrt() / 4.0;
        assert!((moments.variance() - 0.25).abs() < ERRORS * error, "{}", moments.variance());
    }
}

#[test]
fn sparse_rows_have_so_many_connections() {
    let (rows, columns) = (500, 80);
    let fan = Fan { inputs: columns, outputs: rows };
    let mut values = vec![f64::NAN; rows * columns];
    let init = Sparse { connections: 15, std: 2.0 };
    init.fill(fan, rows, &mut Stream::new(1, "init").sample(0), &mut values);
    for row in 0..rows {
        let there = (0..columns).filter(|column| values[column * rows + row] != 0.0).count();
        assert_eq!(there, 15, "row {row}");
    }
    // Each input is chosen as often as any other.
    let share: f64 = 15.0 / 80.0;
    let error = (rows as f64 * share * (1.0 - share)).sqrt();
    for column in values.chunks(rows) {
        let chosen = column.iter().filter(|&&x| x != 0.0).count() as f64;
        assert!((chosen - rows as f64 * share).abs() < ERRORS * error, "{chosen}");
    }
    let mut moments = Welford::default();
    values.iter().filter(|&&x| x != 0.0).for_each(|&x| moments.add(x, 1.0));
    assert!(moments.mean.abs() < ERRORS * 2.0 / 7500_f64.sqrt(), "{}", moments.mean);
    let error = 4.0 * (2.0 / 7500_f64).sqrt();
    assert!((moments.variance() - 4.0).abs() < ERRORS * error, "{}", moments.variance());
    // A unit of few inputs has them all.
    let mut few = vec![0.0; 6];
    init.fill(Fan { inputs: 3, outputs: 2 }, 2, &mut Stream::new(1, "i").sample(0), &mut few);
    assert!(few.iter().all(|&x| x != 0.0));
}

#[test]
fn constants_are_constant() {
    let fan = Fan { inputs: 1, outputs: 1 };
    let mut draws = Stream::new(1, "init").sample(0);
    let mut values = [f64::NAN; 3];
    Constant { value: 0.25 }.fill(fan, 3, &mut draws, &mut values);
    assert_eq!(values, [0.25; 3]);
    Zero {}.fill(fan, 3, &mut draws, &mut values);
    assert_eq!(values, [0.0; 3]);
    Ones {}.fill(fan, 3, &mut draws, &mut values);
    assert_eq!(values, [1.0; 3]);
    let mut matrix = [f64::NAN; 6];
    let half = IdentityMatrix { scale: 0.5 };
    half.fill(fan, 2, &mut draws, &mut matrix);
    assert_eq!(matrix, [0.5, 0.0, 0.0, 0.5, 0.0, 0.0]);
    half.fill(fan, 3, &mut draws, &mut matrix);
    assert_eq!(matrix, [0.5, 0.0, 0.0, 0.0, 0.5, 0.0]);
}

#[test]
fn dense_asks_for_its_blocks() {
    let fan = Fan { inputs: 7, outputs: 4 };
    let params = Dense::new(4).params(&[Shape::index(7)]);
    let blocks: Vec<_> = params.iter().map(|p| (&*p.name, p.kind, p.rows, p.cols, p.fan)).collect();
    let expected = [("weight", BlockKind::Weight, 4, 7, fan), ("bias", BlockKind::Bias, 4, 1, fan)];
    assert_eq!(blocks, expected);
    assert_eq!(Dense::new(4).without_bias().params(&[Shape::vector(7)]).len(), 1);
}

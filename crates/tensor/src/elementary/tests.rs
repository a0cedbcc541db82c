//! Accuracy over the whole range, the ends, and the same bits from all registers.

use super::{
    exp_m1_scalar, exp_scalar, ln_scalar, normal_cdf_scalar, sigmoid_scalar, softplus_scalar,
    tanh_scalar,
};
use crate::Real;
use crate::vectorized::Registers;

/// A function in both precisions, what it should be in the larger one, and the largest error in
/// units of the last place.
struct Case {
    name: &'static str,
    single: fn(f32) -> f32,
    double: fn(f64) -> f64,
    exact: fn(f64) -> f64,
    ulps: (f64, f64),
}

/// The standard library's functions are not exact either: in double precision its error, at most 1,
/// counts too.
const CASES: [Case; 7] = [
    Case { name: "exp", single: exp_scalar, double: exp_scalar, exact: f64::exp, ulps: (1.0, 1.0) },
    Case { name: "ln", single: ln_scalar, double: ln_scalar, exact: f64::ln, ulps: (1.0, 1.0) },
    Case {
        name: "tanh",
        single: tanh_scalar,
        double: tanh_scalar,
        exact: f64::tanh,
        ulps: (3.0, 3.0),
    },
    Case {
        name: "sigmoid",
        single: sigmoid_scalar,
        double: sigmoid_scalar,
        exact: |x| if x < 0.0 { x.exp() / (1.0 + x.exp()) } else { 1.0 / (1.0 + (-x).exp()) },
        ulps: (3.0, 3.0),
    },
    Case {
        name: "softplus",
        single: softplus_scalar,
        double: softplus_scalar,
        exact: |x| x.max(0.0) + (-x.abs()).exp().ln_1p(),
        ulps: (2.0, 2.0),
    },
    Case {
        name: "exp_m1",
        single: exp_m1_scalar,
        double: exp_m1_scalar,
        exact: f64::exp_m1,
        ulps: (2.0, 3.0),
    },
    Case {
        name: "normal_cdf",
        single: normal_cdf_scalar,
        double: normal_cdf_scalar,
        exact: normal_cdf_scalar, // which a table of its own tests
        ulps: (8.0, 0.0),
    },
];

/// Φ by `reference/elementary.py`.
#[rustfmt::skip]
const CDF: [(f64, f64); 33] = [
    (-38.0, 2.885_428_35e-316),
    (-30.0, 4.906_713_927_148_187e-198),
    (-20.5, 1.076_467_325_879_096_1e-93),
    (-12.25, 8.399_796_063_633_417e-35),
    (-8.0, 6.220_960_574_271_784e-16),
    (-6.5, 4.016_000_583_859_118e-11),
    (-5.0, 2.866_515_718_791_939e-7),
    (-4.25, 1.068_852_577_493_442e-5),
    (-3.5, 0.000_232_629_079_035_525_04),
    (-3.0, 0.001_349_898_031_630_094_6),
    (-2.5, 0.006_209_665_325_776_135),
    (-2.0, 0.022_750_131_948_179_21),
    (-1.5, 0.066_807_201_268_858_07),
    (-1.25, 0.105_649_773_666_855_25),
    (-1.0, 0.158_655_253_931_457_05),
    (-0.75, 0.226_627_352_376_868_2),
    (-0.5, 0.308_537_538_725_986_9),
    (-0.25, 0.401_293_674_317_076_3),
    (-0.1, 0.460_172_162_722_971),
    (-0.001, 0.499_601_057_786_088_93),
    (-1.0e-9, 0.499_999_999_601_057_73),
    (0.0, 0.5),
    (1.0e-9, 0.500_000_000_398_942_3),
    (0.1, 0.539_827_837_277_029),
    (0.5, 0.691_462_461_274_013_1),
    (1.0, 0.841_344_746_068_542_9),
    (1.5, 0.933_192_798_731_141_9),
    (2.0, 0.977_249_868_051_820_8),
    (3.0, 0.998_650_101_968_369_9),
    (4.5, 0.999_996_602_326_875_3),
    (6.0, 0.999_999_999_013_412_3),
    (8.5, 1.0),
    (20.0, 1.0),
];

#[test]
fn the_normal_distribution_is_that_of_the_reference() {
    for (x, exact) in CDF {
        let (found, error) = (normal_cdf_scalar(x), 5.0);
        assert!(ulps_double(found, exact) <= error, "Φ({x}) = {found:e}, not {exact:e}");
    }
}

/// Single precision numbers of every size and sign, subnormal ones, ±0, ±∞ and NaN among them.
fn singles() -> impl Iterator<Item = f32> {
    let ends = [0.0, -0.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN, f32::MAX, f32::MIN_POSITIVE];
    (0..=u32::MAX / 509).map(|i| f32::from_bits(i * 509)).chain(ends)
}

/// Double precision numbers of every size and sign, and many where the functions are not flat.
fn doubles() -> impl Iterator<Item = f64> {
    let any = (0..2_000_000_u64).map(|i| f64::from_bits(i.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let middle = (-400_000..400_000).map(|i| f64::from(i) * 1.03e-4);
    let wide = (-80_000..80_000).map(|i| f64::from(i) * 9.7e-3);
    any.chain(middle).chain(wide)
}

/// The distance from the exact value in units of the last place.
fn ulps_single(found: f32, exact: f64) -> f64 {
    let nearest = exact as f32;
    if found == nearest || (found.is_nan() && exact.is_nan()) {
        return 0.0;
    }
    let ulp = f64::from((nearest.abs().next_up() - nearest.abs()).min(f32::MAX));
    (f64::from(found) - exact).abs() / ulp
}

fn ulps_double(found: f64, exact: f64) -> f64 {
    if found == exact || (found.is_nan() && exact.is_nan()) {
        return 0.0;
    }
    (found - exact).abs() / (exact.abs().next_up() - exact.abs())
}

#[test]
fn errors_are_within_the_bounds_stated() {
    for Case { name, single, double, exact, ulps } in CASES {
        let mut worst = (0.0, 0.0);
        for x in singles() {
            let error = ulps_single(single(x), exact(f64::from(x)));
            if error.is_nan() || error > worst.0 {
                worst.0 = error;
                assert!(error <= ulps.0, "{name}({x:e}) = {:e}: {error} ulp", single(x));
            }
        }
        for x in doubles() {
            let error = ulps_double(double(x), exact(x));
            if error.is_nan() || error > worst.1 {
                worst.1 = error;
                assert!(error <= ulps.1, "{name}({x:e}) = {:e}: {error} ulp", double(x));
            }
        }
    }
}

#[test]
fn the_ends_are_exact() {
    fn ends<T: Real>() {
        let of = T::of;
        let (infinity, nan) = (of(f64::INFINITY), of(f64::NAN));
        type Ends<'a, T> = (fn(T) -> T, &'a [(T, f64)]);
        let table: [Ends<'_, T>; 7] = [
            (exp_scalar, &[(T::ZERO, 1.0), (infinity, f64::INFINITY), (-infinity, 0.0)]),
            (ln_scalar, &[(T::ONE, 0.0), (infinity, f64::INFINITY), (T::ZERO, f64::NEG_INFINITY)]),
            (tanh_scalar, &[(T::ZERO, 0.0), (infinity, 1.0), (-infinity, -1.0)]),
            (sigmoid_scalar, &[(T::ZERO, 0.5), (infinity, 1.0), (-infinity, 0.0)]),
            (softplus_scalar, &[(infinity, f64::INFINITY), (-infinity, 0.0), (of(1e4), 1e4)]),
            (exp_m1_scalar, &[(T::ZERO, 0.0), (infinity, f64::INFINITY), (-infinity, -1.0)]),
            (normal_cdf_scalar, &[(infinity, 1.0), (-infinity, 0.0), (of(-1e20), 0.0)]),
        ];
        for (f, ends) in table {
            assert!(ends.iter().all(|&(x, y)| f(x).f64() == y));
            assert!(f(nan).f64().is_nan());
        }
        assert!(ln_scalar(-T::ONE).f64().is_nan());
        assert!(tanh_scalar(of(-0.0)).f64().is_sign_negative());
    }
    ends::<f32>();
    ends::<f64>();
}

#[test]
fn registers_do_not_change_a_bit() {
    fn all<T: Real>(inputs: &[T], f: impl Fn(T) -> T + Copy) -> bool {
        let run = |registers: Registers| {
            let mut x = inputs.to_vec();
            // SAFETY: the processor has these registers.
            unsafe { registers.run(|| x.iter_mut().for_each(|x| *x = f(*x))) };
            let mut bytes = Vec::new();
            let numbers = x.iter().map(|&x| if x.f64().is_nan() { T::ZERO } else { x });
            T::extend_bytes(&numbers.collect::<Vec<_>>(), &mut bytes);
            bytes
        };
        let portable = run(Registers::Portable);
        Registers::all().into_iter().all(|registers| run(registers) == portable)
    }
    let singles: Vec<f32> = singles().step_by(41).collect();
    let doubles: Vec<f64> = doubles().step_by(17).collect();
    for Case { name, single, double, .. } in CASES {
        assert!(all(&singles, single) && all(&doubles, double), "{name}");
    }
}

//! Accuracy over the whole range, the ends, and the same bits from all registers.

use super::{exp_scalar, ln_scalar, sigmoid_scalar, softplus_scalar, tanh_scalar};
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
const CASES: [Case; 5] = [
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
];

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
        let table: [Ends<'_, T>; 5] = [
            (exp_scalar, &[(T::ZERO, 1.0), (infinity, f64::INFINITY), (-infinity, 0.0)]),
            (ln_scalar, &[(T::ONE, 0.0), (infinity, f64::INFINITY), (T::ZERO, f64::NEG_INFINITY)]),
            (tanh_scalar, &[(T::ZERO, 0.0), (infinity, 1.0), (-infinity, -1.0)]),
            (sigmoid_scalar, &[(T::ZERO, 0.5), (infinity, 1.0), (-infinity, 0.0)]),
            (softplus_scalar, &[(infinity, f64::INFINITY), (-infinity, 0.0), (of(1e4), 1e4)]),
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

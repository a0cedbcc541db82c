//! Elementary functions as branch-free polynomials: whole registers at a time, and the same bits on
//! every processor, which no system library promises.
//!
//! The methods are those of Tang (1989), *Table-driven implementation of the exponential function in
//! IEEE floating-point arithmetic*, without the table, and of Sun's fdlibm (1993) for the logarithm;
//! the coefficients come from `reference/elementary.py`. Largest error found over the whole range,
//! subnormal results included, in units of the last place: e^x 1, ln 1, tanh 3, σ 3, softplus 2,
//! e^x − 1 3, Φ 8.

use crate::Real;

/// What the functions need to know of a precision.
pub trait Elementary: Sized + Copy + 'static {
    /// log₂ e.
    const LOG2_E: Self;
    /// ln 2, in two parts: the product of the first with an exponent is exact.
    const LN_2: [Self; 2];
    /// q in e^r = 1 + r + r² q(r), |r| ≤ ½ ln 2.
    const EXP: &'static [Self];
    /// l in ln((1 + s) / (1 − s)) = 2 s + s z l(z), z = s², |s| ≤ (√2 − 1) / (√2 + 1).
    const LN: &'static [Self];
    /// p in Φ(x) = ½ e^(−x²/2) p(t) / (1 + 2 z), x ≤ 0, z = |x| / √2, t = (z − 3) / (z + 3).
    const CDF: &'static [Self];
    /// How far below 0 Φ has long vanished.
    const CDF_END: Self;
    /// 1.5 · 2 to the bits of a mantissa: adding it rounds to whole numbers.
    const ROUND: Self;
    /// Where e^x is 0, and where it is ∞.
    const EXP_ENDS: [Self; 2];
    /// Where 1 − tanh x has long vanished.
    const TANH_END: Self;
    /// The least normal number, and a power of two that makes normal what is below it, with the
    /// power's logarithm.
    const NORMAL: [Self; 3];

    /// 2ᵏ for a whole number that is an exponent of this precision.
    fn power_of_two(k: Self) -> Self;

    /// The k and m of x = 2ᵏ m, √½ ≤ m < √2, for positive normal numbers.
    fn exponent(x: Self) -> (Self, Self);
}

impl Elementary for f32 {
    const LOG2_E: Self = std::f32::consts::LOG2_E;
    const LN_2: [Self; 2] = [0.693_145_75, 1.428_606_8e-6];
    const EXP: &'static [Self] =
        &[0.5, 0.166_666_67, 0.041_666_467, 0.008_333_31, 0.001_393_364_2, 0.000_198_909_81];
    const LN: &'static [Self] = &[0.666_666_7, 0.400_001_23, 0.285_508_22, 0.233_304_68];
    const CDF: &'static [Self] = &[
        1.253_008,
        -0.135_621_1,
        -0.047_562_156,
        0.129_644_72,
        -0.119_275_28,
        0.068_313_2,
        -0.023_763_56,
        0.002_506_778_6,
        0.001_875_060_3,
        -0.000_734_082_1,
        -9.253_769e-5,
        8.007_455e-5,
    ];
    const CDF_END: Self = 16.0;
    const ROUND: Self = 12_582_912.0;
    const EXP_ENDS: [Self; 2] = [-104.0, 89.0];
    const TANH_END: Self = 10.0;
    const NORMAL: [Self; 3] = [Self::MIN_POSITIVE, 16_777_216.0, 24.0];

    #[inline(always)]
    fn power_of_two(k: Self) -> Self {
        Self::from_bits((k + (Self::ROUND + 127.0)).to_bits() << 23)
    }

    #[inline(always)]
    fn exponent(x: Self) -> (Self, Self) {
        const ROOT: u32 = std::f32::consts::FRAC_1_SQRT_2.to_bits();
        let bits = x.to_bits().wrapping_add(1_f32.to_bits() - ROOT);
        // The exponent as the last bits of a number, less what stands before them.
        let k = Self::from_bits((bits >> 23) | 8_388_608_f32.to_bits()) - (8_388_608.0 + 127.0);
        (k, Self::from_bits((bits & 0x007f_ffff) + ROOT))
    }
}

impl Elementary for f64 {
    const LOG2_E: Self = std::f64::consts::LOG2_E;
    const LN_2: [Self; 2] = [0.693_147_180_559_663, 2.823_529_056_303_157_7e-13];
    const EXP: &'static [Self] = &[
        0.500_000_000_000_000_1,
        0.166_666_666_666_666_69,
        0.041_666_666_666_624_164,
        0.008_333_333_333_330_065,
        0.001_388_888_891_719_671_9,
        0.000_198_412_698_630_405_45,
        2.480_152_132_236_869_2e-5,
        2.755_726_848_031_002_4e-6,
        2.762_007_587_998_336_7e-7,
        2.510_037_583_256_123_4e-8,
    ];
    const LN: &'static [Self] = &[
        0.666_666_666_666_667,
        0.399_999_999_998_995_05,
        0.285_714_286_259_754_87,
        0.222_222_111_347_950_8,
        0.181_828_891_252_617_23,
        0.153_317_216_005_560_42,
        0.146_164_496_850_434_06,
    ];
    const CDF: &'static [Self] = &[
        1.253_008_058_269_729_6,
        -0.135_621_106_124_575_73,
        -0.047_562_294_353_445_76,
        0.129_645_158_702_281,
        -0.119_273_663_415_753_35,
        0.068_308_027_356_440_51,
        -0.023_770_514_907_124_86,
        0.002_529_391_666_621_162_5,
        0.001_888_690_221_760_334_2,
        -0.000_779_831_276_440_303,
        -0.000_105_158_888_745_708,
        0.000_125_095_299_696_928_63,
        4.945_791_788_878_783e-6,
        -2.008_997_460_193_756_2e-5,
        -7.218_910_913_909_693e-7,
        3.454_264_081_544_901_5e-6,
        3.404_081_120_334_400_6e-7,
        -5.963_735_757_072_212e-7,
        -1.232_972_365_581_405e-7,
        8.764_763_429_942_915e-8,
        2.900_096_033_455_807e-8,
        -7.639_805_706_660_184e-9,
        -3.391_197_514_964_199_4e-9,
    ];
    const CDF_END: Self = 40.0;
    const ROUND: Self = 6_755_399_441_055_744.0;
    const EXP_ENDS: [Self; 2] = [-746.0, 710.0];
    const TANH_END: Self = 20.0;
    const NORMAL: [Self; 3] = [Self::MIN_POSITIVE, 18_014_398_509_481_984.0, 54.0];

    #[inline(always)]
    fn power_of_two(k: Self) -> Self {
        Self::from_bits((k + (Self::ROUND + 1023.0)).to_bits() << 52)
    }

    #[inline(always)]
    fn exponent(x: Self) -> (Self, Self) {
        const ROOT: u64 = std::f64::consts::FRAC_1_SQRT_2.to_bits();
        const BEFORE: f64 = 4_503_599_627_370_496.0;
        let bits = x.to_bits().wrapping_add(1_f64.to_bits() - ROOT);
        let k = Self::from_bits((bits >> 52) | BEFORE.to_bits()) - (BEFORE + 1023.0);
        (k, Self::from_bits((bits & 0x000f_ffff_ffff_ffff) + ROOT))
    }
}

/// The polynomial with these coefficients, the constant one first.
#[inline(always)]
fn polynomial<T: Real>(coefficients: &'static [T], x: T) -> T {
    coefficients.iter().rev().copied().reduce(|sum, c| sum.mul_add(x, c)).unwrap_or(T::ZERO)
}

/// The first where the condition holds, otherwise the second: no branch.
#[inline(always)]
fn select<T>(condition: bool, yes: T, no: T) -> T {
    if condition { yes } else { no }
}

/// k and p in e^x = 2ᵏ (1 + p), |x − k ln 2| ≤ ½ ln 2.
#[inline(always)]
fn exp_parts<T: Real>(x: T) -> (T, T) {
    let k = x.mul_add(T::LOG2_E, T::ROUND) - T::ROUND;
    let r = (-k).mul_add(T::LN_2[1], (-k).mul_add(T::LN_2[0], x));
    (k, (r * r).mul_add(polynomial(T::EXP, r), r))
}

/// `eˣ`.
#[inline(always)]
#[must_use]
pub fn exp_scalar<T: Real>(x: T) -> T {
    let [low, high] = T::EXP_ENDS;
    let x = select(x < low, low, select(x > high, high, x)); // NaN stays
    let (k, p) = exp_parts(x);
    // In two steps: 2ᵏ alone may be too large or too small. Only the last one rounds.
    let half = k.mul_add(T::of(0.5), T::ROUND) - T::ROUND;
    (T::ONE + p) * T::power_of_two(half) * T::power_of_two(k - half)
}

/// `ln(1 + f) + k ln 2` for √½ ≤ 1 + f < √2.
#[inline(always)]
fn ln_parts<T: Real>(k: T, f: T) -> T {
    let s = f / (T::of(2.0) + f);
    let z = s * s;
    let half_square = T::of(0.5) * f * f;
    let rest = s * (half_square + z * polynomial(T::LN, z));
    let low = k.mul_add(T::LN_2[1], rest);
    k.mul_add(T::LN_2[0], f - (half_square - low))
}

/// `ln x`.
#[inline(always)]
#[must_use]
pub fn ln_scalar<T: Real>(x: T) -> T {
    let [normal, scale, exponent] = T::NORMAL;
    let small = x < normal;
    let (k, m) = T::exponent(select(small, x * scale, x));
    let ln = ln_parts(k - select(small, exponent, T::ZERO), m - T::ONE);
    let infinity = T::of(f64::INFINITY);
    let end = select(x == T::ZERO, -infinity, select(x == infinity, x, T::of(f64::NAN)));
    select(x > T::ZERO && x < infinity, ln, end)
}

/// `tanh x = t / (t + 2)`, `t = e^2x − 1`, of the size of x.
#[inline(always)]
#[must_use]
pub fn tanh_scalar<T: Real>(x: T) -> T {
    let size = x.abs();
    let size = select(size > T::TANH_END, T::TANH_END, size);
    let (k, p) = exp_parts(size + size);
    let power = T::power_of_two(k);
    let t = power.mul_add(p, power - T::ONE); // without cancellation: for k = 0 it is p
    (t / (t + T::of(2.0))).copysign(x)
}

/// `σ(x) = 1 / (1 + e⁻ˣ)`, without overflow or cancellation for any x.
#[inline(always)]
#[must_use]
pub fn sigmoid_scalar<T: Real>(x: T) -> T {
    // e^−|x| never overflows; σ(−x) = 1 − σ(x) serves the negative half.
    let e = exp_scalar(-x.abs());
    select(x >= T::ZERO, T::ONE, e) / (T::ONE + e)
}

/// `eˣ − 1`, of the size of x where that is small.
#[inline(always)]
#[must_use]
pub fn exp_m1_scalar<T: Real>(x: T) -> T {
    let [low, high] = T::EXP_ENDS;
    let x = select(x < low, low, select(x > high, high, x)); // NaN stays
    let (k, p) = exp_parts(x);
    let half = k.mul_add(T::of(0.5), T::ROUND) - T::ROUND;
    let (one, two) = (T::power_of_two(half), T::power_of_two(k - half));
    // 2ᵏ p + (2ᵏ − 1), without cancellation: for k = 0 it is p. Where 2ᵏ is infinite, so is the result.
    let power = one * two;
    let small = power.mul_add(p, power - T::ONE);
    select(k > T::ONE, (T::ONE + p) * one * two - T::ONE, small)
}

/// `Φ(x)`, the normal distribution function: the probability of a standard normal number below x.
#[inline(always)]
#[must_use]
pub fn normal_cdf_scalar<T: Real>(x: T) -> T {
    let size = x.abs();
    let size = select(size > T::CDF_END, T::CDF_END, size);
    let square = size * size;
    let lost = size.mul_add(size, -square); // what the rounding of the square has taken
    let half = T::of(0.5);
    let e = exp_scalar(-half * square);
    let e = (-half * lost).mul_add(e, e);
    let z = size * T::of(std::f64::consts::FRAC_1_SQRT_2);
    let three = T::of(3.0);
    let t = (z - three) / (z + three);
    let tail = half * e * polynomial(T::CDF, t) / (T::ONE + z + z);
    select(x > T::ZERO, T::ONE - tail, tail)
}

/// `ln(1 + eˣ) = max(x, 0) + ln(1 + e^−|x|)`, without overflow or loss of small values.
#[inline(always)]
#[must_use]
pub fn softplus_scalar<T: Real>(x: T) -> T {
    let e = exp_scalar(-x.abs());
    // 1 + e, or half of it, lies between √½ and √2; nothing is lost by adding 1.
    let large = e > T::of(std::f64::consts::SQRT_2 - 1.0);
    let (k, f) = (select(large, T::ONE, T::ZERO), select(large, T::of(0.5) * (e - T::ONE), e));
    select(x > T::ZERO, x, T::ZERO) + ln_parts(k, f)
}

#[cfg(test)]
mod tests;

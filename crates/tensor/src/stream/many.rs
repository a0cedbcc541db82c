//! Many random numbers at once, with half a word or a word for each, in the registers of this processor.

use super::Draws;
use crate::{Real, ln_scalar, vectorized};
use rand::TryRng;

/// Words at once: as many as the generator makes at once.
const WORDS: usize = 64;

/// Half of them: normal numbers come in pairs.
const HALF: usize = WORDS / 2;

/// 2⁻³².
const SCALE: f64 = 1.0 / (1u64 << 32) as f64;

impl Draws {
    /// Numbers whose words are drawn together, or a multiple of them: work is cut between such runs.
    pub const RUN: usize = 2 * WORDS;

    /// Goes to number `index` of [`Draws::map_halves`], a multiple of [`Draws::RUN`].
    #[must_use]
    pub fn seek_half(mut self, index: u64) -> Self {
        self.0.set_word_pos(u128::from(index / 2));
        self
    }

    /// Goes to number `index` of [`Draws::map_normals`], a multiple of [`Draws::RUN`].
    #[must_use]
    pub fn seek_one_of_many(mut self, index: u64) -> Self {
        self.0.set_word_pos(u128::from(index));
        self
    }

    /// `x ← f(x, half)` for each number, with 16 random bits of its own.
    #[inline]
    pub fn map_halves<T: Real>(&mut self, numbers: &mut [T], f: impl Fn(T, u16) -> T) {
        for part in numbers.chunks_mut(2 * WORDS) {
            let halves = self.halves();
            vectorized(
                #[inline(always)]
                || part.iter_mut().zip(&halves).for_each(|(x, &half)| *x = f(*x, half)),
            );
        }
    }

    /// `x ← f(x, n)` for each number, with a normal n of mean 0 and variance 1: none beyond ±6.7.
    ///
    /// By the transform of Box and Muller (1958), of which both numbers are used.
    #[inline]
    pub fn map_normals<T: Real>(&mut self, numbers: &mut [T], f: impl Fn(T, T) -> T) {
        for part in numbers.chunks_mut(WORDS) {
            let words = self.words();
            let mut normals = [0.0; WORDS];
            vectorized(
                #[inline(always)]
                || {
                    let (lengths, angles) = words.split_at(HALF);
                    let (ones, others) = normals.split_at_mut(HALF);
                    let pairs = ones.iter_mut().zip(others).zip(lengths.iter().zip(angles));
                    for ((one, other), (&length, &angle)) in pairs {
                        let radius = (-2.0 * ln_scalar((f64::from(length) + 1.0) * SCALE)).sqrt();
                        let (cos, sin) = turn(f64::from(angle.cast_signed()) * SCALE);
                        (*one, *other) = (radius * cos, radius * sin);
                    }
                    part.iter_mut().zip(&normals).for_each(|(x, &n)| *x = f(*x, T::of(n)));
                },
            );
        }
    }

    /// [`Draws::map_normals`] for the numbers from `first` on, any of many: whoever has a part of them gets
    /// the same as whoever has them all.
    pub fn map_normals_from<T: Real>(
        self,
        first: u64,
        numbers: &mut [T],
        f: impl Fn(T, T) -> T + Copy,
    ) {
        let before = (first % Self::RUN as u64) as usize; // numbers of its run that stand before it
        let mut draws = self.seek_one_of_many(first - before as u64);
        let mut run = [T::ZERO; Self::RUN];
        let head = if before == 0 { 0 } else { numbers.len().min(Self::RUN - before) };
        let (head, rest) = numbers.split_at_mut(head);
        if !head.is_empty() {
            draws.map_normals(&mut run, |_, n| n);
            head.iter_mut().zip(&run[before..]).for_each(|(x, &n)| *x = f(*x, n));
        }
        draws.map_normals(rest, f);
    }

    /// The next words, from the beginning of a run on.
    fn words(&mut self) -> [u32; WORDS] {
        let bytes = self.bytes();
        let (words, _) = bytes.as_chunks::<4>();
        std::array::from_fn(|i| u32::from_le_bytes(words[i]))
    }

    /// The halves of these words, the lower one first.
    fn halves(&mut self) -> [u16; 2 * WORDS] {
        let bytes = self.bytes();
        let (halves, _) = bytes.as_chunks::<2>();
        std::array::from_fn(|i| u16::from_le_bytes(halves[i]))
    }

    fn bytes(&mut self) -> [u8; 4 * WORDS] {
        let mut bytes = [0; 4 * WORDS];
        let Ok(()) = self.0.try_fill_bytes(&mut bytes);
        bytes
    }
}

/// cos 2πt and sin 2πt for |t| ≤ ½, to 1e-13: by their series in the eighth of a turn next to 0, to
/// which the quarters of a turn lead back.
#[inline(always)]
fn turn(t: f64) -> (f64, f64) {
    const SIN: [f64; 7] = [
        1.0,
        -1.0 / 6.0,
        1.0 / 120.0,
        -1.0 / 5_040.0,
        1.0 / 362_880.0,
        -1.0 / 39_916_800.0,
        1.0 / 6_227_020_800.0,
    ];
    const COS: [f64; 8] = [
        1.0,
        -1.0 / 2.0,
        1.0 / 24.0,
        -1.0 / 720.0,
        1.0 / 40_320.0,
        -1.0 / 3_628_800.0,
        1.0 / 479_001_600.0,
        -1.0 / 87_178_291_200.0,
    ];
    const ROUND: f64 = 1.5 * (1u64 << 52) as f64; // adding it rounds to whole numbers
    let quarter = (4.0 * t + ROUND) - ROUND;
    let a = std::f64::consts::TAU * (t - 0.25 * quarter);
    let square = a * a;
    let series = |terms: &[f64]| terms.iter().rev().fold(0.0_f64, |sum, &k| sum.mul_add(square, k));
    let (cos, sin) = (series(&COS), a * series(&SIN));
    let sign = if quarter == 0.0 { 1.0 } else { -1.0 };
    let (even, odd) = ((sign * cos, sign * sin), (-quarter * sin, quarter * cos));
    if quarter.abs() == 1.0 { odd } else { even }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Stream, Welford};

    fn draws() -> Draws {
        Stream::new(5, "many").sample(3)
    }

    #[test]
    fn a_turn_is_a_turn() {
        for i in -1000..=1000 {
            let t = f64::from(i) / 2000.0;
            let (sin, cos) = (std::f64::consts::TAU * t).sin_cos();
            let got = turn(t);
            assert!((got.0 - cos).abs() < 1e-13 && (got.1 - sin).abs() < 1e-13, "{t}: {got:?}");
        }
    }

    /// The halves are those of the generator's words, one after the other, from any run on.
    #[test]
    fn halves_are_in_order() {
        let mut numbers = [0.0; 3 * WORDS + 6];
        draws().map_halves(&mut numbers, |_, half| f64::from(half));
        let mut one_by_one = draws();
        for pair in numbers.chunks_exact(2) {
            let Ok(word) = one_by_one.try_next_u32();
            assert_eq!(pair, [f64::from(word & 0xffff), f64::from(word >> 16)]);
        }
        let mut late = [0.0; 9];
        draws().seek_half(Draws::RUN as u64).map_halves(&mut late, |_, half| f64::from(half));
        assert_eq!(late, numbers[Draws::RUN..][..9]);
    }

    #[test]
    fn normal_numbers_are_normal() {
        let mut numbers = vec![0.0_f64; 200_000];
        draws().map_normals(&mut numbers, |_, n| n);
        let mut late = vec![0.0_f32; 100];
        let middle = 100 * WORDS;
        draws().seek_one_of_many(middle as u64).map_normals(&mut late, |_, n| n);
        assert!(late.iter().zip(&numbers[middle..]).all(|(a, &b)| *a == b as f32));

        for (first, len) in [(0, 300), (1, 5), (127, 1), (130, 700), (64, 64)] {
            let mut part = vec![1.0; len];
            draws().map_normals_from(first as u64, &mut part, |x, n| x + n);
            assert!(part.iter().zip(&numbers[first..]).all(|(a, b)| *a == 1.0 + b), "{first}");
        }

        let moment = |power: i32, expected: f64, variance: f64| {
            let mut moments = Welford::default();
            moments.extend(numbers.iter().map(|x| x.powi(power)));
            let off = (moments.mean - expected) / (variance / numbers.len() as f64).sqrt();
            assert!(off.abs() < 5.0, "moment {power}: {}", moments.mean);
        };
        moment(1, 0.0, 1.0);
        moment(2, 1.0, 2.0);
        moment(3, 0.0, 15.0);
        moment(4, 3.0, 96.0);
        // Both numbers of a pair, and neighbours, are independent.
        for apart in [1, HALF, WORDS] {
            let pairs = numbers.iter().zip(&numbers[apart..]);
            let sum: f64 = pairs.map(|(a, b)| a * b).sum();
            assert!(sum.abs() < 5.0 * (numbers.len() as f64).sqrt(), "{apart}: {sum}");
        }
    }

    /// Pins the numbers: a change would change every seeded run.
    #[test]
    fn numbers_are_fixed_for_ever() {
        let mut normals = [0.0_f32; 3];
        draws().map_normals(&mut normals, |_, n| n);
        assert_eq!(normals, PINNED);
    }
    const PINNED: [f32; 3] = [-0.538_173_14, 0.649_499_5, 0.833_941_1];
}

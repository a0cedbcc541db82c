//! Random-access randomness: a function of (seed, stream name, coordinates).

mod many;

use rand::TryRng;
use rand::rand_core::{Infallible, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A named stream of random numbers, addressed by sample.
///
/// Two streams of different seed, name or coordinates are independent. A stream is a value: it
/// holds no position, so the layout of batches and the number of workers cannot change what a
/// sample draws. The numbers are those of ChaCha with 8 rounds, whose output never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    key: [u64; 4],
}

impl Stream {
    /// The stream `name` of `seed`, at the coordinates (0, 0).
    #[must_use]
    pub fn new(seed: u64, name: &str) -> Self {
        Self { key: [seed, fnv1a(0xcbf2_9ce4_8422_2325, name.as_bytes()), 0, 0] }
    }

    /// A stream below this one, for a part of what it serves.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.key[1] = fnv1a(fnv1a(self.key[1], b"/"), name.as_bytes());
        self
    }

    /// The stream `number` of several below this one that share a name. Number 0 is this stream itself.
    #[must_use]
    pub fn numbered(mut self, name: &str, number: u64) -> Self {
        if number > 0 {
            self = self.named(name);
            self.key[1] = fnv1a(self.key[1], &number.to_le_bytes());
        }
        self
    }

    /// The same stream of another seed.
    #[must_use]
    pub fn seeded(mut self, seed: u64) -> Self {
        self.key[0] = seed;
        self
    }

    /// The same stream at other coordinates, such as the phase and the epoch of a run.
    #[must_use]
    pub fn at(mut self, phase: u64, epoch: u64) -> Self {
        (self.key[2], self.key[3]) = (phase, epoch);
        self
    }

    /// The numbers of one sample, from its first element.
    #[must_use]
    pub fn sample(&self, sample: u64) -> Draws {
        let mut seed = [0; 32];
        for (bytes, word) in seed.chunks_exact_mut(8).zip(self.key) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        let mut generator = ChaCha8Rng::from_seed(seed);
        generator.set_stream(sample);
        Draws(generator)
    }
}

/// The hash FNV-1a of `bytes`, continued from `hash`.
fn fnv1a(hash: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(hash, |h, &byte| (h ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The numbers of one sample of a [`Stream`], in order or from any element on.
///
/// It is also a [`rand::Rng`], for the distributions of that crate; [`Draws::uniform`] and
/// [`Draws::normal`] consume a fixed count of words, which random access needs.
#[derive(Debug)]
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// Goes to element `index` of a sequence of uniform draws.
    #[must_use]
    pub fn seek_uniform(mut self, index: u64) -> Self {
        self.0.set_word_pos(2 * u128::from(index));
        self
    }

    /// Goes to element `index` of a sequence of normal draws.
    #[must_use]
    pub fn seek_normal(mut self, index: u64) -> Self {
        self.0.set_word_pos(4 * u128::from(index));
        self
    }

    /// Uniform in [0, 1), with 53 bits. Consumes two words.
    pub fn uniform(&mut self) -> f64 {
        const SCALE: f64 = 1.0 / (1u64 << 53) as f64;
        (self.word() >> 11) as f64 * SCALE
    }

    /// Normal with mean 0 and variance 1, by the transform of Box and Muller (1958). Consumes
    /// four words.
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt(); // 1 − u lies in (0, 1]
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// An integer in 0..`n` for `n ≥ 1`, by the multiplication of Lemire (2019) without
    /// rejection: the bias is below n / 2⁶⁴. Consumes two words.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.word()) * u128::from(n)) >> 64) as u64
    }

    /// A permutation of `items` after Fisher and Yates.
    pub fn shuffle<I>(&mut self, items: &mut [I]) {
        for last in (1..items.len()).rev() {
            let other = self.below(last as u64 + 1) as usize;
            items.swap(last, other);
        }
    }

    fn word(&mut self) -> u64 {
        let Ok(word) = self.0.try_next_u64();
        word
    }
}

impl TryRng for Draws {
    type Error = Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        self.0.try_next_u32()
    }
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        self.0.try_next_u64()
    }
    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        self.0.try_fill_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Welford;

    #[test]
    fn access_is_random() {
        let stream = Stream::new(42, "dropout").at(1, 7);
        let mut forward = stream.sample(3);
        let uniform: Vec<f64> = (0..100).map(|_| forward.uniform()).collect();
        assert_eq!(uniform[57], stream.sample(3).seek_uniform(57).uniform());
        let mut forward = stream.sample(3);
        let normal: Vec<f64> = (0..100).map(|_| forward.normal()).collect();
        assert_eq!(normal[57], stream.sample(3).seek_normal(57).normal());
    }

    #[test]
    fn every_coordinate_matters() {
        let base = Stream::new(1, "a");
        let others = [
            Stream::new(2, "a"),
            Stream::new(1, "b"),
            base.at(1, 0),
            base.at(0, 1),
            base.named("a"),
            base.numbered("a", 1),
            base.numbered("a", 2),
            base.numbered("b", 1),
            base.numbered("a", 1).numbered("b", 1),
        ];
        let first = base.sample(0).uniform();
        assert!(others.iter().all(|s| s.sample(0).uniform() != first));
        assert_ne!(base.sample(1).uniform(), first);
        let different: std::collections::BTreeSet<u64> =
            others.iter().map(|s| s.sample(0).uniform().to_bits()).collect();
        assert_eq!(different.len(), others.len());
        assert_eq!(base.numbered("a", 0), base);
    }

    #[test]
    fn moments_are_right() {
        let mut draws = Stream::new(9, "moments").sample(0);
        let (mut u, mut n) = (Welford::default(), Welford::default());
        for _ in 0..100_000 {
            u.add(draws.uniform(), 1.0);
            n.add(draws.normal(), 1.0);
        }
        assert!((u.mean - 0.5).abs() < 5e-3 && (u.variance() - 1.0 / 12.0).abs() < 1e-3);
        assert!(n.mean.abs() < 0.015 && (n.variance() - 1.0).abs() < 0.02);
    }

    /// Pins the stream: a change of these numbers would change every seeded run.
    #[test]
    fn numbers_are_fixed_for_ever() {
        let mut draws = Stream::new(42, "pin").sample(1);
        let got: Vec<u64> = (0..3).map(|_| draws.below(1_000_000)).collect();
        assert_eq!(got, PINNED);
    }
    const PINNED: [u64; 3] = [920_874, 771_821, 133_001];

    #[test]
    fn shuffles_are_permutations() {
        let mut items: Vec<u32> = (0..50).collect();
        Stream::new(3, "order").sample(0).shuffle(&mut items);
        assert!(items.windows(2).any(|w| w[0] > w[1]));
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}

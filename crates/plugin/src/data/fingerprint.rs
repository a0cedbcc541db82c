//! `Fingerprint`: a number by which data that were seen before are known again.

/// A number that changes with every word that is added, and with their order.
///
/// Each word is mixed so that all of its bits reach all bits of the number: small whole numbers, as
/// doubles, differ in their highest bits alone. The mixing is that of Evensen (2018), *On the mixing
/// functions in "Fast splittable pseudorandom number generators"*, with the constant of degski.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// Adds a word.
    pub const fn add(&mut self, word: u64) {
        let mut x = self.0 ^ word;
        x ^= x >> 32;
        x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
        x ^= x >> 32;
        x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
        x ^= x >> 32;
        // A word that is 0 must count as well.
        self.0 = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    }

    /// The number.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }
}

impl Default for Fingerprint {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn small_whole_numbers_are_told_apart() {
        // All columns of 11 rows with the values 0, 1 and 2.
        let columns = 3_u32.pow(11);
        let of = |column: u32| {
            let mut all = Fingerprint::default();
            (0..11).for_each(|row| all.add(f64::from(column / 3_u32.pow(row) % 3).to_bits()));
            all.value()
        };
        let seen: HashSet<u64> = (0..columns).map(of).collect();
        assert_eq!(seen.len(), columns as usize);
    }
}

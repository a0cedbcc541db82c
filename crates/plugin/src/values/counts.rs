//! `Counts`: which counts of the clock a schedule looks at.

use crate::{Clock, Unit};
use std::fmt;
use std::ops::BitOr;

/// A set of units: what the values of a schedule depend on. None of them for a constant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts(u8);

const UNITS: [Unit; 3] = [Unit::Epochs, Unit::Samples, Unit::Iterations];

impl Counts {
    /// No count: always the same value.
    pub const NOTHING: Self = Self(0);

    /// Any count: nothing is known of what a schedule looks at.
    pub const ANYTHING: Self = Self(0b111);

    /// Only this unit.
    #[must_use]
    pub const fn only(unit: Unit) -> Self {
        Self(1 << unit as u8)
    }

    /// Whether nothing is in this set that is not in another one, too.
    #[must_use]
    pub const fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// The units of the set.
    pub fn units(self) -> impl Iterator<Item = Unit> {
        UNITS.into_iter().filter(move |&unit| Self::only(unit).within(self))
    }

    /// A clock that shows these counts as `clock` does, and 0 for all others.
    #[must_use]
    pub fn of(self, clock: Clock) -> Clock {
        self.units().fold(Clock::default(), |shown, unit| unit.set(shown, unit.count(clock)))
    }
}

impl From<Unit> for Counts {
    fn from(unit: Unit) -> Self {
        Self::only(unit)
    }
}

impl BitOr for Counts {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// `epochs and iterations`, or `nothing`.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units: Vec<String> = self.units().map(|unit| unit.to_string()).collect();
        f.write_str(&if units.is_empty() { "nothing".to_owned() } else { units.join(" and ") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_units() {
        let both = Counts::only(Unit::Epochs) | Unit::Iterations.into();
        assert_eq!(both.to_string(), "epochs and iterations");
        assert_eq!(Counts::NOTHING.to_string(), "nothing");
        assert!(Counts::NOTHING.within(both) && both.within(Counts::ANYTHING));
        assert!(!both.within(Unit::Epochs.into()) && !Counts::only(Unit::Samples).within(both));
        let clock = Clock { epoch: 1, iteration: 2, samples: 3, ..Clock::default() };
        assert_eq!(both.of(clock), Clock { samples: 0, ..clock });
    }
}

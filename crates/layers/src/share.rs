//! `Share`: how much is dropped, said by its share or by the share that is kept; and the `Rate` it means.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Clock, Scheduled, SettingError};
use tanren_tensor::{Draws, Real};

/// How much is dropped: exactly one of the two settings is given.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Self::either)]
pub(crate) struct Share {
    /// The share that is dropped, a number or a schedule, from 0 to below 1. Either this or `keep`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[setting(from = 0, below = 1)]
    pub(crate) drop: Option<Scheduled>,
    /// The share that is kept, a number or a schedule, above 0, up to 1. Either this or `drop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[setting(above = 0, to = 1)]
    pub(crate) keep: Option<Scheduled>,
}

impl Share {
    /// Drops this share.
    #[must_use]
    pub(crate) fn drop(share: impl Into<Scheduled>) -> Self {
        Self { drop: Some(share.into()), keep: None }
    }

    /// Keeps this share.
    #[must_use]
    pub(crate) fn keep(share: impl Into<Scheduled>) -> Self {
        Self { drop: None, keep: Some(share.into()) }
    }

    /// Whether exactly one of the settings is given.
    fn either(&self) -> Result<(), SettingError> {
        match (&self.drop, &self.keep) {
            (Some(_), None) | (None, Some(_)) => Ok(()),
            (None, None) => {
                let expected = "the share that is dropped, or `keep`, the share that is kept";
                Err(SettingError::new("drop", expected, "neither"))
            }
            (Some(drop), Some(keep)) => {
                let found = format!("drop = {drop} and keep = {keep}");
                Err(SettingError::new("drop", "one of `drop` and `keep`", found))
            }
        }
    }

    /// The probabilities at `clock` of a share that was checked.
    pub(crate) fn rate(&self, clock: Clock) -> Rate {
        let at = |share: &Scheduled| share.at(clock);
        match (self.drop.as_ref().map(at), self.keep.as_ref().map(at)) {
            (Some(drop), _) => Rate::dropping(drop),
            (None, keep) => {
                let keep = keep.unwrap_or(1.0);
                Rate { drop: 1.0 - keep, keep }
            }
        }
    }
}

/// The probabilities that a number is dropped, and that it is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rate {
    /// The probability that a number is dropped.
    pub(crate) drop: f64,
    /// The probability that it is kept: 1 − `drop`.
    pub(crate) keep: f64,
}

impl Rate {
    /// Drops this share.
    pub(crate) fn dropping(drop: f64) -> Self {
        Self { drop, keep: 1.0 - drop }
    }

    /// The rate as 16 bits draw it: a multiple of 2⁻¹⁶, which is 0 only where nothing is dropped. Whoever
    /// makes up for what is dropped does so by this one, so that means are exact.
    #[must_use]
    pub(crate) fn drawn(self) -> Self {
        Self::dropping(f64::from(self.least()) / PARTS)
    }

    /// Multiplies each number by 0, with the probability `drop`, or by 1 / `keep`, as [drawn](Self::drawn).
    pub(crate) fn apply<T: Real>(self, draws: &mut Draws, numbers: &mut [T]) {
        let (least, kept) = (self.least(), T::of(1.0 / self.drawn().keep));
        draws.map_halves(numbers, |x, half| if half < least { T::ZERO } else { x * kept });
    }

    /// Of 2¹⁶ numbers as likely as each other, those below this one drop: at least one where anything is to
    /// be dropped, and never all.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 ≤ drop < 1")]
    fn least(self) -> u16 {
        let least = (self.drop * PARTS).round() as u16; // saturates
        least.max(u16::from(self.drop > 0.0))
    }
}

/// Numbers of 16 bits.
const PARTS: f64 = 65_536.0;

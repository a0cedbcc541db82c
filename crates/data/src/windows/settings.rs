//! How far a window reaches, by its settings, and what its numbers are called.

use crate::windows::{Relative, Windows};

impl Windows {
    /// How many steps up to its origin a window needs to know.
    pub(super) fn past(&self) -> usize {
        let lag = self.difference.iter().copied().max().unwrap_or(0);
        self.length.saturating_add(lag).max(self.period.unwrap_or(0).saturating_mul(self.seasons))
    }

    /// How many steps after its origin the target of a window ends.
    pub(super) fn ahead(&self) -> usize {
        self.gap.saturating_add(self.horizon)
    }

    /// What so many steps are needed for, in words.
    pub(super) fn needs(&self, with_targets: bool) -> String {
        let mut needs = vec![format!("{} of a window", self.length)];
        let more = self.past() - self.length;
        if more > 0 {
            let seasons = if self.seasons > 1 { " or `seasons`" } else { " or `period`" };
            needs.push(format!("{more} before it for `difference`{seasons}"));
        }
        if with_targets && self.gap > 0 {
            needs.push(format!("{} of the gap", self.gap));
        }
        if with_targets {
            needs.push(format!("{} to forecast", self.horizon));
        }
        needs.join(", ")
    }

    /// Whether targets are in other units than their own.
    pub(super) fn has_frame(&self) -> bool {
        self.log || self.scale || self.relative != Relative::None
    }

    /// Numbers at each step that the source itself makes of so many targets.
    pub(super) fn own_width(&self, targets: usize) -> usize {
        targets.saturating_mul(1 + self.difference.len())
    }

    /// The steps after the origin that are forecast.
    pub(super) fn leads(&self) -> impl Iterator<Item = usize> + Clone + use<> {
        self.gap + 1..=self.ahead()
    }

    /// What the value of a target so many steps ahead is called.
    pub(super) fn ahead_name(target: &str, lead: usize) -> String {
        format!("{target}+{lead}")
    }
}

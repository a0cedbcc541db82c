//! `LevelSet`: the levels met in a column, no more than were asked for.

use std::collections::HashSet;

/// What a level takes beside its text: its place in the set and in memory.
const OVERHEAD: usize = 64;

/// Levels, while a file is read for the first time.
pub(super) enum LevelSet {
    /// All so far.
    Levels(HashSet<Box<str>>),
    /// More than the limit, which was reached after so many cells.
    TooMany(usize),
}

impl LevelSet {
    pub(super) fn new() -> Self {
        Self::Levels(HashSet::new())
    }

    /// Adds the level of the cell number `cell`, unless that makes more than `limit`. What it takes
    /// comes from `budget`; `false` when that is spent.
    pub(super) fn add(
        &mut self,
        level: &str,
        cell: usize,
        limit: usize,
        budget: &mut usize,
    ) -> bool {
        let Self::Levels(levels) = self else { return true };
        if levels.contains(level) {
            return true;
        }
        if levels.len() >= limit {
            *budget += levels.iter().map(|level| level.len() + OVERHEAD).sum::<usize>();
            *self = Self::TooMany(cell);
            return true;
        }
        let Some(left) = budget.checked_sub(level.len() + OVERHEAD) else { return false };
        *budget = left;
        levels.insert(level.into())
    }

    /// The levels in no order; `None` where they are not known.
    pub(super) fn known(&self) -> Option<Vec<&str>> {
        match self {
            Self::Levels(levels) => Some(levels.iter().map(AsRef::as_ref).collect()),
            Self::TooMany(_) => None,
        }
    }
}

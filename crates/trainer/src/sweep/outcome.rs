//! What has come of a sweep.

use super::lane::Judged;
use super::{Comparison, Diverged, Entry, Sweep};
use crate::Recipe;
use tanren_plugin::{Better, Reason, Watched};

/// What has become of a candidate.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It was trained as long as any.
    Finished,
    /// Others were better after this rung, from 0.
    Cut {
        /// The rung.
        rung: usize,
    },
    /// Its loss was no number, or too large to come back.
    Diverged(Diverged),
    /// The sweep was ended before.
    Interrupted,
}

/// A candidate and what has come of it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// What tells it from the others.
    pub label: String,
    /// Its recipe.
    pub recipe: Recipe,
    /// The training loss of every update, of several seeds the mean.
    pub curve: Vec<f64>,
    /// What it was worth when it was last judged; NaN if it never was.
    pub score: f64,
    /// Updates made, with all seeds.
    pub updates: u64,
    /// What has become of it.
    pub fate: Fate,
    /// If it was cut, the last of those that were better and went on.
    pub behind: Option<usize>,
    /// Why its own recipe ended it early, if so.
    pub ended: Option<Reason>,
}

/// What has come of a sweep.
#[derive(Clone, Debug)]
pub struct SweepOutcome {
    /// The candidates, in the order in which they were given.
    pub tried: Vec<Tried>,
    /// The name of the score they are judged by, and which way it improves.
    pub score: (String, Better),
    /// The rows it is computed on.
    pub rows: Watched,
    /// The updates after which they were compared.
    pub rungs: Vec<u64>,
    /// The best of those that were trained longest; `None` where all diverged, or where there are several
    /// and all score the same.
    pub winner: Option<usize>,
    /// Those that were trained longest, where there are several and all score the same.
    pub tied: Vec<usize>,
    /// What the [trivial](crate::Trivial) prediction scores; NaN where that is not defined.
    pub trivial: f64,
    /// The winner beside the others that were trained as long, the best of these first.
    pub comparisons: Vec<Comparison>,
    /// Updates of all candidates.
    pub updates: u64,
    /// The updates that the recipe of a candidate allows; of several the most.
    pub allowed: u64,
    /// Why the sweep was ended early, if so.
    pub interrupted: Option<Reason>,
}

impl Entry<'_> {
    /// Takes what each seed is worth after one more rung.
    pub(super) fn take(&mut self, seeds: Vec<Judged>, last: bool) {
        let sum: f64 = seeds.iter().map(|judged| judged.score).sum();
        self.scores.push(sum / seeds.len() as f64);
        if last {
            self.groups = seeds.into_iter().map(|judged| judged.groups).collect();
        }
    }

    fn tried(&self) -> Tried {
        let progress = || self.lanes.iter().map(|lane| lane.progress());
        let length = progress().map(|p| p.curve.len()).min().unwrap_or(0);
        let mean = |i: usize| progress().map(|p| p.curve[i]).sum::<f64>() / self.lanes.len() as f64;
        Tried {
            label: self.label.clone(),
            recipe: self.recipe.clone(),
            curve: (0..length).map(mean).collect(),
            score: self.scores.last().copied().unwrap_or(f64::NAN),
            updates: progress().map(|p| p.updates).sum(),
            fate: self.fate.clone(),
            behind: self.behind,
            ended: progress().find_map(|p| p.ended.clone()),
        }
    }
}

impl Sweep<'_> {
    /// What has come of it so far.
    #[must_use]
    pub fn outcome(&self) -> SweepOutcome {
        let tried: Vec<Tried> = self.entries.iter().map(Entry::tried).collect();
        let furthest = self.furthest();
        let equal = furthest.len() > 1
            && furthest.windows(2).all(|pair| tried[pair[0]].score == tried[pair[1]].score);
        let (winner, tied) = if equal { (None, furthest) } else { (self.best(), Vec::new()) };
        let sign = match self.judge.better {
            Better::Higher => 1.0,
            Better::Lower => -1.0,
        };
        let beside = |winner: usize| {
            let entry = &self.entries[winner];
            let far = |k: &usize| {
                let other = &self.entries[*k];
                let diverged = matches!(other.fate, Fate::Diverged(_));
                *k != winner && !diverged && other.scores.len() == self.rungs.len()
            };
            let mut others: Vec<usize> = (0..tried.len()).filter(far).collect();
            others.sort_by(|&a, &b| self.judge.rank(tried[a].score, tried[b].score));
            let compare =
                |k: usize| Comparison::new(k, (&entry.groups, &self.entries[k].groups), sign);
            others.into_iter().filter_map(compare).collect()
        };
        SweepOutcome {
            winner,
            tied,
            trivial: self.trivial,
            comparisons: winner.map_or_else(Vec::new, beside),
            score: (self.judge.score.clone(), self.judge.better),
            rows: self.judge.rows,
            rungs: self.rungs.clone(),
            updates: tried.iter().map(|tried| tried.updates).sum(),
            allowed: self.allowed,
            interrupted: self.interrupted.clone(),
            tried,
        }
    }
}

//! The result of a sweep for people: curves, a table, the winner.

use super::Found;
use crate::files::paths;
use crate::output::figures::{counted, grouped, significant};
use crate::output::letters::{Curve, letters};
use crate::output::plot::canvas;
use crate::output::summary::number;
use crate::verbs::sweep::about;
use crate::verbs::sweep::axes::sets;
use crate::verbs::sweep::noted::paired;
use std::cmp::Ordering;
use std::fmt::Write as _;
use tanren_plugin::Watched;
use tanren_trainer::{Comparison, Fate, Setup};

/// Curves that are drawn, at most.
const DRAWN: usize = 8;
/// Lines of the table, at most.
const LINES: usize = 40;
/// The columns of a line.
const WIDTH: usize = 80;
/// Candidates that a line names, at most.
const NAMED: usize = 3;

impl Found {
    /// The whole result as text.
    pub(crate) fn text(&self, setup: &Setup, columns: Option<usize>) -> String {
        let order = self.order();
        let mut text = about(setup);
        let letter = |place: usize| char::from(b'a' + place as u8);
        let shown = order.iter().take(DRAWN).enumerate();
        let curves = shown.map(|(place, &k)| Curve {
            letter: letter(place),
            values: &self.outcome.tried[k].curve,
        });
        let drawn = letters(&curves.collect::<Vec<_>>(), canvas(columns));
        if !drawn.is_empty() {
            let _ = write!(text, "\n\nTraining loss (logarithmic)\n{drawn}");
        }
        text.push('\n');
        self.table(&mut text, &order, &letter);
        text.push('\n');
        self.conclusion(&mut text);
        text
    }

    /// The candidates, the best first: those that were trained longest before those that were cut.
    fn order(&self) -> Vec<usize> {
        let tried = &self.outcome.tried;
        let far = |k: usize| match tried[k].fate {
            Fate::Finished => (0, 0),
            Fate::Cut { rung } => (1, usize::MAX - rung),
            Fate::Interrupted => (2, 0),
            Fate::Diverged(_) => (3, usize::MAX - tried[k].updates as usize),
        };
        let better = self.outcome.score.1;
        let by_score = |a: usize, b: usize| match (tried[a].score, tried[b].score) {
            (a, b) if better.than(a, b) => Ordering::Less,
            (a, b) if better.than(b, a) => Ordering::Greater,
            _ => Ordering::Equal,
        };
        let mut order: Vec<usize> = (0..tried.len()).collect();
        order.sort_by(|&a, &b| far(a).cmp(&far(b)).then_with(|| by_score(a, b)));
        if let Some(winner) = self.outcome.winner {
            order.sort_by_key(|&k| k != winner);
        }
        order
    }

    /// The name of the score, with the rows it is computed on.
    fn score(&self) -> String {
        let rows = match self.outcome.rows {
            Watched::Train => "train",
            Watched::Validation => "val",
        };
        format!("{rows} {}", self.outcome.score.0)
    }

    fn table(&self, text: &mut String, order: &[usize], letter: &dyn Fn(usize) -> char) {
        let width = |axis: usize| {
            let values = self.choices.iter().map(|choice| choice.values[axis].chars().count());
            values.max().unwrap_or(0).max(self.name(axis).chars().count())
        };
        let widths: Vec<usize> = (0..self.axes.len()).map(width).collect();
        let score = self.score();
        let room = score.chars().count().max(9);
        text.push_str("   ");
        for (axis, width) in widths.iter().enumerate() {
            let _ = write!(text, "  {:>width$}", self.name(axis));
        }
        let _ = writeln!(text, "  {score:>room$}  updates  what happened");
        for (place, &k) in order.iter().enumerate().take(LINES) {
            let own = if place < DRAWN { letter(place) } else { ' ' };
            let _ = write!(text, "  {own}");
            for (value, width) in self.choices[k].values.iter().zip(&widths) {
                let _ = write!(text, "  {value:>width$}");
            }
            let tried = &self.outcome.tried[k];
            let score = if tried.score.is_nan() { "-".into() } else { number(tried.score) };
            let updates = grouped(tried.updates as usize);
            let what = self.happened(k, &|other| {
                let place = order.iter().position(|&k| k == other).filter(|&place| place < DRAWN);
                place.map_or_else(|| self.called(other), |place| letter(place).to_string())
            });
            let _ = writeln!(text, "  {score:>room$}  {updates:>7}  {what}");
        }
        if order.len() > LINES {
            let _ = writeln!(text, "  … and {} more", order.len() - LINES);
        }
    }

    /// What has become of a candidate; `short` is what another one is called in the table.
    fn happened(&self, k: usize, short: &dyn Fn(usize) -> String) -> String {
        let tried = &self.outcome.tried[k];
        let mut what = match tried.fate {
            _ if self.outcome.winner == Some(k) => "best".to_owned(),
            _ if self.outcome.tied.contains(&k) => "no better than the others".into(),
            Fate::Finished => "trained to the end".into(),
            Fate::Cut { rung } => {
                let after =
                    format!("cut after {}", counted(self.outcome.rungs[rung] as usize, "update"));
                match tried.behind {
                    Some(other) => format!("{after}, behind {}", short(other)),
                    None => after,
                }
            }
            Fate::Interrupted => "interrupted".into(),
            Fate::Diverged(diverged) if diverged.loss.is_finite() => {
                format!(
                    "diverged: loss {} in update {}",
                    significant(diverged.loss),
                    diverged.update
                )
            }
            Fate::Diverged(diverged) => format!("diverged in update {}", diverged.update),
        };
        if let Some(reason) =
            tried.ended.as_ref().filter(|_| matches!(tried.fate, Fate::Finished | Fate::Cut { .. }))
        {
            let _ = write!(what, "; {}", reason.0);
        }
        what
    }

    fn conclusion(&self, text: &mut String) {
        match self.outcome.winner {
            Some(winner) => self.won(winner, text),
            None => self.tie(text),
        }
        if let Some(trivial) = self.nothing_learnt() {
            let _ = writeln!(
                text,
                "Nothing  none is better than the trivial prediction, {} {}:\n         \
                 none of them has learnt anything",
                self.score(),
                number(trivial)
            );
        }
        let (updates, allowed) = (self.outcome.updates, self.outcome.allowed.max(1));
        let _ = writeln!(
            text,
            "Cost     {}, {}",
            counted(updates as usize, "update"),
            whole_runs(updates as f64 / allowed as f64)
        );
        if let Some(winner) = self.outcome.winner {
            self.next(winner, text);
        }
    }

    /// The winner, how sure that is, and where to go on.
    fn won(&self, winner: usize, text: &mut String) {
        let tried = &self.outcome.tried[winner];
        let called = self.called(winner);
        let called =
            if self.axes.len() == 1 { format!("{} {called}", self.name(0)) } else { called };
        let score = number(tried.score);
        let _ = writeln!(text, "Winner   {called}: {} {score}", self.score());
        if self.outcome.interrupted.is_some() {
            text.push_str("         so far: the sweep was interrupted\n");
        }
        match paired(&self.axes) {
            true => self.confidence(text),
            false => text.push_str("         on other validation rows than the others\n"),
        }
        for (axis, upper) in self.edges() {
            let best = &self.choices[winner].values[axis];
            let (end, more) = if upper { ("largest", "larger") } else { ("smallest", "smaller") };
            let option = match (self.has_rates, axis) {
                (true, 0) => "--rates".to_owned(),
                _ => format!("--over {}", self.axes[axis].path),
            };
            let name = self.name(axis);
            let _ = writeln!(
                text,
                "Edge     {best} is the {end} {name} tried: widen {option} to {more} ones"
            );
        }
    }

    /// That those which are left are equal.
    fn tie(&self, text: &mut String) {
        let tied = &self.outcome.tied;
        let (Some(&first), Some(&until)) = (tied.first(), self.outcome.rungs.last()) else {
            return;
        };
        let updates = counted(until as usize, "update");
        let tried = &self.outcome.tried;
        let same = tied.iter().all(|&k| tried[k].curve == tried[first].curve);
        let what = match same {
            true => format!("these candidates do not differ within {updates}"),
            false => format!("these candidates score the same after {updates}"),
        };
        let _ = writeln!(text, "Equal    {}:\n         {what}", self.named(tied.iter().copied()));
        if self.outcome.interrupted.is_some() {
            text.push_str("         so far: the sweep was interrupted\n");
            return;
        }
        let more = until.saturating_mul(3).min(self.outcome.allowed);
        let _ = match more > until {
            true => writeln!(text, "         --updates {more} looks further"),
            false => writeln!(text, "         and their recipe allows no more"),
        };
    }

    /// How to use the winner.
    fn next(&self, winner: usize, text: &mut String) {
        let sets = sets(&self.axes, &self.choices[winner].values).into_iter();
        let sets: Vec<String> = sets
            .map(|set| format!("--set {}", paths::quoted(std::path::Path::new(&set))))
            .collect();
        let _ = match &self.written {
            Some(file) => {
                let file = paths::quoted(file);
                let program = paths::program();
                writeln!(text, "Recipe   {file}\nNext     {program} train {file}")
            }
            None => writeln!(
                text,
                "Next     train with {}\n         or write the recipe with --output FILE",
                sets.join(" ")
            ),
        };
    }

    /// The first of several candidates, and how many more there are.
    fn named(&self, candidates: impl ExactSizeIterator<Item = usize>) -> String {
        // Several values take more room.
        let named = if self.axes.len() > 1 { 1 } else { NAMED };
        let more = candidates.len().saturating_sub(named);
        let names: Vec<String> = candidates.take(named).map(|k| self.called(k)).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", names.join(", "))
    }

    /// Whether the winner is better than the others beyond noise.
    fn confidence(&self, text: &mut String) {
        let comparisons = &self.outcome.comparisons;
        let Some(next) = comparisons.first() else { return };
        let by = |c: &Comparison| {
            let Comparison { difference, margin, .. } = c;
            format!("{} ± {}", digits(*difference), digits(*margin))
        };
        let alike: Vec<&Comparison> = comparisons.iter().filter(|c| !c.clear()).collect();
        if alike.is_empty() {
            let others = if comparisons.len() > 1 { "the next, " } else { "" };
            let _ = writeln!(
                text,
                "         clearly better than {others}{} (by {})",
                self.called(next.other),
                by(next)
            );
            return;
        }
        if next.margin.is_nan() {
            text.push_str("         too few rows to tell it from the next with confidence\n");
            return;
        }
        let names = self.named(alike.iter().map(|c| c.other));
        let names = format!("         cannot be told apart from {names}");
        let first = if alike.len() > 1 { "the first: " } else { "" };
        // A mean over groups of rows may be the other way round than the score of all of them.
        let words = match alike[0] {
            c if c.difference == 0.0 && c.margin == 0.0 => format!("({first}equal)"),
            c if c.difference < 0.0 => {
                format!("({first}{} worse by groups of rows)", by(c).trim_start_matches('-'))
            }
            c => format!("({first}{})", by(c)),
        };
        let fits = names.chars().count() + words.chars().count() < WIDTH;
        let between = if fits { " " } else { "\n         " };
        let _ = writeln!(text, "{names}{between}{words}");
    }
}

/// So many runs of a recipe, in words.
fn whole_runs(count: f64) -> String {
    match count {
        count if count < 0.095 => "less than a tenth of a whole run".into(),
        count => format!("as many as {count:.1} whole runs"),
    }
}

/// Two digits of a difference.
fn digits(x: f64) -> String {
    significant(format!("{x:.1e}").parse().unwrap_or(x))
}

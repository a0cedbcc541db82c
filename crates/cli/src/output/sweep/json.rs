//! The result of a sweep as JSON.

use super::Found;
use crate::failure::{Failure, Kind};
use crate::output::report::SCHEMA_VERSION;
use crate::verbs::sweep::axes::Axis;
use crate::verbs::sweep::noted::paired;
use serde_json::{Map, Value, json};
use tanren_plugin::{Better, Watched};
use tanren_trainer::{Comparison, Fate};

/// Points of a curve, at most.
const POINTS: usize = 200;

impl Found {
    /// The whole result.
    pub(crate) fn json(&self, failure: Option<&Failure>) -> Value {
        let outcome = &self.outcome;
        let status = match (&outcome.interrupted, outcome.winner) {
            (Some(_), _) => "interrupted",
            (None, None) if failure.is_some_and(|f| f.kind == Kind::Diverged) => "diverged",
            (None, None) if failure.is_some() => "failed",
            (None, _) => "completed",
        };
        let rows = match outcome.rows {
            Watched::Train => "train",
            Watched::Validation => "validation",
        };
        let better = match outcome.score.1 {
            Better::Higher => "higher",
            Better::Lower => "lower",
        };
        let mut object = json!({
            "schema_version": SCHEMA_VERSION,
            "status": status,
            "score": { "name": outcome.score.0, "better": better, "rows": rows },
            "rungs": outcome.rungs,
            "updates": outcome.updates,
            "updates_of_a_run": outcome.allowed,
            "candidates": (0..outcome.tried.len()).map(|k| self.candidate(k)).collect::<Vec<_>>(),
            "winner": outcome.winner.map(|k| self.values(k)),
            "tied": outcome.tied.iter().map(|&k| self.values(k)).collect::<Vec<_>>(),
            "trivial": outcome.trivial,
            "paired": paired(&self.axes),
            "comparisons": outcome.comparisons.iter().map(|c| self.comparison(c)).collect::<Vec<_>>(),
            "edge": self.edges().iter().map(|(k, _)| &self.axes[*k].path).collect::<Vec<_>>(),
            "recipe": self.written.as_ref().map(|path| path.display().to_string()),
            "findings": [],
            "notes": self.notes,
        });
        if let Some(failure) = failure {
            object["error"] = json!({ "kind": failure.kind.name(), "message": failure.message });
        }
        object
    }

    /// The values of a candidate by the paths of their settings.
    fn values(&self, k: usize) -> Value {
        let value = |(axis, value): (&Axis, &String)| {
            let number = value.parse::<f64>().ok().map(Value::from);
            (axis.path.clone(), number.unwrap_or_else(|| value.as_str().into()))
        };
        self.axes.iter().zip(&self.choices[k].values).map(value).collect::<Map<_, _>>().into()
    }

    fn candidate(&self, k: usize) -> Value {
        let tried = &self.outcome.tried[k];
        let (fate, rung, diverged) = match tried.fate {
            Fate::Finished => ("finished", None, None),
            Fate::Cut { rung } => ("cut", Some(rung), None),
            Fate::Interrupted => ("interrupted", None, None),
            Fate::Diverged(diverged) => ("diverged", None, Some(diverged.update)),
        };
        let each = tried.curve.len().div_ceil(POINTS).max(1);
        let mean = |(i, part): (usize, &[f64])| {
            json!([i * each + part.len(), part.iter().sum::<f64>() / part.len() as f64])
        };
        json!({
            "values": self.values(k),
            "score": tried.score,
            "updates": tried.updates,
            "fate": fate,
            "rung": rung,
            "diverged_in": diverged,
            "ended": tried.ended.as_ref().map(|reason| &reason.0),
            "curve": tried.curve.chunks(each).enumerate().map(mean).collect::<Vec<_>>(),
        })
    }

    fn comparison(&self, comparison: &Comparison) -> Value {
        let Comparison { other, difference, margin } = *comparison;
        json!({
            "values": self.values(other),
            "difference": difference,
            "margin": margin,
            "clear": comparison.clear(),
        })
    }
}

//! Where a recipe has its learning rate, as one number.

use crate::failure::{Failure, Kind};
use serde_json::Value;
use tanren_trainer::Recipe;

const RATE: &str = "training.search.rate";

/// The setting that is changed to change the rate.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rate {
    pub(super) path: String,
    /// The schedule that gives way to a constant rate, if it is in proportion to no number of its own.
    replaced: Option<String>,
    /// A number of that schedule.
    instead: Option<String>,
}

impl Rate {
    /// The rate of a recipe. A schedule that is in proportion to one number keeps its shape.
    pub(super) fn of(recipe: &Recipe) -> Result<Self, Failure> {
        let search = serde_json::to_value(&recipe.training.search).unwrap_or_default();
        let rate = &search["rate"];
        if rate.is_null() {
            let message = format!(
                "the search {} has no learning rate; sweep its settings with --over training.search.…",
                recipe.training.search.typetag_name()
            );
            return Err(Failure::new(Kind::Usage, message));
        }
        Ok(Self::within(rate, RATE.to_owned()))
    }

    fn within(schedule: &Value, path: String) -> Self {
        let own = |replaced| Self { path: path.clone(), replaced, instead: None };
        let Some(name) = schedule["type"].as_str() else { return own(None) };
        // A warm-up is in proportion to what follows.
        if !schedule["then"].is_null() {
            return Self::within(&schedule["then"], format!("{path}.then"));
        }
        let numbers = ["value", "max", "base"];
        let Some(number) = numbers.into_iter().find(|number| schedule[number].is_number()) else {
            let instead = schedule["parts"].is_array().then(|| format!("{path}.parts.0.value"));
            return Self { instead, ..own(Some(name.to_owned())) };
        };
        let least =
            |name: &str| name == number || schedule[name].is_null() || schedule[name] == 0.0;
        let number = format!("{path}.{number}");
        match ["end", "base"].into_iter().all(least) {
            true => Self { path: number, replaced: None, instead: None },
            false => Self { instead: Some(number), ..own(Some(name.to_owned())) },
        }
    }

    /// What is lost of a schedule where the recipe has the rate as a constant number.
    pub(super) fn note(&self) -> Option<String> {
        let name = self.replaced.as_ref()?;
        let note = format!(
            "the rates that are tried are constant: they take the place of the schedule {name}"
        );
        Some(match &self.instead {
            Some(path) => format!("{note}; --over {path}=… keeps it"),
            None => note,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Rate;
    use serde_json::{Value, json};

    fn rate(schedule: &Value) -> (String, Option<String>) {
        let rate = Rate::within(schedule, "rate".into());
        let note = rate.note();
        (rate.path, note)
    }

    #[test]
    fn schedules_in_proportion_to_a_number_keep_their_shape() {
        let one_cycle = json!({ "type": "one-cycle", "max": 0.1, "div-factor": 25.0 });
        let step = json!({ "type": "step", "value": 0.1, "factor": 0.5, "every": 3 });
        let nested = json!({ "type": "warm-up", "over": 2, "then": one_cycle });
        for (schedule, path) in [
            (json!(0.1), "rate"),
            (step.clone(), "rate.value"),
            (json!({ "type": "cosine", "value": 0.1, "end": 0.0 }), "rate.value"),
            (one_cycle, "rate.max"),
            (json!({ "type": "cyclic", "base": 0.0, "max": 0.1 }), "rate.max"),
            (json!({ "type": "warm-up", "over": 2, "then": 0.1 }), "rate.then"),
            (json!({ "type": "warm-up", "over": 2, "then": step }), "rate.then.value"),
            (json!({ "type": "warm-up", "over": 9, "then": nested }), "rate.then.then.max"),
        ] {
            assert_eq!(rate(&schedule), (path.to_owned(), None), "{schedule}");
        }
    }

    #[test]
    fn a_note_tells_which_number_keeps_another_schedule() {
        let cosine = json!({ "type": "cosine", "value": 0.1, "end": 0.01 });
        for (schedule, path, number) in [
            (cosine.clone(), "rate", "rate.value=…"),
            (json!({ "type": "cyclic", "base": 0.01, "max": 0.1 }), "rate", "rate.max=…"),
            (json!({ "type": "joined", "parts": [] }), "rate", "rate.parts.0.value=…"),
            (json!({ "type": "warm-up", "then": cosine }), "rate.then", "rate.then.value=…"),
        ] {
            let (found, note) = rate(&schedule);
            assert_eq!(found, path, "{schedule}");
            assert!(note.unwrap().contains(&format!("--over {number} keeps it")), "{schedule}");
        }
        let (path, note) = rate(&json!({ "type": "table", "values": [[0, 0.1]] }));
        assert_eq!(path, "rate");
        assert!(note.unwrap().ends_with("the schedule table"));
    }
}

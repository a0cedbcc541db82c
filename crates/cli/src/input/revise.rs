//! Choices that the command line changed: they show the value that holds, not the one that was chosen.

use crate::automatic::{Choice, settings};
use crate::output::figures::percent;
use serde_json::Value;
use tanren_plugin::{Plugin, Stopping, Watched};
use tanren_trainer::{Recipe, Setup};

/// The longest value of a changed choice, in characters.
const LONGEST: usize = 60;

/// A setting that was changed on the command line.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The option it was changed by.
    pub(crate) option: &'static str,
    /// `KEY=VALUE`.
    pub(crate) set: String,
}

impl Change {
    /// The changes of `--set`.
    pub(crate) fn all(sets: &[String]) -> Vec<Self> {
        sets.iter().map(|set| Self::set(set)).collect()
    }

    /// The change of one `--set`.
    pub(crate) fn set(set: &str) -> Self {
        Self { option: "--set", set: set.to_owned() }
    }

    /// Whether it changes the setting at `path`, or a part of it.
    pub(crate) fn concerns(&self, path: &str) -> bool {
        // A path as messages write it, `layers[0]`, is one as well.
        let rest = self.set.trim_start().replace('[', ".");
        rest.strip_prefix(path).is_some_and(|rest| rest.trim_start().starts_with(['.', '=']))
    }
}

/// Puts the values of `recipe` in place of those that were changed, and adds what no choice tells of.
pub(crate) fn revise(choices: &mut Vec<Choice>, changes: &[Change], recipe: &Recipe) {
    for choice in choices.iter_mut() {
        let changed = |change: &&Change| settings(&choice.what).iter().any(|p| change.concerns(p));
        if let Some(change) = changes.iter().find(changed) {
            choice.value = value(&choice.what, recipe);
            choice.why = format!("changed by {}", change.option);
        }
    }
    let told = |change: &&Change| {
        choices.iter().any(|choice| settings(&choice.what).iter().any(|p| change.concerns(p)))
    };
    let rest: Vec<_> = changes.iter().filter(|change| !told(change)).collect();
    choices.extend(rest.into_iter().map(|change| Choice {
        what: change.option.into(),
        value: change.set.clone(),
        why: "from the command line".into(),
    }));
}

/// Says of a run without validation rows that nothing is chosen by them.
pub(crate) fn without_validation(choices: &mut [Choice], setup: &Setup) {
    if !setup.rows.validation.is_empty() {
        return;
    }
    let share = |rows: usize| percent(rows as f64 / setup.table.rows.max(1) as f64);
    for choice in choices {
        match choice.what.as_str() {
            "split" => {
                let [train, test] = [&setup.rows.train, &setup.rows.test].map(|r| share(r.len()));
                choice.value = format!("{train}% train, no validation, {test}% test");
            }
            // Rules that watch no validation rows hold all the same.
            "epochs" if setup.recipe.training.stopping.iter().all(idle) => {
                choice.value = format!("{}, no early stopping", setup.recipe.training.epochs);
                choice.why = "no validation rows: the last epoch is kept".into();
            }
            _ => {}
        }
    }
}

/// Whether a rule does nothing without validation rows.
pub(crate) fn idle(rule: &Plugin<dyn Stopping>) -> bool {
    let scores = rule.scores();
    !scores.is_empty() && scores.iter().all(|(rows, _)| *rows == Watched::Validation)
}

/// A comment with reasons, in which the changed choices have the values of `recipe`.
pub(crate) fn revise_comment(comment: &str, changes: &[Change], recipe: &Recipe) -> String {
    let line = |line: &str| {
        let what = line.strip_prefix("#   ").and_then(|rest| rest.split_once(':'));
        let what = what.map_or("", |(what, _)| what.trim_end());
        let changed = |change: &&Change| settings(what).iter().any(|p| change.concerns(p));
        match changes.iter().find(changed) {
            Some(change) => {
                let (value, option) = (value(what, recipe), change.option);
                format!("#   {:14} {value} (changed by {option})\n", format!("{what}:"))
            }
            None => line.to_owned(),
        }
    };
    comment.split_inclusive('\n').map(line).collect()
}

/// What a recipe says of the settings that a choice describes, in a few words.
pub(crate) fn value(what: &str, recipe: &Recipe) -> String {
    let json = serde_json::to_value(recipe).unwrap_or_default(); // shown as nothing
    let training = &json["training"];
    match what {
        "epochs" => epochs(training),
        "learning rate" => rate(&training["search"]),
        "optimizer" => {
            let updaters = list(&training["updaters"]);
            let updaters = if updaters.is_empty() { "no updaters".into() } else { updaters };
            format!("{updaters}, batches of {}", training["batch"])
        }
        _ => {
            let paths = settings(what).iter();
            let found = paths.map(|path| path.split('.').fold(&json, |node, step| &node[step]));
            let found = found.filter(|value| !is_empty(value)).map(short);
            cut(&found.collect::<Vec<_>>().join(", "))
        }
    }
}

fn epochs(training: &Value) -> String {
    let epochs = &training["epochs"];
    let rules = training["stopping"].as_array().map_or(&[][..], Vec::as_slice);
    match rules {
        [] => format!("{epochs}, no early stopping"),
        [rule] if rule["type"] == "patience" => {
            format!("up to {epochs}, early stopping after {}", rule["epochs"])
        }
        rules => format!("up to {epochs}, early stopping by {}", list(&Value::from(rules))),
    }
}

fn rate(search: &Value) -> String {
    let rate = &search["rate"];
    match rate["type"].as_str() {
        None if rate.is_number() => format!("{rate}, constant"),
        Some("constant") => format!("{}, constant", rate["value"]),
        Some("step") => {
            let unit = rate["unit"].as_str().unwrap_or("epochs");
            format!("{}, times {} every {} {unit}", rate["value"], rate["factor"], rate["every"])
        }
        Some(_) => cut(&varying(rate)),
        None => cut(&short(search)),
    }
}

/// A schedule: its name, its numbers, the first one first, and what it counts.
fn varying(rate: &Value) -> String {
    const FIRST: [&str; 4] = ["value", "max", "base", "then"];
    let entries = rate.as_object().into_iter().flatten();
    let mut entries: Vec<_> = entries
        .filter(|(key, value)| !["type", "unit"].contains(&key.as_str()) && !is_empty(value))
        .collect();
    entries
        .sort_by_key(|(key, _)| FIRST.iter().position(|first| first == key).unwrap_or(FIRST.len()));
    let unit = rate["unit"].as_str().unwrap_or("epochs");
    let entry = |(key, value): (&String, &Value)| match (key.as_str(), value.is_object()) {
        ("over" | "every" | "up" | "down", _) => format!("{key} {} {unit}", short(value)),
        (_, true) => format!("{key} {}", varying(value)),
        _ => format!("{key} {}", short(value)),
    };
    let entries: Vec<_> = entries.into_iter().map(entry).collect();
    format!("{}: {}", rate["type"].as_str().unwrap_or_default(), entries.join(", "))
}

/// Names of plugins.
fn list(plugins: &Value) -> String {
    let name = |plugin: &Value| match &plugin["type"] {
        Value::String(name) => name.clone(),
        _ => short(plugin),
    };
    plugins.as_array().into_iter().flatten().map(name).collect::<Vec<_>>().join(", ")
}

/// A plugin as its name and settings, anything else as JSON has it.
fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(short).collect::<Vec<_>>().join(", "),
        Value::Object(entries) => {
            let name = entries.get("type").and_then(Value::as_str).unwrap_or_default();
            let settings = entries.iter().filter(|(key, value)| *key != "type" && !is_empty(value));
            let settings = settings.map(|(key, value)| format!(" {key} {}", short(value)));
            format!("{name}{}", settings.collect::<String>()).trim_start().to_owned()
        }
        other => other.to_string(),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST - 1) else { return text.to_owned() };
    if text.chars().count() == LONGEST {
        return text.to_owned();
    }
    // Whole words, unless there is only one.
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!("{}…", text[..end].trim_end_matches([' ', ',', ':']))
}

//! The schedules of a recipe, drawn over its epochs.

use crate::catalogue::{Family, families};
use crate::failure::Failure;
use crate::input::steps::Steps;
use crate::output::console::Console;
use crate::output::figures::significant;
use crate::output::plot::{Plot, canvas, folded};
use crate::recipe::Draft;
use serde::Deserialize as _;
use serde_json::Value;
use tanren_plugin::{Clock, Kind, Range, Scheduled, SettingType, Unit};
use tanren_trainer::{Recipe, TrainingSpec};

/// Draws every schedule of a recipe. Data are read only where a schedule counts samples or iterations, of
/// which no recipe says how many make an epoch.
pub(super) fn curves(draft: &Draft, console: &mut Console<'_>) -> Result<String, Failure> {
    let recipe = &draft.recipe;
    let json = serde_json::to_value(recipe).unwrap_or_default();
    let mut found = Vec::new();
    find(&Recipe::kind(Range::ANY), &json, "", &families(), &mut found);
    if found.is_empty() {
        let rate = recipe.training.search.rate(Clock::default());
        let rate = rate.map_or(String::new(), |rate| format!("; the learning rate is {rate}"));
        let text = format!("No setting of this recipe is a schedule{rate}.\n{}", by_scores(recipe));
        return Ok(folded(text, console.columns));
    }
    let by_epochs = |(_, value): &(String, Scheduled)| {
        let still = value.extent().is_some_and(|(low, high)| low == high);
        still || value.counts().within(Unit::Epochs.into())
    };
    let rows = match found.iter().all(by_epochs) {
        true => None,
        false => {
            let setup = console.busy("reading and preparing the data", || draft.prepare(None))?;
            Some(setup.rows.train.len())
        }
    };
    let (width, unicode) = canvas(console.columns);
    let drawn = found.iter().map(|(path, value)| {
        let pace = Steps::of(phase(recipe, path), rows);
        curve(path, value, &pace, (width, unicode))
    });
    let text = drawn.collect::<Vec<_>>().join("\n") + &by_scores(recipe);
    Ok(folded(text, console.columns))
}

/// What changes the learning rate, too, and is not known before the run.
fn by_scores(recipe: &Recipe) -> String {
    let phases = recipe.pretraining.iter().chain([&recipe.training]);
    let names: Vec<_> = phases.flat_map(|phase| &phase.pace).map(|p| p.typetag_name()).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!(
            "\nThe learning rate also follows the scores of the run (pace: {}), which is not drawn.\n",
            names.join(", ")
        ),
    }
}

/// The phase to which a setting belongs: training, unless it stands in pretraining.
fn phase<'a>(recipe: &'a Recipe, path: &str) -> &'a TrainingSpec {
    let index = path.strip_prefix("pretraining[").and_then(|rest| rest.split(']').next());
    let index = index.and_then(|index| index.parse::<usize>().ok());
    index.and_then(|index| recipe.pretraining.get(index)).unwrap_or(&recipe.training)
}

/// Finds the schedules in what is written so, by the path of their setting.
fn find(
    kind: &Kind,
    value: &Value,
    path: &str,
    families: &[Family],
    found: &mut Vec<(String, Scheduled)>,
) {
    match kind {
        Kind::Either(kinds) if matches!(kinds[..], [Kind::Number(_), Kind::Plugin("schedule")]) => {
            if let (false, Ok(value)) = (value.is_number(), Scheduled::deserialize(value)) {
                found.push((path.to_owned(), value));
            }
        }
        Kind::Either(kinds) => {
            kinds.iter().for_each(|kind| find(kind, value, path, families, found))
        }
        Kind::Plugin(family) | Kind::Aimed(family, _) => {
            let name = value["type"].as_str().or(value.as_str());
            let plugins = families.iter().filter(|f| f.name == *family).flat_map(|f| &f.plugins);
            let about = plugins.filter(|plugin| Some(plugin.name) == name);
            for about in about.filter_map(|plugin| plugin.about.clone()) {
                find(&Kind::Table(about), value, path, families, found);
            }
        }
        Kind::List(item) => {
            for (at, value) in value.as_array().into_iter().flatten().enumerate() {
                find(item, value, &format!("{path}[{at}]"), families, found);
            }
        }
        Kind::Table(about) => {
            let dot = if path.is_empty() { "" } else { "." };
            for setting in &about.settings {
                let name = format!("{path}{dot}{}", setting.name);
                find(&setting.kind, &value[setting.name], &name, families, found);
            }
        }
        _ => {}
    }
}

/// One schedule: its name, its curve, and its values at the start, at the top and at the end.
fn curve(path: &str, value: &Scheduled, steps: &Steps, (width, unicode): (usize, bool)) -> String {
    let name = match value {
        Scheduled::Constant(_) => "constant",
        Scheduled::Varying(schedule) => schedule.typetag_name(),
    };
    let of = |share: f64| value.at(steps.at(share));
    let end = steps.epochs.to_string();
    let plot = Plot { value: &of, ends: ["0", &end], unit: "epochs", width, unicode };
    const LOOKS: usize = 2000;
    let looks = (0..=LOOKS).map(|i| i as f64 / LOOKS as f64).map(|share| (share, of(share)));
    let first = (0.0, of(0.0));
    let (when, top) = looks.fold(first, |best, look| if look.1 > best.1 { look } else { best });
    format!(
        "{path}: {name}\n{}  start {}, greatest {} in epoch {}, end {}\n",
        plot.draw_over_decades(),
        significant(first.1),
        significant(top),
        steps.at(when).epoch + 1,
        significant(of(1.0)),
    )
}

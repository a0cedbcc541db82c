//! The settings that are swept, and the recipes that have one value of each.

use crate::args;
use crate::failure::{Failure, Kind};
use crate::output::console::Console;
use crate::recipe::Draft;
use tanren_trainer::{Candidate, Recipe};

/// The rates of the old guide: one of them mostly works.
const GUIDE: [f64; 3] = [1e-1, 1e-3, 1e-6];

/// The most candidates.
const MOST: usize = 10_000;

/// A setting and the values that are tried.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// The path of the setting.
    pub(crate) path: String,
    pub(crate) values: Vec<String>,
}

impl Axis {
    /// The values as numbers, if all of them are.
    pub(crate) fn numbers(&self) -> Option<Vec<f64>> {
        self.values.iter().map(|value| value.parse().ok()).collect()
    }
}

/// A candidate: its recipe and its value on every axis.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) draft: Draft,
    pub(crate) values: Vec<String>,
}

impl Choice {
    /// A recipe with these values.
    pub(crate) fn new(base: &Draft, axes: &[Axis], values: Vec<String>) -> Result<Self, Failure> {
        let mut draft = base.clone();
        let set = draft.set(&sets(axes, &values)).and_then(|()| draft.check());
        set.map_err(|failure| match failure.message.strip_prefix("--set ") {
            Some(rest) => Failure { message: format!("--over {rest}"), ..failure },
            None => failure,
        })?;
        drop(draft.replaced()); // said of all candidates at once
        Ok(Self { draft, values })
    }

    pub(crate) fn candidate(&self) -> Candidate {
        Candidate { label: self.values.join(", "), recipe: self.draft.recipe.clone() }
    }
}

/// The changes that give settings these values.
pub(crate) fn sets(axes: &[Axis], values: &[String]) -> Vec<String> {
    axes.iter().zip(values).map(|(axis, value)| format!("{}={value}", axis.path)).collect()
}

/// What is swept, and whether its first axis is the learning rate.
pub(crate) fn axes(
    args: &args::Sweep,
    draft: &Draft,
    console: &mut Console<'_>,
) -> Result<(Vec<Axis>, bool), Failure> {
    let rates = match (&args.rates, args.over.is_empty()) {
        (Some(rates), _) => Some(rates.0.clone()),
        (None, true) => Some(GUIDE.to_vec()),
        (None, false) => None,
    };
    let mut axes = Vec::new();
    let has_rates = rates.is_some();
    if let Some(rates) = rates {
        if let Some(rate) = args.subject.lr {
            let message = format!(
                "--lr {rate}: it is what is to be found; leave it out, or give --over alone"
            );
            return Err(Failure::new(Kind::Usage, message));
        }
        let (path, replaced) = rate_path(&draft.recipe)?;
        if let Some(name) = replaced {
            console.note(format_args!(
                "the rates that are tried are constant: they take the place of the schedule {name}"
            ));
        }
        let mut values: Vec<String> = Vec::new();
        for rate in rates.into_iter().map(shown) {
            if !values.contains(&rate) {
                values.push(rate);
            }
        }
        axes.push(Axis { path, values });
    }
    let over = args.over.iter();
    axes.extend(over.map(|over| Axis { path: over.key.clone(), values: over.values.clone() }));
    let count = axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.values.len()));
    match count.filter(|&count| count <= MOST) {
        Some(_) => Ok((axes, has_rates)),
        None => Err(Failure::new(Kind::Usage, format!("expected at most {MOST} candidates"))),
    }
}

/// A rate as it is shown and set.
pub(crate) fn shown(rate: f64) -> String {
    match rate {
        x if (1e-4..1e6).contains(&x) => x.to_string(),
        x => format!("{x:e}"),
    }
}

/// The path of the learning rate. A schedule that is in proportion to its first value keeps its shape;
/// any other is replaced, and its name given back.
pub(crate) fn rate_path(recipe: &Recipe) -> Result<(String, Option<String>), Failure> {
    const RATE: &str = "training.search.rate";
    let search = serde_json::to_value(&recipe.training.search).unwrap_or_default();
    let rate = &search["rate"];
    if rate.is_null() {
        let message = format!(
            "the search {} has no learning rate; sweep its settings with --over training.search.…",
            recipe.training.search.typetag_name()
        );
        return Err(Failure::new(Kind::Usage, message));
    }
    let whole = |end: &str| rate[end].is_null() || rate[end] == 0.0;
    Ok(match (rate["type"].as_str(), rate["value"].is_number() && whole("end")) {
        (Some(_), true) => (format!("{RATE}.value"), None),
        (Some(name), false) => (RATE.to_owned(), Some(name.to_owned())),
        (None, _) => (RATE.to_owned(), None),
    })
}

/// One candidate for every combination of values, the last axis changing fastest.
pub(crate) fn grid(base: &Draft, axes: &[Axis]) -> Result<Vec<Choice>, Failure> {
    let mut all: Vec<Vec<String>> = vec![Vec::new()];
    for axis in axes {
        let longer = |values: &Vec<String>| {
            let with = |value: &String| [values.as_slice(), std::slice::from_ref(value)].concat();
            axis.values.iter().map(with).collect::<Vec<_>>()
        };
        all = all.iter().flat_map(longer).collect();
    }
    all.into_iter().map(|values| Choice::new(base, axes, values)).collect()
}

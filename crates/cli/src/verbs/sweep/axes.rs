//! The settings that are swept, and the recipes that have one value of each.

use super::rate::Rate;
use crate::args;
use crate::failure::{Failure, Kind};
use crate::output::console::Console;
use crate::recipe::{Draft, overlap};
use tanren_trainer::Candidate;

/// The rates of the old guide: one of them mostly works.
const GUIDE: [f64; 3] = [1e-1, 1e-3, 1e-6];

/// The options that axes are given with.
const RATES: &str = "--rates";
const OVER: &str = "--over";

/// The most candidates.
const MOST: usize = 10_000;

/// A setting and the values that are tried.
#[derive(Clone, Debug)]
pub(crate) struct Axis {
    /// The option it was given with.
    pub(crate) option: &'static str,
    /// The path of the setting.
    pub(crate) path: String,
    pub(crate) values: Vec<String>,
}

impl Axis {
    /// A setting, with each of its values once.
    pub(super) fn new(
        option: &'static str,
        path: String,
        values: impl Iterator<Item = String>,
    ) -> Self {
        let number = |value: &str| value.parse::<f64>().ok();
        let equal = |a: &str, b: &str| a == b || number(a).is_some_and(|x| number(b) == Some(x));
        let mut kept: Vec<String> = Vec::new();
        for value in values {
            if !kept.iter().any(|known| equal(known, &value)) {
                kept.push(value);
            }
        }
        Self { option, path, values: kept }
    }

    /// What sets it to a value.
    fn set(&self, value: &str) -> String {
        format!("{}={value}", self.path)
    }

    /// A value as it was given.
    fn given(&self, value: &str) -> String {
        match self.option {
            RATES => format!("{RATES} {value}"),
            option => format!("{option} {}", self.set(value)),
        }
    }

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
        set.map_err(|failure| {
            let failed = axes.iter().zip(&values);
            failed.fold(failure, |failure, (axis, value)| {
                as_given(failure, &axis.set(value), &axis.given(value))
            })
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
    axes.iter().zip(values).map(|(axis, value)| axis.set(value)).collect()
}

/// A failure of a change, told of the option that was given.
pub(super) fn as_given(failure: Failure, set: &str, given: &str) -> Failure {
    match failure.message.strip_prefix(&format!("--set {set}: ")) {
        Some(rest) => Failure { message: format!("{given}: {rest}"), ..failure },
        None => failure,
    }
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
        let rate = Rate::of(&draft.recipe)?;
        rate.note().iter().for_each(|note| console.note(note));
        axes.push(Axis::new(RATES, rate.path, rates.into_iter().map(shown)));
    }
    for over in &args.over {
        let axis = Axis::new(OVER, over.key.clone(), over.values.iter().cloned());
        if let Some(known) = axes.iter().find(|known| overlap(&known.path, &axis.path)) {
            return Err(twice(known, &axis));
        }
        axes.push(axis);
    }
    let count = axes.iter().try_fold(1usize, |count, axis| count.checked_mul(axis.values.len()));
    match count.filter(|&count| count <= MOST) {
        Some(_) => Ok((axes, has_rates)),
        None => Err(Failure::new(Kind::Usage, format!("expected at most {MOST} candidates"))),
    }
}

/// The failure where two axes change the same setting.
fn twice(known: &Axis, axis: &Axis) -> Failure {
    let (path, other) = (&axis.path, &known.path);
    let message = match known.option {
        RATES => format!("--over {path}: --rates changes {other}; give one of them"),
        _ if path == other => format!("--over {path}: it is given twice; give all values at once"),
        _ => format!("--over {path}: --over {other} changes the same setting; give one of them"),
    };
    Failure::new(Kind::Usage, message)
}

/// A rate as it is shown and set.
pub(crate) fn shown(rate: f64) -> String {
    match rate {
        x if (1e-4..1e6).contains(&x) => x.to_string(),
        x => format!("{x:e}"),
    }
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

//! A target of numbers: which of them are names of classes, and which are measurements.
//!
//! Whole numbers are classes where there are few kinds of them with many rows each ([`rule`]), and
//! everything else is measured, unless a task says otherwise. A row whose target is NaN is left out.

pub(crate) mod one_sided;
pub(crate) mod rule;
pub(crate) mod task;

use crate::Task;
use crate::file::rows::reserve;
use std::path::Path;
use tanren_plugin::{DataError, Feature, Field, FieldSpec, Schema};

/// The most classes.
pub(crate) const MAX_CLASSES: usize = 10_000;

/// Levels of a model that are shown when a label is none of them.
const SHOWN: usize = 20;

/// How numbers become a target.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule<'a> {
    /// As the task says or, without one, as the numbers look.
    Task(Option<Task>),
    /// As a model knows it.
    Known(&'a FieldSpec),
}

impl<'a> Rule<'a> {
    /// The rule for what is wanted: without a schema `otherwise`, and with one as it says, which
    /// is `None` where it has no target.
    pub(crate) fn wanted(schema: Option<&'a Schema>, otherwise: Self) -> Option<Self> {
        schema.map_or(Some(otherwise), |schema| schema.targets.first().map(Self::Known))
    }
}

/// A target, and the rows that have one where some do not.
pub(crate) struct Target {
    /// The target of the rows that have one.
    pub(crate) field: Field,
    /// These rows, in ascending order; `None` for all.
    pub(crate) kept: Option<Vec<usize>>,
}

/// The target called `name`, one number per row.
///
/// # Errors
/// For an infinite number, a label that is no class, fewer than two classes, and for no row with a
/// target at all.
pub(crate) fn target(
    path: &Path,
    name: &str,
    mut numbers: Vec<f64>,
    rule: Rule<'_>,
) -> Result<Target, DataError> {
    let error = |message: String| DataError::new(path.display(), message).column(name);
    if let Some(row) = numbers.iter().position(|x| x.is_infinite()) {
        let message = format!("expected a finite number, found {}", numbers[row]);
        return Err(error(message).row(row));
    }
    let mut kept = None;
    if numbers.iter().any(|x| x.is_nan()) {
        let mut rows = Vec::new();
        reserve(path, &mut rows, numbers.iter().filter(|x| !x.is_nan()).count())?;
        rows.extend((0..numbers.len()).filter(|&row| !numbers[row].is_nan()));
        numbers.retain(|x| !x.is_nan());
        kept = Some(rows);
    }
    if numbers.is_empty() {
        return Err(error("expected a target in at least one row, found none".into()));
    }
    let at_source = |row: usize| kept.as_ref().map_or(row, |rows: &Vec<usize>| rows[row]);
    let located = |(row, message): (usize, String)| error(message).row(at_source(row));
    let field = match levels(&numbers, rule).map_err(located)? {
        None => Field::numbers(name, vec![Feature::number(name)], numbers),
        Some(levels) => {
            let mut places = Vec::new();
            reserve(path, &mut places, numbers.len())?;
            for (row, &x) in numbers.iter().enumerate() {
                places.push(levels.place(x).map_err(|message| located((row, message)))?);
            }
            if !matches!(rule, Rule::Known(_)) && places.iter().all(|place| *place == places[0]) {
                let message = format!("expected at least two classes, found only {}", numbers[0]);
                return Err(error(message));
            }
            Field::classes(name, levels.names, places)
        }
    };
    Ok(Target { field, kept })
}

/// The classes of a target, unless its numbers are measurements. An error has the row.
fn levels(numbers: &[f64], rule: Rule<'_>) -> Result<Option<Levels>, (usize, String)> {
    match rule {
        Rule::Known(spec) => Ok(spec.shape.indices.then(|| Levels::known(spec))),
        Rule::Task(Some(Task::Regression)) => Ok(None),
        Rule::Task(Some(Task::Classification)) => match distinct(numbers, MAX_CLASSES) {
            Ok(values) => Ok(Some(Levels::of(&values))),
            Err(row) => Err((
                row,
                format!(
                    "expected at most {MAX_CLASSES} classes, found more; set `task = \"regression\"` if \
                     they are numbers to predict"
                ),
            )),
        },
        Rule::Task(None) => Ok(rule::classes(numbers).map(|values| Levels::of(&values))),
    }
}

/// The different numbers in ascending order, or the row that has one too many.
pub(crate) fn distinct(numbers: &[f64], most: usize) -> Result<Vec<f64>, usize> {
    let mut found: Vec<f64> = Vec::new();
    for (row, &x) in numbers.iter().enumerate() {
        let x = x + 0.0; // −0 is 0
        if let Err(place) = found.binary_search_by(|y| y.total_cmp(&x)) {
            if found.len() == most {
                return Err(row);
            }
            found.insert(place, x);
        }
    }
    Ok(found)
}

/// The classes of a target: what they are called, and which number means which.
struct Levels {
    names: Vec<String>,
    /// Numbers in ascending order, each with the place of its level.
    places: Vec<(f64, u32)>,
    /// How many levels there are without a name: these are the whole numbers from 0 on.
    unnamed: usize,
}

impl Levels {
    /// One class for each of `values`, which ascend.
    fn of(values: &[f64]) -> Self {
        let names = values.iter().map(|&x| shortest(x)).collect();
        Self { names, places: values.iter().copied().zip(0..).collect(), unnamed: 0 }
    }

    /// The classes of a model. Those whose names are no numbers are never found here.
    fn known(spec: &FieldSpec) -> Self {
        if spec.levels.is_empty() {
            return Self { names: Vec::new(), places: Vec::new(), unnamed: spec.shape.features };
        }
        let numbers = spec.levels.iter().zip(0..).filter_map(|(name, place)| {
            let x = name.trim().parse::<f64>().ok().filter(|x| x.is_finite())?;
            Some((x + 0.0, place))
        });
        let mut places: Vec<(f64, u32)> = numbers.collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { names: spec.levels.clone(), places, unnamed: 0 }
    }

    /// The place of the level that means `x`.
    fn place(&self, x: f64) -> Result<u32, String> {
        let x = x + 0.0; // −0 is 0
        let unnamed = x as u32; // saturates
        if (unnamed as usize) < self.unnamed && f64::from(unnamed) == x {
            return Ok(unnamed);
        }
        let found = self.places.binary_search_by(|(y, _)| y.total_cmp(&x));
        let found = found.ok().and_then(|at| self.places.get(at));
        found.map(|&(_, place)| place).ok_or_else(|| self.unknown(x))
    }

    /// What to say of a label that no level means: all there are or, of many, the nearest.
    fn unknown(&self, x: f64) -> String {
        let label = shortest(x);
        let Some(last) = self.unnamed.checked_sub(1) else {
            let distance = |level: &&(f64, u32)| (level.0 - x).abs();
            let nearest = self.places.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)));
            return match nearest.and_then(|&(_, place)| self.names.get(place as usize)) {
                Some(nearest) if self.names.len() > SHOWN => {
                    format!("unknown label {label}; did you mean {nearest}?")
                }
                _ => {
                    let shown: Vec<&str> =
                        self.names.iter().take(SHOWN).map(String::as_str).collect();
                    format!(
                        "unknown label {label}; the labels of the model are {}",
                        shown.join(", ")
                    )
                }
            };
        };
        format!("unknown label {label}; the labels of the model are 0 to {last}")
    }
}

/// A number in as few characters as say it exactly: `1`, `2.5`, `1e300`.
pub(crate) fn shortest(x: f64) -> String {
    let (plain, scientific) = (format!("{x}"), format!("{x:e}"));
    if plain.len() <= scientific.len().max(20) { plain } else { scientific }
}

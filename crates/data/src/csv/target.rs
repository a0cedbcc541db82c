//! What the target column of a file is: classes or numbers.

use super::cell::quoted;
use super::columns::Wished;
use super::evidence::{Commas, Evidence};
use super::infer::origin;
use super::layout::Layout;
use super::levels::{Levels, alike, distinct, sorted};
use super::plan::{Output, Part, Reading};
use super::remarks::{orders, written};
use super::verdict::{Found, Verdict, Wish, no_number, not_a_number};
use crate::column_setting::{ANY, format_of};
use crate::file::notes::counted;
use crate::target::{rule, shortest};
use crate::{Csv, Task};
use tanren_plugin::{DataError, Feature, FieldSpec, Notation};
use tanren_tensor::Shape;

/// So many texts are never too many classes, and any number that leaves each this many rows.
const FEW: usize = 20;
const ROWS_EACH: usize = 2;

/// What helps where a target that is joint with others is text.
const JOINT: &str = "joint targets are numbers: write 1 for yes and 0 for no";

/// Targets that are joint are called after all of them, up to this many.
const NAMED: usize = 3;

/// The field of a target of so many rows: classes where its cells are text or few integers, else
/// numbers, unless the settings say. And what should be said about it.
///
/// # Errors
/// When the column cannot be that, and for a single class or number.
pub(super) fn infer(
    csv: &Csv,
    layout: &Layout,
    (column, wish): Wished,
    evidence: &Evidence,
    verdict: &Verdict,
    rows: usize,
) -> Result<(Output, Vec<String>), DataError> {
    let name = layout.name(column);
    let mut notes = Vec::new();
    let (notation, fits) = match verdict {
        Verdict::Number(found) => (found.notation.clone(), evidence.present - found.misfits),
        _ => evidence.numbers(Commas::Unlikely),
    };
    let all = fits == evidence.present;
    // The classes as numbers, where all are.
    let timed = matches!(notation, Notation::Time(_));
    let values = match evidence.levels.known() {
        Some(levels) if all && !timed => distinct(&levels, &notation),
        _ => None,
    };
    let wanted = csv.task.or(match wish {
        _ if csv.joint => Some(Task::Regression),
        Wish::Any => None,
        Wish::Category => Some(Task::Classification),
        Wish::Number => Some(Task::Regression),
    });
    let task = match (wanted, verdict) {
        (Some(task), _) => task,
        (None, Verdict::Number(_)) if timed => Task::Regression,
        (None, Verdict::Number(_)) => {
            let values = values.as_deref().unwrap_or_default();
            let task = rule::task(values, rows);
            notes.extend(rule::note(name, task, values, rows));
            task
        }
        (None, Verdict::Category | Verdict::Empty) => {
            few(layout, column, evidence)?;
            let orders = orders(name, evidence);
            let orders =
                orders.map(|why| format!("target {name}: taken for classes, because {why}"));
            notes.extend(orders.or_else(|| mixed(name, evidence, &notation, fits)));
            Task::Classification
        }
    };
    let error = |message: String| layout.error(message).column(name);
    let (spec, reading) = match task {
        Task::Regression => {
            let Verdict::Number(found) = verdict else {
                return Err(match csv.joint && csv.task.is_none() && fits == 0 {
                    true => not_a_number(layout, column, (evidence, &notation), JOINT),
                    false => no_number(layout, column, evidence, &notation),
                });
            };
            if evidence.is_constant() {
                let only = evidence.first().map(quoted).unwrap_or_default();
                return Err(error(format!("expected a target that varies, found only {only}")));
            }
            notes.extend(written(name, found, evidence));
            if timed {
                notes.push(format!("target {name}: it is predicted in days since 1970-01-01"));
            }
            let notation = &found.notation;
            let feature = Feature { origin: origin(name, notation, None), ..Feature::number(name) };
            let features = vec![feature];
            let spec = FieldSpec { features, ..FieldSpec::new(name, Shape::vector(1)) };
            (spec, Reading::Number(notation.clone()))
        }
        Task::Classification => {
            let levels: Vec<String> = match (values, evidence.levels.known()) {
                (Some(values), _) => values.iter().map(|&x| shortest(x)).collect(),
                (None, Some(levels)) => sorted(levels, &notation),
                (None, None) => {
                    return Err(error("expected at most 10,000 classes, found more".into()));
                }
            };
            if let [only] = levels.as_slice() {
                let only = quoted(only);
                return Err(error(format!("expected at least two classes, found only {only}")));
            }
            notes.extend(alike_classes(name, &levels));
            let reading = Reading::Level(Levels::new(&levels, notation));
            let shape = Shape::index(levels.len());
            (FieldSpec { levels, ..FieldSpec::new(name, shape) }, reading)
        }
    };
    Ok((Output { spec, parts: vec![Part::new(column, reading)] }, notes))
}

/// The one target that several are together.
///
/// # Errors
/// When one of them is no number.
pub(super) fn join(layout: &Layout, targets: Vec<Output>) -> Result<Output, DataError> {
    let name = match targets.as_slice() {
        [first, .., last] if targets.len() > NAMED => {
            format!("{} to {} ({})", first.spec.name, last.spec.name, targets.len())
        }
        targets => targets.iter().map(|t| t.spec.name.as_str()).collect::<Vec<_>>().join("+"),
    };
    if let Some(classes) = targets.iter().find(|target| target.spec.shape.indices) {
        let message = "expected a number, for targets that are joint, found classes";
        return Err(layout.error(message).column(&classes.spec.name));
    }
    let (mut features, mut parts) = (Vec::new(), Vec::new());
    for target in targets {
        features.extend(target.spec.features);
        parts.extend(target.parts);
    }
    let shape = Shape::vector(features.len());
    Ok(Output { spec: FieldSpec { features, ..FieldSpec::new(name, shape) }, parts })
}

/// What to say of classes that are nearly the same.
fn alike_classes(name: &str, levels: &[String]) -> Option<String> {
    let mut pairs = alike(levels);
    let (one, other) = pairs.next()?;
    let more = match pairs.count() {
        0 => String::new(),
        1 => ", and so do two others".into(),
        more => format!(", and so do {more} more pairs"),
    };
    let (one, other) = (quoted(one), quoted(other));
    Some(format!(
        "target {name}: the classes {one} and {other} differ by case or blanks alone{more}"
    ))
}

/// What to say of rows that are left out because the target is a word there, not a number.
pub(super) fn no_number_there(name: &str, found: &Found, evidence: &Evidence) -> String {
    let rows = counted(found.misfits, "row");
    let such = evidence.misfit(&found.notation).map_or_else(String::new, |sample| {
        format!(", such as {} in line {}", quoted(&sample.text), sample.place.line)
    });
    // Classes may have names and numbers.
    let numbers = |levels: Vec<&str>| -> Vec<f64> {
        levels.into_iter().filter_map(|level| found.notation.value(level)).collect()
    };
    let numbers = evidence.levels.known().map(numbers).unwrap_or_default();
    let values = crate::target::distinct(&numbers, numbers.len()).unwrap_or_default();
    let class = match rule::task(&values, evidence.present - found.misfits) {
        Task::Classification => "; `task = \"classification\"` keeps such a text as a class",
        Task::Regression => "",
    };
    format!("{rows} left out: the target {name} is no number there{such}{class}")
}

/// What to say of classes that many numbers are among.
fn mixed(name: &str, evidence: &Evidence, notation: &Notation, fits: usize) -> Option<String> {
    let sample = evidence.misfit(notation).filter(|_| 4 * fits >= evidence.present)?;
    let (share, text) = (100 * fits / evidence.present.max(1), quoted(&sample.text));
    Some(format!(
        "target {name}: taken for classes, although {share}% of its cells are numbers, because of {text} \
         and the like; if they are missing, add them to `missing`"
    ))
}

/// Text that is another in nearly every row names no classes: numbers in a form of their own, names.
fn few(layout: &Layout, column: usize, evidence: &Evidence) -> Result<(), DataError> {
    // More levels than can be classes are refused anyway.
    let levels = evidence.levels.known().map_or(0, |levels| levels.len());
    if levels <= FEW || levels <= evidence.present / ROWS_EACH {
        return Ok(());
    }
    let example = match (evidence.units(), evidence.misfit(&Notation::default())) {
        (Some((one, other)), _) => format!(", such as {} and {}", quoted(one), quoted(other)),
        (None, Some(sample)) => format!(", such as {}", quoted(&sample.text)),
        (None, None) => String::new(),
    };
    let message = format!(
        "expected numbers or classes, found text that differs in most rows{example}; if these are \
         numbers or dates, say how they are written by `{}`; set `task = \"classification\"` if \
         these are classes",
        format_of(layout.name(column), ANY)
    );
    Err(layout.error(message).column(layout.name(column)))
}

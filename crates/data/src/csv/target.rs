//! What the target column of a file is: classes or numbers.

use super::cell::quoted;
use super::columns::Wished;
use super::kind::kind;
use super::layout::Layout;
use super::levels::{Levels, distinct, sorted};
use super::plan::{Output, Part, Reading};
use super::tally::{Kind, Tally, Wish};
use crate::target::{classes, shortest};
use crate::{Csv, Task};
use tanren_plugin::{DataError, Feature, FieldSpec};
use tanren_tensor::Shape;

/// So many classes are never too many, and any number that leaves each this many rows.
const FEW: usize = 20;
const ROWS_EACH: usize = 2;

/// The field of a target: classes where its cells are text or few integers, else numbers, unless
/// the settings say.
///
/// # Errors
/// When the column cannot be that, and for a single class.
pub(super) fn infer(
    csv: &Csv,
    layout: &Layout,
    (column, wish): Wished,
    tally: &Tally,
) -> Result<Output, DataError> {
    let decimal = tally.decimal();
    // The classes as numbers, where all are.
    let values = match tally.levels.known() {
        Some(levels) if tally.all_numbers() => distinct(&levels, decimal),
        _ => None,
    };
    let wanted = csv.task.or(match wish {
        Wish::Any => None,
        Wish::Category => Some(Task::Classification),
        Wish::Number => Some(Task::Regression),
    });
    let task = match wanted {
        Some(task) => task,
        None => match kind(layout, (column, Wish::Any), tally)? {
            Kind::Number(_) => {
                let classes = values.as_deref().and_then(classes);
                if classes.is_some() { Task::Classification } else { Task::Regression }
            }
            Kind::Category | Kind::Empty => {
                few(layout, column, tally)?;
                Task::Classification
            }
        },
    };
    let name = layout.name(column);
    let (spec, reading) = match task {
        Task::Regression => {
            kind(layout, (column, Wish::Number), tally)?;
            let features = vec![Feature::number(name)];
            let spec = FieldSpec { features, ..FieldSpec::new(name, Shape::vector(1)) };
            (spec, Reading::Number(decimal))
        }
        Task::Classification => {
            let levels = match (values, tally.levels.known()) {
                (Some(values), _) => values.iter().map(|&x| shortest(x)).collect(),
                (None, Some(levels)) => sorted(levels, decimal),
                (None, None) => {
                    let more = "expected at most 10,000 classes, found more";
                    return Err(layout.error(more).column(name));
                }
            };
            if let [only] = levels.as_slice() {
                let message = format!("expected at least two classes, found only {}", quoted(only));
                return Err(layout.error(message).column(name));
            }
            let reading = Reading::Level(Levels::new(&levels, decimal));
            let shape = Shape::index(levels.len());
            (FieldSpec { levels, ..FieldSpec::new(name, shape) }, reading)
        }
    };
    Ok(Output { spec, parts: vec![Part::new(column, reading)] })
}

/// Text that is another in nearly every row names no classes: numbers in a form of their own, dates,
/// names.
fn few(layout: &Layout, column: usize, tally: &Tally) -> Result<(), DataError> {
    // More levels than can be classes are refused anyway.
    let levels = tally.levels.known().map_or(0, |levels| levels.len());
    if levels <= FEW || levels <= tally.present / ROWS_EACH {
        return Ok(());
    }
    let example = tally.odd().map_or(String::new(), |text| format!(", such as {}", quoted(text)));
    let message = format!(
        "expected numbers or classes, found text that differs in most rows{example}; write numbers \
         without units and thousands separators; set `task = \"classification\"` if these are classes"
    );
    Err(layout.error(message).column(layout.name(column)))
}

//! `infer`: which fields a file becomes, by its cells and the settings.

use super::cell::{Decimal, Words};
use super::columns::{Columns, Wished};
use super::kind::kind;
use super::layout::Layout;
use super::level_set::LevelSet;
use super::levels::{Levels, sorted};
use super::pass::Pass;
use super::plan::{Output, Part, Plan, Reading};
use super::scan::{Watch, scan};
use super::tally::{Kind, Tally, Wish};
use super::target;
use crate::Csv;
use crate::file::notes::append;
use crate::target::MAX_CLASSES;
use tanren_plugin::{DataError, Feature, FieldSpec};
use tanren_tensor::Shape;

/// What a file becomes, and which rows are kept.
///
/// # Errors
/// When the file cannot be read, or its columns cannot be what they should be.
pub(super) fn infer(
    csv: &Csv,
    layout: &Layout,
    words: &Words,
    columns: &Columns,
) -> Result<(Plan, Pass), DataError> {
    let needed = columns.needed();
    let inputs = columns.inputs.iter().map(|&(column, wish)| Watch {
        column,
        levels: if wish == Wish::Number { 0 } else { csv.max_levels },
        always: wish == Wish::Category,
    });
    let target = needed.iter().map(|&column| Watch { column, levels: MAX_CLASSES, always: true });
    let mut watches: Vec<Watch> = inputs.chain(target).collect();
    let (pass, mut tallies) = scan(layout, words, &needed, &watches)?;

    // A category that begins with numbers: its levels have still to be collected.
    let late = |(tally, &(_, wish)): (&Tally, &Wished)| {
        matches!(tally.levels, LevelSet::Unasked) && matches!(tally.kind(wish), Ok(Kind::Category))
    };
    let late: Vec<bool> = tallies.iter().zip(&columns.inputs).map(late).collect();
    if late.contains(&true) {
        watches.iter_mut().zip(late).for_each(|(watch, late)| watch.always |= late);
        let (again, full) = scan(layout, words, &needed, &watches)?;
        if again != pass {
            return Err(layout.changed());
        }
        tallies = full;
    }

    let mut plan = Plan { inputs: vec![], targets: vec![], of_model: false, notes: vec![] };
    plan.inputs.push(inputs_of(csv, layout, columns, &tallies, &mut plan.notes)?);
    if let (Some(target), Some(tally)) = (columns.target, tallies.last()) {
        plan.notes.splice(0..0, counted_out(csv, layout, target.0));
        let field = target::infer(csv, layout, target, tally)?;
        if tally.all_numbers() && tally.decimal() == Decimal::Comma {
            plan.notes.push(with_commas(layout.name(target.0)));
        }
        plan.targets.push(field);
    }
    if csv.header.is_none() && !layout.header {
        let last = layout.names.len() - 1;
        let note = format!("no header found: the columns are named 0 to {last}");
        plan.notes.insert(0, note);
    }
    Ok((plan, pass))
}

fn with_commas(name: &str) -> String {
    format!("column {name}: its numbers have decimal commas")
}

/// Which column the target is, where somebody said its position and may have miscounted.
fn counted_out(csv: &Csv, layout: &Layout, target: usize) -> Option<String> {
    let (name, columns) = (layout.name(target), layout.names.len());
    let last = if target + 1 == columns { " (last)" } else { "" };
    let named = if layout.header { format!(", {name}") } else { String::new() };
    let counted = csv.target.as_deref() != Some(name);
    counted.then(|| format!("the target is column {target} of {columns}{last}{named}"))
}

/// The vector of all columns that can be inputs, and notes about those that cannot.
fn inputs_of(
    csv: &Csv,
    layout: &Layout,
    columns: &Columns,
    tallies: &[Tally],
    notes: &mut Vec<String>,
) -> Result<Output, DataError> {
    let (mut features, mut parts) = (Vec::new(), Vec::new());
    let (mut left_out, mut commas, mut mixed) = (Vec::new(), Vec::new(), Vec::new());
    for (&(column, wish), tally) in columns.inputs.iter().zip(tallies) {
        let name = layout.name(column);
        match kind(layout, (column, wish), tally)? {
            Kind::Empty => {
                left_out.push(format!("column {name} left out: all its values are missing"))
            }
            Kind::Number(decimal) => {
                if decimal == Decimal::Comma {
                    commas.push(with_commas(name));
                }
                features.push(Feature::number(name));
                parts.push(Part::new(column, Reading::Number(decimal)));
            }
            Kind::Category => match tally.levels.known() {
                Some(levels) => {
                    let levels = sorted(levels, tally.decimal());
                    parts.push(Part::new(
                        column,
                        Reading::Level(Levels::new(&levels, tally.decimal())),
                    ));
                    features.push(Feature::category(name, levels));
                    if let (Wish::Any, share @ 1..) = (wish, tally.percent_numbers()) {
                        mixed.push(format!(
                            "column {name}: read as a category, although {share}% of its cells are \
                             numbers"
                        ));
                    }
                }
                None => {
                    let most = csv.max_levels;
                    let why =
                        format!("more than {most} categories (raise `max-levels` to keep it)");
                    left_out.push(format!("column {name} left out: {why}"));
                }
            },
        }
    }
    append(notes, left_out, "left out");
    append(notes, commas, "with decimal commas");
    append(notes, mixed, "with numbers among their categories");
    if parts.is_empty() {
        let why = match notes.is_empty() {
            true => "the file has only the target and columns to ignore".into(),
            false => notes.join("; "),
        };
        return Err(layout.error(format!("no input column is left: {why}")));
    }
    let shape = Shape::vector(features.len());
    let positions = (!layout.header).then_some(layout.names.len());
    let spec = FieldSpec { features, positions, ..FieldSpec::new("inputs", shape) };
    Ok(Output { spec, parts })
}

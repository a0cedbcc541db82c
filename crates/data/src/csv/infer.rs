//! `infer`: which fields a file becomes, by its cells and the settings.

use super::beside;
use super::cell::{Words, quoted};
use super::columns::Columns;
use super::layout::Layout;
use super::levels::{Levels, alike, sorted};
use super::pass::Pass;
use super::plan::{Output, Part, Plan, Reading};
use super::remarks::{alike_levels, example, long_numbers, orders, too_many, written};
use super::scan::{Scan, Watch, scan};
use super::target;
use super::verdict::{Found, Verdict, Wish, verdict};
use super::weights::{self, Weights};
use crate::Csv;
use crate::file::notes::append;
use crate::target::MAX_CLASSES;
use tanren_plugin::{Cycle, DataError, Feature, FieldSpec, Notation, Origin};
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
    let mut needed = columns.needed();
    let said = |column: usize| columns.notations.get(&column).cloned();
    let inputs = columns.inputs.iter().map(|&(column, wish)| Watch {
        column,
        levels: if wish == Wish::Number { 0 } else { csv.max_levels },
        always: wish == Wish::Category,
        said: said(column),
        beside: false,
    });
    let targets = columns.targets.iter().map(|&(column, _)| Watch {
        column,
        levels: MAX_CLASSES,
        always: true,
        said: said(column),
        beside: false,
    });
    let beside = columns.beside.iter().map(|&wished| beside::watch(wished, said(wished.0)));
    let weights = columns.weights.map(|column| weights::watch(column, said(column)));
    let mut watches: Vec<Watch> = inputs.chain(targets).chain(beside).chain(weights).collect();
    let mut found = scan(layout, words, &needed, &watches, usize::MAX)?;
    let mut verdicts = verdicts(layout, columns, &found)?;

    // A category that begins with numbers: its levels have still to be collected. A target that is
    // no number in some rows: these rows have still to be left out.
    let mut again = false;
    for ((watch, evidence), verdict) in watches.iter_mut().zip(&found.columns).zip(&verdicts) {
        let text =
            if watch.beside { beside::is_text(verdict) } else { *verdict == Verdict::Category };
        if evidence.has_stopped_early() && text {
            (watch.always, again) = (true, true);
        }
    }
    let mut left_out = Vec::new();
    let targets = verdicts.iter().skip(columns.inputs.len());
    let of_targets = found.columns.iter().skip(columns.inputs.len());
    for ((need, verdict), evidence) in needed.iter_mut().zip(targets).zip(of_targets) {
        if let Verdict::Number(found) = verdict
            && found.misfits > 0
            && csv.task != Some(crate::Task::Classification)
        {
            left_out.push(target::no_number_there(layout.name(need.column), found, evidence));
            need.notation = Some(found.notation.clone());
            again = true;
        }
    }
    if again {
        let before = found.pass;
        found = scan(layout, words, &needed, &watches, usize::MAX)?;
        if left_out.is_empty() && found.pass != before {
            return Err(layout.changed());
        }
        verdicts = self::verdicts(layout, columns, &found)?;
    }

    let mut notes = Vec::new();
    // A series may be all there is: its past is what it is foretold from.
    let inputs = inputs_of(csv, layout, columns, &found, &verdicts, &mut notes);
    if inputs.is_none() && csv.target.is_empty() {
        let why = match notes.is_empty() {
            true => "the file has only columns to ignore".into(),
            false => notes.join("; "),
        };
        return Err(layout.error(format!("no input column is left: {why}")));
    }
    let inputs: Vec<Output> = inputs.into_iter().collect();
    let mut rest = found.columns.iter().zip(&verdicts).skip(columns.inputs.len());
    let mut targets = Vec::new();
    for (&wished, (evidence, verdict)) in columns.targets.iter().zip(rest.by_ref()) {
        notes.splice(0..0, counted_out(csv, layout, wished.0));
        let (output, about) =
            target::infer(csv, layout, wished, evidence, verdict, found.pass.kept)?;
        notes.extend(about);
        targets.push(output);
    }
    if csv.joint && targets.len() > 1 {
        targets = vec![target::join(layout, targets)?];
    }
    notes.extend(left_out);
    let beside: Vec<_> = columns.beside.iter().zip(rest.by_ref()).collect();
    for &(&(column, _), (evidence, verdict)) in &beside {
        if let Verdict::Number(found) = verdict
            && found.ambiguous
        {
            notes.extend(written(layout.name(column), found, evidence));
        }
    }
    let beside =
        beside.into_iter().map(|(&wished, (e, _))| beside::output(layout, wished, e, found.commas));
    let beside = beside.collect::<Result<_, _>>()?;
    let weights = columns.weights.zip(rest.next());
    let weights = weights.map(|(column, (e, _))| Weights::new(column, e, found.commas));
    if csv.header.is_none() && !layout.header {
        let last = layout.names.len() - 1;
        let note = format!("no header found: the columns are named 0 to {last}");
        notes.insert(0, note);
    }
    let several = layout.text.files.iter().filter_map(|files| files.note());
    notes.splice(0..0, several.chain(layout.notes.iter().cloned()));
    let (ids, of_model) = (Vec::new(), false); // nobody predicts by looking
    Ok((Plan { inputs, targets, beside, ids, weights, of_model, needed, notes }, found.pass))
}

/// What each watched column is.
fn verdicts(layout: &Layout, columns: &Columns, found: &Scan) -> Result<Vec<Verdict>, DataError> {
    let columns = columns.all().zip(&found.columns);
    columns.map(|((column, wish), e)| verdict(layout, column, wish, e, found.commas)).collect()
}

/// Which column the target is, where somebody said its position and may have miscounted.
fn counted_out(csv: &Csv, layout: &Layout, target: usize) -> Option<String> {
    let (name, columns) = (layout.name(target), layout.names.len());
    let last = if target + 1 == columns { " (last)" } else { "" };
    let named = if layout.header { format!(", {name}") } else { String::new() };
    let counted = !csv.target.iter().any(|target| target == name);
    counted.then(|| format!("the target is column {target} of {columns}{last}{named}"))
}

/// Notes about columns, by kind.
#[derive(Default)]
struct Notes {
    left_out: Vec<String>,
    written: Vec<String>,
    mixed: Vec<String>,
}

/// The vector of all columns that can be inputs, if there are any, and notes about those that cannot.
fn inputs_of(
    csv: &Csv,
    layout: &Layout,
    columns: &Columns,
    found: &Scan,
    verdicts: &[Verdict],
    notes: &mut Vec<String>,
) -> Option<Output> {
    let (mut features, mut parts) = (Vec::new(), Vec::new());
    let (mut about, mut nearly) = (Notes::default(), Vec::new());
    let of_columns = columns.inputs.iter().zip(&found.columns).zip(verdicts);
    for ((&(column, wish), evidence), verdict) in of_columns {
        let name = layout.name(column);
        let whole = evidence.present == found.pass.kept;
        match verdict {
            Verdict::Empty => {
                let why = "all its values are missing";
                about.left_out.push(format!("column {name} left out: {why}"));
            }
            _ if wish == Wish::Any && evidence.is_constant() && whole => {
                let value = evidence.first().map(quoted).unwrap_or_default();
                let why = format!("it is {value} in every row");
                about.left_out.push(format!("column {name} left out: {why}"));
            }
            // One value and nothing: a mark that is there or not.
            Verdict::Number(_) if wish == Wish::Any && evidence.is_constant() => {
                let levels: Vec<String> = evidence.first().map(str::to_owned).into_iter().collect();
                let reading = Reading::Level(Levels::new(&levels, Notation::default()));
                parts.push(Part::new(column, reading));
                features.push(Feature::category(name, levels));
            }
            Verdict::Number(found) => {
                about.written.extend(written(name, found, evidence));
                if wish == Wish::Any && found.notation.is_plain() && evidence.looks_like_codes() {
                    about.written.push(format!(
                        "column {name}: read as numbers, although some begin with a zero; if they are \
                         codes, name it in `categories`"
                    ));
                }
                if let Some((count, first)) = evidence.long_numbers() {
                    about.written.push(long_numbers(name, count, first));
                }
                add_number(name, column, found, &mut features, &mut parts);
            }
            Verdict::Category => match evidence.levels.known() {
                Some(levels) => {
                    let (notation, numbers) = evidence.numbers(found.commas);
                    let levels = sorted(levels, &notation);
                    nearly.extend(alike(&levels).next().map(|(one, other)| {
                        (name, format!("{} and {}", quoted(one), quoted(other)))
                    }));
                    if let (Wish::Any, Some(why)) = (wish, orders(name, evidence)) {
                        about
                            .mixed
                            .push(format!("column {name}: read as a category, because {why}"));
                    } else if let (Wish::Any, share @ 1..) =
                        (wish, numbers * 100 / evidence.present)
                    {
                        about.mixed.push(format!(
                            "column {name}: read as a category, although {share}% of its cells are \
                             numbers{}",
                            example(evidence, &notation)
                        ));
                    } else if let (Wish::Any, Some((share, other))) =
                        (wish, evidence.times_among_texts())
                    {
                        about.mixed.push(format!(
                            "column {name}: read as a category, although {share}% of its cells are \
                             times, because of {}",
                            quoted(other)
                        ));
                    }
                    let reading = Reading::Level(Levels::new(&levels, notation));
                    parts.push(Part::new(column, reading));
                    features.push(Feature::category(name, levels));
                }
                None => about.left_out.push(too_many(csv, name, evidence)),
            },
        }
    }
    append(notes, about.left_out, "left out");
    append(notes, about.written, "written in a way of their own");
    append(notes, about.mixed, "with numbers among their categories");
    notes.extend(alike_levels(&nearly));
    if parts.is_empty() {
        return None;
    }
    let shape = Shape::vector(features.len());
    let positions = (!layout.header).then_some(layout.names.len());
    let units = layout.units();
    let spec = FieldSpec { features, positions, units, ..FieldSpec::new("inputs", shape) };
    Some(Output { spec, parts })
}

/// Where a feature comes from, if its numbers are not plain.
pub(super) fn origin(name: &str, notation: &Notation, cycle: Option<Cycle>) -> Option<Origin> {
    let notation = Some(notation).filter(|notation| !notation.is_plain()).cloned();
    notation.map(|notation| Origin { column: name.to_owned(), notation, cycle })
}

/// Adds the features of a column of numbers: one, or for times also their places in cycles.
fn add_number(
    name: &str,
    column: usize,
    found: &Found,
    features: &mut Vec<Feature>,
    parts: &mut Vec<Part>,
) {
    let notation = &found.notation;
    features.push(Feature { origin: origin(name, notation, None), ..Feature::number(name) });
    parts.push(Part::new(column, Reading::Number(notation.clone())));
    if matches!(notation, Notation::Time(_)) {
        for cycle in Cycle::of(notation) {
            let feature = Feature::number(format!("{name}:{}", cycle.name()));
            features.push(Feature { origin: origin(name, notation, Some(cycle)), ..feature });
            parts.push(Part::new(column, Reading::Cycle(notation.clone(), cycle)));
        }
    }
}

//! `find`: where in a file the fields are that a model was made for.

use super::absent;
use super::beside;
use super::by_position;
use super::cell::{Words, listed, quoted};
use super::columns::position;
use super::form::form;
use super::header::Known;
use super::ids;
use super::layout::Layout;
use super::levels::Levels;
use super::pass::{Need, Pass};
use super::plan::{Output, Part, Plan, Reading};
use super::records::MAX_CELLS;
use super::scan::{Scan, Watch};
use super::trained::{Looked, look};
use super::verdict::verdict;
use super::weights::{self, Weights};
use crate::Csv;
use crate::file::by_position::NOTE;
use crate::file::notes::append;
use crate::target::MAX_CLASSES;
use std::collections::{HashMap, HashSet};
use tanren_plugin::{DataError, FieldSpec, Notation, Schema, nearest};

/// How many missing columns an error names.
const SHOWN: usize = 10;

/// A field of a model, and the names of its columns.
struct Wanted<'a> {
    spec: &'a FieldSpec,
    names: Vec<String>,
}

impl<'a> Wanted<'a> {
    fn input(csv: &Csv, spec: &'a FieldSpec) -> Result<Self, DataError> {
        let names = if spec.shape.indices {
            vec![spec.name.clone()]
        } else if spec.features.is_empty() {
            (0..spec.width().min(MAX_CELLS)).map(|feature| spec.feature_name(feature)).collect()
        } else {
            spec.features.iter().map(|feature| feature.column().to_owned()).collect()
        };
        Self { spec, names }.checked(csv)
    }

    fn target(csv: &Csv, spec: &'a FieldSpec) -> Result<Self, DataError> {
        match spec.width() {
            1 => Self { spec, names: vec![spec.name.clone()] }.checked(csv),
            _ => Self::input(csv, spec),
        }
    }

    /// Refuses what a row of cells cannot hold.
    fn checked(self, csv: &Csv) -> Result<Self, DataError> {
        let shape = self.spec.shape;
        if !shape.sequence && self.names.len() == self.spec.width() {
            return Ok(self);
        }
        let (what, most) = (&self.spec.name, "a row of a CSV file cannot contain");
        let message = format!("the model expects {shape} for {what}, which {most}");
        Err(DataError::new(csv.path.display(), message))
    }
}

/// What a file is to a model, and which rows are kept, as far as the first `most` of them tell.
///
/// # Errors
/// When the file cannot be read, lacks a column or has text where the model takes numbers.
pub(super) fn find(
    csv: &Csv,
    words: &Words,
    schema: &Schema,
    most: usize,
) -> Result<(Layout, Plan, Pass), DataError> {
    let inputs = schema.inputs.iter().map(|spec| Wanted::input(csv, spec));
    let targets = schema.targets.iter().map(|spec| Wanted::target(csv, spec));
    let wanted = inputs.chain(targets).collect::<Result<Vec<_>, _>>()?;
    let (inputs, targets) = wanted.split_at_checked(schema.inputs.len()).unwrap_or_default();
    let names = |wanted: &'_ [Wanted<'_>]| -> Vec<String> {
        wanted.iter().flat_map(|wanted| wanted.names.iter().cloned()).collect()
    };
    let (inputs, targets) = (names(inputs), names(targets));

    // Without names, the number of columns is all that tells one file from another.
    let whole = schema.inputs.iter().find_map(|spec| spec.positions);
    let known = match whole {
        Some(_) => Vec::new(), // any row of numbers may look like positions
        None => inputs.iter().map(String::as_str).collect(),
    };
    let units = schema.inputs.iter().flat_map(|spec| &spec.units);
    let units = units.map(|(column, unit)| (column.as_str(), unit.as_str())).collect();
    let known = Known { names: known, units: Some(units) };
    let mut layout = Layout::find(csv, words, &known)?;
    let (inputs, whole) = match by_position::names(&layout, schema, &inputs) {
        Some(names) => {
            layout.notes.push(NOTE.into());
            (names, None)
        }
        None => (inputs, whole),
    };
    let absent = match whole {
        Some(whole) => absent::find(csv, &layout, whole, &inputs, schema)?,
        None => Vec::new(),
    };
    layout.notes.extend(absent::note(&absent, layout.names.len()));
    let targets: Vec<String> = targets.into_iter().map(|name| told(&layout, whole, name)).collect();
    let places = places(&layout, &absent, inputs.iter().chain(&targets), whole.is_some())?;
    let targets = places.get(inputs.len()..).unwrap_or_default();
    let need = |&column: &usize| Need { column, notation: None };
    let mut needed: Vec<Need> = targets.iter().map(need).collect();

    let said = wanted.iter().flat_map(|wanted| {
        let features = &wanted.spec.features;
        (0..wanted.names.len()).map(|at| features.get(at)?.origin.clone().map(|o| o.notation))
    });
    let watch = |(&column, said): (&usize, Option<Notation>)| Watch {
        column,
        levels: 0,
        always: false,
        said,
        beside: false,
    };
    // Where a column is absent, the positions of others are not those that the settings mean.
    let beside = if absent.is_empty() { beside::present(csv, &layout) } else { Vec::new() };
    let mut watches: Vec<Watch> = places.iter().zip(said).map(watch).collect();
    watches.extend(beside.iter().cloned().map(|(wished, said)| beside::watch(wished, said)));
    let weights = weights::column_for(csv, &mut layout, schema);
    watches.extend(weights.map(|column| weights::watch(column, None)));
    let ids = ids::columns(csv, &mut layout, schema, &absent)?;
    let measured = wanted.iter().flat_map(|wanted| {
        let spec = wanted.spec;
        (0..wanted.names.len()).map(|at| !spec.shape.indices && !spec.is_category(at))
    });
    let numeric: Vec<bool> = measured.collect();
    let mut found = look(&layout, words, &needed, &watches, &numeric, most)?;

    // Text that begins with numbers: its levels have still to be collected.
    let mut again = false;
    let of_beside = watches.iter_mut().zip(&found.scan.columns).skip(places.len());
    for ((watch, evidence), &(wished, _)) in of_beside.zip(&beside) {
        let verdict = verdict(&layout, wished.0, wished.1, evidence, found.scan.commas)?;
        if evidence.has_stopped_early() && beside::is_text(&verdict) {
            (watch.always, again) = (true, true);
        }
    }

    // Rows whose target is no number are left out, as they were in training.
    let of_targets = numeric.iter().enumerate().skip(inputs.len());
    for (need, (at, _)) in needed.iter_mut().zip(of_targets).filter(|(_, (_, numeric))| **numeric) {
        let written = found.written(&layout, (at, need.column), true)?;
        need.notation = Some(written.notation).filter(|_| !written.all);
    }
    if again || needed.iter().any(|need| need.notation.is_some()) {
        found = look(&layout, words, &needed, &watches, &numeric, most)?;
    }
    let count = places.len();
    let mut columns = places.into_iter().enumerate();
    let (mut outputs, mut other) = (Vec::new(), Vec::new());
    for (at, wanted) in wanted.iter().enumerate() {
        let target = at >= schema.inputs.len();
        outputs.push(output(&layout, wanted, target, &found, &mut columns, &mut other)?);
    }
    let targets = outputs.split_off(schema.inputs.len().min(outputs.len()));
    let Scan { pass, columns, commas } = found.scan;
    let of_beside = beside.iter().zip(columns.iter().skip(count));
    let beside = of_beside.map(|(&(wished, _), e)| beside::output(&layout, wished, e, commas));
    let beside = beside.collect::<Result<_, _>>()?;
    let weights = weights.zip(columns.last());
    let weights = weights.map(|(column, evidence)| Weights::new(column, evidence, commas));
    let mut notes = layout.notes.clone();
    append(&mut notes, other, "written other than in training");
    let (inputs, of_model) = (outputs, true);
    let plan = Plan { inputs, targets, beside, ids, weights, of_model, needed, notes };
    Ok((layout, plan, pass))
}

/// The name of a target: the column's, or where nothing is called so, of the column that has this
/// position.
fn told(layout: &Layout, whole: Option<usize>, name: String) -> String {
    if whole.is_some() || layout.names.contains(&name) {
        return name;
    }
    position(&name, layout.places()).map_or(name, |column| layout.name(column).to_owned())
}

/// The column of each name.
///
/// # Errors
/// All names that are not there, and what may be the matter.
fn places<'a>(
    layout: &Layout,
    absent: &[usize],
    names: impl Iterator<Item = &'a String>,
    positions: bool,
) -> Result<Vec<usize>, DataError> {
    let shown = |column: usize| match absent {
        [] => layout.name(column).to_owned(),
        absent => absent::before(absent, column).to_string(),
    };
    // The same name may be written in two ways in Unicode.
    let (mut columns, mut forms) = (HashMap::new(), HashMap::new());
    for column in 0..layout.names.len() {
        let name = shown(column);
        forms.entry(form(&name).into_owned()).or_insert(column);
        columns.insert(name, column);
    }
    let (mut places, mut missing, mut met) = (Vec::new(), Vec::new(), HashSet::new());
    for name in names {
        match columns.get(name).or_else(|| forms.get(&*form(name))) {
            Some(&column) => places.push(column),
            None if met.insert(name.as_str()) => missing.push(name.as_str()),
            None => {}
        }
    }
    if missing.is_empty() {
        return Ok(places);
    }
    let near = |name: &str| match nearest(name, layout.names.iter().map(String::as_str)) {
        Some(near) if !positions => format!("{} (did you mean {}?)", quoted(name), quoted(near)),
        _ => quoted(name),
    };
    let mut list: Vec<String> = missing.iter().take(SHOWN).map(|name| near(name)).collect();
    if missing.len() > SHOWN {
        list.push(format!("and {} more", missing.len() - SHOWN));
    }
    let s = if missing.len() == 1 { "" } else { "s" };
    let why = match (layout.header, positions) {
        (true, false) => {
            format!("the columns are {}", listed(layout.names.iter().map(String::as_str)))
        }
        (true, true) => {
            let first = &layout.first;
            format!("the training file had no header, but this file seems to have one: {first}")
        }
        (false, false) => {
            let first = &layout.first;
            format!("the file seems to have no header (its first row is {first}); add one")
        }
        (false, true) => format!("the file has {} columns", layout.names.len()),
    };
    Err(layout.error(format!("missing column{s} {}; {why}", list.join(", "))))
}

/// A field of the model from its columns, the next of all, of which the place among those looked at
/// is told, too. Adds to `notes` which of them are written other than in training.
fn output(
    layout: &Layout,
    wanted: &Wanted<'_>,
    target: bool,
    found: &Looked,
    columns: &mut impl Iterator<Item = (usize, usize)>,
    notes: &mut Vec<String>,
) -> Result<Output, DataError> {
    let spec = wanted.spec;
    let Scan { columns: evidence, commas, .. } = &found.scan;
    let notation = |at: usize| {
        evidence.get(at).map_or_else(Notation::default, |evidence| evidence.numbers(*commas).0)
    };
    let mut parts = Vec::with_capacity(wanted.names.len());
    for (index, (at, column)) in columns.take(wanted.names.len()).enumerate() {
        let feature = spec.features.get(index);
        let levels = feature.filter(|feature| feature.is_category()).map(|f| &f.levels);
        let reading = if spec.shape.indices {
            Reading::Level(Levels::new(&self::levels(layout, spec)?, notation(at)))
        } else if let Some(levels) = levels {
            Reading::Level(Levels::new(levels, notation(at)))
        } else {
            let written = found.written(layout, (at, column), target)?;
            notes.extend(written.note);
            match feature.and_then(|feature| feature.origin.as_ref()?.cycle) {
                Some(cycle) => Reading::Cycle(written.notation, cycle),
                None => Reading::Number(written.notation),
            }
        };
        parts.push(Part::new(column, reading));
    }
    Ok(Output { spec: spec.clone(), parts })
}

/// The names of the levels of an index; their numbers where they have none.
fn levels(layout: &Layout, spec: &FieldSpec) -> Result<Vec<String>, DataError> {
    match spec.shape.features {
        count if count == spec.levels.len() => Ok(spec.levels.clone()),
        count if count <= MAX_CLASSES && spec.levels.is_empty() => {
            Ok((0..count).map(|level| level.to_string()).collect())
        }
        count => {
            let found = spec.levels.len();
            let message = format!(
                "{:?} of the model has {count} levels but {found} names for them",
                spec.name
            );
            Err(layout.error(message))
        }
    }
}

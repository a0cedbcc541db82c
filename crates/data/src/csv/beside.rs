//! Columns beside the inputs: read for a split, which orders rows by one or groups them, and seen by
//! no network.

use super::columns::{Wished, find};
use super::evidence::{Commas, Evidence};
use super::infer::origin;
use super::layout::Layout;
use super::levels::{Levels, sorted};
use super::plan::{Output, Part, Reading};
use super::scan::Watch;
use super::verdict::{Verdict, Wish, verdict};
use crate::Csv;
use tanren_plugin::{DataError, Feature, FieldSpec, Notation};
use tanren_tensor::Shape;

/// What to look at in such a column: there is no limit to its levels.
pub(super) fn watch((column, wish): Wished, said: Option<Notation>) -> Watch {
    let (levels, always) = (usize::MAX, wish == Wish::Category);
    Watch { column, levels, always, said, beside: true }
}

/// The columns of a file of new data that the settings have beside the inputs. Those that it lacks
/// are not needed to predict.
pub(super) fn present(csv: &Csv, layout: &Layout) -> Vec<(Wished, Option<Notation>)> {
    let place = |name: &String| find(layout, name);
    let lists = |list: &[String], column: usize| list.iter().filter_map(place).any(|c| c == column);
    let wish = |column: usize| match () {
        () if lists(&csv.categories, column) => Wish::Category,
        () if lists(&csv.numbers, column) => Wish::Number,
        () => Wish::Any,
    };
    let said = |column: usize| {
        let mut formats = csv.formats.iter();
        formats.find(|(name, _)| place(name) == Some(column)).map(|(_, notation)| notation.clone())
    };
    let file = layout.file_column().and_then(|name| find(layout, name));
    let named = csv.beside.iter().filter_map(place);
    let columns =
        named.clone().chain(file.filter(|file| named.clone().all(|column| column != *file)));
    columns.map(|column| ((column, wish(column)), said(column))).collect()
}

/// Whether a column is text: a number among words stays a word, since rows that differ in it belong
/// to different groups. Among times, a word is a mistake.
pub(super) fn is_text(verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Category => true,
        Verdict::Number(found) => found.misfits > 0 && !matches!(found.notation, Notation::Time(_)),
        Verdict::Empty => false,
    }
}

/// The field of one such column.
///
/// # Errors
/// As [`verdict`].
pub(super) fn output(
    layout: &Layout,
    (column, wish): Wished,
    evidence: &Evidence,
    commas: Commas,
) -> Result<Output, DataError> {
    let name = layout.name(column);
    let verdict = verdict(layout, column, wish, evidence, commas)?;
    let (feature, reading) = match (&verdict, evidence.levels.known()) {
        (verdict, Some(levels)) if is_text(verdict) => {
            let notation = evidence.numbers(commas).0;
            let levels = sorted(levels, &notation);
            let reading = Reading::Level(Levels::new(&levels, notation));
            (Feature::category(name, levels), reading)
        }
        (Verdict::Number(found), _) => {
            let notation = &found.notation;
            let feature = Feature { origin: origin(name, notation, None), ..Feature::number(name) };
            (feature, Reading::Number(notation.clone()))
        }
        _ => (Feature::number(name), Reading::Number(Notation::default())),
    };
    let spec = FieldSpec { features: vec![feature], ..FieldSpec::new(name, Shape::vector(1)) };
    Ok(Output { spec, parts: vec![Part::new(column, reading)] })
}

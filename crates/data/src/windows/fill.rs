//! `table`: the numbers of all windows.

use crate::series::{All, Series};
use crate::windows::Windows;
use crate::windows::inner::Inner;
use crate::windows::numbers::Numbers;
use tanren_plugin::{DataError, Feature, Field, FieldSpec, Reference, Span, Table, Values};
use tanren_tensor::Shape;

/// Series that a note names.
const SHOWN: usize = 5;

/// Where a window is: its series, and the step in it that is known last.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) series: &'a Series,
    number: usize,
    pub(super) origin: usize,
}

impl Place<'_> {
    /// The row of the origin.
    fn row(&self) -> usize {
        self.series.rows[self.origin]
    }
}

/// The table of windows over series; without targets, the last window of each.
///
/// # Errors
/// When no series is long enough, or the table would be too large.
pub(super) fn table(
    windows: &Windows,
    inner: &Inner,
    all: &All,
    with_targets: bool,
) -> Result<Table, DataError> {
    let (places, short) = places(windows, inner, all, with_targets)?;
    let mut numbers = Numbers::new(windows, inner, places.len())?;
    places.iter().for_each(|place| numbers.add(place, with_targets));
    let Numbers { inputs, targets, frame, last, season, weights, .. } = numbers;

    let table = &inner.table;
    let rows: Vec<usize> = places.iter().map(Place::row).collect();
    let times = |place: &Place<'_>, ahead: usize| {
        place.series.rows.get(place.origin + ahead).map_or(f64::NAN, |&row| all.times[row])
    };
    let origins: Vec<f64> = places.iter().map(|place| times(place, 0)).collect();
    let spans = origins.iter().zip(&places);
    let spans =
        spans.map(|(&origin, place)| Span { origin, end: times(place, windows.ahead()) }).collect();

    let steps = (0..=places.len()).map(|row| row * windows.length).collect();
    let spec = input_spec(windows, inner);
    let input = Field { spec, values: Values::Double(inputs), offsets: Some(steps) };
    let target = target_field(windows, inner, targets);
    let reference = |name: &str, values| Reference { name: name.into(), target: 0, values };
    let seasonal = windows.period.map(|_| reference("seasonal naive", season));
    let mean = (windows.seasons > 1).then(|| {
        let own = |z: &f64| if windows.log { z.exp() } else { *z };
        let name = format!("mean of {} seasons", windows.seasons);
        reference(&name, frame.shift.iter().map(own).collect())
    });
    let references = std::iter::once(reference("persistence", last)).chain(seasonal).chain(mean);
    let mut beside = vec![Field::numbers("origin", vec![Feature::number("origin")], origins)];
    beside.extend(windows.series.as_deref().map(|name| series_field(name, all, &places)));
    let given = table
        .beside
        .iter()
        .filter(|field| beside.iter().all(|own| own.spec.name != field.spec.name));
    let given: Vec<Field> = given.map(|field| field.select(&rows)).collect();
    beside.extend(given);

    let mut notes = table.notes.clone();
    notes.extend(all.notes.iter().cloned().chain(short));
    Ok(Table {
        name: table.name.clone(),
        rows: places.len(),
        inputs: vec![input],
        targets: if with_targets { vec![target] } else { Vec::new() },
        beside,
        ids: table.ids.iter().map(|ids| ids.select(&rows)).collect(),
        weights: (with_targets && table.weights.is_some()).then_some(weights),
        frames: if windows.has_frame() { vec![Some(frame)] } else { Vec::new() },
        references: if with_targets { references.collect() } else { Vec::new() },
        spans: with_targets.then_some(spans),
        numbers: Some(rows.iter().map(|&row| table.number(row)).collect()),
        source_rows: Some(table.source_rows.unwrap_or(table.rows)),
        notes,
        ..Table::default()
    })
}

/// The windows of all series in the order of their origins' rows, and a note on series that have none.
fn places<'a>(
    windows: &Windows,
    inner: &Inner,
    all: &'a All,
    with_targets: bool,
) -> Result<(Vec<Place<'a>>, Option<String>), DataError> {
    let past = windows.past();
    let needed = past.saturating_add(if with_targets { windows.ahead() } else { 0 });
    let (mut places, mut short) = (Vec::new(), Vec::new());
    for (number, series) in all.series.iter().enumerate() {
        let steps = series.rows.len();
        if steps < needed {
            short.push(series);
            continue;
        }
        let place = |origin| Place { series, number, origin };
        match with_targets {
            true => places
                .extend((past - 1..steps - windows.ahead()).step_by(windows.stride).map(place)),
            false => places.push(place(steps - 1)),
        }
    }
    places.sort_by_key(Place::row);
    let needs = windows.needs(with_targets);
    let called = |series: &&Series| {
        let name = series.name.as_deref().unwrap_or_default();
        format!("{name} ({})", series.rows.len())
    };
    let shown = || {
        let more = if short.len() > SHOWN { ", …" } else { "" };
        let first: Vec<String> = short.iter().take(SHOWN).map(called).collect();
        format!("{}{more}", first.join(", "))
    };
    if places.is_empty() {
        let found = match windows.series {
            None => format!("{}", inner.table.rows),
            Some(_) => format!("series with fewer: {}", shown()),
        };
        let message = format!("expected at least {needed} rows ({needs}), found {found}");
        return Err(DataError::new(&inner.table.name, message));
    }
    let note = (!short.is_empty()).then(|| {
        format!(
            "{} of {} series left out, with fewer than {needed} rows ({needs}): {}",
            short.len(),
            all.series.len(),
            shown()
        )
    });
    Ok((places, note))
}

/// What each step has: the targets' values, their differences, the inputs of the table.
fn input_spec(windows: &Windows, inner: &Inner) -> FieldSpec {
    let targets = || inner.table.targets.iter().map(feature);
    let differences = targets().flat_map(|target| {
        let name = |lag: &usize| Feature::number(format!("{} diff {lag}", target.name));
        windows.difference.iter().map(name).collect::<Vec<_>>()
    });
    let given = inner.table.inputs.first();
    let named = |field: &Field| -> Vec<Feature> {
        let name = |at| Feature::number(field.spec.feature_name(at));
        match field.spec.features.is_empty() {
            true => (0..field.width()).map(name).collect(),
            false => field.spec.features.clone(),
        }
    };
    let features: Vec<Feature> =
        targets().chain(differences).chain(given.map(named).into_iter().flatten()).collect();
    let spec = given.map_or_else(|| FieldSpec::new("inputs", Shape::vector(1)), |f| f.spec.clone());
    FieldSpec { shape: Shape::sequence(features.len()), features, ..spec }
}

/// What a target is.
pub(super) fn feature(target: &Field) -> Feature {
    let given = target.spec.features.first().cloned();
    given.unwrap_or_else(|| Feature::number(&target.spec.name))
}

/// The numbers that are forecast.
fn target_field(windows: &Windows, inner: &Inner, values: Vec<f64>) -> Field {
    let targets: Vec<String> = inner.table.targets.iter().map(|t| feature(t).name).collect();
    let names = targets
        .iter()
        .flat_map(|target| windows.leads().map(move |lead| Windows::ahead_name(target, lead)));
    let features: Vec<Feature> = names.map(Feature::number).collect();
    let name = match features.as_slice() {
        [only] => only.name.clone(),
        _ => targets.join(", "),
    };
    Field::numbers(name, features, values)
}

/// Which series each window is of.
fn series_field(name: &str, all: &All, places: &[Place<'_>]) -> Field {
    let levels = all.series.iter().filter_map(|series| series.name.clone()).collect();
    let numbers = places.iter().map(|place| place.number as f64).collect();
    Field::numbers(name, vec![Feature::category(name, levels)], numbers)
}

//! Fits the normalisers of a recipe: to each field a chain, in which each sees what those before it made.

use crate::{TrainError, check};
use std::borrow::Cow;
use tanren_network::{PortSpec, Step};
use tanren_plugin::{Aimed, DataError, Field, FieldSpec, Normalizer, SettingError, Table, Values};

/// A chain as a recipe has it, and where it stands there.
struct Chain<'a> {
    normalizers: &'a [Aimed<dyn Normalizer>],
    path: &'a str,
    /// Whether each must have a way back.
    both_ways: bool,
}

/// Fits the normalisers of inputs on the training rows.
///
/// # Errors
/// What a normaliser does not take, a name that none of the features has, and a category that would
/// reach the network as the number of its level.
pub(crate) fn inputs(
    normalizers: &[Aimed<dyn Normalizer>],
    fields: &[Field],
    rows: &[usize],
) -> Result<Vec<PortSpec>, TrainError> {
    let chain = Chain { normalizers, path: "data.inputs", both_ways: false };
    let ports = chain.fit(&fields.iter().collect::<Vec<_>>(), rows)?;
    refuse_categories(&ports)?;
    Ok(ports)
}

/// Fits the normalisers of targets on the training rows. A class beside numbers is no quantity to
/// normalise.
///
/// # Errors
/// As [`inputs`], and for a normaliser without a way back.
pub(crate) fn targets(
    normalizers: &[Aimed<dyn Normalizer>],
    table: &Table,
    rows: &[usize],
) -> Result<Vec<PortSpec>, TrainError> {
    let known: Vec<Cow<'_, Field>> =
        table.targets.iter().map(|target| known(table, target)).collect();
    let fields: Vec<&Field> = known.iter().map(Cow::as_ref).collect();
    let numbers = fields.iter().any(|field| !field.spec.shape.indices);
    let normalized = |field: &&Field| !(numbers && field.spec.shape.indices);
    let chain = Chain { normalizers, path: "data.targets", both_ways: true };
    let chosen: Vec<&Field> = fields.iter().copied().filter(normalized).collect();
    let mut fitted = chain.fit(&chosen, rows)?.into_iter();
    let mut port = |field: &Field| match normalized(&field) {
        true => fitted.next(),
        false => None,
    };
    Ok(fields.iter().map(|field| port(field).unwrap_or_else(|| PortSpec::of(field))).collect())
}

/// A target without what stands at steps at which it is not known: that is missing, and teaches nothing.
fn known<'a>(table: &Table, target: &'a Field) -> Cow<'a, Field> {
    if table.step_weights.is_none() {
        return Cow::Borrowed(target);
    }
    let width = target.width().max(1);
    let unknown = |at: &usize| table.step_weight(target, at / width) == 0.0;
    if target.spec.shape.indices || !(0..target.values.len()).any(|at| unknown(&at)) {
        return Cow::Borrowed(target);
    }
    let mut numbers = Vec::new();
    target.values.read(0..target.values.len(), &mut numbers);
    (0..numbers.len()).filter(unknown).for_each(|at| numbers[at] = f64::NAN);
    Cow::Owned(Field { values: Values::Double(numbers), ..target.clone() })
}

impl Chain<'_> {
    fn fit(&self, fields: &[&Field], rows: &[usize]) -> Result<Vec<PortSpec>, TrainError> {
        // What each normaliser found, for the names it is aimed at.
        let mut found = vec![Vec::new(); self.normalizers.len()];
        let fitted = fields.iter().map(|field| self.fit_one(field, rows, &mut found));
        let ports = fitted.collect::<Result<Vec<_>, _>>()?;
        for (k, (normalizer, found)) in self.normalizers.iter().zip(&found).enumerate() {
            let refused = |e: SettingError| {
                check::setting(format!("{}[{k}].{}", self.path, e.setting), e.expected, e.found)
            };
            if !fields.is_empty() {
                normalizer.on.check(found).map_err(refused)?;
            }
        }
        Ok(ports)
    }

    /// Fits all of them to one field; those that are aimed at other fields do nothing here.
    fn fit_one(
        &self,
        field: &Field,
        rows: &[usize],
        found: &mut [Vec<FieldSpec>],
    ) -> Result<PortSpec, TrainError> {
        let mut port = PortSpec::of(field);
        let mut current = Cow::Borrowed(field);
        for (k, normalizer) in self.normalizers.iter().enumerate() {
            let places = normalizer.on.places(&current.spec);
            found[k].push(current.spec.clone());
            if places.is_empty() {
                continue;
            }
            let all = places.len() == current.width();
            let (fitted, on) = match all {
                true => (normalizer.fit(&current, rows)?, Vec::new()),
                false => (normalizer.fit(&current.features_at(&places), rows)?, places),
            };
            let fitted = Aimed { plugin: fitted, on };
            let step = Step::new(&current.spec, &fitted)
                .map_err(|e| DataError::new("normalizers", e).column(&field.spec.name))?;
            if self.both_ways && !step.invertible() {
                let expected = "a normalizer with a way back, so that predictions come in the units \
                                of the target";
                let name = normalizer.plugin.typetag_name();
                let found = format!("{name}, which has none for {}", field.spec.name);
                return Err(check::setting(format!("{}[{k}]", self.path), expected, found));
            }
            if k + 1 < self.normalizers.len() {
                current = Cow::Owned(apply(&step, &current));
            }
            port.normalizers.push(fitted);
        }
        Ok(port)
    }
}

/// A field, normalised.
fn apply(step: &Step, field: &Field) -> Field {
    let spec = step.output().clone();
    let columns = field.values.len() / field.width().max(1);
    let mut values = Vec::with_capacity(columns.saturating_mul(spec.width()));
    let (mut column, mut spare) = (Vec::new(), Vec::new());
    for at in 0..columns {
        column.clear();
        field.read(at, &mut column);
        step.apply(&mut column, &mut spare);
        values.append(&mut column);
    }
    let values = match spec.shape.indices {
        true => Values::Indices(values.iter().map(|&index| index as u32).collect()),
        false => Values::Double(values),
    };
    Field { spec, values, offsets: field.offsets.clone() }
}

/// Refuses inputs in which the place of a level among others would be taken for a measurement.
fn refuse_categories(inputs: &[PortSpec]) -> Result<(), TrainError> {
    for port in inputs {
        // What does not fit together is for assembly to say.
        let Ok(field) = port.normalized() else { continue };
        if let Some(category) = field.features.iter().find(|feature| feature.is_category()) {
            let found = format!("the category {} without it", category.name);
            let expected = "the normalizer `one-hot` for categories";
            return Err(check::setting("data.inputs", expected, found));
        }
    }
    Ok(())
}

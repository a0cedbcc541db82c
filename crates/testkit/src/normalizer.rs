//! What every normaliser must satisfy: fitted to the training rows alone, and invertible where it
//! says so.

use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, finite};
use crate::round_trip;
use tanren_plugin::{DataError, Feature, Field, FieldSpec, Fitted, Normalizer, Plugin, Values};
use tanren_tensor::{Shape, Stream};

/// A field of `rows` vectors whose features have different means and scales; the last feature is
/// constant when there is more than one.
#[must_use]
pub fn numbers(seed: u64, rows: usize, features: usize) -> Field {
    let mut draws = Stream::new(seed, "testkit/numbers").sample(0);
    let mut values = Vec::with_capacity(rows * features);
    for _ in 0..rows {
        for f in 0..features {
            let constant = f > 0 && f + 1 == features;
            let noise = if constant { 0.0 } else { draws.normal() };
            values.push(10f64.powi(f as i32 % 4 - 1) * noise + 3.0 * f as f64 - 1.0);
        }
    }
    field(Shape::vector(features), Values::Double(values))
}

/// A field of `rows` indices below `levels`, all of which occur when there are rows enough.
#[must_use]
pub fn categories(seed: u64, rows: usize, levels: u32) -> Field {
    let mut draws = Stream::new(seed, "testkit/categories").sample(0);
    let mut values: Vec<u32> = (0..levels).cycle().take(rows).collect();
    draws.shuffle(&mut values);
    field(Shape::index(levels as usize), Values::Indices(values))
}

/// A field of `rows` vectors of a number, a category of three levels and another number. Where
/// `missing`, some of each are NaN.
#[must_use]
pub fn mixed(seed: u64, rows: usize, missing: bool) -> Field {
    let mut draws = Stream::new(seed, "testkit/mixed").sample(0);
    let levels = ["a", "b", "c"].map(String::from).to_vec();
    let features =
        vec![Feature::number("x"), Feature::category("level", levels), Feature::number("y")];
    let mut values = Vec::with_capacity(rows * features.len());
    for _ in 0..rows {
        values.extend([draws.normal(), draws.below(3) as f64, 100.0 + draws.normal()]);
    }
    for gap in values.iter_mut().skip(1).step_by(5).filter(|_| missing) {
        *gap = f64::NAN;
    }
    Field::numbers("mixed", features, values)
}

fn field(shape: Shape, values: Values) -> Field {
    Field::new(FieldSpec::new("field", shape), values)
}

/// Asserts that a normaliser is right for `field`, such as [`numbers`] or [`categories`].
///
/// # Panics
/// When it is not; see [`check`].
#[track_caller]
pub fn normalizer(normalizer: &dyn Normalizer, field: &Field) {
    failure::assert(check(normalizer, field));
}

/// Checks, with two thirds of the columns (rows, for fields without time) for training:
///
/// * the fitted value does not depend on the other rows;
/// * it appends as many finite numbers as its output shape says, and touches nothing before them;
/// * `invert` finds a way back where `invertible` says so, and nowhere else; training columns come back to 1e-9, but for what was
///   missing;
/// * the fitted value survives as text.
///
/// # Errors
/// The first rule that is broken.
pub fn check(normalizer: &dyn Normalizer, field: &Field) -> Result<(), Failure> {
    failure::in_range(normalizer)?;
    let rows = field.offsets.as_ref().map_or_else(
        || field.values.len() / field.width().max(1),
        |offsets| offsets.len().saturating_sub(1),
    );
    let training: Vec<usize> = (0..rows).filter(|row| row % 3 != 1).collect();
    let refused = |error: DataError| Failure::new("fit", error);
    let fitted = normalizer.fit(field, &training).map_err(refused)?;
    ignores_others(normalizer, field, &training, &fitted)?;
    round_trip::check(&fitted).map_err(|f| f.at("fitted"))?;

    let output = fitted.output(&field.spec).map_err(|e| Failure::new("output", e))?;
    let width = output.width();
    for column in (0..rows).flat_map(|row| field.columns(row)) {
        let at = |f: Failure| f.at(format_args!("column {column}"));
        let mut input = Vec::new();
        field.read(column, &mut input);
        let mut normal = vec![7.0];
        fitted.apply(&field.spec, &input, &mut normal);
        ensure(normal.len() == width + 1 && normal[0] == 7.0, "appends", || {
            format!(
                "{} numbers appended where the shape says {width}",
                normal.len().wrapping_sub(1)
            )
        })
        .map_err(at)?;
        finite("finite", &normal).map_err(at)?;

        let mut back = vec![7.0];
        let inverts = fitted.invert(&field.spec, &normal[1..], &mut back);
        ensure(inverts == fitted.invertible(), "invertible", || {
            let says = if fitted.invertible() { "a way" } else { "no way" };
            format!("says that there is {says} back, and finds the opposite")
        })
        .map_err(at)?;
        let trained = training.iter().any(|&row| field.columns(row).contains(&column));
        if inverts && trained {
            let mut expected = vec![7.0];
            expected.extend(&input);
            // What was missing and is filled has no way back.
            let pairs = expected.iter_mut().zip(&back);
            pairs.filter(|(x, _)| x.is_nan()).for_each(|(x, back)| *x = *back);
            compare("inverse", &back, &expected, 1e-9).map_err(at)?;
        }
    }
    Ok(())
}

/// Fits again with wild values in all rows that are not for training.
fn ignores_others(
    normalizer: &dyn Normalizer,
    field: &Field,
    training: &[usize],
    fitted: &Plugin<dyn Fitted>,
) -> Result<(), Failure> {
    let mut other = field.clone();
    let width = field.width();
    let mut touch = vec![true; field.values.len()];
    for column in training.iter().flat_map(|&row| field.columns(row)) {
        touch[column * width..(column + 1) * width].fill(false);
    }
    for (i, _) in touch.iter().enumerate().filter(|(_, touch)| **touch) {
        match &mut other.values {
            Values::Double(v) => v[i] += 1e6,
            Values::Single(v) => v[i] += 1e6,
            Values::Bytes(v) => v[i] = !v[i],
            Values::Indices(v) => v[i] = (v[i] + 1) % field.spec.shape.features.max(1) as u32,
            _ => {}
        }
    }
    let again = normalizer.fit(&other, training).map_err(|e| Failure::new("fit", e))?;
    let json = |p| serde_json::to_string(p).map_err(|e| Failure::new("round-trip", e));
    let (first, second) = (json(fitted)?, json(&again)?);
    ensure(first == second, "training-rows-only", || {
        format!("{first} became {second} when rows outside the training part changed")
    })
}

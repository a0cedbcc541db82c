//! `one-hot`: an index, or each category among the features, as a column of zeros with a single 1.
//!
//! y_k = 1 for k = x and 0 elsewhere, over the K levels; what is missing or no known level is all
//! zeros. An index keeps all its levels. A category of a row of features gets a number only for the
//! levels that training rows have (where none has any, for its first level): the weights of the
//! others would stay as they were drawn. The way back from an index is arg max y, so it also reads
//! probabilities.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use tanren_plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError,
    typetag,
};
use tanren_tensor::{Shape, ShapeError};

/// Writes indices and categories out in full. Layers that take indices do better without.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct OneHot {}

#[typetag::serde(name = "one-hot")]
impl Normalizer for OneHot {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let spec = &field.spec;
        if spec.shape.indices {
            // A reader of indices checks them; what a program made is checked here.
            seen(field, rows, spec.shape.features, true)?;
            return Ok(OneHotEncoded { levels: spec.shape.features, features: None }.into());
        }
        if !spec.features.iter().any(Feature::is_category) {
            let message = format!("expected an index or a category, found {}", spec.shape);
            return Err(DataError::new(&spec.name, message));
        }
        let highest = spec.features.iter().map(|f| f.levels.len()).max().unwrap_or(0);
        let seen = seen(field, rows, highest, false)?;
        let kept = seen.into_iter().zip(&spec.features).map(|(seen, feature)| {
            match feature.is_category() && seen.is_empty() {
                true => vec![0],
                false => seen.into_iter().collect(),
            }
        });
        Ok(OneHotEncoded { levels: highest, features: Some(kept.collect()) }.into())
    }
}

/// The levels below `levels` that occur at each feature of `rows`.
///
/// # Errors
/// In an index, for a number that is no level.
fn seen(
    field: &Field,
    rows: &[usize],
    levels: usize,
    strict: bool,
) -> Result<Vec<BTreeSet<usize>>, DataError> {
    let mut seen = vec![BTreeSet::new(); field.width()];
    let mut numbers = Vec::with_capacity(field.width());
    for &row in rows {
        for column in field.columns(row) {
            numbers.clear();
            field.read(column, &mut numbers);
            for (f, (&x, seen)) in numbers.iter().zip(&mut seen).enumerate() {
                match position(x, levels) {
                    Some(level) if strict || field.spec.is_category(f) => {
                        seen.insert(level);
                    }
                    None if strict => {
                        let message = format!("expected {}, found {x}", field.spec.shape);
                        return Err(DataError::new(&field.spec.name, message).row(row));
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(seen)
}

/// The place of an index, unless it is not one of 0 … levels − 1.
fn position(x: f64, levels: usize) -> Option<usize> {
    let index = x as usize; // saturates
    (index < levels && index as f64 == x).then_some(index)
}

/// What [`OneHot`] learnt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OneHotEncoded {
    /// The number of levels of the index, or the largest of a category.
    pub levels: usize,
    /// For a row of features, the levels of each that get a number, in ascending order; none for
    /// what is no category. `None` for an index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub features: Option<Vec<Vec<usize>>>,
}

impl Checked for OneHotEncoded {
    fn check(&self) -> Result<(), SettingError> {
        if self.levels == 0 {
            return Err(SettingError::new("levels", "at least 1", 0));
        }
        for (feature, kept) in self.features.iter().flatten().enumerate() {
            let error = |expected: String, found: usize| {
                Err(SettingError::new(format!("features[{feature}]"), expected, found))
            };
            if let Some(&level) = kept.iter().find(|level| **level >= self.levels) {
                return error(format!("levels below {}", self.levels), level);
            }
            if let Some((a, b)) = kept.iter().zip(kept.iter().skip(1)).find(|(a, b)| a >= b) {
                return error(format!("ascending levels, one above {a}"), *b);
            }
        }
        Ok(())
    }
}

#[typetag::serde(name = "one-hot-encoded")]
impl Fitted for OneHotEncoded {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        let mut output = input.clone();
        let Some(fitted) = &self.features else {
            if !input.shape.indices || input.shape.features != self.levels {
                return Err(ShapeError::new(
                    format!("an index below {}", self.levels),
                    input.shape,
                ));
            }
            output.shape = input.shape.with_features(self.levels);
            output.features =
                std::mem::take(&mut output.levels).into_iter().map(Feature::number).collect();
            return Ok(output);
        };
        if input.shape.indices || input.features.len() != fitted.len() {
            let expected = format!("{} named features", fitted.len());
            return Err(ShapeError::new(expected, input.shape));
        }
        let unknown =
            |(f, kept): (&Feature, &Vec<usize>)| kept.last().is_some_and(|&k| k >= f.levels.len());
        if input.features.iter().zip(fitted).any(unknown) {
            let expected = "categories with all the levels that were fitted";
            return Err(ShapeError::new(expected, input.shape));
        }
        output.features.clear();
        for (feature, kept) in input.features.iter().zip(fitted) {
            if kept.is_empty() {
                output.features.push(feature.clone());
            }
            output.features.extend(kept.iter().map(|&level| {
                let level = feature.levels.get(level).map_or("", String::as_str);
                Feature::number(format!("{}={level}", feature.name))
            }));
        }
        // What the numbers stood for is no picture any more.
        let shape = input.shape.with_features(output.features.len());
        output.shape = Shape { grid: None, ..shape };
        Ok(output)
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        let hot = |count: usize, place: Option<usize>| {
            (0..count).map(move |k| if Some(k) == place { 1.0 } else { 0.0 })
        };
        let level = |x: f64| position(x, self.levels);
        let Some(features) = &self.features else {
            return output.extend(hot(self.levels, input.first().and_then(|&x| level(x))));
        };
        for (&x, kept) in input.iter().zip(features) {
            match kept.len() {
                0 => output.push(x),
                count => {
                    let place = level(x).and_then(|level| kept.binary_search(&level).ok());
                    output.extend(hot(count, place));
                }
            }
        }
    }

    /// For an index, the place of the largest number, the first of several; `false` when all are
    /// NaN. There is no way back to a row of features: a level that was not known is lost.
    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        if self.features.is_some() {
            return false;
        }
        let numbers = output.iter().enumerate().filter(|(_, y)| !y.is_nan());
        let largest = numbers.reduce(|best, next| if next.1 > best.1 { next } else { best });
        input.extend(largest.map(|(k, _)| k as f64));
        largest.is_some()
    }

    fn invertible(&self) -> bool {
        self.features.is_none()
    }
}

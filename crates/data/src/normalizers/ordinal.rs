//! `ordinal`: each category among the features, or an index, as one number, the place of its level.
//!
//! y = k for the level at place k, counted from 0, in the order in which the data have the levels or in the
//! order that is stated: small, medium, large. It suits levels that have an order; `one-hot` suits those
//! that have none. A level that is not known is missing, NaN, as what is missing is; `impute` after it fills
//! both. The way back from a category is the level at the nearest place.

use crate::normalizers::fitted::each;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError,
    nearest, typetag,
};
use tanren_tensor::ShapeError;

/// Writes categories as the place of their level in an order.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = Self::distinct)]
pub struct Ordinal {
    /// The levels in their order, all of those that the data have; without it, the order of the data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
}

impl Ordinal {
    /// Whether no level stands twice.
    fn distinct(&self) -> Result<(), SettingError> {
        let twice = |(at, level): (usize, &String)| self.order[..at].contains(level);
        match self.order.iter().enumerate().find(|&pair| twice(pair)) {
            Some((at, level)) => {
                let setting = format!("order[{at}]");
                Err(SettingError::new(setting, "each level once", format!("{level:?} again")))
            }
            None => Ok(()),
        }
    }
}

#[typetag::serde(name = "ordinal")]
impl Normalizer for Ordinal {
    fn fit(&self, field: &Field, _: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let spec = &field.spec;
        if spec.shape.indices {
            let numbered = || (0..spec.shape.features).map(|k| k.to_string()).collect();
            let levels = if spec.levels.is_empty() { numbered() } else { spec.levels.clone() };
            let places = self.places(&spec.name, &levels);
            let places = places.map_err(|message| DataError::new(&spec.name, message))?;
            return Ok(OrdinalEncoded { places: vec![places], index: true }.into());
        }
        if !spec.features.iter().any(Feature::is_category) {
            let message = format!("expected an index or a category, found {}", spec.shape);
            return Err(DataError::new(&spec.name, message));
        }
        let places = spec.features.iter().map(|feature| {
            let refused = |message| DataError::new(&spec.name, message).column(&feature.name);
            self.places(&feature.name, &feature.levels).map_err(refused)
        });
        Ok(OrdinalEncoded { places: places.collect::<Result<_, _>>()?, index: false }.into())
    }
}

impl Ordinal {
    /// The place of each level of a category.
    fn places(&self, category: &str, levels: &[String]) -> Result<Vec<f64>, String> {
        if self.order.is_empty() {
            return Ok((0..levels.len()).map(|k| k as f64).collect());
        }
        let place = |level: &String| {
            let place = self.order.iter().position(|other| other == level);
            place.map(|place| place as f64).ok_or_else(|| {
                let near = nearest(level, self.order.iter().map(String::as_str));
                let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
                let known = self.order.join(", ");
                format!(
                    "expected levels of {category} among the `order` {known}; found {level:?}{near}"
                )
            })
        };
        levels.iter().map(place).collect()
    }
}

/// What [`Ordinal`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrdinalEncoded {
    /// What each level of each feature becomes; none for what is no category. Of an index, one list.
    pub places: Vec<Vec<f64>>,
    /// Whether it is for an index.
    pub index: bool,
}

impl Checked for OrdinalEncoded {
    fn check(&self) -> Result<(), SettingError> {
        if self.index && self.places.len() != 1 {
            return Err(SettingError::new("places", "1 list for an index", self.places.len()));
        }
        self.places.iter().enumerate().try_for_each(|(feature, places)| {
            let right = |x: f64| x >= 0.0 && x.fract() == 0.0 && x.is_finite();
            each(&format!("places[{feature}]"), places, "a whole number, 0 or more", right)
        })
    }
}

#[typetag::serde(name = "ordinal-encoded")]
impl Fitted for OrdinalEncoded {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        let levels = |list: &[Feature]| list.iter().map(|f| f.levels.len()).collect::<Vec<_>>();
        let fitted: Vec<usize> = self.places.iter().map(Vec::len).collect();
        let mut output = input.clone();
        if self.index {
            if !input.shape.indices || fitted != [input.shape.features] {
                let expected = format!("an index below {}", fitted.first().unwrap_or(&0));
                return Err(ShapeError::new(expected, input.shape));
            }
            output.shape = input.shape.with_features(1);
            output.features = vec![Feature::number(&input.name)];
            output.levels.clear();
            return Ok(output);
        }
        if input.shape.indices || levels(&input.features) != fitted {
            let expected = "categories with the levels that were fitted";
            return Err(ShapeError::new(expected, input.shape));
        }
        for feature in output.features.iter_mut().filter(|feature| feature.is_category()) {
            *feature = Feature::number(&feature.name);
        }
        Ok(output)
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        output.extend(input.iter().zip(&self.places).map(|(&x, places)| {
            let level = x as usize; // saturates
            match places.get(level) {
                _ if places.is_empty() => x,
                Some(&place) if level as f64 == x => place,
                _ => f64::NAN,
            }
        }));
    }

    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        if self.index {
            return false;
        }
        input.extend(output.iter().zip(&self.places).map(|(&y, places)| {
            let distance = |(_, place): &(usize, &f64)| (*place - y).abs();
            let all = places.iter().enumerate();
            let near = all.min_by(|a, b| distance(a).total_cmp(&distance(b)));
            near.filter(|_| !y.is_nan()).map_or(y, |(level, _)| level as f64)
        }));
        true
    }

    /// A class that is predicted is no number in an order.
    fn invertible(&self) -> bool {
        !self.index
    }
}

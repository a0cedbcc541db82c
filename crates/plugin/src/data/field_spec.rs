//! `FieldSpec`: what an input or target is called and what one row of it looks like.

use crate::{Cycle, Moment, Notation};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tanren_tensor::Shape;

/// How a shape is written.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Shape", deny_unknown_fields)]
struct ShapeDef {
    features: usize,
    sequence: bool,
    indices: bool,
    grid: Option<(usize, usize)>,
}

/// The number of a level that is none of a category's.
pub const UNKNOWN: f64 = -1.0;

/// What is written for a missing value unless the settings of a source say otherwise, in upper case or
/// lower.
pub const MISSING: [&str; 9] = ["", "?", "NA", "nan", "n/a", "#N/A", "<NA>", "null", "\\N"];

/// One number of a column: a measurement or, when it has levels, a category.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feature {
    /// Its name.
    pub name: String,
    /// The names of its levels. The number is then the place of a level among them, NaN where it is
    /// missing, and [`UNKNOWN`] where no level has the name that was found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// Where it comes from, if its name and a plain number do not say that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
}

/// The column of texts that a feature was made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The name of the column: several features may come from one.
    pub column: String,
    /// How it is written there.
    pub notation: Notation,
    /// For a time: the place in a cycle; without it the place on the line of time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cycle: Option<Cycle>,
}

impl Origin {
    /// The number that a text becomes; `None` where it is written otherwise.
    #[must_use]
    pub fn number(&self, text: &str) -> Option<f64> {
        let value = self.notation.value(text)?;
        Some(self.cycle.map_or(value, |cycle| cycle.at(Moment(value))))
    }
}

impl Feature {
    /// A measurement.
    pub fn number(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A category.
    pub fn category(name: impl Into<String>, levels: Vec<String>) -> Self {
        Self { name: name.into(), levels, ..Self::default() }
    }

    /// The column it comes from.
    #[must_use]
    pub fn column(&self) -> &str {
        self.origin.as_ref().map_or(&self.name, |origin| &origin.column)
    }

    /// The number that a text becomes: of a category the place of the level that is called so,
    /// [`UNKNOWN`] if none is. `None` for a text that is no number where one is expected.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<f64> {
        if self.is_category() {
            let place = self.levels.iter().position(|level| level == text);
            return Some(place.map_or(UNKNOWN, |place| place as f64));
        }
        match &self.origin {
            Some(origin) => origin.number(text),
            None => Notation::default().value(text),
        }
    }

    /// Whether it is a category.
    #[must_use]
    pub const fn is_category(&self) -> bool {
        !self.levels.is_empty()
    }
}

/// What an input or target is called and what one row looks like.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Its name.
    pub name: String,
    /// What one row looks like.
    #[serde(with = "ShapeDef")]
    pub shape: Shape,
    /// What each number of a column is; empty when it is not known.
    pub features: Vec<Feature>,
    /// The name of each level of an index; empty when they have none.
    pub levels: Vec<String>,
    /// How many columns its source had, where they have no names but their positions: without it
    /// there would be no telling which one is missing in other data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub positions: Option<usize>,
    /// What a row of units below the header of its source had in each column, inputs or not, but for empty
    /// cells; none where there was no such row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<String, String>,
    /// For a sequence that was one row at its source: what each column of that was; empty otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<Feature>,
}

impl FieldSpec {
    /// A field whose features and levels have no names.
    pub fn new(name: impl Into<String>, shape: Shape) -> Self {
        let (features, levels, columns) = (Vec::new(), Vec::new(), Vec::new());
        let (name, units) = (name.into(), BTreeMap::new());
        Self { name, shape, features, levels, positions: None, units, columns }
    }

    /// The same field of the features at `places` alone, which is no picture any more.
    #[must_use]
    pub fn features_at(&self, places: &[usize]) -> Self {
        let features = places.iter().filter_map(|&place| self.features.get(place).cloned());
        let shape = Shape { grid: None, ..self.shape.with_features(places.len()) };
        Self { shape, features: features.collect(), ..self.clone() }
    }

    /// Numbers per column as they are stored: one for an index.
    #[must_use]
    pub const fn width(&self) -> usize {
        if self.shape.indices { 1 } else { self.shape.features }
    }

    /// Whether the number at `feature` is the level of a category.
    #[must_use]
    pub fn is_category(&self, feature: usize) -> bool {
        self.features.get(feature).is_some_and(Feature::is_category)
    }

    /// The name of a feature, or its position where it has none.
    #[must_use]
    pub fn feature_name(&self, feature: usize) -> String {
        self.features.get(feature).map_or_else(|| feature.to_string(), |f| f.name.clone())
    }
}

/// The fields a model was made for: what data brought to it must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    /// Its inputs.
    pub inputs: Vec<FieldSpec>,
    /// Its targets; none when they are not wanted.
    pub targets: Vec<FieldSpec>,
    /// The names of targets that are not wanted: columns that are called so are no inputs.
    pub unused: Vec<String>,
    /// Whether columns by which people know the rows are wanted: those of which the settings of the
    /// source say that they are such, and these, which must be there.
    pub ids: Option<Vec<String>>,
}

impl Schema {
    /// Whether a column of this name is a target, whether it is wanted or not.
    #[must_use]
    pub fn is_target(&self, name: &str) -> bool {
        let mut wanted = self.targets.iter().flat_map(columns);
        wanted.any(|column| column == name) || self.unused.iter().any(|column| column == name)
    }

    /// What is needed to predict: the inputs alone.
    #[must_use]
    pub fn without_targets(mut self) -> Self {
        let targets = std::mem::take(&mut self.targets);
        self.unused.extend(targets.iter().flat_map(columns).map(str::to_owned));
        self
    }
}

/// The columns of a target: of several that are one together, each is called as its feature.
fn columns(target: &FieldSpec) -> Vec<&str> {
    match target.features.len() {
        0 | 1 => vec![&target.name],
        _ => target.features.iter().map(|feature| feature.name.as_str()).collect(),
    }
}

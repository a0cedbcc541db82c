//! `FeatureNames`: which features of a field a normaliser is for.

use crate::values::pattern::matches;
use crate::{FieldSpec, SettingError, nearest};
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;

/// Which features of the fields a normaliser is for, by name; all of them, where none is named.
///
/// In a recipe it is a name or a list of names, in which `*` stands for any characters:
/// `on = ["age", "income*"]`. A column that became several features, such as a date, is named by its
/// own name or by theirs. The exact name of an input or target stands for all of its features.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeatureNames {
    /// The names, with `*` for any characters.
    pub patterns: Vec<String>,
}

impl From<&str> for FeatureNames {
    fn from(pattern: &str) -> Self {
        [pattern].into()
    }
}

impl<S: Into<String>, const N: usize> From<[S; N]> for FeatureNames {
    fn from(patterns: [S; N]) -> Self {
        Self { patterns: patterns.into_iter().map(Into::into).collect() }
    }
}

/// How many names an error lists.
const LISTED: usize = 30;

impl FeatureNames {
    /// The places of the features it chooses, in ascending order. An index has one place.
    #[must_use]
    pub fn places(&self, field: &FieldSpec) -> Vec<usize> {
        let chosen = |place: &usize| {
            self.patterns.is_empty() || self.patterns.iter().any(|p| fits(p, field, *place))
        };
        (0..field.width()).filter(chosen).collect()
    }

    /// Whether every pattern fits a feature of one of these fields.
    ///
    /// # Errors
    /// When one does not, with the names that there are and the nearest of them.
    pub fn check(&self, fields: &[FieldSpec]) -> Result<(), SettingError> {
        let fits = |pattern: &str| {
            let mut fields = fields.iter();
            fields.any(|field| (0..field.width()).any(|place| fits(pattern, field, place)))
        };
        let Some(idle) = self.patterns.iter().find(|pattern| !fits(pattern)) else {
            return Ok(());
        };
        let names: Vec<String> =
            fields.iter().flat_map(|f| (0..f.width()).map(|at| name(f, at))).collect();
        let near = nearest(idle, names.iter().map(String::as_str));
        let near = near.map_or(String::new(), |near| format!("; did you mean {near:?}?"));
        let listed = names[..names.len().min(LISTED)].join(", ");
        let expected = match names.len() - names.len().min(LISTED) {
            0 => format!("names among {listed}"),
            more => format!("names among {listed} and {more} more"),
        };
        Err(SettingError::new("on", expected, format!("{idle:?}, which none of them fits{near}")))
    }
}

/// The name of the number at a place of a column.
fn name(field: &FieldSpec, place: usize) -> String {
    if field.shape.indices { field.name.clone() } else { field.feature_name(place) }
}

/// Whether a pattern chooses the number at a place of a column.
fn fits(pattern: &str, field: &FieldSpec, place: usize) -> bool {
    let column = field.features.get(place).map(crate::Feature::column);
    pattern == field.name
        || matches(pattern, &name(field, place))
        || column.is_some_and(|column| matches(pattern, column))
}

impl Serialize for FeatureNames {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.patterns.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FeatureNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OneOrMore;
        impl<'de> Visitor<'de> for OneOrMore {
            type Value = FeatureNames;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column, or a list of names")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<FeatureNames, E> {
                Ok(name.into())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, names: A) -> Result<FeatureNames, A::Error> {
                let patterns = Vec::deserialize(SeqAccessDeserializer::new(names))?;
                Ok(FeatureNames { patterns })
            }
        }
        deserializer.deserialize_any(OneOrMore)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cycle, Feature, Notation, Origin};
    use tanren_tensor::Shape;

    fn table() -> FieldSpec {
        let origin =
            |cycle| Some(Origin { column: "sold".into(), notation: Notation::default(), cycle });
        let time = |name: &str, cycle| Feature { origin: origin(cycle), ..Feature::number(name) };
        let features = vec![
            Feature::number("age"),
            time("sold days", None),
            time("sold year sin", Some(Cycle::ALL[0])),
            Feature::number("income 1"),
            Feature::number("income 2"),
        ];
        FieldSpec { features, ..FieldSpec::new("inputs", Shape::vector(5)) }
    }

    #[test]
    fn names_patterns_columns_and_fields() {
        let places = |names: &[&str]| {
            let patterns = names.iter().map(|name| (*name).to_owned()).collect();
            FeatureNames { patterns }.places(&table())
        };
        assert_eq!(places(&[]), [0, 1, 2, 3, 4]);
        assert_eq!(places(&["age"]), [0]);
        assert_eq!(places(&["income*", "age"]), [0, 3, 4]);
        assert_eq!(places(&["sold"]), [1, 2]);
        assert_eq!(places(&["* sin"]), [2]);
        assert_eq!(places(&["inputs"]), [0, 1, 2, 3, 4]);
        assert_eq!(places(&["in*s"]), [0; 0]); // a pattern means features, never the field
        let unnamed = FieldSpec::new("x", Shape::vector(3));
        assert_eq!(FeatureNames::from("2").places(&unnamed), [2]);
        let class = FieldSpec::new("class", Shape::index(3));
        assert_eq!(FeatureNames::from("cl*").places(&class), [0]);
    }

    #[test]
    fn what_fits_nothing_is_told() {
        let fields = [FieldSpec::new("class", Shape::index(3)), table()];
        assert_eq!(FeatureNames::from(["class", "age", "inc*"]).check(&fields), Ok(()));
        let error = FeatureNames::from(["age", "incom 1"]).check(&fields).unwrap_err();
        let expected = "on: expected names among class, age, sold days, sold year sin, income 1, \
             income 2, found \"incom 1\", which none of them fits; did you mean \"income 1\"?";
        assert_eq!(error.to_string(), expected);
        let many = [FieldSpec::new("x", Shape::vector(40))];
        let error = FeatureNames::from("y").check(&many).unwrap_err();
        assert!(error.expected.ends_with("28, 29 and 10 more"), "{error}");
    }

    #[test]
    fn one_name_or_a_list() {
        let read = |text: &str| serde_json::from_str::<FeatureNames>(text);
        assert_eq!(read(r#""a""#).unwrap(), FeatureNames::from("a"));
        assert_eq!(read(r#"["a","b*"]"#).unwrap(), FeatureNames::from(["a", "b*"]));
        let error = read("3").unwrap_err().to_string();
        assert!(error.contains("the name of a column, or a list of names"), "{error}");
        let written = serde_json::to_string(&FeatureNames::from("a")).unwrap();
        assert_eq!(written, r#"["a"]"#);
    }
}

//! `Keep`: which parameters a run ends with.

use crate::metrics::MeanLoss;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use std::fmt;
use tanren_plugin::{Kind, Range, SettingType};

/// Which parameters a run ends with.
///
/// A recipe says `"best"` for the epoch with the lowest validation loss, `{ best = "accuracy" }`
/// for the one with the best score of that name, or `"last"`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Those of the epoch whose score of this name is best on the validation rows; the last ones
    /// without validation rows.
    Best(String),
    /// The last ones.
    Last,
}

impl Keep {
    /// The parameters of the epoch that is best by the score called `name`.
    pub fn best(name: impl Into<String>) -> Self {
        Self::Best(name.into())
    }
}

/// Those with the lowest validation loss.
impl Default for Keep {
    fn default() -> Self {
        Self::best(MeanLoss::NAME)
    }
}

impl SettingType for Keep {
    fn kind(_: Range) -> Kind {
        let (best, last) = ("the epoch with the lowest validation loss", "the last epoch");
        let score = "the epoch whose score of this name is best on the validation rows";
        Kind::Either(vec![
            Kind::Word(BEST, best),
            Kind::Word(LAST, last),
            Kind::Tagged(BEST, score, Box::new(Kind::Text)),
        ])
    }
}

const BEST: &str = "best";
const LAST: &str = "last";

impl Serialize for Keep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Last => serializer.serialize_str(LAST),
            Self::Best(name) if name == MeanLoss::NAME => serializer.serialize_str(BEST),
            Self::Best(name) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(BEST, name)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Keep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordOrTable)
    }
}

struct WordOrTable;

impl<'de> Visitor<'de> for WordOrTable {
    type Value = Keep;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"best\", \"last\" or { best = \"NAME OF A SCORE\" }")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<Keep, E> {
        match word {
            BEST => Ok(Keep::default()),
            LAST => Ok(Keep::Last),
            other => Err(E::unknown_variant(other, &[BEST, LAST])),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keep, A::Error> {
        let mut best = None;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                BEST if best.is_none() => best = Some(map.next_value()?),
                BEST => return Err(A::Error::duplicate_field(BEST)),
                other => return Err(A::Error::unknown_field(other, &[BEST])),
            }
        }
        best.map(Keep::Best).ok_or_else(|| A::Error::missing_field(BEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_word_or_a_table() {
        let cases = [
            (Keep::Last, r#""last""#),
            (Keep::default(), r#""best""#),
            (Keep::best("accuracy"), r#"{"best":"accuracy"}"#),
        ];
        for (keep, text) in cases {
            assert_eq!(serde_json::to_string(&keep).unwrap(), text);
            assert_eq!(serde_json::from_str::<Keep>(text).unwrap(), keep);
        }
        let long: Keep = serde_json::from_str(r#"{"best":"loss"}"#).unwrap();
        assert_eq!(long, Keep::default());
        for wrong in [r#""beste""#, "{}", r#"{"last":"loss"}"#, r#"{"best":1}"#, "3"] {
            assert!(serde_json::from_str::<Keep>(wrong).is_err(), "{wrong}");
        }
    }
}

//! The plugins that are registered in a program, by family: their names, and a value of each.

use serde::de::value::{MapDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, IntoDeserializer, Visitor};
use serde::{Deserialize as _, forward_to_deserialize_any};
use std::fmt;
use std::iter::{empty, once};

/// The names under which plugins of the family `P` are registered in this program, in alphabetical
/// order: `names::<dyn Layer>()`.
#[must_use]
pub fn names<P: ?Sized>() -> Vec<&'static str>
where
    Box<P>: DeserializeOwned,
{
    // Whoever reads a name that is not registered is told all that are.
    let told = read::<P>("", &[]).err().map_or(&[][..], |refusal| refusal.names);
    let mut names = told.to_vec();
    names.sort_unstable();
    names
}

/// A plugin of this name whose settings are all the default ones. Those without a default are whatever
/// can be read, in range or not: it is there to be asked what it is. `None` where no value is found.
#[must_use]
pub fn example<P: ?Sized>(name: &str) -> Option<Box<P>>
where
    Box<P>: DeserializeOwned,
{
    // The settings without a default, and what is still to be tried for each, the next at the end.
    let mut settings: Vec<(String, Vec<Sample>)> = Vec::new();
    for _ in 0..ROUNDS {
        let refusal = match read::<P>(name, &settings) {
            Ok(plugin) => return Some(plugin),
            Err(refusal) => refusal,
        };
        let missing =
            refusal.missing().filter(|missing| settings.iter().all(|(s, _)| s != missing));
        if let Some(setting) = missing {
            settings.push((setting.to_owned(), samples()));
            continue;
        }
        let (_, untried) = settings.last_mut()?;
        untried.pop();
        untried.extend(refusal.wanted().rev().map(|word| Sample::Text(word.to_owned())));
        // What was missing may have been missing in the value of an earlier setting.
        while settings.pop_if(|(_, untried)| untried.is_empty()).is_some() {
            settings.last_mut()?.1.pop();
        }
    }
    None
}

/// More rounds than any plugin needs.
const ROUNDS: usize = 1000;

fn read<P: ?Sized>(name: &str, settings: &[(String, Vec<Sample>)]) -> Result<Box<P>, Refusal>
where
    Box<P>: DeserializeOwned,
{
    let tag = Sample::Text(name.to_owned());
    let rest = settings.iter().filter_map(|(name, untried)| Some((name.as_str(), untried.last()?)));
    Box::<P>::deserialize(MapDeserializer::new(once(("type", &tag)).chain(rest)))
}

/// Why something cannot be read.
#[derive(Debug)]
struct Refusal {
    /// The names that would have been known.
    names: &'static [&'static str],
    /// In serde's words: all that is left of an error that has passed through a trait object.
    text: String,
}

impl Refusal {
    /// The setting that is missing.
    fn missing(&self) -> Option<&str> {
        Some(self.text.strip_prefix("missing field `")?.trim_end_matches('`'))
    }

    /// The words of which one is wanted.
    fn wanted(&self) -> impl DoubleEndedIterator<Item = &str> {
        let unknown = self.text.strip_prefix("unknown variant `");
        let listed =
            unknown.and_then(|text| text.split_once("`, expected ")).map_or("", |(_, list)| list);
        let words: Vec<&str> = listed.split('`').skip(1).step_by(2).collect();
        words.into_iter()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Refusal {}

impl Error for Refusal {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self { names: &[], text: text.to_string() }
    }

    fn unknown_variant(variant: &str, names: &'static [&'static str]) -> Self {
        let text = serde::de::value::Error::unknown_variant(variant, names).to_string();
        Self { names, text }
    }
}

/// A value for a setting of which nothing is known but its name.
#[derive(Clone, Debug)]
enum Sample {
    Table,
    List,
    Text(String),
    Truth,
    Whole,
}

/// What is tried, from the last to the first.
fn samples() -> Vec<Sample> {
    vec![Sample::Table, Sample::List, Sample::Text("a".to_owned()), Sample::Truth, Sample::Whole]
}

impl<'de> IntoDeserializer<'de, Refusal> for &'de Sample {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for &Sample {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        match self {
            Sample::Table => visitor.visit_map(MapDeserializer::new(empty::<(&str, &str)>())),
            Sample::List => visitor.visit_seq(SeqDeserializer::new(empty::<&str>())),
            Sample::Text(text) => visitor.visit_str(text),
            Sample::Truth => visitor.visit_bool(true),
            Sample::Whole => visitor.visit_u64(1),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Refusal> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        let text = if let Sample::Text(text) = self { text } else { "" };
        StrDeserializer::new(text).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Checked, Init, Plugin, Schedule};
    use serde::{Deserialize, Serialize};

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(rename_all = "kebab-case")]
    enum Way {
        Up,
    }

    #[derive(Debug, Serialize, Deserialize)]
    struct Needy {
        way: Way,
        path: std::path::PathBuf,
        sure: bool,
        init: Plugin<dyn Init>,
        parts: Vec<f64>,
        rest: std::collections::BTreeMap<String, f64>,
        share: f64,
    }

    impl Checked for Needy {}

    #[typetag::serde(name = "test/needy")]
    impl Schedule for Needy {
        fn at(&self, _: crate::Clock) -> f64 {
            self.share
        }
    }

    #[test]
    fn values_are_found_for_what_has_no_default() {
        assert_eq!(names::<dyn Init>(), ["constant", "xavier-uniform", "zero"]);
        assert!(names::<dyn Activation>().is_empty());
        let needy = example::<dyn Schedule>("test/needy").unwrap();
        assert_eq!(needy.typetag_name(), "test/needy");
        assert!(format!("{needy:?}").contains("way: Up"));
        assert!(example::<dyn Schedule>("test/unknown").is_none());
    }
}

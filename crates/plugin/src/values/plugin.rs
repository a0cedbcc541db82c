//! `Plugin`: a shared handle on an immutable plugin value, readable by its bare name.

use crate::Checked;
use serde::de::value::{MapAccessDeserializer, MapDeserializer};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

/// A plugin of the family `P`, such as `Plugin<dyn Layer>`.
///
/// It is cheap to clone. In a recipe it is a table `{ type = "dense", units = 64 }`; one without
/// settings may be written as its bare name, `"relu"`.
pub struct Plugin<P: ?Sized>(Arc<P>);

impl<P: ?Sized> Plugin<P> {
    /// The plugin in a box, as deserialisation gives it.
    #[must_use]
    pub fn from_box(plugin: Box<P>) -> Self {
        Self(plugin.into())
    }
}

impl<P: ?Sized> Clone for Plugin<P> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<P: ?Sized> Deref for Plugin<P> {
    type Target = P;
    fn deref(&self) -> &P {
        &self.0
    }
}

impl<P: ?Sized + fmt::Debug> fmt::Debug for Plugin<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<P: ?Sized + Serialize> Serialize for Plugin<P> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, P: ?Sized + Named> Deserialize<'de> for Plugin<P>
where
    Box<P>: Deserialize<'de>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let plugin = deserializer.deserialize_any(NameOrTable(PhantomData))?;
        plugin.check().map_err(serde::de::Error::custom)?;
        Ok(Self::from_box(plugin))
    }
}

/// What stands in the words for a family before the type that needs not be said.
const UNLESS_SAID: &str = "; the type is, unless said, `";

/// The type that needs not be said, from what a deserialiser is told to expect for a [`Plugin`].
#[must_use]
pub fn unless_said(expected: &str) -> Option<&str> {
    expected.split_once(UNLESS_SAID)?.1.strip_suffix('`')
}

/// Reads `"relu"` as `{ type = "relu" }`.
struct NameOrTable<P: ?Sized>(PhantomData<P>);

impl<'de, P: ?Sized + Named> Visitor<'de> for NameOrTable<P>
where
    Box<P>: Deserialize<'de>,
{
    type Value = Box<P>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plugin: its name, or a table with its `type` and settings")?;
        P::DEFAULT.map_or(Ok(()), |name| write!(f, "{UNLESS_SAID}{name}`"))
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Box<P>, E> {
        Box::<P>::deserialize(MapDeserializer::new(std::iter::once(("type", name))))
            .map_err(unlinked)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Box<P>, A::Error> {
        Box::<P>::deserialize(MapAccessDeserializer::new(map)).map_err(unlinked)
    }
}

/// Adds to the error about an unknown `author/name` why it may be unknown.
fn unlinked<E: serde::de::Error>(error: E) -> E {
    const HINT: &str = "a program knows the plugins of a crate only if it names the crate";
    let text = error.to_string();
    let name = text.strip_prefix("unknown variant `").and_then(|rest| rest.split('`').next());
    match name.and_then(|name| name.split_once('/')) {
        Some((author, _)) if !text.contains(HINT) => {
            let author = author.replace('-', "_");
            E::custom(format_args!("{text}; {HINT}, for example with `use {author} as _;`"))
        }
        _ => error,
    }
}

/// A family of plugins, which has a name of its own.
pub trait Named: Checked {
    /// The name, such as `layer`.
    const FAMILY: &'static str;

    /// The type of a table that says none, where the family has one. Its trait tells typetag the same:
    /// `#[typetag::serde(tag = "type", default_variant = "learning-rate")]`.
    const DEFAULT: Option<&'static str> = None;
}

/// Names each family, and lets a value of it stand where a handle is wanted. A macro, because the conversion to
/// a trait object cannot be written once for all traits.
macro_rules! handle {
    ($($family:ident $name:literal $(unless said $default:literal)?),* $(,)?) => { $(
        impl Named for dyn crate::$family {
            const FAMILY: &'static str = $name;
            $(const DEFAULT: Option<&'static str> = Some($default);)?
        }

        impl<P: crate::$family + 'static> From<P> for Plugin<dyn crate::$family> {
            fn from(plugin: P) -> Self {
                Self(Arc::new(plugin))
            }
        }
    )* };
}
handle!(
    Activation "activation",
    Constraint "constraint",
    Direction "direction",
    Fitted "fitted",
    Init "init",
    Layer "layer",
    Loss "loss",
    Metric "metric",
    Normalizer "normalizer",
    Pace "pace",
    Penalty "penalty",
    Schedule "schedule",
    Search "search" unless said "learning-rate",
    Source "source",
    Split "split",
    Stopping "stopping",
    Updater "updater",
    WeightNoise "weight-noise",
);

//! What a plugin says about its settings: `Kind`, `About`, `Setting`.

use crate::{Range, SettingType};

/// How a setting is written. From it follow the words of `tanren plugins` and the JSON Schema of
/// recipes.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Kind {
    /// A number.
    Number(Range),
    /// A whole number.
    Whole(Range),
    /// `true` or `false`.
    Truth,
    /// A text.
    Text,
    /// A single character.
    Character,
    /// One word, with its description.
    Word(&'static str, &'static str),
    /// A table of one entry: its name, its description, its value.
    Tagged(&'static str, &'static str, Box<Kind>),
    /// A plugin of the family of this name.
    Plugin(&'static str),
    /// A plugin of the family of this name, which may have an aim, `on`, that is so written.
    Aimed(&'static str, Box<Kind>),
    /// A list of values of one kind.
    List(Box<Kind>),
    /// A table of any names, with values of one kind.
    Map(Box<Kind>),
    /// A table of settings.
    Table(About),
    /// One of several kinds.
    Either(Vec<Kind>),
    /// Nothing is known about it.
    Unknown,
}

impl Kind {
    /// The table of settings, if it is one.
    #[must_use]
    pub fn table(self) -> Option<About> {
        match self {
            Self::Table(about) => Some(about),
            _ => None,
        }
    }

    /// The same table of settings of something else; any other kind as it is.
    #[must_use]
    pub fn of(self, summary: &'static str) -> Self {
        match self {
            Self::Table(about) => Self::Table(About { summary, ..about }),
            other => other,
        }
    }
}

/// A table of settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct About {
    /// What it is, in a sentence.
    pub summary: &'static str,
    /// The settings, in the order of declaration.
    pub settings: Vec<Setting>,
}

/// A setting.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name, as recipes spell it.
    pub name: &'static str,
    /// What it is.
    pub summary: &'static str,
    /// How it is written.
    pub kind: Kind,
    /// Whether it may be left out.
    pub optional: bool,
}

impl Setting {
    /// A setting of the type `T`, with numbers in `range`.
    #[must_use]
    pub fn of<T: SettingType>(
        name: &'static str,
        summary: &'static str,
        optional: bool,
        range: Range,
    ) -> Self {
        Self { name, summary, kind: T::kind(range), optional: optional || T::OPTIONAL }
    }

    /// The same setting, written in another way than its type says.
    #[must_use]
    pub fn written(self, kind: Kind) -> Self {
        Self { kind, ..self }
    }
}

//! `Aimed`: a plugin and what it is aimed at.

mod text;

use crate::{Kind, Named, Plugin, Range, SettingError, SettingType};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;
use std::ops::Deref;

/// A family of plugins that can be aimed at a part of what they work on.
pub trait Aim: Named {
    /// How the part is chosen. The default chooses everything.
    type Choice: Clone + fmt::Debug + Default + PartialEq + Serialize + DeserializeOwned;

    /// How a choice is written.
    fn choice() -> Kind;
}

/// A plugin and what it is aimed at.
///
/// In a recipe it is the plugin as everywhere, with one key more: `{ type = "l2", strength = 1e-4,
/// on = "dense-1" }`. So no plugin of these families can have a setting called `on`.
pub struct Aimed<P: ?Sized + Aim> {
    /// The plugin.
    pub plugin: Plugin<P>,
    /// Where it works; by default wherever its family does.
    pub on: P::Choice,
}

/// Aims a plugin: `L2 { strength: 1e-4.into() }.on("dense-1")`.
pub trait On<P: ?Sized + Aim>: Into<Plugin<P>> {
    /// This plugin, aimed at what is chosen.
    fn on(self, choice: impl Into<P::Choice>) -> Aimed<P> {
        Aimed { plugin: self.into(), on: choice.into() }
    }
}

impl<P: ?Sized + Aim, T: Into<Plugin<P>>> On<P> for T {}

/// Lets a value of each family stand where an aimed one is wanted. A macro, because the conversion
/// to a trait object cannot be written once for all traits.
macro_rules! aimed {
    ($($family:ident),* $(,)?) => { $(
        impl<P: crate::$family + 'static> From<P> for Aimed<dyn crate::$family> {
            fn from(plugin: P) -> Self {
                Plugin::from(plugin).into()
            }
        }
    )* };
}
aimed!(Constraint, Fitted, Normalizer, Penalty, Updater, WeightNoise);

impl<P: ?Sized + Aim> From<Plugin<P>> for Aimed<P> {
    fn from(plugin: Plugin<P>) -> Self {
        Self { plugin, on: P::Choice::default() }
    }
}

impl<P: ?Sized + Aim> Aimed<P> {
    /// Whether it is aimed at everything.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.on == P::Choice::default()
    }
}

impl<P: ?Sized + Aim + Named> SettingType for Aimed<P> {
    fn kind(_: Range) -> Kind {
        Kind::Aimed(P::FAMILY, Box::new(P::choice()))
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        self.plugin.within(setting, range)
    }
}

impl<P: ?Sized + Aim> Clone for Aimed<P> {
    fn clone(&self) -> Self {
        Self { plugin: self.plugin.clone(), on: self.on.clone() }
    }
}

impl<P: ?Sized + Aim> Deref for Aimed<P> {
    type Target = Plugin<P>;
    fn deref(&self) -> &Plugin<P> {
        &self.plugin
    }
}

impl<P: ?Sized + Aim> fmt::Debug for Aimed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.is_open() {
            true => self.plugin.fmt(f),
            false => {
                f.debug_struct("Aimed").field("plugin", &self.plugin).field("on", &self.on).finish()
            }
        }
    }
}

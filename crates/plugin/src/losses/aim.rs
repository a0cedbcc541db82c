//! `Aimed`: a plugin and the blocks it is aimed at.

mod text;

use crate::{
    Block, BlockKind, Checked, Kind, Named, Plugin, Range, Select, SettingError, SettingType,
};
use std::fmt;
use std::ops::Deref;

/// A plugin and the blocks of a network it is aimed at.
///
/// In a recipe it is the plugin as everywhere, with one key more: `{ type = "l2", strength = 1e-4,
/// on = "dense-1" }`. So no plugin of these families can have a setting called `on`.
pub struct Aimed<P: ?Sized> {
    /// The plugin.
    pub plugin: Plugin<P>,
    /// Where it works; by default wherever its family does.
    pub on: Select,
}

/// Aims a plugin: `L2 { strength: 1e-4 }.on("dense-1")`.
pub trait On<P: ?Sized>: Into<Plugin<P>> {
    /// This plugin, aimed at what is selected.
    fn on(self, select: impl Into<Select>) -> Aimed<P> {
        Aimed { plugin: self.into(), on: select.into() }
    }
}

impl<P: ?Sized, T: Into<Plugin<P>>> On<P> for T {}

/// A family of plugins that work on blocks of parameters.
pub trait Aim: Checked {
    /// The kinds of blocks a plugin is for where its aim names none: the family's own `kinds`.
    fn default_kinds(&self) -> &[BlockKind];
}

/// Lets a value of each family stand where an aimed one is wanted. A macro, because the conversion
/// to a trait object cannot be written once for all traits.
macro_rules! aim {
    ($($family:ident),* $(,)?) => { $(
        impl<P: crate::$family + 'static> From<P> for Aimed<dyn crate::$family> {
            fn from(plugin: P) -> Self {
                Plugin::from(plugin).into()
            }
        }

        impl Aim for dyn crate::$family {
            fn default_kinds(&self) -> &[BlockKind] {
                self.kinds()
            }
        }
    )* };
}
impl<P: ?Sized + Aim + Named> SettingType for Aimed<P> {
    fn kind(_: Range) -> Kind {
        Kind::Aimed(P::FAMILY)
    }
    fn within(&self, setting: &str, range: Range) -> Result<(), SettingError> {
        self.plugin.within(setting, range)
    }
}

aim!(Constraint, Penalty, Updater, WeightNoise);

impl<P: ?Sized> From<Plugin<P>> for Aimed<P> {
    fn from(plugin: Plugin<P>) -> Self {
        Self { plugin, on: Select::default() }
    }
}

impl<P: ?Sized> Clone for Aimed<P> {
    fn clone(&self) -> Self {
        Self { plugin: self.plugin.clone(), on: self.on.clone() }
    }
}

impl<P: ?Sized> Deref for Aimed<P> {
    type Target = Plugin<P>;
    fn deref(&self) -> &Plugin<P> {
        &self.plugin
    }
}

impl<P: ?Sized + fmt::Debug> fmt::Debug for Aimed<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.on.is_open() {
            true => self.plugin.fmt(f),
            false => {
                f.debug_struct("Aimed").field("plugin", &self.plugin).field("on", &self.on).finish()
            }
        }
    }
}

impl<P: ?Sized + Aim> Aimed<P> {
    /// Which of `blocks` it works on, one answer for each.
    #[must_use]
    pub fn marks(&self, blocks: &[Block]) -> Vec<bool> {
        self.on.marks(blocks, self.plugin.default_kinds())
    }

    /// Which of `blocks` it works on, one answer for each.
    ///
    /// # Errors
    /// When it is aimed and hits nothing; see [`Select::hits`].
    pub fn hits(&self, blocks: &[Block]) -> Result<Vec<bool>, SettingError> {
        self.on.hits(blocks, self.plugin.default_kinds())
    }
}

#[cfg(test)]
mod tests;

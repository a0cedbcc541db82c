//! `BlockAim`: the families of plugins that are aimed at blocks of a network.

use crate::{Aim, Aimed, Block, BlockKind, Kind, Select, SettingError};

/// A family of plugins that work on blocks of parameters.
pub trait BlockAim: Aim<Choice = Select> {
    /// The kinds of blocks a plugin is for where its aim names none: the family's own `kinds`.
    fn default_kinds(&self) -> &[BlockKind];
}

/// A macro, because the families' traits have nothing else in common.
macro_rules! blocks {
    ($($family:ident),* $(,)?) => { $(
        impl Aim for dyn crate::$family {
            type Choice = Select;

            fn choice() -> Kind {
                Select::written()
            }
        }

        impl BlockAim for dyn crate::$family {
            fn default_kinds(&self) -> &[BlockKind] {
                self.kinds()
            }
        }
    )* };
}
blocks!(Constraint, Penalty, Updater, WeightNoise);

impl<P: ?Sized + BlockAim> Aimed<P> {
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

//! `stacked`: equal groups of rows, one above the other, each filled by a scheme of its own.
//!
//! The matrices of the gates of a recurrent layer lie in one block; each gate begins as a matrix by
//! itself. Where the rows do not divide evenly, groups differ by one row.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init, Plugin, SettingError};
use tanren_tensor::Draws;

/// Groups of rows that begin each in its own way.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Self::any)]
pub struct Stacked {
    /// The schemes of the groups, from the top; at least one.
    pub parts: Vec<Plugin<dyn Init>>,
}

impl Stacked {
    /// Groups that begin like this, from the top.
    #[must_use]
    pub fn new(parts: impl IntoIterator<Item = Plugin<dyn Init>>) -> Self {
        Self { parts: parts.into_iter().collect() }
    }

    fn any(&self) -> Result<(), SettingError> {
        SettingError::unless(!self.parts.is_empty(), "parts", "at least one scheme", "none")
    }
}

#[typetag::serde(name = "stacked")]
impl Init for Stacked {
    fn fill(&self, fan: Fan, rows: usize, draws: &mut Draws, values: &mut [f64]) {
        let count = self.parts.len();
        let columns = values.len() / rows.max(1);
        for (k, part) in self.parts.iter().enumerate() {
            let group = rows * k / count..rows * (k + 1) / count;
            let mut own = vec![0.0; group.len() * columns];
            part.fill(fan, group.len(), draws, &mut own);
            let columns = values.chunks_mut(rows.max(1));
            for (column, own) in columns.zip(own.chunks(group.len().max(1))) {
                column[group.clone()].copy_from_slice(own);
            }
        }
    }
}

//! `identity`: a number on the main diagonal, 0 elsewhere.
//!
//! A square block passes on what it gets, as recurrent weights of rectifiers should at first.
//! Source: Le, Jaitly, Hinton (2015), *A simple way to initialize recurrent networks of rectified
//! linear units*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// The identity matrix times a number; of a block that is not square, as much as fits.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct IdentityMatrix {
    /// What stands on the diagonal, finite.
    pub scale: f64,
}

impl Default for IdentityMatrix {
    fn default() -> Self {
        Self { scale: 1.0 }
    }
}

#[typetag::serde(name = "identity")]
impl Init for IdentityMatrix {
    fn fill(&self, _: Fan, rows: usize, _: &mut Draws, values: &mut [f64]) {
        values.fill(0.0);
        for (k, column) in values.chunks_mut(rows.max(1)).enumerate().take(rows) {
            column[k] = self.scale;
        }
    }
}

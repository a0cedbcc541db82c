//! `sparse`: each unit has few connections that are not 0, to inputs chosen at random.
//!
//! The number of connections does not grow with the number of inputs, so a unit of a wide layer is
//! neither saturated nor like its neighbours. Source: Martens (2010), *Deep learning via Hessian-free
//! optimization*, section 5.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;

/// Normal numbers on a few places of each row, 0 elsewhere.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Sparse {
    /// How many of a unit's connections are not 0, at least 1; all where it has fewer.
    #[setting(from = 1)]
    pub connections: usize,
    /// The standard deviation of those, from 0 on.
    #[setting(from = 0)]
    pub std: f64,
}

impl Default for Sparse {
    fn default() -> Self {
        Self { connections: 15, std: 1.0 }
    }
}

#[typetag::serde(name = "sparse")]
impl Init for Sparse {
    fn fill(&self, _: Fan, rows: usize, draws: &mut Draws, values: &mut [f64]) {
        values.fill(0.0);
        let columns = values.len() / rows.max(1);
        let mut inputs: Vec<usize> = (0..columns).collect();
        for row in 0..rows {
            // The first steps of a shuffle.
            for chosen in 0..self.connections.min(columns) {
                let other = chosen + draws.below((columns - chosen) as u64) as usize;
                inputs.swap(chosen, other);
                values[inputs[chosen] * rows + row] = self.std * draws.normal();
            }
        }
    }
}

//! `orthogonal`: a random matrix of orthogonal rows or columns, whichever are fewer, of equal length.
//!
//! A = Q R of a matrix of normal numbers, and the signs of R's diagonal taken over into Q, so that
//! every orthogonal matrix is as likely as any other. Sources: Saxe, McClelland, Ganguli (2014),
//! *Exact solutions to the nonlinear dynamics of learning in deep linear neural networks*; Mezzadri
//! (2007), *How to generate random matrices from the classical compact groups*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Fan, Init};
use tanren_tensor::Draws;
use tanren_tensor::nalgebra::DMatrix;

/// A random orthogonal matrix times a number.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Orthogonal {
    /// The length of rows or columns, finite.
    pub gain: f64,
}

impl Default for Orthogonal {
    fn default() -> Self {
        Self { gain: 1.0 }
    }
}

#[typetag::serde(name = "orthogonal")]
impl Init for Orthogonal {
    fn fill(&self, _: Fan, rows: usize, draws: &mut Draws, values: &mut [f64]) {
        let columns = values.len() / rows.max(1);
        let (long, short) = (rows.max(columns), rows.min(columns));
        let decomposition = DMatrix::from_fn(long, short, |_, _| draws.normal()).qr();
        let (q, r) = (decomposition.q(), decomposition.r());
        for (k, column) in values.chunks_mut(rows.max(1)).enumerate() {
            for (i, value) in column.iter_mut().enumerate() {
                // Of Q, or of its transpose where rows are fewer.
                let (at, of) = if rows >= columns { (i, k) } else { (k, i) };
                *value = self.gain * r[(of, of)].signum() * q[(at, of)];
            }
        }
    }
}

//! `maxout`: yₖ = max of the `pieces` features from k · pieces on.
//!
//! X (pieces · outputs) × columns, Y outputs × columns; ∂Y goes to the feature that was largest, the
//! first of equal ones. Behind a dense layer it is a convex function that is learnt piece by piece.
//! Source: Goodfellow et al. (2013), *Maxout networks*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError, Write};

/// The largest of each few features.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct Maxout {
    /// How many features become one, at least 1.
    #[setting(from = 1)]
    pub pieces: usize,
}

impl Default for Maxout {
    fn default() -> Self {
        Self { pieces: 2 }
    }
}

#[typetag::serde(name = "maxout")]
impl Layer for Maxout {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let input = accept::numbers(accept::single(inputs)?)?;
        if self.pieces == 0 || !input.features.is_multiple_of(self.pieces) {
            let expected = format!("a multiple of {} features", self.pieces);
            return Err(ShapeError::new(expected, input));
        }
        Ok(input.with_features(input.features / self.pieces))
    }

    fn facts(&self) -> Facts {
        Facts::default()
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Maxout {
    fn forward(&self, mut pass: Forward<'_, T>) {
        // Columns follow each other without a gap, so their borders do not matter.
        let pieces = pass.inputs[0].dense().data().chunks(self.pieces);
        for (x, y) in pieces.zip(pass.output.data()) {
            *y = x[largest(x)];
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        if write == Write::Overwrite {
            dx.data().fill(T::ZERO);
        }
        let pieces = pass.inputs[0].dense().data().chunks(self.pieces);
        let pieces = pieces.zip(dx.data().chunks_mut(self.pieces));
        for ((x, dx), &dy) in pieces.zip(pass.upstream.read().data()) {
            dx[largest(x)] += dy;
        }
    }
}

/// The place of the largest number, the first of equal ones; that of a NaN if there is one.
fn largest<T: Real>(x: &[T]) -> usize {
    let mut best = 0;
    for (at, &number) in x.iter().enumerate().skip(1) {
        let nan = number.f64().is_nan() && !x[best].f64().is_nan();
        if number > x[best] || nan {
            best = at;
        }
    }
    best
}

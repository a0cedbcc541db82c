//! `spatial-dropout`: dropout of whole features of a sequence, at all of its steps, and of whole channels
//! of an image, at all of its pixels.
//!
//! Y = X ⊙ F, ∂X = ∂Y ⊙ F with factors 1 / keep or 0, one for each example and feature or channel. Next
//! to each other, steps and pixels tell nearly the same, so that to drop single ones hardly takes
//! anything away. Before a recurrent layer this is the dropout of its inputs after Gal, Ghahramani (2016), *A
//! theoretically grounded application of dropout in recurrent neural networks*; for its state the layer has
//! the setting `recurrent-dropout`. Source: Tompson, Goroshin, Jain, LeCun, Bregler (2015), *Efficient object
//! localization using convolutional networks*.

use super::mask;
use crate::random::{by_example, channels};
use crate::share::Share;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, Mode, Pass,
    Scheduled,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError, vectorized};

/// Sets whole features of a sequence, or channels of an image, to 0 while training. Before a recurrent layer it
/// is the variational dropout of its inputs; that of its state is its setting `recurrent-dropout`.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
pub struct SpatialDropout(Share);

impl SpatialDropout {
    /// Drops this share of the features or channels.
    #[must_use]
    pub fn drop(share: impl Into<Scheduled>) -> Self {
        Self(Share::drop(share))
    }

    /// Keeps this share of the features or channels.
    #[must_use]
    pub fn keep(share: impl Into<Scheduled>) -> Self {
        Self(Share::keep(share))
    }
}

#[typetag::serde(name = "spatial-dropout")]
impl Layer for SpatialDropout {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let shape = mask::output(inputs)?;
        if !shape.sequence && shape.grid.is_none() {
            let expected = "a sequence or an image (for other inputs there is the layer `dropout`)";
            return Err(ShapeError::new(expected, shape));
        }
        Ok(shape)
    }

    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        Memory { tape: extent.examples * channels(inputs[0]), scratch: 0 }
    }

    fn facts(&self) -> Facts {
        Facts { disturbs: true, ..Facts::smooth() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

/// Multiplies each feature or channel of each example by its factor.
fn multiply<T: Real>(pass: &Pass<'_, T>, factors: &[T], numbers: &mut [T]) {
    let (width, channels) = (pass.output.features, channels(pass.output));
    for (column, numbers) in numbers.chunks_exact_mut(width).enumerate() {
        let factors = &factors[column % pass.extent.examples * channels..][..channels];
        vectorized(
            #[inline(always)]
            || {
                for pixel in numbers.chunks_exact_mut(channels) {
                    pixel.iter_mut().zip(factors).for_each(|(x, &factor)| *x *= factor);
                }
            },
        );
    }
}

impl<T: Real> LayerKernel<T> for SpatialDropout {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let y = pass.output.data();
        y.copy_from_slice(pass.inputs[0].dense().data());
        if pass.pass.mode == Mode::Training {
            let rate = self.0.rate(pass.pass.clock);
            pass.tape.fill(T::ONE);
            by_example(pass.pass, channels(pass.pass.output), pass.tape, |draws, factors| {
                rate.apply(draws, factors);
            });
            multiply(pass.pass, pass.tape, y);
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        if pass.pass.mode == Mode::Training {
            multiply(pass.pass, pass.tape, pass.upstream.data());
        }
        mask::hand_on(pass);
    }
}

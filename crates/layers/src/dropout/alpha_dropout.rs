//! `alpha-dropout`: y = a x + b with probability keep, otherwise a α′ + b, in training; y = x in
//! inference.
//!
//! X features × columns; ∂x = a ∂y where x was kept, otherwise 0. α′ = −λ α ≈ −1.758 is what `selu`
//! tends to towards −∞; a = (keep + α′² keep drop)^(−½) and b = −a α′ drop keep a mean of 0 and a variance
//! of 1, which self-normalising networks rely on. Source: Klambauer, Unterthiner, Mayr, Hochreiter
//! (2017), *Self-normalizing neural networks*.

use super::mask;
use crate::share::{Rate, Share};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, Mode, Scheduled,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError, combine, map};

/// −λ α, with λ and α as `selu` has them.
const DROPPED: f64 = -1.758_099_340_847_376_6;

/// Dropout for networks of `selu`: keeps mean 0 and variance 1.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
pub struct AlphaDropout(Share);

impl AlphaDropout {
    /// Drops this share of the numbers.
    #[must_use]
    pub fn drop(share: impl Into<Scheduled>) -> Self {
        Self(Share::drop(share))
    }

    /// Keeps this share of the numbers.
    #[must_use]
    pub fn keep(share: impl Into<Scheduled>) -> Self {
        Self(Share::keep(share))
    }
}

#[typetag::serde(name = "alpha-dropout")]
impl Layer for AlphaDropout {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        mask::output(inputs)
    }

    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        mask::memory(inputs, extent)
    }

    fn facts(&self) -> Facts {
        Facts { disturbs: true, ..Facts::smooth() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for AlphaDropout {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let rate = self.0.rate(pass.pass.clock).drawn();
        let Rate { drop, keep } = rate;
        let a = (keep * (1.0 + DROPPED * DROPPED * drop)).sqrt().recip();
        let b = -a * DROPPED * drop;
        let training = pass.pass.mode == Mode::Training;
        mask::multiply(pass.inner(), |draws, factors| {
            rate.apply(draws, factors);
            map(factors, |factor| factor * T::of(keep * a)); // 0, or a
        });
        if training {
            let (kept, dropped) = (T::of(b), T::of(a * DROPPED + b));
            let offset = |factor: T| if factor == T::ZERO { dropped } else { kept };
            combine(pass.output.data(), pass.tape, |y, factor| y + offset(factor));
        }
    }

    fn backward(&self, pass: Backward<'_, T>) {
        mask::multiply_back(pass);
    }
}

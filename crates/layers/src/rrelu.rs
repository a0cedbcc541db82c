//! `rrelu`: y = x for x > 0, otherwise a x; a uniform in [low, high) for each number in training, and
//! (low + high) / 2 in inference.
//!
//! X features × columns, Y the same; ∂x = ∂y for x > 0, otherwise a ∂y. The slopes are kept from the
//! forward pass. Source: Xu, Wang, Chen, Li (2015), *Empirical evaluation of rectified activations in
//! convolutional network*.

use crate::accept;
use crate::random::by_column;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, Mode, SettingError,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError, add_scaled, combine};

/// A rectifier with a random slope below 0.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = Self::ordered)]
pub struct Rrelu {
    /// The least slope, finite.
    pub low: f64,
    /// Above the largest slope, from the least one on.
    pub high: f64,
}

impl Default for Rrelu {
    fn default() -> Self {
        Self { low: 1.0 / 8.0, high: 1.0 / 3.0 }
    }
}

impl Rrelu {
    /// Whether the bounds are in order.
    fn ordered(&self) -> Result<(), SettingError> {
        let right = self.high >= self.low;
        SettingError::unless(right, "high", "a finite number from `low` on", self.high)
    }
}

#[typetag::serde(name = "rrelu")]
impl Layer for Rrelu {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        accept::numbers(accept::single(inputs)?)
    }

    fn facts(&self) -> Facts {
        Facts { disturbs: true, ..Facts::default() }
    }

    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        Memory { tape: extent.len(inputs[0]), scratch: 0 }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for Rrelu {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let width = self.high - self.low;
        let slopes = pass.tape;
        match pass.pass.mode {
            Mode::Inference => slopes.fill(T::of(self.low + 0.5 * width)),
            Mode::Training => by_column(pass.pass, slopes, |draws, slopes| {
                slopes.fill_with(|| T::of(self.low + width * draws.uniform()));
            }),
        }
        let x = pass.inputs[0].dense().data();
        combine(slopes, x, |slope, x| if x > T::ZERO { T::ONE } else { slope });
        let y = pass.output.data();
        y.copy_from_slice(x);
        combine(y, slopes, |y, slope| y * slope);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        let dy = pass.upstream.data();
        combine(dy, pass.tape, |dy, slope| dy * slope);
        add_scaled(write, T::ONE, dy, dx.data());
    }
}

//! `time-pooling`: the mean, the sum or the largest of the columns of each sequence, feature by feature.
//!
//! X features × steps, Y features × 1, over the L steps of a sequence: y = Σ xₜ / L, Σ xₜ or max xₜ. ∂xₜ is
//! ∂y / L, ∂y, or ∂y at the first step that has the maximum. A sequence without any step has a Y of 0.

use super::sequence;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels};
use tanren_tensor::{Real, Shape, ShapeError, Write, add_scaled, combine, map};

/// What is made of all steps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Pooling {
    /// Their mean.
    #[default]
    Mean,
    /// Their sum.
    Sum,
    /// The largest.
    Max,
}

/// Makes one column of all columns of a sequence.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct TimePooling {
    /// What is made of them; their mean unless said.
    pub pooling: Pooling,
}

impl TimePooling {
    /// How much of each step a mean or a sum over so many steps takes.
    fn share<T: Real>(&self, length: usize) -> T {
        if self.pooling == Pooling::Mean { T::of(1.0 / length as f64) } else { T::ONE }
    }
}

#[typetag::serde(name = "time-pooling")]
impl Layer for TimePooling {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        Ok(Shape { sequence: false, ..sequence(inputs)? })
    }
    fn whole_sequences(&self) -> Option<&'static str> {
        Some("pooling over time needs all steps of a sequence")
    }
    fn facts(&self) -> Facts {
        Facts { smooth: self.pooling != Pooling::Max, ..Facts::default() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Real> LayerKernel<T> for TimePooling {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (x, examples) = (pass.inputs[0].dense(), pass.pass.extent.examples);
        for (n, y) in pass.output.iter_mut().enumerate() {
            y.fill(T::ZERO);
            let length = pass.pass.length(n);
            for t in 0..length {
                let x = x.column(t * examples + n);
                match self.pooling {
                    Pooling::Max if t == 0 => y.copy_from_slice(x),
                    Pooling::Max => combine(y, x, larger),
                    Pooling::Mean | Pooling::Sum => add_scaled(Write::Add, T::ONE, x, y),
                }
            }
            let share = self.share::<T>(length.max(1));
            map(y, |y| share * y);
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (outer, x, y) = (pass.pass, pass.inputs[0].dense(), pass.output);
        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        if write == Write::Overwrite {
            dx.data().fill(T::ZERO);
        }
        for (n, (dy, y)) in pass.upstream.iter_mut().zip(y.iter()).enumerate() {
            let length = outer.length(n);
            for t in 0..length {
                let column = t * outer.extent.examples + n;
                let (x, dx) = (x.column(column), dx.column(column));
                if self.pooling != Pooling::Max {
                    add_scaled(Write::Add, self.share(length), dy, dx);
                    continue;
                }
                for (((dx, dy), &x), &y) in dx.iter_mut().zip(&mut *dy).zip(x).zip(y) {
                    if x == y {
                        (*dx, *dy) = (*dx + *dy, T::ZERO); // later ones of the same size get nothing
                    }
                }
            }
        }
    }
}

/// The larger of two numbers; NaN where one of them is, so that it is not lost.
#[inline(always)]
fn larger<T: Real>(a: T, b: T) -> T {
    match (a > b, a <= b) {
        (true, _) => a,
        (_, true) => b,
        _ => a + b,
    }
}

//! `layer-norm`: y = γ ⊙ (x − μ) / √(σ² + ε) + β, column by column.
//!
//! X features × columns; μ and σ² are mean and variance over the k features of a column, σ² = Σ (x − μ)² / k,
//! in training as in inference. With x̂ = (x − μ) / √(σ² + ε) and g = γ ⊙ ∂y, ∂γ = Σ ∂y ⊙ x̂ and ∂β = Σ ∂y over
//! the columns, and ∂x = (g − (Σ g + x̂ Σ g x̂) / k) / √(σ² + ε). An image is normalised as a whole.
//! Source: Ba, Kiros, Hinton (2016), *Layer normalization*.

use super::affine::Affine;
use super::column::{differentiate, standardize};
use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory, ParamSpec,
};
use tanren_tensor::{
    Extent, Real, Shape, ShapeError, Signal, Write, add_columns, add_scaled, combine,
};

/// Gives each column mean 0 and variance 1 over its features, and then a scale and a shift that are
/// learnt.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct LayerNorm {
    /// ε, added to the variance; above 0.
    #[setting(above = 0)]
    pub epsilon: f64,
    /// Whether each feature has a scale that is learnt, 1 at first.
    pub scale: bool,
    /// Whether each feature has a shift that is learnt, 0 at first.
    pub shift: bool,
}

impl Default for LayerNorm {
    fn default() -> Self {
        Self { epsilon: 1e-5, scale: true, shift: true }
    }
}

#[typetag::serde(name = "layer-norm")]
impl Layer for LayerNorm {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let shape = accept::numbers(accept::single(inputs)?)?;
        if shape.features < 2 {
            let expected = "at least 2 features, whose mean and variance are those of a column";
            return Err(ShapeError::new(expected, shape));
        }
        Ok(shape)
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        self.affine().specs(inputs[0].features)
    }

    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        let (len, columns) = (extent.len(inputs[0]), extent.columns(inputs[0]));
        Memory { tape: columns + len, scratch: len + 2 * inputs[0].features } // 1/√(σ² + ε), x̂
    }

    fn facts(&self) -> Facts {
        Facts::smooth()
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl LayerNorm {
    const fn affine(&self) -> Affine {
        Affine { scale: self.scale, shift: self.shift }
    }
}

impl<T: Real> LayerKernel<T> for LayerNorm {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let x = pass.inputs[0].dense();
        let (k, columns) = (x.features(), x.columns());
        let (scales, shifts) =
            (self.affine().scales(pass.params), self.affine().shifts(pass.params));
        let (inverse, hats) = pass.tape.split_at_mut(columns);
        let columns = inverse.iter_mut().zip(hats.chunks_exact_mut(k)).zip(x.iter());
        for (((inverse, hat), x), y) in columns.zip(pass.output.iter_mut()) {
            hat.copy_from_slice(x);
            *inverse = standardize(hat, self.epsilon);
            y.copy_from_slice(hat);
            if let Some(scales) = scales {
                combine(y, scales, |y, scale| y * scale);
            }
            if let Some(shifts) = shifts {
                add_scaled(Write::Add, T::ONE, shifts, y);
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (k, columns) = (pass.upstream.features(), pass.upstream.columns());
        let scales = self.affine().scales(pass.params);
        let (inverse, hats) = pass.tape.split_at(columns);
        let (dscale, rest) = pass.scratch.split_at_mut(k);
        let (dshift, products) = rest.split_at_mut(k);
        products.copy_from_slice(hats);
        combine(products, pass.upstream.data(), |hat, dy| hat * dy);
        add_columns(Write::Overwrite, Signal::new(products, k), dscale);
        add_columns(Write::Overwrite, pass.upstream.read(), dshift);
        self.affine().write(&mut pass.grads, dscale, dshift);

        let Some((write, mut dx)) = pass.downstream.get(0) else { return };
        let columns = inverse.iter().zip(hats.chunks_exact(k)).zip(pass.upstream.iter_mut());
        for (((&inverse, hat), g), dx) in columns.zip(dx.iter_mut()) {
            if let Some(scales) = scales {
                combine(g, scales, |dy, scale| dy * scale);
            }
            differentiate(g, hat);
            add_scaled(write, inverse, g, dx);
        }
    }
}

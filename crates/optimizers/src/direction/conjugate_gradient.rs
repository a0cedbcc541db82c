//! `conjugate-gradient`: d ← −g + β d₋.
//!
//! g gradient, d₋ the direction of the step before, β by the formula of [`Beta`]. It begins anew with
//! d = −g where successive gradients are far from orthogonal, |gᵀg₋| ≥ ν gᵀg (Powell 1977, *Restart
//! procedures for the conjugate gradient method*), and where d would not descend. Source of the whole:
//! Nocedal, Wright (2006), *Numerical optimization*, section 5.2.

use super::beta::{Beta, Products};
use super::{anew, descend, descends};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Direction, DirectionKernel, DirectionKernels, DirectionMemory, Evaluated, Heading,
    MemorySpec,
};
use tanren_tensor::{Real, combine, dot};

/// Nonlinear conjugate gradients: two vectors of memory, for objectives that stay the same from step to
/// step.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct ConjugateGradient {
    /// The formula for β.
    pub beta: Beta,
    /// ν > 0: begin anew where |gᵀg₋| ≥ ν gᵀg. Unless said, 0.5 for `fletcher-reeves` and `dai-yuan`; the
    /// other formulas recover from poor steps by themselves.
    #[setting(above = 0)]
    pub orthogonality: Option<f64>,
    /// Whether to begin anew with every mini-batch, at its first update. Without it, directions of
    /// different batches are mixed.
    pub reset: bool,
}

impl ConjugateGradient {
    /// Conjugate gradients with this formula.
    #[must_use]
    pub fn new(beta: Beta) -> Self {
        Self { beta, ..Self::default() }
    }

    /// β at a gradient whose inner products are these; `None` to begin anew.
    fn beta(&self, products: Products) -> Option<f64> {
        let most = self.orthogonality.or(self.beta.orthogonality());
        let orthogonal = most.is_none_or(|most| products.gl.abs() < most * products.gg);
        let beta = self.beta.of(products);
        (orthogonal && beta.is_finite()).then_some(beta)
    }
}

#[typetag::serde(name = "conjugate-gradient")]
impl Direction for ConjugateGradient {
    /// g₋ and d₋; whether there was a step, as 1.
    fn memory(&self) -> MemorySpec {
        MemorySpec { vectors: 2, scalars: 1 }
    }
    fn resets(&self) -> bool {
        self.reset
    }
    fn kernels(&self) -> DirectionKernels<'_> {
        DirectionKernels::of(self)
    }
}

impl<T: Real> DirectionKernel<T> for ConjugateGradient {
    fn direction(
        &self,
        at: &Evaluated<'_, T>,
        memory: &mut DirectionMemory<T>,
        direction: &mut [T],
    ) -> Heading {
        let (g, DirectionMemory { vectors, scalars }) = (at.gradient, memory);
        let ([last, d], [begun]) = (&mut vectors[..], &mut scalars[..]) else {
            return Heading::unscaled();
        };
        let remembers = *begun > 0.0;
        let fresh_batch = self.reset && at.clock.repeat == 0;
        let beta = (remembers && !fresh_batch).then(|| {
            let products = Products {
                gg: dot(g, g),
                gl: dot(g, last),
                ll: dot(last, last),
                gd: dot(g, d),
                ld: dot(last, d),
                dd: dot(d, d),
            };
            self.beta(products)
        });
        let kept = beta.flatten().is_some_and(|beta| {
            let beta = T::of(beta);
            combine(d, g, |d, g| beta.mul_add(d, -g));
            descends(d, g)
        });
        if !kept {
            descend(g, d);
        }
        *begun = 1.0;
        last.copy_from_slice(g);
        direction.copy_from_slice(d);
        if kept { Heading::unscaled() } else { anew(remembers) }
    }
}

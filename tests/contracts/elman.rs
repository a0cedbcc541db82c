//! `acme/elman`: hₜ = tanh(W xₜ + U hₜ₋₁ + b), a small recurrent layer.
//!
//! x input, h state and output, W units × inputs, U units × units, b units × 1. Backward, from the
//! last step to the first: ∂zₜ = (∂yₜ + Uᵀ ∂zₜ₊₁) ⊙ (1 − hₜ²). Source: Elman (1990), *Finding
//! structure in time*. Where a sequence has ended, h stays. Proves a recurrent layer with weights,
//! whose products take many steps at once where they can.

use serde::{Deserialize, Serialize};
use tanren_layers::XavierUniform;
use tanren_plugin::{
    Backward, BlockKind, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory,
    ParamSpec, Pass, Plugin,
};
use tanren_tensor::{
    Extent, Real, Shape, ShapeError, Write, add_scaled, combine, mat, mat_mut, tanh, transposed,
};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Elman {
    pub(crate) units: usize,
}

impl Checked for Elman {}

#[typetag::serde(name = "acme/elman")]
impl Layer for Elman {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match inputs {
            [x] if x.sequence && !x.indices => Ok(x.with_features(self.units)),
            _ => Err(ShapeError::new("one sequence of numbers", format!("{inputs:?}"))),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let (units, width) = (self.units, inputs[0].features);
        vec![
            ParamSpec::weight("weight", (units, width)),
            ParamSpec::new("recurrent", BlockKind::Recurrent, (units, units), XavierUniform {}),
            ParamSpec::bias("bias", units),
        ]
    }
    fn memory(&self, _: &[Shape], extent: Extent) -> Memory {
        Memory { tape: 0, scratch: self.units * extent.examples } // ∂h of one step
    }
    fn carry(&self, _: &[Shape]) -> usize {
        self.units
    }
    fn facts(&self) -> Facts {
        Facts { range: (-1.0, 1.0), ..Facts::smooth() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

/// Whether the sequence of example `n` has ended before step `t`.
fn ended<T: Real>(pass: &Pass<'_, T>, t: usize, n: usize) -> bool {
    pass.weights.mask.is_some_and(|mask| mask[t * pass.extent.examples + n] == T::ZERO)
}

impl<T: Real> LayerKernel<T> for Elman {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let Extent { examples, steps } = pass.pass.extent;
        pass.params.repeat(2, &mut pass.output);
        pass.params.times(0, Write::Add, pass.inputs[0].dense(), &mut pass.output);
        if let Some(carry) = &mut pass.carry {
            carry.outgoing.copy_from(&carry.incoming);
        }
        let size = self.units * examples;
        for t in 0..steps {
            let (past, now) = pass.output.data().split_at_mut(t * size);
            let h = &mut now[..size];
            let before = match (t, &pass.carry) {
                (0, carry) => carry.as_ref().map(|carry| carry.incoming),
                _ => Some(mat(&past[(t - 1) * size..], self.units, examples)),
            };
            if let Some(before) = before {
                let u = pass.params.matrix(1);
                pass.pass.product(Write::Add, u, before, mat_mut(h, self.units, examples));
            }
            tanh(h);
            for (n, h) in h.chunks_exact_mut(self.units).enumerate() {
                if ended(pass.pass, t, n) {
                    let keep = |i| before.map_or(T::ZERO, |before| before[(i, n)]);
                    h.iter_mut().enumerate().for_each(|(i, h)| *h = keep(i));
                }
            }
            if let Some(carry) = pass.carry.as_mut().filter(|carry| t < carry.after) {
                carry.outgoing.copy_from(&mat(h, self.units, examples));
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (u, Extent { examples, steps }) = (pass.params.matrix(1), pass.pass.extent);
        let (y, dh) = (pass.output, pass.take_scratch(self.units * examples));
        dh.fill(T::ZERO);
        for t in (0..steps).rev() {
            let columns = t * dh.len()..(t + 1) * dh.len();
            let (dz, h) = (&mut pass.upstream.data()[columns.clone()], &y.data()[columns]);
            add_scaled(Write::Add, T::ONE, dh, dz);
            for n in 0..examples {
                let own = n * self.units..(n + 1) * self.units;
                let (dh, dz, h) = (&mut dh[own.clone()], &mut dz[own.clone()], &h[own]);
                dh.fill(T::ZERO);
                match ended(pass.pass, t, n) {
                    true => dh.swap_with_slice(dz), // h stayed: all of it goes to the step before
                    false => combine(dz, h, |dz, h| dz * (T::ONE - h * h)),
                }
            }
            let dz = mat(dz, self.units, examples);
            pass.pass.product(Write::Add, transposed(u), dz, mat_mut(dh, self.units, examples));
        }
        pass.outer_product(0, 0);
        let (dz, later) = (pass.upstream.read(), examples * (steps - 1));
        if let Some((write, mut du)) = pass.grads.matrix(1) {
            let (dz, h) = (dz.matrix(), y.matrix());
            let (after, before) = (dz.columns(examples, later), h.columns(0, later));
            pass.pass.outer(write, after, before, du.as_view_mut());
            if let Some(start) = pass.carry {
                pass.pass.outer(Write::Add, dz.columns(0, examples), start, du);
            }
        }
        pass.grads.add_columns(2, dz);
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            pass.params.transposed_times(0, write, dz, &mut dx);
        }
    }
}

#[test]
fn conforms() {
    testkit::layer(&Elman { units: 3 }, &[Shape::sequence(2)]);
    testkit::round_trip(&Plugin::<dyn Layer>::from(Elman { units: 3 }));
}

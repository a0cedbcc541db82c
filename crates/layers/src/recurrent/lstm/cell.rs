//! The cells of one step: gates and state forward, their gradients backward.

use super::super::normed::Norm;
use super::super::{add_product, apply, differentiate};
use tanren_plugin::ActivationKernel;
use tanren_tensor::{Real, vectorized};

/// What the cells of a layer compute with.
pub(super) struct Cell<'a, T: Real> {
    pub(super) units: usize,
    /// σ and φ.
    pub(super) gate: &'a dyn ActivationKernel<T>,
    pub(super) squash: &'a dyn ActivationKernel<T>,
    /// The peepholes of i, f and o.
    pub(super) peepholes: Option<[&'a [T]; 3]>,
    /// What happens to c before φ, if anything does.
    pub(super) norm: Option<Norm<'a, T>>,
    /// Whether the derivative of φ needs what φ meets.
    pub(super) needs_cell: bool,
}

/// One example at one step.
pub(super) struct Forward<'s, T> {
    /// z, which becomes i, f, g and o.
    pub(super) gates: &'s mut [T],
    /// Where z is kept, if it is.
    pub(super) inputs: &'s mut [T],
    /// cₜ₋₁.
    pub(super) before: &'s [T],
    /// cₜ, φ(cₜ) and hₜ, to be written.
    pub(super) cell: &'s mut [T],
    pub(super) squashed: &'s mut [T],
    pub(super) h: &'s mut [T],
    /// Of a normalised cell: ĉ and 1 / √(σ² + ε), to be written.
    pub(super) hat: &'s mut [T],
    pub(super) inverse: &'s mut [T],
}

/// The same on the way back.
pub(super) struct Backward<'s, T> {
    /// i, f, g and o.
    pub(super) gates: &'s [T],
    /// z, if it was kept.
    pub(super) inputs: &'s [T],
    pub(super) before: &'s [T],
    pub(super) cell: &'s [T],
    pub(super) squashed: &'s [T],
    /// ∂h, which is destroyed.
    pub(super) dh: &'s mut [T],
    /// ∂cₜ, which becomes ∂cₜ₋₁.
    pub(super) dc: &'s mut [T],
    /// ∂z, to be written.
    pub(super) dz: &'s mut [T],
    /// Of a normalised cell: ĉ, which is destroyed, 1 / √(σ² + ε), and where the gradients of its scale and its
    /// shift are added.
    pub(super) hat: &'s mut [T],
    pub(super) inverse: &'s [T],
    pub(super) affine: [&'s mut [T]; 2],
}

impl<T: Real> Cell<'_, T> {
    pub(super) fn forward(&self, at: Forward<'_, T>) {
        let Forward { gates, inputs, before, cell, squashed, h, hat, inverse } = at;
        let units = self.units;
        let (open, rest) = gates.split_at_mut(2 * units); // i and f
        let (g, o) = rest.split_at_mut(units);
        if let Some([pi, pf, _]) = self.peepholes {
            add_product(&mut open[..units], pi, before);
            add_product(&mut open[units..], pf, before);
        }
        let kept = !inputs.is_empty();
        if kept {
            inputs[..2 * units].copy_from_slice(open);
            inputs[2 * units..3 * units].copy_from_slice(g);
        }
        apply(self.gate, open, units);
        apply(self.squash, g, units);
        let (i, f) = open.split_at(units);
        let cells = cell.iter_mut().zip(&mut *squashed).zip(before).zip(i).zip(f).zip(&*g);
        vectorized(
            #[inline(always)]
            move || {
                for (((((c, a), &before), &i), &f), &g) in cells {
                    let now = f.mul_add(before, i * g);
                    (*c, *a) = (now, now);
                }
            },
        );
        if let Some([_, _, po]) = self.peepholes {
            add_product(o, po, cell);
        }
        if kept {
            inputs[3 * units..].copy_from_slice(o);
        }
        apply(self.gate, o, units);
        if let Some(norm) = self.norm {
            norm.forward(squashed, hat, inverse);
        }
        apply(self.squash, squashed, units);
        let outputs = h.iter_mut().zip(&*o).zip(&*squashed);
        vectorized(
            #[inline(always)]
            move || outputs.for_each(|((h, &o), &a)| *h = o * a),
        );
    }

    pub(super) fn backward(&self, at: Backward<'_, T>) {
        let Backward { gates, inputs, before, cell, squashed, dh, dc, dz, .. } = at;
        let units = self.units;
        let gate = |k: usize| &gates[k * units..(k + 1) * units];
        let [i, f, g, o] = [gate(0), gate(1), gate(2), gate(3)];
        let z = |from: usize, to: usize| match inputs.is_empty() {
            true => &[][..],
            false => &inputs[from * units..to * units],
        };
        let (d_open, d_rest) = dz.split_at_mut(2 * units);
        let (dg, d_out) = d_rest.split_at_mut(units);
        // ∂o = ∂h ⊙ φ(c); ∂φ(c) = ∂h ⊙ o takes the place of ∂h.
        let outputs = d_out.iter_mut().zip(&mut *dh).zip(squashed).zip(o);
        vectorized(
            #[inline(always)]
            move || {
                for (((d_out, dh), &a), &o) in outputs {
                    (*d_out, *dh) = (*dh * a, *dh * o);
                }
            },
        );
        differentiate(self.gate, (z(3, 4), o), d_out, units);
        // Until ∂i, ∂f and ∂g are formed, their places are free.
        let met = match self.norm {
            _ if !self.needs_cell => &[],
            None => cell,
            Some(norm) => norm.output(at.hat, dg),
        };
        differentiate(self.squash, (met, squashed), dh, units);
        if let Some(norm) = self.norm {
            let inverse = at.inverse[0];
            norm.backward(dh, (&mut *at.hat, inverse), at.affine, &mut *dg);
            dh.copy_from_slice(at.hat);
        }
        if let Some([_, _, po]) = self.peepholes {
            add_product(dh, po, d_out);
        }
        let (di, df) = d_open.split_at_mut(units);
        let gradients = di.iter_mut().zip(df).zip(&mut *dg).zip(&mut *dc).zip(&*dh);
        let values = before.iter().zip(i).zip(f).zip(g);
        vectorized(
            #[inline(always)]
            move || {
                let both = gradients.zip(values);
                for (((((di, df), dg), dc), &dh), (((&before, &i), &f), &g)) in both {
                    let d = *dc + dh;
                    (*di, *df, *dg, *dc) = (d * g, d * before, d * i, d * f);
                }
            },
        );
        differentiate(self.gate, (z(0, 2), &gates[..2 * units]), d_open, units);
        differentiate(self.squash, (z(2, 3), g), dg, units);
        if let Some([pi, pf, _]) = self.peepholes {
            let (di, df) = d_open.split_at(units);
            add_product(dc, pi, di);
            add_product(dc, pf, df);
        }
    }
}

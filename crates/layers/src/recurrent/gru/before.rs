//! `gru` whose reset comes before the product: n = φ(aₙ + Uₙ (r ⊙ hₜ₋₁)).
//!
//! With s = r ⊙ hₜ₋₁ and ∂n, ∂z as in [`blend_backward`], ∂aₙ = ∂n ⊙ φ′, ∂s = Uₙᵀ ∂aₙ, ∂r = ∂s ⊙ hₜ₋₁, and
//! ∂hₜ₋₁ gets ∂s ⊙ r.

use super::super::state_dropout::StateDropout;
use super::super::{BIAS, RECURRENT, add_product, column, ended, gradients, note};
use super::blend::{Activations, begin, blend, blend_backward, parts, parts_mut, product};
use super::{GATES, Gru};
use crate::linear;
use tanren_plugin::{Backward, Forward, Precision};
use tanren_tensor::{Extent, Signal, SignalMut, Write, add_scaled, mat, mat_mut, transposed};

pub(super) fn forward<T: Precision>(gru: &Gru, mut pass: Forward<'_, T>) {
    let (units, Extent { examples, steps }) = (gru.units, pass.pass.extent);
    let (size, columns, rows) = (units * examples, examples * steps, GATES * gru.units);
    let mut dropout = StateDropout::forward(&gru.recurrent_dropout, units, &mut pass);
    let (gates, reset) = (pass.take_tape(rows * columns), pass.take_tape(units * columns));
    let (inputs, state) = (pass.take_tape(gru.kept(columns)), pass.take_scratch(size));
    let (activations, u) = (Activations::of(gru), pass.params.matrix(RECURRENT));
    let (u_open, u_new) = (u.rows_range(0..2 * units), u.rows_range(2 * units..rows));
    let z = &mut SignalMut::new(gates, rows);
    linear::project(pass.params, Some(BIAS), pass.inputs[0], z);
    begin(state, units, pass.carry.as_ref().map(|carry| carry.incoming));
    if let Some(carry) = &mut pass.carry {
        carry.outgoing.copy_from(&carry.incoming);
    }
    for t in 0..steps {
        let (past, now) = pass.output.data().split_at_mut(t * size);
        let (h, before) =
            (&mut now[..size], if t == 0 { &*state } else { &past[(t - 1) * size..] });
        let step = t * size * GATES..(t + 1) * size * GATES;
        let mut z = mat_mut(&mut gates[step.clone()], rows, examples);
        let open = z.rows_range_mut(0..2 * units);
        let seen = dropout.see(t, mat(before, units, examples));
        pass.pass.product(Write::Add, u_open, seen, open);
        for n in 0..examples {
            let ([here, kept], c) = (gru.places(t * examples + n), t * examples + n);
            let (open, s) = (parts_mut(&mut gates[here]).0, &mut reset[column(c, units)]);
            if ended(pass.pass, t, n) {
                s.fill(T::ZERO);
                continue;
            }
            let kept = parts_mut(&mut inputs[kept]).0;
            kept.copy_from_slice(&open[..kept.len()]);
            activations.open(open);
            product(s, &open[..units], &before[column(n, units)]);
            dropout.mask(n, s);
        }
        let mut z = mat_mut(&mut gates[step], rows, examples);
        let (s, new) =
            (mat(&reset[t * size..], units, examples), z.rows_range_mut(2 * units..rows));
        pass.pass.product(Write::Add, u_new, s, new);
        for (n, h) in h.chunks_exact_mut(units).enumerate() {
            let before = &before[column(n, units)];
            if ended(pass.pass, t, n) {
                h.copy_from_slice(before);
                continue;
            }
            let [here, kept] = gru.places(t * examples + n);
            let ((open, new), kept) = (parts_mut(&mut gates[here]), parts_mut(&mut inputs[kept]).1);
            kept.copy_from_slice(&new[..kept.len()]);
            activations.renew(new);
            blend(&open[units..], new, before, h);
        }
        if let Some(carry) = pass.carry.as_mut().filter(|carry| t + 1 == carry.after) {
            carry.outgoing.copy_from(&mat(h, units, examples));
        }
    }
}

pub(super) fn backward<T: Precision>(gru: &Gru, mut pass: Backward<'_, T>) {
    let (units, Extent { examples, steps }) = (gru.units, pass.pass.extent);
    let (size, columns, rows) = (units * examples, examples * steps, GATES * gru.units);
    let mut dropout = StateDropout::backward(&gru.recurrent_dropout, units, &mut pass);
    let (gates, reset) = (pass.take_tape(rows * columns), pass.take_tape(units * columns));
    let (inputs, state) = (pass.take_tape(gru.kept(columns)), pass.take_scratch(size));
    let (dh, dz, ds) = (pass.take_scratch(size), pass.take_scratch(size), pass.take_scratch(size));
    let d = pass.take_scratch(2 * units);
    let (activations, u) = (Activations::of(gru), pass.params.matrix(RECURRENT));
    let (u_open, u_new) = (u.rows_range(0..2 * units), u.rows_range(2 * units..rows));
    let (y, start) = (pass.output, pass.carry);
    begin(state, units, start);
    dh.fill(T::ZERO);
    for t in (0..steps).rev() {
        note(pass.states.get_mut(t).map(|state| &mut state.later), &[dh]);
        add_scaled(Write::Add, T::ONE, &pass.upstream.data()[t * size..(t + 1) * size], dh);
        note(pass.states.get_mut(t).map(|state| &mut state.total), &[dh]);
        let before = if t == 0 { &*state } else { &y.data()[(t - 1) * size..] };
        for n in 0..examples {
            let [here, kept] = gru.places(t * examples + n);
            let (gates, own) = (&mut gates[here], column(n, units));
            if ended(pass.pass, t, n) {
                gates.fill(T::ZERO); // h stayed: so does its gradient
                continue;
            }
            let ((open, new), dn) = (parts_mut(gates), &mut d[..units]);
            let (dz, dh) = (&mut dz[own.clone()], &mut dh[own.clone()]);
            blend_backward([&open[units..], new, &before[own]], [dz, dn, dh]);
            activations.renew_backward(parts(&inputs[kept]).1, new, dn);
            new.copy_from_slice(dn);
        }
        let step = mat(&gates[t * size * GATES..], rows, examples);
        let new = step.rows_range(2 * units..rows);
        let product_of_new = mat_mut(ds, units, examples);
        pass.pass.product(Write::Overwrite, transposed(u_new), new, product_of_new);
        for n in (0..examples).filter(|&n| !ended(pass.pass, t, n)) {
            let ([here, kept], own) = (gru.places(t * examples + n), column(n, units));
            let (open, (dr, d_update)) = (parts_mut(&mut gates[here]).0, d.split_at_mut(units));
            dropout.mask(n, &mut ds[own.clone()]);
            product(dr, &ds[own.clone()], &before[own.clone()]);
            d_update.copy_from_slice(&dz[own.clone()]);
            add_product(&mut dh[own.clone()], &ds[own], &open[..units]);
            activations.open_backward(parts(&inputs[kept]).0, open, d);
            open.copy_from_slice(d);
        }
        let step = mat(&gates[t * size * GATES..], rows, examples);
        dropout.add_gradient(pass.pass, (u_open, step.rows_range(0..2 * units)), dh);
    }
    let (dz, reset) = (Signal::new(gates, rows), Signal::new(reset, units));
    gradients(&mut pass, [dz, dz], |pass, write, mut du| {
        let all = dz.matrix();
        let open = du.rows_range_mut(0..2 * units);
        dropout.weight_gradient(pass, write, all.rows_range(0..2 * units), (y, start), open);
        let new = du.rows_range_mut(2 * units..rows);
        pass.outer(write, all.rows_range(2 * units..rows), reset.matrix(), new);
    });
}

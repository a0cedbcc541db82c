//! `gru` whose reset comes after the product: n = φ(aₙ + r ⊙ (Uₙ hₜ₋₁ + b′)).
//!
//! With q = Uₙ hₜ₋₁ + b′ and ∂n, ∂z as in [`blend_backward`], ∂aₙ = ∂n ⊙ φ′, ∂r = ∂aₙ ⊙ q, ∂q = ∂aₙ ⊙ r;
//! W meets (∂aᵣ ∂a_z ∂aₙ), and U meets (∂aᵣ ∂a_z ∂q).

use super::super::state_dropout::StateDropout;
use super::super::{BIAS, RECURRENT, add_product, column, ended, gradients};
use super::blend::{Activations, begin, blend, blend_backward, parts, parts_mut, product};
use super::{GATES, Gru};
use crate::linear;
use tanren_plugin::{Backward, Forward, Precision};
use tanren_tensor::{Extent, Signal, SignalMut, Write, add_scaled, mat, mat_mut};

/// Place of b′ among the blocks.
const RECURRENT_BIAS: usize = 3;

pub(super) fn forward<T: Precision>(gru: &Gru, mut pass: Forward<'_, T>) {
    let (units, Extent { examples, steps }) = (gru.units, pass.pass.extent);
    let (size, columns, rows) = (units * examples, examples * steps, GATES * gru.units);
    let mut dropout = StateDropout::forward(&gru.recurrent_dropout, units, &mut pass);
    let (gates, own) = (pass.take_tape(rows * columns), pass.take_tape(rows * columns));
    let (inputs, state) = (pass.take_tape(gru.kept(columns)), pass.take_scratch(size));
    let (activations, b) = (Activations::of(gru), pass.params.slice(RECURRENT_BIAS));
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
        let product = mat_mut(&mut own[t * size * GATES..][..size * GATES], rows, examples);
        let u = pass.params.matrix(RECURRENT);
        let seen = dropout.see(t, mat(before, units, examples));
        pass.pass.product(Write::Overwrite, u, seen, product);
        for (n, h) in h.chunks_exact_mut(units).enumerate() {
            let before = &before[column(n, units)];
            if ended(pass.pass, t, n) {
                h.copy_from_slice(before);
                continue;
            }
            let [here, kept] = gru.places(t * examples + n);
            let (open, new) = parts_mut(&mut gates[here.clone()]);
            let (own, q) = parts_mut(&mut own[here]);
            add_scaled(Write::Add, T::ONE, own, open);
            let (kept_open, kept_new) = parts_mut(&mut inputs[kept]);
            kept_open.copy_from_slice(&open[..kept_open.len()]);
            activations.open(open);
            add_scaled(Write::Add, T::ONE, b, q);
            let (r, z) = open.split_at(units);
            add_product(new, r, q);
            kept_new.copy_from_slice(&new[..kept_new.len()]);
            activations.renew(new);
            blend(z, new, before, h);
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
    let (gates, own) = (pass.take_tape(rows * columns), pass.take_tape(rows * columns));
    let (inputs, state) = (pass.take_tape(gru.kept(columns)), pass.take_scratch(size));
    let (dh, d) = (pass.take_scratch(size), pass.take_scratch(rows));
    let (activations, u) = (Activations::of(gru), pass.params.matrix(RECURRENT));
    let (y, start) = (pass.output, pass.carry);
    begin(state, units, start);
    dh.fill(T::ZERO);
    for t in (0..steps).rev() {
        add_scaled(Write::Add, T::ONE, &pass.upstream.data()[t * size..(t + 1) * size], dh);
        let before = if t == 0 { &*state } else { &y.data()[(t - 1) * size..] };
        for (n, dh) in dh.chunks_exact_mut(units).enumerate() {
            let [here, kept] = gru.places(t * examples + n);
            let (gates, own) = (&mut gates[here.clone()], &mut own[here]);
            if ended(pass.pass, t, n) {
                gates.fill(T::ZERO); // h stayed: so does its gradient
                own.fill(T::ZERO);
                continue;
            }
            let ((open, new), (d_open, dn)) = (parts(gates), parts_mut(d));
            let ((r, z), (kept_open, kept_new)) = (open.split_at(units), parts(&inputs[kept]));
            let (dr, dz) = d_open.split_at_mut(units);
            blend_backward([z, new, &before[column(n, units)]], [dz, dn, dh]);
            activations.renew_backward(kept_new, new, dn);
            let (own_open, q) = parts_mut(own);
            product(dr, dn, q);
            product(q, dn, r);
            activations.open_backward(kept_open, open, d_open);
            own_open.copy_from_slice(d_open);
            gates.copy_from_slice(d);
        }
        let own = mat(&own[t * size * GATES..], rows, examples);
        dropout.add_gradient(pass.pass, (u, own), dh);
    }
    let own = Signal::new(own, rows);
    gradients(&mut pass, Signal::new(gates, rows), |pass, write, du| {
        dropout.weight_gradient(pass, write, own.matrix(), (y, start), du);
    });
    if let Some((write, db)) = pass.grads.slice(RECURRENT_BIAS) {
        if write == Write::Overwrite {
            db.fill(T::ZERO);
        }
        own.iter().for_each(|own| add_scaled(Write::Add, T::ONE, parts(own).1, db));
    }
}

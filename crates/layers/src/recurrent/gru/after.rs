//! `gru` whose reset comes after the product: n = φ(aₙ + r ⊙ (Uₙ hₜ₋₁ + b′)).
//!
//! With q = Uₙ hₜ₋₁ + b′ and ∂n, ∂z as in [`blend_backward`], ∂aₙ = ∂n ⊙ φ′, ∂r = ∂aₙ ⊙ q, ∂q = ∂aₙ ⊙ r;
//! W meets (∂aᵣ ∂a_z ∂aₙ), and U meets (∂aᵣ ∂a_z ∂q).

use super::super::lanes::by_examples;
use super::super::normed::Normed;
use super::super::state_dropout::StateDropout;
use super::super::{RECURRENT, add_product, column, ended, gradients, note, of, of_mut};
use super::blend::{Activations, begin, blend, blend_backward, parts, parts_mut, product};
use super::{GATES, Gru};
use tanren_plugin::{Backward, Forward, Precision};
use tanren_tensor::{Extent, Signal, SignalMut, Write, add_scaled, mat, mat_mut};

/// Place of b′ among the blocks.
const RECURRENT_BIAS: usize = 3;

pub(super) fn forward<T: Precision>(gru: &Gru, mut pass: Forward<'_, T>) {
    let (units, Extent { examples, steps }, outer) = (gru.units, pass.pass.extent, pass.pass);
    let (size, columns, rows) = (units * examples, examples * steps, GATES * units);
    let mut dropout = StateDropout::forward(&gru.recurrent_dropout, units, &mut pass);
    let [mut of_inputs, mut of_state] = gru.normed().map(|place| Normed::forward(place, &mut pass));
    let (gates, own) = (pass.take_tape(rows * columns), pass.take_tape(rows * columns));
    let (inputs, state) = (pass.take_tape(gru.kept(columns)), pass.take_scratch(size));
    let (activations, b) = (Activations::of(gru), pass.params.slice(RECURRENT_BIAS));
    let z = &mut SignalMut::new(gates, rows);
    of_inputs.project(pass.params, pass.inputs[0], z);
    begin(state, units, pass.carry.as_ref().map(|carry| carry.incoming));
    if let Some(carry) = &mut pass.carry {
        carry.outgoing.copy_from(&carry.incoming);
    }
    for t in 0..steps {
        let (past, now) = pass.output.data().split_at_mut(t * size);
        let (h, before) =
            (&mut now[..size], if t == 0 { &*state } else { &past[(t - 1) * size..] });
        let product = &mut own[t * size * GATES..][..size * GATES];
        let u = pass.params.matrix(RECURRENT);
        let seen = dropout.see(t, mat(before, units, examples));
        pass.pass.product(Write::Overwrite, u, seen, mat_mut(product, rows, examples));
        of_state.apply(t * examples, product);
        let here = t * size * GATES..(t + 1) * size * GATES;
        let kept = gru.kept_at(here.clone());
        let written = [&mut gates[here], &mut *product, &mut inputs[kept], &mut *h];
        by_examples((examples, units), written, [&before[..size]], &|part, written, [before]| {
            let [gates, own, inputs, h] = written;
            for (k, n) in part.enumerate() {
                let (h, before) = (&mut h[column(k, units)], &before[column(k, units)]);
                if ended(outer, t, n) {
                    h.copy_from_slice(before);
                    continue;
                }
                let (open, new) = parts_mut(&mut gates[column(k, rows)]);
                let (own, q) = parts_mut(&mut own[column(k, rows)]);
                add_scaled(Write::Add, T::ONE, own, open);
                let (kept_open, kept_new) = parts_mut(of_mut(inputs, k, rows));
                kept_open.copy_from_slice(&open[..kept_open.len()]);
                activations.open(open);
                add_scaled(Write::Add, T::ONE, b, q);
                let (r, z) = open.split_at(units);
                add_product(new, r, q);
                kept_new.copy_from_slice(&new[..kept_new.len()]);
                activations.renew(new);
                blend(z, new, before, h);
            }
        });
        if let Some(carry) = pass.carry.as_mut().filter(|carry| t + 1 == carry.after) {
            carry.outgoing.copy_from(&mat(h, units, examples));
        }
    }
}

pub(super) fn backward<T: Precision>(gru: &Gru, mut pass: Backward<'_, T>) {
    let (units, Extent { examples, steps }, outer) = (gru.units, pass.pass.extent, pass.pass);
    let (size, columns, rows) = (units * examples, examples * steps, GATES * units);
    let mut dropout = StateDropout::backward(&gru.recurrent_dropout, units, &mut pass);
    let [mut of_inputs, mut of_state] =
        gru.normed().map(|place| Normed::backward(place, &mut pass));
    let (gates, own) = (pass.take_tape(rows * columns), pass.take_tape(rows * columns));
    let (inputs, state) = (pass.take_tape(gru.kept(columns)), pass.take_scratch(size));
    let (dh, room) = (pass.take_scratch(size), pass.take_scratch(GATES * size));
    let (activations, u) = (Activations::of(gru), pass.params.matrix(RECURRENT));
    let (y, start) = (pass.output, pass.carry);
    begin(state, units, start);
    dh.fill(T::ZERO);
    for t in (0..steps).rev() {
        note(pass.states.get_mut(t).map(|state| &mut state.later), &[dh]);
        add_scaled(Write::Add, T::ONE, &pass.upstream.data()[t * size..(t + 1) * size], dh);
        note(pass.states.get_mut(t).map(|state| &mut state.total), &[dh]);
        let before = if t == 0 { &*state } else { &y.data()[(t - 1) * size..] };
        let here = t * size * GATES..(t + 1) * size * GATES;
        let read = [&inputs[gru.kept_at(here.clone())], &before[..size]];
        let written = [&mut gates[here.clone()], &mut own[here], &mut *dh, &mut *room];
        by_examples((examples, units), written, read, &|part, written, [inputs, before]| {
            let [gates, own, dh, room] = written;
            let d = &mut room[..rows];
            for (k, n) in part.enumerate() {
                let (gates, own) = (&mut gates[column(k, rows)], &mut own[column(k, rows)]);
                if ended(outer, t, n) {
                    gates.fill(T::ZERO); // h stayed: so does its gradient
                    own.fill(T::ZERO);
                    continue;
                }
                let (dh, before) = (&mut dh[column(k, units)], &before[column(k, units)]);
                let kept = of(inputs, k, rows);
                let ((open, new), (d_open, dn)) = (parts(gates), parts_mut(d));
                let ((r, z), (kept_open, kept_new)) = (open.split_at(units), parts(kept));
                let (dr, dz) = d_open.split_at_mut(units);
                blend_backward([z, new, before], [dz, dn, dh]);
                activations.renew_backward(kept_new, new, dn);
                let (own_open, q) = parts_mut(own);
                product(dr, dn, q);
                product(q, dn, r);
                activations.open_backward(kept_open, open, d_open);
                own_open.copy_from_slice(d_open);
                gates.copy_from_slice(d);
            }
        });
        let own = &own[t * size * GATES..][..size * GATES];
        of_state.differentiate(t * examples, own);
        let product = mat(of_state.seen(t * examples, own), rows, examples);
        dropout.add_gradient(pass.pass, (u, product), dh);
    }
    of_inputs.differentiate(0, gates);
    let signal = |data| Signal::new(data, rows);
    let (own, product) = (signal(&*own), signal(of_state.seen(0, own)));
    let both = [signal(&*gates), signal(of_inputs.seen(0, gates))];
    gradients(&mut pass, both, |pass, write, du| {
        dropout.weight_gradient(pass, write, product.matrix(), (y, start), du);
    });
    if let Some((write, db)) = pass.grads.slice(RECURRENT_BIAS) {
        if write == Write::Overwrite {
            db.fill(T::ZERO);
        }
        own.iter().for_each(|own| add_scaled(Write::Add, T::ONE, parts(own).1, db));
    }
    [of_inputs, of_state].iter().for_each(|normed| normed.gradients(&mut pass.grads));
}

//! The passes of `lstm` over a segment, step by step.

use super::super::lanes::by_examples;
use super::super::normed::{Columns, Norm, Normed};
use super::super::state_dropout::StateDropout;
use super::super::{RECURRENT, column, ended, gradients, note, of, of_mut, stay};
use super::cell::{self, Cell};
use super::{GATES, Lstm};
use std::ops::Range;
use tanren_plugin::{Backward, Forward, Grads, LayerKernel, Params, Precision};
use tanren_tensor::{Extent, Real, Signal, SignalMut, Write, add_scaled, mat, mat_mut};

/// Place of the peepholes among the blocks.
const PEEPHOLE: usize = 3;

/// What the forward pass leaves for the backward pass, of all columns.
struct Tape<'a, T> {
    /// i, f, g and o; on the way back ∂z takes their place.
    gates: &'a mut [T],
    /// z, or nothing.
    inputs: &'a mut [T],
    /// c, from that before the first step on.
    cells: &'a mut [T],
    /// φ(c).
    squashed: &'a mut [T],
}

impl Lstm {
    fn tape<'a, T>(&self, tape: &'a mut [T], extent: Extent) -> Tape<'a, T> {
        let columns = self.units * extent.examples * extent.steps;
        let (gates, rest) = tape.split_at_mut(GATES * columns);
        let kept = if self.keeps_inputs() { GATES * columns } else { 0 };
        let (inputs, rest) = rest.split_at_mut(kept);
        let (squashed, cells) = rest.split_at_mut(columns);
        Tape { gates, inputs, cells, squashed }
    }

    /// The cells; `room` takes the peepholes, column by column.
    fn cell<'a, T: Precision>(
        &'a self,
        params: &Params<'_, T>,
        norm: Option<Norm<'a, T>>,
        room: &'a mut [T],
    ) -> Cell<'a, T> {
        if self.peepholes {
            mat_mut(room, self.units, 3).copy_from(&params.matrix(PEEPHOLE));
        }
        let mut columns = room.chunks_exact(self.units);
        let peepholes = || std::array::from_fn(|_| columns.next().unwrap_or_default());
        Cell {
            units: self.units,
            gate: self.gate_activation.kernels().at(),
            squash: self.activation.kernels().at(),
            peepholes: self.peepholes.then(peepholes),
            norm,
            needs_cell: self.activation.needs_input(),
        }
    }

    /// Where the gates' inputs are, if they are kept, of gates that are there.
    fn kept_at(&self, gates: Range<usize>) -> Range<usize> {
        if self.keeps_inputs() { gates } else { 0..0 }
    }
}

impl<T: Precision> LayerKernel<T> for Lstm {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (units, extent, outer) = (self.units, pass.pass.extent, pass.pass);
        let (size, Extent { examples, steps }) = (units * extent.examples, extent);
        let mut dropout = StateDropout::forward(&self.recurrent_dropout, units, &mut pass);
        let [mut of_inputs, mut of_state, mut of_cells] =
            self.normed().map(|place| Normed::forward(place, &mut pass));
        let tape = pass.take_tape(self.memory_of(extent).tape);
        let Tape { gates, inputs, cells, squashed } = self.tape(tape, extent);
        let peepholes = pass.take_scratch(self.peephole_len());
        let cell = self.cell(&pass.params, of_cells.norm(), peepholes);
        let room = pass.take_scratch(if self.layer_norm { GATES * size } else { 0 });
        let z = &mut SignalMut::new(gates, GATES * units);
        of_inputs.project(pass.params, pass.inputs[0], z);
        cells[..size].fill(T::ZERO);
        if let Some(carry) = &mut pass.carry {
            carry.outgoing.copy_from(&carry.incoming);
            let start = carry.incoming.rows_range(units..2 * units);
            mat_mut(&mut cells[..size], units, examples).copy_from(&start);
        }
        for t in 0..steps {
            let (past, now) = pass.output.data().split_at_mut(t * size);
            let h = &mut now[..size];
            let before = match (t, &pass.carry) {
                (0, carry) => carry.as_ref().map(|carry| carry.incoming.rows_range(0..units)),
                _ => Some(mat(&past[(t - 1) * size..], units, examples)),
            };
            if let Some(before) = before {
                let z = &mut gates[GATES * t * size..GATES * (t + 1) * size];
                let product = (pass.params.matrix(RECURRENT), dropout.see(t, before));
                of_state.add_product(pass.pass, product, (t * examples, z), room);
            }
            let (earlier, later) = cells.split_at_mut((t + 1) * size);
            let (here, wide) = (t * size..(t + 1) * size, GATES * t * size..GATES * (t + 1) * size);
            let [hats, inverse] = of_cells.columns(t * examples..(t + 1) * examples);
            let written = [
                &mut gates[wide.clone()],
                &mut inputs[self.kept_at(wide)],
                &mut later[..size],
                &mut squashed[here.clone()],
                &mut *h,
                hats,
                inverse,
            ];
            by_examples(
                (examples, units),
                written,
                [&earlier[here]],
                &|part, written, [earlier]| {
                    let [gates, inputs, cells, squashed, h, hats, inverse] = written;
                    for (k, n) in part.enumerate() {
                        let (own, c_before) = (column(k, units), &earlier[column(k, units)]);
                        if ended(outer, t, n) {
                            stay(&mut h[own.clone()], before, n);
                            cells[own].copy_from_slice(c_before);
                            continue;
                        }
                        cell.forward(cell::Forward {
                            gates: &mut gates[column(k, GATES * units)],
                            inputs: of_mut(inputs, k, GATES * units),
                            before: c_before,
                            cell: &mut cells[own.clone()],
                            squashed: &mut squashed[own.clone()],
                            h: &mut h[own],
                            hat: of_mut(hats, k, units),
                            inverse: of_mut(inverse, k, 1),
                        });
                    }
                },
            );
            if let Some(carry) = pass.carry.as_mut().filter(|carry| t + 1 == carry.after) {
                let c = &cells[(t + 1) * size..];
                let (h, c) = (mat(h, units, examples), mat(c, units, examples));
                carry.outgoing.rows_range_mut(0..units).copy_from(&h);
                carry.outgoing.rows_range_mut(units..2 * units).copy_from(&c);
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (units, extent, outer) = (self.units, pass.pass.extent, pass.pass);
        let (size, Extent { examples, steps }) = (units * extent.examples, extent);
        let mut dropout = StateDropout::backward(&self.recurrent_dropout, units, &mut pass);
        let [mut of_inputs, mut of_state, mut of_cells] =
            self.normed().map(|place| Normed::backward(place, &mut pass));
        let tape = pass.take_tape(self.memory_of(extent).tape);
        let Tape { gates, inputs, cells, squashed } = self.tape(tape, extent);
        let peepholes = pass.take_scratch(self.peephole_len());
        let cell = self.cell(&pass.params, of_cells.norm(), peepholes);
        let u = pass.params.matrix(RECURRENT);
        let (dh, dc) = (pass.take_scratch(size), pass.take_scratch(size));
        let room = pass.take_scratch(GATES * size);
        dh.fill(T::ZERO);
        dc.fill(T::ZERO);
        for t in (0..steps).rev() {
            let dy = &pass.upstream.data()[t * size..(t + 1) * size];
            note(pass.states.get_mut(t).map(|state| &mut state.later), &[dh, dc]);
            add_scaled(Write::Add, T::ONE, dy, dh);
            note(pass.states.get_mut(t).map(|state| &mut state.total), &[dh, dc]);
            let (here, wide) = (t * size..(t + 1) * size, GATES * t * size..GATES * (t + 1) * size);
            let Columns { hats, inverse, dgain, dshift } =
                of_cells.columns_back(t * examples..(t + 1) * examples);
            let written =
                [&mut gates[wide.clone()], &mut *dh, &mut *dc, &mut *room, hats, dgain, dshift];
            let read = [
                &inputs[self.kept_at(wide.clone())],
                &cells[here.clone()],
                &cells[here.start + size..here.end + size],
                &squashed[here],
                inverse,
            ];
            by_examples((examples, units), written, read, &|part, written, read| {
                let [gates, dh, dc, room, hats, dgain, dshift] = written;
                let [inputs, before, cells, squashed, inverse] = read;
                let dz = &mut room[..GATES * units];
                for (k, n) in part.enumerate() {
                    let own = column(k, units);
                    let gates = &mut gates[column(k, GATES * units)];
                    if ended(outer, t, n) {
                        gates.fill(T::ZERO); // h and c stayed: so do their gradients
                        continue;
                    }
                    cell.backward(cell::Backward {
                        gates: &*gates,
                        inputs: of(inputs, k, GATES * units),
                        before: &before[own.clone()],
                        cell: &cells[own.clone()],
                        squashed: &squashed[own.clone()],
                        dh: &mut dh[own.clone()],
                        dc: &mut dc[own.clone()],
                        dz: &mut *dz,
                        hat: of_mut(hats, k, units),
                        inverse: of(inverse, k, 1),
                        affine: [of_mut(dgain, k, units), of_mut(dshift, k, units)],
                    });
                    gates.copy_from_slice(dz);
                    dh[own].fill(T::ZERO);
                }
            });
            let dz = &gates[wide];
            of_state.differentiate(t * examples, dz);
            let product = mat(of_state.seen(t * examples, dz), GATES * units, examples);
            dropout.add_gradient(pass.pass, (u, product), dh);
        }
        let (carry, h) = (pass.carry, pass.output);
        let start = carry.as_ref().map(|carry| carry.rows_range(0..units));
        let signal = |data| Signal::new(data, GATES * units);
        of_inputs.differentiate(0, gates);
        let (dz, own) = (signal(&*gates), signal(of_state.seen(0, gates)));
        let both = [dz, signal(of_inputs.seen(0, gates))];
        gradients(&mut pass, both, |pass, write, du| {
            dropout.weight_gradient(pass, write, own.matrix(), (h, start), du);
        });
        if self.peepholes {
            peephole_gradient(&mut pass.grads, dz, (cells, size));
        }
        [of_inputs, of_state, of_cells].iter().for_each(|normed| normed.gradients(&mut pass.grads));
    }
}

/// ∂pᵢ = Σ ∂zᵢ ⊙ cₜ₋₁, ∂p_f = Σ ∂z_f ⊙ cₜ₋₁ and ∂pₒ = Σ ∂zₒ ⊙ cₜ over all columns, from the cells of which
/// the first `size` numbers are those before the first step.
fn peephole_gradient<T: Real>(
    grads: &mut Grads<'_, T>,
    dz: Signal<'_, T>,
    (cells, size): (&[T], usize),
) {
    let Some((write, mut dp)) = grads.matrix(PEEPHOLE) else { return };
    if write == Write::Overwrite {
        dp.fill(T::ZERO);
    }
    let units = dz.features() / GATES;
    for (n, dz) in dz.iter().enumerate() {
        let (before, now) = (&cells[n * units..], &cells[size + n * units..]);
        for (k, gate, c) in [(0, 0, before), (1, 1, before), (2, 3, now)] {
            let dz = &dz[gate * units..(gate + 1) * units];
            for (j, (&dz, &c)) in dz.iter().zip(&c[..units]).enumerate() {
                dp[(j, k)] = dz.mul_add(c, dp[(j, k)]);
            }
        }
    }
}

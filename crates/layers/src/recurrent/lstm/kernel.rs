//! The passes of `lstm` over a segment, step by step.

use super::super::state_dropout::StateDropout;
use super::super::{BIAS, RECURRENT, column, ended, gradients, stay};
use super::cell::{self, Cell};
use super::{GATES, Lstm};
use crate::linear;
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
    fn cell<'a, T: Precision>(&'a self, params: &Params<'_, T>, room: &'a mut [T]) -> Cell<'a, T> {
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
            needs_cell: self.activation.needs_input(),
        }
    }

    /// Where the gates of column n are, and their inputs, if they are kept.
    fn places(&self, n: usize) -> [Range<usize>; 2] {
        let gates = column(n, GATES * self.units);
        let inputs = if self.keeps_inputs() { gates.clone() } else { 0..0 };
        [gates, inputs]
    }
}

impl<T: Precision> LayerKernel<T> for Lstm {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (units, extent) = (self.units, pass.pass.extent);
        let (size, Extent { examples, steps }) = (units * extent.examples, extent);
        let mut dropout = StateDropout::forward(&self.recurrent_dropout, units, &mut pass);
        let tape = pass.take_tape(self.memory_of(extent).tape);
        let Tape { gates, inputs, cells, squashed } = self.tape(tape, extent);
        let peepholes = pass.take_scratch(self.peephole_len());
        let cell = self.cell(&pass.params, peepholes);
        let z = &mut SignalMut::new(gates, GATES * units);
        linear::project(pass.params, Some(BIAS), pass.inputs[0], z);
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
                let z = mat_mut(z, GATES * units, examples);
                let u = pass.params.matrix(RECURRENT);
                pass.pass.product(Write::Add, u, dropout.see(t, before), z);
            }
            for n in 0..examples {
                let (c, [own, kept]) = (t * examples + n, self.places(t * examples + n));
                let (earlier, later) = cells.split_at_mut((c + examples) * units);
                let (c_before, c_now) = (&earlier[column(c, units)], &mut later[..units]);
                let h = &mut h[column(n, units)];
                if ended(pass.pass, t, n) {
                    stay(h, before, n);
                    c_now.copy_from_slice(c_before);
                    continue;
                }
                cell.forward(cell::Forward {
                    gates: &mut gates[own],
                    inputs: &mut inputs[kept],
                    before: c_before,
                    cell: c_now,
                    squashed: &mut squashed[column(c, units)],
                    h,
                });
            }
            if let Some(carry) = pass.carry.as_mut().filter(|carry| t + 1 == carry.after) {
                let c = &cells[(t + 1) * size..];
                let (h, c) = (mat(h, units, examples), mat(c, units, examples));
                carry.outgoing.rows_range_mut(0..units).copy_from(&h);
                carry.outgoing.rows_range_mut(units..2 * units).copy_from(&c);
            }
        }
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (units, extent) = (self.units, pass.pass.extent);
        let (size, Extent { examples, steps }) = (units * extent.examples, extent);
        let mut dropout = StateDropout::backward(&self.recurrent_dropout, units, &mut pass);
        let tape = pass.take_tape(self.memory_of(extent).tape);
        let Tape { gates, inputs, cells, squashed } = self.tape(tape, extent);
        let peepholes = pass.take_scratch(self.peephole_len());
        let cell = self.cell(&pass.params, peepholes);
        let u = pass.params.matrix(RECURRENT);
        let (dh, dc) = (pass.take_scratch(size), pass.take_scratch(size));
        let dz = pass.take_scratch(GATES * units);
        dh.fill(T::ZERO);
        dc.fill(T::ZERO);
        for t in (0..steps).rev() {
            let dy = &pass.upstream.data()[t * size..(t + 1) * size];
            add_scaled(Write::Add, T::ONE, dy, dh);
            for n in 0..examples {
                let (c, [own, kept]) = (t * examples + n, self.places(t * examples + n));
                if ended(pass.pass, t, n) {
                    gates[own].fill(T::ZERO); // h and c stayed: so do their gradients
                    continue;
                }
                let dh = &mut dh[column(n, units)];
                cell.backward(cell::Backward {
                    gates: &gates[own.clone()],
                    inputs: &inputs[kept],
                    before: &cells[column(c, units)],
                    cell: &cells[column(c + examples, units)],
                    squashed: &squashed[column(c, units)],
                    dh,
                    dc: &mut dc[column(n, units)],
                    dz,
                });
                gates[own].copy_from_slice(dz);
                dh.fill(T::ZERO);
            }
            let dz = mat(&gates[GATES * t * size..], GATES * units, examples);
            dropout.add_gradient(pass.pass, (u, dz), dh);
        }
        let carry = pass.carry;
        let start = carry.as_ref().map(|carry| carry.rows_range(0..units));
        let (dz, h) = (Signal::new(gates, GATES * units), pass.output);
        gradients(&mut pass, dz, |pass, write, du| {
            dropout.weight_gradient(pass, write, dz.matrix(), (h, start), du);
        });
        if self.peepholes {
            peephole_gradient(&mut pass.grads, dz, (cells, size));
        }
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

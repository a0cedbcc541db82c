//! The passes of `causal-convolution`: for each Wⱼ, one product with the columns of the segment, moved by j·d
//! steps. A step is a block of columns, so that moving copies nothing.

use super::super::clear;
use super::CausalConvolution;
use crate::activated;
use std::ops::Range;
use tanren_plugin::{Backward, Carry, Forward, LayerKernel, Pass, Precision};
use tanren_tensor::{Extent, Real, Signal, Write, transposed};

/// Place of the bias among the blocks.
const BIAS: usize = 1;

/// What Wⱼ meets.
struct Tap {
    /// Its columns among those of the block.
    columns: Range<usize>,
    /// The first steps of the segment, which meet what was carried here.
    early: usize,
    /// The later steps meet those of the segment itself: the first of their columns, and how many there are.
    later: (usize, usize),
    /// The rows of the carry that the first step meets.
    rows: Range<usize>,
}

impl Tap {
    /// The rows of the carry that step `t` meets, one of the early ones.
    fn past(&self, t: usize) -> Range<usize> {
        let moved = t * self.columns.len();
        self.rows.start + moved..self.rows.end + moved
    }
}

impl CausalConvolution {
    /// W₀, which meets each step itself, then W₁, and so on.
    fn taps(&self, inputs: usize, extent: Extent) -> impl Iterator<Item = Tap> {
        let (size, dilation, Extent { examples, steps }) = (self.size, self.dilation, extent);
        (0..size).map(move |j| {
            let (end, early) = ((size - j) * inputs, steps.min(j * dilation));
            let oldest = (size - 1 - j) * dilation * inputs;
            Tap {
                columns: end - inputs..end,
                early,
                later: (early * examples, (steps - early) * examples),
                rows: oldest..oldest + inputs,
            }
        })
    }

    /// Leaves the last steps of each sequence, of those carried here and those read in the segment.
    fn leave<T: Real>(&self, pass: &Pass<'_, T>, x: Signal<'_, T>, carry: &mut Carry<'_, T>) {
        let (history, inputs, examples) = (self.history(), x.features(), pass.extent.examples);
        for n in 0..examples {
            let read = pass.length(n).min(carry.after);
            let kept = history.saturating_sub(read);
            let (before, mut left) = (carry.incoming.column(n), carry.outgoing.column_mut(n));
            let before = before.rows((history - kept) * inputs, kept * inputs);
            left.rows_mut(0, kept * inputs).copy_from(&before);
            for s in kept..history {
                let x = x.column((read + s - history) * examples + n);
                left.rows_mut(s * inputs, inputs).copy_from_slice(x);
            }
        }
    }
}

impl<T: Precision> LayerKernel<T> for CausalConvolution {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (x, w, outer) = (pass.inputs[0].dense(), pass.params.matrix(0), pass.pass);
        match self.bias {
            true => pass.params.repeat(BIAS, &mut pass.output),
            false => pass.output.data().fill(T::ZERO),
        }
        let (columns, mut z) = (x.matrix(), pass.output.matrix());
        for tap in self.taps(x.features(), outer.extent) {
            let w = w.columns_range(tap.columns.clone());
            let (first, count) = tap.later;
            outer.product(Write::Add, w, columns.columns(0, count), z.columns_mut(first, count));
            let Some(carry) = &pass.carry else { continue };
            for t in 0..tap.early {
                let (past, examples) =
                    (carry.incoming.rows_range(tap.past(t)), outer.extent.examples);
                outer.product(Write::Add, w, past, z.columns_mut(t * examples, examples));
            }
        }
        if let Some(carry) = &mut pass.carry {
            self.leave(outer, x, carry);
        }
        clear(outer, &mut pass.output);
        activated::forward(&self.activation, self.own(), pass);
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        clear(pass.pass, &mut pass.upstream);
        activated::backward(&self.activation, self.own(), &mut pass);
        let (x, w, outer) = (pass.inputs[0].dense(), pass.params.matrix(0), pass.pass);
        let (signal, examples, inputs) =
            (pass.upstream.read(), outer.extent.examples, x.features());
        let (x, dz) = (x.matrix(), signal.matrix());
        if let Some((write, mut dw)) = pass.grads.matrix(0) {
            for tap in self.taps(inputs, outer.extent) {
                let mut dw = dw.columns_range_mut(tap.columns.clone());
                let (first, count) = tap.later;
                outer.outer(write, dz.columns(first, count), x.columns(0, count), dw.as_view_mut());
                let Some(carry) = pass.carry else { continue };
                for t in 0..tap.early {
                    let (now, past) = (dz.columns(t * examples, examples), tap.past(t));
                    outer.outer(Write::Add, now, carry.rows_range(past), dw.as_view_mut());
                }
            }
        }
        if self.bias {
            pass.grads.add_columns(BIAS, signal);
        }
        if let Some((mut write, mut dx)) = pass.downstream.get(0) {
            let mut dx = dx.matrix();
            for tap in self.taps(inputs, outer.extent) {
                let (w, (first, count)) = (w.columns_range(tap.columns), tap.later);
                let later = dz.columns(first, count);
                outer.product(write, transposed(w), later, dx.columns_mut(0, count));
                write = Write::Add; // W₀ has reached every column
            }
        }
    }
}

//! `LossTerms`: a loss that is the sum or the mean of one term per number.

use crate::{LossGradient, LossKernel, Reduction};
use tanren_tensor::{Input, Real, Signal, SignalMut, map, vectorized};

/// Numbers that are computed together: they fit in the first cache, whatever a column's length.
const BLOCK: usize = 256;

/// What a separable [`Loss`](crate::Loss) computes: a function of each output z and its target t.
///
/// Mark the functions `#[inline(always)]`, and keep branches and calls that are not inlined out of
/// them: they run over whole registers, as [`vectorized`] says. Targets that are NaN have no term;
/// that is seen to here.
pub trait LossTerms: Send + Sync {
    /// How the terms make the value of a column. What [`Loss::separable`](crate::Loss::separable) says.
    fn reduction(&self) -> Reduction;

    /// The number that a class index stands for.
    fn target(&self, index: u32) -> f64 {
        f64::from(index)
    }

    /// The term of one output.
    fn value(&self, z: f64, t: f64) -> f64;

    /// ∂ term / ∂z.
    fn slope<T: Real>(&self, z: T, t: T) -> T;

    /// The prediction of one output. The output itself unless said.
    #[inline(always)]
    fn prediction<T: Real>(&self, z: T) -> T {
        z
    }

    /// All predictions: [`prediction`](Self::prediction) of each output, unless their number differs.
    fn link<T: Real>(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(outputs.data());
        map(
            predictions.data(),
            #[inline(always)]
            |z| self.prediction(z),
        );
    }
}

impl<T: Real, L: LossTerms> LossKernel<T> for L {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    ) {
        let divisor = self.reduction().divisor(outputs.features());
        let (mut t, mut terms) = ([T::ZERO; BLOCK], [0.0; BLOCK]);
        let mut sums = Sums { k: outputs.features(), row: 0, column: 0 };
        values.fill(0.0);
        for (z, start) in outputs.data().chunks(BLOCK).zip((0..).step_by(BLOCK)) {
            let (t, terms) = (&mut t[..z.len()], &mut terms[..z.len()]);
            read(targets, start, t, |index| self.target(index));
            vectorized(
                #[inline(always)]
                || {
                    for ((term, z), t) in terms.iter_mut().zip(z).zip(&*t) {
                        let value = self.value(z.f64(), t.f64());
                        *term = if missing(*t) { 0.0 } else { value };
                    }
                },
            );
            sums.add(terms, values);
        }
        values.iter_mut().for_each(|value| *value /= divisor);
        let Some(LossGradient { weights, mut out }) = gradient else { return };
        for ((g, z), start) in
            out.data().chunks_mut(BLOCK).zip(outputs.data().chunks(BLOCK)).zip((0..).step_by(BLOCK))
        {
            let t = &mut t[..z.len()];
            read(targets, start, t, |index| self.target(index));
            vectorized(
                #[inline(always)]
                || {
                    for ((g, &z), &t) in g.iter_mut().zip(z).zip(&*t) {
                        let slope = self.slope(z, t);
                        *g = if missing(t) { T::ZERO } else { slope };
                    }
                },
            );
        }
        let share = T::of(1.0 / divisor);
        for (g, &w) in out.iter_mut().zip(weights) {
            let scale = w * share;
            g.iter_mut().for_each(|g| *g *= scale);
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>) {
        self.link(outputs, predictions);
    }
}

/// Whether a target is NaN.
#[inline(always)]
#[allow(clippy::eq_op)] // only NaN is unlike itself
fn missing<T: Real>(t: T) -> bool {
    t != t
}

/// The targets from number `start` on, as numbers.
fn read<T: Real>(targets: Input<'_, T>, start: usize, t: &mut [T], number: impl Fn(u32) -> f64) {
    match targets {
        Input::Dense(dense) => t.copy_from_slice(&dense.data()[start..start + t.len()]),
        Input::Indices(indices) => {
            // A loss with one term per number accepts indices only where a column has one number.
            for (t, &index) in t.iter_mut().zip(&indices.data[start..]) {
                *t = T::of(number(index));
            }
        }
    }
}

/// Where the next term belongs.
struct Sums {
    k: usize,
    row: usize,
    column: usize,
}

impl Sums {
    /// Adds terms, in their order, to the values of their columns.
    fn add(&mut self, mut terms: &[f64], values: &mut [f64]) {
        while !terms.is_empty() {
            let (now, later) = terms.split_at((self.k - self.row).min(terms.len()));
            values[self.column] = now.iter().fold(values[self.column], |sum, term| sum + term);
            self.row += now.len();
            if self.row == self.k {
                (self.row, self.column) = (0, self.column + 1);
            }
            terms = later;
        }
    }
}

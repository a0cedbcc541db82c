//! Sums over the columns of a signal, row by row, as batch norm needs them.

use crate::halves::halves;
use tanren_tensor::{Real, Signal, share, vectorized};

/// Rows that are summed at once.
const LANES: usize = 32;

/// Numbers that take as long to move as one takes to be summed in double precision.
const COST: usize = 2;

/// What each column counts. In an image a column here is one of its pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counts<'a, T> {
    /// The weights of the columns of the batch; `None` where each counts 1.
    pub(super) weights: Option<&'a [T]>,
    /// Pixels of each of these.
    pub(super) pixels: usize,
}

impl<T: Real> Counts<'_, T> {
    /// What column `n` counts.
    pub(super) fn of(&self, n: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[n / self.pixels].f64())
    }

    /// Σ w and Σ w² over so many columns; `None` where fewer than two of them count.
    pub(super) fn total(&self, columns: usize) -> Option<(f64, f64)> {
        let (mut counted, mut sum, mut squares) = (0, 0.0, 0.0);
        for w in (0..columns).map(|n| self.of(n)).filter(|&w| w > 0.0) {
            counted += 1;
            sum += w;
            squares += w * w;
        }
        (counted > 1).then_some((sum, squares))
    }
}

/// What is summed, row by row.
#[derive(Clone, Copy)]
pub(super) struct Rows<'a, T, W> {
    pub(super) x: Signal<'a, T>,
    /// A second signal of the same size.
    pub(super) z: Signal<'a, T>,
    /// A number for each row.
    pub(super) centres: &'a [T],
    /// What column n counts. What counts 0 is not looked at.
    pub(super) weight: W,
}

impl<T: Real, W: Fn(usize) -> f64 + Sync> Rows<'_, T, W> {
    /// `out[i] ← Σₙ wₙ f(xᵢₙ, zᵢₙ, cᵢ) / divisor`, in double precision. Several threads may share the
    /// rows.
    pub(super) fn sum(
        &self,
        divisor: f64,
        out: &mut [T],
        f: impl Fn(f64, f64, f64) -> f64 + Copy + Sync,
    ) {
        let cost = COST * self.x.columns();
        let cut = |part| halves(part, LANES, cost);
        share((0, out), &cut, &|(first, out): (usize, &mut [T])| {
            for (part, out) in (first..).zip(out.chunks_mut(LANES)) {
                let sums = self.part(part * LANES, out.len(), f);
                out.iter_mut().zip(sums).for_each(|(out, sum)| *out = T::of(sum / divisor));
            }
        });
    }

    /// The sums of at most [`LANES`] rows from `first` on.
    fn part(&self, first: usize, rows: usize, f: impl Fn(f64, f64, f64) -> f64) -> [f64; LANES] {
        let mut centres = [0.0; LANES];
        let own = &self.centres[first..][..rows];
        centres.iter_mut().zip(own).for_each(|(centre, c)| *centre = c.f64());
        let mut sums = [0.0; LANES];
        vectorized(
            #[inline(always)]
            || {
                for (n, (x, z)) in self.x.iter().zip(self.z.iter()).enumerate() {
                    let w = (self.weight)(n);
                    if w == 0.0 {
                        continue;
                    }
                    let (x, z) = (&x[first..][..rows], &z[first..][..rows]);
                    for (((sum, &c), x), z) in sums.iter_mut().zip(&centres).zip(x).zip(z) {
                        *sum += w * f(x.f64(), z.f64(), c);
                    }
                }
            },
        );
        sums
    }
}

//! `Pairs`: what L-BFGS remembers, laid out in a `DirectionMemory`.
//!
//! A pair is s = θ − θ₋ and y = g − g₋, θ point and g gradient. The oldest of m pairs makes room for the
//! newest.

use tanren_plugin::{DirectionMemory, MemorySpec};
use tanren_tensor::{Real, combine, dot};

/// Vectors beside the pairs: θ₋ and g₋.
const POINT: usize = 2;
/// Numbers beside those of the pairs.
const COUNTS: usize = 4;

/// A view of a memory: θ₋, g₋ and up to m pairs.
pub(super) struct Pairs<'a, T> {
    point: &'a mut [T],
    gradient: &'a mut [T],
    /// s and y of each place, in turn.
    vectors: &'a mut [Vec<T>],
    counts: &'a mut [f64; COUNTS],
    /// 1 / sᵀy of each place.
    rho: &'a mut [f64],
    /// Room for the first loop's coefficients.
    alpha: &'a mut [f64],
}

/// Inner products of a pair.
#[derive(Clone, Copy)]
pub(super) struct Curvature {
    /// sᵀs
    pub(super) ss: f64,
    /// sᵀy
    pub(super) sy: f64,
    /// yᵀy
    pub(super) yy: f64,
}

impl<'a, T: Real> Pairs<'a, T> {
    /// The memory of `m` pairs.
    pub(super) const fn spec(m: usize) -> MemorySpec {
        MemorySpec { vectors: POINT + 2 * m, scalars: COUNTS + 2 * m }
    }

    /// The pairs in a memory; `None` where it was made for something else.
    pub(super) fn of(memory: &'a mut DirectionMemory<T>) -> Option<Self> {
        let ([point, gradient], vectors) = memory.vectors.split_first_chunk_mut::<POINT>()?;
        let (counts, numbers) = memory.scalars.split_first_chunk_mut::<COUNTS>()?;
        let (rho, alpha) = numbers.split_at_mut_checked(vectors.len() / 2)?;
        // A file may say anything of how many pairs there are, and where the next one goes.
        let (m, [_, count, next, _]) = (rho.len() as f64, *counts);
        (m > 0.0 && count <= m && next < m).then_some(())?;
        Some(Self { point, gradient, vectors, counts, rho, alpha })
    }

    /// Whether there was a call before this one.
    pub(super) fn begun(&self) -> bool {
        self.counts[0] > 0.0
    }

    /// How many pairs there are.
    pub(super) fn len(&self) -> usize {
        self.counts[1] as usize
    }

    /// The place of the pair that is `back` pairs older than the newest.
    fn place(&self, back: usize) -> usize {
        let (next, m) = (self.counts[2] as usize, self.rho.len());
        (next + m - 1 - back) % m
    }

    /// γ = sᵀy / yᵀy of the newest pair that was taken in: the size of the inverse curvature. 0 before the
    /// first.
    pub(super) fn gamma(&self) -> f64 {
        self.counts[3]
    }

    /// Forgets all pairs.
    pub(super) fn forget(&mut self) {
        (self.counts[1], self.counts[2], self.counts[3]) = (0.0, 0.0, 0.0);
    }

    /// Keeps the point of this call for the next one.
    pub(super) fn keep(&mut self, point: &[T], gradient: &[T]) {
        self.point.copy_from_slice(point);
        self.gradient.copy_from_slice(gradient);
        self.counts[0] = 1.0;
    }

    /// Writes the step since the last call and the change of the gradient where the next pair will be,
    /// in place of the oldest when all places are taken.
    pub(super) fn measure(&mut self, point: &[T], gradient: &[T]) -> Curvature {
        let (s, y) = pair(self.vectors, self.counts[2] as usize);
        s.copy_from_slice(point);
        combine(s, self.point, |x, last| x - last);
        y.copy_from_slice(gradient);
        combine(y, self.gradient, |g, last| g - last);
        Curvature { ss: dot(s, s), sy: dot(s, y), yy: dot(y, y) }
    }

    /// y ← θ y + (1 − θ) b s, of the pair that was measured.
    pub(super) fn bend(&mut self, theta: f64, b: f64) -> Curvature {
        let (s, y) = pair(self.vectors, self.counts[2] as usize);
        let (own, other) = (T::of(theta), T::of((1.0 - theta) * b));
        combine(y, s, |y, s| own.mul_add(y, other * s));
        Curvature { ss: dot(s, s), sy: dot(s, y), yy: dot(y, y) }
    }

    /// Takes in the pair that was measured.
    pub(super) fn accept(&mut self, Curvature { sy, yy, .. }: Curvature) {
        let (place, m) = (self.counts[2] as usize, self.rho.len());
        self.rho[place] = 1.0 / sy;
        self.counts[1] = (self.counts[1] + 1.0).min(m as f64);
        self.counts[2] = ((place + 1) % m) as f64;
        self.counts[3] = sy / yy;
    }

    /// Refuses the pair that was measured. Where it took the place of the oldest, that one is gone.
    pub(super) fn refuse(&mut self) {
        self.counts[1] = self.counts[1].min(self.rho.len() as f64 - 1.0);
    }

    /// d ← −H g by the two loops; d holds g at the call.
    pub(super) fn two_loops(&mut self, d: &mut [T]) {
        let count = self.len();
        for back in 0..count {
            let place = self.place(back);
            let (s, y) = pair(self.vectors, place);
            let alpha = self.rho[place] * dot(s, d);
            self.alpha[place] = alpha;
            add(-alpha, y, d);
        }
        let gamma = T::of(-self.gamma());
        tanren_tensor::map(d, |d| gamma * d);
        for back in (0..count).rev() {
            let place = self.place(back);
            let (s, y) = pair(self.vectors, place);
            // d is −r of the source: its signs are turned.
            let beta = -self.rho[place] * dot(y, d);
            add(beta - self.alpha[place], s, d);
        }
    }
}

/// s and y of a place.
fn pair<T>(vectors: &mut [Vec<T>], place: usize) -> (&mut [T], &mut [T]) {
    match &mut vectors[2 * place..2 * place + 2] {
        [s, y] => (s, y),
        _ => (&mut [], &mut []), // two vectors were asked for
    }
}

/// y ← y + a x.
fn add<T: Real>(a: f64, x: &[T], y: &mut [T]) {
    tanren_tensor::add_scaled(tanren_tensor::Write::Add, T::of(a), x, y);
}

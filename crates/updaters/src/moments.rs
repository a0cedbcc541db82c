//! Moving averages of steps and of their squares: the kernel that Adam and its relatives share.

use tanren_tensor::{Real, combine, vectorized};

/// x̄ ← βx̄ + (1 − β)x.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Average<T> {
    keep: T,
    take: T,
}

impl<T: Real> Average<T> {
    pub(crate) fn new(beta: f64) -> Self {
        // Subtracted in double: of single precision numbers, 1 − 0.999 is wrong by 5e-5 of itself.
        Self { keep: T::of(beta), take: T::of(1.0 - beta) }
    }

    /// The average with one number more. Without `or_zero` it never ends decaying.
    #[inline(always)]
    pub(crate) fn with(self, average: T, x: T) -> T {
        self.keep.mul_add(average, self.take * x).or_zero(T::TINY)
    }
}

/// x̄ ← x̄ + share · (x − x̄).
pub(crate) fn approach<T: Real>(average: &mut [T], share: f64, x: &[T]) {
    let share = T::of(share);
    combine(average, x, |average, x| share.mul_add(x - average, average));
}

/// 1 / (1 − βᵗ): what corrects the bias of an average that started at 0, after t numbers.
pub(crate) fn correction(beta: f64, t: f64) -> f64 {
    1.0 / (1.0 - beta.powf(t))
}

/// ε, in single precision, too, a number above 0.
pub(crate) fn positive<T: Real>(epsilon: f64) -> T {
    T::of(epsilon).max(T::TINY)
}

/// p, brought within ±1/√TINY, so that its square is finite: an average that has once been infinite
/// stays so, and no step would ever move that parameter again.
#[inline(always)]
pub(crate) fn bounded<T: Real>(p: T) -> T {
    let most = T::ONE / T::TINY.sqrt();
    p.clamp(-most, most)
}

/// 1, −1, or what 0 and NaN are.
#[inline(always)]
pub(crate) fn sign<T: Real>(x: T) -> T {
    let positive = if x > T::ZERO { T::ONE } else { x };
    if x < T::ZERO { -T::ONE } else { positive }
}

/// p², or 0 where that is below TINY. Such a square changes no sum with an ε worth its name, only
/// the time it takes.
#[inline(always)]
pub(crate) fn square<T: Real>(p: T) -> T {
    p.or_zero(T::TINY.sqrt()) * p
}

/// m ← β₁m + (1 − β₁)p;  v ← β₂v + (1 − β₂)p².
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments<T> {
    first: Average<T>,
    second: Average<T>,
}

impl<T: Real> Moments<T> {
    pub(crate) fn new(beta1: f64, beta2: f64) -> Self {
        Self { first: Average::new(beta1), second: Average::new(beta2) }
    }

    /// Both averages with one step more.
    #[inline(always)]
    pub(crate) fn with(self, (m, v): (T, T), p: T) -> (T, T) {
        (self.first.with(m, p), self.second.with(v, square(p)))
    }

    /// Brings m and v up to date, and makes each step f(p, m, v). For the loop to be vectorized, f has to
    /// own its numbers (`move`): behind references, they might change with every step.
    #[inline(always)]
    pub(crate) fn sweep(self, step: &mut [T], [m, v]: [&mut [T]; 2], f: impl Fn(T, T, T) -> T) {
        vectorized(
            #[inline(always)]
            move || {
                for ((p, m), v) in step.iter_mut().zip(m).zip(v) {
                    let bounded = bounded(*p);
                    (*m, *v) = self.with((*m, *v), bounded);
                    *p = f(bounded, *m, *v);
                }
            },
        );
    }
}

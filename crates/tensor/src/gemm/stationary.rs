//! The product with an operand that stays from step to step, such as the weights of a layer.
//!
//! A thread that always reads and writes the same half of it finds that half in its own cache; for
//! the other half it would have to wait for the other thread's. So the product is cut where the
//! operand has a contiguous half to give, along the inner dimension: Y = A₁ X₁ + A₂ X₂.

use super::blocks::LINKS;
use super::tile::Start;
use super::{PIECE, Shared, Write, orient, pack, product};
use crate::scratch::{Lease, Use};
use crate::share::{is_alone, join};
use crate::vectorized::Registers;
use crate::{Mat, Real, Signal, SignalMut, add_scaled, mat_mut, profile, repeat_column};

/// Numbers of A from which on it is cut: fewer are in every cache soon.
const LARGE: usize = 1 << 15;
/// Columns of A in a half are a multiple of this: so are the rows of most products with Aᵀ, and the
/// columns of a gradient, where they are cut.
const COLUMNS: usize = 16;

/// `Y = A X` or `Y += A X`, for an A of which each of two threads keeps a half.
///
/// Where A lies column by column and is large, each element is the sum of two chains, over the first
/// and the second half of the inner dimension; otherwise it is that of [`gemm`](super::gemm). A alone
/// decides: a column of Y has the same bits beside any other columns, and for every number of threads.
///
/// # Panics
/// When the shapes of `A` (m × k), `X` (k × n) and `Y` (m × n) do not agree.
pub fn gemm_stationary<T: Real>(
    write: Write,
    a: Mat<'_, T>,
    x: Signal<'_, T>,
    y: &mut SignalMut<'_, T>,
) {
    let _span = profile::product(a.nrows(), x.columns(), a.ncols());
    stationary(Registers::widest(), write, a, x, y);
}

/// The column at which `a` is cut in two, if it is: only where both halves have columns.
pub(super) fn cut<T: Real>(a: Mat<'_, T>) -> Option<usize> {
    let half = pack::middle(a.ncols(), COLUMNS);
    (a.strides().0 == 1 && a.len() >= LARGE && half < a.ncols()).then_some(half)
}

/// `Y = b 1ᵀ + A X`: the same bits as the column `b` in all columns of Y, and then
/// [`gemm_stationary`] added to it.
///
/// # Panics
/// When the shapes of `A` (m × k), `X` (k × n) and `Y` (m × n) do not agree, or `b` has not m numbers.
pub fn gemm_affine<T: Real>(b: &[T], a: Mat<'_, T>, x: Signal<'_, T>, y: &mut SignalMut<'_, T>) {
    let _span = profile::product(a.nrows(), x.columns(), a.ncols());
    affine(Registers::widest(), b, a, x, y);
}

/// The same with these registers.
pub(super) fn affine<T: Real>(
    registers: Registers,
    b: &[T],
    a: Mat<'_, T>,
    x: Signal<'_, T>,
    y: &mut SignalMut<'_, T>,
) {
    assert!(b.len() == a.nrows(), "a column of {} for {} rows", b.len(), a.nrows());
    if a.strides().0 == 1 && !a.is_empty() {
        return halves(registers, Start::Column(b.as_ptr()), a, x, y);
    }
    repeat_column(b, y);
    stationary(registers, Write::Add, a, x, y);
}

/// [`gemm_stationary`] with these registers.
pub(super) fn stationary<T: Real>(
    registers: Registers,
    write: Write,
    a: Mat<'_, T>,
    x: Signal<'_, T>,
    y: &mut SignalMut<'_, T>,
) {
    if cut(a).is_none() {
        super::shapes(a, x.matrix(), &y.matrix());
        return orient(registers, PIECE, write, a, x.matrix(), y.matrix());
    }
    halves(registers, write.into(), a, x, y);
}

/// The product with an A that lies column by column, in two halves if it is cut. A column that it starts
/// with must be as long as Y has rows.
fn halves<T: Real>(
    registers: Registers,
    start: Start<T>,
    a: Mat<'_, T>,
    x: Signal<'_, T>,
    y: &mut SignalMut<'_, T>,
) {
    let x = x.matrix();
    super::shapes(a, x, &y.matrix());
    let how = (T::kernel(registers), PIECE);
    let Some(half) = cut(a) else { return product(how, start, a, x, y.matrix()) };
    let (rows, columns) = y.matrix().shape();
    let (a1, a2) = (a.columns_range(..half), a.columns_range(half..));
    let (x1, x2) = (x.rows_range(..half), x.rows_range(half..));
    // Little work is not worth waking a thread for.
    let one = is_alone() || a.len().saturating_mul(columns) < PIECE;
    if one && a2.ncols() <= LINKS {
        product(how, start, a1, x1, y.matrix());
        return product(how, Start::Apart, a2, x2, y.matrix());
    }
    let mut room = Lease::new(Use::Partial, rows * columns);
    let second = room.numbers_mut();
    let from = Shared(start);
    let mut first = || product(how, from.get(), a1, x1, y.matrix());
    let mut other = || product(how, Start::Zero, a2, x2, mat_mut(second, rows, columns));
    if one {
        first();
        other();
    } else {
        join(first, other);
    }
    add_scaled(Write::Add, T::ONE, second, y.data());
}

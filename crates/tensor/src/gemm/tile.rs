//! The innermost loops: a tile of the product held in registers.
//!
//! C[i, j] is one chain of `a · b + c`, each rounded once, over p = 0, 1, … k − 1 in this order:
//! whatever tile it falls into, on whatever thread and processor, its bits are the same.

use super::lanes::Lanes;
use crate::Real;

/// Registers of rows in a tile.
pub(super) const ROWS: usize = 3;

/// What the chains of C begin with, and what becomes of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start<T> {
    /// 0.
    Zero,
    /// What C holds.
    Held,
    /// For row i, number i from here on: a column that is added to all columns.
    Column(*const T),
    /// 0; and what C holds is added to the whole chain, which must be made at once.
    Apart,
}

impl<T> Start<T> {
    /// The same for the rows from `i` on.
    ///
    /// # Safety
    /// There must be so many rows.
    #[inline(always)]
    pub(super) unsafe fn row(self, i: usize) -> Self {
        match self {
            // SAFETY: the column is as long as there are rows.
            Self::Column(at) => Self::Column(unsafe { at.add(i) }),
            start => start,
        }
    }

    /// Whether what C holds is read.
    pub(super) const fn reads(self) -> bool {
        matches!(self, Self::Held | Self::Apart)
    }
}

/// Some links of the chains of a panel of C: at most `ROWS` registers of rows, and any columns.
#[derive(Clone, Copy)]
pub(super) struct Panel<T> {
    pub(super) start: Start<T>,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) depth: usize,
    pub(super) a: Rows<T>,
    pub(super) b: Columns<T>,
    /// C: element (i, j) is at `c + i + j · c_step`.
    pub(super) c: *mut T,
    pub(super) c_step: usize,
}

/// A: element (i, p) is at `at + i + p · step`.
#[derive(Clone, Copy)]
pub(super) struct Rows<T> {
    pub(super) at: *const T,
    pub(super) step: usize,
    /// Whether all rows of the last register may be read.
    pub(super) whole: bool,
}

/// B: element (p, j + k) is at `at + p · step.0 + j · next + k · step.1`, where a tile begins with
/// column j and has more than k columns.
#[derive(Clone, Copy)]
pub(super) struct Columns<T> {
    pub(super) at: *const T,
    pub(super) step: (usize, usize),
    pub(super) next: usize,
}

impl<T> Panel<T> {
    /// The tile of so many columns from this one on.
    ///
    /// # Safety
    /// The tile must lie within the panel.
    #[inline(always)]
    unsafe fn tile(self, j: usize, columns: usize) -> Self {
        // SAFETY: the elements pointed at are in the tile.
        unsafe {
            let b = Columns { at: self.b.at.add(j * self.b.next), ..self.b };
            Self { columns, b, c: self.c.add(j * self.c_step), ..self }
        }
    }
}

/// Computes a panel of `M` registers of rows, tile by tile.
///
/// # Safety
/// All elements of A and B must be readable, those of C be readable and writable and no others',
/// and the processor must have the registers `V`.
#[inline(always)]
pub(super) unsafe fn panel<T: Real, V: Lanes<T>, const M: usize>(panel: &Panel<T>) {
    let mut j = 0;
    while j < panel.columns {
        let left = panel.columns - j;
        // SAFETY: as many columns as are left, at most.
        unsafe {
            let at = |columns: usize| panel.tile(j, columns.min(left));
            j += match left {
                1 => tile::<T, V, M, 1>(at(1)),
                2..=4 => tile::<T, V, M, 4>(at(4)),
                _ if V::COLUMNS == 4 => tile::<T, V, M, 4>(at(4)),
                _ => tile::<T, V, M, 8>(at(8)),
            };
        }
    }
}

/// A tile of `M` registers by up to `N` columns; returns N.
///
/// # Safety
/// As [`panel`]; the tile has at least one column and at most N, and between (M − 1) · WIDTH + 1
/// and M · WIDTH rows.
#[inline(always)]
unsafe fn tile<T: Real, V: Lanes<T>, const M: usize, const N: usize>(tile: Panel<T>) -> usize {
    let last = tile.rows - (M - 1) * V::WIDTH;
    // SAFETY: rows and columns are those of the tile, by the caller's promise; the last register
    // of each column is read and written only as far as there are rows.
    unsafe {
        let mut sums = [[V::splat(T::ZERO); M]; N];
        let rows = |i: usize| if i + 1 == M { last } else { V::WIDTH };
        match tile.start {
            Start::Zero | Start::Apart => {}
            Start::Held => {
                for (j, sums) in sums.iter_mut().enumerate().take(tile.columns) {
                    for (i, sum) in sums.iter_mut().enumerate() {
                        *sum = V::load_first(tile.c.add(i * V::WIDTH + j * tile.c_step), rows(i));
                    }
                }
            }
            Start::Column(at) => {
                let mut column = [V::splat(T::ZERO); M];
                for (i, lanes) in column.iter_mut().enumerate() {
                    *lanes = V::load_first(at.add(i * V::WIDTH), rows(i));
                }
                sums = [column; N];
            }
        }
        if tile.a.whole || last == V::WIDTH {
            chain::<T, V, M, N>(&tile, &mut sums, |from| V::load(from));
        } else {
            chain::<T, V, M, N>(&tile, &mut sums, |from| V::load_first(from, last));
        }
        for (j, sums) in sums.iter().enumerate() {
            if N > 1 && j >= tile.columns {
                break;
            }
            for (i, &sum) in sums.iter().enumerate() {
                let to = tile.c.add(i * V::WIDTH + j * tile.c_step);
                let sum = match tile.start {
                    Start::Apart => sum.mul_add(V::splat(T::ONE), V::load_first(to, rows(i))),
                    _ => sum,
                };
                if i + 1 == M && last < V::WIDTH {
                    sum.store_first(to, last);
                } else {
                    sum.store(to);
                }
            }
        }
    }
    N
}

/// Adds A B to the sums.
///
/// # Safety
/// As [`tile`]; `load_last` reads the last register of a column of A.
#[inline(always)]
unsafe fn chain<T: Real, V: Lanes<T>, const M: usize, const N: usize>(
    tile: &Panel<T>,
    sums: &mut [[V; M]; N],
    load_last: impl Fn(*const T) -> V,
) {
    // Columns that are not there repeat the last one: their sums are thrown away.
    let column = |j: usize| j.min(tile.columns - 1) * tile.b.step.1;
    // SAFETY: every column begins within B.
    let b: [*const T; N] = std::array::from_fn(|j| unsafe { tile.b.at.add(column(j)) });
    let (mut a, mut at) = (tile.a.at, 0);
    for _ in 0..tile.depth {
        // SAFETY: row p of B and column p of A, p < depth; see above.
        unsafe {
            let mut column = [V::splat(T::ZERO); M];
            for (i, lanes) in column.iter_mut().enumerate() {
                let from = a.add(i * V::WIDTH);
                *lanes = if i + 1 == M { load_last(from) } else { V::load(from) };
            }
            for (sums, b) in sums.iter_mut().zip(b) {
                let b = V::splat(*b.add(at));
                for (sum, a) in sums.iter_mut().zip(column) {
                    *sum = a.mul_add(b, *sum);
                }
            }
        }
        // The pointer of the last round may lie outside and is not read.
        a = a.wrapping_add(tile.a.step);
        at += tile.b.step.0;
    }
}

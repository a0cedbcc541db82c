//! The innermost loops: a tile of the product held in registers.
//!
//! C[i, j] is one chain of `a · b + c`, each rounded once, over p = 0, 1, … k − 1 in this order:
//! whatever tile it falls into, on whatever thread and processor, its bits are the same.

use super::lanes::Lanes;
use super::pack;
use crate::Real;
use std::mem::MaybeUninit;

/// Registers of rows in a tile.
pub(super) const ROWS: usize = 3;
/// The most numbers in a register.
pub(super) const MOST: usize = 16;

/// A product C = A B or C = C + A B, where the rows of A are contiguous.
#[derive(Clone, Copy)]
pub(crate) struct Job<T> {
    /// Whether the chains begin with what C holds, otherwise with 0.
    pub(super) add: bool,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) depth: usize,
    /// A: element (i, p) is at `a + i + p · a_step`.
    pub(super) a: *const T,
    pub(super) a_step: usize,
    /// B: element (p, j) is at `b + p · b_step.0 + j · b_step.1`.
    pub(super) b: *const T,
    pub(super) b_step: (usize, usize),
    /// C: element (i, j) is at `c + i · c_step.0 + j · c_step.1`.
    pub(super) c: *mut T,
    pub(super) c_step: (usize, usize),
}

impl<T> Job<T> {
    /// The part of the product from this row and column on, of this size.
    ///
    /// # Safety
    /// The part must lie within the whole.
    #[inline(always)]
    pub(super) unsafe fn part(self, at: (usize, usize), size: (usize, usize)) -> Self {
        // SAFETY: the elements pointed at are in the part, which is in the whole.
        unsafe {
            Self {
                rows: size.0,
                columns: size.1,
                a: self.a.add(at.0),
                b: self.b.add(at.1 * self.b_step.1),
                c: self.c.add(at.0 * self.c_step.0 + at.1 * self.c_step.1),
                ..self
            }
        }
    }

    /// The part of all chains that begins at `p` and has `depth` links.
    ///
    /// # Safety
    /// The part must lie within the whole.
    #[inline(always)]
    pub(super) unsafe fn links(self, p: usize, depth: usize) -> Self {
        // SAFETY: as above.
        unsafe {
            Self {
                add: self.add || p > 0,
                depth,
                a: self.a.add(p * self.a_step),
                b: self.b.add(p * self.b_step.0),
                ..self
            }
        }
    }
}

/// One panel, of at most `ROWS` registers of rows, and all columns, tile by tile. `whole` says
/// that all rows of the last register may be read in A.
///
/// # Safety
/// All elements of A and B must be readable, those of C be readable and writable and no others',
/// and the processor must have the registers `V`.
#[inline(always)]
pub(super) unsafe fn panel<T: Real, V: Lanes<T>>(job: Job<T>, whole: bool) {
    // SAFETY: by the caller's promise.
    unsafe {
        match job.rows.div_ceil(V::WIDTH) {
            1 => columns::<T, V, 1>(job, whole),
            2 => columns::<T, V, 2>(job, whole),
            _ => columns::<T, V, ROWS>(job, whole),
        }
    }
}

/// A panel of `M` registers of rows.
///
/// # Safety
/// As [`panel`].
#[inline(always)]
unsafe fn columns<T: Real, V: Lanes<T>, const M: usize>(job: Job<T>, whole: bool) {
    let mut j = 0;
    while j < job.columns {
        let left = job.columns - j;
        // SAFETY: as many columns as are left, at most.
        unsafe {
            let at = |columns: usize| job.part((0, j), (job.rows, columns.min(left)));
            j += match left {
                1 => tile::<T, V, M, 1>(at(1), whole),
                2..=4 => tile::<T, V, M, 4>(at(4), whole),
                _ if V::COLUMNS == 4 => tile::<T, V, M, 4>(at(4), whole),
                _ => tile::<T, V, M, 8>(at(8), whole),
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
unsafe fn tile<T: Real, V: Lanes<T>, const M: usize, const N: usize>(
    tile: Job<T>,
    whole: bool,
) -> usize {
    let last = tile.rows - (M - 1) * V::WIDTH;
    // Where the rows of C are not contiguous, a copy of the tile takes its place.
    let mut copy = MaybeUninit::<Copied<T>>::uninit();
    let unit = tile.c_step.0 == 1;
    let (c, c_step) = match unit {
        true => (tile.c, tile.c_step.1),
        false => (copy.as_mut_ptr().cast::<T>(), ROWS * MOST),
    };
    // SAFETY: rows and columns are those of the tile, by the caller's promise; the last register
    // of each column is read and written only as far as there are rows. The copy has room for all
    // registers of the largest tile.
    unsafe {
        let mut sums = [[V::splat(T::ZERO); M]; N];
        if tile.add {
            if !unit {
                gather(&tile, c);
            }
            for (j, sums) in sums.iter_mut().enumerate().take(tile.columns) {
                for (i, sum) in sums.iter_mut().enumerate() {
                    let rows = if i + 1 == M { last } else { V::WIDTH };
                    *sum = V::load_first(c.add(i * V::WIDTH + j * c_step), rows);
                }
            }
        }
        if whole || last == V::WIDTH {
            chain::<T, V, M, N>(&tile, &mut sums, |from| V::load(from));
        } else {
            chain::<T, V, M, N>(&tile, &mut sums, |from| V::load_first(from, last));
        }
        for (j, sums) in sums.iter().enumerate() {
            if N > 1 && j >= tile.columns {
                break;
            }
            for (i, sum) in sums.iter().enumerate() {
                let to = c.add(i * V::WIDTH + j * c_step);
                if i + 1 == M && last < V::WIDTH {
                    sum.store_first(to, last);
                } else {
                    sum.store(to);
                }
            }
        }
        if !unit {
            scatter(&tile, c);
        }
    }
    N
}

/// The largest tile.
type Copied<T> = [[T; ROWS * MOST]; MOST];

/// Adds A B to the sums.
///
/// # Safety
/// As [`tile`]; `load_last` reads the last register of a column of A.
#[inline(always)]
unsafe fn chain<T: Real, V: Lanes<T>, const M: usize, const N: usize>(
    tile: &Job<T>,
    sums: &mut [[V; M]; N],
    load_last: impl Fn(*const T) -> V,
) {
    // Columns that are not there repeat the last one: their sums are thrown away.
    let column = |j: usize| j.min(tile.columns - 1) * tile.b_step.1;
    // SAFETY: every column begins within B.
    let b: [*const T; N] = std::array::from_fn(|j| unsafe { tile.b.add(column(j)) });
    let (mut a, mut at) = (tile.a, 0);
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
        a = a.wrapping_add(tile.a_step);
        at += tile.b_step.0;
    }
}

/// Copies a tile of C, whose rows are not contiguous, to columns of ROWS · MOST numbers.
///
/// # Safety
/// As [`tile`]; there must be room for its columns.
#[inline(always)]
unsafe fn gather<T: Real>(tile: &Job<T>, to: *mut T) {
    let (across, along) = tile.c_step;
    for j in 0..tile.columns {
        for i in 0..tile.rows {
            // SAFETY: row i and column j are within the tile.
            unsafe { *to.add(i + j * ROWS * MOST) = *tile.c.add(i * across + j * along) };
        }
    }
}

/// Copies it back.
///
/// # Safety
/// As [`gather`]; its columns must have been written.
#[inline(always)]
unsafe fn scatter<T: Real>(tile: &Job<T>, from: *const T) {
    let (across, along) = tile.c_step;
    let mut turned = 0;
    // SAFETY: rows and columns are within the tile.
    unsafe {
        if tile.columns == pack::BLOCK && along == 1 {
            while turned + pack::BLOCK <= tile.rows {
                let to = tile.c.add(turned * across);
                pack::block::<T, { pack::BLOCK }>(from.add(turned), ROWS * MOST, to, across);
                turned += pack::BLOCK;
            }
        }
        for i in turned..tile.rows {
            for j in 0..tile.columns {
                *tile.c.add(i * across + j * along) = *from.add(i + j * ROWS * MOST);
            }
        }
    }
}

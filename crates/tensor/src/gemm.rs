//! The matrix product, behind one function.
//!
//! C is cut by its shape alone into pieces that may run on any thread; a piece is computed tile by
//! tile (`tile.rs`) in the widest registers of the processor (`lanes.rs`). Each element is one
//! chain of products and sums, each rounded once, in the order of the inner dimension (or the sum of
//! two, where [`gemm_stationary`] says so): neither the cut nor the number of threads nor the kind of
//! processor changes a bit.

mod blocks;
pub(crate) mod dispatch;
mod job;
mod lanes;
mod left;
mod near;
mod pack;
mod stationary;
mod tile;
mod turn;

use crate::scratch::{Lease, Use};
use crate::share::join;
use crate::vectorized::Registers;
use crate::{Mat, MatMut, Real, profile, transposed, transposed_mut};
use dispatch::Kernel;
use job::{Job, Left};
pub use left::LeftOperand;
pub use stationary::{gemm_affine, gemm_stationary};
use tile::Start;

/// How a result meets what its destination already holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Write {
    /// The destination is replaced; what it held is not read.
    Overwrite,
    /// The result is added to the destination.
    Add,
}

impl<T> From<Write> for Start<T> {
    fn from(write: Write) -> Self {
        if write == Write::Add { Self::Held } else { Self::Zero }
    }
}

/// A product is cut in two while it has more multiplications than this and …
const PIECE: usize = 1 << 20;
/// … more than this part of the whole, …
const PART: usize = 16;
/// … along its rows while there are more panels of them than this: more of them where each piece has
/// to lay its columns of B out anew; …
const PANELS: (usize, usize) = (3, 6);
/// … then along its columns as long as each half keeps this many.
const COLUMNS: usize = 64;

/// `C = A B` or `C += A B`, for any strides.
///
/// The product is cut into pieces by its shape alone and the pieces may run on any thread of the
/// current pool, so the result has the same bits for every number of threads.
///
/// # Panics
/// When the shapes of `A` (m × k), `B` (k × n) and `C` (m × n) do not agree.
pub fn gemm<T: Real>(write: Write, a: Mat<'_, T>, b: Mat<'_, T>, c: MatMut<'_, T>) {
    let _span = profile::product(c.nrows(), c.ncols(), a.ncols());
    orient(Registers::widest(), PIECE, write, a, b, c);
}

/// Lets the registers run along the rows of C or along its columns, as less has to be moved.
fn orient<T: Real>(
    registers: Registers,
    piece: usize,
    write: Write,
    a: Mat<'_, T>,
    b: Mat<'_, T>,
    c: MatMut<'_, T>,
) {
    let how = (T::kernel(registers), piece);
    shapes(a, b, &c);
    let (m, n) = c.shape();
    let straight = effort(a, n, c.strides().0 == 1);
    let turned = effort(transposed(b), m, c.strides().1 == 1);
    if straight <= turned {
        product(how, write.into(), a, b, c);
    } else {
        product(how, write.into(), transposed(b), transposed(a), transposed_mut(c)); // Cᵀ = Bᵀ Aᵀ
    }
}

fn shapes<T: Real>(a: Mat<'_, T>, b: Mat<'_, T>, c: &MatMut<'_, T>) {
    let (a, b, c) = (a.shape(), b.shape(), c.shape());
    assert!(a.0 == c.0 && b.1 == c.1 && a.1 == b.0, "gemm: {a:?} by {b:?} into {c:?}");
}

/// Numbers that have to be moved one by one: A where its rows are not contiguous, C where its are
/// not.
fn effort<T: Real>(a: Mat<'_, T>, columns: usize, contiguous: bool) -> usize {
    let laid_out = if contiguous_rows(a) { 0 } else { a.len() };
    laid_out + if contiguous { 0 } else { a.nrows() * columns }
}

/// Makes a product without any multiplication; whether it is one.
fn none<T: Real>(write: Write, b: Mat<'_, T>, c: &mut MatMut<'_, T>) -> bool {
    if b.nrows() == 0 && write == Write::Overwrite {
        c.fill(T::ZERO);
    }
    b.nrows() == 0 || c.is_empty()
}

fn contiguous_rows<T: Real>(a: Mat<'_, T>) -> bool {
    a.strides().0 == 1 || a.nrows() == 1
}

fn product<T: Real>(
    (kernel, piece): (Kernel<T>, usize),
    start: Start<T>,
    a: Mat<'_, T>,
    b: Mat<'_, T>,
    mut c: MatMut<'_, T>,
) {
    let write = if start.reads() { Write::Add } else { Write::Overwrite };
    if none(write, b, &mut c) {
        return;
    }
    let cut = Cut::new(kernel, piece, (a.nrows(), a.ncols(), c.ncols()), b.strides().0);
    let mut scratch = None;
    let left = if contiguous_rows(a) {
        Left::Columns { at: a.as_ptr(), step: a.strides().1 }
    } else {
        let room = Lease::new(Use::Whole, pack::room(a.shape(), kernel.width));
        let room = scratch.insert(room);
        pack::panels(a, kernel.width, cut.rows, room.numbers_mut());
        Left::Panels { at: room.numbers().as_ptr(), depth: a.ncols() }
    };
    let job = Job::new(start, left, b, c);
    // SAFETY: pointers, sizes and strides are those of three live views whose shapes were compared,
    // A's perhaps of its copy in the scratch; `c` is borrowed mutably, so it overlaps nothing.
    unsafe { pieces(kernel, job, cut) }
    drop(scratch);
}

/// How a product is cut.
#[derive(Clone, Copy)]
struct Cut {
    /// Rows of a piece, at most.
    rows: usize,
    /// Multiplications of a piece, at most, unless its columns are too few to be cut.
    piece: usize,
}

impl Cut {
    fn new<T: Real>(
        kernel: Kernel<T>,
        piece: usize,
        (m, k, n): (usize, usize, usize),
        b_step: usize,
    ) -> Self {
        let row = k.saturating_mul(n);
        let piece = piece.max(row.saturating_mul(m) / PART);
        let panels = if blocks::far::<T>(b_step) { PANELS.1 } else { PANELS.0 };
        let few = panels * tile::ROWS * kernel.width;
        let mut rows = m;
        while rows > few && rows.saturating_mul(row) > piece {
            rows = pack::middle(rows, kernel.width);
        }
        Self { rows, piece }
    }
}

/// Cuts the product and computes the pieces.
///
/// # Safety
/// The promise of [`Job`] must hold.
unsafe fn pieces<T: Real>(kernel: Kernel<T>, job: Job<T>, cut: Cut) {
    let work = job.rows.saturating_mul(job.columns).saturating_mul(job.depth);
    let (rows, columns) = if job.rows > cut.rows {
        (pack::middle(job.rows, kernel.width), job.columns)
    } else if work > cut.piece && job.columns >= 2 * COLUMNS {
        (job.rows, (job.columns / 2).next_multiple_of(kernel.columns))
    } else {
        // SAFETY: by the caller's promise.
        return unsafe { T::product(kernel, job) };
    };
    // SAFETY: both parts lie within the whole, and no element of C is in both.
    let (one, other) = unsafe {
        let (right, below) = (job.columns - columns, job.rows - rows);
        let (at, size) = match below {
            0 => ((0, columns), (rows, right)),
            _ => ((rows, 0), (below, columns)),
        };
        (Shared(job.part((0, 0), (rows, columns))), Shared(job.part(at, size)))
    };
    join(
        // SAFETY: by the caller's promise, and the parts are disjoint.
        || unsafe { pieces(kernel, one.get(), cut) },
        // SAFETY: as above.
        || unsafe { pieces(kernel, other.get(), cut) },
    );
}

/// A job, or what one starts with, that is sent to another thread.
#[derive(Clone, Copy)]
struct Shared<W>(W);

impl<W: Copy> Shared<W> {
    const fn get(&self) -> W {
        self.0
    }
}

// SAFETY: a job is read and written only as `pieces` promises: A, B and a column to start with are shared
// and only read, and no element of C belongs to two jobs. Their numbers may be shared and sent.
unsafe impl<W> Sync for Shared<W> {}
// SAFETY: as above.
unsafe impl<W> Send for Shared<W> {}

#[cfg(test)]
mod tests;

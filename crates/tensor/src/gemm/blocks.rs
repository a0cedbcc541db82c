//! A product on one thread, in blocks that stay in the caches.

use super::dispatch::Kernel;
use super::job::{Job, Left};
use super::pack;
use super::tile::{Columns, Panel, ROWS, Rows, Start};
use crate::scratch::{Lease, Use};
use crate::{Real, vectorized};

/// Links of the chains that are made at once: so much of a panel of A and of a tile's columns of B
/// stays in the first cache, …
pub(super) const LINKS: usize = 256;
/// … and this many columns of B in the second.
const COLUMNS: usize = 512;
/// A panel of A is laid out anew when it is used for this many columns or more, and its own columns
/// are this many bytes or more apart: then they wander over many pages and few sets of the cache.
const REUSED: usize = 9;
const FAR: usize = 1024;
/// So are columns of B whose elements are that far apart, when so many panels use them.
const SHARED: usize = 4;
/// Where a panel of A is used for fewer columns, and A has so many numbers or more, only a few links are made at
/// once: then the columns of A are read side by side from end to end, as memory likes it.
const LARGE: usize = 1 << 16;
const STREAMS: usize = 16;
/// Numbers of C that are kept aside at once where the rows of C are not contiguous.
const ASIDE: usize = 1 << 14;

/// Whether numbers so many others apart are far from each other.
pub(super) const fn far<T: Real>(step: usize) -> bool {
    step * T::BYTES >= FAR
}

/// Makes the product on this thread.
///
/// # Safety
/// The promise of [`Job`] must hold.
pub(super) unsafe fn product<T: Real>(kernel: Kernel<T>, job: Job<T>) {
    if job.c_step.0 == 1 {
        // SAFETY: by the caller's promise.
        return unsafe { straight(kernel, job) };
    }
    // Chains begin and end in C, but in between they are kept where rows are contiguous.
    let step = job.rows.next_multiple_of(kernel.width);
    let most = (ASIDE / step).max(1).next_multiple_of(kernel.columns);
    let mut aside = Lease::new(Use::Aside, step * most.min(job.columns));
    let c = aside.numbers_mut().as_mut_ptr();
    for j in (0..job.columns).step_by(most) {
        let size = (job.rows, most.min(job.columns - j));
        // SAFETY: the part ends where the product does, and there is room for it aside.
        unsafe {
            let part = job.part((0, j), size);
            if job.start.reads() {
                let from = part.c.cast_const();
                vectorized(
                    #[inline(always)]
                    || pack::copy(from, part.c_step, size, c, (1, step)),
                );
            }
            straight(kernel, Job { c, c_step: (1, step), ..part });
            vectorized(
                #[inline(always)]
                || pack::copy(c.cast_const(), (1, step), size, part.c, part.c_step),
            );
        }
    }
}

/// The same where the rows of C are contiguous.
///
/// # Safety
/// As [`product`].
unsafe fn straight<T: Real>(kernel: Kernel<T>, job: Job<T>) {
    let (high, depth) = (ROWS * kernel.width, LINKS.min(job.depth));
    let left = match job.a {
        Left::Columns { step, .. } if far::<T>(step) && job.columns >= REUSED => high * depth,
        _ => 0,
    };
    let right = match far::<T>(job.b_step.0) && job.rows >= SHARED * high {
        true => COLUMNS.min(job.columns).next_multiple_of(kernel.columns) * depth,
        false => 0,
    };
    if left + right == 0 {
        // SAFETY: by the caller's promise.
        return unsafe { blocks(kernel, job, &mut [], &mut []) };
    }
    let (mut left, mut right) = (Lease::new(Use::Left, left), Lease::new(Use::Right, right));
    // SAFETY: by the caller's promise.
    unsafe { blocks(kernel, job, left.numbers_mut(), right.numbers_mut()) }
}

/// The same, block by block, with room for what is laid out anew.
///
/// # Safety
/// As [`product`].
unsafe fn blocks<T: Real>(kernel: Kernel<T>, job: Job<T>, left: &mut [T], right: &mut [T]) {
    let links = match job.a {
        Left::Columns { step, .. }
            if far::<T>(step)
                && job.columns < REUSED
                && job.rows * job.depth >= LARGE
                && !matches!(job.start, Start::Apart) =>
        {
            STREAMS
        }
        _ => LINKS,
    };
    let mut p = 0;
    loop {
        let depth = links.min(job.depth - p);
        let last = p + depth >= job.depth;
        let mut j = 0;
        while j < job.columns {
            let columns = COLUMNS.min(job.columns - j);
            // SAFETY: the block lies within the product; the rest is the caller's promise.
            let b = unsafe { block(kernel, &job, (p, j), (depth, columns), right) };
            let mut i = 0;
            while i < job.rows {
                let rows = pack::height(job.rows - i, kernel.width);
                let registers = rows.div_ceil(kernel.width);
                if last && let Some(near) = job.near {
                    near.from(i + j * job.c_step.1).ask(rows, columns, job.c_step.1);
                }
                // SAFETY: the panel lies within the block, and has so many registers of rows.
                unsafe {
                    let size = (rows, depth);
                    let panel = Panel {
                        start: if p > 0 { Start::Held } else { job.start.row(i) },
                        rows,
                        columns,
                        depth,
                        a: job.a.panel((i, p), size, registers * kernel.width, left),
                        b,
                        c: job.c.add(i + j * job.c_step.1),
                        c_step: job.c_step.1,
                    };
                    (kernel.panel[registers - 1])(&panel);
                }
                i += rows;
            }
            j += columns;
        }
        p += depth;
        if p >= job.depth {
            return;
        }
    }
}

impl<T: Real> Left<T> {
    /// A panel of A for some links, laid out anew if there is room for it.
    ///
    /// # Safety
    /// It must lie within A.
    unsafe fn panel(
        self,
        (i, p): (usize, usize),
        size: (usize, usize),
        high: usize,
        room: &mut [T],
    ) -> Rows<T> {
        // SAFETY: by the caller's promise.
        unsafe {
            match self {
                Self::Panels { at, depth } => {
                    Rows { at: at.add(i * depth + p * high), step: high, whole: true }
                }
                Self::Columns { at, step } if !room.is_empty() => {
                    let from = at.add(i + p * step);
                    vectorized(
                        #[inline(always)]
                        || pack::lay_out(from, (1, step), size, high, room),
                    );
                    Rows { at: room.as_ptr(), step: high, whole: true }
                }
                Self::Columns { at, step } => {
                    Rows { at: at.add(i + p * step), step, whole: size.0 == high }
                }
            }
        }
    }
}

/// A block of B, laid out anew if there is room for it.
///
/// # Safety
/// The block must lie within B.
unsafe fn block<T: Real>(
    kernel: Kernel<T>,
    job: &Job<T>,
    (p, j): (usize, usize),
    (depth, columns): (usize, usize),
    room: &mut [T],
) -> Columns<T> {
    let (along, across) = job.b_step;
    // SAFETY: by the caller's promise.
    unsafe {
        let at = job.b.add(p * along + j * across);
        if room.is_empty() {
            return Columns { at, step: (along, across), next: across };
        }
        let group = kernel.columns;
        vectorized(
            #[inline(always)]
            || {
                for j in (0..columns).step_by(group) {
                    let (size, to) = ((group.min(columns - j), depth), &mut room[j * depth..]);
                    pack::lay_out(at.add(j * across), (across, along), size, group, to);
                }
            },
        );
        Columns { at: room.as_ptr(), step: (group, 1), next: depth }
    }
}

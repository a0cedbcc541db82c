//! The kernel for the processor this runs on.

use super::lanes::{Lanes, Portable};
use super::pack::{self, Scratch, Taken};
use super::tile::{self, Job, ROWS};
use crate::Real;
use crate::vectorized::Registers;
use std::cell::Cell;

/// A way to compute a product on one thread, for one kind of processor.
#[derive(Clone, Copy)]
pub struct Kernel<T> {
    /// Numbers in a register.
    pub(super) width: usize,
    /// Columns of a tile.
    pub(super) columns: usize,
    /// Computes a product.
    ///
    /// # Safety
    /// As [`tile::panel`].
    pub(super) run: unsafe fn(Job<T>),
}

/// What differs between the precisions in a product.
pub trait Product: Sized + 'static {
    /// The kernel for these registers.
    fn kernel(registers: Registers) -> Kernel<Self>;
    /// Memory for an A whose rows are not contiguous.
    fn turned() -> &'static Scratch<Self>;
    /// Memory for a panel of A.
    fn panel() -> &'static Scratch<Self>;
}

/// Links of a chain that are made at once: so much of a panel of A and of a tile's columns of B stay
/// in the cache.
const LINKS: usize = 512;
/// A panel of A is laid out anew when it is used for this many columns or more, and its own columns
/// are this many bytes or more apart: then they wander over many pages and few sets of the cache.
const REUSED: usize = 9;
const FAR: usize = 1024;

/// The whole product, panel by panel.
///
/// # Safety
/// As [`tile::panel`].
#[inline(always)]
unsafe fn product<T: Real, V: Lanes<T>>(job: Job<T>) {
    if job.columns < REUSED || job.a_step * T::BYTES < FAR {
        // SAFETY: by the caller's promise.
        return unsafe { panels::<T, V>(job, &mut []) };
    }
    let most = ROWS * V::WIDTH * LINKS.min(job.depth);
    let mut scratch = Taken::new(T::panel(), most);
    // SAFETY: by the caller's promise.
    unsafe { panels::<T, V>(job, scratch.numbers()) }
}

/// The same, with room for a panel of A, if it is to be laid out anew.
///
/// # Safety
/// As [`tile::panel`].
#[inline(always)]
unsafe fn panels<T: Real, V: Lanes<T>>(job: Job<T>, scratch: &mut [T]) {
    let mut p = 0;
    loop {
        let depth = LINKS.min(job.depth - p);
        let mut i = 0;
        while i < job.rows {
            // Four registers of rows are better halved than cut in three and one.
            let registers = match (job.rows - i).div_ceil(V::WIDTH) {
                4 => 2,
                left => left.min(ROWS),
            };
            let rows = (registers * V::WIDTH).min(job.rows - i);
            // SAFETY: the part ends where the product does; the rest is the caller's promise.
            unsafe {
                let part = job.links(p, depth).part((i, 0), (rows, job.columns));
                if scratch.is_empty() {
                    tile::panel::<T, V>(part, false);
                } else {
                    tile::panel::<T, V>(pack::panel(part, registers * V::WIDTH, scratch), true);
                }
            }
            i += rows;
        }
        p += depth;
        if p >= job.depth {
            return;
        }
    }
}

const fn kernel<T: Real, V: Lanes<T>>(run: unsafe fn(Job<T>)) -> Kernel<T> {
    Kernel { width: V::WIDTH, columns: V::COLUMNS, run }
}

/// # Safety
/// As [`product`].
unsafe fn portable<T: Real>(job: Job<T>) {
    // SAFETY: by the caller's promise; these registers are no particular ones.
    unsafe { product::<T, Portable<T>>(job) }
}

impl Product for f32 {
    fn kernel(registers: Registers) -> Kernel<Self> {
        match registers {
            Registers::Portable => kernel::<Self, Portable<Self>>(portable),
            #[cfg(target_arch = "x86_64")]
            Registers::Avx2 => kernel::<Self, std::arch::x86_64::__m256>(x86::avx2_single),
            #[cfg(target_arch = "x86_64")]
            Registers::Avx512 => kernel::<Self, std::arch::x86_64::__m512>(x86::avx512_single),
        }
    }
    fn turned() -> &'static Scratch<Self> {
        thread_local!(static TURNED: Cell<Vec<f32>> = const { Cell::new(Vec::new()) });
        &TURNED
    }
    fn panel() -> &'static Scratch<Self> {
        thread_local!(static PANEL: Cell<Vec<f32>> = const { Cell::new(Vec::new()) });
        &PANEL
    }
}

impl Product for f64 {
    fn kernel(registers: Registers) -> Kernel<Self> {
        match registers {
            Registers::Portable => kernel::<Self, Portable<Self>>(portable),
            #[cfg(target_arch = "x86_64")]
            Registers::Avx2 => kernel::<Self, std::arch::x86_64::__m256d>(x86::avx2_double),
            #[cfg(target_arch = "x86_64")]
            Registers::Avx512 => kernel::<Self, std::arch::x86_64::__m512d>(x86::avx512_double),
        }
    }
    fn turned() -> &'static Scratch<Self> {
        thread_local!(static TURNED: Cell<Vec<f64>> = const { Cell::new(Vec::new()) });
        &TURNED
    }
    fn panel() -> &'static Scratch<Self> {
        thread_local!(static PANEL: Cell<Vec<f64>> = const { Cell::new(Vec::new()) });
        &PANEL
    }
}

/// The same loops, compiled for each kind of x86 processor.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Job, product};
    use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

    /// # Safety
    /// As [`product`]; the processor must have AVX-512.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn avx512_single(job: Job<f32>) {
        // SAFETY: by the caller's promise.
        unsafe { product::<f32, __m512>(job) }
    }

    /// # Safety
    /// As [`product`]; the processor must have AVX-512.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn avx512_double(job: Job<f64>) {
        // SAFETY: by the caller's promise.
        unsafe { product::<f64, __m512d>(job) }
    }

    /// # Safety
    /// As [`product`]; the processor must have AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn avx2_single(job: Job<f32>) {
        // SAFETY: by the caller's promise.
        unsafe { product::<f32, __m256>(job) }
    }

    /// # Safety
    /// As [`product`]; the processor must have AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn avx2_double(job: Job<f64>) {
        // SAFETY: by the caller's promise.
        unsafe { product::<f64, __m256d>(job) }
    }
}

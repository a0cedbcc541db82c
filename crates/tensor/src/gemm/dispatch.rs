//! The kernel for the processor this runs on.

use super::blocks;
use super::job::Job;
use super::lanes::{Lanes, Portable};
use super::tile::{self, Panel, ROWS};
use super::turn;
use crate::Real;
use crate::vectorized::Registers;

/// A way to compute a product on one thread, for one kind of processor.
#[derive(Clone, Copy, Debug)]
pub struct Kernel<T> {
    /// Numbers in a register.
    pub(super) width: usize,
    /// Columns of a tile.
    pub(super) columns: usize,
    /// Computes a panel of 1, 2, … registers of rows.
    ///
    /// # Safety
    /// As [`tile::panel`].
    pub(super) panel: Panels<T>,
}

type Panels<T> = [unsafe fn(&Panel<T>); ROWS];

/// What differs between the precisions in a product.
pub trait Product: Sized + 'static {
    /// The kernel for these registers.
    fn kernel(registers: Registers) -> Kernel<Self>;

    /// Makes a product on this thread.
    ///
    /// # Safety
    /// The promise of [`Job`] must hold.
    unsafe fn product(kernel: Kernel<Self>, job: Job<Self>);

    /// [`turn::block`].
    ///
    /// # Safety
    /// As there.
    unsafe fn turn(from: *const Self, across: usize, to: *mut Self, step: usize);
}

// The kernels are long. They are compiled here, once, and not in every crate that multiplies: so both
// functions that name them must not be inlined there.

const fn kernel<T: Real, V: Lanes<T>>(panel: Panels<T>) -> Kernel<T> {
    Kernel { width: V::WIDTH, columns: V::COLUMNS, panel }
}

/// # Safety
/// As [`tile::panel`].
unsafe fn portable<T: Real, const M: usize>(panel: &Panel<T>) {
    // SAFETY: by the caller's promise; these registers are no particular ones.
    unsafe { tile::panel::<T, Portable<T>, M>(panel) }
}

impl Product for f32 {
    #[inline(never)]
    fn kernel(registers: Registers) -> Kernel<Self> {
        match registers {
            Registers::Portable => kernel::<Self, Portable<Self>>([
                portable::<Self, 1>,
                portable::<Self, 2>,
                portable::<Self, 3>,
            ]),
            #[cfg(target_arch = "x86_64")]
            Registers::Avx2 => kernel::<Self, std::arch::x86_64::__m256>([
                x86::avx2_single::<1>,
                x86::avx2_single::<2>,
                x86::avx2_single::<3>,
            ]),
            #[cfg(target_arch = "x86_64")]
            Registers::Avx512 => kernel::<Self, std::arch::x86_64::__m512>([
                x86::avx512_single::<1>,
                x86::avx512_single::<2>,
                x86::avx512_single::<3>,
            ]),
        }
    }

    #[inline(never)]
    unsafe fn product(kernel: Kernel<Self>, job: Job<Self>) {
        // SAFETY: by the caller's promise.
        unsafe { blocks::product(kernel, job) }
    }

    #[inline(always)]
    unsafe fn turn(from: *const Self, across: usize, to: *mut Self, step: usize) {
        #[cfg(not(target_arch = "x86_64"))]
        use turn::block;
        #[cfg(target_arch = "x86_64")]
        use turn::block_single as block;
        // SAFETY: by the caller's promise.
        unsafe { block(from, across, to, step) }
    }
}

impl Product for f64 {
    #[inline(never)]
    fn kernel(registers: Registers) -> Kernel<Self> {
        match registers {
            Registers::Portable => kernel::<Self, Portable<Self>>([
                portable::<Self, 1>,
                portable::<Self, 2>,
                portable::<Self, 3>,
            ]),
            #[cfg(target_arch = "x86_64")]
            Registers::Avx2 => kernel::<Self, std::arch::x86_64::__m256d>([
                x86::avx2_double::<1>,
                x86::avx2_double::<2>,
                x86::avx2_double::<3>,
            ]),
            #[cfg(target_arch = "x86_64")]
            Registers::Avx512 => kernel::<Self, std::arch::x86_64::__m512d>([
                x86::avx512_double::<1>,
                x86::avx512_double::<2>,
                x86::avx512_double::<3>,
            ]),
        }
    }

    #[inline(never)]
    unsafe fn product(kernel: Kernel<Self>, job: Job<Self>) {
        // SAFETY: by the caller's promise.
        unsafe { blocks::product(kernel, job) }
    }

    #[inline(always)]
    unsafe fn turn(from: *const Self, across: usize, to: *mut Self, step: usize) {
        // SAFETY: by the caller's promise.
        unsafe { turn::block(from, across, to, step) }
    }
}

/// The same loops, compiled for each kind of x86 processor.
#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::{Panel, tile};
    use std::arch::x86_64::{__m256, __m256d, __m512, __m512d};

    /// # Safety
    /// As [`tile::panel`]; the processor must have AVX-512.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn avx512_single<const M: usize>(panel: &Panel<f32>) {
        // SAFETY: by the caller's promise.
        unsafe { tile::panel::<f32, __m512, M>(panel) }
    }

    /// # Safety
    /// As [`tile::panel`]; the processor must have AVX-512.
    #[target_feature(enable = "avx512f")]
    pub(super) unsafe fn avx512_double<const M: usize>(panel: &Panel<f64>) {
        // SAFETY: by the caller's promise.
        unsafe { tile::panel::<f64, __m512d, M>(panel) }
    }

    /// # Safety
    /// As [`tile::panel`]; the processor must have AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn avx2_single<const M: usize>(panel: &Panel<f32>) {
        // SAFETY: by the caller's promise.
        unsafe { tile::panel::<f32, __m256, M>(panel) }
    }

    /// # Safety
    /// As [`tile::panel`]; the processor must have AVX2 and FMA.
    #[target_feature(enable = "avx2,fma")]
    pub(super) unsafe fn avx2_double<const M: usize>(panel: &Panel<f64>) {
        // SAFETY: by the caller's promise.
        unsafe { tile::panel::<f64, __m256d, M>(panel) }
    }
}

//! `Lanes`: a register full of numbers, for each kind of processor.
//!
//! Every kind computes the same: a product and a sum rounded once, lane by lane. So which one runs
//! never changes a bit.

use crate::Real;

/// A register of `WIDTH` numbers.
pub(super) trait Lanes<T>: Copy {
    /// Numbers in it.
    const WIDTH: usize;
    /// Columns of a tile: as many as the registers hold sums for.
    const COLUMNS: usize;

    /// The same number in every lane.
    ///
    /// # Safety
    /// The processor must have these registers; so for all functions here.
    unsafe fn splat(x: T) -> Self;

    /// `WIDTH` numbers.
    ///
    /// # Safety
    /// They must be readable.
    unsafe fn load(from: *const T) -> Self;

    /// The first `n ≤ WIDTH` numbers, and zeros.
    ///
    /// # Safety
    /// These `n` must be readable.
    unsafe fn load_first(from: *const T, n: usize) -> Self;

    /// Writes all numbers.
    ///
    /// # Safety
    /// `WIDTH` numbers must be writable.
    unsafe fn store(self, to: *mut T);

    /// Writes the first `n ≤ WIDTH` numbers.
    ///
    /// # Safety
    /// These `n` must be writable.
    unsafe fn store_first(self, to: *mut T, n: usize);

    /// `self · b + c`, rounded once.
    ///
    /// # Safety
    /// As for all.
    unsafe fn mul_add(self, b: Self, c: Self) -> Self;
}

/// Lanes without any particular registers.
#[derive(Clone, Copy)]
pub(super) struct Portable<T>([T; 4]);

impl<T: Real> Lanes<T> for Portable<T> {
    const WIDTH: usize = 4;
    const COLUMNS: usize = 4;

    #[inline(always)]
    unsafe fn splat(x: T) -> Self {
        Self([x; 4])
    }
    #[inline(always)]
    unsafe fn load(from: *const T) -> Self {
        // SAFETY: the caller lets four numbers be read.
        Self(unsafe { from.cast::<[T; 4]>().read_unaligned() })
    }
    #[inline(always)]
    unsafe fn load_first(from: *const T, n: usize) -> Self {
        let mut lanes = [T::ZERO; 4];
        // SAFETY: the caller lets `n` numbers be read.
        lanes.iter_mut().take(n).enumerate().for_each(|(i, x)| *x = unsafe { *from.add(i) });
        Self(lanes)
    }
    #[inline(always)]
    unsafe fn store(self, to: *mut T) {
        // SAFETY: the caller lets four numbers be written.
        unsafe { to.cast::<[T; 4]>().write_unaligned(self.0) }
    }
    #[inline(always)]
    unsafe fn store_first(self, to: *mut T, n: usize) {
        // SAFETY: the caller lets `n` numbers be written.
        self.0.iter().take(n).enumerate().for_each(|(i, &x)| unsafe { *to.add(i) = x });
    }
    #[inline(always)]
    unsafe fn mul_add(self, b: Self, c: Self) -> Self {
        let mut sum = c.0;
        for ((sum, a), b) in sum.iter_mut().zip(self.0).zip(b.0) {
            *sum = a.mul_add(b, *sum);
        }
        Self(sum)
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use super::Lanes;
    use std::arch::x86_64::*;

    impl Lanes<f32> for __m512 {
        const WIDTH: usize = 16;
        const COLUMNS: usize = 8;

        #[inline(always)]
        unsafe fn splat(x: f32) -> Self {
            // SAFETY: the processor has AVX-512, as the caller knows; so below.
            unsafe { _mm512_set1_ps(x) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller lets 16 numbers be read.
            unsafe { _mm512_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn load_first(from: *const f32, n: usize) -> Self {
            // SAFETY: the caller lets `n` numbers be read; masked lanes are not touched.
            unsafe { _mm512_maskz_loadu_ps(first(n) as __mmask16, from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller lets 16 numbers be written.
            unsafe { _mm512_storeu_ps(to, self) }
        }
        #[inline(always)]
        unsafe fn store_first(self, to: *mut f32, n: usize) {
            // SAFETY: the caller lets `n` numbers be written; masked lanes are not touched.
            unsafe { _mm512_mask_storeu_ps(to, first(n) as __mmask16, self) }
        }
        #[inline(always)]
        unsafe fn mul_add(self, b: Self, c: Self) -> Self {
            // SAFETY: as above.
            unsafe { _mm512_fmadd_ps(self, b, c) }
        }
    }

    impl Lanes<f64> for __m512d {
        const WIDTH: usize = 8;
        const COLUMNS: usize = 8;

        #[inline(always)]
        unsafe fn splat(x: f64) -> Self {
            // SAFETY: the processor has AVX-512, as the caller knows; so below.
            unsafe { _mm512_set1_pd(x) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f64) -> Self {
            // SAFETY: the caller lets 8 numbers be read.
            unsafe { _mm512_loadu_pd(from) }
        }
        #[inline(always)]
        unsafe fn load_first(from: *const f64, n: usize) -> Self {
            // SAFETY: the caller lets `n` numbers be read; masked lanes are not touched.
            unsafe { _mm512_maskz_loadu_pd(first(n) as __mmask8, from) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f64) {
            // SAFETY: the caller lets 8 numbers be written.
            unsafe { _mm512_storeu_pd(to, self) }
        }
        #[inline(always)]
        unsafe fn store_first(self, to: *mut f64, n: usize) {
            // SAFETY: the caller lets `n` numbers be written; masked lanes are not touched.
            unsafe { _mm512_mask_storeu_pd(to, first(n) as __mmask8, self) }
        }
        #[inline(always)]
        unsafe fn mul_add(self, b: Self, c: Self) -> Self {
            // SAFETY: as above.
            unsafe { _mm512_fmadd_pd(self, b, c) }
        }
    }

    /// A mask of the first `n` lanes.
    #[inline(always)]
    const fn first(n: usize) -> u32 {
        (1 << n) - 1
    }

    impl Lanes<f32> for __m256 {
        const WIDTH: usize = 8;
        const COLUMNS: usize = 4;

        #[inline(always)]
        unsafe fn splat(x: f32) -> Self {
            // SAFETY: the processor has AVX2 and FMA, as the caller knows; so below.
            unsafe { _mm256_set1_ps(x) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller lets 8 numbers be read.
            unsafe { _mm256_loadu_ps(from) }
        }
        #[inline(always)]
        unsafe fn load_first(from: *const f32, n: usize) -> Self {
            // SAFETY: the caller lets `n` numbers be read; masked lanes are not touched.
            unsafe { _mm256_maskload_ps(from, mask32(n)) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller lets 8 numbers be written.
            unsafe { _mm256_storeu_ps(to, self) }
        }
        #[inline(always)]
        unsafe fn store_first(self, to: *mut f32, n: usize) {
            // SAFETY: the caller lets `n` numbers be written; masked lanes are not touched.
            unsafe { _mm256_maskstore_ps(to, mask32(n), self) }
        }
        #[inline(always)]
        unsafe fn mul_add(self, b: Self, c: Self) -> Self {
            // SAFETY: as above.
            unsafe { _mm256_fmadd_ps(self, b, c) }
        }
    }

    impl Lanes<f64> for __m256d {
        const WIDTH: usize = 4;
        const COLUMNS: usize = 4;

        #[inline(always)]
        unsafe fn splat(x: f64) -> Self {
            // SAFETY: the processor has AVX2 and FMA, as the caller knows; so below.
            unsafe { _mm256_set1_pd(x) }
        }
        #[inline(always)]
        unsafe fn load(from: *const f64) -> Self {
            // SAFETY: the caller lets 4 numbers be read.
            unsafe { _mm256_loadu_pd(from) }
        }
        #[inline(always)]
        unsafe fn load_first(from: *const f64, n: usize) -> Self {
            // SAFETY: the caller lets `n` numbers be read; masked lanes are not touched.
            unsafe { _mm256_maskload_pd(from, mask64(n)) }
        }
        #[inline(always)]
        unsafe fn store(self, to: *mut f64) {
            // SAFETY: the caller lets 4 numbers be written.
            unsafe { _mm256_storeu_pd(to, self) }
        }
        #[inline(always)]
        unsafe fn store_first(self, to: *mut f64, n: usize) {
            // SAFETY: the caller lets `n` numbers be written; masked lanes are not touched.
            unsafe { _mm256_maskstore_pd(to, mask64(n), self) }
        }
        #[inline(always)]
        unsafe fn mul_add(self, b: Self, c: Self) -> Self {
            // SAFETY: as above.
            unsafe { _mm256_fmadd_pd(self, b, c) }
        }
    }

    /// All bits of the first `n` lanes.
    ///
    /// # Safety
    /// The processor must have AVX2.
    #[inline(always)]
    unsafe fn mask32(n: usize) -> __m256i {
        // SAFETY: the processor has AVX2, as the caller knows.
        unsafe {
            let lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
            _mm256_cmpgt_epi32(_mm256_set1_epi32(n as i32), lanes)
        }
    }

    /// All bits of the first `n` lanes.
    ///
    /// # Safety
    /// The processor must have AVX2.
    #[inline(always)]
    unsafe fn mask64(n: usize) -> __m256i {
        // SAFETY: the processor has AVX2, as the caller knows.
        unsafe {
            let lanes = _mm256_setr_epi64x(0, 1, 2, 3);
            _mm256_cmpgt_epi64(_mm256_set1_epi64x(n as i64), lanes)
        }
    }
}

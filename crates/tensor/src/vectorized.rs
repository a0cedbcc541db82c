//! `vectorized`: plain loops, compiled for the registers of the processor they run on.
//!
//! A build for every x86 processor uses registers of 16 bytes. Here the same loop is compiled three
//! times, and which one runs is decided when it runs. The compiler neither reorders sums nor
//! contracts `a * b + c` into one rounding, and `mul_add` is one rounding everywhere: so the bits
//! do not depend on the processor.

use crate::profile;
use std::sync::OnceLock;

/// A set of registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registers {
    /// What every processor of this architecture has.
    Portable,
    /// 32 bytes, with fused multiplication and addition.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// 64 bytes, with masks.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Registers {
    /// The widest this processor has.
    #[inline]
    pub(crate) fn widest() -> Self {
        // Asked at every loop, however short: a single load then.
        static WIDEST: OnceLock<Registers> = OnceLock::new();
        *WIDEST.get_or_init(Self::detect)
    }

    #[cold]
    fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            if is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("fma")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl")
            {
                return Self::Avx512;
            }
            if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                return Self::Avx2;
            }
        }
        Self::Portable
    }

    /// All this processor has, to compare them.
    #[cfg(test)]
    pub(crate) fn all() -> Vec<Self> {
        #[cfg(target_arch = "x86_64")]
        return match Self::widest() {
            Self::Portable => vec![Self::Portable],
            Self::Avx2 => vec![Self::Portable, Self::Avx2],
            Self::Avx512 => vec![Self::Portable, Self::Avx2, Self::Avx512],
        };
        #[cfg(not(target_arch = "x86_64"))]
        vec![Self::Portable]
    }

    /// Runs `work`, compiled for these registers.
    ///
    /// # Safety
    /// The processor must have them.
    #[inline(always)]
    pub(crate) unsafe fn run<R>(self, work: impl FnOnce() -> R) -> R {
        match self {
            Self::Portable => work(),
            // SAFETY: the caller knows that the processor has these registers.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { avx2(work) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { avx512(work) },
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,fma")]
fn avx512<R>(work: impl FnOnce() -> R) -> R {
    work()
}

/// Runs `work` compiled for the widest registers of this processor.
///
/// Put a whole loop over slices inside, without branches and without calls that are not inlined, and
/// say that it is to be inlined itself: what stays a function of its own is compiled for every
/// processor, and is many times slower.
///
/// ```
/// # let (mu, mut v, p) = (0.9_f32, vec![1.0_f32; 100], vec![0.5_f32; 100]);
/// tanren_tensor::vectorized(#[inline(always)] || {
///     for (v, &p) in v.iter_mut().zip(&p) {
///         *v = mu * *v + p;
///     }
/// });
/// # assert_eq!(v[99], 1.4);
/// ```
#[inline]
pub fn vectorized<R>(work: impl FnOnce() -> R) -> R {
    let _span = profile::span(profile::Kind::Elementwise);
    // SAFETY: the processor was asked.
    unsafe { Registers::widest().run(work) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registers_do_not_change_a_bit() {
        let start: Vec<f32> = (0..1001).map(|i| (i as f32 * 0.37).sin()).collect();
        let run = |registers: Registers| {
            let (mut x, mut y) = (start.clone(), start.clone());
            let work = || {
                for (x, y) in x.iter_mut().zip(&mut y) {
                    *y = 0.9 * *y + *x;
                    *x = y.mul_add(0.3, *x) / (y.abs().sqrt() + 1e-8);
                }
            };
            // SAFETY: the processor has these registers.
            unsafe { registers.run(work) };
            x.iter().chain(&y).map(|x| x.to_bits()).collect::<Vec<_>>()
        };
        let portable = run(Registers::Portable);
        assert!(Registers::all().into_iter().all(|registers| run(registers) == portable));
    }
}

//! `Real`: the two precisions a run can have.

use nalgebra::RealField;

/// `f32` or `f64`. Sealed: kernels are written once for both and nothing else.
///
/// All of nalgebra's `RealField` is available (`sqrt`, `abs`, `max`, decompositions); conversions go
/// through `f64`, the precision of every hyper-parameter.
pub trait Real: RealField + Copy + Default + sealed::Sealed {
    /// `0`.
    const ZERO: Self;
    /// `1`.
    const ONE: Self;
    /// The name of the precision in a recipe: `"single"` or `"double"`.
    const NAME: &'static str;
    /// Bytes of one number.
    const BYTES: usize;

    /// From here on down numbers are as good as 0: products with smaller ones may be subnormal,
    /// with which processors compute a hundred times more slowly.
    const TINY: Self;

    /// The number, or 0 where it is smaller than `least`.
    #[must_use]
    fn or_zero(self, least: Self) -> Self {
        // No branch, so that loops stay vectors. NaN is not smaller than anything.
        if self.abs() < least { Self::ZERO } else { self }
    }

    /// The nearest value to `x`.
    fn of(x: f64) -> Self;
    /// The same value in double precision.
    fn f64(self) -> f64;
    /// A slice whose precision is known at run time.
    fn slice(values: &[Self]) -> Slice<'_>;
    /// Appends the little-endian bytes of `values`.
    fn extend_bytes(values: &[Self], bytes: &mut Vec<u8>);
    /// The value in little-endian `bytes`; `None` unless there are exactly [`Self::BYTES`].
    fn from_le_bytes(bytes: &[u8]) -> Option<Self>;
}

/// A borrowed slice in the run's own precision, for readers that are not generic.
#[derive(Clone, Copy, Debug)]
pub enum Slice<'a> {
    /// Single precision.
    Single(&'a [f32]),
    /// Double precision.
    Double(&'a [f64]),
}

impl Slice<'_> {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Single(v) => v.len(),
            Self::Double(v) => v.len(),
        }
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The values in double precision.
    pub fn iter(&self) -> impl Iterator<Item = f64> + '_ {
        let (single, double): (&[f32], &[f64]) = match self {
            Self::Single(v) => (v, &[]),
            Self::Double(v) => (&[], v),
        };
        single.iter().map(|&x| f64::from(x)).chain(double.iter().copied())
    }
}

impl Real for f32 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const NAME: &'static str = "single";
    const BYTES: usize = 4;
    const TINY: Self = 1e-30;

    #[allow(clippy::cast_possible_truncation)] // rounding is what is asked for
    fn of(x: f64) -> Self {
        x as f32
    }
    fn f64(self) -> f64 {
        f64::from(self)
    }
    fn slice(values: &[Self]) -> Slice<'_> {
        Slice::Single(values)
    }
    fn extend_bytes(values: &[Self], bytes: &mut Vec<u8>) {
        bytes.extend(values.iter().flat_map(|x| x.to_le_bytes()));
    }
    fn from_le_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_le_bytes)
    }
}

impl Real for f64 {
    const ZERO: Self = 0.0;
    const ONE: Self = 1.0;
    const NAME: &'static str = "double";
    const BYTES: usize = 8;
    const TINY: Self = 1e-290;

    fn of(x: f64) -> Self {
        x
    }
    fn f64(self) -> f64 {
        self
    }
    fn slice(values: &[Self]) -> Slice<'_> {
        Slice::Double(values)
    }
    fn extend_bytes(values: &[Self], bytes: &mut Vec<u8>) {
        bytes.extend(values.iter().flat_map(|x| x.to_le_bytes()));
    }
    fn from_le_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_le_bytes)
    }
}

pub(crate) mod sealed {
    /// Keeps [`Real`](super::Real) to the two precisions, and holds what differs between them.
    pub trait Sealed:
        crate::gemm::dispatch::Product + crate::scratch::Kept + crate::elementary::Elementary
    {
    }
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

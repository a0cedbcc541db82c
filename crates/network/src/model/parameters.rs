//! `Parameters`: a flat vector whose precision is known at run time.

use tanren_tensor::{Real, Slice};

/// A flat parameter vector in the precision it was trained in.
#[derive(Clone, Debug, PartialEq)]
pub enum Parameters {
    /// Single precision.
    Single(Vec<f32>),
    /// Double precision.
    Double(Vec<f64>),
}

impl Parameters {
    /// Takes over a vector.
    #[must_use]
    pub fn new<T: Real>(values: &[T]) -> Self {
        match T::slice(values) {
            Slice::Single(v) => Self::Single(v.to_vec()),
            Slice::Double(v) => Self::Double(v.to_vec()),
        }
    }

    /// The numbers, borrowed.
    #[must_use]
    pub fn slice(&self) -> Slice<'_> {
        match self {
            Self::Single(v) => Slice::Single(v),
            Self::Double(v) => Slice::Double(v),
        }
    }

    /// How many of the numbers are not finite.
    #[must_use]
    pub fn not_finite(&self) -> usize {
        match self {
            Self::Single(v) => v.iter().filter(|x| !x.is_finite()).count(),
            Self::Double(v) => v.iter().filter(|x| !x.is_finite()).count(),
        }
    }

    /// The numbers in precision `T`, rounded where they must be.
    #[must_use]
    pub fn to<T: Real>(&self) -> Vec<T> {
        self.slice().iter().map(T::of).collect()
    }

    /// Run many numbers.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slice().len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The precision as a recipe names it.
    #[must_use]
    pub const fn precision(&self) -> &'static str {
        match self {
            Self::Single(_) => <f32 as Real>::NAME,
            Self::Double(_) => <f64 as Real>::NAME,
        }
    }
}

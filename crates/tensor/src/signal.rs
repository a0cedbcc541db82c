//! Signals: batches of columns, dense or indices.

use crate::{Mat, MatMut, Real, Shape, mat, mat_mut};

/// How many examples a batch has, and how many time steps its sequences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Extent {
    /// Examples.
    pub examples: usize,
    /// Time steps of the sequences among the signals; 1 where there are none.
    pub steps: usize,
}

impl Extent {
    /// A batch without time.
    #[must_use]
    pub const fn examples(examples: usize) -> Self {
        Self { examples, steps: 1 }
    }

    /// Columns of a signal of `shape` in such a batch.
    #[must_use]
    pub const fn columns(self, shape: Shape) -> usize {
        if shape.sequence { self.examples * self.steps } else { self.examples }
    }

    /// Numbers of a dense signal of `shape` in such a batch.
    #[must_use]
    pub const fn len(self, shape: Shape) -> usize {
        shape.features * self.columns(shape)
    }

    /// Whether the batch holds nothing.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.examples * self.steps == 0
    }
}

/// A borrowed dense signal: features × columns, column-major.
#[derive(Clone, Copy, Debug)]
pub struct Signal<'a, T> {
    data: &'a [T],
    features: usize,
}

impl<'a, T: Real> Signal<'a, T> {
    /// The columns of `features` numbers each in `data`.
    #[must_use]
    pub fn new(data: &'a [T], features: usize) -> Self {
        debug_assert!(data.len().is_multiple_of(features));
        Self { data, features }
    }

    /// All numbers, column by column.
    #[must_use]
    pub const fn data(self) -> &'a [T] {
        self.data
    }

    /// Rows.
    #[must_use]
    pub const fn features(self) -> usize {
        self.features
    }

    /// Columns.
    #[must_use]
    pub const fn columns(self) -> usize {
        self.data.len() / self.features
    }

    /// One column.
    #[must_use]
    pub fn column(self, n: usize) -> &'a [T] {
        &self.data[n * self.features..][..self.features]
    }

    /// The columns one after another.
    pub fn iter(self) -> std::slice::ChunksExact<'a, T> {
        self.data.chunks_exact(self.features)
    }

    /// The whole as a matrix.
    #[must_use]
    pub fn matrix(self) -> Mat<'a, T> {
        mat(self.data, self.features, self.columns())
    }
}

/// A mutably borrowed dense signal: features × columns, column-major.
#[derive(Debug)]
pub struct SignalMut<'a, T> {
    data: &'a mut [T],
    features: usize,
}

impl<'a, T: Real> SignalMut<'a, T> {
    /// The columns of `features` numbers each in `data`.
    #[must_use]
    pub fn new(data: &'a mut [T], features: usize) -> Self {
        debug_assert!(data.len().is_multiple_of(features));
        Self { data, features }
    }

    /// The same signal, read only.
    #[must_use]
    pub fn read(&self) -> Signal<'_, T> {
        Signal::new(self.data, self.features)
    }

    /// The same signal, borrowed for a shorter time.
    #[must_use]
    pub fn reborrow(&mut self) -> SignalMut<'_, T> {
        SignalMut { data: self.data, features: self.features }
    }

    /// All numbers, column by column.
    #[must_use]
    pub fn data(&mut self) -> &mut [T] {
        self.data
    }

    /// All numbers, for as long as the signal was borrowed.
    #[must_use]
    pub fn into_data(self) -> &'a mut [T] {
        self.data
    }

    /// Rows.
    #[must_use]
    pub const fn features(&self) -> usize {
        self.features
    }

    /// Columns.
    #[must_use]
    pub const fn columns(&self) -> usize {
        self.data.len() / self.features
    }

    /// One column.
    #[must_use]
    pub fn column(&mut self, n: usize) -> &mut [T] {
        &mut self.data[n * self.features..][..self.features]
    }

    /// The columns one after another.
    pub fn iter_mut(&mut self) -> std::slice::ChunksExactMut<'_, T> {
        self.data.chunks_exact_mut(self.features)
    }

    /// The whole as a matrix.
    #[must_use]
    pub fn matrix(&mut self) -> MatMut<'_, T> {
        let columns = self.columns();
        mat_mut(self.data, self.features, columns)
    }
}

/// Borrowed indices: one per column, each below `levels`.
#[derive(Clone, Copy, Debug)]
pub struct Indices<'a> {
    /// One index per column.
    pub data: &'a [u32],
    /// All indices are below this.
    pub levels: usize,
}

/// What enters a layer or stands as a target: numbers, or indices as one-hot columns written short.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a, T> {
    /// Numbers.
    Dense(Signal<'a, T>),
    /// One index per column.
    Indices(Indices<'a>),
}

impl<'a, T: Real> Input<'a, T> {
    /// Columns.
    #[must_use]
    pub const fn columns(&self) -> usize {
        match self {
            Self::Dense(signal) => signal.columns(),
            Self::Indices(indices) => indices.data.len(),
        }
    }

    /// The numbers of a dense input.
    ///
    /// # Panics
    /// For indices. A layer that does not take indices refuses their shape in `Layer::output`, so
    /// its kernel never meets them.
    #[must_use]
    pub fn dense(&self) -> Signal<'a, T> {
        match self {
            Self::Dense(signal) => *signal,
            Self::Indices(_) => unreachable!("indices were refused when the network was assembled"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_a_block_of_columns() {
        let shape = Shape::sequence(2);
        let extent = Extent { examples: 3, steps: 4 };
        assert_eq!((extent.columns(shape), extent.len(shape)), (12, 24));
        let data: Vec<f32> = (0..24).map(|i| i as f32).collect();
        let signal = Signal::new(&data, 2);
        assert_eq!(signal.column(4), [8.0, 9.0]); // step 1, example 1
        assert_eq!(signal.matrix()[(1, 4)], 9.0);
        assert_eq!(extent.columns(Shape::vector(2)), 3);
    }
}

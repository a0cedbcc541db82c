//! `Products`: how the matrix products of a network are formed.

use crate::{BlockView, Layout};
use std::fmt;
use tanren_tensor::{
    Mat, MatMut, Real, Signal, SignalMut, Write, gemm, gemm_affine, gemm_stationary, mat,
    repeat_column, transposed,
};

/// The left operand of a product: weights as their layer sees them.
#[derive(Clone, Copy, Debug)]
pub struct Operand<'a, T: Real> {
    /// The numbers.
    pub matrix: Mat<'a, T>,
    /// The block they are; `None` for numbers that are no parameters, or parameters a wrapper or
    /// noise has changed.
    pub block: Option<&'a BlockView>,
}

impl<T: Real> Operand<'_, T> {
    /// The same weights in `other`, a vector with the same layout, which [`Products::prepare`] may
    /// have filled. `None` when they are no block.
    #[must_use]
    pub fn within<'b>(&self, other: &'b [T]) -> Option<Mat<'b, T>> {
        let view = self.block?;
        let matrix = mat(&other[view.range.clone()], view.rows, view.cols);
        Some(if view.transposed { transposed(matrix) } else { matrix })
    }
}

/// How the matrix products of a network are formed: as they are ([`Plain`]), of rounded operands, in
/// another number format. A [`Pass`](crate::Pass) and its parameters carry it to the layers.
///
/// Only [`Products::product`] must be written. The others say what a product is for, so that weights
/// may be prepared once for all their products, or gradients be treated differently.
pub trait Products<T: Real>: fmt::Debug + Send + Sync {
    /// `C = A B`, or `C += A B`.
    fn product(&self, write: Write, a: Mat<'_, T>, b: Mat<'_, T>, c: MatMut<'_, T>);

    /// Called before every forward pass with the parameters of the evaluation. A block keeps them
    /// until no product needs it any more.
    fn prepare(&mut self, _layout: &Layout, _parameters: &[T]) {}

    /// `Z = W X`, or `Z += W X`: weights by a signal.
    fn times(&self, write: Write, w: Operand<'_, T>, x: Signal<'_, T>, z: &mut SignalMut<'_, T>) {
        self.product(write, w.matrix, x.matrix(), z.matrix());
    }

    /// `Z = b 1ᵀ + W X`: weights by a signal, and a bias.
    fn affine(&self, b: &[T], w: Operand<'_, T>, x: Signal<'_, T>, z: &mut SignalMut<'_, T>) {
        repeat_column(b, z);
        self.times(Write::Add, w, x, z);
    }

    /// `∂X = Wᵀ ∂Z`, or `∂X += Wᵀ ∂Z`: the gradient of an input.
    fn transposed_times(
        &self,
        write: Write,
        w: Operand<'_, T>,
        dz: Signal<'_, T>,
        dx: &mut SignalMut<'_, T>,
    ) {
        self.product(write, transposed(w.matrix), dz.matrix(), dx.matrix());
    }

    /// `∂W = ∂Z Xᵀ`, or `∂W += ∂Z Xᵀ`: the gradient of weights.
    fn outer(&self, write: Write, dz: Mat<'_, T>, x: Mat<'_, T>, dw: MatMut<'_, T>) {
        self.product(write, dz, transposed(x), dw);
    }

    /// Whether [`Products::outer`] is [`gemm`] and nothing else, so that the step may form the
    /// product itself, part by part.
    fn deferrable(&self) -> bool {
        false
    }
}

/// Products of the numbers as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Plain;

impl<T: Real> Products<T> for Plain {
    fn product(&self, write: Write, a: Mat<'_, T>, b: Mat<'_, T>, c: MatMut<'_, T>) {
        gemm(write, a, b, c);
    }

    fn times(&self, write: Write, w: Operand<'_, T>, x: Signal<'_, T>, z: &mut SignalMut<'_, T>) {
        gemm_stationary(write, w.matrix, x, z);
    }

    fn affine(&self, b: &[T], w: Operand<'_, T>, x: Signal<'_, T>, z: &mut SignalMut<'_, T>) {
        gemm_affine(b, w.matrix, x, z);
    }

    fn deferrable(&self) -> bool {
        true
    }
}

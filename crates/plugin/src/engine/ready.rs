//! `Ready`: a block whose gradient is complete, while the others' are still being computed.

use crate::{Clock, Layout, Precision};
use tanren_tensor::{Mat, Write, gemm, mat_mut};

/// A trainable block whose gradient is complete.
#[derive(Debug)]
pub struct Ready<'a, T> {
    /// Its index in [`Layout::blocks`].
    pub block: usize,
    /// Its parameters, which may be changed now.
    pub parameters: &'a mut [T],
    /// Its gradient.
    pub gradient: Gradient<'a, T>,
}

/// The gradient of a block, or what it is made of.
#[derive(Debug)]
pub enum Gradient<'a, T> {
    /// The numbers, penalties included.
    Written(&'a mut [T]),
    /// A product that has not been formed yet: the step can form it piece by piece, and never write
    /// the gradient to memory. The block's penalties are not in it.
    Product {
        /// The left operand: as many rows as the block.
        left: Mat<'a, T>,
        /// The right operand: as many columns as the block.
        right: Mat<'a, T>,
        /// Where the gradient goes if all of it is needed.
        whole: &'a mut [T],
    },
}

impl<'a, T: Precision> Ready<'a, T> {
    /// Its parameters, and its whole gradient with the penalties at `clock`, which is formed here if it has not been.
    #[must_use]
    pub fn whole(self, layout: &Layout, clock: Clock) -> (&'a mut [T], &'a mut [T]) {
        let (parameters, block) = (self.parameters, &layout.blocks()[self.block]);
        let gradient = match self.gradient {
            Gradient::Written(gradient) => gradient,
            Gradient::Product { left, right, whole } => {
                gemm(Write::Overwrite, left, right, mat_mut(whole, block.rows, block.cols));
                for penalty in &block.penalties {
                    penalty.kernels().at::<T>().add_gradient(clock, block, parameters, whole);
                }
                whole
            }
        };
        (parameters, gradient)
    }
}

//! `Formed`: a gradient that is a product, for benchmarks of what follows it.

use tanren::plugin::engine::{Gradient, Ready};
use tanren::plugin::{Ask, Evaluation, Layout, Objective, Offers};
use tanren::tensor::{Mat, Write, gemm, mat, mat_mut};

/// The gradient of one matrix of weights on a batch, ∂Z Xᵀ. A step forms it part by part, and never writes it
/// to memory.
pub(crate) struct Formed {
    layout: Layout,
    /// ∂Z, outputs × examples.
    left: Vec<f32>,
    /// Xᵀ, examples × inputs.
    right: Vec<f32>,
}

impl Formed {
    /// Of a layout of one block.
    pub(crate) fn new(layout: &Layout, left: Vec<f32>, right: Vec<f32>) -> Self {
        Self { layout: layout.clone(), left, right }
    }

    fn operands(&self) -> [Mat<'_, f32>; 2] {
        let block = &self.layout.blocks()[0];
        let examples = self.left.len() / block.rows;
        [mat(&self.left, block.rows, examples), mat(&self.right, examples, block.cols)]
    }
}

impl Objective<f32> for Formed {
    fn offers(&self) -> Offers {
        Offers::GRADIENT
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn evaluate(&mut self, _: &[f32], ask: Ask<'_, f32>) -> Evaluation {
        let ([left, right], block) = (self.operands(), &self.layout.blocks()[0]);
        if let Some(gradient) = ask.gradient {
            gemm(Write::Overwrite, left, right, mat_mut(gradient, block.rows, block.cols));
        }
        Evaluation::default()
    }

    fn sweep(
        &mut self,
        parameters: &mut [f32],
        whole: &mut [f32],
        begin: &mut dyn FnMut(&Evaluation) -> bool,
        ready: &mut dyn FnMut(Ready<'_, f32>),
    ) -> Evaluation {
        let evaluation = Evaluation::default();
        if begin(&evaluation) {
            let [left, right] = self.operands();
            let gradient = Gradient::Product { left, right, whole };
            ready(Ready { block: 0, parameters, gradient });
        }
        evaluation
    }
}

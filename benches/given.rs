//! `Given`: a gradient that stands in memory, for benchmarks of what follows it.

use tanren::plugin::engine::{Gradient, Ready};
use tanren::plugin::{Ask, Evaluation, Layout, Objective, Offers};

/// The same gradient wherever the parameters are.
///
/// It is handed on block by block in a buffer as large as the largest block, because a step overwrites what it
/// is given: so the gradient itself is only read.
pub(crate) struct Given {
    layout: Layout,
    pub(crate) gradient: Vec<f32>,
    buffer: Vec<f32>,
}

impl Given {
    pub(crate) fn new(layout: &Layout, gradient: Vec<f32>) -> Self {
        let largest = layout.blocks().iter().map(|block| block.range.len()).max();
        Self { layout: layout.clone(), gradient, buffer: vec![0.0; largest.unwrap_or(0)] }
    }
}

impl Objective<f32> for Given {
    fn offers(&self) -> Offers {
        Offers::GRADIENT
    }

    fn layout(&self) -> &Layout {
        &self.layout
    }

    fn evaluate(&mut self, _: &[f32], ask: Ask<'_, f32>) -> Evaluation {
        ask.gradient.into_iter().for_each(|gradient| gradient.copy_from_slice(&self.gradient));
        Evaluation::default()
    }

    fn sweep(
        &mut self,
        parameters: &mut [f32],
        _: &mut [f32],
        begin: &mut dyn FnMut(&Evaluation) -> bool,
        ready: &mut dyn FnMut(Ready<'_, f32>),
    ) -> Evaluation {
        let evaluation = Evaluation::default();
        let go = begin(&evaluation);
        let blocks = self.layout.blocks().iter().enumerate();
        for (index, block) in blocks.filter(|(_, block)| go && block.trainable()) {
            let buffer = &mut self.buffer[..block.range.len()];
            buffer.copy_from_slice(&self.gradient[block.range.clone()]);
            let parameters = &mut parameters[block.range.clone()];
            ready(Ready { block: index, parameters, gradient: Gradient::Written(buffer) });
        }
        evaluation
    }
}

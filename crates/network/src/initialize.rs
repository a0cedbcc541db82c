//! Initial parameters: a function of the seed and the block's name.

use crate::Network;
use tanren_plugin::Seed;
use tanren_tensor::Real;

impl Network {
    /// The initial flat vector. Drawn in double precision and rounded, each block from the stream
    /// of its own name, so that both precisions, and networks that share a block, start alike.
    #[must_use]
    pub fn initialize<T: Real>(&self, seed: Seed) -> Vec<T> {
        let stream = seed.stream("init");
        let mut parameters = vec![T::ZERO; self.layout.len()];
        for block in self.layout.blocks() {
            let mut values = vec![0.0; block.range.len()];
            let mut draws = stream.named(&block.path()).sample(0);
            if let Some(init) = &block.init {
                init.fill(block.fan, block.rows, &mut draws, &mut values);
            }
            for (p, v) in parameters[block.range.clone()].iter_mut().zip(values) {
                *p = T::of(v);
            }
        }
        parameters
    }
}

//! `CarryBuffers`: what recurrent nodes remember between the segments of long sequences.

use crate::Network;
use tanren_tensor::Real;

/// What recurrent nodes remember between segments, node by node: (carry size) × examples numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CarryBuffers<T> {
    /// What the next segment starts from.
    pub incoming: Vec<Vec<T>>,
    /// What the last pass left.
    pub outgoing: Vec<Vec<T>>,
    /// What the pass left whose step is taken, whatever probes of a search ran since.
    pub kept: Vec<Vec<T>>,
}

impl<T: Real> CarryBuffers<T> {
    /// Zeros, as at the start of sequences.
    #[must_use]
    pub fn new(network: &Network, examples: usize) -> Self {
        let zeros: Vec<Vec<T>> =
            network.nodes.iter().map(|n| vec![T::ZERO; n.carry * examples]).collect();
        Self { incoming: zeros.clone(), outgoing: zeros.clone(), kept: zeros }
    }

    /// Makes what the last pass left the start of the next segment.
    pub fn commit(&mut self) {
        std::mem::swap(&mut self.incoming, &mut self.outgoing);
    }

    /// Begins a segment: `from` what an earlier one left, if that fits, or from zeros.
    pub fn begin(&mut self, network: &Network, examples: usize, from: Option<&[Vec<T>]>) {
        let lengths = || network.nodes.iter().map(|n| n.carry * examples);
        let fit = |part: &[Vec<T>]| part.iter().map(Vec::len).eq(lengths());
        for part in [&mut self.incoming, &mut self.outgoing, &mut self.kept] {
            part.resize_with(network.nodes.len(), Vec::new);
            part.iter_mut().zip(lengths()).for_each(|(carry, len)| carry.resize(len, T::ZERO));
        }
        match from.filter(|from| fit(from)) {
            Some(from) => {
                self.incoming.iter_mut().zip(from).for_each(|(c, f)| c.copy_from_slice(f))
            }
            None => self.incoming.iter_mut().for_each(|carry| carry.fill(T::ZERO)),
        }
    }
}

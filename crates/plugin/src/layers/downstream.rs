//! `Downstream`: where the gradients of a node's inputs go.

use std::ops::Range;
use tanren_tensor::{Extent, Real, Shape, SignalMut, Write};

/// Where the gradient of one input goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Index of the buffer; `None` when this gradient is not needed.
    pub buffer: Option<usize>,
    /// Shape of the input.
    pub shape: Shape,
    /// Whether this node is the first to write there.
    pub write: Write,
}

/// Where gradients go.
#[derive(Debug)]
enum Place<'a, T> {
    /// The edges of a node and the buffers of the nodes below.
    Edges(&'a mut [Vec<T>], &'a [Edge]),
    /// The shapes of the inputs, and room for their gradients one after the other.
    Packed(&'a mut [T], &'a [Shape]),
    /// They are not needed.
    Nowhere,
}

/// Gradients with respect to the inputs of a node: where each goes, and how to write it.
///
/// A kernel serves them in ascending order: where two inputs come from one node, the first
/// overwrites and the second adds.
#[derive(Debug)]
pub struct Downstream<'a, T> {
    place: Place<'a, T>,
    extent: Extent,
    /// Whether all is added to what is there.
    adding: bool,
}

impl<'a, T: Real> Downstream<'a, T> {
    /// The `edges` of one node into `buffers` that are long enough for `extent`.
    #[must_use]
    pub const fn new(buffers: &'a mut [Vec<T>], edges: &'a [Edge], extent: Extent) -> Self {
        Self { place: Place::Edges(buffers, edges), extent, adding: false }
    }

    /// The gradients of all dense inputs of these shapes, to be written into `data` one after the
    /// other. For layers that look at an inner layer's gradients before passing them on.
    #[must_use]
    pub const fn packed(data: &'a mut [T], shapes: &'a [Shape], extent: Extent) -> Self {
        Self { place: Place::Packed(data, shapes), extent, adding: false }
    }

    /// None of these gradients is needed.
    #[must_use]
    pub const fn unwanted() -> Self {
        Self { place: Place::Nowhere, extent: Extent::examples(0), adding: false }
    }

    /// The gradient of input `i`, and how to write it; `None` when it is not needed.
    #[must_use]
    pub fn get(&mut self, i: usize) -> Option<(Write, SignalMut<'_, T>)> {
        let (write, data, shape) = match &mut self.place {
            Place::Edges(buffers, edges) => {
                let edge = edges[i];
                (edge.write, buffers[edge.buffer?].as_mut_slice(), edge.shape)
            }
            Place::Packed(data, shapes) => {
                let start = packed(&shapes[..i], self.extent);
                (Write::Overwrite, &mut data[start..], shapes[i])
            }
            Place::Nowhere => return None,
        };
        if shape.indices {
            return None;
        }
        let write = if self.adding { Write::Add } else { write };
        Some((write, SignalMut::new(&mut data[..self.extent.len(shape)], shape.features)))
    }

    /// Whether the gradient of input `i` is needed.
    #[must_use]
    pub fn wanted(&mut self, i: usize) -> bool {
        self.get(i).is_some()
    }

    /// The same, for an inner layer.
    #[must_use]
    pub fn reborrow(&mut self) -> Downstream<'_, T> {
        let place = match &mut self.place {
            Place::Edges(buffers, edges) => Place::Edges(buffers, edges),
            Place::Packed(data, shapes) => Place::Packed(data, shapes),
            Place::Nowhere => Place::Nowhere,
        };
        Downstream { place, extent: self.extent, adding: self.adding }
    }

    /// The same, for a second inner layer that reads the same inputs: it adds to what the first has
    /// written.
    #[must_use]
    pub fn adding(self) -> Self {
        Self { adding: true, ..self }
    }

    /// The gradients of some of the inputs, for an inner layer that reads only these.
    #[must_use]
    pub fn inputs(self, range: Range<usize>) -> Self {
        let place = match self.place {
            Place::Edges(buffers, edges) => Place::Edges(buffers, &edges[range]),
            Place::Packed(data, shapes) => {
                let start = packed(&shapes[..range.start], self.extent);
                Place::Packed(&mut data[start..], &shapes[range])
            }
            Place::Nowhere => Place::Nowhere,
        };
        Self { place, ..self }
    }
}

/// Numbers in the gradients of dense inputs of these shapes.
fn packed(shapes: &[Shape], extent: Extent) -> usize {
    shapes.iter().filter(|shape| !shape.indices).map(|&shape| extent.len(shape)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `get` gives: how to write, and the numbers that are there.
    fn seen(mut downstream: Downstream<'_, f32>, i: usize) -> Option<(Write, Vec<f32>)> {
        downstream.get(i).map(|(write, mut signal)| (write, signal.data().to_vec()))
    }

    #[test]
    fn packed_gradients_lie_one_after_the_other() {
        let shapes = [Shape::vector(2), Shape::index(9), Shape::sequence(1)];
        let extent = Extent { examples: 1, steps: 3 };
        let mut data = [1.0, 2.0, 3.0, 4.0, 5.0];
        let mut all = Downstream::packed(&mut data, &shapes, extent);
        assert_eq!(seen(all.reborrow(), 0), Some((Write::Overwrite, vec![1.0, 2.0])));
        assert_eq!(seen(all.reborrow(), 1), None);
        let last = Some((Write::Overwrite, vec![3.0, 4.0, 5.0]));
        assert_eq!(seen(all.reborrow(), 2), last);
        assert_eq!(seen(all.reborrow().inputs(1..3), 1), last);
        assert_eq!(seen(all.reborrow().inputs(0..1).adding(), 0).unwrap().0, Write::Add);
        assert!(all.wanted(0) && !all.wanted(1));
        assert!(!Downstream::<f32>::unwanted().wanted(0));
    }

    #[test]
    fn edges_keep_their_buffers() {
        let shape = Shape::vector(1);
        let edge = |buffer, write| Edge { buffer, shape, write };
        let edges = [
            edge(Some(1), Write::Overwrite),
            edge(None, Write::Overwrite),
            edge(Some(0), Write::Add),
        ];
        let mut buffers = [vec![1.0], vec![2.0]];
        let mut all = Downstream::new(&mut buffers, &edges, Extent::examples(1));
        assert_eq!(seen(all.reborrow(), 0), Some((Write::Overwrite, vec![2.0])));
        assert_eq!(seen(all.reborrow().adding(), 0), Some((Write::Add, vec![2.0])));
        let mut rest = all.inputs(1..3);
        assert!(!rest.wanted(0));
        assert_eq!(seen(rest, 1), Some((Write::Add, vec![1.0])));
    }
}

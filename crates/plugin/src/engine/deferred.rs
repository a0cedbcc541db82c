//! `Deferred`: gradients of weights that are formed when the step is taken.

use std::cell::Cell;

/// The gradient of a node's block `view`: its upstream gradient by the transposed input `input`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outer {
    /// The block, by its place in [`Layer::params`](crate::Layer::params).
    pub view: usize,
    /// The input, which is dense.
    pub input: usize,
}

/// Products that a node's backward pass has left to be formed; see
/// [`Backward::outer_product`](crate::Backward::outer_product).
#[derive(Debug, Default)]
pub struct Deferred {
    products: Cell<[Option<Outer>; Self::MOST]>,
}

impl Deferred {
    const MOST: usize = 4;

    /// Takes a product, if there is room.
    pub(crate) fn push(&self, outer: Outer) -> bool {
        let mut products = self.products.get();
        let room = products.iter_mut().find(|place| place.is_none());
        let taken = room.map(|place| *place = Some(outer)).is_some();
        self.products.set(products);
        taken
    }

    /// The products, in the order in which they came.
    pub fn products(&self) -> impl Iterator<Item = Outer> + use<> {
        self.products.get().into_iter().flatten()
    }
}

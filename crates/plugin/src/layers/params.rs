//! Matrix views of a node's blocks: parameters to read, gradients to write.

use crate::engine::{Operand, Plain, Products};
use crate::{BlockKind, BlockView};
use std::ops::Range;
use tanren_tensor::{
    Mat, MatMut, Real, Signal, SignalMut, Write, add_columns, mat, mat_mut, repeat_column,
    transposed, transposed_mut,
};

/// Where view `i` lies: in the flat vector, or, packed, one view after the other.
fn range(views: &[BlockView], packed: bool, i: usize) -> Range<usize> {
    let range = &views[i].range;
    let start = if packed { start(views, packed, i) } else { range.start };
    start..start + range.len()
}

/// Where the numbers of the views from `i` on begin: packed, behind those of the views before.
fn start(views: &[BlockView], packed: bool, i: usize) -> usize {
    if packed { views[..i].iter().map(|v| v.range.len()).sum() } else { 0 }
}

/// The parameters and statistics of one node, in the order of [`Layer::params`](crate::Layer::params).
#[derive(Clone, Copy, Debug)]
pub struct Params<'a, T: Real> {
    data: &'a [T],
    views: &'a [BlockView],
    packed: bool,
    products: &'a dyn Products<T>,
}

impl<'a, T: Real> Params<'a, T> {
    /// The `views` of a flat vector.
    #[must_use]
    pub const fn new(data: &'a [T], views: &'a [BlockView]) -> Self {
        Self { data, views, packed: false, products: &Plain }
    }

    /// The same blocks, whose products are formed in this way. For engines.
    #[must_use]
    pub const fn by(self, products: &'a dyn Products<T>) -> Self {
        Self { products, ..self }
    }

    /// The same blocks with other numbers, which lie in `data` one block after the other. For
    /// layers that hand changed weights to an inner layer.
    #[must_use]
    pub const fn packed<'b>(&self, data: &'b [T]) -> Params<'b, T>
    where
        'a: 'b,
    {
        Params { data, packed: true, ..*self }
    }

    /// Some of the blocks: those of an inner layer, which counts them from 0.
    #[must_use]
    pub fn blocks(&self, blocks: Range<usize>) -> Self {
        let start = start(self.views, self.packed, blocks.start);
        Self { data: &self.data[start..], views: &self.views[blocks], ..*self }
    }

    /// Block `i` as a matrix of the rows and columns the layer asked for.
    #[must_use]
    pub fn matrix(&self, i: usize) -> Mat<'a, T> {
        let view = &self.views[i];
        let matrix = mat(self.slice(i), view.rows, view.cols);
        if view.transposed { transposed(matrix) } else { matrix }
    }

    /// `Z = W X`, or `Z += W X`, with block `i` as W.
    pub fn times(&self, i: usize, write: Write, x: Signal<'_, T>, z: &mut SignalMut<'_, T>) {
        self.products.times(write, self.operand(i), x, z);
    }

    /// `Z = b 1ᵀ + W X`, with block `bias` as b and block `i` as W.
    pub fn affine(&self, i: usize, bias: usize, x: Signal<'_, T>, z: &mut SignalMut<'_, T>) {
        self.products.affine(self.slice(bias), self.operand(i), x, z);
    }

    /// `∂X = Wᵀ ∂Z`, or `∂X += Wᵀ ∂Z`, with block `i` as W.
    pub fn transposed_times(
        &self,
        i: usize,
        write: Write,
        dz: Signal<'_, T>,
        dx: &mut SignalMut<'_, T>,
    ) {
        self.products.transposed_times(write, self.operand(i), dz, dx);
    }

    /// `Z = b 1ᵀ`, with block `i` as b: every column becomes the bias.
    pub fn repeat(&self, i: usize, z: &mut SignalMut<'_, T>) {
        repeat_column(self.slice(i), z);
    }

    fn operand(&self, i: usize) -> Operand<'a, T> {
        let block = (!self.packed).then_some(&self.views[i]);
        Operand { matrix: self.matrix(i), block }
    }

    /// The numbers of block `i` as they are stored: column-major, before any transposition.
    #[must_use]
    pub fn slice(&self, i: usize) -> &'a [T] {
        &self.data[range(self.views, self.packed, i)]
    }

    /// How many blocks there are.
    #[must_use]
    pub const fn count(&self) -> usize {
        self.views.len()
    }

    /// How the node sees its blocks.
    #[must_use]
    pub const fn views(&self) -> &'a [BlockView] {
        self.views
    }

    /// Numbers in all blocks together.
    #[must_use]
    pub fn len(&self) -> usize {
        self.views.iter().map(|v| v.range.len()).sum()
    }

    /// Whether the node has no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Where the gradients of one node go, and the next values of its statistics.
///
/// A kernel writes them in ascending order: where two views are of one block, the first overwrites
/// and the second adds.
#[derive(Debug)]
pub struct Grads<'a, T> {
    data: &'a mut [T],
    views: &'a [BlockView],
    packed: bool,
    wanted: bool,
}

impl<'a, T: Real> Grads<'a, T> {
    /// The `views` of a flat gradient vector.
    #[must_use]
    pub const fn new(data: &'a mut [T], views: &'a [BlockView]) -> Self {
        Self { data, views, packed: false, wanted: true }
    }

    /// None of the gradients of these `views` is needed.
    #[must_use]
    pub const fn unwanted(views: &'a [BlockView]) -> Self {
        Self { data: &mut [], views, packed: false, wanted: false }
    }

    /// Gradients of the same blocks, to be written into `data` one block after the other. For
    /// layers that look at an inner layer's gradients before passing them on.
    #[must_use]
    pub const fn packed<'b>(&self, data: &'b mut [T]) -> Grads<'b, T>
    where
        'a: 'b,
    {
        Grads { data, views: self.views, packed: true, wanted: self.wanted }
    }

    /// The same, for an inner layer.
    #[must_use]
    pub const fn reborrow(&mut self) -> Grads<'_, T> {
        let Self { views, packed, wanted, .. } = *self;
        Grads { data: self.data, views, packed, wanted }
    }

    /// The gradients of some of the blocks: those of an inner layer, which counts them from 0.
    #[must_use]
    pub fn blocks(self, blocks: Range<usize>) -> Self {
        let start = start(self.views, self.packed, blocks.start);
        Self { data: &mut self.data[start..], views: &self.views[blocks], ..self }
    }

    /// The gradient of block `i` as a matrix, and how to write it; `None` when it is not needed.
    #[must_use]
    pub fn matrix(&mut self, i: usize) -> Option<(Write, MatMut<'_, T>)> {
        let view = &self.views[i];
        let (write, data) = self.slice(i)?;
        let matrix = mat_mut(data, view.rows, view.cols);
        Some((write, if view.transposed { transposed_mut(matrix) } else { matrix }))
    }

    /// The gradient of block `i` as it is stored, and how to write it; `None` when it is not needed.
    #[must_use]
    pub fn slice(&mut self, i: usize) -> Option<(Write, &mut [T])> {
        let view = &self.views[i];
        let write = if self.packed { Write::Overwrite } else { view.write };
        let wanted = self.wants(view) && view.kind != BlockKind::Statistic;
        let range = range(self.views, self.packed, i);
        wanted.then(|| (write, &mut self.data[range]))
    }

    /// `∂b = ∂Z 1`, the sum of the columns, with block `i` as b; nothing, where it is not needed.
    pub fn add_columns(&mut self, i: usize, dz: Signal<'_, T>) {
        if let Some((write, db)) = self.slice(i) {
            add_columns(write, dz, db);
        }
    }

    /// Whether the gradient of block `i` is just what this node writes there: no other node writes
    /// it, and it lies in the flat vector as the node sees it.
    pub(crate) fn alone(&self, i: usize) -> bool {
        let view = &self.views[i];
        let wanted = self.wants(view) && view.kind != BlockKind::Statistic;
        wanted && view.alone && !view.transposed && !self.packed
    }

    /// The next value of statistic `i`, at present the current one; `None` when it must not change.
    #[must_use]
    pub fn statistic(&mut self, i: usize) -> Option<&mut [T]> {
        let view = &self.views[i];
        let wanted = self.wants(view) && view.kind == BlockKind::Statistic;
        let range = range(self.views, self.packed, i);
        wanted.then(|| &mut self.data[range])
    }

    const fn wants(&self, view: &BlockView) -> bool {
        self.wanted && !view.fixed
    }
}

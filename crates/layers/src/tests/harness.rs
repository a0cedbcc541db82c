//! One layer, run forward and backward by hand.

use std::ops::Range;
use tanren_plugin::{
    Backward, Batch, BlockKind, BlockView, Clock, Downstream, Edge, Forward, Grads, Layer, Mode,
    Params, Pass, Precision, Weights,
};
use tanren_tensor::{Extent, Input, Shape, Signal, SignalMut, Stream, Write};

/// A layer between inputs of the given shapes.
pub(super) struct Harness<'a> {
    pub(super) layer: &'a dyn Layer,
    pub(super) shapes: Vec<Shape>,
    pub(super) extent: Extent,
    /// How gradients are written; the buffers hold 1 before.
    pub(super) write: Write,
    /// Whether the layer sees the transpose of every block.
    pub(super) transposed: bool,
    pub(super) frozen: bool,
    pub(super) mode: Mode,
    pub(super) clock: Clock,
    /// What each column counts, where that is not 1.
    pub(super) weights: Option<Vec<f64>>,
}

/// What came out: the output, gradients of the inputs and of the flat parameters.
#[derive(Debug, PartialEq)]
pub(super) struct Results<T> {
    pub(super) y: Vec<T>,
    pub(super) dx: Vec<Vec<T>>,
    pub(super) dp: Vec<T>,
}

impl<'a> Harness<'a> {
    pub(super) fn new(layer: &'a dyn Layer, shapes: &[Shape], extent: Extent) -> Self {
        let (shapes, write) = (shapes.to_vec(), Write::Overwrite);
        let (mode, clock, weights) = (Mode::Training, Clock::default(), None);
        let (transposed, frozen) = (false, false);
        Self { layer, shapes, extent, write, transposed, frozen, mode, clock, weights }
    }

    fn views(&self) -> Vec<BlockView> {
        let mut end = 0;
        let view = |(block, spec): (usize, tanren_plugin::ParamSpec)| {
            let range: Range<usize> = end..end + spec.len();
            end = range.end;
            let (transposed, frozen, kind, write) =
                (self.transposed, self.frozen, spec.kind, self.write);
            let (rows, cols) =
                if transposed { (spec.cols, spec.rows) } else { (spec.rows, spec.cols) };
            BlockView {
                block,
                range,
                rows,
                cols,
                transposed,
                write,
                fixed: frozen,
                alone: true,
                kind,
            }
        };
        self.layer.params(&self.shapes).into_iter().enumerate().map(view).collect()
    }

    /// One pass in each direction over `inputs`, from parameters `p` and ∂output `dy`.
    pub(super) fn run<T: Precision>(
        &self,
        p: &[T],
        inputs: &[Input<'_, T>],
        dy: &[T],
    ) -> Results<T> {
        let (nan, layer, extent) = (T::of(f64::NAN), self.layer, self.extent);
        let shape = layer.output(&self.shapes).unwrap();
        let (views, memory) = (self.views(), layer.memory(&self.shapes, extent));
        assert_eq!(p.len(), views.last().map_or(0, |v| v.range.end), "parameters");
        let samples: Vec<u64> = (0..extent.examples as u64).collect();
        let counts: Option<Vec<T>> =
            self.weights.as_ref().map(|w| w.iter().map(|&w| T::of(w)).collect());
        let counts = counts.as_deref();
        let weights = Weights { examples: counts, columns: counts, mask: None };
        let batch = Batch { weights, ..Batch::new(extent, &samples) };
        let stream = Stream::new(0, "test").at(0, self.clock.epoch);
        let pass = Pass::new(&batch, self.mode, self.clock, stream).between(&self.shapes, shape);
        let params = Params::new(p, &views);
        let (mut tape, mut scratch) = (vec![nan; memory.tape], vec![nan; memory.scratch]);
        let mut y = vec![nan; extent.len(shape)];
        let output = SignalMut::new(&mut y, shape.features);
        let forward = Forward::new(&pass, params, inputs, output);
        layer.kernels().at::<T>().forward(forward.tape(&mut tape).scratch(&mut scratch));

        let before = if self.write == Write::Add { T::ONE } else { nan };
        let mut dp = vec![before; p.len()];
        // Statistics begin as they are.
        for view in views.iter().filter(|view| view.kind == BlockKind::Statistic) {
            dp[view.range.clone()].copy_from_slice(&p[view.range.clone()]);
        }
        let mut dx: Vec<Vec<T>> =
            self.shapes.iter().map(|&shape| vec![before; extent.len(shape)]).collect();
        let edge = |(i, &shape): (usize, &Shape)| Edge {
            buffer: (!shape.indices).then_some(i),
            shape,
            write: self.write,
        };
        let edges: Vec<Edge> = self.shapes.iter().enumerate().map(edge).collect();
        scratch.fill(nan);
        let mut upstream = dy.to_vec();
        let upstream = SignalMut::new(&mut upstream, shape.features);
        let output = Signal::new(&y, shape.features);
        let backward = Backward::new(&pass, params, inputs, output, upstream)
            .tape(&mut tape)
            .scratch(&mut scratch)
            .downstream(Downstream::new(&mut dx, &edges, extent))
            .grads(Grads::new(&mut dp, &views));
        layer.kernels().at::<T>().backward(backward);
        Results { y, dx, dp }
    }
}

/// Numbers without pattern, in about ±1.5.
pub(super) fn noise<T: Precision>(seed: u64, len: usize) -> Vec<T> {
    let mut draws = Stream::new(seed, "noise").sample(0);
    (0..len).map(|_| T::of(3.0 * draws.uniform() - 1.5)).collect()
}

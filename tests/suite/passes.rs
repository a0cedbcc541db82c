//! A forward and a backward pass of one layer over a batch of sequences, or over a segment of them.

use tanren::plugin::{
    Backward, Batch, BlockView, Carry, Clock, Downstream, Forward, Grads, Layer, Mode, Params,
    Pass, Precision, StateGradient, Weights,
};
use tanren::tensor::{Extent, Input, Real, Shape, Signal, SignalMut, Stream, mat};

/// Where random numbers of the layer come from.
pub(crate) fn stream() -> Stream {
    Stream::new(0, "reference")
}

/// What a layer is handed. Signals lie step by step.
#[derive(Clone, Debug)]
pub(crate) struct Sequences<T> {
    pub(crate) extent: Extent,
    pub(crate) samples: Vec<u64>,
    pub(crate) x: Vec<T>,
    /// One number for each example and step: 0 where the sequence has ended.
    pub(crate) mask: Vec<T>,
    /// The steps that came before, and what was carried on from there.
    pub(crate) first: usize,
    pub(crate) start: Vec<T>,
    /// After how many steps the next segment begins.
    pub(crate) after: usize,
    pub(crate) dy: Vec<T>,
}

/// What it makes of that.
#[derive(Clone, Debug)]
pub(crate) struct Passed<T> {
    pub(crate) y: Vec<T>,
    /// What it carries on.
    pub(crate) last: Vec<T>,
    /// Of all blocks, one after the other.
    pub(crate) gradients: Vec<T>,
    pub(crate) dx: Vec<T>,
    /// The gradient at the state of each step.
    pub(crate) states: Vec<StateGradient>,
}

/// Both passes, in training, from buffers of which nothing may be read before it is written.
pub(crate) fn pass<T: Precision>(
    layer: &dyn Layer,
    input: Shape,
    parameters: &[T],
    batch: &Sequences<T>,
) -> Passed<T> {
    let (extent, shapes) = (batch.extent, [input]);
    let (output, rows) = (layer.output(&shapes).unwrap(), layer.carry(&shapes));
    let nothing = |len| vec![T::of(f64::NAN); len];
    let views = BlockView::all(&layer.params(&shapes));
    let params = Params::new(parameters, &views);
    let weights = Weights { mask: Some(&batch.mask), columns: Some(&batch.mask), examples: None };
    let outline = Batch { weights, ..Batch::new(extent, &batch.samples) };
    let pass = Pass::new(&outline, Mode::Training, Clock::default(), stream());
    let mut pass = pass.between(&shapes, output);
    pass.first = batch.first;

    let memory = layer.memory(&shapes, extent);
    let (mut tape, mut scratch) = (nothing(memory.tape), nothing(memory.scratch));
    let (mut last, mut y) = (nothing(batch.start.len()), nothing(extent.len(output)));
    let inputs = [Input::Dense(Signal::new(&batch.x, input.features))];
    let kernel = layer.kernels().at::<T>();
    let carry = Carry::new(&batch.start, &mut last, extent.examples, batch.after);
    let forward = Forward::new(&pass, params, &inputs, SignalMut::new(&mut y, output.features));
    let forward = forward.tape(&mut tape).scratch(&mut scratch);
    kernel.forward(forward.carry((rows > 0).then_some(carry)));

    let (mut gradients, mut dx) = (nothing(parameters.len()), nothing(batch.x.len()));
    let mut dy = batch.dy.clone();
    scratch.fill(T::of(f64::NAN));
    let upstream = SignalMut::new(&mut dy, output.features);
    let signal = Signal::new(&y, output.features);
    let backward = Backward::new(&pass, params, &inputs, signal, upstream);
    let backward = backward.tape(&mut tape).scratch(&mut scratch);
    let backward = backward.carry((rows > 0).then(|| mat(&batch.start, rows, extent.examples)));
    let backward = backward.downstream(Downstream::packed(&mut dx, &shapes, extent));
    let mut states = vec![StateGradient { later: f64::NAN, total: f64::NAN }; extent.steps];
    let backward = backward.states(&mut states);
    kernel.backward(backward.grads(Grads::new(&mut gradients, &views)));
    Passed { y, last, gradients, dx, states }
}

/// Numbers in this precision.
pub(crate) fn numbers<T: Real>(x: &[f64]) -> Vec<T> {
    x.iter().map(|&x| T::of(x)).collect()
}

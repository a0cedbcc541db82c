//! A layer in a bench vice: blocks laid out, and passes built by hand, as a network would.

use super::case::{Case, Data};
use super::pass::{Forwarded, Frozen, Gradients, How};
use super::products::Doubled;
use crate::failure::{self, Failure, ensure};
use crate::golden::{finite, of, same_bits};
use tanren_plugin::engine::{Deferred, Outer, Plain, Products};
use tanren_plugin::{
    Active, Backward, Batch, Block, BlockKind, BlockView, Carry, Clock, Downstream, Edge, Forward,
    Grads, Layer, Layout, Memory, ParamSpec, Params, Pass, Precision, Segment, Weights,
};
use tanren_tensor::{Indices, Input, Shape, Signal, SignalMut, Write, gemm, mat, transposed};

/// What stands in the flat vector before the layer's blocks and belongs to somebody else.
const FOREIGN: usize = 3;
const SENTINEL: f64 = 7.25;

/// A layer, its shapes and its place in a flat vector.
pub(super) struct Rig<'a> {
    pub(super) layer: &'a dyn Layer,
    pub(super) shapes: &'a [Shape],
    pub(super) output: Shape,
    pub(super) specs: Vec<ParamSpec>,
    layout: Layout,
    pub(super) views: Vec<BlockView>,
    /// Which products are of twice the size.
    doubled: Option<Doubled>,
}

impl<'a> Rig<'a> {
    /// Lays out the blocks as the layer's own; matrices `flipped` are stored as their transpose.
    pub(super) fn new(
        layer: &'a dyn Layer,
        shapes: &'a [Shape],
        flipped: bool,
    ) -> Result<Self, Failure> {
        let output = layer.output(shapes).map_err(|e| Failure::new("output", e))?;
        ensure(output.features > 0 && !output.indices, "output", || {
            format!("an output of {output} is no dense signal")
        })?;
        let specs = layer.params(shapes);
        let matrix = |s: &ParamSpec| s.rows > 1 && s.cols > 1;
        let transposed = |s: &ParamSpec| {
            s.share.as_ref().is_some_and(|s| s.transposed) != (flipped && matrix(s))
        };
        let foreign = crate::problems::block("other", "w", BlockKind::Weight, FOREIGN, 1);
        let own = specs.iter().map(|spec| {
            let (rows, cols) = (spec.rows, spec.cols);
            let (rows, cols) = if transposed(spec) { (cols, rows) } else { (rows, cols) };
            Block {
                fan: spec.fan,
                ..crate::problems::block("node", &spec.name, spec.kind, rows, cols)
            }
        });
        let (layout, index) = Layout::place(std::iter::once(foreign).chain(own).collect());
        let view = |(spec, &block): (&ParamSpec, &usize)| {
            let Block { rows, cols, kind, ref range, .. } = layout.blocks()[block];
            let (range, transposed) = (range.clone(), transposed(spec));
            // What is trained only while pretraining is frozen in every other pass.
            let fixed = spec.active != Active::Always;
            BlockView {
                block,
                range,
                rows,
                cols,
                transposed,
                write: Write::Overwrite,
                fixed,
                alone: true,
                kind,
            }
        };
        let views = specs.iter().zip(&index[1..]).map(view).collect();
        Ok(Self { layer, shapes, output, specs, layout, views, doubled: None })
    }

    /// The same with some products of twice the size.
    pub(super) fn doubled(&self, doubled: Doubled) -> Self {
        let (specs, layout, views) = (self.specs.clone(), self.layout.clone(), self.views.clone());
        Self { specs, layout, views, doubled: Some(doubled), ..*self }
    }

    /// The same while the layer itself is pretrained: no block is fixed.
    pub(super) fn pretraining(mut self) -> Self {
        self.views.iter_mut().for_each(|view| view.fixed = false);
        self
    }

    /// Whether any signal has time.
    pub(super) fn sequential(&self) -> bool {
        self.output.sequence || self.shapes.iter().any(|s| s.sequence)
    }

    /// Where number `k` of block `i`, as the layer sees it, is stored.
    pub(super) fn place(&self, i: usize, k: usize) -> usize {
        let view = &self.views[i];
        let rows = self.specs[i].rows;
        let k = if view.transposed { k % rows * view.rows + k / rows } else { k };
        view.range.start + k
    }

    /// Whether the gradient of block `i` is written: of a statistic, its next value.
    pub(super) fn wanted(&self, i: usize, how: &How) -> bool {
        !self.view(i, how).fixed
    }

    fn view(&self, i: usize, how: &How) -> BlockView {
        let view = self.views[i].clone();
        let fixed = view.fixed || how.frozen == Frozen::All || how.frozen == Frozen::Only(i);
        BlockView { write: how.write, fixed, ..view }
    }

    pub(super) fn flat<T: Precision>(&self, case: &Case) -> Vec<T> {
        let mut flat = vec![T::of(SENTINEL); self.layout.len()];
        for (i, block) in case.params.iter().enumerate() {
            for (k, &x) in block.iter().enumerate() {
                flat[self.place(i, k)] = T::of(x);
            }
        }
        flat
    }

    /// Calls `work` with the inputs and the pass in precision `T`.
    pub(super) fn with<T: Precision, R>(
        &self,
        case: &Case,
        work: impl FnOnce(&[Input<'_, T>], &Pass<'_, T>) -> R,
    ) -> R {
        let dense: Vec<Vec<T>> = case
            .inputs
            .iter()
            .map(|data| match data {
                Data::Dense(x) => of(x),
                Data::Indices(_) => Vec::new(),
            })
            .collect();
        let inputs: Vec<Input<'_, T>> = case
            .inputs
            .iter()
            .zip(&dense)
            .zip(self.shapes)
            .map(|((data, dense), shape)| match data {
                Data::Dense(_) => Input::Dense(Signal::new(dense, shape.features)),
                Data::Indices(data) => Input::Indices(Indices { data, levels: shape.features }),
            })
            .collect();
        let examples: Option<Vec<T>> = case.examples.as_ref().map(|w| of(w));
        let columns: Option<Vec<T>> = case.columns.as_ref().map(|w| of(w));
        let (examples, columns) = (examples.as_deref(), columns.as_deref());
        let weights = Weights { examples, columns, mask: columns };
        let segment = Some(Segment::new(case.first, case.extent.steps));
        let batch = Batch { weights, segment, ..Batch::new(case.extent, &case.samples) };
        let pass = Pass::new(&batch, case.mode, Clock::default(), case.stream);
        work(&inputs, &pass.between(self.shapes, self.output).by(self.products()))
    }

    /// How products are formed.
    pub(super) fn products<T: Precision>(&self) -> &dyn Products<T> {
        match &self.doubled {
            Some(doubled) => doubled,
            None => &Plain,
        }
    }

    /// A forward pass; `after` is when the outgoing carry is taken.
    pub(super) fn forward<T: Precision>(
        &self,
        case: &Case,
        garbage: f64,
        after: Option<usize>,
    ) -> Forwarded<T> {
        let memory = self.layer.memory(self.shapes, case.extent);
        let fill = |n: usize| vec![T::of(garbage); n];
        let mut output = fill(case.extent.len(self.output));
        let (mut tape, mut scratch) = (fill(memory.tape), fill(memory.scratch));
        let incoming: Option<Vec<T>> = case.carry.as_ref().map(|c| of(c));
        let mut outgoing = fill(incoming.as_ref().map_or(0, Vec::len));
        let flat = self.flat(case);
        let mut term = vec![garbage; case.term.as_ref().map_or(0, Vec::len)];
        self.with(case, |inputs, pass| {
            let (examples, after) = (case.extent.examples, after.unwrap_or(case.extent.steps));
            let carry = incoming.as_deref();
            let carry = carry.map(|carry| Carry::new(carry, &mut outgoing, examples, after));
            let output = SignalMut::new(&mut output, self.output.features);
            let forward = Forward::new(pass, Params::new(&flat, &self.views), inputs, output)
                .tape(&mut tape)
                .scratch(&mut scratch)
                .carry(carry)
                .term(&mut term);
            named("forward", memory, || self.layer.kernels().at::<T>().forward(forward));
        });
        Forwarded { output, carry: outgoing, tape, term }
    }

    /// The output of a forward pass inside a layer that has no term, so that nobody wants the values of
    /// this one's.
    pub(super) fn quiet(&self, case: &Case) -> Vec<f64> {
        let mut case = case.clone();
        case.term = None;
        self.forward(&case, f64::NAN, None).output
    }

    /// A backward pass after `forwarded`.
    pub(super) fn backward<T: Precision>(
        &self,
        case: &Case,
        forwarded: &Forwarded<T>,
        how: &How,
    ) -> Result<Gradients<T>, Failure> {
        let memory = self.layer.memory(self.shapes, case.extent);
        let flat = self.flat::<T>(case);
        let mut grads = flat.clone();
        let views: Vec<BlockView> = (0..self.views.len()).map(|i| self.view(i, how)).collect();
        for view in views.iter().filter(|v| v.kind != BlockKind::Statistic) {
            grads[view.range.clone()].fill(T::of(how.start));
        }
        let mut buffers = Vec::new();
        let mut edges = Vec::new();
        for &shape in self.shapes {
            let wanted = how.inputs && !shape.indices;
            let buffer = wanted.then_some(buffers.len());
            if wanted {
                buffers.push(vec![T::of(how.start); case.extent.len(shape)]);
            }
            edges.push(Edge { buffer, shape, write: how.write });
        }
        let untouched = grads.clone();
        let mut tape = forwarded.tape.clone();
        let mut scratch = vec![T::of(how.garbage); memory.scratch];
        let mut upstream: Vec<T> = of(&case.upstream);
        let incoming: Option<Vec<T>> = case.carry.as_ref().map(|c| of(c));
        let term: Vec<T> = case.term.as_deref().map(of).unwrap_or_default();
        // As in training, where a gradient that nobody adds to is formed when the step is taken.
        let later = Deferred::default();
        self.with(case, |inputs, pass| {
            let output = Signal::new(&forwarded.output, self.output.features);
            let dy = SignalMut::new(&mut upstream, self.output.features);
            let params = Params::new(&flat, &self.views);
            let (size, examples) = (self.layer.carry(self.shapes), case.extent.examples);
            let backward = Backward::new(pass, params, inputs, output, dy)
                .tape(&mut tape)
                .scratch(&mut scratch)
                .carry(incoming.as_deref().map(|carry| mat(carry, size, examples)))
                .downstream(Downstream::new(&mut buffers, &edges, case.extent))
                .grads(Grads::new(&mut grads, &views))
                .term(&term)
                .deferred((how.write == Write::Overwrite).then_some(&later));
            named("backward", memory, || self.layer.kernels().at::<T>().backward(backward));
            for Outer { view, input } in later.products() {
                if let Some((write, gradient)) = Grads::new(&mut grads, &views).matrix(view) {
                    let z = Signal::new(&upstream, self.output.features).matrix();
                    gemm(write, z, transposed(inputs[input].dense().matrix()), gradient);
                }
            }
        });
        same_bits("foreign", &grads[..FOREIGN], &untouched[..FOREIGN])
            .map_err(|f| f.at("another node's block"))?;
        for view in views.iter().filter(|v| v.fixed) {
            let range = view.range.clone();
            same_bits("unwanted", &grads[range.clone()], &untouched[range])
                .map_err(|f| f.at("a gradient nobody wants"))?;
        }
        let mut taken = buffers.into_iter();
        let inputs: Vec<Vec<T>> =
            edges.iter().map(|e| e.buffer.and_then(|_| taken.next()).unwrap_or_default()).collect();
        let block = |i: usize| {
            let len = if views[i].fixed { 0 } else { self.specs[i].len() };
            (0..len).map(|k| grads[self.place(i, k)]).collect()
        };
        Ok(Gradients { inputs, params: (0..self.specs.len()).map(block).collect() })
    }

    /// Both passes, with all results finite.
    pub(super) fn run<T: Precision>(
        &self,
        case: &Case,
        how: &How,
    ) -> Result<(Forwarded<T>, Gradients<T>), Failure> {
        let forwarded = self.forward(case, how.garbage, None);
        let unwritten = "written-whole";
        finite(unwritten, &forwarded.output).map_err(|f| f.at("output"))?;
        finite(unwritten, &forwarded.carry).map_err(|f| f.at("carry"))?;
        finite(unwritten, &forwarded.term).map_err(|f| f.at("term"))?;
        let gradients = self.backward(case, &forwarded, how)?;
        for (i, g) in gradients.inputs.iter().enumerate() {
            finite(unwritten, g).map_err(|f| f.at(format_args!("gradient of input {i}")))?;
        }
        for i in (0..self.specs.len()).filter(|&i| self.wanted(i, how)) {
            finite(unwritten, &gradients.params[i])
                .map_err(|f| f.at(format_args!("gradient of `{}`", self.specs[i].name)))?;
        }
        Ok((forwarded, gradients))
    }
}

/// Calls a kernel. Its panic says in which pass it was and how much memory the layer had asked for.
fn named(pass: &str, memory: Memory, kernel: impl FnOnce()) {
    if let Err(failure) = failure::caught(kernel) {
        let Memory { tape, scratch } = memory;
        panic!(
            "{} pass, with a tape of {tape} and a scratch of {scratch} numbers: {}",
            pass, failure.message
        );
    }
}

//! `acme/bidirectional`: Y = A(X) above ⟲B(⟲X), two copies of a recurrent layer, one of which reads
//! every sequence from its end.
//!
//! A, B the copies; ⟲ turns each sequence round within its own length. Source: Schuster, Paliwal
//! (1997), *Bidirectional recurrent neural networks*. Proves layers inside layers: blocks, tape and
//! scratch in parts, a downstream gradient that goes through the wrapper's own scratch and one that
//! adds.

use crate::elman::Elman;
use crate::harness::Toy;
use serde::{Deserialize, Serialize};
use tanren_layers::Dense;
use tanren_losses::{L2, Mse};
use tanren_network::NetworkSpec;
use tanren_plugin::{
    Backward, Checked, Downstream, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory,
    ParamSpec, Pass, Plugin, Precision,
};
use tanren_tensor::{Extent, Input, Real, Shape, ShapeError, Signal, SignalMut, Write, add_scaled};
use tanren_testkit as testkit;

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Bidirectional {
    pub(crate) inner: Plugin<dyn Layer>,
}

impl Checked for Bidirectional {}

#[typetag::serde(name = "acme/bidirectional")]
impl Layer for Bidirectional {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        match (inputs, self.inner.output(inputs)?) {
            ([x], y) if x.sequence && !x.indices && y.sequence => {
                Ok(y.with_features(2 * y.features))
            }
            _ => Err(ShapeError::new("one sequence, and a layer that gives one", "others")),
        }
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let own = |copy, spec: ParamSpec| ParamSpec {
            name: format!("{copy}-{}", spec.name).into(),
            ..spec
        };
        let copy = |copy| self.inner.params(inputs).into_iter().map(move |spec| own(copy, spec));
        copy("forward").chain(copy("backward")).collect()
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        let inner = self.inner.memory(inputs, extent);
        let (x, y) =
            (extent.len(inputs[0]), self.inner.output(inputs).map_or(0, |y| extent.len(y)));
        // ⟲X, A's and B's output; of a gradient too.
        Memory { tape: x + 2 * y + 2 * inner.tape, scratch: x + y + inner.scratch }
    }
    fn facts(&self) -> Facts {
        Facts { link: None, ..self.inner.facts() }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

/// Calls `each` with every column and the one it changes places with.
fn turned<T: Real>(pass: &Pass<'_, T>, mut each: impl FnMut(usize, usize)) {
    let Extent { examples, steps } = pass.extent;
    for n in 0..examples {
        let length = pass.length(n);
        for t in 0..steps {
            let other = if t < length { length - 1 - t } else { t };
            each(t * examples + n, other * examples + n);
        }
    }
}

impl<T: Precision> LayerKernel<T> for Bidirectional {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (outer, x) = (pass.pass, pass.inputs[0].dense());
        let (half, width) = (pass.params.count() / 2, pass.output.features() / 2);
        let mut turned_x = SignalMut::new(pass.take_tape(x.data().len()), x.features());
        let [mut a, mut b] =
            [0; 2].map(|_| SignalMut::new(pass.take_tape(width * x.columns()), width));
        let tape = pass.take_tape(pass.tape.len() / 2);
        turned(outer, |c, other| turned_x.column(other).copy_from_slice(x.column(c)));

        let (inner, kernel) = (
            outer.between(outer.inputs, outer.output.with_features(width)),
            self.inner.kernels().at::<T>(),
        );
        let one = pass.inner().blocks(0..half).output(a.reborrow()).tape(tape);
        kernel.forward(one.pass(&inner.named("forward")));
        let (inputs, inner) = ([Input::Dense(turned_x.read())], inner.named("backward"));
        let other = pass.inner().blocks(half..2 * half).inputs(&inputs).output(b.reborrow());
        kernel.forward(other.pass(&inner));
        turned(outer, |c, other| {
            let (above, below) = pass.output.column(c).split_at_mut(width);
            above.copy_from_slice(a.column(c));
            below.copy_from_slice(b.column(other));
        });
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (outer, x) = (pass.pass, pass.inputs[0].dense());
        let (half, width) = (pass.params.count() / 2, pass.output.features() / 2);
        let turned_x = Signal::new(pass.take_tape(x.data().len()), x.features());
        let [a, b] = [0; 2].map(|_| Signal::new(pass.take_tape(width * x.columns()), width));
        let tape = pass.take_tape(pass.tape.len() / 2);
        let mut dy = SignalMut::new(pass.take_scratch(b.data().len()), width);
        let dx = pass.take_scratch(x.data().len());

        let (inner, kernel) = (
            outer.between(outer.inputs, outer.output.with_features(width)),
            self.inner.kernels().at::<T>(),
        );
        turned(outer, |c, _| dy.column(c).copy_from_slice(&pass.upstream.column(c)[..width]));
        let one = pass.inner().blocks(0..half).output(a).upstream(dy.reborrow()).tape(tape);
        kernel.backward(one.pass(&inner.named("forward")));
        turned(outer, |c, other| {
            dy.column(other).copy_from_slice(&pass.upstream.column(c)[width..])
        });
        let (inputs, inner) = ([Input::Dense(turned_x)], inner.named("backward"));
        let down = match pass.downstream.wanted(0) {
            true => Downstream::packed(dx, outer.inputs, outer.extent),
            false => Downstream::unwanted(),
        };
        let other = pass.inner().blocks(half..2 * half).inputs(&inputs).output(b).upstream(dy);
        kernel.backward(other.pass(&inner).downstream(down));
        if let Some((_, mut sum)) = pass.downstream.get(0) {
            let dx = Signal::new(dx, x.features());
            turned(outer, |c, other| {
                add_scaled(Write::Add, T::ONE, dx.column(other), sum.column(c)); // A wrote first
            });
        }
    }
}

#[test]
fn conforms() {
    let inner = Elman { units: 3 };
    let layer = Bidirectional { inner: inner.into() };
    testkit::layer(&layer, &[Shape::sequence(2)]);
    testkit::round_trip(&Plugin::<dyn Layer>::from(layer));
}

/// Sequences of several lengths, below and above other layers; and one wrapper in another.
#[test]
fn sequences_are_read_both_ways() {
    let toy = Toy::new((3, 5), &[Shape::sequence(3)], &[Shape::sequence(2)]).ragged(&[5, 1, 3]);
    let both = |inner| Bidirectional { inner };
    let elman = || Elman { units: 2 }.into();
    for wrapped in [both(elman()), both(both(elman()).into())] {
        let layers = [Dense::new(3).into(), wrapped.into(), Dense::new(2).into()];
        let spec = NetworkSpec::chain(layers).loss(Mse {}).penalty(L2::default());
        let network = toy.network(&spec);
        toy.check_gradient(&network);
        toy.check_memory(&network);
    }
}

//! `bidirectional`: Y = A(X) and ⟲B(⟲X) together, two copies of a recurrent layer, of which one reads every
//! sequence from its end.
//!
//! A, B the copies, each with weights of its own; ⟲ turns each sequence round within its own length. The two
//! outputs are put one above the other, added, multiplied or averaged. Source: Schuster, Paliwal (1997),
//! *Bidirectional recurrent neural networks*.
//!
//! Nothing is carried from segment to segment: what comes later is not known where a segment ends.

use crate::time::{sequence, turned};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, Checked, Downstream, Facts, Forward, Layer, LayerKernel, LayerKernels, Memory,
    ParamSpec, Plugin, Precision,
};
use tanren_tensor::{Extent, Input, Real, Shape, ShapeError, Signal, SignalMut, Write, add_scaled};

/// How the outputs of both directions are put together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Merge {
    /// Forward above backward.
    #[default]
    Concatenate,
    /// Their sum.
    Add,
    /// Their product, number by number.
    Multiply,
    /// Their mean.
    Average,
}

/// Two copies of a layer over sequences, of which one reads from the end. Its blocks are those of the layer
/// with `forward-` before their names, then with `backward-`.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Bidirectional {
    /// The layer, which makes a sequence of a sequence of numbers.
    pub layer: Plugin<dyn Layer>,
    /// How both outputs are put together; one above the other unless said.
    #[serde(default)]
    pub merge: Merge,
}

impl Bidirectional {
    /// Both directions of a layer, one above the other.
    #[must_use]
    pub fn new(layer: impl Into<Plugin<dyn Layer>>) -> Self {
        Self { layer: layer.into(), merge: Merge::Concatenate }
    }

    /// Both directions, put together in another way.
    #[must_use]
    pub const fn merge(mut self, merge: Merge) -> Self {
        self.merge = merge;
        self
    }

    /// Features of the output of one direction.
    fn width(&self, inputs: &[Shape]) -> usize {
        self.layer.output(inputs).map_or(0, |y| y.features)
    }

    /// The shape of the output of one direction.
    fn inner(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        let y = self.layer.output(inputs)?;
        match y.sequence {
            true => Ok(y),
            false => Err(ShapeError::new("a layer that makes a sequence", y)),
        }
    }
}

impl Merge {
    /// Features of the output, where each direction has so many.
    const fn features(self, one: usize) -> usize {
        if matches!(self, Self::Concatenate) { one.saturating_mul(2) } else { one }
    }

    /// y from a and b.
    fn forward<T: Real>(self, a: &[T], b: &[T], y: &mut [T]) {
        if self == Self::Concatenate {
            let (above, below) = y.split_at_mut(a.len());
            above.copy_from_slice(a);
            return below.copy_from_slice(b);
        }
        let half = T::of(0.5);
        for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
            *y = match self {
                Self::Multiply => a * b,
                Self::Average => half * (a + b),
                Self::Add | Self::Concatenate => a + b,
            };
        }
    }

    /// ∂a from ∂y and the other one, which is b; or ∂b, with `second`.
    fn backward<T: Real>(self, second: bool, dy: &[T], other: &[T], da: &mut [T]) {
        match self {
            Self::Concatenate => {
                da.copy_from_slice(&dy[if second { da.len() } else { 0 }..][..da.len()]);
            }
            Self::Add => da.copy_from_slice(dy),
            Self::Average => add_scaled(Write::Overwrite, T::of(0.5), dy, da),
            Self::Multiply => {
                da.iter_mut().zip(dy).zip(other).for_each(|((da, &dy), &b)| *da = dy * b);
            }
        }
    }
}

#[typetag::serde(name = "bidirectional")]
impl Layer for Bidirectional {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        sequence(inputs)?;
        let y = self.inner(inputs)?;
        Ok(y.with_features(self.merge.features(y.features)))
    }
    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let copy = |direction: &str| {
            let name = |spec: &ParamSpec| format!("{direction}-{}", spec.name).into();
            let specs = self.layer.params(inputs).into_iter();
            specs.map(|spec| ParamSpec { name: name(&spec), ..spec }).collect::<Vec<_>>()
        };
        [copy("forward"), copy("backward")].concat()
    }
    fn memory(&self, inputs: &[Shape], extent: Extent) -> Memory {
        let inner = self.layer.memory(inputs, extent);
        let x = extent.len(inputs[0]);
        let y = self.inner(inputs).map_or(0, |y| extent.len(y));
        // ⟲X, and the outputs of both; for gradients, one of each.
        Memory { tape: x + 2 * y + 2 * inner.tape, scratch: x + y + inner.scratch }
    }
    fn whole_sequences(&self) -> Option<&'static str> {
        Some("one direction begins at the end of a sequence")
    }
    fn facts(&self) -> Facts {
        let inner = self.layer.facts();
        match self.merge {
            Merge::Concatenate | Merge::Average => Facts { link: None, ..inner },
            Merge::Add | Merge::Multiply => Facts { smooth: inner.smooth, ..Facts::default() },
        }
    }
    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl<T: Precision> LayerKernel<T> for Bidirectional {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (outer, x) = (pass.pass, pass.inputs[0].dense());
        let (half, width) = (pass.params.count() / 2, self.width(outer.inputs));
        let mut turned_x = SignalMut::new(pass.take_tape(x.data().len()), x.features());
        let [mut a, mut b] =
            [0; 2].map(|_| SignalMut::new(pass.take_tape(width * x.columns()), width));
        let tape = pass.take_tape(pass.tape.len() / 2);
        turned(outer, |c, other| turned_x.column(other).copy_from_slice(x.column(c)));

        let inner = outer.between(outer.inputs, outer.output.with_features(width));
        let kernel = self.layer.kernels().at::<T>();
        let one = pass.inner().carry(None).blocks(0..half).output(a.reborrow()).tape(tape);
        kernel.forward(one.pass(&inner.named("forward")));
        let (inputs, inner) = ([Input::Dense(turned_x.read())], inner.named("backward"));
        let other = pass.inner().carry(None).blocks(half..2 * half).inputs(&inputs);
        kernel.forward(other.output(b.reborrow()).pass(&inner));
        turned(outer, |c, other| {
            self.merge.forward(a.column(c), b.column(other), pass.output.column(c));
        });
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (outer, x) = (pass.pass, pass.inputs[0].dense());
        let (half, width) = (pass.params.count() / 2, self.width(outer.inputs));
        let turned_x = Signal::new(pass.take_tape(x.data().len()), x.features());
        let [a, b] = [0; 2].map(|_| Signal::new(pass.take_tape(width * x.columns()), width));
        let tape = pass.take_tape(pass.tape.len() / 2);
        let mut dy = SignalMut::new(pass.take_scratch(b.data().len()), width);
        let dx = pass.take_scratch(x.data().len());

        let inner = outer.between(outer.inputs, outer.output.with_features(width));
        let kernel = self.layer.kernels().at::<T>();
        turned(outer, |c, other| {
            self.merge.backward(false, pass.upstream.column(c), b.column(other), dy.column(c));
        });
        let one = pass.inner().carry(None).blocks(0..half).output(a).upstream(dy.reborrow());
        kernel.backward(one.tape(tape).pass(&inner.named("forward")));
        turned(outer, |c, other| {
            self.merge.backward(true, pass.upstream.column(c), a.column(c), dy.column(other));
        });
        let (inputs, inner) = ([Input::Dense(turned_x)], inner.named("backward"));
        let down = match pass.downstream.wanted(0) {
            true => Downstream::packed(dx, outer.inputs, outer.extent),
            false => Downstream::unwanted(),
        };
        let other = pass.inner().carry(None).blocks(half..2 * half).inputs(&inputs).output(b);
        kernel.backward(other.upstream(dy).pass(&inner).downstream(down));
        if let Some((_, mut sum)) = pass.downstream.get(0) {
            let dx = Signal::new(dx, x.features());
            turned(outer, |c, other| {
                add_scaled(Write::Add, T::ONE, dx.column(other), sum.column(c)); // A wrote first
            });
        }
    }
}

//! `Layer`: a node of a network, and its kernel.

use crate::{Backward, Checked, Energy, Facts, Family, Forward, Kernels, ParamSpec};
use tanren_tensor::{Extent, Real, Shape, ShapeError};

/// Numbers a layer wants for itself during a pass. The network allocates them once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Kept from the forward pass to the backward pass of the same batch.
    pub tape: usize,
    /// Free to use within one call; its content is undefined at the start.
    pub scratch: usize,
}

/// A node of a network: what it is. What it computes is its [`LayerKernel`].
///
/// Vertices such as *add* and *concatenate* are layers with several inputs; there is one contract.
///
/// # Example
///
/// A layer with weights, and the test that all layers pass:
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use tanren_plugin::{
///     Backward, Checked, Facts, Forward, Layer, LayerKernel, LayerKernels, ParamSpec, SettingError,
/// };
/// use tanren_tensor::{Real, Shape, ShapeError, Write};
///
/// /// Y = W X + b.
/// #[derive(Debug, Serialize, Deserialize)]
/// #[serde(deny_unknown_fields)]
/// pub struct Affine {
///     pub units: usize,
/// }
///
/// impl Checked for Affine {
///     fn check(&self) -> Result<(), SettingError> {
///         SettingError::unless(self.units > 0, "units", "at least 1", self.units)
///     }
/// }
///
/// #[typetag::serde(name = "acme/affine")]
/// impl Layer for Affine {
///     fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
///         match inputs {
///             [x] if !x.indices => Ok(x.with_features(self.units)),
///             _ => Err(ShapeError::new("one input of numbers", format!("{inputs:?}"))),
///         }
///     }
///     fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
///         let shape = (self.units, inputs[0].features);
///         vec![ParamSpec::weight("weight", shape), ParamSpec::bias("bias", self.units)]
///     }
///     fn facts(&self) -> Facts {
///         Facts::smooth()
///     }
///     fn kernels(&self) -> LayerKernels<'_> {
///         LayerKernels::of(self)
///     }
/// }
///
/// impl<T: Real> LayerKernel<T> for Affine {
///     fn forward(&self, mut pass: Forward<'_, T>) {
///         pass.params.repeat(1, &mut pass.output); // Y = b
///         pass.params.times(0, Write::Add, pass.inputs[0].dense(), &mut pass.output); // Y += W X
///     }
///     fn backward(&self, mut pass: Backward<'_, T>) {
///         pass.outer_product(0, 0); // ∂W = ∂Y Xᵀ, of block 0 and input 0
///         let dy = pass.upstream.read();
///         pass.grads.add_columns(1, dy); // ∂b = ∂Y 1
///         if let Some((write, mut dx)) = pass.downstream.get(0) {
///             pass.params.transposed_times(0, write, dy, &mut dx); // ∂X = Wᵀ ∂Y
///         }
///     }
/// }
///
/// tanren_testkit::layer(&Affine { units: 3 }, &[Shape::vector(4)]);
/// # { // The formula on small numbers, W = (1 3; 2 4), b = (10 20), x = (5 6).
/// #     use tanren_plugin::{Batch, BlockView, Clock, Mode, Params, Pass};
/// #     use tanren_tensor::{Extent, Input, Signal, SignalMut, Stream};
/// #     let (affine, shape) = (Affine { units: 2 }, Shape::vector(2));
/// #     let views = BlockView::all(&affine.params(&[shape]));
/// #     let params = Params::new(&[1.0, 2.0, 3.0, 4.0, 10.0, 20.0], &views);
/// #     let batch = Batch::new(Extent { examples: 1, steps: 1 }, &[0]);
/// #     let pass = Pass::new(&batch, Mode::Inference, Clock::default(), Stream::new(0, "doc"));
/// #     let (x, mut y) = ([5.0, 6.0], [0.0_f64; 2]);
/// #     let (inputs, y_view) = ([Input::Dense(Signal::new(&x, 2))], SignalMut::new(&mut y, 2));
/// #     affine.kernels().at::<f64>().forward(Forward::new(&pass, params, &inputs, y_view));
/// #     assert_eq!(y, [33.0, 54.0]);
/// # }
/// ```
///
/// A kernel whose backward pass needs numbers that the forward pass had keeps them on the tape: see
/// [`Layer::memory`].
#[typetag::serde(tag = "type")]
pub trait Layer: Checked {
    /// The shape of the output, from those of the inputs. It is numbers, never indices: those exist
    /// among the data only.
    ///
    /// # Errors
    /// When this layer cannot take these inputs. Kernels are only ever called with inputs that
    /// were accepted here, so they cannot fail.
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError>;

    /// The blocks of parameters and statistics, in the order in which kernels address them.
    /// Called only for accepted inputs.
    fn params(&self, _inputs: &[Shape]) -> Vec<ParamSpec> {
        Vec::new()
    }

    /// How many numbers a pass over such a batch keeps and uses; none unless said. A layer that needs its
    /// forward pass's `z`, a signal of `shape`, in its backward pass asks for a tape of `extent.len(shape)`
    /// numbers. It then writes `SignalMut::new(pass.tape, shape.features)` in `forward` and reads
    /// `Signal::new(pass.tape, shape.features)` in `backward`.
    ///
    /// A layer around others asks for their memory and adds its own. It takes its own part off the tape
    /// first, and hands on the rest (see [`Forward::take_tape`]).
    fn memory(&self, _inputs: &[Shape], _extent: Extent) -> Memory {
        Memory::default()
    }

    /// Numbers per example that pass from one segment of a sequence to the next: the rows of a
    /// [`Carry`](crate::Carry).
    fn carry(&self, _inputs: &[Shape]) -> usize {
        0
    }

    /// Why the layer must see whole sequences, if it must: it looks at later steps, or makes one column of
    /// all of them. Such a network is neither trained nor run on segments of sequences. A layer around
    /// others asks them.
    fn whole_sequences(&self) -> Option<&'static str> {
        None
    }

    /// The weight of the layer's own term of the objective, for a layer that adds one: an activity
    /// penalty, a divergence. The term is this number times the mean of [`Forward::term`] over the
    /// columns that count. A node with a term needs no reader.
    fn term(&self) -> Option<f64> {
        None
    }

    /// What others may know about the outputs, and about the term.
    fn facts(&self) -> Facts {
        Facts::default()
    }

    /// The same layer without the link it ends in, for a loss that computes the link itself.
    /// `None` unless [`Facts::link`] names one.
    fn linear(&self) -> Option<crate::Plugin<dyn Layer>> {
        None
    }

    /// The door to unsupervised pretraining, for layers that are energy models.
    fn energy(&self) -> Option<Energy<'_>> {
        None
    }

    /// Always `LayerKernels::of(self)`.
    fn kernels(&self) -> LayerKernels<'_>;
}

/// What a [`Layer`] computes, in both precisions.
pub type LayerKernels<'a> = Kernels<'a, dyn Layer>;

impl Family for dyn Layer {
    type Kernel<T: Real> = dyn LayerKernel<T>;
}

impl<'a> LayerKernels<'a> {
    /// Both kernels of one plugin.
    pub fn of<K: LayerKernel<f32> + LayerKernel<f64> + 'static>(kernel: &'a K) -> Self {
        Self::new(kernel, kernel)
    }
}

/// What a [`Layer`] computes, in precision `T`.
pub trait LayerKernel<T: Real>: Send + Sync {
    /// Writes every number of the output.
    fn forward(&self, pass: Forward<'_, T>);

    /// From the gradient of the loss with respect to the output (`upstream`, which may be
    /// destroyed), writes those with respect to the inputs (`downstream`) and to the parameters
    /// (`grads`), each as its [`Write`](tanren_tensor::Write) says. Statistics get their next
    /// value here.
    ///
    /// A layer with a [`term`](Layer::term) adds the gradient of its term: for each column,
    /// [`Backward::term`] times the gradient of the column's value, and nothing where that is 0, even
    /// if the gradient is not finite.
    fn backward(&self, pass: Backward<'_, T>);
}

//! Chapter 3, layers: the nodes of a network.
//!
//! # What flows
//!
//! A signal is a matrix with one column per example or, for sequences, one column per example and time
//! step, as [`tanren_tensor`] has it. A [`Batch`] holds the signals that enter a network ([`Ports`]), the
//! targets, and [`Weights`] that say what each column counts. It may be a [`Segment`] of longer sequences.
//! [`Batches`] makes the batches of any epoch on demand; an [`Outline`] is a batch without its numbers.
//!
//! # What a layer says
//!
//! A [`Layer`] is asked, when a network is assembled, for the shape of its output and for its
//! parameters, which it declares as [`ParamSpec`]s: name, [`BlockKind`], rows and columns, and an [`Init`]
//! that draws the initial values (from the [`Fan`] of the block). A block may be [shared](Share) with
//! another node. [`Memory`] says how many numbers the layer keeps from its forward to its backward pass
//! (the tape), and how many it needs for a moment (the scratch). [`Facts`] tell others what they need to
//! know without knowing the layer's type: whether it is smooth, the range of its outputs, the [`Link`] it
//! computes.
//!
//! # What a layer computes
//!
//! Its [`LayerKernel`] has two methods. `forward` gets a [`Forward`]: the inputs, the parameters as
//! [`Params`], the output to be written, tape and scratch, and the [`Pass`] with the [`Mode`], the clock,
//! the shapes and random numbers. `backward` gets a [`Backward`]: besides these the gradient of the output
//! (`upstream`), the places for the gradients of the inputs ([`Downstream`]) and of the parameters
//! ([`Grads`]). Each place says whether to overwrite or to add ([`Write`](tanren_tensor::Write)), so
//! nothing is ever cleared first. A recurrent layer finds in [`Carry`] what the previous segment left. A
//! layer inside a layer gets a pass of its own from `inner()`.
//!
//! The example at [`Layer`], a layer with weights, a bias and a setting, takes thirteen names: [`Layer`],
//! [`Checked`](crate::Checked), [`SettingError`](crate::SettingError), [`ParamSpec`], [`Facts`],
//! [`LayerKernels`], [`LayerKernel`], [`Forward`] and [`Backward`]; of the tensor crate `Shape`,
//! `ShapeError`, `Real` and `Write`. A tape adds [`Memory`], `Extent`, `SignalMut` and `Signal` (see
//! [`Layer::memory`]), other initial values their name ([`Zero`], [`Constant`] and [`XavierUniform`] are
//! here), a block that is neither weight nor bias
//! [`BlockKind`], another plugin inside [`Plugin`](crate::Plugin) and [`Precision`](crate::Precision).
//!
//! A kernel computes with what its pass holds: [`Params::times`] and [`Params::transposed_times`] multiply
//! by weights, [`Backward::outer_product`] (one weight) or [`Pass::outer`] (several) form their gradients; [`Params::repeat`] begins
//! with a bias, [`Grads::add_columns`] forms its gradient; [`Params::slice`],
//! [`Grads::slice`], [`Grads::matrix`] and [`Downstream::get`] give the numbers themselves.
//!
//! Write `impl<T: Real> LayerKernel<T>`. Only a layer that calls the kernels of another plugin, such as an
//! activation or an inner layer, needs `T: Precision`, because `kernels().at::<T>()` asks for it.
//!
//! # Activations
//!
//! An [`Activation`] is a field of dense and recurrent layers, and a layer of its own. Most implement
//! [`ScalarFunction`], a function of every number; one that learns implements [`ActivationKernel`].
//!
//! # Energy models
//!
//! An [`Energy`] makes a layer a model of its own inputs, such as a restricted Boltzmann machine, which
//! can be pretrained without a loss. Its [`EnergyKernel`] gets a [`Contrast`].
//!
//! # For those who build networks
//!
//! All parameters of a network lie in one vector. A node sees its blocks there as [`BlockView`]s, and the
//! buffers behind [`Downstream`] as [`Edge`]s; [`Active`] says which blocks a phase trains.

mod activation;
mod backward;
mod batch;
mod block_kind;
mod downstream;
mod energy;
mod facts;
mod forward;
mod init;
mod layer;
mod param_spec;
mod params;
mod pass;
mod state_gradient;

pub use activation::{Activation, ActivationKernel, ActivationKernels, ScalarFunction};
pub use backward::Backward;
pub use batch::{Batch, Batches, Outline, PORTS, Ports, Segment, Weights};
pub use block_kind::BlockKind;
pub use downstream::{Downstream, Edge};
pub use energy::{Contrast, Energy, EnergyKernel, EnergyKernels};
pub use facts::{Facts, Link};
pub use forward::Forward;
pub use init::{Constant, Fan, Init, XavierUniform, Zero};
pub use layer::{Layer, LayerKernel, LayerKernels, Memory};
pub use param_spec::{Active, BlockView, ParamSpec, Share};
pub use params::{Grads, Params};
pub use pass::{Carry, Mode, Pass};
pub use state_gradient::StateGradient;

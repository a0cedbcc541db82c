//! What every layer must satisfy: see [`check`] for the list.

mod carry;
mod case;
pub mod energy;
mod inner;
mod pass;
mod products;
mod rig;
mod rules;
mod smooth;

use crate::failure::{self, Failure};
use case::Case;
use rig::Rig;
use std::ops::RangeInclusive;
use tanren_plugin::{Layer, Mode};
use tanren_tensor::{Extent, Shape, Stream};

/// How a layer is checked.
#[derive(Clone, Debug)]
pub struct LayerOptions {
    /// Where all random numbers come from.
    pub seed: u64,
    /// Random batches; every other one has weights, ragged sequences and, where the layer has one,
    /// a carry.
    pub cases: u64,
    /// Examples of a batch.
    pub examples: RangeInclusive<usize>,
    /// Steps of its sequences.
    pub steps: RangeInclusive<usize>,
    /// Training or inference.
    pub mode: Mode,
    /// Standard deviation of the inputs.
    pub scale: f64,
    /// Whether an example's output is the same alone as in a batch. Not so with batch statistics.
    pub independent: bool,
    /// Whether matrices are also handed over as transposed views, as another node would share them.
    pub transposed: bool,
    /// Whether its weights multiply signals as a matrix does. Not so where they scale or shift them.
    pub products: bool,
    /// Agreement of the precisions, relative to max(1, |x|).
    pub tolerance: f64,
    /// Examples of the batch that is run on 1, 2, 3 and 8 threads.
    /// Kernels that split only large work need more of them, or wider inputs, to be put to the test.
    pub threaded: usize,
}

impl Default for LayerOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            cases: 4,
            examples: 1..=6,
            steps: 1..=5,
            mode: Mode::Training,
            scale: 1.0,
            independent: true,
            transposed: true,
            products: true,
            tolerance: 1e-4,
            threaded: 67,
        }
    }
}

/// Asserts that a layer is right for inputs of these shapes, in training; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn layer(layer: &dyn Layer, inputs: &[Shape]) {
    failure::assert(check(layer, inputs, &LayerOptions::default()));
}

/// [`layer()`] with options.
///
/// # Panics
/// When the layer is not right.
#[track_caller]
pub fn layer_with(layer: &dyn Layer, inputs: &[Shape], options: &LayerOptions) {
    failure::assert(check(layer, inputs, options));
}

/// Checks, on random batches of one to a few examples and steps:
///
/// * `written-whole`: outputs, carries and gradients are written whole, and what buffers, tape and
///   scratch held before changes no bit;
/// * `gradient`: of Σ R∘y for random R, plus what the layer's own term adds, with respect to every dense input and trainable block. R is
///   zero in columns of weight 0, as what reaches a layer from a loss is;
/// * `add`: `Write::Add` adds to what is there; `foreign`: nobody else's numbers are touched;
///   `unwanted`: gradients nobody wants are not written and do not change the others;
/// * `inner`: inside another layer, which hands it blocks, gradients and downstream gradients in
///   memory of its own, it gives the same;
/// * `products`: its weights multiply as the pass says, by `Params::times` and its like, so that products
///   may be formed in another way (see the options);
/// * `transposed`: matrices that are transposed views give the same;
/// * `precision`: single precision agrees with double;
/// * `independent`: every example gives the same alone (see the options);
/// * `threads`: 1, 2, 3 and 8 threads give the same bits;
/// * `carry`: a sequence in two segments gives what the whole gives, `after` is honoured, and
///   examples of weight 0 keep what they had;
/// * `smooth`: where `facts` say so, outputs and gradients do not jump on the way from one random
///   batch to another;
/// * `range`, `disturbs`, `link`, `init`: facts, link-free twin and initial values are as declared;
/// * `settings`, `panic`: `check` accepts the layer, and no kernel panics, as one does whose tape is shorter
///   than it takes it to be.
///
/// # Errors
/// The first rule that is broken, with the batch.
pub fn check(layer: &dyn Layer, inputs: &[Shape], options: &LayerOptions) -> Result<(), Failure> {
    failure::in_range(layer)?;
    failure::caught(|| all(layer, inputs, options))?
}

fn all(layer: &dyn Layer, inputs: &[Shape], options: &LayerOptions) -> Result<(), Failure> {
    let rig = Rig::new(layer, inputs, false)?;
    rules::blocks(&rig)?;
    for index in 0..options.cases {
        let case = Case::draw(&rig, options, index);
        rules::all(&rig, options, &case)
            .and_then(|()| inner::check(&rig, &case))
            .map_err(|f| f.at(format_args!("case {index}, {}", case.describe())))?;
    }
    if options.products {
        products::check(&rig, options)?;
    }
    let mut draws = Stream::new(options.seed, "testkit/threads").sample(0);
    let steps = if rig.sequential() { *options.steps.end() } else { 1 };
    let large = Extent { examples: options.threaded, steps };
    let large = Case::sized(&rig, options, large, true, &mut draws);
    rules::threads(&rig, &large)?;
    smooth::check(&rig, options)?;
    carry::check(&rig, options)
}

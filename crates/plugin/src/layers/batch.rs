//! What a trainer consumes: batches of inputs, targets and weights.

use std::ops::{Deref, Range};
use tanren_tensor::{Extent, Indices, Input, Real, Shape, Signal};

/// The largest number of inputs a node, or of inputs or targets a network, can have.
pub const PORTS: usize = 16;

/// Up to [`PORTS`] borrowed inputs in a row, without allocation.
#[derive(Clone, Copy, Debug)]
pub struct Ports<'a, T> {
    inputs: [Input<'a, T>; PORTS],
    len: usize,
}

impl<T> Default for Ports<'_, T> {
    fn default() -> Self {
        const { assert!(PORTS > 0) };
        let nothing = || Input::Indices(Indices { data: &[], levels: 0 });
        Self { inputs: std::array::from_fn(|_| nothing()), len: 0 }
    }
}

impl<'a, T> Ports<'a, T> {
    /// Appends an input.
    ///
    /// # Panics
    /// Beyond [`PORTS`]; the assembly refuses nodes and networks with more.
    pub fn push(&mut self, input: Input<'a, T>) {
        self.inputs[self.len] = input;
        self.len += 1;
    }
}

impl<'a, T> FromIterator<Input<'a, T>> for Ports<'a, T> {
    fn from_iter<I: IntoIterator<Item = Input<'a, T>>>(inputs: I) -> Self {
        let mut ports = Self::default();
        inputs.into_iter().for_each(|input| ports.push(input));
        ports
    }
}

impl<'a, T> Deref for Ports<'a, T> {
    type Target = [Input<'a, T>];
    fn deref(&self) -> &Self::Target {
        &self.inputs[..self.len]
    }
}

/// What each column counts. `None` means 1 for all.
#[derive(Clone, Copy, Debug)]
pub struct Weights<'a, T> {
    /// One weight per example, for signals without time.
    pub examples: Option<&'a [T]>,
    /// One weight per column of a sequence, step by step; 0 for padding.
    pub columns: Option<&'a [T]>,
    /// One number per column of a sequence: 0 where the sequence has ended. Other than a weight of
    /// 0, which only keeps a column out of losses and statistics, it stops recurrent states.
    pub mask: Option<&'a [T]>,
}

impl<'a, T: Real> Weights<'a, T> {
    /// Every column counts 1.
    pub const NONE: Self = Self { examples: None, columns: None, mask: None };

    /// The weights of the columns of a signal of `shape`.
    #[must_use]
    pub const fn of(&self, shape: Shape) -> Option<&'a [T]> {
        if shape.sequence { self.columns } else { self.examples }
    }
}

/// What makes a batch one piece of longer sequences, for truncated back-propagation through time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment {
    /// How many steps of its sequences came before, in earlier batches. From the first step on,
    /// states start at 0; later, where the previous batch left them.
    pub first: usize,
    /// States pass to the next segment as they are after this many steps: all of them, or fewer
    /// when gradients reach further back than a segment moves forward.
    pub after: usize,
    /// How many of its own first steps an earlier segment had, too. These count nothing any more: gradients
    /// reach back through them.
    pub seen: usize,
    /// Whether any step counts of the sequences it is cut from. A segment in which none does carries states
    /// on; sequences without any teach nothing.
    pub labelled: bool,
}

impl Segment {
    /// A segment of new steps.
    #[must_use]
    pub const fn new(first: usize, after: usize) -> Self {
        Self { first, after, seen: 0, labelled: true }
    }

    /// Whether its sequences go on from a state that an earlier batch left.
    #[must_use]
    pub const fn continues(&self) -> bool {
        self.first > 0
    }

    /// Whether no earlier batch had any of its sequences' steps.
    #[must_use]
    pub const fn begins(&self) -> bool {
        self.first == 0 && self.seen == 0
    }
}

/// One mini-batch.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a, T> {
    /// Examples and steps.
    pub extent: Extent,
    /// The identity of each example, which random streams are keyed by.
    pub samples: &'a [u64],
    /// The inputs of the network, in its order.
    pub inputs: Ports<'a, T>,
    /// The targets of its losses, in their order.
    pub targets: Ports<'a, T>,
    /// What each column counts.
    pub weights: Weights<'a, T>,
    /// Which piece of longer sequences it is; `None` for whole ones.
    pub segment: Option<Segment>,
}

impl<'a, T: Real> Batch<'a, T> {
    /// So many examples without inputs and targets, each of which counts 1.
    #[must_use]
    pub fn new(extent: Extent, samples: &'a [u64]) -> Self {
        let (inputs, targets) = (Ports::default(), Ports::default());
        Self { extent, samples, inputs, targets, weights: Weights::NONE, segment: None }
    }
}

impl<'a, T: Real> Batch<'a, T> {
    /// Some steps of the batch, as a segment of its sequences that a whole pass would go on from: what has
    /// no time stays as it is.
    ///
    /// # Panics
    /// When there are not so many steps.
    #[must_use]
    pub fn cut(&self, steps: Range<usize>) -> Self {
        let Extent { examples, steps: all } = self.extent;
        assert!(steps.end <= all, "{steps:?} of {all} steps");
        let columns = steps.start * examples..steps.end * examples;
        let part = |input: &Input<'a, T>| cut(*input, self.extent, &columns);
        Batch {
            extent: Extent { examples, steps: steps.len() },
            inputs: self.inputs.iter().map(part).collect(),
            targets: self.targets.iter().map(part).collect(),
            weights: Weights {
                columns: self.weights.columns.map(|w| &w[columns.clone()]),
                mask: self.weights.mask.map(|m| &m[columns.clone()]),
                ..self.weights
            },
            segment: Some(Segment::new(steps.start, steps.len())),
            ..*self
        }
    }
}

/// Some columns of a signal that has time, or all of one that has none.
fn cut<'a, T: Real>(input: Input<'a, T>, whole: Extent, columns: &Range<usize>) -> Input<'a, T> {
    // Where there is one step only, a signal without time is a segment of itself.
    let time = whole.steps > 1 || columns.is_empty();
    let all = whole.examples * whole.steps;
    match input {
        Input::Dense(x) if time && x.columns() == all => {
            let width = x.features();
            Input::Dense(Signal::new(&x.data()[columns.start * width..columns.end * width], width))
        }
        Input::Indices(Indices { data, levels }) if time && data.len() == all => {
            Input::Indices(Indices { data: &data[columns.clone()], levels })
        }
        other => other,
    }
}

/// A batch without its numbers: how much it is and what it counts.
#[derive(Clone, Copy, Debug)]
pub struct Outline<'a, T> {
    /// Examples and steps.
    pub extent: Extent,
    /// What each column counts.
    pub weights: Weights<'a, T>,
    /// Which piece of longer sequences it is; `None` for whole ones.
    pub segment: Option<Segment>,
}

impl<'a, T: Copy> Batch<'a, T> {
    /// The batch without its numbers.
    #[must_use]
    pub const fn outline(&self) -> Outline<'a, T> {
        Outline { extent: self.extent, weights: self.weights, segment: self.segment }
    }
}

/// Training data as the loop sees it: any batch of any epoch, on demand.
///
/// Batches are a function of (epoch, index), so that a run resumes anywhere.
pub trait Batches<T: Real> {
    /// Batches in one epoch.
    fn per_epoch(&self) -> usize;

    /// Makes batch `index` of `epoch` the current one.
    fn load(&mut self, epoch: u64, index: usize);

    /// The current batch.
    fn batch(&self) -> Batch<'_, T>;

    /// The outline of the current batch, where that costs less than the batch itself.
    fn outline(&self) -> Outline<'_, T> {
        self.batch().outline()
    }
}

//! `Objective`: a function of the parameters, to be minimised.

use crate::Layout;
use crate::engine::{Gradient, Ready};
use serde::{Deserialize, Serialize};
use std::fmt;
use tanren_tensor::Real;

/// What an objective can compute, or what an algorithm needs of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offers {
    /// Its value. Contrastive divergence has none.
    pub value: bool,
    /// Its gradient.
    pub gradient: bool,
}

impl Offers {
    /// A value only.
    pub const VALUE: Self = Self { value: true, gradient: false };
    /// A gradient only.
    pub const GRADIENT: Self = Self { value: false, gradient: true };
    /// Value and gradient.
    pub const BOTH: Self = Self { value: true, gradient: true };

    /// What `self` needs and `offered` lacks.
    #[must_use]
    pub const fn missing(self, offered: Self) -> Option<&'static str> {
        match (self.value && !offered.value, self.gradient && !offered.gradient) {
            (false, false) => None,
            (true, false) => Some("a value"),
            (false, true) => Some("a gradient"),
            (true, true) => Some("a value and a gradient"),
        }
    }
}

impl fmt::Display for Offers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.value, self.gradient) {
            (true, true) => "value and gradient",
            (true, false) => "value only",
            (false, true) => "gradient only",
            (false, false) => "nothing",
        })
    }
}

/// What a caller wants of one evaluation.
#[derive(Debug)]
pub struct Ask<'a, T> {
    /// Whether the penalties' value is wanted; the loss is a by-product of any evaluation.
    pub penalty: bool,
    /// Where the gradient goes, if it is wanted: as long as the layout, every trainable number
    /// written. The range of a statistic may be given its next value; a step finds the present one
    /// there otherwise. The range of a fixed block is not looked at.
    pub gradient: Option<&'a mut [T]>,
}

/// One evaluation.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// The loss, for objectives that have a value.
    pub loss: Option<f64>,
    /// The penalties, when they were asked for.
    pub penalty: Option<f64>,
}

impl Evaluation {
    /// An evaluation with this loss and no penalties.
    #[must_use]
    pub const fn loss(loss: f64) -> Self {
        Self { loss: Some(loss), penalty: None }
    }

    /// Loss plus penalties; NaN when the objective has no value.
    #[must_use]
    pub fn value(&self) -> f64 {
        self.loss.unwrap_or(f64::NAN) + self.penalty.unwrap_or(0.0)
    }
}

/// A function of the parameters. They are an argument, never owned: a line search evaluates
/// `θ + αd` without touching the network.
pub trait Objective<T: Real> {
    /// What it can compute.
    fn offers(&self) -> Offers;

    /// The map of its parameters.
    fn layout(&self) -> &Layout;

    /// Evaluates at `parameters`, which are as long as the layout. The same parameters give the
    /// same bits however often and whatever is asked.
    fn evaluate(&mut self, parameters: &[T], ask: Ask<'_, T>) -> Evaluation;

    /// Whether it is the same function at every step, without noise and whatever the batch: what a
    /// search found last is then known at the start of the next step.
    fn fixed(&self) -> bool {
        false
    }

    /// Called after the evaluation a step begins with, before a search looks elsewhere: whatever else
    /// that evaluation left, such as the states of recurrent nodes, belongs to the step.
    fn keep(&mut self) {}

    /// Evaluates the gradient and calls `ready` for every trainable block as soon as neither its
    /// parameters nor its gradient are needed any more, so that a step may be taken on the spot.
    /// Before that `begin` sees the value, and may end the sweep by answering `false`. Of a gradient
    /// that comes as a product nothing is written into `gradient`.
    fn sweep(
        &mut self,
        parameters: &mut [T],
        gradient: &mut [T],
        begin: &mut dyn FnMut(&Evaluation) -> bool,
        ready: &mut dyn FnMut(Ready<'_, T>),
    ) -> Evaluation {
        let ask = Ask { penalty: false, gradient: Some(&mut *gradient) };
        let evaluation = self.evaluate(parameters, ask);
        let go = begin(&evaluation);
        for (index, block) in self.layout().blocks().iter().enumerate() {
            if go && block.trainable() {
                let range = block.range.clone();
                ready(Ready {
                    block: index,
                    parameters: &mut parameters[range.clone()],
                    gradient: Gradient::Written(&mut gradient[range]),
                });
            }
        }
        evaluation
    }
}

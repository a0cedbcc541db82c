//! `multi-class-hinge`: max(0, 1 + max z_j − z_c) over all j other than the class c.
//!
//! z outputs, one for each class; of a distribution t it is Σ t_c of these. An answer that is ahead of all
//! others by a margin of 1 adds nothing more. The gradient is 1 at the largest other output, and −1 at c. The
//! prediction is softmax(z), which has the order of z; nothing makes it frequencies. Source: Crammer and
//! Singer (2001), *On the algorithmic implementation of multiclass kernel-based vector machines*.

use crate::{accept, softmax};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut};

/// Margin loss of several classes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct MultiClassHinge {}

#[typetag::serde(name = "multi-class-hinge")]
impl Loss for MultiClassHinge {
    fn link(&self) -> Link {
        Link::Softmax
    }

    fn domain(&self) -> Domain {
        Domain::Distribution
    }

    fn smooth(&self) -> bool {
        false
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::classes(target, "hinge")
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for MultiClassHinge {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        for (n, (value, z)) in values.iter_mut().zip(outputs.iter()).enumerate() {
            let (first, second) = largest(z);
            let mut out = gradient.as_mut().map(|to| (to.weights[n], to.out.column(n)));
            if let Some((_, g)) = &mut out {
                g.fill(T::ZERO);
            }
            *value = 0.0;
            let mut add = |c: usize, t: T| {
                let rival = if c == first { second } else { first };
                let short = 1.0 + z[rival].f64() - z[c].f64();
                if short <= 0.0 || t == T::ZERO {
                    return;
                }
                *value += t.f64() * short;
                if let Some((w, g)) = &mut out {
                    g[rival] += *w * t;
                    g[c] -= *w * t;
                }
            };
            match targets {
                Input::Indices(t) => add(t.data[n] as usize, T::ONE),
                Input::Dense(t) => {
                    t.column(n).iter().enumerate().for_each(|(c, &t)| add(c, t));
                }
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>) {
        softmax::predict(outputs, predictions);
    }
}

/// The places of the largest and of the second largest number; of equal ones the first.
fn largest<T: Real>(z: &[T]) -> (usize, usize) {
    let above = |a: usize, b: usize| z[a] > z[b];
    let start = if above(1, 0) { (1, 0) } else { (0, 1) };
    (2..z.len()).fold(start, |(first, second), i| {
        if above(i, first) {
            (i, first)
        } else if above(i, second) {
            (first, i)
        } else {
            (first, second)
        }
    })
}

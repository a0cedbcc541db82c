//! `bp-mll`: Σ e^−(cₐ − c_b) / (|Y| |Ȳ|) over all labels a of the row, in Y, and b not of it, in Ȳ.
//!
//! cᵢ = tanh(zᵢ / 2) = 2 ŷᵢ − 1 of outputs z, ŷ = σ(z) the predictions; targets are 1 for the labels of a row,
//! otherwise 0. A label that is right should be above one that is wrong; which ones are right follows from
//! no fixed threshold. The sum factors into (Σ e^−cₐ) (Σ e^c_b), so that it takes one pass over the labels.
//! A row with all labels or with none has no pairs: its value and gradient are 0. Source: Zhang and Zhou
//! (2006), *Multilabel neural networks with applications to functional genomics and text categorization*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{
    Input, Real, Shape, ShapeError, Signal, SignalMut, exp_scalar, sigmoid, sigmoid_scalar,
    tanh_scalar,
};

/// Ranking loss of several labels: those of a row above all others.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct BpMll {}

#[typetag::serde(name = "bp-mll")]
impl Loss for BpMll {
    fn link(&self) -> Link {
        Link::Sigmoid
    }

    fn domain(&self) -> Domain {
        Domain::Binary
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::labels(target)
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for BpMll {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        let targets = targets.dense();
        for (n, (value, z)) in values.iter_mut().zip(outputs.iter()).enumerate() {
            let t = targets.column(n);
            let power = |z: &T, set: bool| {
                let c = tanh_scalar(0.5 * z.f64());
                exp_scalar(if set { -c } else { c })
            };
            let (mut right, mut wrong, mut labels) = (0.0, 0.0, 0_usize);
            for (z, &t) in z.iter().zip(t) {
                let set = t != T::ZERO;
                *(if set { &mut right } else { &mut wrong }) += power(z, set);
                labels += usize::from(set);
            }
            let pairs = (labels * (t.len() - labels)) as f64;
            let share = if pairs == 0.0 { 0.0 } else { 1.0 / pairs };
            *value = share * right * wrong;
            let Some(LossGradient { weights, out }) = &mut gradient else { continue };
            let w = weights[n].f64() * share;
            for ((g, z), &t) in out.column(n).iter_mut().zip(z).zip(t) {
                let set = t != T::ZERO;
                // dc/dz = ½ (1 − c²)
                let slope = 2.0 * sigmoid_scalar(z.f64()) * sigmoid_scalar(-z.f64());
                let others = if set { -wrong } else { right };
                *g = T::of(w * others * power(z, set) * slope);
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(outputs.data());
        sigmoid(predictions.data());
    }
}

//! `binary-cross-entropy`: −Σ (p t ln ŷ + (1 − t) ln(1 − ŷ)) with ŷ = σ(z), computed as
//! Σ (p t s(−z) + (1 − t) s(z)), s(x) = ln(1 + eˣ).
//!
//! z outputs, t targets from 0 to 1, one independent yes or no each; the value is their sum. p is
//! `positive-weight`; smoothing by ε makes t (1 − ε) + ½ ε of t. Nothing overflows and a confident output
//! loses no digits. The gradient is (p t + 1 − t) ŷ − p t. With `focal` γ the two logarithms are multiplied
//! by (1 − ŷ)^γ and ŷ^γ, computed as e^(−γ s(±z)). Of numbers from 0 to 1 it is the cross-entropy by which
//! autoencoders are trained to reconstruct. Sources: Cox (1958), *The regression analysis of binary
//! sequences*; Szegedy et al. (2016), *Rethinking the inception architecture for computer vision*; Lin et
//! al. (2017), *Focal loss for dense object detection*.

use crate::accept;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels, LossTerms, Reduction,
};
use tanren_tensor::{
    Input, Real, Shape, ShapeError, Signal, SignalMut, exp_scalar, sigmoid, sigmoid_scalar,
    softplus_scalar,
};

/// Cross-entropy of independent yes-or-no answers, fused with its sigmoid.
///
/// An index below 2 counts as one answer; the prediction is then the probability of index 1.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct BinaryCrossEntropy {
    /// ε: a target counts as `(1 − ε) t + ½ ε`; from 0 up to, but not including, 1.
    #[setting(from = 0, below = 1)]
    pub label_smoothing: f64,
    /// What a yes counts, where a no counts 1; above 0.
    #[setting(above = 0)]
    pub positive_weight: f64,
    /// γ: answers that are nearly right count less, the more the larger it is; 0 or more.
    #[setting(from = 0)]
    pub focal: f64,
}

impl Default for BinaryCrossEntropy {
    fn default() -> Self {
        Self { label_smoothing: 0.0, positive_weight: 1.0, focal: 0.0 }
    }
}

#[typetag::serde(name = "binary-cross-entropy")]
impl Loss for BinaryCrossEntropy {
    fn link(&self) -> Link {
        Link::Sigmoid
    }

    fn domain(&self) -> Domain {
        Domain::Unit
    }

    fn separable(&self) -> Option<Reduction> {
        Some(Reduction::Sum)
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        accept::numbers_or_two_classes(target, "cross-entropy")
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for BinaryCrossEntropy {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    ) {
        let half = 0.5 * self.label_smoothing;
        let plain = Plain { keep: 1.0 - self.label_smoothing, half, weight: self.positive_weight };
        if self.focal == 0.0 {
            plain.evaluate(outputs, targets, values, gradient);
        } else {
            Focal { plain, gamma: self.focal }.evaluate(outputs, targets, values, gradient);
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        predictions.data().copy_from_slice(outputs.data());
        sigmoid(predictions.data());
    }
}

/// The terms without γ, which need a power less.
struct Plain {
    keep: f64,
    half: f64,
    weight: f64,
}

impl Plain {
    /// What a yes and a no count, of a smoothed target.
    #[inline(always)]
    fn counts<T: Real>(&self, t: T) -> (T, T) {
        let t = T::of(self.keep) * t + T::of(self.half);
        (T::of(self.weight) * t, T::ONE - t)
    }
}

/// ln(1 + e⁻ᶻ) and ln(1 + eᶻ), which have one exponential.
#[inline(always)]
fn losses<T: Real>(z: T) -> (T, T) {
    let tail = softplus_scalar(-z.abs());
    let (above, below) = if z > T::ZERO { (z, T::ZERO) } else { (T::ZERO, -z) };
    (below + tail, above + tail)
}

impl LossTerms for Plain {
    fn reduction(&self) -> Reduction {
        Reduction::Sum
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        let ((yes, no), (of_yes, of_no)) = (self.counts(t), losses(z));
        yes * of_yes + no * of_no
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        let (yes, no) = self.counts(t);
        (yes + no) * sigmoid_scalar(z) - yes
    }
}

/// The terms with γ.
struct Focal {
    plain: Plain,
    gamma: f64,
}

impl LossTerms for Focal {
    fn reduction(&self) -> Reduction {
        Reduction::Sum
    }

    #[inline(always)]
    fn value(&self, z: f64, t: f64) -> f64 {
        let ((yes, no), (of_yes, of_no)) = (self.plain.counts(t), losses(z));
        let far = |loss: f64| exp_scalar(-self.gamma * loss);
        yes * far(of_no) * of_yes + no * far(of_yes) * of_no
    }

    #[inline(always)]
    fn slope<T: Real>(&self, z: T, t: T) -> T {
        let ((yes, no), (of_yes, of_no)) = (self.plain.counts(t), losses(z));
        let gamma = T::of(self.gamma);
        let (p, q) = (sigmoid_scalar(z), sigmoid_scalar(-z));
        let to_yes = exp_scalar(-gamma * of_no) * (q + gamma * p * of_yes);
        let to_no = exp_scalar(-gamma * of_yes) * (p + gamma * q * of_no);
        no * to_no - yes * to_yes
    }
}

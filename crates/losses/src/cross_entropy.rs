//! `cross-entropy`: −Σ c t ln ŷ with ŷ = softmax(z), computed as Σ c t (m − z + ln s).
//!
//! z outputs, t a distribution (or a class index, which is one written short), c class weights,
//! m = max z, s = Σ e^(z − m). Nothing overflows and a confident output loses no digits. The gradient is
//! ŷ Σct − ct. Smoothing by ε makes (1 − ε) t + ε / k of t, k classes. With `focal` γ each logarithm is
//! multiplied by (1 − ŷ)^γ. The mean over a batch is that over its rows, as without class weights: it is not
//! divided by the sum of c, as PyTorch's is. Sources: Bridle (1990), *Probabilistic interpretation of
//! feedforward classification network outputs*; Szegedy et al. (2016), *Rethinking the inception
//! architecture for computer vision*; King and Zeng (2001), *Logistic regression in rare events data*; Lin
//! et al. (2017), *Focal loss for dense object detection*.

use crate::class_weights::ClassWeights;
use crate::{accept, softmax};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Classes, Domain, Link, Loss, LossGradient, LossKernel, LossKernels, Plugin,
    SettingError,
};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, with_scratch};

/// Cross-entropy of several classes, fused with its softmax.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct CrossEntropy {
    /// ε: the share of a target that is spread over all classes; from 0 up to, but not including, 1.
    #[setting(from = 0, below = 1)]
    pub label_smoothing: f64,
    /// What the targets of each class count: a table of numbers by the names of classes, where classes that
    /// are left out count 1; a list of numbers, one for each class; `"balanced"`; or `"equal"`.
    pub class_weights: ClassWeights,
    /// γ: classes that are nearly certain count less, the more the larger it is; 0 or more.
    #[setting(from = 0)]
    pub focal: f64,
}

#[typetag::serde(name = "cross-entropy")]
impl Loss for CrossEntropy {
    fn link(&self) -> Link {
        Link::Softmax
    }

    fn domain(&self) -> Domain {
        Domain::Distribution
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        let k = accept::classes(target, "binary-cross-entropy")?;
        if let Some(error) = self.class_weights.unresolved() {
            return Err(error);
        }
        match self.class_weights.given() {
            Some(weights) if weights.len() != k => {
                let expected = format!("{k} class weights, for {target} as the target");
                Err(ShapeError::new(expected, format!("{} class weights", weights.len())))
            }
            _ => Ok(k),
        }
    }

    fn resolve(&self, classes: Classes<'_>) -> Result<Option<Plugin<dyn Loss>>, SettingError> {
        let class_weights = self.class_weights.resolve(classes)?;
        Ok(class_weights.map(|class_weights| Self { class_weights, ..self.clone() }.into()))
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Real> LossKernel<T> for CrossEntropy {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    ) {
        if self.label_smoothing == 0.0 && self.focal == 0.0 && self.class_weights.is_equal() {
            softmax::cross_entropy(outputs, targets, values, gradient);
        } else {
            with_scratch(3 * outputs.features(), |scratch| {
                self.refined(outputs, targets, values, gradient, scratch);
            });
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>) {
        softmax::predict(outputs, predictions);
    }
}

impl CrossEntropy {
    /// What the logarithm of each class counts in column `n`: c t, of a smoothed t.
    fn counts<T: Real>(&self, targets: Input<'_, T>, n: usize, counts: &mut [f64]) {
        match targets {
            Input::Dense(t) => {
                counts.iter_mut().zip(t.column(n)).for_each(|(count, t)| *count = t.f64());
            }
            Input::Indices(t) => {
                counts.fill(0.0);
                counts[t.data[n] as usize] = 1.0;
            }
        }
        let (keep, spread) =
            (1.0 - self.label_smoothing, self.label_smoothing / counts.len() as f64);
        counts.iter_mut().for_each(|count| *count = keep * *count + spread);
        for (count, c) in counts.iter_mut().zip(self.class_weights.given().unwrap_or(&[])) {
            *count *= c;
        }
    }

    /// With smoothing, class weights or γ: in double precision, column by column.
    fn refined<T: Real>(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        mut gradient: Option<LossGradient<'_, T>>,
        scratch: &mut [f64],
    ) {
        let k = outputs.features();
        let (counts, rest) = scratch.split_at_mut(k);
        let (z, p) = rest.split_at_mut(k);
        for (n, (column, value)) in outputs.iter().zip(values).enumerate() {
            self.counts(targets, n, counts);
            z.iter_mut().zip(column).for_each(|(z, from)| *z = from.f64());
            let (mut sum, mut shift) = ([0.0], [0.0]);
            softmax::shifted_exp(Signal::new(z, k), p, &mut sum, &mut shift);
            *value = 0.0;
            for ((p, z), count) in p.iter_mut().zip(&*z).zip(&mut *counts) {
                *p /= sum[0];
                let (loss, slope) = focal(shift[0] - z, *p, self.focal);
                *value += *count * loss;
                *count *= slope;
            }
            let Some(LossGradient { weights, out }) = &mut gradient else { continue };
            let (w, mass) = (weights[n].f64(), counts.iter().sum::<f64>());
            for ((g, p), count) in out.column(n).iter_mut().zip(&*p).zip(&*counts) {
                *g = T::of(w * (p * mass - count));
            }
        }
    }
}

/// The loss −(1 − p)^γ ln p of a class, and its derivative by −ln p, with every other logarithm kept, where
/// `loss` is −ln p.
fn focal(loss: f64, p: f64, gamma: f64) -> (f64, f64) {
    if gamma == 0.0 {
        return (loss, 1.0);
    }
    if loss <= 0.0 {
        return (0.0, 0.0); // p rounds to 1: the limit of both
    }
    let rest = -(-loss).exp_m1(); // 1 − p, without cancellation
    let power = rest.powf(gamma);
    (power * loss, power + gamma * p * power / rest * loss)
}

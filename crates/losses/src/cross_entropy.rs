//! `cross-entropy`: −Σ t ln ŷ with ŷ = softmax(z), computed as Σ t (m − z + ln s).
//!
//! z outputs, t a distribution (or a class index, which is one written short), m = max z,
//! s = Σ e^(z − m). Nothing overflows and a confident output loses no digits. The gradient is
//! ŷ Σt − t. Source: Bridle (1990), *Probabilistic interpretation of feedforward classification
//! network outputs*.

use crate::CHUNK;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{Input, Real, Shape, ShapeError, Signal, SignalMut, exp};

/// Cross-entropy of several classes, fused with its softmax.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CrossEntropy {}

#[typetag::serde(name = "cross-entropy")]
impl Loss for CrossEntropy {
    fn link(&self) -> Link {
        Link::Softmax
    }

    fn domain(&self) -> Domain {
        Domain::Distribution
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        if target.features < 2 {
            // The softmax of one output is always 1: nothing could be learnt.
            let expected = "at least 2 classes as target of cross-entropy, or binary-cross-entropy";
            return Err(ShapeError::new(expected, target));
        }
        Ok(target.features)
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
        mut gradient: Option<LossGradient<'_, T>>,
    ) {
        for (n, (value, z)) in values.iter_mut().zip(outputs.iter()).enumerate() {
            let m = max(z);
            let s = match &mut gradient {
                Some(gradient) => shifted_exp(z, m, gradient.out.column(n)),
                None => sum_shifted_exp(z, m),
            };
            let term = |z: T| m.f64() - z.f64() + s.ln(); // −ln ŷ
            let mass;
            (*value, mass) = match targets {
                Input::Dense(t) => (
                    z.iter().zip(t.column(n)).map(|(&z, &t)| t.f64() * term(z)).sum(),
                    t.column(n).iter().map(|t| t.f64()).sum(),
                ),
                Input::Indices(t) => (term(z[t.data[n] as usize]), 1.0),
            };
            let Some(LossGradient { weights, out }) = &mut gradient else { continue };
            let (w, scale, g) = (weights[n], T::of(mass / s), out.column(n));
            match targets {
                Input::Dense(t) => {
                    g.iter_mut().zip(t.column(n)).for_each(|(g, &t)| *g = w * (scale * *g - t));
                }
                Input::Indices(t) => {
                    let class = t.data[n] as usize;
                    let hit = w * (scale * g[class] - T::ONE);
                    g.iter_mut().for_each(|g| *g *= w * scale);
                    g[class] = hit;
                }
            }
        }
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        for (z, y) in outputs.iter().zip(predictions.iter_mut()) {
            let scale = T::of(1.0 / shifted_exp(z, max(z), y));
            y.iter_mut().for_each(|y| *y *= scale);
        }
    }
}

/// `max z`.
fn max<T: Real>(z: &[T]) -> T {
    z.iter().fold(T::of(f64::NEG_INFINITY), |m, &z| m.max(z))
}

/// `e ← e^(z − m)`; returns their sum.
fn shifted_exp<T: Real>(z: &[T], m: T, e: &mut [T]) -> f64 {
    z.chunks(CHUNK).zip(e.chunks_mut(CHUNK)).map(|(z, e)| chunk(z, m, e)).sum()
}

/// The same sum, to the bit, where the numbers are not wanted.
fn sum_shifted_exp<T: Real>(z: &[T], m: T) -> f64 {
    let mut e = [T::ZERO; CHUNK];
    z.chunks(CHUNK).map(|z| chunk(z, m, &mut e[..z.len()])).sum()
}

fn chunk<T: Real>(z: &[T], m: T, e: &mut [T]) -> f64 {
    e.iter_mut().zip(z).for_each(|(e, &z)| *e = z - m);
    exp(e);
    e.iter().map(|e| e.f64()).sum()
}

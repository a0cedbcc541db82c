//! `cross-entropy`: −Σ t ln ŷ with ŷ = softmax(z), computed as Σ t (m − z + ln s).
//!
//! z outputs, t a distribution (or a class index, which is one written short), m = max z,
//! s = Σ e^(z − m). Nothing overflows and a confident output loses no digits. The gradient is
//! ŷ Σt − t. Source: Bridle (1990), *Probabilistic interpretation of feedforward classification
//! network outputs*.

use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, Domain, Link, Loss, LossGradient, LossKernel, LossKernels};
use tanren_tensor::{
    Input, Real, Shape, ShapeError, Signal, SignalMut, combine, exp, ln_scalar, map, max, sum,
    with_scratch,
};

/// Cross-entropy of several classes, fused with its softmax.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Checked)]
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
            let expected =
                "at least 2 classes as the target (binary-cross-entropy takes one number)";
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
        gradient: Option<LossGradient<'_, T>>,
    ) {
        let z = outputs;
        let Some(LossGradient { weights, mut out }) = gradient else {
            return with_scratch(z.data().len(), |e| {
                with_scratch(values.len(), |sums| shifted_exp(z, e, sums, values));
                for (n, value) in values.iter_mut().enumerate() {
                    *value = cross_entropy(z.column(n), targets, n, *value).0;
                }
            });
        };
        with_scratch(values.len(), |sums| {
            shifted_exp(z, out.data(), sums, values);
            let columns = values.iter_mut().zip(out.iter_mut()).zip(&*sums).zip(weights);
            for (n, (((value, g), &s), &w)) in columns.enumerate() {
                let mass;
                (*value, mass) = cross_entropy(z.column(n), targets, n, *value);
                let scale = T::of(mass / s);
                match targets {
                    Input::Dense(t) => combine(g, t.column(n), |g, t| w * (scale * g - t)),
                    Input::Indices(t) => {
                        let class = t.data[n] as usize;
                        let hit = w * (scale * g[class] - T::ONE);
                        map(g, |g| w * (scale * g));
                        g[class] = hit;
                    }
                }
            }
        });
    }

    fn predict(&self, outputs: Signal<'_, T>, mut predictions: SignalMut<'_, T>) {
        for (z, y) in outputs.iter().zip(predictions.iter_mut()) {
            let m = max(z);
            combine(y, z, |_, z| z - m);
        }
        exp(predictions.data());
        for y in predictions.iter_mut() {
            let scale = T::of(1.0 / sum(y));
            map(y, |y| y * scale);
        }
    }
}

/// `e ← e^(z − m)`, its sum s, and m + ln s, of every column.
fn shifted_exp<T: Real>(z: Signal<'_, T>, e: &mut [T], sums: &mut [f64], shifts: &mut [f64]) {
    for ((z, e), m) in z.iter().zip(e.chunks_mut(z.features())).zip(&mut *shifts) {
        let most = max(z);
        combine(e, z, |_, z| z - most);
        *m = most.f64();
    }
    exp(e);
    sums.iter_mut().zip(e.chunks(z.features())).for_each(|(s, e)| *s = sum(e));
    combine(shifts, sums, |m, s| m + ln_scalar(s));
}

/// `Σ t (m − z + ln s)` and `Σ t` of column n, where `shift` is m + ln s.
fn cross_entropy<T: Real>(z: &[T], t: Input<'_, T>, n: usize, shift: f64) -> (f64, f64) {
    match t {
        Input::Indices(t) => (shift - z[t.data[n] as usize].f64(), 1.0),
        Input::Dense(t) => {
            let term = |(&z, &t): (&T, &T)| t.f64() * (shift - z.f64());
            (z.iter().zip(t.column(n)).map(term).sum(), sum(t.column(n)))
        }
    }
}

//! `batch-norm`: y = γ (x − μ) / √(σ² + ε) + β, row by row: feature by feature, or channel by channel of
//! an image.
//!
//! X features × columns. In training μ and σ² are mean and variance over the columns of the batch, and
//! over the pixels, each counting its weight w (padding counts 0): μ = Σ p x, σ² = Σ p (x − μ)² with
//! p = w / Σ w. In inference they are the running statistics m and v, to which a batch counts with the
//! share s: m ← m + s (μ − m), v ← v + s (σ² / (1 − Σ p²) − v), the unbiased variance, n / (n − 1) σ² for
//! n columns of one weight. With x̂ = (x − μ) / √(σ² + ε), ∂γ = Σ ∂y x̂, ∂β = Σ ∂y and
//! ∂x = γ / √(σ² + ε) (∂y − p (∂β + x̂ ∂γ)).
//!
//! A batch in which fewer than two columns count has no variance: it is normalised by the running
//! statistics, and leaves them alone. Source: Ioffe, Szegedy (2015), *Batch normalization: accelerating
//! deep network training by reducing internal covariate shift*; the correction of the start as in Kingma,
//! Ba (2015), *Adam: a method for stochastic optimization*, section 3.

use super::affine::Affine;
use super::rows::{Counts, Rows};
use crate::accept;
use crate::random::channels;
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Backward, BlockKind, Checked, Constant, Facts, Forward, Layer, LayerKernel, LayerKernels,
    Memory, Mode, ParamSpec, Pass, Zero,
};
use tanren_tensor::{Extent, Real, Shape, ShapeError, Signal, Write, combine, vectorized};

/// Gives each feature, or each channel of an image, mean 0 and variance 1 over the batch, and then a
/// scale and a shift that are learnt.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct BatchNorm {
    /// ε, added to the variance; above 0.
    #[setting(above = 0)]
    pub epsilon: f64,
    /// The share of the newest batch in the running statistics, above 0, up to 1. PyTorch calls it
    /// momentum; what Keras calls so is 1 minus this.
    #[setting(above = 0, to = 1)]
    pub batch_share: f64,
    /// Whether the running statistics are averages of batches alone, from the first batch on. If not,
    /// the mean of 0 and the variance of 1 with which they begin count (1 − batch-share)ᵗ after t
    /// batches, as in PyTorch and Keras.
    pub correct_start: bool,
    /// Whether outputs have a scale that is learnt, 1 at first.
    pub scale: bool,
    /// Whether outputs have a shift that is learnt, 0 at first.
    pub shift: bool,
    /// Whether training, too, normalises by the running statistics, and leaves them as they are. (A node
    /// that `freeze` names keeps them, too, but is trained on those of the batch.)
    pub frozen: bool,
}

impl Default for BatchNorm {
    fn default() -> Self {
        let (epsilon, batch_share) = (1e-5, 0.1);
        Self { epsilon, batch_share, correct_start: true, scale: true, shift: true, frozen: false }
    }
}

#[typetag::serde(name = "batch-norm")]
impl Layer for BatchNorm {
    fn output(&self, inputs: &[Shape]) -> Result<Shape, ShapeError> {
        accept::numbers(accept::single(inputs)?)
    }

    fn params(&self, inputs: &[Shape]) -> Vec<ParamSpec> {
        let shape = (channels(inputs[0]), 1);
        let fresh = self.correct_start && !self.frozen;
        let statistic = |name, shape| ParamSpec {
            fresh,
            ..ParamSpec::new(name, BlockKind::Statistic, shape, Zero {})
        };
        let mut params = self.affine().specs(shape.0);
        params.push(statistic("mean", shape));
        params.push(statistic("variance", shape).init(Constant { value: 1.0 }));
        if self.correct_start {
            // What batches count in the averages: 1 − (1 − s)ᵗ after t of them.
            params.push(statistic("batches", (1, 1)));
        }
        params
    }

    fn memory(&self, inputs: &[Shape], _: Extent) -> Memory {
        let channels = channels(inputs[0]);
        Memory { tape: 3 * channels, scratch: 2 * channels } // μ, σ², 1/√(σ² + ε)
    }

    fn facts(&self) -> Facts {
        Facts { disturbs: !self.frozen, ..Facts::smooth() }
    }

    fn kernels(&self) -> LayerKernels<'_> {
        LayerKernels::of(self)
    }
}

impl BatchNorm {
    const fn affine(&self) -> Affine {
        Affine { scale: self.scale, shift: self.shift }
    }

    /// What columns count, and Σ w and Σ w² where the statistics are those of the batch.
    fn counts<'a, T: Real>(&self, pass: &Pass<'a, T>) -> (Counts<'a, T>, Option<(f64, f64)>) {
        let pixels = pass.output.features / channels(pass.output);
        let counts = Counts { weights: pass.weights.of(pass.output), pixels };
        let columns = pixels * pass.extent.columns(pass.output);
        let batch = pass.mode == Mode::Training && !self.frozen;
        (counts, if batch { counts.total(columns) } else { None })
    }

    /// The running statistics after this batch, of which a share `unbiased` of the variance is known.
    fn average<T: Real>(
        &self,
        pass: &mut Backward<'_, T>,
        (mean, variance): (&[T], &[T]),
        unbiased: f64,
    ) {
        let first = self.affine().blocks();
        let mut share = self.batch_share;
        let mut batches = 0.0;
        if self.correct_start {
            batches = pass.params.slice(first + 2)[0].f64();
            batches += share * (1.0 - batches);
            share /= batches;
        }
        for (block, batch, factor) in [(first, mean, 1.0), (first + 1, variance, unbiased)] {
            if let Some(next) = pass.grads.statistic(block) {
                let (new, old) = (T::of(share * factor), T::of(1.0 - share));
                next.iter_mut().zip(batch).for_each(|(next, &x)| *next = old * *next + new * x);
            }
        }
        if let Some(next) = self.correct_start.then(|| pass.grads.statistic(first + 2)).flatten() {
            next.fill(T::of(batches));
        }
    }
}

impl<T: Real> LayerKernel<T> for BatchNorm {
    fn forward(&self, mut pass: Forward<'_, T>) {
        let (affine, channels) = (self.affine(), channels(pass.pass.output));
        let x = Signal::new(pass.inputs[0].dense().data(), channels);
        let (mean, rest) = pass.tape.split_at_mut(channels);
        let (variance, inverse) = rest.split_at_mut(channels);
        let (counts, total) = self.counts(pass.pass);
        mean.copy_from_slice(pass.params.slice(affine.blocks()));
        variance.copy_from_slice(pass.params.slice(affine.blocks() + 1));
        let (scale, shift) = pass.scratch.split_at_mut(channels);
        if let Some((sum, _)) = total {
            let weight = |n| counts.of(n);
            scale.fill(T::ZERO);
            Rows { x, z: x, centres: scale, weight }.sum(sum, mean, |x, _, _| x);
            let deviations = Rows { x, z: x, centres: mean, weight };
            deviations.sum(sum, variance, |x, _, mean| (x - mean) * (x - mean));
        }
        let inverses = inverse.iter_mut().zip(variance);
        inverses.for_each(|(inverse, v)| *inverse = T::of((v.f64() + self.epsilon).sqrt().recip()));
        scale.copy_from_slice(inverse);
        if let Some(scales) = affine.scales(pass.params) {
            combine(scale, scales, |inverse, scale| inverse * scale);
        }
        match affine.shifts(pass.params) {
            Some(shifts) => shift.copy_from_slice(shifts),
            None => shift.fill(T::ZERO),
        }
        let (mean, scale, shift) = (&*mean, &*scale, &*shift);
        let y = pass.output.data();
        vectorized(
            #[inline(always)]
            || {
                for (y, x) in y.chunks_exact_mut(channels).zip(x.iter()) {
                    let rows = x.iter().zip(mean).zip(scale).zip(shift);
                    for (y, (((&x, &mean), &scale), &shift)) in y.iter_mut().zip(rows) {
                        *y = scale.mul_add(x - mean, shift);
                    }
                }
            },
        );
    }

    fn backward(&self, mut pass: Backward<'_, T>) {
        let (affine, channels) = (self.affine(), channels(pass.pass.output));
        let x = Signal::new(pass.inputs[0].dense().data(), channels);
        let (mean, rest) = std::mem::take(&mut pass.tape).split_at_mut(channels);
        let (variance, scale) = rest.split_at_mut(channels);
        let (dshift, dscale) = std::mem::take(&mut pass.scratch).split_at_mut(channels);
        let (counts, total) = self.counts(pass.pass);
        let dy = Signal::new(pass.upstream.data(), channels);
        // Columns of weight 0 have no gradient.
        let weight = |n| if counts.of(n) > 0.0 { 1.0 } else { 0.0 };
        let rows = Rows { x, z: dy, centres: mean, weight };
        rows.sum(1.0, dshift, |_, dy, _| dy);
        rows.sum(1.0, dscale, |x, dy, mean| (x - mean) * dy);
        combine(dscale, scale, |sum, inverse| sum * inverse);
        affine.write(&mut pass.grads, dscale, dshift);

        // ∂x = scale (∂y − p (∂β + (x − μ) along)), with along = ∂γ / √(σ² + ε).
        combine(dscale, scale, |sum, inverse| sum * inverse);
        if let Some(scales) = affine.scales(pass.params) {
            combine(scale, scales, |inverse, scale| inverse * scale);
        }
        let share = |n| total.map_or(T::ZERO, |(sum, _)| T::of(counts.of(n) / sum));
        if let Some((write, mut dx)) = pass.downstream.get(0) {
            let dx = dx.data();
            let (mean, scale, along, dshift) = (&*mean, &*scale, &*dscale, &*dshift);
            vectorized(
                #[inline(always)]
                || {
                    let columns = dx.chunks_exact_mut(channels).zip(x.iter()).zip(dy.iter());
                    for (n, ((dx, x), dy)) in columns.enumerate() {
                        let p = share(n);
                        let kept = if write == Write::Add { T::ONE } else { T::ZERO };
                        let statistics = mean.iter().zip(scale).zip(along).zip(dshift);
                        let numbers = x.iter().zip(dy).zip(statistics);
                        for (dx, ((&x, &dy), (((&mean, &scale), &along), &dshift))) in
                            dx.iter_mut().zip(numbers)
                        {
                            let through = p * along.mul_add(x - mean, dshift);
                            let before = if kept == T::ZERO { T::ZERO } else { *dx };
                            *dx = scale.mul_add(dy - through, before);
                        }
                    }
                },
            );
        }
        if let Some((sum, squares)) = total {
            let unbiased = sum * sum / (sum * sum - squares);
            self.average(&mut pass, (mean, variance), unbiased);
        }
    }
}

//! `weight-noise`: w + std n, or w (1 + std n), with n normal, of mean 0 and variance 1, in training.
//!
//! W the weights of a block, n other numbers for each weight and each update, the same for all examples
//! of an update. ∂w = ∂w̃ for noise that is added, ∂w = ∂w̃ (1 + std n) for noise that is multiplied, with
//! w̃ the disturbed weight. Sources: An (1996), *The effects of adding noise during backpropagation
//! training on a generalization performance*, and Murray, Edwards (1994), *Enhanced MLP performance and
//! fault tolerance resulting from synaptic weight noise during training*.

use crate::random::by_update;
use serde::{Deserialize, Serialize};
use tanren_plugin::{Block, Checked, NoiseKernel, NoiseKernels, Pass, Scheduled, WeightNoise};
use tanren_tensor::{Draws, Real};

/// What noise does to a weight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum NoiseForm {
    /// It is added, and as large for every weight.
    #[default]
    Additive,
    /// It is multiplied, and as large as the weight.
    Multiplicative,
}

/// Disturbs weights by normal numbers while training; registered as `weight-noise`.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct NormalWeightNoise {
    /// The standard deviation of the noise, a number or a schedule, 0 or more.
    #[setting(from = 0)]
    pub std: Scheduled,
    /// `additive`, or `multiplicative` for noise relative to the size of a weight.
    pub form: NoiseForm,
}

impl Default for NormalWeightNoise {
    fn default() -> Self {
        Self { std: 0.05.into(), form: NoiseForm::Additive }
    }
}

impl NormalWeightNoise {
    /// `x ← x (1 + std n)`.
    fn multiply<T: Real>(&self, pass: &Pass<'_, T>, block: &Block, numbers: &mut [T]) {
        let std = T::of(self.std.at(pass.clock));
        by_update((pass, &block.name), numbers, Draws::seek_one_of_many, |draws, numbers| {
            draws.map_normals(numbers, |x, n| x * std.mul_add(n, T::ONE));
        });
    }
}

#[typetag::serde(name = "weight-noise")]
impl WeightNoise for NormalWeightNoise {
    fn unbiased(&self) -> bool {
        true
    }

    fn kernels(&self) -> NoiseKernels<'_> {
        NoiseKernels::of(self)
    }
}

impl<T: Real> NoiseKernel<T> for NormalWeightNoise {
    fn disturb(&self, pass: &Pass<'_, T>, block: &Block, weights: &mut [T]) {
        let std = T::of(self.std.at(pass.clock));
        match self.form {
            NoiseForm::Additive => {
                by_update(
                    (pass, &block.name),
                    weights,
                    Draws::seek_one_of_many,
                    |draws, weights| {
                        draws.map_normals(weights, |w, n| std.mul_add(n, w));
                    },
                );
            }
            NoiseForm::Multiplicative => self.multiply(pass, block, weights),
        }
    }

    fn differentiate(&self, pass: &Pass<'_, T>, block: &Block, gradient: &mut [T]) {
        if self.form == NoiseForm::Multiplicative {
            self.multiply(pass, block, gradient);
        }
    }
}

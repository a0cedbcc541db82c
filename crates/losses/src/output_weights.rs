//! `output-weights`: Σ cᵢ lᵢ, another loss in which each output i counts cᵢ.
//!
//! lᵢ terms of a loss that is their sum, or their mean, which is then divided by how many there are, not by
//! Σ c. Any loss with one term per output can stand inside; it is asked for one column per number.

use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, Classes, Domain, Link, Loss, LossGradient, LossKernel, LossKernels, Plugin, Precision,
    Reduction, SettingError,
};
use tanren_tensor::{Input, Shape, ShapeError, Signal, SignalMut, with_scratch};

/// Another loss, in which some outputs count more than others.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
#[setting(also = Self::whole)]
pub struct OutputWeights {
    /// The loss, with one term per output.
    pub loss: Plugin<dyn Loss>,
    /// What each output counts: a number of 0 or more for each, not all of them 0.
    #[setting(from = 0)]
    pub weights: Vec<f64>,
}

impl OutputWeights {
    /// Refuses a loss without terms, and weights of which none counts.
    fn whole(&self) -> Result<(), SettingError> {
        let found = self.loss.typetag_name();
        let separable = self.loss.separable().is_some();
        SettingError::unless(separable, "loss", "a loss with one term per output", found)?;
        let some = self.weights.iter().any(|c| *c > 0.0);
        let expected = "a number for each output, not all of them 0";
        SettingError::unless(some, "weights", expected, &self.weights)
    }
}

#[typetag::serde(name = "output-weights")]
impl Loss for OutputWeights {
    fn link(&self) -> Link {
        self.loss.link()
    }

    fn domain(&self) -> Domain {
        self.loss.domain()
    }

    fn range(&self) -> (f64, f64) {
        self.loss.range()
    }

    fn smooth(&self) -> bool {
        self.loss.smooth()
    }

    fn separable(&self) -> Option<Reduction> {
        self.loss.separable()
    }

    fn masks(&self) -> bool {
        self.loss.masks()
    }

    fn outputs(&self, target: Shape) -> Result<usize, ShapeError> {
        let (k, weights) = (self.loss.outputs(target)?, self.weights.len());
        match weights == k {
            true => Ok(k),
            false => {
                let expected = format!("{k} output weights, for {target} as the target");
                Err(ShapeError::new(expected, format!("{weights} output weights")))
            }
        }
    }

    fn predictions(&self, target: Shape, outputs: usize) -> usize {
        self.loss.predictions(target, outputs)
    }

    fn resolve(&self, classes: Classes<'_>) -> Result<Option<Plugin<dyn Loss>>, SettingError> {
        let loss = self.loss.resolve(classes)?;
        Ok(loss.map(|loss| Self { loss, weights: self.weights.clone() }.into()))
    }

    fn kernels(&self) -> LossKernels<'_> {
        LossKernels::of(self)
    }
}

impl<T: Precision> LossKernel<T> for OutputWeights {
    fn evaluate(
        &self,
        outputs: Signal<'_, T>,
        targets: Input<'_, T>,
        values: &mut [f64],
        gradient: Option<LossGradient<'_, T>>,
    ) {
        let (k, all) = (outputs.features(), outputs.data().len());
        // A column of one number has no mean to take: that of k numbers is taken here.
        let divisor = self.separable().unwrap_or(Reduction::Sum).divisor(k);
        let numbers = match targets {
            Input::Dense(t) => Input::Dense(Signal::new(t.data(), 1)),
            indices => indices, // only of two classes, which are one output
        };
        let (single, inner) = (Signal::new(outputs.data(), 1), self.loss.kernels().at::<T>());
        with_scratch(all, |terms: &mut [f64]| {
            match gradient {
                None => inner.evaluate(single, numbers, terms, None),
                Some(LossGradient { weights, out }) => with_scratch(all, |each: &mut [T]| {
                    for (each, w) in each.chunks_exact_mut(k).zip(weights) {
                        for (each, c) in each.iter_mut().zip(&self.weights) {
                            *each = *w * T::of(c / divisor);
                        }
                    }
                    let out = SignalMut::new(out.into_data(), 1);
                    inner.evaluate(
                        single,
                        numbers,
                        terms,
                        Some(LossGradient { weights: each, out }),
                    );
                }),
            }
            for (value, terms) in values.iter_mut().zip(terms.chunks_exact(k)) {
                *value = terms.iter().zip(&self.weights).map(|(l, c)| c * l).sum::<f64>() / divisor;
            }
        });
    }

    fn predict(&self, outputs: Signal<'_, T>, predictions: SignalMut<'_, T>) {
        self.loss.kernels().at::<T>().predict(outputs, predictions);
    }
}

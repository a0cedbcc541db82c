//! One random batch for a loss, and the rules it can show.

use super::LossOptions;
use crate::failure::{Failure, ensure};
use crate::golden::{compare, double, finite, of, same_bits};
use crate::gradient;
use tanren_plugin::{Domain, Link, Loss, LossGradient, Precision, Reduction};
use tanren_tensor::{Draws, Indices, Input, Shape, Signal, SignalMut, Stream, log_sum_exp};

#[derive(Clone)]
enum Target {
    Dense(Vec<f64>),
    Indices(Vec<u32>),
}

/// A batch: outputs, targets, weights that add up to 1.
#[derive(Clone)]
pub(super) struct Case {
    shape: Shape,
    features: usize,
    outputs: Vec<f64>,
    target: Target,
    weights: Vec<f64>,
}

/// Values, and the gradient of their weighted sum.
type Evaluated<T> = (Vec<f64>, Vec<T>);

impl Case {
    pub(super) fn draw(
        loss: &dyn Loss,
        shape: Shape,
        features: usize,
        options: &LossOptions,
        i: u64,
    ) -> Self {
        let mut draws = Stream::new(options.seed, "testkit/loss").sample(i);
        let n = 1 + (i as usize * 5) % 6;
        let outputs: Vec<f64> = (0..n * features).map(|_| 1.5 * draws.normal()).collect();
        let target = if shape.indices {
            let index = |_| draws.below(shape.features as u64) as u32;
            Target::Indices((0..n).map(index).collect())
        } else {
            let columns = (0..n).flat_map(|_| dense(loss.domain(), shape, options, &mut draws));
            Target::Dense(columns.collect())
        };
        let mut weights: Vec<f64> =
            (0..n).map(|c| if c % 3 == 1 { 0.0 } else { 0.1 + draws.uniform() }).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);
        // Exact in single precision, so that both precisions see the same numbers.
        let round = |v: Vec<f64>| double(&of::<f32>(&v));
        let target = match target {
            Target::Dense(t) => Target::Dense(round(t)),
            indices => indices,
        };
        Self { shape, features, outputs: round(outputs), target, weights: round(weights) }
    }

    pub(super) fn n(&self) -> usize {
        self.weights.len()
    }

    /// The batch of column `c` alone.
    fn column(&self, c: usize) -> Self {
        let cut = |v: &[f64], width: usize| v[c * width..(c + 1) * width].to_vec();
        Self {
            shape: self.shape,
            features: self.features,
            outputs: cut(&self.outputs, self.features),
            target: match &self.target {
                Target::Dense(t) => Target::Dense(cut(t, self.shape.features)),
                Target::Indices(t) => Target::Indices(vec![t[c]]),
            },
            weights: vec![1.0],
        }
    }

    /// Calls `work` with the target in precision `T`.
    fn with_target<T: Precision, R>(&self, work: impl FnOnce(Input<'_, T>) -> R) -> R {
        match &self.target {
            Target::Dense(t) => {
                let t: Vec<T> = of(t);
                work(Input::Dense(Signal::new(&t, self.shape.features)))
            }
            Target::Indices(data) => {
                let levels = self.shape.features;
                work(Input::Indices(Indices { data, levels }))
            }
        }
    }

    fn values<T: Precision>(&self, loss: &dyn Loss, outputs: &[f64]) -> Vec<f64> {
        let (outputs, mut values): (Vec<T>, _) = (of(outputs), vec![f64::NAN; self.n()]);
        let signal = Signal::new(&outputs, self.features);
        let kernel = loss.kernels().at::<T>();
        self.with_target(|target| kernel.evaluate(signal, target, &mut values, None));
        values
    }

    fn evaluate<T: Precision>(&self, loss: &dyn Loss) -> Result<Evaluated<T>, Failure> {
        let (outputs, mut values): (Vec<T>, _) = (of(&self.outputs), vec![f64::NAN; self.n()]);
        let mut gradient = vec![T::of(f64::NAN); outputs.len()];
        let weights: Vec<T> = of(&self.weights);
        let kernel = loss.kernels().at::<T>();
        self.with_target(|target| {
            let out = SignalMut::new(&mut gradient, self.features);
            let ask = Some(LossGradient { weights: &weights, out });
            kernel.evaluate(Signal::new(&outputs, self.features), target, &mut values, ask);
        });
        let precision = T::NAME;
        finite("finite", &values).map_err(|f| f.at(format_args!("values, {precision}")))?;
        finite("finite", &gradient).map_err(|f| f.at(format_args!("gradient, {precision}")))?;
        let without = self.values::<T>(loss, &self.outputs);
        same_bits("values", &values, &without).map_err(|f| f.at("with and without gradient"))?;
        for (c, column) in gradient.chunks(self.features).enumerate() {
            let zero = self.weights[c] != 0.0 || column.iter().all(|g| g.f64() == 0.0);
            ensure(zero, "weight-0", || format!("column {c} has weight 0 and a gradient"))?;
        }
        Ok((values, gradient))
    }

    pub(super) fn check(&self, loss: &dyn Loss, options: &LossOptions) -> Result<(), Failure> {
        let (values, gradient) = self.evaluate::<f64>(loss)?;
        self.differentiate(loss, &gradient)?;
        for (c, &value) in values.iter().enumerate() {
            let alone = self.column(c).values::<f64>(loss, &self.column(c).outputs);
            compare("columns", &[value], &alone, 1e-12)
                .map_err(|f| f.at(format_args!("column {c} among others and alone")))?;
        }
        self.one_hot(loss, &values)?;
        if let (Some(reduction), Target::Dense(_)) = (loss.separable(), &self.target) {
            self.separate(loss, reduction, &values)?;
        }
        let (single, single_gradient) = self.evaluate::<f32>(loss)?;
        compare("precision", &single, &values, 1e-4)?;
        compare("precision", &single_gradient, &gradient, 1e-4).map_err(|f| f.at("gradient"))?;
        self.predict(loss)?;
        self.extremes(loss, options.extreme)?;
        match &self.target {
            Target::Dense(t) if loss.smooth() && t.len() == self.outputs.len() => {
                let equal = Self { outputs: t.clone(), ..self.clone() };
                let (_, gradient) = equal.evaluate::<f64>(loss)?;
                equal.differentiate(loss, &gradient).map_err(|f| f.at("outputs equal to targets"))
            }
            _ => Ok(()),
        }
    }

    fn differentiate(&self, loss: &dyn Loss, gradient: &[f64]) -> Result<(), Failure> {
        let mut f = |outputs: &[f64]| {
            let values = self.values::<f64>(loss, outputs);
            values.iter().zip(&self.weights).map(|(v, w)| v * w).sum()
        };
        gradient::check(&mut f, &self.outputs, gradient, loss.smooth()).map(drop)
    }

    /// Each number adds the term it has as a column of its own, and a number that is missing none.
    fn separate(&self, loss: &dyn Loss, how: Reduction, values: &[f64]) -> Result<(), Failure> {
        let Target::Dense(t) = &self.target else { return Ok(()) };
        let k = self.features;
        let shape = self.shape.with_features(1);
        let weights = vec![1.0; t.len()];
        let single = Self { shape, features: 1, weights, ..self.clone() };
        let mut terms = single.values::<f64>(loss, &self.outputs);
        let sum = |terms: &[f64]| terms.iter().sum::<f64>() / how.divisor(k);
        let sums = |terms: &[f64]| terms.chunks(k).map(sum).collect::<Vec<f64>>();
        // What weights its outputs is no loss of one.
        let alone = loss.outputs(shape) == Ok(1);
        if alone {
            compare("separable", values, &sums(&terms), 1e-12)?;
        }
        let (mut some, mut expected) = (t.clone(), self.evaluate::<f64>(loss)?.1);
        for i in (0..t.len()).step_by(2) {
            (some[i], expected[i], terms[i]) = (f64::NAN, 0.0, 0.0);
        }
        let masked = Self { target: Target::Dense(some), ..self.clone() };
        let at = |f: Failure| f.at("targets that are NaN");
        let (values, gradient) = masked.evaluate::<f64>(loss).map_err(at)?;
        if alone {
            compare("separable", &values, &sums(&terms), 1e-12).map_err(at)?;
        }
        compare("separable", &gradient, &expected, 1e-12).map_err(at)
    }

    /// An index is a one-hot column written short, when the loss takes both.
    fn one_hot(&self, loss: &dyn Loss, values: &[f64]) -> Result<(), Failure> {
        let Target::Indices(indices) = &self.target else {
            return Ok(());
        };
        let shape = self.shape.with_features(self.shape.features);
        if loss.outputs(shape) != Ok(self.features) {
            return Ok(());
        }
        let mut columns = vec![0.0; indices.len() * shape.features];
        for (column, &i) in columns.chunks_mut(shape.features).zip(indices) {
            column[i as usize] = 1.0;
        }
        let dense = Self { shape, target: Target::Dense(columns), ..self.clone() };
        let long = dense.values::<f64>(loss, &self.outputs);
        compare("one-hot", values, &long, 1e-12)
    }

    fn extremes(&self, loss: &dyn Loss, extreme: f64) -> Result<(), Failure> {
        for pattern in 0..5 {
            let size = |i: usize| match pattern {
                0 => extreme,
                1 => -extreme,
                2 => 0.0,
                3 if i.is_multiple_of(2) => extreme,
                3 => -extreme,
                _ if i.is_multiple_of(self.features) => extreme,
                _ => 0.0,
            };
            let outputs = (0..self.outputs.len()).map(size).collect();
            let far = Self { outputs, ..self.clone() };
            let at = |f: Failure| f.at(format_args!("outputs up to ±{extreme:e}"));
            far.evaluate::<f32>(loss).map_err(at)?;
            far.predict(loss).map_err(at)?;
        }
        Ok(())
    }

    fn predict(&self, loss: &dyn Loss) -> Result<(), Failure> {
        let width = loss.predictions(self.shape, self.features);
        let outputs: Vec<f32> = of(&self.outputs);
        let mut got = vec![f32::NAN; self.n() * width];
        let kernel = loss.kernels().at::<f32>();
        kernel.predict(Signal::new(&outputs, self.features), SignalMut::new(&mut got, width));
        finite("finite", &got).map_err(|f| f.at("predictions"))?;
        if width != self.features {
            return Ok(()); // predictions of another width follow no link known here
        }
        let expected: Vec<f64> = match loss.link() {
            Link::Identity => return same_bits("link", &got, &outputs),
            Link::Sigmoid => self.outputs.iter().map(|z| 1.0 / (1.0 + (-z).exp())).collect(),
            Link::Softmax => {
                let column = |z: &[f64]| {
                    let all = log_sum_exp(z);
                    z.iter().map(|z| (z - all).exp()).collect::<Vec<f64>>()
                };
                self.outputs.chunks(width).flat_map(column).collect()
            }
            Link::Exp => self.outputs.iter().map(|z| z.exp()).collect(),
            Link::ExpM1 => self.outputs.iter().map(|z| z.exp_m1()).collect(),
            Link::Other(_) => return Ok(()),
        };
        compare("link", &got, &expected, 1e-6)?;
        if matches!(loss.link(), Link::Exp | Link::ExpM1) {
            return Ok(());
        }
        let within = got.iter().all(|p| (0.0..=1.0).contains(p));
        ensure(within, "link", || format!("predictions {got:?} leave [0, 1]"))
    }
}

/// One random column a loss of this domain is defined for, borders of the domain among its numbers.
pub(super) fn dense(
    domain: Domain,
    shape: Shape,
    options: &LossOptions,
    draws: &mut Draws,
) -> Vec<f64> {
    let mut number = || match (options.target, domain) {
        (Some(draw), _) => draw(draws),
        (None, Domain::Real) => 2.0 * draws.normal(),
        (None, Domain::NonNegative) => match draws.below(4) {
            0 => 0.0,
            1 => draws.below(6) as f64,
            _ => 5.0 * draws.uniform(),
        },
        (None, Domain::AboveMinusOne) => 5.0 * draws.uniform() - 0.99,
        (None, Domain::Binary) => draws.below(2) as f64,
        (None, Domain::Signs) => 2.0 * draws.below(2) as f64 - 1.0,
        (None, Domain::Unit) => match draws.below(4) {
            0 => 0.0,
            1 => 1.0,
            _ => draws.uniform(),
        },
        (None, Domain::Distribution) => draws.uniform() + 1e-3,
    };
    let mut column: Vec<f64> = (0..shape.features).map(|_| number()).collect();
    if domain == Domain::Distribution && options.target.is_none() {
        if draws.below(2) == 0 {
            column.fill(0.0);
            column[draws.below(shape.features as u64) as usize] = 1.0;
        }
        // In multiples of 2⁻²⁰, so that the sum is exactly 1 in both precisions.
        const PARTS: f64 = (1 << 20) as f64;
        let sum: f64 = column.iter().sum();
        column.iter_mut().for_each(|p| *p = (*p / sum * PARTS).floor() / PARTS);
        column[0] += 1.0 - column.iter().sum::<f64>();
    }
    column
}

//! What every layer that is an energy model must satisfy, beside the rules of a layer.

use super::LayerOptions;
use super::case::{Case, Data};
use super::products::{Doubled, is_matrix};
use super::rig::Rig;
use crate::failure::{self, Failure, ensure};
use crate::golden::{compare, finite, same_bits};
use crate::gradient;
use tanren_plugin::{BlockKind, BlockView, Contrast, Energy, Grads, Layer, Params, Precision};
use tanren_tensor::{Extent, Shape, Stream, Write};

/// Agreement of two orders of summation in double precision.
const ROUNDING: f64 = 1e-11;
/// Agreement of the precisions, relative to max(1, |x|).
const TOLERANCE: f64 = 1e-4;
/// Steps of descent, and their rate.
const STEPS: (usize, f64) = (200, 0.1);

/// Asserts that a layer is right as an energy model of such an input; see [`check`].
///
/// # Panics
/// When it is not.
#[track_caller]
pub fn energy(layer: &dyn Layer, input: Shape) {
    failure::assert(check(layer, input));
}

/// Checks, with numbers 0 and 1 as data:
///
/// * `value`: it is an energy model, and gives a value exactly when it says so;
/// * `written-whole`: the estimate is written whole, finite, and independent of what scratch and
///   gradient held; `add`: `Write::Add` adds; `unwanted`: fixed blocks are not written, and without a
///   gradient the value is the same;
/// * `products`: its weights multiply as the pass says;
/// * `pure`: the same pass gives the same bits;
/// * `gradient`: where there is a value, the estimate is its gradient;
/// * `learns`: descent along the estimate lowers the free energy of the data, compared with that of
///   random numbers 0 and 1;
/// * `independent`: a column's free energy is the same alone; `precision`: both precisions agree on it.
///
/// # Errors
/// The first rule that is broken.
pub fn check(layer: &dyn Layer, input: Shape) -> Result<(), Failure> {
    failure::in_range(layer)?;
    failure::caught(|| {
        let energy = layer.energy();
        let energy = energy.ok_or_else(|| Failure::new("value", "the layer is no energy model"))?;
        let inputs = [input];
        let rig = Rig::new(layer, &inputs, false)?;
        Bench { rig: rig.pretraining(), energy }.all()
    })?
}

struct Bench<'a> {
    rig: Rig<'a>,
    energy: Energy<'a>,
}

/// How an estimate is asked for.
#[derive(Clone, Copy)]
struct How {
    garbage: f64,
    start: f64,
    write: Write,
    fixed: Option<usize>,
}

impl How {
    const PLAIN: Self =
        Self { garbage: f64::NAN, start: f64::NAN, write: Write::Overwrite, fixed: None };
}

impl Bench<'_> {
    /// So many patterns: every other number is 1, in one pattern of three the others; where `random`,
    /// each by chance.
    fn patterns(&self, columns: usize, random: bool) -> Case {
        let extent = Extent { examples: columns, steps: 1 };
        let mut draws = Stream::new(1, "testkit/energy").sample(u64::from(random));
        let mut case = Case::sized(&self.rig, &LayerOptions::default(), extent, false, &mut draws);
        if let Data::Dense(x) = &mut case.inputs[0] {
            let f = self.rig.shapes[0].features;
            for (i, x) in x.iter_mut().enumerate() {
                let even = (i % f + usize::from(i / f % 3 == 2)).is_multiple_of(2);
                *x = f64::from(u8::from(if random { draws.uniform() < 0.5 } else { even }));
            }
        }
        for block in &mut case.params {
            block.iter_mut().for_each(|x| *x *= 0.25);
        }
        case
    }

    /// The value, and the estimate block by block; nothing for a fixed one.
    fn contrast<T: Precision>(&self, case: &Case, how: Option<How>) -> (Option<f64>, Vec<Vec<T>>) {
        let rig = &self.rig;
        let asked = how.unwrap_or(How::PLAIN);
        let flat = rig.flat::<T>(case);
        let mut grads = flat.clone();
        let view = |(i, view): (usize, &BlockView)| BlockView {
            write: asked.write,
            fixed: asked.fixed == Some(i),
            ..view.clone()
        };
        let views: Vec<BlockView> = rig.views.iter().enumerate().map(view).collect();
        for view in views.iter().filter(|v| v.kind != BlockKind::Statistic) {
            grads[view.range.clone()].fill(T::of(asked.start));
        }
        let mut scratch = vec![T::of(asked.garbage); self.scratch(case)];
        let columns = case.extent.columns(rig.shapes[0]);
        let weights = vec![T::of(1.0 / columns as f64); columns];
        let value = rig.with(case, |inputs, pass| {
            let params = Params::new(&flat, &views);
            let contrast = Contrast::new(pass, params, inputs[0], &weights)
                .scratch(&mut scratch)
                .grads(how.is_some().then(|| Grads::new(&mut grads, &views)));
            self.energy.kernels.at::<T>().contrast(contrast)
        });
        let block = |i: usize| (0..rig.specs[i].len()).map(|k| grads[rig.place(i, k)]).collect();
        (value, (0..rig.specs.len()).map(block).collect())
    }

    fn scratch(&self, case: &Case) -> usize {
        self.rig.layer.memory(self.rig.shapes, case.extent).scratch
    }

    fn free_energy<T: Precision>(&self, case: &Case, garbage: f64) -> Vec<f64> {
        let flat = self.rig.flat::<T>(case);
        let mut scratch = vec![T::of(garbage); self.scratch(case)];
        let mut values = vec![f64::NAN; case.extent.columns(self.rig.shapes[0])];
        self.rig.with(case, |inputs, _| {
            let params = Params::new(&flat, &self.rig.views).by(self.rig.products());
            let kernel = self.energy.kernels.at::<T>();
            kernel.free_energy(&params, inputs[0], &mut scratch, &mut values);
        });
        values
    }

    fn all(&self) -> Result<(), Failure> {
        let case = self.patterns(6, false);
        self.estimate(&case)?;
        let single = self.contrast::<f32>(&case, Some(How::PLAIN));
        finite("written-whole", &single.1.concat()).map_err(|f| f.at("in single precision"))?;
        if self.energy.value {
            self.gradient(&case)?;
        }
        self.free(&case)?;
        self.products(&case)?;
        self.learns(case)
    }

    /// With products of twice the size, both are others.
    fn products(&self, case: &Case) -> Result<(), Failure> {
        let doubled = Bench { rig: self.rig.doubled(Doubled::All), energy: self.energy };
        let energies = |bench: &Bench<'_>| bench.free_energy::<f64>(case, f64::NAN);
        let estimates = |bench: &Bench<'_>| bench.contrast::<f64>(case, Some(How::PLAIN)).1;
        let weights = self.rig.specs.iter().any(is_matrix);
        let other = energies(self) != energies(&doubled) && estimates(self) != estimates(&doubled);
        ensure(other || !weights, "products", || {
            "free energy or estimate are the same with products of twice the size: form them with \
             `Params::times`, `Params::transposed_times` and `Pass::outer`"
        })
    }

    fn estimate(&self, case: &Case) -> Result<(), Failure> {
        let ask = |how| self.contrast::<f64>(case, Some(how));
        let (value, estimate) = ask(How::PLAIN);
        ensure(value.is_some() == self.energy.value, "value", || {
            let says = if self.energy.value { "a value" } else { "no value" };
            format!("it says that it has {says}, and its value is {value:?}")
        })?;
        let value: Vec<f64> = value.into_iter().collect();
        finite("written-whole", &value).map_err(|f| f.at("value"))?;
        finite("written-whole", &estimate.concat())?;
        let (again, twin) = ask(How::PLAIN);
        same_bits("pure", &again.into_iter().collect::<Vec<_>>(), &value)?;
        same_bits("pure", &twin.concat(), &estimate.concat())?;
        let (_, other) = ask(How { garbage: 1e3, start: 1e3, ..How::PLAIN });
        same_bits("written-whole", &other.concat(), &estimate.concat())
            .map_err(|f| f.at("other numbers in scratch and gradient"))?;
        let (bare, _) = self.contrast::<f64>(case, None);
        same_bits("unwanted", &bare.into_iter().collect::<Vec<_>>(), &value)
            .map_err(|f| f.at("value, without a gradient"))?;

        let start = 3.0;
        let (_, added) = ask(How { write: Write::Add, start, ..How::PLAIN });
        for (i, spec) in self.rig.specs.iter().enumerate() {
            let at = |f: Failure| f.at(format_args!("block `{}`", spec.name));
            if spec.kind != BlockKind::Statistic {
                let plus: Vec<f64> = estimate[i].iter().map(|g| g + start).collect();
                compare("add", &added[i], &plus, ROUNDING).map_err(at)?;
                let (_, others) = ask(How { fixed: Some(i), start, ..How::PLAIN });
                let untouched = vec![start; spec.len()];
                same_bits("unwanted", &others[i], &untouched).map_err(at)?;
            }
        }
        Ok(())
    }

    /// Trainable blocks.
    fn trainable(&self) -> impl Iterator<Item = usize> {
        (0..self.rig.specs.len()).filter(|&i| self.rig.specs[i].kind != BlockKind::Statistic)
    }

    fn gradient(&self, case: &Case) -> Result<(), Failure> {
        let (_, estimate) = self.contrast::<f64>(case, Some(How::PLAIN));
        for i in self.trainable() {
            let mut varied = case.clone();
            let mut value = |block: &[f64]| {
                varied.params[i].copy_from_slice(block);
                self.contrast::<f64>(&varied, None).0.unwrap_or(f64::NAN)
            };
            let smooth = self.rig.layer.facts().smooth;
            gradient::check(&mut value, &case.params[i], &estimate[i], smooth)
                .map_err(|f| f.at(format_args!("block `{}`", self.rig.specs[i].name)))?;
        }
        Ok(())
    }

    fn free(&self, case: &Case) -> Result<(), Failure> {
        let values = self.free_energy::<f64>(case, f64::NAN);
        finite("written-whole", &values).map_err(|f| f.at("free energy"))?;
        same_bits("written-whole", &self.free_energy::<f64>(case, 1e3), &values)
            .map_err(|f| f.at("free energy"))?;
        compare("precision", &self.free_energy::<f32>(case, f64::NAN), &values, TOLERANCE)
            .map_err(|f| f.at("free energy"))?;
        for n in 0..case.extent.examples {
            let cut = super::case::Cut { examples: n..n + 1, steps: 0..1 };
            let alone = self.free_energy::<f64>(&case.cut(&self.rig, &cut), f64::NAN);
            let steps = values.len() / case.extent.examples;
            compare("independent", &alone, &values[n * steps..(n + 1) * steps], ROUNDING)
                .map_err(|f| f.at(format_args!("free energy of example {n}")))?;
        }
        Ok(())
    }

    fn learns(&self, mut case: Case) -> Result<(), Failure> {
        let mut random = self.patterns(50, true);
        let mut gap = |case: &Case| {
            random.params.clone_from(&case.params);
            let mean = |case: &Case| {
                let all = self.free_energy::<f64>(case, f64::NAN);
                all.iter().sum::<f64>() / all.len() as f64
            };
            mean(case) - mean(&random)
        };
        let before = gap(&case);
        for _ in 0..STEPS.0 {
            let (_, estimate) = self.contrast::<f64>(&case, Some(How::PLAIN));
            for (i, g) in estimate.iter().enumerate() {
                let statistic = self.rig.specs[i].kind == BlockKind::Statistic;
                for (x, g) in case.params[i].iter_mut().zip(g) {
                    *x = if statistic { *g } else { *x - STEPS.1 * g };
                }
            }
        }
        let after = gap(&case);
        ensure(after < before, "learns", || {
            format!(
                "{} steps of descent took the free energy of the data, compared with random numbers, from {before:e} to {after:e}",
                STEPS.0
            )
        })
    }
}

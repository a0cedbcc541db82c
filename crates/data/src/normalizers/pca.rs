//! `pca`: the directions in which the features vary most, uncorrelated and each with variance 1.
//!
//! y = S⁻¹ V (x − μ), where the rows of V are eigenvectors of the covariance of the training columns,
//! C = Σ (x − μ)(x − μ)ᵀ / (N − 1), in the order of falling eigenvalues s², and S has the standard deviations s,
//! or, without `whiten`, ones. Source: Pearson (1901), *On lines and planes of closest fit to systems of
//! points in space*. An eigenvector is as right as its negative: the one is taken whose largest component is
//! positive, the first of several. Directions without variance are left out. Without these, nothing is lost and there
//! is a way back: x = μ + Vᵀ S y.
//!
//! Features of different units want `standardize` before it, and missing values `impute`. Categories
//! are no directions; `one-hot` before it makes numbers of them, `on` leaves them out. The data are read
//! twice; the memory is that of C, in which a deviation a million times smaller than the largest has four
//! digits left.

use crate::normalizers::fitted::{as_many, each, finite, same_features};
use crate::profile::{measured_profile, refuse_number};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Feature, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError,
    typetag,
};
use tanren_tensor::nalgebra::{DMatrix, SymmetricEigen};
use tanren_tensor::{Shape, ShapeError, Write, gemm, mat, mat_mut, transposed};

/// Turns features into uncorrelated ones, the most variable first, perhaps fewer.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = Self::one_number)]
pub struct Pca {
    /// How many components are kept, at least 1; without it, all that vary, or as `variance` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[setting(from = 1)]
    pub components: Option<usize>,
    /// As many components are kept as have this share of the variance, a number above 0, at most 1. Not
    /// together with `components`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[setting(above = 0, to = 1)]
    pub variance: Option<f64>,
    /// Whether each component gets a standard deviation of 1.
    pub whiten: bool,
}

impl Default for Pca {
    fn default() -> Self {
        Self { components: None, variance: None, whiten: true }
    }
}

/// The most features: their covariance has 200 MB.
const MOST: usize = 5000;

impl Pca {
    /// Whether not more than one of the settings says how many components there are.
    fn one_number(&self) -> Result<(), SettingError> {
        let Some(variance) = self.variance else { return Ok(()) };
        let one = self.components.is_none();
        SettingError::unless(one, "variance", "none beside `components`", variance)
    }
}

#[typetag::serde(name = "pca")]
impl Normalizer for Pca {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        let spec = &field.spec;
        let refused = |message: String| DataError::new(&spec.name, message);
        if let Some(category) = spec.features.iter().find(|feature| feature.is_category()) {
            let message = "expected numbers, found a category; the normalizer `one-hot`, placed before \
                           `pca`, makes numbers of it, and `on` leaves it out";
            return Err(refused(message.into()).column(&category.name));
        }
        let moments = measured_profile(field, rows)?;
        refuse_number(
            field,
            rows,
            f64::is_nan,
            "numbers in all rows, as `impute` before `pca` makes",
        )?;
        let width = field.width();
        if width > MOST {
            return Err(refused(format!(
                "expected at most {MOST} features for `pca`, found {width}"
            )));
        }
        let mean: Vec<f64> = moments.iter().map(|m| m.mean).collect();
        let reach = |m: &tanren_tensor::Welford| (m.max - m.mean).max(m.mean - m.min);
        let unit = moments.iter().map(reach).fold(0.0, f64::max);
        let unit = if unit == 0.0 { 1.0 } else { unit }; // nothing varies
        if !unit.is_finite() {
            return Err(refused("expected numbers with a finite range".into()));
        }
        let covariance = covariance(field, rows, &mean, unit);
        let mut directions = directions(covariance);
        let found = directions.len();
        let count = self.count(&directions).ok_or_else(|| {
            let wanted = self.components.unwrap_or(1);
            let noun = if wanted == 1 { "direction" } else { "directions" };
            refused(format!(
                "expected training rows that vary in at least {wanted} {noun}, for `pca`; found {found}"
            ))
        })?;
        directions.truncate(count);
        let scale = |variance: f64| if self.whiten { unit * variance.sqrt() } else { 1.0 };
        let (scale, components) = directions.into_iter().map(|(v, c)| (scale(v), c)).unzip();
        Ok(PcaProjected { mean, components, scale, complete: count == found }.into())
    }
}

impl Pca {
    /// How many directions are kept of those that vary; `None` when there are not so many.
    fn count(&self, directions: &[(f64, Vec<f64>)]) -> Option<usize> {
        let all = directions.len();
        if let Some(components) = self.components {
            return (components <= all).then_some(components);
        }
        let total: f64 = directions.iter().map(|(variance, _)| variance).sum();
        let mut sum = 0.0;
        let enough = |(variance, _): &(f64, Vec<f64>)| {
            sum += variance;
            self.variance.is_some_and(|share| sum >= share * total)
        };
        (all > 0).then(|| directions.iter().position(enough).map_or(all, |last| last + 1))
    }
}

/// Columns that are multiplied at a time.
const CHUNK: usize = 256;

/// The covariance of the features over `rows`, in units of `unit`².
fn covariance(field: &Field, rows: &[usize], mean: &[f64], unit: f64) -> DMatrix<f64> {
    let width = field.width();
    let mut covariance = DMatrix::zeros(width, width);
    let mut chunk = Vec::with_capacity(CHUNK * width);
    let mut columns = rows.iter().flat_map(|&row| field.columns(row));
    let mut count = 0_usize;
    loop {
        chunk.clear();
        for column in columns.by_ref().take(CHUNK) {
            field.read(column, &mut chunk);
            count += 1;
        }
        if chunk.is_empty() {
            break;
        }
        for column in chunk.chunks_exact_mut(width) {
            column.iter_mut().zip(mean).for_each(|(x, mean)| *x = (*x - mean) / unit);
        }
        let x = mat(&chunk, width, chunk.len() / width);
        gemm(Write::Add, x, transposed(x), mat_mut(covariance.as_mut_slice(), width, width));
    }
    covariance / count.saturating_sub(1).max(1) as f64
}

/// The eigenvalues and eigenvectors of a covariance, but for those without variance, in falling order.
fn directions(covariance: DMatrix<f64>) -> Vec<(f64, Vec<f64>)> {
    let width = covariance.nrows();
    let eigen = SymmetricEigen::new(covariance);
    let largest = eigen.eigenvalues.iter().fold(0.0, |most: f64, &x| most.max(x));
    let least = largest * f64::EPSILON * 8.0 * width as f64;
    let mut directions: Vec<(f64, Vec<f64>)> = eigen
        .eigenvalues
        .iter()
        .zip(eigen.eigenvectors.column_iter())
        .filter(|(variance, _)| **variance > least)
        .map(|(variance, vector)| (*variance, signed(vector.iter().copied().collect())))
        .collect();
    directions.sort_by(|(a, _), (b, _)| b.total_cmp(a)); // stable
    directions
}

/// A vector or its negative, so that its largest component is positive.
fn signed(mut vector: Vec<f64>) -> Vec<f64> {
    let largest = vector.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
    // Components that differ by rounding alone are equally large.
    let first = vector.iter().find(|x| x.abs() >= largest * (1.0 - 1e-9));
    if first.is_some_and(|&x| x < 0.0) {
        vector.iter_mut().for_each(|x| *x = -*x);
    }
    vector
}

/// What [`Pca`] learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PcaProjected {
    /// μ of each feature.
    pub mean: Vec<f64>,
    /// The rows of V: a number for each feature in each.
    pub components: Vec<Vec<f64>>,
    /// What each component is divided by: its standard deviation, or 1.
    pub scale: Vec<f64>,
    /// Whether no direction with variance is left out, so that there is a way back.
    pub complete: bool,
}

impl Checked for PcaProjected {
    fn check(&self) -> Result<(), SettingError> {
        finite("mean", &self.mean)?;
        each("scale", &self.scale, "a finite number above 0", |x| x.is_finite() && x > 0.0)?;
        if self.components.is_empty() || self.components.len() != self.scale.len() {
            let expected = format!("{} lists, at least 1", self.scale.len());
            return Err(SettingError::new("components", expected, self.components.len()));
        }
        self.components.iter().enumerate().try_for_each(|(k, component)| {
            let setting = format!("components[{k}]");
            finite(&setting, component)?;
            as_many(&setting, component, "mean", &self.mean)
        })
    }
}

#[typetag::serde(name = "pca-projected")]
impl Fitted for PcaProjected {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        let mut output = same_features(input, self.mean.len(), "features for components")?;
        let count = self.components.len();
        output.features = (1..=count).map(|k| Feature::number(format!("component {k}"))).collect();
        output.shape = Shape { grid: None, ..input.shape.with_features(count) };
        Ok(output)
    }

    fn apply(&self, _: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        output.extend(self.components.iter().zip(&self.scale).map(|(component, scale)| {
            let centered = input.iter().zip(&self.mean).map(|(x, mean)| x - mean);
            centered.zip(component).map(|(x, v)| x * v).sum::<f64>() / scale
        }));
    }

    fn invert(&self, _: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        if !self.complete {
            return false;
        }
        let start = input.len();
        input.extend_from_slice(&self.mean);
        for ((y, component), scale) in output.iter().zip(&self.components).zip(&self.scale) {
            let back = input[start..].iter_mut().zip(component);
            back.for_each(|(x, v)| *x += y * scale * v);
        }
        true
    }

    fn invertible(&self) -> bool {
        self.complete
    }
}

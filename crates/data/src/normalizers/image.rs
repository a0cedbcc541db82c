//! `image`: pixels of so many bits, from `min` to `max`, whatever the training rows hold.
//!
//! y = min + (max − min) · x / (2ᵇ − 1) for numbers of b bits. Nothing is fitted: a picture is the same
//! whatever pictures it was trained beside. Training columns outside 0 … 2ᵇ − 1 are refused. Categories stay
//! as they are, and so does what is missing.

use crate::normalizers::fitted::bounds;
use crate::profile::{expect_numbers, refuse_number};
use serde::{Deserialize, Serialize};
use tanren_plugin::{
    Checked, DataError, Field, FieldSpec, Fitted, Normalizer, Plugin, SettingError, typetag,
};
use tanren_tensor::ShapeError;

/// Maps pixels to a range.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
#[setting(also = Self::ordered)]
pub struct Image {
    /// What 0 becomes.
    pub min: f64,
    /// What the brightest pixel becomes.
    pub max: f64,
    /// Bits of a pixel, 1 to 32: the brightest is 2^bits − 1.
    #[setting(from = 1, to = 32)]
    pub bits: u32,
}

impl Default for Image {
    fn default() -> Self {
        Self { min: 0.0, max: 1.0, bits: 8 }
    }
}

impl Image {
    /// The brightest pixel.
    fn brightest(&self) -> f64 {
        f64::from(self.bits).exp2() - 1.0
    }
}

impl Image {
    /// Whether there is anything between the bounds.
    fn ordered(&self) -> Result<(), SettingError> {
        bounds(self.min, self.max)
    }
}

#[typetag::serde(name = "image")]
impl Normalizer for Image {
    fn fit(&self, field: &Field, rows: &[usize]) -> Result<Plugin<dyn Fitted>, DataError> {
        expect_numbers(field, rows)?;
        let brightest = self.brightest();
        let wrong = |x: f64| !x.is_nan() && !(0.0..=brightest).contains(&x);
        let (bits, plural) = (self.bits, if self.bits == 1 { "" } else { "s" });
        let expected = format!("a pixel of {bits} bit{plural}, from 0 to {brightest}");
        refuse_number(field, rows, wrong, &expected)?;
        Ok(ImageScaled { image: *self }.into())
    }
}

/// What [`Image`] learnt: nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageScaled {
    /// The settings.
    pub image: Image,
}

impl Checked for ImageScaled {
    fn check(&self) -> Result<(), SettingError> {
        self.image.check().map_err(|error| error.inside("image"))
    }
}

#[typetag::serde(name = "image-scaled")]
impl Fitted for ImageScaled {
    fn output(&self, input: &FieldSpec) -> Result<FieldSpec, ShapeError> {
        match input.shape.indices {
            true => Err(ShapeError::new("pixels", input.shape)),
            false => Ok(input.clone()),
        }
    }

    fn apply(&self, field: &FieldSpec, input: &[f64], output: &mut Vec<f64>) {
        let (Image { min, max, .. }, brightest) = (self.image, self.image.brightest());
        output.extend(input.iter().enumerate().map(|(f, &x)| match field.is_category(f) {
            true => x,
            false => min + (max - min) * (x / brightest),
        }));
    }

    fn invert(&self, field: &FieldSpec, output: &[f64], input: &mut Vec<f64>) -> bool {
        let (Image { min, max, .. }, brightest) = (self.image, self.image.brightest());
        input.extend(output.iter().enumerate().map(|(f, &y)| match field.is_category(f) {
            true => y,
            false => (y - min) / (max - min) * brightest,
        }));
        true
    }
}

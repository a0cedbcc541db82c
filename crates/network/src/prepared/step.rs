//! `Step`: one fitted normaliser of a port, at its place in the chain.

use tanren_plugin::{Aimed, Feature, FieldSpec, Fitted, Plugin};
use tanren_tensor::{Shape, ShapeError};

/// A fitted normaliser with the description it was fitted on, of all features or of those that it is
/// aimed at. The others pass untouched.
///
/// What is aimed and keeps the number of features puts each where it was. Where it makes more or fewer
/// of them, all stand where the first one stood.
#[derive(Clone, Debug)]
pub struct Step {
    fitted: Plugin<dyn Fitted>,
    /// What a column looks like before it.
    input: FieldSpec,
    /// What a column looks like after it.
    output: FieldSpec,
    part: Option<Part>,
}

/// The features that a normaliser is aimed at.
#[derive(Clone, Debug)]
struct Part {
    /// Where they are, in ascending order.
    places: Vec<usize>,
    /// What they are.
    input: FieldSpec,
    /// How many numbers they become.
    width: usize,
}

impl Part {
    /// Whether there are as many numbers after it.
    const fn keeps(&self) -> bool {
        self.width == self.places.len()
    }

    /// The place of the first.
    fn first(&self) -> usize {
        self.places.first().copied().unwrap_or(0)
    }
}

impl Step {
    /// A normaliser for columns of `input`.
    ///
    /// # Errors
    /// When it does not fit them, or the places it is aimed at are none of theirs.
    pub fn new(input: &FieldSpec, fitted: &Aimed<dyn Fitted>) -> Result<Self, ShapeError> {
        let step = |output, part| Self {
            fitted: fitted.plugin.clone(),
            input: input.clone(),
            output,
            part,
        };
        if fitted.is_open() {
            return Ok(step(fitted.output(input)?, None));
        }
        let (places, shape) = (&fitted.on, input.shape);
        let ascending = places.iter().zip(places.iter().skip(1)).all(|(a, b)| a < b);
        if shape.indices || !ascending || places.last().is_none_or(|&last| last >= input.width()) {
            let expected = format!("ascending places of {shape}");
            return Err(ShapeError::new(expected, format!("the places {places:?}")));
        }
        let picked = input.features_at(places);
        let made = fitted.output(&picked)?;
        let part = Part { places: places.clone(), input: picked, width: made.width() };
        if made.shape.indices || made.shape.sequence != shape.sequence {
            let expected = "a normalizer of all features where it changes what they are";
            return Err(ShapeError::new(expected, made.shape));
        }
        Ok(step(part.described(input, made), Some(part)))
    }

    /// What a column looks like before it.
    #[must_use]
    pub const fn input(&self) -> &FieldSpec {
        &self.input
    }

    /// What a column looks like after it.
    #[must_use]
    pub const fn output(&self) -> &FieldSpec {
        &self.output
    }

    /// Whether there is a way back.
    #[must_use]
    pub fn invertible(&self) -> bool {
        self.fitted.invertible()
    }

    /// Normalises a column in place, with `spare` as a second buffer.
    pub fn apply(&self, column: &mut Vec<f64>, spare: &mut Vec<f64>) {
        spare.clear();
        let Some(part) = &self.part else {
            self.fitted.apply(&self.input, column, spare);
            return std::mem::swap(column, spare);
        };
        let width = column.len();
        if width != self.input.width() {
            return column.clear(); // one before it has not kept its promise, which the end of the chain tells
        }
        for &place in &part.places {
            column.push(column[place]);
        }
        self.fitted.apply(&part.input, &column[width..], spare);
        column.truncate(width);
        if spare.len() != part.width {
            return column.clear();
        }
        if part.keeps() {
            return put(column, &part.places, spare);
        }
        for &place in part.places.iter().rev() {
            column.remove(place);
        }
        column.splice(part.first()..part.first(), spare.drain(..));
    }

    /// Takes a normalised column back in place; `false` when there is no way back.
    pub fn invert(&self, column: &mut Vec<f64>, spare: &mut Vec<f64>) -> bool {
        spare.clear();
        let Some(part) = &self.part else {
            let inverted = self.fitted.invert(&self.input, column, spare);
            std::mem::swap(column, spare);
            return inverted;
        };
        let width = column.len();
        let range = part.first()..part.first() + part.width;
        if width != self.output.width() {
            return false;
        }
        match part.keeps() {
            true => part.places.iter().for_each(|&place| column.push(column[place])),
            false => column.extend_from_within(range.clone()),
        }
        let inverted = self.fitted.invert(&part.input, &column[width..], spare);
        column.truncate(width);
        if !inverted || spare.len() != part.places.len() {
            return false;
        }
        if part.keeps() {
            put(column, &part.places, spare);
        } else {
            column.drain(range);
            part.places.iter().zip(&*spare).for_each(|(&place, &x)| column.insert(place, x));
        }
        true
    }
}

/// Puts numbers at places of a column.
fn put(column: &mut [f64], places: &[usize], numbers: &[f64]) {
    places.iter().zip(numbers).for_each(|(&place, &x)| column[place] = x);
}

impl Part {
    /// What columns of `field` look like when these features have become `made`.
    fn described(&self, field: &FieldSpec, made: FieldSpec) -> FieldSpec {
        let width = field.width() - self.places.len() + self.width;
        let grid = field.shape.grid.filter(|_| self.keeps());
        let shape = Shape { grid, ..field.shape.with_features(width) };
        let mut features = field.features.clone();
        // Features have names, or places where they have none; what is made of these has none either.
        if made.features.len() != self.width || features.len() != field.width() {
            features = match self.keeps() {
                true => features,
                false => Vec::new(),
            };
        } else if self.keeps() {
            let places = self.places.iter().zip(made.features);
            places.for_each(|(&place, feature): (&usize, Feature)| features[place] = feature);
        } else {
            for &place in self.places.iter().rev() {
                features.remove(place);
            }
            features.splice(self.first()..self.first(), made.features);
        }
        FieldSpec { shape, features, ..field.clone() }
    }
}

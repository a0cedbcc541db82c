//! `PortSpec`: an input or target as its source had it, and the normalisers fitted to it.

use crate::prepared::step::Step;
use crate::{AssemblyError, Port};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Aimed, Field, FieldSpec, Fitted};
use tanren_tensor::ShapeError;

/// An input or target as its source had it, and how it is normalised.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortSpec {
    /// What it is called and what one raw example looks like.
    pub field: FieldSpec,
    /// The fitted normalisers, in the order they are applied.
    pub normalizers: Vec<Aimed<dyn Fitted>>,
}

impl PortSpec {
    /// A port for `field`, not normalised yet.
    #[must_use]
    pub fn of(field: &Field) -> Self {
        Self { field: field.spec.clone(), normalizers: Vec::new() }
    }

    /// The way from raw columns to normalised ones.
    ///
    /// # Errors
    /// When a normaliser does not fit what comes before it.
    pub fn steps(&self) -> Result<Steps, ShapeError> {
        let mut all: Vec<Step> = Vec::with_capacity(self.normalizers.len());
        for fitted in &self.normalizers {
            let field = all.last().map_or(&self.field, Step::output);
            all.push(Step::new(field, fitted)?);
        }
        let output = all.last().map_or(&self.field, Step::output).clone();
        Ok(Steps { all, output })
    }

    /// What it looks like after all normalisers.
    ///
    /// # Errors
    /// As [`steps`](Self::steps).
    pub fn normalized(&self) -> Result<FieldSpec, ShapeError> {
        self.steps().map(|steps| steps.output)
    }

    pub(crate) fn port(&self) -> Result<Port, AssemblyError> {
        let normalized = self.normalized().map_err(|e| AssemblyError {
            problems: vec![e.at(format!("normalizers of {}", self.field.name))],
        })?;
        Ok(Port::new(&self.field.name, normalized.shape))
    }
}

/// The normalisers of a port in order, each with the description it was fitted on.
#[derive(Clone, Debug)]
pub struct Steps {
    all: Vec<Step>,
    output: FieldSpec,
}

impl Steps {
    /// What a column looks like before the first one.
    #[must_use]
    pub fn input(&self) -> &FieldSpec {
        self.all.first().map_or(&self.output, Step::input)
    }

    /// What a column looks like after the last one.
    #[must_use]
    pub const fn output(&self) -> &FieldSpec {
        &self.output
    }

    /// Whether there are none: columns stay as they are.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Normalises a raw column in place, with `spare` as a second buffer.
    pub fn apply(&self, column: &mut Vec<f64>, spare: &mut Vec<f64>) {
        self.all.iter().for_each(|step| step.apply(column, spare));
    }

    /// Takes a normalised column back to its own units; `false` when a normaliser has no way back.
    pub fn invert(&self, column: &mut Vec<f64>, spare: &mut Vec<f64>) -> bool {
        self.all.iter().rev().all(|step| step.invert(column, spare))
    }

    /// Normalised columns of `width` numbers in their own units; `None` when a normaliser has no way
    /// back.
    #[must_use]
    pub fn own_units(&self, normalized: &[f64], width: usize) -> Option<Vec<f64>> {
        let mut own = Vec::with_capacity(normalized.len());
        let (mut column, mut spare) = (Vec::new(), Vec::new());
        for numbers in normalized.chunks(width) {
            column.clear();
            column.extend_from_slice(numbers);
            own.append(self.invert(&mut column, &mut spare).then_some(&mut column)?);
        }
        Some(own)
    }
}

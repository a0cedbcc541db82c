//! `sequences`: rows that belong together become one sequence, a step each.

mod build;
mod inner;

use crate::csv::column_name;
use crate::series::{All, located};
use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};
use std::path::Path;
use tanren_plugin::{Checked, DataError, Plugin, Schema, Source, Table, typetag};

/// What has a target.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Label {
    /// Each step, or some of them.
    #[default]
    Step,
    /// Each sequence as a whole.
    Sequence,
}

/// Sequences that are written in several rows: those with the same `id` become one row, of which they are the
/// steps.
///
/// Steps are in the order of the data. Sequences may be of unequal length; where a network needs one length,
/// it pads them at the end. A row is called after the first row of its sequence. Columns beside the inputs
/// that are the same at all steps of each sequence stay beside it, so that a split can group by them.
///
/// Targets are those of `of`, none of which may be missing, or else columns among its inputs that `target`
/// names: a step at which one of these is missing counts nothing, but is a step all the same. The target of a
/// whole sequence is the same wherever it is stated.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields)]
pub struct Sequences {
    /// The rows: inputs that are numbers and categories, and perhaps targets.
    pub of: Plugin<dyn Source>,
    /// The column that says which sequence a row is of: one beside the inputs of `of`, or an input.
    #[serde(deserialize_with = "name")]
    #[setting(kind = column_name::name_kind)]
    pub id: String,
    /// The column of times, an input of `of` or one beside its inputs, which must rise in each sequence.
    #[serde(
        default,
        deserialize_with = "column_name::optional",
        skip_serializing_if = "Option::is_none"
    )]
    #[setting(kind = column_name::name_kind)]
    pub order: Option<String>,
    /// What has a target.
    #[serde(default)]
    pub label: Label,
    /// Inputs of `of` that are targets: classes where they are categories, else numbers. Their values may be
    /// missing.
    #[serde(
        default,
        deserialize_with = "column_name::several",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[setting(kind = column_name::names_kind)]
    pub target: Vec<String>,
}

fn name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let missing =
        || D::Error::custom("expected the name of a column or its position, found nothing");
    column_name::optional(from)?.ok_or_else(missing)
}

impl Sequences {
    /// Rows with the same `id` as sequences in the order of the data, with a target at each step.
    pub fn new(of: impl Into<Plugin<dyn Source>>, id: impl Into<String>) -> Self {
        Self { of: of.into(), id: id.into(), order: None, label: Label::Step, target: Vec::new() }
    }

    /// Everything, or what a schema wants.
    fn read(&self, schema: Option<&Schema>) -> Result<Table, DataError> {
        let own = schema.map(|schema| self.schema_of(schema)).transpose()?;
        let with_targets = schema.is_none_or(|schema| !schema.targets.is_empty());
        let rows = self.rows(own.as_ref(), with_targets)?;
        let located = |error| located(&self.of, own.as_ref(), &rows.table, error);
        let all = All::of(&rows.table, Some(&self.id), self.order.as_deref()).map_err(located)?;
        build::table(self, &rows, &all).map_err(located)
    }
}

#[typetag::serde(name = "sequences")]
impl Source for Sequences {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        // A target among the inputs of the rows is none of theirs.
        let (of, target) = match target {
            Some(name) if !self.target.is_empty() => {
                (self.of.at(path, None)?, vec![name.to_owned()])
            }
            target => (self.of.at(path, target)?, self.target.clone()),
        };
        Ok(of.map(|of| Self { of, target, ..self.clone() }.into()))
    }

    fn open(&self) -> Result<Table, DataError> {
        self.read(None)
    }

    fn open_for(&self, schema: &Schema) -> Result<Table, DataError> {
        self.read(Some(schema))
    }

    fn line(&self, schema: Option<&Schema>, row: usize) -> Option<u64> {
        let schema = schema.map(|schema| self.schema_of(schema)).transpose().ok()?;
        self.of.line(schema.as_ref(), row)
    }
}

//! `windows`: rows of a time series, each of which is the past before a time and the future after it.
//!
//! Of a series y₁ … y_n, the row of origin t has as inputs the `length` = L steps t − L + 1 … t, and as
//! target the `horizon` = H values at t + g + 1 … t + g + H, where g is the `gap`. With
//!
//! ```text
//! z_t = ln y_t with `log`, else y_t
//! d_t = z_t − z_{t−lag}                                       for each lag of `difference`
//! s_k = z_t with `relative` last, 0 with none, and with season        m the `period`, J the `seasons`
//!       1/J Σ_{j<J} z_{t+k−m⌈k/m⌉−jm} + ℓ_0 − 1/J Σ_{j<J} ℓ_j       ℓ_j = mean of z_{t−jm−m+1} … z_{t−jm}
//! μ, σ = mean and standard deviation of z_{t−L+1} … z_t        with `scale`, else 0 and 1
//! ```
//!
//! inputs are (z − μ) / σ and d / σ, and a target is (z_{t+k} − s_k) / σ, with μ in place of s_k where nothing
//! is relative. The table's frame is the way back: y = s_k + σ x, its exponential with `log`. A deviation
//! divides by L; that of a window which is the same at all steps is 1. With J = 1 the formula of the season is
//! that of the seasonal naive forecast, z_{t+k−m⌈k/m⌉}. That of the mean of several seasons adds their
//! mean deviation from their level to the level of the last one, as a classical decomposition does:
//! R. Hyndman, G. Athanasopoulos, *Forecasting: principles and practice*, 3rd ed. (2021), sections 3.4, 5.2.

mod fill;
mod inner;
mod numbers;
pub(crate) mod onwards;
mod past;
pub(crate) mod season;
mod settings;

use crate::csv::column_name;
use crate::series::{All, located};
use inner::Inner;
use serde::{Deserialize, Serialize};
use std::path::Path;
use tanren_plugin::{Checked, DataError, Plugin, Schema, SettingError, Source, Table, typetag};

/// What a target is counted from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(rename_all = "kebab-case")]
pub enum Relative {
    /// From 0.
    #[default]
    None,
    /// From the last value that is known.
    Last,
    /// From the last value that is known of the same place in the period, or the last few such values.
    Season,
}

/// Windows over the time series in a table, one row each: the steps up to a time, and the target's values
/// after it, which are to be forecast.
///
/// The targets of `of` are the series, and its rows their steps, in order. Each step of a window has the
/// target's own value, its differences and all inputs of `of`; nothing in it is of a later time. The
/// target has a number for each step to forecast: `y+1`, `y+2` … of a target `y`, of each one after the
/// other. Values are transformed in the order of the settings below, and forecasts back to own units.
///
/// A row is called after the row of `of` in which its last known step is. Beside the inputs are `origin`,
/// the time of that step, and `series`. Rows overlap: divide them by `time`, which leaves out those
/// that look ahead from one part into the next.
///
/// To predict, there is one row for each series: the window that ends where the data end.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[setting(also = Self::periodic)]
pub struct Windows {
    /// The table: inputs, and one or several targets that are numbers.
    pub of: Plugin<dyn Source>,
    /// How many steps a window has.
    #[setting(from = 1)]
    pub length: usize,
    /// How many steps are forecast.
    #[serde(default = "one")]
    #[setting(from = 1)]
    pub horizon: usize,
    /// How many steps lie between the last one that is known and the first that is forecast.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gap: usize,
    /// How many steps after a window the next one ends.
    #[serde(default = "one")]
    #[setting(from = 1)]
    pub stride: usize,
    /// The column of times, an input of `of` or one beside its inputs, which must rise. Without it, steps
    /// are counted.
    #[serde(
        default,
        deserialize_with = "column_name::optional",
        skip_serializing_if = "Option::is_none"
    )]
    #[setting(kind = column_name::name_kind)]
    pub order: Option<String>,
    /// The column that says which of several series a row is of. No window has steps of two.
    #[serde(
        default,
        deserialize_with = "column_name::optional",
        skip_serializing_if = "Option::is_none"
    )]
    #[setting(kind = column_name::name_kind)]
    pub series: Option<String>,
    /// Whether the logarithm of the targets is taken, all of which must be above 0.
    #[serde(default)]
    pub log: bool,
    /// Lags of differences that are inputs, too: 1 for that from the step before, 12 for that from
    /// the same month of the year before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<usize>,
    /// What a target is counted from.
    #[serde(default)]
    pub relative: Relative,
    /// How many steps a season has. With it, the seasonal naive forecast is a reference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[setting(from = 1)]
    pub period: Option<usize>,
    /// How many of the last seasons a target is counted from the mean of, with `relative = "season"`: several
    /// where values vary by chance around a pattern that stays. The level is that of the last season.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    #[setting(from = 1)]
    pub seasons: usize,
    /// Whether the target's values are scaled by mean and standard deviation of each window.
    #[serde(default)]
    pub scale: bool,
}

const fn one() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_one(number: &usize) -> bool {
    *number == 1
}

const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl Windows {
    /// Windows of `length` steps, from which the next value is forecast.
    pub fn new(of: impl Into<Plugin<dyn Source>>, length: usize) -> Self {
        Self {
            of: of.into(),
            length,
            horizon: 1,
            gap: 0,
            stride: 1,
            order: None,
            series: None,
            log: false,
            difference: Vec::new(),
            relative: Relative::None,
            period: None,
            seasons: 1,
            scale: false,
        }
    }

    /// The series in own units: the values of every target in each of them, step by step.
    ///
    /// # Errors
    /// As [`Source::open`], but for series that are too short for a window, which are given, too.
    pub fn values(&self) -> Result<Vec<Vec<f64>>, DataError> {
        let own = Self { log: false, ..self.clone() };
        let (inner, all) = own.opened(None)?;
        let steps = |z: &[f64], rows: &[usize]| rows.iter().map(|&row| z[row]).collect();
        let of_series = all.series.iter().flat_map(|series| {
            inner.targets.iter().map(|z| steps(z, &series.rows)).collect::<Vec<_>>()
        });
        Ok(of_series.collect())
    }

    /// Whether lags are such, and there is a period where one is needed.
    fn periodic(&self) -> Result<(), SettingError> {
        if self.difference.contains(&0) {
            return Err(SettingError::new("difference", "lags of 1 step or more", "0"));
        }
        if self.relative == Relative::Season && self.period.is_none() {
            let expected = "the number of steps of a season, for `relative = \"season\"`";
            return Err(SettingError::new("period", expected, "none"));
        }
        if self.seasons > 1 && self.relative != Relative::Season {
            let expected = "1 without `relative = \"season\"`";
            return Err(SettingError::new("seasons", expected, self.seasons.to_string()));
        }
        Ok(())
    }

    /// The table that windows are over, all of it or what a schema wants, and its series.
    fn opened(&self, schema: Option<&Schema>) -> Result<(Inner, All), DataError> {
        self.check().map_err(|error| DataError::new("windows", error))?;
        let inner = Inner::open(self, schema)?;
        let (name, order) = (self.series.as_deref(), self.order.as_deref());
        let all = All::of(&inner.table, name, order);
        let all = all.map_err(|error| self.located(schema, &inner, error))?;
        Ok((inner, all))
    }

    /// Everything, or what a schema wants.
    fn read(&self, schema: Option<&Schema>) -> Result<Table, DataError> {
        let with_targets = schema.is_none_or(|schema| !schema.targets.is_empty());
        let (inner, all) = self.opened(schema)?;
        let table = fill::table(self, &inner, &all, with_targets);
        table.map_err(|error| self.located(schema, &inner, error))
    }

    /// An error with the line of its row.
    fn located(&self, schema: Option<&Schema>, inner: &Inner, error: DataError) -> DataError {
        let own = schema.and_then(|schema| self.schema_of(schema).ok());
        located(&self.of, own.as_ref(), &inner.table, error)
    }
}

#[typetag::serde(name = "windows")]
impl Source for Windows {
    fn at(
        &self,
        path: &Path,
        target: Option<&str>,
    ) -> Result<Option<Plugin<dyn Source>>, DataError> {
        let of = self.of.at(path, target)?;
        Ok(of.map(|of| Self { of, ..self.clone() }.into()))
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

//! `Windows::go_on`: series that go on beyond their data, by forecasts that are taken for what came.

use crate::windows::{Windows, fill};
use tanren_plugin::{DataError, Schema, Table};

/// How a series went on.
#[derive(Debug, Clone, PartialEq)]
pub struct Onwards {
    /// What it is called; none where there is but one.
    pub series: Option<String>,
    /// The name of each target, and its values step by step from the first after the data on.
    pub values: Vec<(String, Vec<f64>)>,
}

impl Windows {
    /// Goes on with every series for so many steps, by a model of windows with this schema. `forecast` is given a row
    /// for each series, the window that ends where the series does, and returns its values in own units: for each row
    /// those of each target, one after the other. They are the last steps of the windows that it is given next.
    ///
    /// # Errors
    /// As [`Source::open_for`](tanren_plugin::Source::open_for); when there is a gap before the forecast, or an input
    /// beside the series themselves, whose next values nobody knows; when a value is not finite.
    pub fn go_on(
        &self,
        schema: &Schema,
        steps: usize,
        forecast: &mut dyn FnMut(&Table) -> Result<Vec<f64>, DataError>,
    ) -> Result<Vec<Onwards>, DataError> {
        if self.gap > 0 {
            let message = format!(
                "expected a forecast that begins with the next step, to go on from, found a gap of {}",
                self.gap
            );
            return Err(DataError::new("windows", message));
        }
        let (mut inner, mut all) = self.opened(Some(schema))?;
        let error = |message: String| Err(DataError::new(&inner.table.name, message));
        if let Some(input) = inner.table.inputs.first() {
            let names: Vec<String> =
                (0..input.width()).map(|at| input.spec.feature_name(at)).collect();
            return error(format!(
                "expected series that are foretold by their own past, to go on from, found the inputs {} beside \
                 them, whose next values nobody knows",
                names.join(", ")
            ));
        }
        // Steps that are no rows of the data have nothing beside them.
        let table = std::mem::take(&mut inner.table);
        inner.table = Table {
            name: table.name,
            rows: table.rows,
            targets: table.targets,
            ..Table::default()
        };
        fill::table(self, &inner, &all, false)?; // says so where no series is long enough
        // Windows come in the order of the rows that they end in.
        all.series.retain(|series| series.rows.len() >= self.past());
        all.series.sort_by_key(|series| series.rows.last().copied());
        let targets = inner.targets.len();
        let names =
            inner.table.targets.iter().map(|target| (fill::feature(target).name, Vec::new()));
        let none: Vec<_> = names.collect();
        let none = |series| Onwards { series, values: none.clone() };
        let mut onwards: Vec<Onwards> = all.series.iter().map(|s| none(s.name.clone())).collect();
        let mut known = 0;
        while known < steps {
            let values = forecast(&fill::table(self, &inner, &all, false)?)?;
            let wanted = onwards.len() * targets * self.horizon;
            if values.len() != wanted {
                let message =
                    format!("expected {wanted} values of a forecast, found {}", values.len());
                return Err(DataError::new(&inner.table.name, message));
            }
            for ahead in 0..self.horizon.min(steps - known) {
                let series = all.series.iter_mut().zip(&mut onwards);
                for (number, (series, onwards)) in series.enumerate() {
                    series.rows.push(inner.table.rows);
                    inner.table.rows += 1;
                    all.times.push(f64::NAN); // a step, at a time that nothing tells
                    for (target, z) in inner.targets.iter_mut().enumerate() {
                        let value = values[(number * targets + target) * self.horizon + ahead];
                        let next = if self.log { value.ln() } else { value };
                        if !next.is_finite() {
                            let step = known + ahead + 1;
                            let message = format!(
                                "the forecast of step {step} is {value}: nothing goes on from it"
                            );
                            return Err(DataError::new(&inner.table.name, message));
                        }
                        z.push(next);
                        onwards.values[target].1.push(value);
                    }
                }
            }
            known += self.horizon.min(steps - known);
        }
        Ok(onwards)
    }
}

//! `Rows`: the raw rows that are to be predicted.

use crate::predictor::plan::{Given, Plan};
use crate::prepared::columns::agree;
use tanren_plugin::{DataError, FieldSpec, Frame, Table};

/// Raw rows: some of a table, or numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rows<'a> {
    /// Rows of a table.
    Table(&'a Table, &'a [usize]),
    /// So many numbers for each row, from this row on.
    Numbers { numbers: &'a [f64], width: usize, first: usize },
}

impl<'a> Rows<'a> {
    /// Rows of a table that fits the model.
    ///
    /// # Errors
    /// When it does not, or a row is beyond it.
    pub(crate) fn of_table(
        plan: &Plan,
        table: &'a Table,
        rows: &'a [usize],
    ) -> Result<Self, DataError> {
        let error = |message: String| DataError::new(&table.name, message);
        if let Some(&row) = rows.iter().find(|&&row| row >= table.rows) {
            return Err(error(format!("expected a row below {}, found {row}", table.rows)));
        }
        table.check()?;
        if table.inputs.len() != plan.inputs.len() {
            let (expected, found) = (plan.inputs.len(), table.inputs.len());
            return Err(error(format!("expected {expected} inputs, found {found}")));
        }
        for (field, steps) in table.inputs.iter().zip(&plan.inputs) {
            agree(&table.name, &field.spec, steps.input())?;
        }
        Ok(Self::Table(table, rows))
    }

    /// Rows of numbers, one row after the other.
    ///
    /// # Errors
    /// When they are no whole number of rows, or the model takes sequences.
    pub(crate) fn of_numbers(plan: &Plan, numbers: &'a [f64]) -> Result<Self, DataError> {
        let error = |message: String| DataError::new("rows to predict", message);
        if let Some(input) = plan.inputs.iter().find(|steps| steps.input().shape.sequence) {
            let message = "the model takes sequences here: predict the rows of a table";
            return Err(error(message.into()).column(&input.input().name));
        }
        let width = plan.width;
        if width == 0 || !numbers.len().is_multiple_of(width) {
            let found = numbers.len();
            return Err(error(format!("expected {width} numbers for each row, found {found}")));
        }
        Ok(Self::Numbers { numbers, width, first: 0 })
    }

    /// How many.
    pub(crate) const fn len(&self) -> usize {
        match self {
            Self::Table(_, rows) => rows.len(),
            Self::Numbers { numbers, width, .. } => numbers.len() / *width,
        }
    }

    /// The first `n`, and the others.
    pub(crate) fn split_at(self, n: usize) -> (Self, Self) {
        match self {
            Self::Table(table, rows) => {
                let (rows, others) = rows.split_at(n);
                (Self::Table(table, rows), Self::Table(table, others))
            }
            Self::Numbers { numbers, width, first } => {
                let (numbers, others) = numbers.split_at(n * width);
                let others = Self::Numbers { numbers: others, width, first: first + n };
                (Self::Numbers { numbers, width, first }, others)
            }
        }
    }

    /// The steps of row `n`: 1 without sequences.
    pub(crate) fn steps(&self, n: usize) -> usize {
        let Self::Table(table, rows) = self else { return 1 };
        let sequence = table.inputs.iter().find(|field| field.offsets.is_some());
        sequence.map_or(1, |field| field.columns(rows[n]).len())
    }

    /// Numbers that are predicted for all of them.
    pub(crate) fn predicted(&self, plan: &Plan) -> usize {
        match plan.sequences {
            true => (0..self.len()).map(|n| plan.len(self.steps(n))).sum(),
            false => self.len() * plan.len(1),
        }
    }

    /// Takes what is predicted at a step of row `n` from what it is relative to there to its own units.
    pub(crate) fn to_own_units(self, n: usize, output: &Given, numbers: &mut [f64]) {
        let Self::Table(table, rows) = self else { return };
        let frame = output.target.and_then(|target| table.frames.get(target));
        // Probabilities, and predictions of another width, are relative to nothing.
        let width = output.field.as_ref().map(FieldSpec::width);
        let fits = |frame: &Frame| {
            width == Some(output.features) && frame.shift.len() == table.rows * output.features
        };
        if let Some(frame) = frame.and_then(Option::as_ref).filter(|frame| fits(frame)) {
            frame.to_own_units((rows[n], table.rows), numbers);
        }
    }

    /// An error in row `n`.
    pub(crate) fn error(&self, n: usize, message: String) -> DataError {
        match self {
            Self::Table(table, rows) => {
                DataError::new(&table.name, message).row(table.number(rows[n]))
            }
            Self::Numbers { first, .. } => {
                DataError::new("rows to predict", message).row(first + n)
            }
        }
    }
}

//! `given`: the parts the source says, and some training rows for validation.

use crate::Strata;
use crate::splits::strata::{fraction_of, refuse_empty, refuse_windows};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, DataError, Fold, Part, Split, Table, typetag};
use tanren_tensor::Stream;

/// The split that comes with the data, such as files for training and for testing.
///
/// Where the source has no rows for validation, a share of its training rows becomes them, by
/// class as in [`RandomSplit`](crate::RandomSplit); where it has, `validation` is not used.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct GivenSplit {
    /// Share of the training rows for validation, in [0, 1), if the source has none for it.
    #[setting(from = 0, below = 1)]
    pub validation: f64,
}

impl Default for GivenSplit {
    fn default() -> Self {
        Self { validation: 0.1 }
    }
}

#[typetag::serde(name = "given")]
impl Split for GivenSplit {
    fn split(&self, table: &Table, stream: Stream) -> Result<Vec<Part>, DataError> {
        let given = table.parts.as_deref().unwrap_or_default();
        if table.parts.is_none() || given.len() != table.rows {
            let (rows, found) = (table.rows, given.len());
            let message = format!("expected a part for each of {rows} rows, found {found} parts");
            return Err(DataError::new(&table.name, message));
        }
        let mut parts = given.to_vec();
        let train = (0..table.rows).filter(|&row| given[row] == Part::Train);
        let mut rows = Strata::new(table, train, stream)?;
        if !given.contains(&Part::Validation) {
            if self.validation > 0.0 {
                refuse_windows(table)?;
            }
            let taken = rows.take(fraction_of(rows.len(), self.validation));
            taken.iter().for_each(|&row| parts[row] = Part::Validation);
        }
        refuse_empty(rows.len(), table)?;
        Ok(parts)
    }

    fn folds(&self, table: &Table, _: usize, _: Stream) -> Result<Vec<Fold>, DataError> {
        let message = "cross-validation divides all rows anew, and these data come with a part for each: \
                       leave the test data out and choose another split, such as random";
        Err(DataError::new(&table.name, message))
    }
}

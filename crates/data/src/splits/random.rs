//! `random`: some rows for testing, some of the rest for validation, the others to train on.

use crate::Strata;
use crate::splits::folds::{refuse_few, share, turn};
use crate::splits::strata::{fraction_of, refuse_empty, refuse_windows};
use serde::{Deserialize, Serialize};
use tanren_plugin::{Checked, DataError, Fold, Part, Split, Table, typetag};
use tanren_tensor::Stream;

/// A random split, by class where the first target is an index: each class falls into the parts
/// by its share, to within one row ([`counts`](crate::counts)).
///
/// Of N rows, `test · N` are for testing and `validation` times the rest for validation, both
/// rounded. The rows for testing do not depend on `validation`. Parts that the source gave are
/// ignored.
#[derive(Debug, Clone, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, default)]
pub struct RandomSplit {
    /// Share of the rows for testing, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub test: f64,
    /// Share of the other rows for validation, in [0, 1).
    #[setting(from = 0, below = 1)]
    pub validation: f64,
}

impl Default for RandomSplit {
    fn default() -> Self {
        Self { test: 0.2, validation: 0.1 }
    }
}

#[typetag::serde(name = "random")]
impl Split for RandomSplit {
    fn split(&self, table: &Table, stream: Stream) -> Result<Vec<Part>, DataError> {
        if self.test > 0.0 || self.validation > 0.0 {
            refuse_windows(table)?;
        }
        let mut parts = vec![Part::Train; table.rows];
        let mut rows = Strata::new(table, 0..table.rows, stream)?;
        for (part, fraction) in [(Part::Test, self.test), (Part::Validation, self.validation)] {
            let count = fraction_of(rows.len(), fraction);
            rows.take(count).iter().for_each(|&row| parts[row] = part);
        }
        refuse_empty(rows.len(), table)?;
        Ok(parts)
    }

    /// As K. Kohavi, *A study of cross-validation and bootstrap* (1995) has it: each row tests once, each
    /// class by its share in each fold. `test` is not used.
    fn folds(&self, table: &Table, folds: usize, stream: Stream) -> Result<Vec<Fold>, DataError> {
        refuse_windows(table)?;
        refuse_few(table, folds, table.rows, "rows")?;
        let mut left = Strata::new(table, 0..table.rows, stream)?;
        let mut turns = Vec::with_capacity(folds);
        for k in 0..folds {
            let test = left.take(share(left.len(), folds - k));
            let mut fold = turn(table.rows, &test, &[]);
            let train = (0..table.rows).filter(|&row| fold[row] == Some(Part::Train));
            let mut train = Strata::new(table, train, stream.named(&format!("fold {k}")))?;
            let validation = train.take(fraction_of(train.len(), self.validation));
            refuse_empty(train.len(), table)?;
            validation.iter().for_each(|&row| fold[row] = Some(Part::Validation));
            turns.push(fold);
        }
        Ok(turns)
    }
}

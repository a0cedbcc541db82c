//! What the folds of all splits have in common.

use tanren_plugin::{DataError, Fold, Part, Table};

/// The turn in which these rows test, these validate, and all others of the table train.
pub(crate) fn turn(rows: usize, test: &[usize], validation: &[usize]) -> Fold {
    let mut fold = vec![Some(Part::Train); rows];
    test.iter().for_each(|&row| fold[row] = Some(Part::Test));
    validation.iter().for_each(|&row| fold[row] = Some(Part::Validation));
    fold
}

/// How many of the rows or groups that are left belong to the next of the folds that are left.
pub(crate) const fn share(left: usize, folds: usize) -> usize {
    left / if folds == 0 { 1 } else { folds }
}

/// Refuses fewer than two folds, and more than there are rows or groups.
///
/// # Errors
/// With the number of `things` there would have to be.
pub(crate) fn refuse_few(
    table: &Table,
    folds: usize,
    found: usize,
    things: &str,
) -> Result<(), DataError> {
    if folds < 2 {
        let message = format!("expected at least 2 folds, found {folds}");
        return Err(DataError::new(&table.name, message));
    }
    if found < folds {
        let message = format!("{folds} folds need at least {folds} {things}, found {found}");
        return Err(DataError::new(&table.name, message));
    }
    Ok(())
}

//! What a column is, or what to do about the first cell that is neither.

use super::columns::Wished;
use super::layout::Layout;
use super::tally::{Kind, Tally, Wish};
use tanren_plugin::DataError;

/// What to do about text among numbers.
const EITHER: &str = "if it stands for a missing value, add it to `missing`; if the column is a \
                      category, add its name to `categories`";

/// What to do about text where only numbers can be.
const MISSING: &str = "if it stands for a missing value, add it to `missing`";

/// What a column is.
///
/// # Errors
/// The first text in a column of numbers, and what to do about it.
pub(super) fn kind(
    layout: &Layout,
    (column, wish): Wished,
    tally: &Tally,
) -> Result<Kind, DataError> {
    tally.kind(wish).map_err(|odd| {
        let advice = if wish == Wish::Number { MISSING } else { EITHER };
        odd.error(layout.path.display(), advice).column(layout.name(column))
    })
}

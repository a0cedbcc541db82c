//! Sources, splits and normalisers.
//!
//! | family | plugins |
//! |---|---|
//! | [`Source`](tanren_plugin::Source) | [`Csv`], [`Digits`], [`Iris`] |
//! | [`Split`](tanren_plugin::Split) | [`RandomSplit`], [`GivenSplit`] |
//! | [`Normalizer`](tanren_plugin::Normalizer) | [`Impute`], [`Standardize`], [`MinMax`], [`OneHot`] |
//!
//! Data are opened, divided, and normalised by what the training rows alone say:
//!
//! ```
//! use tanren_data::{RandomSplit, Standardize, embedded};
//! use tanren_plugin::{DataError, Normalizer, Part, Seed, Split};
//!
//! # fn main() -> Result<(), DataError> {
//! let Some(source) = embedded("iris") else { return Ok(()) };
//! let table = source.open()?;
//! let parts = RandomSplit::default().split(&table, Seed(42).stream("split"))?;
//! let train: Vec<usize> = (0..table.rows).filter(|&row| parts[row] == Part::Train).collect();
//! assert_eq!(train.len(), 108); // 30 of 150 rows are for testing, 12 of 120 for validation
//!
//! let fitted = Standardize {}.fit(&table.inputs[0], &train)?;
//! let (mut column, mut normalised) = (Vec::new(), Vec::new());
//! table.inputs[0].read(0, &mut column);
//! fitted.apply(&column, &mut normalised);
//! assert_eq!(normalised.len(), 4);
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod csv;
mod digits;
mod embedded;
mod given_split;
mod impute;
mod input;
mod iris;
mod min_max;
mod nearest;
mod one_hot;
mod profile;
mod random_split;
mod standardize;
mod strata;
mod task;

pub use csv::Csv;
pub use digits::Digits;
pub use embedded::{EMBEDDED, embedded};
pub use given_split::GivenSplit;
pub use impute::{Impute, Imputed};
pub use iris::Iris;
pub use min_max::{MinMax, MinMaxed};
pub use nearest::nearest;
pub use one_hot::{OneHot, OneHotEncoded};
pub use profile::profile;
pub use random_split::RandomSplit;
pub use standardize::{Standardize, Standardized};
pub use strata::{Strata, counts};
pub use task::Task;

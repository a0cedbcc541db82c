//! Sources, splits and normalisers.
//!
//! | family | plugins |
//! |---|---|
//! | [`Source`](tanren_plugin::Source) | [`Csv`], [`Idx`], [`Npy`], [`SvmLight`], [`TrainTest`], [`Digits`], [`Iris`] |
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
//! fitted.apply(&table.inputs[0].spec, &column, &mut normalised);
//! assert_eq!(normalised.len(), 4);
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod array;
mod array_file;
mod assemble;
mod column_name;
mod columns;
mod csv;
mod digits;
mod element;
mod embedded;
mod file;
mod fitted;
mod given_split;
mod idx;
mod idx_file;
mod impute;
mod input;
mod iris;
mod kind;
mod min_max;
mod npy;
mod npy_file;
mod npy_header;
mod one_hot;
mod output;
mod profile;
mod random_split;
mod rows;
mod standardize;
mod strata;
mod svmlight;
mod svmlight_lines;
mod target;
mod task;
mod train_test;

pub use columns::{ColumnKind, ColumnProfile, MAX_DISTINCT, column_profiles};
pub use csv::Csv;
pub use digits::Digits;
pub use embedded::{EMBEDDED, embedded};
pub use file::{FileOptions, file};
pub use given_split::GivenSplit;
pub use idx::Idx;
pub use idx_file::IdxArray;
pub use impute::{Impute, Imputed};
pub use input::MAX_BYTES;
pub use iris::Iris;
pub use min_max::{MinMax, MinMaxed};
pub use npy::Npy;
pub use npy_file::NpyArray;
pub use one_hot::{OneHot, OneHotEncoded};
pub use profile::profile;
pub use random_split::RandomSplit;
pub use standardize::{Standardize, Standardized};
pub use strata::{Strata, counts};
pub use svmlight::SvmLight;
pub use task::Task;
pub use train_test::TrainTest;

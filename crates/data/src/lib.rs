//! Sources, splits and normalisers.
//!
//! | family | plugins |
//! |---|---|
//! | [`Source`](tanren_plugin::Source) | [`Csv`], [`Idx`], [`Npy`], [`SvmLight`], [`Text`], [`Windows`], [`Sequences`], [`Steps`], [`TrainTest`], [`Digits`], [`Iris`] |
//! | [`Split`](tanren_plugin::Split) | [`RandomSplit`], [`GivenSplit`], [`TimeSplit`], [`GroupSplit`] |
//! | [`Normalizer`](tanren_plugin::Normalizer) | [`Impute`], [`Standardize`], [`MinMax`], [`Robust`], [`MaxAbs`], [`Image`], [`Log1p`], [`YeoJohnson`], [`QuantileTransform`], [`Pca`], [`OneHot`], [`Ordinal`] |
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

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

mod arrays;
mod audit;
mod column_setting;
mod csv;
mod embedded;
mod file;
mod normalizers;
mod profile;
mod sequences;
mod series;
mod splits;
mod steps;
mod svmlight;
mod target;
mod text;
mod train_test;
mod windows;

pub use arrays::idx::Idx;
pub use arrays::idx_file::IdxArray;
pub use arrays::npy::Npy;
pub use arrays::npy_file::NpyArray;
pub use csv::{Csv, Encoding};
pub use embedded::digits::Digits;
pub use embedded::iris::Iris;
pub use embedded::{EMBEDDED, embedded};
pub use file::input::MAX_BYTES;
pub use file::{FileOptions, file};
pub use normalizers::image::{Image, ImageScaled};
pub use normalizers::impute::{Impute, Imputed};
pub use normalizers::log1p::{Log1p, Log1pTransformed};
pub use normalizers::max_abs::{MaxAbs, MaxAbsScaled};
pub use normalizers::min_max::{MinMax, MinMaxed};
pub use normalizers::one_hot::{OneHot, OneHotEncoded};
pub use normalizers::ordinal::{Ordinal, OrdinalEncoded};
pub use normalizers::pca::{Pca, PcaProjected};
pub use normalizers::quantile::{Distribution, QuantileMapped, QuantileTransform};
pub use normalizers::robust::{Robust, RobustScaled};
pub use normalizers::standardize::{Standardize, Standardized};
pub use normalizers::yeo_johnson::{YeoJohnson, YeoJohnsonTransformed};
pub use profile::columns::{ColumnKind, ColumnProfile, MAX_DISTINCT, column_profiles};
pub use profile::profile;
pub use sequences::{Label, Sequences};
pub use splits::given::GivenSplit;
pub use splits::group::GroupSplit;
pub use splits::random::RandomSplit;
pub use splits::strata::{Strata, counts};
pub use splits::time::TimeSplit;
pub use steps::Steps;
pub use svmlight::SvmLight;
pub use target::task::Task;
pub use text::prose::looks_like_text;
pub use text::{Text, Unit};
pub use train_test::TrainTest;
pub use windows::onwards::Onwards;
pub use windows::season::{season_length, seasons_to_average};
pub use windows::{Relative, Windows};

//! Chapter 2, data: from a file to the numbers a network sees.
//!
//! A [`Source`] reads a file, a folder or whatever else holds rows, and gives a [`Table`]: inputs and
//! targets, each a [`Field`] with a value for every row. A [`FieldSpec`] describes a field: its shape and
//! its [`Feature`]s. A feature with levels is a category, and its numbers are places in the list of
//! levels, [`UNKNOWN`] for a level that is not in it. A missing value is NaN. The [`Origin`] of a feature
//! says how it is written where it comes from, if that is not plain: `1.234,5 €`, `31.12.2024`. The descriptions of all
//! fields of a table are its [`Schema`]; a trained model keeps its schema and opens new data by it.
//!
//! The rows of a field may be sequences, each of as many steps as it has. A target may be relative to what its row
//! knows before it, by the [`Frame`] of its table, and a [`Reference`] is what a simple rule predicts.
//!
//! A [`Split`] assigns rows to a [`Part`]: training, validation or test; in cross-validation, to those of a
//! [`Fold`]. Rows may be windows over one series: the [`Span`] of each tells which of them a split must keep apart.
//!
//! A [`Normalizer`] looks at the training rows and gives a [`Fitted`] transformation (preprocessing),
//! which is stored with the model and can be undone where predictions leave the network. It is for all
//! features of a field, or for those that its [`FeatureNames`] choose.
//!
//! Whatever is wrong with data is a [`DataError`], which says where: file, line, row, column.

mod error;
mod feature_names;
mod field;
mod field_spec;
mod fingerprint;
mod frame;
mod normalizer;
mod notation;
mod reference;
mod source;
mod span;
mod table;
mod texts;

pub use error::DataError;
pub use feature_names::FeatureNames;
pub use field::{Field, Values};
pub use field_spec::{Feature, FieldSpec, MISSING, Origin, Schema, UNKNOWN};
pub use fingerprint::Fingerprint;
pub use frame::Frame;
pub use normalizer::{Fitted, Normalizer};
pub use notation::{Cycle, Figures, Marks, Moment, Notation, Skeleton, TimeOrder};
pub use reference::Reference;
pub use source::{Fold, Part, Source, Split};
pub use span::Span;
pub use table::Table;
pub use texts::Texts;

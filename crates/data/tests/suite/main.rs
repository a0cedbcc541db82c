//! Everything that reads, writes, splits and normalises data, from outside the crate.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod csv; // every rule of the reader, bad files, any files
mod embedded; // the sets that come with the crate, against scikit-learn
mod file; // which source a path is
mod files; // files of a test
mod fitted; // normalisers of a model file are checked
mod folds; // cross-validation
mod idx;
mod mixed; // numbers and categories in one row
mod normalizer;
mod normalizer_refusals; // what they refuse
mod npy;
mod other_formats; // a model of one format reads another
mod output; // whole files or none
mod packed; // gzip: members, padding, damage
#[cfg(feature = "parquet")]
mod parquet; // every kind of column, pages, damage
mod places; // what is suspicious in columns without names
mod scikit_learn; // the same numbers as scikit-learn
mod season;
mod sequences;
mod series; // rows that belong together
mod split;
mod split_by_column; // in the order of time, in groups
mod steps; // columns as the steps of a sequence
mod svmlight;
mod text; // running text, and what is told from it
mod train_test; // two sources as one
mod windows; // over time series

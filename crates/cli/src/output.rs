//! What a person or a script sees: messages, progress, tables and JSON.

pub(crate) mod advice;
pub(crate) mod circumstances;
pub(crate) mod console;
pub(crate) mod epoch_line;
pub(crate) mod evaluation;
pub(crate) mod figures;
pub(crate) mod folds;
mod letters;
pub(crate) mod plot;
pub(crate) mod predictions;
pub(crate) mod progress;
pub(crate) mod report;
pub(crate) mod summary;
pub(crate) mod sweep;
mod waiting;

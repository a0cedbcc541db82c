//! What the program can do: one file per verb of the command line.

pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod eval;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod plugins;
pub(crate) mod predict;
pub(crate) mod render;
pub(crate) mod resume;
pub(crate) mod sample;
pub(crate) mod sweep;
pub(crate) mod train;

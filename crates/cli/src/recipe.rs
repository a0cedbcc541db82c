//! Recipes as text: TOML, JSON and YAML, every mistake with its place, every default written out.
//!
//! All three formats are read into one tree ([`node::Node`]) that knows where each value was said.
//! The recipe is decoded from the tree, so a mistake is named by path and place whatever the
//! format, and `--set` is a change of the tree.

mod decode;
mod draft;
mod format;
mod json;
mod layout;
mod mistake;
mod node;
mod path;
mod set;
mod text;
mod toml;
mod trail;
mod typed;
mod unsaid;
mod words;
mod yaml;

pub(crate) use draft::Draft;
pub(crate) use format::Format;
pub(crate) use path::{SOURCE, column_setting, overlap};
pub(crate) use set::set_source;
pub(crate) use text::{comment, leading_comment, write};

#[cfg(test)]
mod tests;

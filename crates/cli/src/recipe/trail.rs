//! `Trail`: the way from the root of a recipe to a node, as messages write it.

use std::fmt;

/// The way from the root to a node.
#[derive(Clone, Copy)]
pub(super) enum Trail<'t> {
    Root(&'t str),
    Key(&'t Self, &'t str),
    Item(&'t Self, usize),
}

impl fmt::Display for Trail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(path) => f.write_str(path),
            Self::Key(Self::Root(""), key) => f.write_str(key),
            Self::Key(parent, key) => write!(f, "{parent}.{key}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

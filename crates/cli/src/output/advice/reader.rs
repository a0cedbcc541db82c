//! `Reader`: which part of a source reads a file, and what it is called.

use crate::recipe::SOURCE;
use serde_json::Value;
use std::fmt;
use std::path::Path;

/// The source that reads a file: at a path in a recipe or, where others are made from it, below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reader {
    path: &'static str,
    /// How many sources are between: windows or sequences.
    below: usize,
}

impl Reader {
    /// A source that is made from no other.
    pub(crate) const SOURCE: Self = Self { path: SOURCE, below: 0 };

    /// The source of a recipe, in JSON, at this path.
    pub(super) fn of(path: &'static str, source: &Value) -> Self {
        let below = std::iter::successors(Some(source), |source| Some(&source["of"]));
        Self { path, below: below.skip(1).take_while(|of| of.is_object()).count() }
    }

    /// The source that is made from this one, if one is.
    pub(super) const fn above(self) -> Self {
        Self { below: self.below.saturating_sub(1), ..self }
    }
}

impl fmt::Display for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.path, ".of".repeat(self.below))
    }
}

/// The file that a source, in JSON, or the one it is made from, reads.
pub(crate) fn file_of(source: &Value) -> Option<&str> {
    match &source["of"] {
        of @ Value::Object(_) => file_of(of),
        _ => source["path"].as_str(),
    }
}

/// Whether data at a path are called so: by the name of the file or folder without what it ends in.
pub(crate) fn is_called(path: &str, name: &str) -> bool {
    let file = Path::new(path).file_name().and_then(|file| file.to_str()).unwrap_or_default();
    let rest = file.strip_prefix(name).filter(|_| !name.is_empty());
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

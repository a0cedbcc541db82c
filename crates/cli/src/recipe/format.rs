//! `Format`: the file formats of recipes.

use super::mistake::Mistake;
use super::node::Node;
use super::{json, toml, yaml};
use clap::ValueEnum;
use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// A file format of recipes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Toml,
    Json,
    Yaml,
}

impl Format {
    /// The endings of recipes, in words.
    pub(crate) const ENDINGS: &'static str = ".toml, .json, .yaml or .yml";

    /// The format that the ending of a file's name says.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_lowercase().as_str() {
            "toml" => Some(Self::Toml),
            "json" => Some(Self::Json),
            "yaml" | "yml" => Some(Self::Yaml),
            _ => None,
        }
    }

    /// The format of the recipe at a path; `None` where its name is that of none, or it is a list of objects
    /// in JSON, as programs write rows.
    pub(crate) fn of_recipe(path: &Path) -> Option<Self> {
        let has_rows = || {
            let mut start = Vec::new();
            let read = File::open(path).and_then(|file| file.take(64).read_to_end(&mut start));
            let list = start.trim_ascii_start().strip_prefix(b"[");
            read.is_ok() && list.is_some_and(|list| list.trim_ascii_start().starts_with(b"{"))
        };
        Self::of(path).filter(|format| *format != Self::Json || !has_rows())
    }

    /// Whether it has comments.
    pub(crate) const fn has_comments(self) -> bool {
        !matches!(self, Self::Json)
    }

    pub(super) fn parse(self, text: &str) -> Result<Node, Mistake> {
        match self {
            Self::Toml => toml::parse(text),
            Self::Json => json::parse(text),
            Self::Yaml => yaml::parse(text),
        }
    }

    pub(super) fn write(self, node: &Node) -> String {
        match self {
            Self::Toml => toml::write(node),
            Self::Json => json::write(node),
            Self::Yaml => yaml::write(node),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Toml => "TOML",
            Self::Json => "JSON",
            Self::Yaml => "YAML",
        })
    }
}

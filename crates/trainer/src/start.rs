//! `StartSpec`: a file from whose tensors a network starts, in place of random values.

pub(crate) mod inputs;
mod names;
pub(crate) mod reading;
mod said;
pub(crate) mod taken;

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tanren_network::Matrices;
use tanren_plugin::{Checked, Select, SettingError};

/// A file from whose tensors some blocks of the network start, in place of random values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Checked)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StartSpec {
    /// The folder of a run, a model file, or a safetensors file of any other origin. Its path is
    /// relative to the current folder, as those of data are.
    pub from: PathBuf,
    /// The blocks that start from it, each of which the file must have. Without it, every block for
    /// which the file has a tensor.
    #[serde(default, skip_serializing_if = "Select::is_open")]
    #[setting(kind = Select::written)]
    pub on: Select,
    /// The tensors in the file by the names of the blocks: `"dense-1.weight" = "fc1.weight"`. A `*` on
    /// both sides stands for the same characters: `"dense-*.weight" = "layers.*.weight"`. Blocks without
    /// an entry have their own name in the file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[setting(check = one_star)]
    pub names: BTreeMap<String, String>,
    /// How the file stores matrices. Without it, the shapes of the tensors tell; a square matrix is
    /// read as PyTorch stores it, a row for each output.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub matrices: Option<Matrices>,
    /// Whether inputs are normalized as for the model in the file, by what was fitted to its training
    /// rows; data.inputs is empty then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub normalizers: bool,
}

/// Whether every name has as many stars as the one it stands for, and at most one.
fn one_star(setting: &str, names: &BTreeMap<String, String>) -> Result<(), SettingError> {
    let stars = |name: &str| name.matches('*').count();
    let wrong = |(ours, theirs): &(&String, &String)| {
        stars(ours) > 1 || stars(ours) != stars(theirs) || ours.is_empty() || theirs.is_empty()
    };
    match names.iter().find(wrong) {
        None => Ok(()),
        Some((ours, theirs)) => {
            let expected = "two names, both without * or both with one";
            Err(SettingError::new(setting, expected, format!("{ours:?} = {theirs:?}")))
        }
    }
}

/// What an entry of the names says of a block.
struct Named<'a> {
    /// The entry: the block itself, or a pattern.
    ours: &'a str,
    /// The name in the file.
    theirs: String,
}

impl StartSpec {
    /// All blocks for which a file has a tensor.
    pub fn new(from: impl Into<PathBuf>) -> Self {
        let (on, names) = (Select::default(), BTreeMap::new());
        Self { from: from.into(), on, names, matrices: None, normalizers: false }
    }

    /// The same start of some blocks alone.
    #[must_use]
    pub fn on(self, blocks: impl Into<Select>) -> Self {
        Self { on: blocks.into(), ..self }
    }

    /// The same start with another name for a block, or for several with `*`, in the file.
    #[must_use]
    pub fn named(mut self, ours: &str, theirs: &str) -> Self {
        self.names.insert(ours.to_owned(), theirs.to_owned());
        self
    }

    /// The same start from a file that stores matrices so.
    #[must_use]
    pub fn matrices(self, matrices: Matrices) -> Self {
        Self { matrices: Some(matrices), ..self }
    }

    /// The same start with inputs that are normalised as in the model.
    #[must_use]
    pub fn with_normalizers(self) -> Self {
        Self { normalizers: true, ..self }
    }

    /// What a block is called in the file, if an entry of the names says so: its own, or else that with
    /// a `*` that says most.
    fn named_in_file(&self, block: &str) -> Option<Named<'_>> {
        if let Some((ours, theirs)) = self.names.get_key_value(block) {
            return Some(Named { ours, theirs: theirs.clone() });
        }
        let fitting = self.names.iter().filter_map(|(ours, theirs)| {
            Some(Named { ours, theirs: theirs.replacen('*', between(ours, block)?, 1) })
        });
        fitting.max_by_key(|named| named.ours.len())
    }
}

/// What the `*` of a pattern stands for in a name, where that fits.
fn between<'a>(pattern: &str, name: &'a str) -> Option<&'a str> {
    let (before, after) = pattern.split_once('*')?;
    name.strip_prefix(before)?.strip_suffix(after)
}

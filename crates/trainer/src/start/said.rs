//! What is said of a start: how many blocks come from where, and which start from random values.

use std::path::Path;
use tanren_plugin::Block;

/// Nodes and blocks that a note names.
const NAMED: usize = 5;

/// Which file each block starts from.
pub(super) struct Tally<'a> {
    blocks: &'a [Block],
    from: Vec<Option<usize>>,
}

impl<'a> Tally<'a> {
    /// All blocks start from random values.
    pub(super) fn new(blocks: &'a [Block]) -> Self {
        Self { blocks, from: vec![None; blocks.len()] }
    }

    /// A block starts from the `k`-th file, whatever was taken for it before.
    pub(super) fn take(&mut self, block: usize, k: usize) {
        self.from[block] = Some(k);
    }

    /// A sentence per file, and one about the rest.
    pub(super) fn notes(&self, files: impl Iterator<Item = &'a Path>) -> Vec<String> {
        let all = self.blocks.len();
        let mut notes: Vec<String> = Vec::new();
        for (k, file) in files.enumerate() {
            let taken = self.from.iter().filter(|from| **from == Some(k)).count();
            let start = if taken == 1 { "starts" } else { "start" };
            notes.push(format!("{taken} of {all} blocks {start} from {}", file.display()));
        }
        let random = self.random();
        let names: Vec<&str> = random.iter().map(String::as_str).collect();
        match (&names[..], notes.last_mut()) {
            ([], _) | (_, None) => {}
            (names, Some(last)) => {
                let start = if names.len() == 1 { "starts" } else { "start" };
                let names = list(names, NAMED);
                last.push_str(&format!("; {names} {start} from random values"));
            }
        }
        notes
    }

    /// The nodes none of whose blocks comes from a file, and the other blocks that do not.
    fn random(&self) -> Vec<String> {
        let taken = |node: &str| {
            let mut pairs = self.blocks.iter().zip(&self.from);
            pairs.any(|(block, from)| block.node == node && from.is_some())
        };
        let mut names: Vec<String> = Vec::new();
        for (block, _) in self.blocks.iter().zip(&self.from).filter(|(_, from)| from.is_none()) {
            let name = if taken(&block.node) { block.path() } else { block.node.clone() };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

/// The first of some names, and how many more there are.
pub(super) fn list(names: &[&str], shown: usize) -> String {
    let listed = names[..names.len().min(shown)].join(", ");
    match names.len().saturating_sub(shown) {
        _ if names.is_empty() => "none".to_owned(),
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}
